//! Views and materialized views as written.

use super::{AlterColumn, Ident, ObjectName, Query, StorageParameter, TemporaryKind};
use crate::text::Span;

/// Plain or materialized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViewKind {
    /// Rewritten into each query.
    Plain,
    /// Stored.
    Materialized,
}

/// `CREATE [OR REPLACE] VIEW`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateView {
    /// Plain or materialized.
    pub kind: ViewKind,
    /// Its name.
    pub name: ObjectName,
    /// `OR REPLACE`, `OR ALTER`.
    pub or_replace: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `TEMPORARY`.
    pub temporary: TemporaryKind,
    /// The column names; may be shorter than the query's columns.
    pub columns: Vec<Ident>,
    /// `RECURSIVE`.
    pub recursive: bool,
    /// The query.
    pub query: Box<Query>,
    /// The query's text, as written.
    pub query_span: Span,
    /// `WITH [LOCAL | CASCADED] CHECK OPTION`.
    pub check_option: Option<CheckOption>,
    /// `USING` of a materialized view.
    pub access_method: Option<Ident>,
    /// `TABLESPACE` of a materialized view.
    pub tablespace: Option<Ident>,
    /// `WITH (…)`.
    pub parameters: Vec<StorageParameter>,
    /// `WITH NO DATA` is false.
    pub with_data: bool,
    /// Redshift's `WITH NO SCHEMA BINDING`.
    pub no_schema_binding: bool,
    /// `COPY GRANTS` (Snowflake).
    pub copy_grants: bool,
}

/// `WITH CHECK OPTION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckOption {
    /// This view only.
    Local,
    /// And those below.
    Cascaded,
}

/// `ALTER [MATERIALIZED] VIEW`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterView {
    /// Plain or materialized.
    pub kind: ViewKind,
    /// The view.
    pub name: ObjectName,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// What happens.
    pub action: AlterViewAction,
}

/// What can happen to a view.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterViewAction {
    /// `RENAME TO`.
    Rename(ObjectName),
    /// `RENAME COLUMN`.
    RenameColumn {
        /// From.
        from: Ident,
        /// To.
        to: Ident,
    },
    /// `SET SCHEMA`.
    SetSchema(Ident),
    /// `OWNER TO`.
    Owner(Ident),
    /// `ALTER COLUMN c …`: defaults, and storage forms of materialized views.
    AlterColumn(Ident, AlterColumn),
    /// `SET (…)`.
    SetParameters(Vec<StorageParameter>),
    /// `RESET (…)`.
    ResetParameters(Vec<StorageParameter>),
    /// `CLUSTER ON`, `SET TABLESPACE`, `SET ACCESS METHOD`, `DEPENDS ON EXTENSION` …: its words.
    Physical(String),
    /// `AS query` (warehouses): the same as replacing it.
    Query(Box<Query>, Span),
}

/// `REFRESH MATERIALIZED VIEW`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshView {
    /// The view.
    pub name: ObjectName,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// `WITH NO DATA` is false.
    pub with_data: bool,
}
