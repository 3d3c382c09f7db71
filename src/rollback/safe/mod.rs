//! The same change without a break: expand, backfill in batches, verify, contract after the notice window; each phase a script of its own, with its way back.
//!
//! In: the schemas before and after a migration. Out: a [`SafePlan`]: for each breaking or blocking change its scripts, or why there are none.

mod add;
mod batches;
mod choose;
mod drop;
mod rename;
mod retype;
mod way;

pub use choose::safe_plan;
pub use way::{NoSafeWay, Phase, SafeFile, SafePlan, SafeWay};
