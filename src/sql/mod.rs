//! Text to statements: what a migration and a query can do, in a tree of our own, with true places.
//!
//! In: a source and its dialect. Out: [`Script`]: statements in order, each understood ([`tree::Statement`]) or not, with the reason.
//! The only room that names the parser crate. Nothing here knows a schema: names are as written, not resolved.

#![expect(dead_code, reason = "readers stand before the statements that call them")]

mod clause;
mod cursor;
mod data_type;
mod ddl;
mod dml;
mod expression;
mod foreign;
mod forms;
mod grammar;
mod lexer;
mod lexical;
mod mentions;
mod part;
mod postgres;
mod query;
mod splitter;
mod token;
mod tokenize;

pub mod print;
pub mod tree;

pub use part::{read_expression, read_function, read_query, read_trigger, read_type};
