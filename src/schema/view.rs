//! A view or materialized view.

use std::sync::Arc;

use super::{Column, Definition};
use crate::sql::tree::{CheckOption, ViewKind};

/// A view. What it depends on stands in the schema's dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Plain or materialized.
    pub kind: ViewKind,
    /// Output columns, names and types fixed at creation.
    pub columns: Vec<Column>,
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
    /// Looks its columns up by name at each query, whatever the dialect does otherwise (Redshift's `WITH NO SCHEMA BINDING`).
    pub late_binding: bool,
    /// Why its columns are not known, when its query could not be resolved: everything that reads it is unknown too.
    pub unresolved: Option<Arc<str>>,
}
