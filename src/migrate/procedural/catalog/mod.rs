//! The relations of the server's catalog that migrations ask, as rows of the model.
//!
//! In: a schema and the name of a relation of `pg_catalog` or `information_schema`. Out: its rows; what the server itself brings along and what
//! the model does not keep are rows or values that are not known. Source: manual 53 and 37 (PostgreSQL 15).

mod constraint;
mod find;
mod index;
mod information_schema;
mod model;
mod namespace;
mod relation;
mod routine;
mod user_type;
mod views;

pub(super) use find::{columns_of, find};
