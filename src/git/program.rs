//! The `git` program, asked so that nothing of the user's settings or of the repository changes what it says or runs anything.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::failure::GitError;

/// Asks git in a folder; whatever it ends with.
pub(super) fn ask<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Result<Output, GitError> {
    let mut command = Command::new("git");
    // No pager, no file-system monitor, no prompt, no network for missing objects; words in English.
    command.args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]);
    command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0");
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    match command.output() {
        Ok(output) => Ok(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(GitError::NoProgram),
        Err(error) => Err(error.into()),
    }
}

/// Asks git in a folder; what it says, when it is content.
pub(super) fn answer<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Result<Vec<u8>, GitError> {
    let output = ask(folder, arguments)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let command = arguments.first().map(|word| word.as_ref().to_string_lossy().into_owned()).unwrap_or_default();
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(GitError::Refused { command, status: output.status.to_string(), message })
}

/// The only line of an answer.
pub(super) fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned()
}
