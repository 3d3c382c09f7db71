//! ClickHouse's decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// ClickHouse. Case always counts (Syntax, identifiers); views by name (CREATE VIEW); no transactions around schema changes; aliases are visible in all clauses, and come before
/// columns of the same name unless `prefer_column_name_to_alias` is on (Syntax, expression aliases); elements of named tuples by dots.
pub static CLICKHOUSE: Dialect = Dialect {
    name: "clickhouse",
    title: "ClickHouse",
    grammar: Grammar::ClickHouse,
    folding: Folding::Sensitive,
    max_identifier_bytes: None,
    identifier_quotes: ('`', '`'),
    search_path: &["default"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsMadeByName,
    ddl_transactions: DdlTransactions::AutoCommit,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[AliasPlace::SelectList, AliasPlace::Where, AliasPlace::Having, AliasPlace::Qualify],
    alias_precedence: AliasPrecedence::AliasFirst,
    unnamed_output: UnnamedOutput::AsWritten,
    dots_reach_into_columns: true,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
