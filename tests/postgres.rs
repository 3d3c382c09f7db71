//! What only a real PostgreSQL can confirm. One binary, one throw-away server.
//!
//! Without a PostgreSQL on the machine these tests fail, and say how to install one; `FIELDGATE_TESTS_WITHOUT_POSTGRES=1` lets them pass unrun.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr, reason = "a test fails by panicking")]

#[path = "postgres/consumers.rs"]
mod consumers;
#[path = "postgres/drift.rs"]
mod drift;
#[path = "postgres/expand_contract.rs"]
mod expand_contract;
#[path = "postgres/generated.rs"]
mod generated;
#[path = "postgres/locks.rs"]
mod locks;
#[path = "postgres/matrix.rs"]
mod matrix;
#[path = "postgres/questions.rs"]
mod questions;
#[path = "postgres/safe_ways.rs"]
mod safe_ways;
#[path = "postgres/server.rs"]
mod server;
#[path = "postgres/snapshot_round_trip.rs"]
mod snapshot_round_trip;
#[path = "postgres/way_back.rs"]
mod way_back;
