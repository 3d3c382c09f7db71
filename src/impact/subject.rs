//! A consumer as this room sees it: its SQL, and what it declares to read and write.

use std::sync::Arc;

use crate::lineage::Session;
use crate::name::Name;
use crate::sql::tree::Statement;
use crate::text::Span;

/// A column that a consumer declares, not yet looked up.
#[derive(Clone, Debug)]
pub struct DeclaredColumn {
    /// The schema, when written.
    pub schema: Option<Name>,
    /// The table or view.
    pub relation: Name,
    /// The column.
    pub column: Name,
    /// Where it is declared.
    pub span: Span,
}

/// A relation that a consumer declares to read by position, not yet looked up.
#[derive(Clone, Debug)]
pub struct DeclaredRelation {
    /// The schema, when written.
    pub schema: Option<Name>,
    /// The table or view.
    pub relation: Name,
    /// Where it is declared.
    pub span: Span,
}

/// One consumer.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its id in the catalog.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: String,
    /// The session its SQL runs in.
    pub session: Session,
    /// Its statements in order; empty when it only declares.
    pub statements: Vec<Statement>,
    /// Columns it reads by name.
    pub reads: Vec<DeclaredColumn>,
    /// Relations it reads by position.
    pub positions: Vec<DeclaredRelation>,
    /// Columns it writes by name.
    pub writes: Vec<DeclaredColumn>,
}
