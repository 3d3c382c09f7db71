//! A constraint of a table or a domain.

use std::sync::Arc;

use super::{ColumnNumber, Definition, ObjectId};
use crate::sql::tree::{Deferrability, ForeignKeyAction, ForeignKeyMatch};

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// Unique and not null, with its index.
    PrimaryKey {
        /// The key in order.
        columns: Vec<ColumnNumber>,
        /// The index behind it.
        index: ObjectId,
    },
    /// Unique, with its index.
    Unique {
        /// The columns in order.
        columns: Vec<ColumnNumber>,
        /// The index behind it.
        index: ObjectId,
    },
    /// A condition on each row; on a domain, on each value.
    Check {
        /// The condition.
        expression: Definition,
        /// `NO INHERIT`.
        no_inherit: bool,
    },
    /// A named not-null (PostgreSQL 18).
    NotNull {
        /// The column.
        column: ColumnNumber,
    },
    /// A reference to another table.
    ForeignKey(ForeignKey),
    /// No two rows may satisfy all operators, with its index.
    Exclude {
        /// The index behind it.
        index: ObjectId,
        /// The operator of each key.
        operators: Vec<Arc<str>>,
    },
    /// A constraint trigger's row in the list of constraints.
    Trigger,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// This side, in order.
    pub columns: Vec<ColumnNumber>,
    /// The other table.
    pub references: ObjectId,
    /// Its columns, in order.
    pub referenced_columns: Vec<ColumnNumber>,
    /// The index there that makes the reference unique.
    pub referenced_index: Option<ObjectId>,
    /// `MATCH`.
    pub matching: ForeignKeyMatch,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// `ON DELETE SET … (columns)`.
    pub on_delete_columns: Vec<ColumnNumber>,
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
}

/// A constraint. Its name is the [`super::Object`]'s; the name is unique among the constraints of its table or domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The table or the domain.
    pub owner: ObjectId,
    /// What it demands.
    pub kind: ConstraintKind,
    /// When it is checked.
    pub deferrability: Deferrability,
    /// `NOT VALID` is false.
    pub validated: bool,
    /// `NOT ENFORCED` (PostgreSQL 18) is false.
    pub enforced: bool,
    /// From how many parents it comes.
    pub inherited_from: u16,
    /// Whether it was declared here.
    pub is_local: bool,
    /// The constraint of the partitioned table that this one belongs to.
    pub parent: Option<ObjectId>,
}
