//! The base of a branch, and what the branch does to files since.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::failure::GitError;
use super::program::{answer, ask, line};

/// What the branch does to a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileStatus {
    /// The base does not have it.
    Added,
    /// The base has another text.
    Edited,
    /// The base has it under another name, given here.
    Renamed(String),
    /// The base has it, the branch does not.
    Deleted,
}

/// A file that the branch touches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileChange {
    /// From the root of the repository, with `/`; for a deleted file where it was.
    pub path: String,
    /// What is done to it.
    pub status: FileStatus,
}

/// The commit that a branch is compared with.
#[derive(Clone, Debug)]
pub struct Base {
    /// As it was named.
    pub name: String,
    /// The commit where the branch left it, in hexadecimal.
    pub commit: String,
    /// The root of the working tree.
    pub root: PathBuf,
}

impl Base {
    /// Finds where the branch that is checked out left a base.
    ///
    /// # Errors
    /// Without git, outside a repository, and when the base is not there; each says what mends it.
    pub fn find(folder: &Path, name: &str) -> Result<Self, GitError> {
        let top = ask(folder, &["rev-parse", "--show-toplevel"])?;
        if !top.status.success() {
            return Err(GitError::NoRepository(String::from_utf8_lossy(&top.stderr).trim().to_owned()));
        }
        let root = PathBuf::from(line(&top.stdout));
        let Some(named) = commit(folder, name)? else {
            return Err(if is_shallow(folder)? { GitError::Shallow(name.to_owned()) } else { GitError::NoSuchCommit(name.to_owned()) });
        };
        let merge_base = ask(folder, &["merge-base", &named, "HEAD"])?;
        if !merge_base.status.success() {
            return Err(if is_shallow(folder)? { GitError::Shallow(name.to_owned()) } else { GitError::Unrelated(name.to_owned()) });
        }
        Ok(Self { name: name.to_owned(), commit: line(&merge_base.stdout), root })
    }

    /// What differs between the base and the working tree, files that git does not know yet too; sorted by path.
    ///
    /// # Errors
    /// When git does not say.
    pub fn changes(&self) -> Result<Vec<FileChange>, GitError> {
        let arguments = ["diff", "-z", "--name-status", "--find-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules", &self.commit, "--"];
        let mut changes = read_changes(&answer(&self.root, &arguments)?)?;
        for path in words(&answer(&self.root, &["ls-files", "-z", "--others", "--exclude-standard"])?) {
            changes.push(FileChange { path, status: FileStatus::Added });
        }
        changes.sort();
        changes.dedup();
        Ok(changes)
    }

    /// A file's bytes as the base has them; `None` when it does not have the file.
    ///
    /// # Errors
    /// When git does not say.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let name = format!("{}:{path}", self.commit);
        let there = ask(&self.root, &["cat-file", "-t", &name])?;
        if !there.status.success() || line(&there.stdout) != "blob" {
            return Ok(None);
        }
        answer(&self.root, &["cat-file", "blob", &name]).map(Some)
    }

    /// The plain files that the base has at or under a path, from the root of the repository, sorted. Links are left out: where they lead is no part of the base.
    ///
    /// # Errors
    /// When git does not say.
    pub fn files_under(&self, path: &str) -> Result<Vec<String>, GitError> {
        let listed = if path.is_empty() {
            answer(&self.root, &["ls-tree", "-r", "-z", &self.commit])?
        } else {
            answer(&self.root, &["--literal-pathspecs", "ls-tree", "-r", "-z", &self.commit, "--", path])?
        };
        let mut files: Vec<String> = words(&listed)
            .into_iter()
            .filter_map(|entry| {
                let (mode, path) = entry.split_once('\t')?;
                mode.starts_with("100").then(|| path.to_owned())
            })
            .collect();
        files.sort();
        Ok(files)
    }
}

/// The commit that a name means, in hexadecimal; `None` when this clone has none.
///
/// # Errors
/// When git cannot be run.
pub fn commit(folder: &Path, name: &str) -> Result<Option<String>, GitError> {
    let named = ask(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")])?;
    Ok(named.status.success().then(|| line(&named.stdout)))
}

fn is_shallow(folder: &Path) -> Result<bool, GitError> {
    Ok(line(&ask(folder, &["rev-parse", "--is-shallow-repository"])?.stdout) == "true")
}

fn words(bytes: &[u8]) -> Vec<String> {
    bytes.split(|byte| *byte == 0).filter(|word| !word.is_empty()).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// `git diff -z --name-status`: a letter, then one name, or two for a rename or a copy.
fn read_changes(bytes: &[u8]) -> Result<Vec<FileChange>, GitError> {
    let mut changes = BTreeMap::new();
    let mut all = words(bytes).into_iter();
    while let Some(letters) = all.next() {
        let mut name = || all.next().ok_or(GitError::Unreadable("diff"));
        let (path, status) = match letters.chars().next() {
            Some('A') => (name()?, FileStatus::Added),
            Some('D') => (name()?, FileStatus::Deleted),
            Some('M' | 'T') => (name()?, FileStatus::Edited),
            Some('R') => {
                let old = name()?;
                (name()?, FileStatus::Renamed(old))
            }
            Some('C') => {
                name()?;
                (name()?, FileStatus::Added)
            }
            // Two sides that were not brought together yet: whoever looks at it sees the markers in the text.
            Some('U') => (name()?, FileStatus::Edited),
            _ => return Err(GitError::Unreadable("diff")),
        };
        changes.insert(path, status);
    }
    Ok(changes.into_iter().map(|(path, status)| FileChange { path, status }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_blanks_and_renames_are_read() {
        let read = read_changes(b"A\0db/0003 new.sql\0R100\0db/1.sql\0db/2.sql\0D\0db/0.sql\0M\0x\0").unwrap();
        let told: Vec<(&str, &FileStatus)> = read.iter().map(|change| (change.path.as_str(), &change.status)).collect();
        assert_eq!(
            told,
            [
                ("db/0.sql", &FileStatus::Deleted),
                ("db/0003 new.sql", &FileStatus::Added),
                ("db/2.sql", &FileStatus::Renamed(String::from("db/1.sql"))),
                ("x", &FileStatus::Edited),
            ]
        );
        assert!(read_changes(b"A\0").is_err());
    }
}
