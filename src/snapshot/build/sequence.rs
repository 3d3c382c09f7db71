//! Sequences, alone and behind identity columns.

use super::context::Context;
use super::name;
use crate::diagnostic::Problem;
use crate::name::{Name, QualifiedName};
use crate::schema::{Address, DataType, ObjectBody, ObjectId, Persistence, Sequence, ddl};
use crate::snapshot::file::{SequenceEntry, Text};

/// A sequence with everything but its owner column.
pub(super) fn sequence_of(entry: &SequenceEntry, data_type: DataType, owned_by: Option<Address>) -> Sequence {
    let increment = entry.increment.unwrap_or(1);
    let (lowest, highest) = ddl::sequence_range(&data_type, increment);
    let (minimum, maximum) = (entry.minimum.unwrap_or(lowest), entry.maximum.unwrap_or(highest));
    Sequence {
        data_type,
        start: entry.start.unwrap_or(if increment < 0 { maximum } else { minimum }),
        increment,
        minimum,
        maximum,
        cache: entry.cache.unwrap_or(1),
        cycle: entry.cycle,
        owned_by,
        persistence: if entry.unlogged { Persistence::Unlogged } else { Persistence::Permanent },
        last_value: entry.last_value,
    }
}

impl Context<'_> {
    /// The column that a sequence goes with.
    pub(super) fn owner_column(&mut self, text: &Text) -> Option<Address> {
        let parts = name::split(&text.value).unwrap_or_default();
        let [schema, table, column] = parts.as_slice() else {
            let problem = Problem::error("snapshot-owner-column", format!("`{}` is not `schema.table.column`", text.value)).at(text.span);
            self.problem(problem);
            return None;
        };
        let table = Text { value: format!("{}.{}", quoted(schema), quoted(table)), span: text.span };
        let table = self.relation(&table)?;
        let column = self.column(table, &Text { value: column.clone(), span: text.span })?;
        Some(Address::column(table, column))
    }

    /// Makes the sequence of an identity column and gives its identity.
    pub(super) fn identity_sequence(
        &mut self,
        table: ObjectId,
        column: Address,
        column_name: &Name,
        data_type: &DataType,
        entry: Option<&SequenceEntry>,
    ) -> ObjectId {
        let nothing = SequenceEntry::default();
        let entry = entry.unwrap_or(&nothing);
        let namespace = self.schema.get(table).and_then(|object| object.namespace);
        let data_type = match &entry.data_type {
            Some(text) => self.data_type(namespace, text),
            None => data_type.clone(),
        };
        let table_name = self.schema.get(table).map_or_else(|| Name::stored(""), |object| object.name.clone());
        let chosen = || (namespace, ddl::chosen_sequence_name(&table_name, column_name));
        let named = entry.name.as_ref().and_then(|text| name::split(&text.value));
        let (namespace, own_name) = match named.as_deref() {
            Some([schema, own]) => {
                let name = QualifiedName::new(Name::stored(schema.as_str()), Name::stored(own.as_str()));
                (self.schema.namespace(&name.schema).or(namespace), name.name)
            }
            _ => chosen(),
        };
        let owner = self.schema.get(table).and_then(|object| object.owner.clone());
        let id = self.schema.insert(own_name, namespace, ObjectBody::Sequence(sequence_of(entry, data_type, Some(column))));
        self.schema.update(id, |object| object.owner = owner);
        self.comment(id, entry.comment.as_ref());
        self.grants(id, &entry.grants);
        id
    }
}

fn quoted(part: &str) -> String {
    format!("\"{}\"", part.replace('"', "\"\""))
}
