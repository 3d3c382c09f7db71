//! What has to be known of a tool whose entries are imported. A struct to fill in, so that a new tool cannot forget a decision.

use std::path::PathBuf;

use super::imported::Imported;
use crate::diagnostic::Problem;

/// A tool.
#[derive(Debug)]
pub struct Importer {
    /// The word on the command line.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Which files it wants, in one sentence.
    pub wants: &'static str,
    /// Entries whose ids begin so are the import's: they go when the source no longer has them.
    pub id_prefixes: &'static [&'static str],
    /// Reads the files; a fault that leaves nothing to import is a problem, one in a single entry makes it skipped.
    pub read: fn(&[PathBuf]) -> Result<Imported, Vec<Problem>>,
}
