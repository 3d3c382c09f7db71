//! The databases: one filled-in record each, and what PostgreSQL has built in.
//!
//! In: a dialect's name. Out: a [`Dialect`], whose fields decide everything that differs between databases.
//! Nothing elsewhere asks "is it PostgreSQL?": it asks a field here.

mod bigquery;
mod built_in;
mod clickhouse;
mod databricks;
mod duckdb;
mod generic;
mod mssql;
mod mysql;
mod postgres;
mod record;
mod redshift;
mod snowflake;
mod sqlite;
mod words;

pub use built_in::{
    BuiltInCastContext, BuiltInCastMethod, BuiltInColumn, BuiltInFunction, BuiltInOperator, BuiltInOperatorClass, BuiltInRelation, BuiltInRoutine, BuiltInType,
    BuiltInVolatility, BuiltIns, ExtensionCode, Subscripting, TypeCode, TypeKind,
};
pub use record::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};

/// All dialects, in the order in which they are listed to a user.
pub static ALL: &[&Dialect] = &[
    &postgres::POSTGRES,
    &redshift::REDSHIFT,
    &snowflake::SNOWFLAKE,
    &bigquery::BIGQUERY,
    &databricks::DATABRICKS,
    &duckdb::DUCKDB,
    &mysql::MYSQL,
    &mssql::MSSQL,
    &clickhouse::CLICKHOUSE,
    &sqlite::SQLITE,
    &generic::GENERIC,
];

/// The dialect when nothing is said.
pub static DEFAULT: &Dialect = &postgres::POSTGRES;

/// The dialect of that name, or `None`.
pub fn named(name: &str) -> Option<&'static Dialect> {
    ALL.iter().copied().find(|dialect| dialect.name == name)
}
