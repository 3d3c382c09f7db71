//! PostgreSQL's decisions.

use super::built_ins::BUILT_INS;
use super::keywords::{is_no_column_name, is_no_type_name, must_be_quoted};
use crate::dialect::{AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// PostgreSQL. Folding and the limit of 63 bytes: manual 4.1.1; binding of views by identity: manual 5.14 (15).
pub static POSTGRES: Dialect = Dialect {
    name: "postgres",
    title: "PostgreSQL",
    grammar: Grammar::Postgres,
    folding: Folding::Lower,
    max_identifier_bytes: Some(63),
    identifier_quotes: ('"', '"'),
    search_path: &["public"],
    view_binding: ViewBinding::ByIdentity,
    late_columns: LateColumns::AsTheQueryGives,
    ddl_transactions: DdlTransactions::Transactional,
    modelling: Modelling::Server,
    built_ins: Some(&BUILT_INS),
    alias_places: &[],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsPostgres,
    dots_reach_into_columns: false,
    system_relations: include_str!("relations.tsv"),
    is_reserved: must_be_quoted,
    is_no_column_name,
    is_no_type_name,
};
