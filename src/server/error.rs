//! What keeps a proof on a server from being made, each with the way out.

use crate::snapshot::live::LiveError;

/// Why there is no server, or why it did not do what was asked.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ServerError {
    /// No binaries.
    #[error("no PostgreSQL server is installed here: no folder with `initdb`, `pg_ctl` and `postgres` was found")]
    #[diagnostic(help(
        "install one (Debian: `apt-get install postgresql`; macOS: `brew install postgresql`), put its folder on the PATH, or name a server: --prove=postgresql://…"
    ))]
    NotInstalled,
    /// The throw-away server does not start.
    #[error("the throw-away server does not start: {reason}")]
    #[diagnostic(help("name a server instead: --prove=postgresql://user@host/database; a database of its own is made there and dropped again"))]
    NotStarted {
        /// What went wrong.
        reason: String,
    },
    /// The server cannot be reached, or read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Live(#[from] LiveError),
    /// A statement was refused.
    #[error("{what} was refused ({sqlstate}): {message}")]
    Refused {
        /// What was to be done.
        what: String,
        /// The server's code.
        sqlstate: String,
        /// The server's words.
        message: String,
    },
    /// The connection broke.
    #[error("the connection to the server broke while {what}: {reason}")]
    Broken {
        /// What was being done.
        what: String,
        /// The system's words.
        reason: String,
    },
    /// A role is missing on a server that is not ours to add one to.
    #[error("the server has no role {role}, which the schema speaks of")]
    #[diagnostic(help("make it there (`CREATE ROLE {role} NOLOGIN`), or leave the address out: a throw-away server makes its own roles"))]
    NoRole {
        /// Its name.
        role: String,
    },
    /// What a snapshot of the proof's own database says is not understood.
    #[error("the proof's own database is not understood: {reason}")]
    NotUnderstood {
        /// The reader's words.
        reason: String,
    },
}

impl ServerError {
    /// From what the server said.
    pub(super) fn of(error: &postgres::Error, what: impl Into<String>) -> Self {
        match error.as_db_error() {
            Some(answer) => Self::Refused { what: what.into(), sqlstate: answer.code().code().to_owned(), message: answer.message().to_owned() },
            None => Self::Broken { what: what.into(), reason: error.to_string() },
        }
    }

    /// The server's code, where it refused something.
    pub fn sqlstate(&self) -> Option<&str> {
        match self {
            Self::Refused { sqlstate, .. } => Some(sqlstate),
            Self::NotInstalled | Self::NotStarted { .. } | Self::Live(_) | Self::Broken { .. } | Self::NoRole { .. } | Self::NotUnderstood { .. } => None,
        }
    }
}
