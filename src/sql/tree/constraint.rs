//! Constraints as written, with a column or on their own.

use super::{Expr, Ident, IndexElement, ObjectName, SequenceOptions, StorageParameter};
use crate::text::Span;

/// A constraint that stands with a column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnConstraint {
    /// `CONSTRAINT name`.
    pub name: Option<Ident>,
    /// What it demands.
    pub kind: ColumnConstraintKind,
    /// Deferrability and validity.
    pub flags: ConstraintFlags,
    /// The whole of it.
    pub span: Span,
}

/// Kinds of column constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnConstraintKind {
    /// `NOT NULL`.
    NotNull,
    /// `NULL`.
    Null,
    /// `DEFAULT expression`.
    Default(Expr),
    /// `GENERATED ALWAYS AS (expression) STORED | VIRTUAL`.
    Generated(Expr, GeneratedKind),
    /// `GENERATED … AS IDENTITY (…)`; Redshift's `IDENTITY(1,1)`, MySQL's `AUTO_INCREMENT`.
    Identity(IdentityKind, SequenceOptions),
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `UNIQUE`.
    Unique {
        /// `NULLS NOT DISTINCT`.
        nulls_not_distinct: bool,
    },
    /// `CHECK (…)`.
    Check {
        /// The condition.
        expression: Expr,
        /// `NO INHERIT`.
        no_inherit: bool,
    },
    /// `REFERENCES t (c) …`.
    References(References),
}

/// When a generated column is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GeneratedKind {
    /// On write.
    Stored,
    /// On read (PostgreSQL 18, MySQL).
    Virtual,
}

/// Who provides an identity column's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentityKind {
    /// Always the sequence.
    Always,
    /// The sequence, unless a value is given.
    ByDefault,
}

/// A table constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct TableConstraint {
    /// `CONSTRAINT name`.
    pub name: Option<Ident>,
    /// What it demands.
    pub kind: TableConstraintKind,
    /// Deferrability and validity.
    pub flags: ConstraintFlags,
    /// The whole of it.
    pub span: Span,
}

/// Kinds of table constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum TableConstraintKind {
    /// `PRIMARY KEY (…)`.
    PrimaryKey {
        /// The key's columns.
        columns: Vec<Ident>,
        /// `INCLUDE (…)`.
        include: Vec<Ident>,
        /// `WITH (…)`, `USING INDEX TABLESPACE`.
        parameters: Vec<StorageParameter>,
        /// The last column is a range `WITHOUT OVERLAPS` (PostgreSQL 18).
        without_overlaps: bool,
    },
    /// `UNIQUE (…)`.
    Unique {
        /// The columns.
        columns: Vec<Ident>,
        /// `INCLUDE (…)`.
        include: Vec<Ident>,
        /// `NULLS NOT DISTINCT`.
        nulls_not_distinct: bool,
        /// `WITH (…)`.
        parameters: Vec<StorageParameter>,
        /// The last column is a range `WITHOUT OVERLAPS` (PostgreSQL 18).
        without_overlaps: bool,
    },
    /// `PRIMARY KEY USING INDEX i` (`primary`) or `UNIQUE USING INDEX i`.
    UsingIndex {
        /// Whether it becomes the primary key.
        primary: bool,
        /// The index.
        index: Ident,
    },
    /// `CHECK (…)`.
    Check {
        /// The condition.
        expression: Expr,
        /// `NO INHERIT`.
        no_inherit: bool,
    },
    /// `NOT NULL c` (PostgreSQL 18).
    NotNull {
        /// The column.
        column: Ident,
        /// `NO INHERIT`.
        no_inherit: bool,
    },
    /// `FOREIGN KEY (…) REFERENCES …`.
    ForeignKey {
        /// This side's columns.
        columns: Vec<Ident>,
        /// The other side.
        references: References,
    },
    /// `EXCLUDE USING gist (c WITH &&) WHERE (…)`.
    Exclude {
        /// `gist` …
        method: Option<Ident>,
        /// Each element and its operator.
        elements: Vec<(IndexElement, String)>,
        /// `INCLUDE (…)`.
        include: Vec<Ident>,
        /// `WHERE (…)`.
        predicate: Option<Expr>,
    },
}

/// What any constraint may say about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConstraintFlags {
    /// `DEFERRABLE` and `INITIALLY`, as far as written.
    pub deferrability: Option<Deferrability>,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// `NOT ENFORCED` (PostgreSQL 18).
    pub not_enforced: bool,
    /// `NO INHERIT` of a column's `NOT NULL` (PostgreSQL 18); `CHECK` and table constraints have their own.
    pub no_inherit: bool,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deferrability {
    /// `NOT DEFERRABLE`.
    NotDeferrable,
    /// `DEFERRABLE [INITIALLY IMMEDIATE]`.
    Deferrable,
    /// `INITIALLY DEFERRED`.
    InitiallyDeferred,
}

/// `REFERENCES t (c) MATCH … ON DELETE … ON UPDATE …`.
#[derive(Clone, Debug, PartialEq)]
pub struct References {
    /// The referenced table.
    pub table: ObjectName,
    /// Its columns; empty means its primary key.
    pub columns: Vec<Ident>,
    /// `MATCH`.
    pub matching: ForeignKeyMatch,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// `ON DELETE SET NULL (c, …)` (PostgreSQL 15).
    pub on_delete_columns: Vec<Ident>,
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
    /// The last column of both sides is a `PERIOD` (PostgreSQL 18).
    pub period: bool,
}

/// `MATCH`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ForeignKeyMatch {
    /// The default.
    #[default]
    Simple,
    /// All or none null.
    Full,
}

/// Referential actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ForeignKeyAction {
    /// The default.
    #[default]
    NoAction,
    /// At once.
    Restrict,
    /// Rows follow.
    Cascade,
    /// Columns become null.
    SetNull,
    /// Columns take their default.
    SetDefault,
}
