//! Which grammar of the parser crate reads a dialect's expressions and queries.

use sqlparser::dialect as crate_dialect;

use crate::dialect::{Dialect, Grammar};

/// The parser crate's record of a dialect.
pub(crate) fn of(dialect: &Dialect) -> &'static dyn crate_dialect::Dialect {
    match dialect.grammar {
        Grammar::Generic => &crate_dialect::GenericDialect {},
        Grammar::Postgres => &crate_dialect::PostgreSqlDialect {},
        Grammar::Redshift => &crate_dialect::RedshiftSqlDialect {},
        Grammar::Snowflake => &crate_dialect::SnowflakeDialect,
        Grammar::BigQuery => &crate_dialect::BigQueryDialect,
        Grammar::Databricks => &crate_dialect::DatabricksDialect,
        Grammar::DuckDb => &crate_dialect::DuckDbDialect,
        Grammar::MySql => &crate_dialect::MySqlDialect {},
        Grammar::SqlServer => &crate_dialect::MsSqlDialect {},
        Grammar::ClickHouse => &crate_dialect::ClickHouseDialect {},
        Grammar::Sqlite => &crate_dialect::SQLiteDialect {},
    }
}
