//! All rules of a run, ready to be asked.

use std::path::PathBuf;

use crate::diagnostic::Problem;
use crate::text::Sources;

/// All rules of a run.
#[derive(Debug, Default)]
pub struct RuleSet {}

/// Reads the built-in rules and those in the folders of the organisation.
///
/// # Errors
/// Every fault in a rule file, at its place.
pub fn load(sources: &mut Sources, folders: &[PathBuf]) -> Result<RuleSet, Vec<Problem>> {
    let _ = (sources, folders);
    Ok(RuleSet {})
}
