//! Bodies that are run while a migration runs: `DO` blocks, procedures, functions that a migration calls.
//!
//! In: the body. Out: what its statements do, as far as it is certain that they run; conditions over the catalog are decided by the model, and a text
//! that is put together is read when what it is put together from is known. What cannot be decided leaves only what it touches unknown.

mod aggregate;
mod ask;
mod call;
mod catalog;
mod control;
mod evaluator;
mod execute;
mod fault;
mod fired;
mod loops;
mod machine;
mod pattern;
mod query;
mod raise;
mod relation;
mod routine;
mod scope;
mod shown;
mod start;
mod statement;
mod system_name;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod ways;

pub(super) use ask::indexes_where;
pub(super) use fired::Firing;
