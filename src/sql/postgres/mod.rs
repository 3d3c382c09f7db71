//! PostgreSQL's expressions, queries and writing statements, read from tokens by a reader of our own.
//!
//! In: a [`super::cursor::Cursor`]. Out: the tree, or the place at which it stops being understood.
//! A reader of our own, because here every form must be either understood or refused, with true places and the server's precedence
//! (gram.y of PostgreSQL 15); the other dialects are read by the parser crate (`super::foreign`).

mod call;
mod dml;
mod expression;
mod from;
mod literal;
mod name;
mod operator;
mod primary;
mod query;
mod reader;
mod select;
mod special;
#[cfg(test)]
mod tests;
mod window;
mod xml;

pub(in crate::sql) use operator::{Power, power_of};
pub(in crate::sql) use reader::Reader;
