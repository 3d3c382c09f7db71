//! Statements that write rows, as written.

use super::{Cte, Expr, From, Ident, ObjectName, Query, RelationAlias, SelectItem};
use crate::text::Span;

/// A statement that writes rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Dml {
    /// `INSERT`.
    Insert(Insert),
    /// `UPDATE`.
    Update(Update),
    /// `DELETE`.
    Delete(Delete),
    /// `MERGE`.
    Merge(Merge),
}

/// `INSERT INTO t (…) …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Insert {
    /// `WITH … INSERT`.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target.
    pub target: ObjectName,
    /// `AS t`.
    pub alias: Option<Ident>,
    /// The column list; empty means by position.
    pub columns: Vec<Ident>,
    /// `OVERRIDING … VALUE`.
    pub overriding: Option<Overriding>,
    /// The rows.
    pub source: InsertSource,
    /// `ON CONFLICT`.
    pub on_conflict: Option<OnConflict>,
    /// `RETURNING`.
    pub returning: Vec<SelectItem>,
    /// The whole of it.
    pub span: Span,
}

/// Where inserted rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum InsertSource {
    /// `DEFAULT VALUES`.
    Defaults,
    /// A query or `VALUES`.
    Query(Box<Query>),
    /// So many rows of constants that only the head was read (statements over the size that is parsed in full).
    NotRead,
}

/// `OVERRIDING SYSTEM VALUE` or `USER VALUE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overriding {
    /// The given value wins over `GENERATED ALWAYS`.
    System,
    /// The generated value wins.
    User,
}

/// `ON CONFLICT target action`.
#[derive(Clone, Debug, PartialEq)]
pub struct OnConflict {
    /// What may collide.
    pub target: ConflictTarget,
    /// What then happens.
    pub action: ConflictAction,
}

/// The unique index that `ON CONFLICT` infers.
#[derive(Clone, Debug, PartialEq)]
pub enum ConflictTarget {
    /// None written.
    Any,
    /// `(a, lower(b)) WHERE …`.
    Columns(Vec<Expr>, Option<Expr>),
    /// `ON CONSTRAINT c`.
    Constraint(Ident),
}

/// `DO NOTHING` or `DO UPDATE`.
#[derive(Clone, Debug, PartialEq)]
pub enum ConflictAction {
    /// Nothing.
    Nothing,
    /// `DO UPDATE SET … WHERE …`.
    Update(Vec<Assignment>, Option<Expr>),
}

/// `a = x` or `(a, b) = (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Left of `=`.
    pub target: AssignmentTarget,
    /// Right of it.
    pub value: Expr,
}

/// What is assigned to.
#[derive(Clone, Debug, PartialEq)]
pub enum AssignmentTarget {
    /// `a`, with a path into it (`a.f`, `a[1]`) that only matters for its type.
    Column {
        /// The column.
        column: Ident,
        /// Whether a field or element of it is meant.
        partial: bool,
    },
    /// `(a, b)`.
    Columns(Vec<Ident>),
}

/// `UPDATE t SET …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// `WITH … UPDATE`.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target with its alias.
    pub target: ObjectName,
    /// `AS t`.
    pub alias: Option<RelationAlias>,
    /// `ONLY`.
    pub only: bool,
    /// `SET`.
    pub assignments: Vec<Assignment>,
    /// `FROM`.
    pub from: Vec<From>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `RETURNING`.
    pub returning: Vec<SelectItem>,
    /// The whole of it.
    pub span: Span,
}

/// `DELETE FROM t …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Delete {
    /// `WITH … DELETE`.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target.
    pub target: ObjectName,
    /// `AS t`.
    pub alias: Option<RelationAlias>,
    /// `ONLY`.
    pub only: bool,
    /// `USING`.
    pub using: Vec<From>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `RETURNING`.
    pub returning: Vec<SelectItem>,
    /// The whole of it.
    pub span: Span,
}

/// `MERGE INTO t USING s ON … WHEN …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// `WITH … MERGE`.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target.
    pub target: ObjectName,
    /// `AS t`.
    pub alias: Option<RelationAlias>,
    /// `ONLY`.
    pub only: bool,
    /// `USING`.
    pub source: Box<From>,
    /// `ON`.
    pub on: Expr,
    /// The clauses in order.
    pub clauses: Vec<MergeClause>,
    /// `RETURNING` (PostgreSQL 17).
    pub returning: Vec<SelectItem>,
    /// The whole of it.
    pub span: Span,
}

/// One `WHEN`.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeClause {
    /// `MATCHED`, `NOT MATCHED [BY …]`.
    pub when: MergeWhen,
    /// `AND condition`.
    pub condition: Option<Expr>,
    /// What happens.
    pub action: MergeAction,
}

/// Which rows a clause is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeWhen {
    /// In both.
    Matched,
    /// Only in the source.
    NotMatchedByTarget,
    /// Only in the target.
    NotMatchedBySource,
}

/// What a clause does.
#[derive(Clone, Debug, PartialEq)]
pub enum MergeAction {
    /// `UPDATE SET …`.
    Update(Vec<Assignment>),
    /// `INSERT (…) VALUES (…)`; no columns means by position.
    Insert(Vec<Ident>, Vec<Expr>),
    /// `DELETE`.
    Delete,
    /// `DO NOTHING`.
    Nothing,
}

/// `COPY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    /// The table, unless a query is copied out.
    pub table: Option<ObjectName>,
    /// `COPY (query) TO`.
    pub query: Option<Box<Query>>,
    /// The column list; empty means all, by position.
    pub columns: Vec<Ident>,
    /// In or out.
    pub direction: CopyDirection,
}

/// Which way rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyDirection {
    /// `FROM`: into the table.
    In,
    /// `TO`: out of it.
    Out,
}
