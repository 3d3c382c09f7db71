//! PL/pgSQL: the body of a `DO` block or a function as a tree of its statements.
//!
//! In: the body's text in a source. Out: [`PlBlock`]: declarations, the SQL statements in it as ours, what is run only under a condition,
//! and what is put together at run time. What is not read stands in its place with the reason; a body whose structure is not read is refused.
//! Source: manual 43 (PostgreSQL 15). Variables are not told from columns here: that needs the schema.

mod block;
mod control;
mod declaration;
mod reader;
mod statement;
#[cfg(test)]
mod tests;
mod tree;

pub use reader::read;
pub use tree::{
    PlBlock, PlBranch, PlConflict, PlDeclaration, PlDirection, PlExecute, PlHandler, PlInto, PlKind, PlLeave, PlLoop, PlRaised, PlStatement, PlText, PlType,
};
