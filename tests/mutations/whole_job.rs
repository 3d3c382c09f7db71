//! The whole job on a text: read, applied, checked.

use fieldgate::dialect;
use fieldgate::lineage::Session;
use fieldgate::migrate::{Simulation, StatementId};
use fieldgate::name::Name;
use fieldgate::schema::{ObjectBody, Schema};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;

/// A model that statements are applied to.
pub struct Applied(Simulation);

impl Default for Applied {
    fn default() -> Self {
        let mut schema = Schema::new(dialect::named("postgres").unwrap());
        schema.insert(Name::stored("public"), None, ObjectBody::Schema);
        let session = Session::new(&schema);
        Self(Simulation::new(schema, session))
    }
}

impl Applied {
    /// Reads a text and applies what is in it.
    pub fn apply(&mut self, text: &str) {
        let mut sources = Sources::default();
        let source = sources.add("statement", text);
        for statement in &read_script(&sources, source, dialect::named("postgres").unwrap()).statements {
            self.0.apply(StatementId { migration: 0, statement: 0 }, statement, &sources);
        }
    }
}

/// Checks a change as the command does: the schema before out of one text, the change out of another.
#[allow(dead_code, reason = "each user of this file takes what it needs")]
pub fn check(before: &str, change: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (before_file, change_file) = (folder.path().join("before.sql"), folder.path().join("change.sql"));
    std::fs::write(&before_file, before).unwrap();
    std::fs::write(&change_file, change).unwrap();
    let words = ["fieldgate", "check", "--ddl"].map(std::ffi::OsString::from);
    let files = [before_file.into_os_string(), change_file.into_os_string()];
    let rest = ["--format", "json"].map(std::ffi::OsString::from);
    let environment = fieldgate::cli::Environment::of_process();
    let (mut stdin, mut stdout, mut stderr) = (std::io::empty(), Vec::new(), Vec::new());
    let mut streams = fieldgate::cli::Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr };
    let status = fieldgate::cli::run(words.into_iter().chain(files).chain(rest), &mut streams, &environment);
    let said = String::from_utf8_lossy(&stderr);
    assert!(!stdout.is_empty() || !said.is_empty(), "nothing is said: {status:?}\n{before}\n--\n{change}");
}
