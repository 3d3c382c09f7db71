//! The tree back to SQL text, in one style, with every name that may mean an object as a piece of its own.
//!
//! In: a query, an expression or a writing statement. Out: text, or [`Piece`]s that a stored definition is made of.
//! Reading the text again gives the same tree. Parentheses stand only where precedence asks for them; keywords are upper case; all is on one line.
//! What a name means is not known here.

mod call;
mod dml;
mod expression;
mod from;
mod piece;
mod query;
#[cfg(test)]
mod tests;
mod type_name;
mod writer;

pub use piece::{Piece, Reference, ReferenceKind, Unprintable};
pub use writer::{dml, dml_pieces, expression, expression_pieces, query, query_pieces, type_name};
