//! The simulation and a real PostgreSQL take the same statements: each is accepted or refused by both, with the same SQLSTATE,
//! and after every sequence both have the same schema (`schema::difference` of the model and of a live snapshot).
//!
//! Sequences are written by hand: `tests/differential/*.sql`, one file a topic. What is known to differ stands
//! in its file with a reason; a statement fails when it no longer differs. `FIELDGATE_DIFFERENTIAL_ONLY=views` takes the files whose name has that
//! word, `FIELDGATE_DIFFERENTIAL_EACH=1` compares the schemas after each statement where they differ at the end, `FIELDGATE_DIFFERENTIAL_TRACE=1`
//! shows the statements as they run.
//!
//! Without a PostgreSQL on the machine these tests fail, and say how to install one; `FIELDGATE_TESTS_WITHOUT_POSTGRES=1` lets them pass unrun.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test fails by panicking")]

#[path = "differential/comparison.rs"]
mod comparison;
#[path = "differential/sequence.rs"]
mod sequence;
#[path = "postgres/server.rs"]
mod server;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use comparison::Bench;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential");
    let only = std::env::var("FIELDGATE_DIFFERENTIAL_ONLY").unwrap_or_default();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql") && file.to_string_lossy().contains(&only));
    files.sort();
    files
}

#[test]
fn written_sequences_are_taken_as_the_server_takes_them() {
    let Some(server) = server::server() else { return };
    let (mut report, mut statements, mut unjudged) = (String::new(), 0, 0);
    for file in files() {
        let name = file.file_stem().unwrap().to_string_lossy().replace('-', "_");
        let mut bench = Bench::new(server, &format!("differential_{name}"));
        for sequence in sequence::read(&file) {
            let result = bench.run(&sequence);
            statements += sequence.statements.len();
            unjudged += result.unjudged;
            if !result.differences.is_empty() {
                writeln!(report, "{name}: {}\n{}", sequence.name, result.differences.join("\n")).unwrap();
            }
        }
    }
    eprintln!("{statements} statements, {unjudged} not judged");
    assert!(report.is_empty(), "{report}");
}
