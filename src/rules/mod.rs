//! Facts in, findings out: the rule files of `rules/` and of the organisation, judged over everything known of a run.
//!
//! In: changes, effects, hazards, refusals, what was not judged. Out: [`Finding`]s, with suppressions applied.
//! The engine knows no rule by name. A rule is one YAML file whose condition is CEL over a documented, typed table of facts.

mod finding;
mod input;
mod judge;
mod levels;
mod rule_set;

pub use finding::{Family, Finding, Level, Suppressed};
pub use input::{CatalogSummary, ConsumerSummary, DownFacts, JudgeInput, JudgedMigration};
pub use judge::judge;
pub use levels::{LevelSetting, LevelTable, Levels, PathLevels};
pub use rule_set::{RuleSet, load};
