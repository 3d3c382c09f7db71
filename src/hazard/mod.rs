//! What a statement does to the running database: locks, rewrites, scans, lost data.
//!
//! In: the schema before a statement, the statement, its changes, the session and the server's version. Out: [`Hazard`]s.
//! The facts are measured (docs/locks.md is generated from the same table). Whether they matter is for the rules.

mod assess;
mod facts;

pub use assess::{RunnerSettings, assess};
pub use facts::{Hazard, LockMode, Scan, TableAge, TableHazard, Work};
