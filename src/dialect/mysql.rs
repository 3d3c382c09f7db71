//! MySQL's decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// MySQL and MariaDB. Columns and aliases without case; tables as the file system has it, taken here without case, as on the servers with `lower_case_table_names` 1 or 2 (9.2.3);
/// 64 characters (9.2); a view is resolved by name (25.5); schema changes commit (13.3.3); `HAVING` knows output names (13.2.13). A schema is a database: names without one are looked for in `public`.
pub static MYSQL: Dialect = Dialect {
    name: "mysql",
    title: "MySQL",
    grammar: Grammar::MySql,
    folding: Folding::Insensitive,
    max_identifier_bytes: Some(256),
    identifier_quotes: ('`', '`'),
    search_path: &["public"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsMadeByName,
    ddl_transactions: DdlTransactions::AutoCommit,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[AliasPlace::Having],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsWritten,
    dots_reach_into_columns: false,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
