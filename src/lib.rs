//! fieldgate as a library.
pub mod catalog;
pub mod diagnostic;
pub mod dialect;
pub mod hazard;
pub mod impact;
pub mod lineage;
pub mod migrate;
pub mod name;
pub mod project;
pub mod rules;
pub mod schema;
pub mod snapshot;
pub mod sql;
pub mod text;
pub mod typing;
pub mod yaml;
