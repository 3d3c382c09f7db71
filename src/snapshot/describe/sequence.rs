//! Sequences, alone and behind identity columns.

use super::grants::Context;
use crate::schema::{Column, ObjectBody, ObjectId, Part, Persistence, Schema, Sequence, ddl, format_type};
use crate::snapshot::file::{SequenceEntry, text};

/// A sequence that is listed by itself.
pub(super) fn sequence_entry(context: &Context<'_>, id: ObjectId, sequence: &Sequence) -> SequenceEntry {
    let schema = context.schema;
    let mut entry = options(sequence);
    if !sequence.data_type.is_builtin("int8") {
        entry.data_type = Some(text(format_type(schema, &sequence.data_type)));
    }
    entry.owned_by = sequence.owned_by.and_then(|owner| match owner.part {
        Part::Column(number) => {
            let column = schema.column(owner.object, number)?;
            Some(text(format!("{}.{}", ddl::quoted_name(schema, owner.object), schema.dialect.quote(&column.name))))
        }
        Part::Whole | Part::Default(_) => None,
    });
    if let Some(object) = schema.get(id) {
        entry.comment = Context::comment_of(object);
        entry.owner = context.owner_of(object);
        entry.grants = context.grants_of(object);
    }
    entry
}

/// The sequence of an identity column, or `None` when all of it is as the server would choose it.
pub(super) fn identity_sequence(schema: &Schema, relation: ObjectId, column: &Column, id: ObjectId) -> Option<SequenceEntry> {
    let object = schema.get(id)?;
    let ObjectBody::Sequence(sequence) = &object.body else { return None };
    let mut entry = options(sequence);
    let table = schema.get(relation)?;
    let is_chosen_name = object.name == ddl::chosen_sequence_name(&table.name, &column.name) && object.namespace == table.namespace;
    if !is_chosen_name {
        entry.name = Some(text(ddl::quoted_name(schema, id)));
    }
    if sequence.data_type != column.data_type {
        entry.data_type = Some(text(format_type(schema, &sequence.data_type)));
    }
    entry.comment = Context::comment_of(object);
    entry.grants = Context { schema, owner: object.owner.as_ref().map(ToString::to_string) }.grants_of(object);
    let says_something = serde_json::to_value(&entry).is_ok_and(|value| value.as_object().is_some_and(|map| !map.is_empty()));
    says_something.then_some(entry)
}

fn options(sequence: &Sequence) -> SequenceEntry {
    let (minimum, maximum) = ddl::sequence_range(&sequence.data_type, sequence.increment);
    let start = if sequence.increment < 0 { sequence.maximum } else { sequence.minimum };
    SequenceEntry {
        start: (sequence.start != start).then_some(sequence.start),
        increment: (sequence.increment != 1).then_some(sequence.increment),
        minimum: (sequence.minimum != minimum).then_some(sequence.minimum),
        maximum: (sequence.maximum != maximum).then_some(sequence.maximum),
        cache: (sequence.cache != 1).then_some(sequence.cache),
        cycle: sequence.cycle,
        unlogged: sequence.persistence == Persistence::Unlogged,
        last_value: sequence.last_value,
        ..SequenceEntry::default()
    }
}
