//! What `migrations:` and the command line name → folders with the files that are wanted in each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;

use super::config::MigrationsEntry;
use super::folder::{files_in, files_under, readable};
use super::layout::Layout;
use crate::diagnostic::Problem;

/// Whether a whole folder is meant or certain files of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Everything in it.
    Folder,
    /// The files that were named, and what belongs to them.
    Files,
}

/// A folder with migrations.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// Where it is; empty for the working folder.
    pub folder: PathBuf,
    /// What of it is meant.
    pub extent: Extent,
    /// All files that may matter, below the folder, with `/`.
    pub files: BTreeSet<String>,
    /// Those that are meant.
    pub wanted: BTreeSet<String>,
    /// The layout, when it is named.
    pub layout: Option<&'static Layout>,
    /// Values of the runner's placeholders.
    pub placeholders: Vec<(String, String)>,
}

impl Root {
    /// The path of one of its files.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        if self.folder.as_os_str().is_empty() { PathBuf::from(file) } else { self.folder.join(file) }
    }
}

/// Looks the entries up, in their order. Files of one folder are put together wherever they were named.
pub(super) fn roots(entries: &[MigrationsEntry], problems: &mut Vec<Problem>) -> Vec<Root> {
    let mut roots: Vec<Root> = Vec::new();
    for entry in entries {
        match look_up(entry) {
            Ok(Found::Folder(root)) => roots.push(root),
            Ok(Found::Files(paths)) => paths.iter().for_each(|path| add_file(&mut roots, path, entry)),
            Err(problem) => problems.push(match entry.span {
                Some(span) => problem.at(span),
                None => problem,
            }),
        }
    }
    roots
}

enum Found {
    Folder(Root),
    Files(Vec<PathBuf>),
}

fn look_up(entry: &MigrationsEntry) -> Result<Found, Problem> {
    let path = &entry.path;
    let text = path.display().to_string();
    let on_disk = readable(path);
    if on_disk.is_dir() {
        let files: BTreeSet<String> = files_under(path)?.into_iter().collect();
        if !files.iter().any(|file| has_sql_ending(file)) {
            let problem = Problem::error("no-migrations", format!("there is no migration in the folder {}", readable(path).display())).of(path);
            return Err(problem.help("migrations are .sql files; is this the folder you mean?"));
        }
        let wanted = files.clone();
        return Ok(Found::Folder(Root {
            folder: path.clone(),
            extent: Extent::Folder,
            files,
            wanted,
            layout: entry.layout,
            placeholders: entry.placeholders.clone(),
        }));
    }
    if on_disk.exists() {
        return Ok(Found::Files(vec![path.clone()]));
    }
    if text.contains(['*', '?', '[', '{']) {
        return glob(path).map(Found::Files);
    }
    Err(Problem::error("file-not-found", format!("there is no file or folder {text}"))
        .of(path)
        .help("paths on the command line start at the working folder, those in fieldgate.yml at its folder"))
}

fn glob(pattern: &Path) -> Result<Vec<PathBuf>, Problem> {
    let text = pattern.display().to_string().replace('\\', "/");
    let matcher = GlobBuilder::new(&text).literal_separator(true).build();
    let matcher = matcher.map_err(|error| Problem::error("config-invalid-glob", format!("{text} is no path pattern: {}", error.kind())).of(pattern))?;
    let matcher = matcher.compile_matcher();
    let base: PathBuf = pattern.components().take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{'])).collect();
    let found: Vec<PathBuf> = match files_under(&base) {
        Ok(files) => files
            .iter()
            .map(|file| if base.as_os_str().is_empty() { PathBuf::from(file) } else { base.join(file) })
            .filter(|path| matcher.is_match(path))
            .collect(),
        Err(_) => Vec::new(),
    };
    if found.is_empty() {
        return Err(Problem::error("no-migrations", format!("no file matches {text}")).of(pattern));
    }
    Ok(found)
}

/// Puts one file into the folder that its tool would call the migrations folder, with the files beside it that may belong to it.
fn add_file(roots: &mut Vec<Root>, path: &Path, entry: &MigrationsEntry) {
    let (folder, file) = home(path);
    let same = |root: &Root| root.folder == folder && root.extent == Extent::Files && root.layout == entry.layout && root.placeholders == entry.placeholders;
    let index = roots.iter().position(same).unwrap_or_else(|| {
        let (files, wanted) = (BTreeSet::new(), BTreeSet::new());
        roots.push(Root { folder: folder.clone(), extent: Extent::Files, files, wanted, layout: entry.layout, placeholders: entry.placeholders.clone() });
        roots.len() - 1
    });
    let Some(root) = roots.get_mut(index) else { return };
    if !root.files.contains(&file) {
        let beside = path.parent().unwrap_or(Path::new(""));
        let below = file.rsplit_once('/').map_or(String::new(), |(below, _)| format!("{below}/"));
        root.files.extend(files_in(beside).into_iter().map(|name| format!("{below}{name}")));
        if !below.is_empty() {
            root.files.extend(files_in(&folder).into_iter().filter(|name| !has_sql_ending(name)));
        }
        for sibling in ["deploy", "revert"] {
            if below == "deploy/" || below == "revert/" {
                root.files.extend(files_in(&folder.join(sibling)).into_iter().map(|name| format!("{sibling}/{name}")));
            }
        }
        root.files.insert(file.clone());
    }
    root.wanted.insert(file);
}

/// The migrations folder of a file, and the file below it.
fn home(path: &Path) -> (PathBuf, String) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parent = path.parent().unwrap_or(Path::new(""));
    let inner = parent.file_name().map(|name| name.to_string_lossy().into_owned());
    let Some(inner) = inner else { return (parent.to_path_buf(), name) };
    let grandparent = parent.parent().unwrap_or(Path::new(""));
    let of_folder = matches!(name.as_str(), "up.sql" | "down.sql" | "migration.sql" | "metadata.toml");
    let of_sqitch = matches!(inner.as_str(), "deploy" | "revert" | "verify") && readable(grandparent).join("sqitch.plan").is_file();
    if of_folder || of_sqitch { (grandparent.to_path_buf(), format!("{inner}/{name}")) } else { (parent.to_path_buf(), name) }
}

/// Whether a path ends in `.sql`.
pub(super) fn has_sql_ending(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("sql"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_looked_at_from_its_migrations_folder() {
        assert_eq!(home(Path::new("db/migrations/0001_a.up.sql")), (PathBuf::from("db/migrations"), String::from("0001_a.up.sql")));
        assert_eq!(home(Path::new("/x/0001_a/up.sql")), (PathBuf::from("/x"), String::from("0001_a/up.sql")));
        assert_eq!(home(Path::new("0001_a/up.sql")), (PathBuf::from(""), String::from("0001_a/up.sql")));
        assert_eq!(home(Path::new("up.sql")), (PathBuf::from(""), String::from("up.sql")));
    }
}
