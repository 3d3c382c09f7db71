//! A schema as a snapshot file: names instead of identities, everything that goes without saying left out, sorted by name.
//!
//! In: a [`crate::schema::Schema`]. Out: a [`crate::snapshot::file::Document`]. The way back is `build`.

mod column;
mod constraint;
mod document;
mod function;
mod grants;
mod index;
mod object;
mod sequence;
mod table;
mod user_type;
mod view;

pub use document::describe;
