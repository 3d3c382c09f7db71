//! A view or materialized view.

use std::sync::Arc;

use super::{Address, Column, Definition};
use crate::name::Name;
use crate::sql::tree::{CheckOption, ViewKind};

/// What is known of one output column of a view beyond its type; from the binding of its query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnOrigin {
    /// The columns of the relations named in the query whose values flow into it, sorted.
    pub sources: Vec<Address>,
    /// Whether no NULL can come out as far as declarations tell (the server itself does not keep this).
    pub never_null: bool,
    /// The column of a relation named in the query that it is, when it is nothing but that column.
    pub passes: Option<Address>,
    /// What the query itself calls it; another name than the column's when the view names its columns.
    pub output: Option<Name>,
}

/// A view. What it depends on stands in the schema's dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Plain or materialized.
    pub kind: ViewKind,
    /// Output columns, names and types fixed at creation.
    pub columns: Vec<Column>,
    /// Where each column comes from, in the order of `columns`; empty when it is not known.
    pub origins: Vec<ColumnOrigin>,
    /// Its query, stars expanded, names by identity.
    pub query: Definition,
    /// The query as it was written or as the server printed it, when that is known and nothing changed since; only for showing.
    pub written: Option<Arc<str>>,
    /// `WITH CHECK OPTION`.
    pub check_option: Option<CheckOption>,
    /// `WITH (…)`, sorted by name.
    pub parameters: Vec<(Arc<str>, Arc<str>)>,
    /// Whether a materialized view holds data.
    pub populated: bool,
    /// Looks its columns up by name at each query: all views of the dialects that bind by name, and Redshift's `WITH NO SCHEMA BINDING`.
    /// Its query is then plain text, as written.
    pub late_binding: bool,
    /// Why its columns are not known, when its query could not be resolved: everything that reads it is unknown too.
    pub unresolved: Option<Arc<str>>,
}
