//! Where a file comes from, for detective work.

use std::path::Path;

use super::failure::GitError;
use super::program::{ask, line};

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// In hexadecimal, shortened.
    pub id: String,
    /// The author's name.
    pub author: String,
    /// The day, as `YYYY-MM-DD`.
    pub day: String,
    /// The first line of its message.
    pub subject: String,
}

/// The commit that added a file, or `None` when git does not know the file, is not there, or the folder is in no repository.
///
/// # Errors
/// When git could not be run although it is there.
pub fn commit_that_added(folder: &Path, file: &Path) -> Result<Option<Commit>, GitError> {
    let file = file.display().to_string();
    let arguments = ["--literal-pathspecs", "log", "-1", "--diff-filter=A", "--format=%h%x00%an%x00%as%x00%s", "--", &file];
    let output = match ask(folder, &arguments) {
        Err(GitError::NoProgram) => return Ok(None),
        other => other?,
    };
    if !output.status.success() {
        return Ok(None);
    }
    let text = line(&output.stdout);
    let mut parts = text.split('\0').map(str::to_owned);
    let commit = (|| Some(Commit { id: parts.next()?, author: parts.next()?, day: parts.next()?, subject: parts.next()? }))();
    Ok(commit.filter(|commit| !commit.id.is_empty()))
}
