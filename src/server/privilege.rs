//! Who the server runs as: PostgreSQL refuses to run as root, so root lends it another user.

use std::path::Path;
use std::process::{Command, Stdio};

use super::error::ServerError;

/// A user that is not root, by numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LentUser {
    user: u32,
    group: u32,
}

impl LentUser {
    /// `None` when this process is not root and needs nobody else.
    ///
    /// # Errors
    /// When this is root and there is no other user.
    pub(super) fn needed() -> Result<Option<Self>, ServerError> {
        if number(&["-u"]) != Some(0) {
            return Ok(None);
        }
        let users = ["postgres", "nobody"].into_iter();
        let lent = users.filter_map(|name| Some(Self { user: number(&["-u", name])?, group: number(&["-g", name])? })).find(|lent| lent.user != 0);
        let reason = String::from("root may not run it, and there is neither a user `postgres` nor a user `nobody`");
        lent.map(Some).ok_or(ServerError::NotStarted { reason })
    }

    /// Gives a folder to the user.
    ///
    /// # Errors
    /// When the system refuses.
    #[cfg(unix)]
    pub(super) fn give(self, folder: &Path) -> Result<(), ServerError> {
        std::os::unix::fs::chown(folder, Some(self.user), Some(self.group)).map_err(|error| ServerError::NotStarted { reason: error.to_string() })
    }

    /// Runs a program as the user.
    #[cfg(unix)]
    pub(super) fn lend(self, command: &mut Command) {
        use std::os::unix::process::CommandExt;
        command.uid(self.user).gid(self.group);
    }

    #[cfg(not(unix))]
    pub(super) fn give(self, _: &Path) -> Result<(), ServerError> {
        Ok(())
    }

    #[cfg(not(unix))]
    pub(super) fn lend(self, _: &mut Command) {}
}

/// What `id` says; `None` where there is no such program or user.
fn number(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
