//! What every output format says of itself.

use crate::gate::Answer;

/// How the reader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    /// Colour may be used; it never says anything alone.
    pub color: bool,
    /// Characters beyond ASCII may be used for lines and marks.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Also what is only for the record.
    pub verbose: bool,
}

impl Default for Looks {
    fn default() -> Self {
        Self { color: false, unicode: true, width: 100, verbose: false }
    }
}

/// One output format.
#[derive(Debug)]
pub struct Format {
    /// The word for `--format` and `--output`.
    pub name: &'static str,
    /// For the list in the help.
    pub about: &'static str,
    /// The usual ending of its files, without a dot.
    pub ending: &'static str,
    /// The whole output.
    pub render: fn(&Answer, Looks) -> String,
}
