//! Facts in, findings out: the rule files of `rules/` and of the organisation, judged over everything known of a run.
//!
//! In: changes, effects, hazards, refusals, what was not judged. Out: [`Finding`]s, with suppressions applied.
//! The engine knows no rule by name. A rule is one YAML file whose condition is CEL over a documented, typed table of facts.

mod finding;

pub use finding::{Family, Finding, Level, Suppressed};
