//! SQL Server's decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// SQL Server. Names without case under the usual collations, 128 characters (Database identifiers); a view without `SCHEMABINDING` is resolved by name (CREATE VIEW);
/// schema changes are transactional (BEGIN TRANSACTION); output names only in `ORDER BY` (SELECT, logical processing order).
pub static MSSQL: Dialect = Dialect {
    name: "mssql",
    title: "SQL Server",
    grammar: Grammar::SqlServer,
    folding: Folding::Insensitive,
    max_identifier_bytes: Some(256),
    identifier_quotes: ('[', ']'),
    search_path: &["dbo"],
    view_binding: ViewBinding::ByName,
    late_columns: LateColumns::AsMadeByName,
    ddl_transactions: DdlTransactions::Transactional,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsWritten,
    dots_reach_into_columns: false,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
