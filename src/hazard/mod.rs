//! What a statement does to the running database: locks, rewrites, scans, lost data.
//!
//! In: the schema before a statement, the statement, its changes, the session and the server's version. Out: [`Hazard`]s.
//! The facts are measured (docs/locks.md is generated from the same table). Whether they matter is for the rules.

mod act;
mod alter_table;
mod assess;
mod classify;
mod document;
mod duration;
mod facts;
mod lock_table;
mod operation;
mod session_state;
mod type_change;

pub use assess::assess;
pub use document::locks_page;
pub use duration::Duration;
pub use facts::{Hazard, LockMode, Scan, TableAge, TableHazard, Work};
pub use lock_table::{FIXTURE, LOCK_TABLE, LockRow, LockSource, OLDEST, PartnerLock, row};
pub use operation::{Operation, Partner};
pub use session_state::{RunnerSettings, parse_duration_ms};
pub use type_change::{Fit, StorageEffect, fit, storage_effect};
