//! A snapshot file as a schema: names become identities, SQL text becomes definitions that follow renames, cross-references are checked.
//!
//! In: a [`crate::snapshot::file::Document`] with its places. Out: a [`crate::schema::Schema`], and a [`crate::diagnostic::Problem`] at its line for
//! everything that does not fit: a constraint on an unknown column, a view that cannot be resolved. What cannot be resolved stays in the
//! schema as unknown; it is never dropped.
//!
//! Objects are made in passes, so that no order in the file matters: first everything that has a name, then types of columns, then routines,
//! then what expressions and queries mean.

mod column;
mod constraint;
mod context;
mod document;
mod extension;
mod function;
mod grants;
mod index;
mod name;
mod object;
mod sequence;
mod shell;
mod sql_text;
mod table;
mod user_type;
mod view;

pub use document::build;
