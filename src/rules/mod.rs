//! Facts in, findings out: the rule files of `rules/` and of the organisation, judged over everything known of a run.
//!
//! In: changes, effects, hazards, refusals, what was not judged. Out: [`Finding`]s, with suppressions applied.
//! The engine knows no rule by name. A rule is one YAML file whose condition is CEL over a documented, typed table of facts.

mod condition;
mod document;
mod example;
mod fact;
mod fact_table;
mod fact_type;
mod facts;
mod finding;
mod input;
mod item;
mod judge;
mod levels;
mod rule;
mod rule_file;
mod rule_set;
mod suppression;
mod template;

pub use document::{facts_page, rule_text, rules_page};
pub use example::{ExampleFault, try_examples};
pub use fact::Fact;
pub use fact_table::{fact_named, fact_table};
pub use fact_type::{FactType, FactValue, Subject};
pub use finding::{Family, Finding, Level, Suppressed};
pub use input::{CatalogSummary, ConsumerSummary, DownFacts, JudgeInput, JudgedMigration};
pub use judge::judge;
pub use levels::{LevelSetting, LevelTable, Levels, PathLevels};
pub use rule::{Activation, Origin, Rule, kinds_of};
pub use rule_file::{ExampleFile, LevelChoice, RuleFile};
pub use rule_set::{RuleSet, load};
