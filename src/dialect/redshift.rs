//! Amazon Redshift's decisions.

use super::words::is_reserved_everywhere;
use super::{AliasPlace, AliasPrecedence, DdlTransactions, Dialect, Grammar, LateColumns, Modelling, UnnamedOutput, ViewBinding};
use crate::name::Folding;

/// Amazon Redshift. Names: 127 bytes, lower case, quoted names too unless `enable_case_sensitive_identifier` is on (manual, Names and identifiers);
/// views refuse the drop of what they use unless made `WITH NO SCHEMA BINDING` (CREATE VIEW); lateral column aliases (SELECT list); SUPER is navigated by dots (Querying semistructured data).
pub static REDSHIFT: Dialect = Dialect {
    name: "redshift",
    title: "Amazon Redshift",
    grammar: Grammar::Redshift,
    folding: Folding::Insensitive,
    max_identifier_bytes: Some(127),
    identifier_quotes: ('"', '"'),
    search_path: &["public"],
    view_binding: ViewBinding::ByIdentity,
    late_columns: LateColumns::AsTheQueryGives,
    ddl_transactions: DdlTransactions::Transactional,
    modelling: Modelling::Names,
    built_ins: None,
    alias_places: &[AliasPlace::SelectList, AliasPlace::Qualify],
    alias_precedence: AliasPrecedence::ColumnFirst,
    unnamed_output: UnnamedOutput::AsPostgres,
    dots_reach_into_columns: true,
    system_relations: "",
    is_reserved: is_reserved_everywhere,
    is_no_column_name: is_reserved_everywhere,
    is_no_type_name: is_reserved_everywhere,
};
