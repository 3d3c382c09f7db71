//! The way back: SQL that turns the schema after into the schema before, what must be saved for it, and what cannot come back.
//!
//! In: the schemas before and after a migration, by identity, and its outcomes. Out: a [`Plan`]. The undo script is not made statement by
//! statement but from the difference of the two schemas, so that it undoes what happened and not what was written. A plan is a claim, and is
//! checked: the script is applied to the model of the schema after, and the result compared with the schema before ([`prove`]).

mod columns;
mod damage;
mod dependents;
mod destruction;
mod guard;
mod held_to;
mod inverse;
mod meanwhile;
mod obstacles;
mod plan;
mod positions;
mod proof;
mod remake;
mod renames;
mod row_changes;
mod safe;
mod saved_name;
mod saving;
mod settings;
mod statement_claims;
mod trial;
mod trigger_effects;
mod verify;
mod warehouse;
mod workspace;
mod written_down;

pub use held_to::held_to;
pub use inverse::plan;
pub use plan::{Check, InBetween, Loss, MovedColumn, Plan, PlanStep, Proof, RecoveryWindow, Reversibility, StatementClaim, StepLoad};
pub use proof::prove;
pub use safe::{NoSafeWay, Phase, SafeFile, SafePlan, SafeWay, safe_plan};
pub use trial::{SentScript, ServerOutcome, ServerProof, Trial, try_on_server};
pub use warehouse::by_means_of;
