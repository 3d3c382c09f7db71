//! Snowflake's decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// Snowflake. Upper case and 255 characters (Identifier requirements); a view is compiled at each query and nothing protects what it uses (Overview of views);
/// each schema change commits (Transactions); a column alias can be used in any clause behind it, and a column of that name comes first (SELECT, WHERE).
pub static SNOWFLAKE: Dialect = Dialect {
    name: "snowflake",
    title: "Snowflake",
    grammar: Grammar::Snowflake,
    folding: Folding::Upper,
    max_identifier_bytes: Some(255),
    identifier_quotes: ('"', '"'),
    search_path: &["PUBLIC"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsManyAsMade,
    ddl_transactions: DdlTransactions::AutoCommit,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[AliasPlace::SelectList, AliasPlace::Where, AliasPlace::Having, AliasPlace::Qualify],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsWritten,
    dots_reach_into_columns: false,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
