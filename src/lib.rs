//! fieldgate as a library.
pub mod dialect;
pub mod name;
pub mod sql;
pub mod text;
