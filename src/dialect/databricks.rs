//! Databricks' decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// Databricks and Spark SQL. Names without case, 255 characters (Names); views are resolved when they are queried (CREATE VIEW); lateral column aliases in
/// the select list, aliases in `HAVING` and `QUALIFY` (Name resolution: a column comes before a lateral alias); fields of structs by dots.
pub static DATABRICKS: Dialect = Dialect {
    name: "databricks",
    title: "Databricks",
    grammar: Grammar::Databricks,
    folding: Folding::Insensitive,
    max_identifier_bytes: Some(255),
    identifier_quotes: ('`', '`'),
    search_path: &["default"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsMadeByName,
    ddl_transactions: DdlTransactions::AutoCommit,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[AliasPlace::SelectList, AliasPlace::Having, AliasPlace::Qualify],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsWritten,
    dots_reach_into_columns: true,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
