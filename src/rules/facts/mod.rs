//! The facts, by what they are about. `fact_table.rs` puts them together.

pub(super) mod bodies;
pub(super) mod change;
pub(super) mod column;
pub(super) mod consumers;
pub(super) mod deploy;
pub(super) mod file;
pub(super) mod others;
pub(super) mod parts;
pub(super) mod place;
pub(super) mod record;
pub(super) mod statement;
pub(super) mod table;
pub(super) mod ways;
