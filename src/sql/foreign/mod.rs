//! Expressions, queries and writing statements of the other dialects, read by the parser crate and turned into our tree.
//!
//! In: a cursor. Out: the tree. Every variant of the crate's tree that has no place in ours becomes a `NotUnderstood` at its place, or refuses the
//! statement; and what the crate accepts must show every name and constant of the source again ([`guard`]), or it is refused too.

mod call;
mod convert;
mod data_type;
mod dml;
mod expression;
mod form;
mod from;
mod guard;
mod parse;
mod predicate;
mod query;
mod select;
#[cfg(test)]
mod tests;

pub(super) use parse::{default_expression, dml, expression, query};
