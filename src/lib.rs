//! fieldgate as a library.
pub mod dialect;
pub mod lineage;
pub mod migrate;
pub mod name;
pub mod schema;
pub mod sql;
pub mod text;
