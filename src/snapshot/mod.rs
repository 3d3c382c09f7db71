//! The warehouse schema at one moment as a file, and where such a moment comes from: a file, DDL, a live database.
//!
//! In: YAML, JSON, DDL, a connection. Out: a [`crate::schema::Schema`] with its [`Provenance`], and the file again.
//! Whatever the source, the way into the model is one: the [`file::Document`].

mod build;
mod describe;
mod emit;
pub mod file;
pub mod live;
mod provenance;
mod snapshot_file;

pub use provenance::{Provenance, Snapshot};
pub use snapshot_file::{json_schema, of_schema, read_yaml, write_json, write_yaml};
