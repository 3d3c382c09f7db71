//! The warehouse schema at one moment as a file, and where such a moment comes from: a file, DDL, a live database.
//!
//! In: YAML, JSON, DDL, a connection. Out: a [`crate::schema::Schema`] with its [`Provenance`], and the file again.
//! Whatever the source, the way into the model is one: the [`file::Document`].

mod describe;
mod emit;
pub mod file;
mod provenance;

pub use describe::describe;
pub use provenance::Provenance;
