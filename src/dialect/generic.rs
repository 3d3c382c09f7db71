//! No database in particular: the common core, for queries whose engine is not said.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// SQL of no particular database. Where engines differ, what most of them do; where one of them would refuse and another not, it is taken.
/// Names fold as the standard folds them, only downwards, which compares the same; views are looked up late, since then nothing is taken for protected.
pub static GENERIC: Dialect = Dialect {
    name: "generic",
    title: "SQL of any database",
    grammar: Grammar::Generic,
    folding: Folding::Lower,
    max_identifier_bytes: None,
    identifier_quotes: ('"', '"'),
    search_path: &["public"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsTheQueryGives,
    ddl_transactions: DdlTransactions::AutoCommit,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[AliasPlace::SelectList, AliasPlace::Where, AliasPlace::Having, AliasPlace::Qualify],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsWritten,
    dots_reach_into_columns: true,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
