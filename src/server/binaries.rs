//! Where a server's programs are: the PATH, what `pg_config` says, and the folders that packages use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder with `initdb`, `pg_ctl` and `postgres`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    /// The folder.
    pub folder: PathBuf,
    /// The major version, when `postgres --version` says one.
    pub major: Option<u32>,
}

/// The programs, or `None` when there are none. `path` is the PATH to look on; of several installed versions the one of `wanted` (a major version)
/// is taken, else the first on the PATH, else the newest.
pub fn find_binaries(path: Option<&str>, wanted: Option<u32>) -> Option<Binaries> {
    let on_path = path.into_iter().flat_map(|path| std::env::split_paths(path).collect::<Vec<_>>());
    let of_config = Command::new("pg_config").arg("--bindir").stdin(Stdio::null()).output().ok();
    let of_config = of_config.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut found: Vec<Binaries> = Vec::new();
    for folder in on_path.chain(of_config).chain(usual_folders()) {
        let is_complete = ["initdb", "pg_ctl", "postgres"].into_iter().all(|program| folder.join(program).is_file());
        if is_complete && !found.iter().any(|other| other.folder == folder) {
            let major = major_version(&folder);
            found.push(Binaries { folder, major });
        }
    }
    let exact = found.iter().position(|binaries| wanted.is_some() && binaries.major == wanted);
    (!found.is_empty()).then(|| found.swap_remove(exact.unwrap_or(0)))
}

/// Folders of the packages of Debian, Red Hat, Homebrew, Postgres.app and the installer of EDB, the newest version first.
fn usual_folders() -> Vec<PathBuf> {
    const PLACES: &[(&str, &str, &str)] = &[
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/opt/homebrew/opt", "postgresql@", "bin"),
        ("/usr/local/opt", "postgresql@", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
        ("/Library/PostgreSQL", "", "bin"),
    ];
    let mut folders: Vec<(u32, PathBuf)> = Vec::new();
    for (parent, prefix, inside) in PLACES {
        for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let version = name.strip_prefix(prefix).and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
            folders.extend(version.map(|version| (version, entry.path().join(inside))));
        }
    }
    folders.sort_by(|(one, first), (other, second)| other.cmp(one).then(first.cmp(second)));
    folders.into_iter().map(|(_, folder)| folder).collect()
}

fn major_version(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = text.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|other: char| !other.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_all_three_programs_is_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("initdb"), "").unwrap();
        let found = find_binaries(folder.path().to_str(), None);
        assert!(found.is_none_or(|binaries| binaries.folder != folder.path()));
    }

    #[test]
    fn the_path_comes_before_the_usual_folders() {
        let folder = tempfile::tempdir().unwrap();
        for program in ["initdb", "pg_ctl", "postgres"] {
            std::fs::write(folder.path().join(program), "").unwrap();
        }
        let found = find_binaries(folder.path().to_str(), None).unwrap();
        assert_eq!((found.folder.as_path(), found.major), (folder.path(), None));
    }
}
