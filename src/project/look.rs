//! What a repository looks like before anybody has set it up: where migrations are and whose, a dump of the schema, a dbt project, the CI.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::folder::{files_under, readable};
use super::layout::{FALLBACK, Layout, recognise};
use super::roots::has_sql_ending;
use crate::diagnostic::Problem;

/// Where pull requests are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// GitHub Actions.
    Github,
    /// GitLab.
    Gitlab,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// Folders with migrations, sorted, each with the conventions it follows.
    pub migrations: Vec<(PathBuf, &'static Layout)>,
    /// A dump of the schema.
    pub schema_dump: Option<PathBuf>,
    /// The settings of a dbt project.
    pub dbt: Option<PathBuf>,
    /// The CI.
    pub service: Option<Service>,
}

/// Names of folders that hold migrations whatever is in them.
const NAMES: &[&str] = &["migrations", "migration", "migrate"];

/// Names of files that tools write the whole schema into.
const DUMPS: &[&str] = &["structure.sql", "schema.sql"];

/// Bytes of a file that are looked at to recognise a tool.
const LOOKED_AT: usize = 64 * 1024;

/// Looks at a folder and everything in it.
///
/// # Errors
/// When it cannot be read.
pub fn look(root: &Path) -> Result<Repository, Problem> {
    let files = files_under(root)?;
    let mut seen = Repository::default();
    let mut folders: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for file in &files {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        if name == "dbt_project.yml" {
            seen.dbt.get_or_insert_with(|| root.join(file));
        }
        if DUMPS.contains(&name) && !NAMES.iter().any(|word| folder.split('/').any(|part| part == *word)) {
            seen.schema_dump.get_or_insert_with(|| root.join(file));
        }
        if has_sql_ending(name) {
            folders.entry(home(folder, name)).or_default().push(file);
        }
    }
    // What a dbt project runs are models, not migrations.
    let of_dbt = seen.dbt.as_ref().and_then(|path| path.parent().map(Path::to_path_buf));
    for (folder, files) in &folders {
        let own_name = folder.rsplit('/').next().unwrap_or("");
        let inside: Vec<&str> = files.iter().map(|file| file.strip_prefix(folder.as_str()).unwrap_or(file).trim_start_matches('/')).collect();
        let beside = readable(&root.join(folder)).join("sqitch.plan").is_file().then_some("sqitch.plan");
        let texts: Vec<String> = files.iter().take(20).map(|file| head(&root.join(file))).collect();
        let signs: Vec<&str> = inside.iter().copied().chain(beside).collect();
        let layout = recognise(&signs, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let is_model = of_dbt.as_ref().is_some_and(|dbt| !dbt.as_os_str().is_empty() && root.join(folder).starts_with(dbt)) || own_name == "models";
        if !is_model && (NAMES.contains(&own_name) || layout != FALLBACK) {
            seen.migrations.push((if folder.is_empty() { PathBuf::from(".") } else { root.join(folder) }, layout));
        }
    }
    seen.service = match (readable(root).join(".github").is_dir(), readable(root).join(".gitlab-ci.yml").is_file()) {
        (_, true) => Some(Service::Gitlab),
        (true, false) => Some(Service::Github),
        (false, false) => None,
    };
    Ok(seen)
}

/// The migrations folder of a file: the one above, for tools that give each migration a folder of its own.
fn home(folder: &str, name: &str) -> String {
    let own = matches!(name, "up.sql" | "down.sql" | "migration.sql");
    let of_sqitch = ["deploy", "revert", "verify"].iter().any(|word| folder.rsplit('/').next() == Some(word));
    let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
    if own || of_sqitch { above.to_owned() } else { folder.to_owned() }
}

/// The beginning of a file, as far as it is text.
fn head(path: &Path) -> String {
    use std::io::Read;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LOOKED_AT as u64).read_to_end(&mut bytes));
    read.map(|_| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
