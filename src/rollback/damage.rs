//! What a table loses, and what is asked of a table everywhere here.

use std::collections::BTreeSet;

use crate::schema::{Column, ColumnGeneration, ColumnNumber, ConstraintKind, ObjectId, Schema};

/// What one table loses.
#[derive(Debug, Default)]
pub(super) struct Damage {
    /// These columns' values.
    pub(super) columns: BTreeSet<ColumnNumber>,
    /// Whole rows.
    pub(super) rows: bool,
    /// It goes altogether.
    pub(super) table: bool,
}

/// Whether the server computes the column's values.
pub(super) fn is_computed(column: &Column) -> bool {
    matches!(column.generation, ColumnGeneration::Generated(..))
}

/// The name for people.
pub(super) fn label(schema: &Schema, table: ObjectId) -> String {
    schema.qualified_name(table).map(|name| name.to_string()).unwrap_or_default()
}

/// The columns of the primary key.
pub(super) fn primary_key(schema: &Schema, table: ObjectId) -> Option<Vec<ColumnNumber>> {
    schema.on_table(table).into_iter().find_map(|constraint| match &schema.constraint(constraint)?.kind {
        ConstraintKind::PrimaryKey { columns, .. } => Some(columns.clone()),
        _ => None,
    })
}
