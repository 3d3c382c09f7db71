//! What the process says when it ends.

use std::process::ExitCode;

/// The exit codes. Scripts and CI build on them: they do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: nothing at or above `fail_on`.
    Clean,
    /// 1: blocked.
    Blocked,
    /// 2: the arguments, the settings or an input cannot be used, or the system refused.
    Unusable,
    /// 3: nothing blocked, but something was not judged, and `gate.not_judged` is `error`.
    NotJudged,
}

impl ExitStatus {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Blocked => 1,
            Self::Unusable => 2,
            Self::NotJudged => 3,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}
