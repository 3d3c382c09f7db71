//! SQLite's decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// SQLite. Case never tells two names apart; a view is text that is resolved at each query (CREATE VIEW); schema changes are transactional (Transactions);
/// output names can be used in `WHERE`, `GROUP BY` and `HAVING` when no column has them (resolve.c, lookupName).
pub static SQLITE: Dialect = Dialect {
    name: "sqlite",
    title: "SQLite",
    grammar: Grammar::Sqlite,
    folding: Folding::Insensitive,
    max_identifier_bytes: None,
    identifier_quotes: ('"', '"'),
    search_path: &["main"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsTheQueryGives,
    ddl_transactions: DdlTransactions::Transactional,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[AliasPlace::Where, AliasPlace::Having],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsWritten,
    dots_reach_into_columns: false,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
