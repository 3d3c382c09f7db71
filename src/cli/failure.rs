//! Why a command ends before it is done.

use std::path::PathBuf;

use crate::diagnostic::Problem;

/// Why a command ends before it is done. All but the last end with [`super::ExitStatus::Unusable`].
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Inputs of the user cannot be used.
    #[error("{} problem(s) in the input", .0.len())]
    Problems(Vec<Problem>),
    /// A file could not be written.
    #[error("cannot write {path}: {reason}")]
    Write {
        /// Where to.
        path: PathBuf,
        /// The system's words.
        reason: std::io::Error,
    },
    /// A stream refused.
    #[error("cannot write to the output: {0}")]
    Stream(std::io::Error),
    /// Nobody reads on: not a failure of ours.
    #[error("the output was closed")]
    Closed,
}

impl Failure {
    /// From what a stream said.
    pub(super) fn of_stream(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Stream(error) }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}
