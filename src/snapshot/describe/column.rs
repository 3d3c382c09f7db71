//! Columns and attributes.

use super::grants::column_grants;
use super::sequence::identity_sequence;
use crate::schema::{Column, ColumnGeneration, ObjectId, Schema, format_type};
use crate::snapshot::file::{ColumnEntry, IdentityWord, text};
use crate::sql::tree::{GeneratedKind, IdentityKind};
use crate::yaml::{Brief, Entries};

/// All columns in their order.
pub(super) fn columns(schema: &Schema, relation: ObjectId) -> Entries<Brief<ColumnEntry>> {
    Entries(schema.columns(relation).iter().map(|column| (text(column.name.as_str()), Brief(column_entry(schema, relation, column)))).collect())
}

fn column_entry(schema: &Schema, relation: ObjectId, column: &Column) -> ColumnEntry {
    let mut entry = ColumnEntry {
        data_type: Some(text(format_type(schema, &column.data_type))),
        not_null: column.not_null,
        collation: column.collation.as_deref().map(text),
        comment: column.comment.as_deref().map(text),
        options: Entries(column.options.iter().map(|(word, value)| (text(word.to_ascii_lowercase()), text(&**value))).collect()),
        inherited: column.inherited_from,
        local: (!column.is_local).then_some(false),
        grants: column_grants(&column.grants),
        ..ColumnEntry::default()
    };
    match &column.generation {
        ColumnGeneration::None => {}
        ColumnGeneration::Default(default) => entry.default = Some(text(default.print(schema))),
        ColumnGeneration::Generated(expression, kind) => {
            entry.generated = Some(text(expression.print(schema)));
            entry.virtual_ = *kind == GeneratedKind::Virtual;
        }
        ColumnGeneration::Identity(kind, sequence) => {
            entry.identity = Some(match kind {
                IdentityKind::Always => IdentityWord::Always,
                IdentityKind::ByDefault => IdentityWord::ByDefault,
            });
            entry.sequence = identity_sequence(schema, relation, column, *sequence);
        }
    }
    entry
}
