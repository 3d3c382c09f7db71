//! BigQuery's decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// BigQuery. Columns and aliases without case (Lexical structure, case sensitivity; names of tables do have one there, which is passed over: two tables that
/// differ in nothing else would be taken for one); views by name (Introduction to views); aliases of the select list in `GROUP BY`, `HAVING`, `ORDER BY`, `QUALIFY` (Query syntax, implicit aliases); `a.b` reaches into structs.
pub static BIGQUERY: Dialect = Dialect {
    name: "bigquery",
    title: "BigQuery",
    grammar: Grammar::BigQuery,
    folding: Folding::Insensitive,
    max_identifier_bytes: Some(300),
    identifier_quotes: ('`', '`'),
    search_path: &["public"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsTheQueryGives,
    ddl_transactions: DdlTransactions::AutoCommit,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[AliasPlace::Having, AliasPlace::Qualify],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsWritten,
    dots_reach_into_columns: true,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
