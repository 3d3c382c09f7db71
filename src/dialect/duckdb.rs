//! DuckDB's decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// DuckDB. Case is kept and never tells two names apart (Keywords and identifiers); a view is bound again at each query, and nothing protects what it uses (CREATE VIEW);
/// schema changes are transactional (Transaction management); column aliases are reusable in the select list, `WHERE`, `HAVING`, `QUALIFY` (SELECT clause); fields of structs by dots.
pub static DUCKDB: Dialect = Dialect {
    name: "duckdb",
    title: "DuckDB",
    grammar: Grammar::DuckDb,
    folding: Folding::Insensitive,
    max_identifier_bytes: None,
    identifier_quotes: ('"', '"'),
    search_path: &["main"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsManyAsMade,
    ddl_transactions: DdlTransactions::Transactional,
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
