//! Facts in, findings out: the rule files of `rules/` and of the organisation, judged over everything known of a run.
//!
//! In: changes, effects, hazards, refusals, what was not judged. Out: [`Finding`]s, with suppressions applied.
//! The engine knows no rule by name. A rule is one YAML file whose condition is CEL over a documented, typed table of facts.

mod baseline;
mod condition;
mod document;
mod fact;
mod fact_table;
mod fact_type;
mod facts;
mod finding;
mod fingerprint;
mod input;
mod item;
mod judge;
mod levels;
mod record;
mod rule;
mod rule_file;
mod rule_set;
mod sign_off;
mod suppression;
mod template;
mod world;

pub use baseline::{Baseline, BaselineEntry, BaselineFile, BaselineReport, LookedAt};
pub use document::{facts_page, rule_text, rules_page};
pub use fact::Fact;
pub use fact_table::{fact_named, fact_table};
pub use fact_type::{FactType, FactValue, Subject};
pub use finding::{Family, Finding, Level, Suppressed, SuppressedBy};
pub use input::{CatalogSummary, ConsumerSummary, DownFacts, JudgeInput, JudgedMigration};
pub use judge::{Judgement, judge};
pub use levels::{LevelSetting, LevelTable, Levels, PathLevels};
pub use record::RecordFacts;
pub use rule::{Activation, Origin, Rule, kinds_of};
pub use rule_file::{ExampleConsumer, ExampleFile, LevelChoice, RuleFile};
pub use rule_set::{RuleSet, load};
pub use sign_off::Acceptance;
