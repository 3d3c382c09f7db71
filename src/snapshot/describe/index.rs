//! Indexes and their keys.

use std::sync::Arc;

use crate::name::Name;
use crate::schema::{Index, IndexKey, IndexState, ObjectId, Schema, ddl};
use crate::snapshot::file::{ExclusionElement, IndexEntry, KeyPart, NullsWord, Text, text};
use crate::yaml::{Brief, Entries};

/// An index that stands behind no constraint.
pub(super) fn index_entry(schema: &Schema, id: ObjectId, index: &Index) -> IndexEntry {
    let plain = plain_columns(schema, index);
    IndexEntry {
        columns: plain.clone().unwrap_or_default(),
        keys: if plain.is_some() { Vec::new() } else { index.keys.iter().map(|key| Brief(key_part(schema, index.table, key))).collect() },
        unique: index.unique,
        method: (&*index.method != "btree").then(|| text(&*index.method)),
        include: column_names(schema, index.table, &index.include),
        predicate: index.predicate.as_ref().map(|predicate| text(predicate.print(schema))),
        nulls_not_distinct: index.nulls_not_distinct,
        parameters: pairs(&index.parameters),
        tablespace: index.tablespace.as_deref().map(text),
        invalid: index.state == IndexState::Invalid,
        only: index.only,
        parent: index.parent.map(|parent| text(ddl::quoted_name(schema, parent))),
        comment: schema.get(id).and_then(|object| object.comment.as_deref().map(text)),
    }
}

/// The columns, when every key is a column without options.
fn plain_columns(schema: &Schema, index: &Index) -> Option<Vec<Text>> {
    let plain = |key: &IndexKey| {
        let column = schema.column(index.table, key.column?)?;
        let has_no_options = key.collation.is_none() && key.operator_class.is_none() && !key.descending && !key.nulls_first;
        has_no_options.then(|| text(column.name.as_str()))
    };
    index.keys.iter().map(plain).collect()
}

fn key_part(schema: &Schema, table: ObjectId, key: &IndexKey) -> KeyPart {
    let column = key.column.and_then(|number| schema.column(table, number));
    KeyPart {
        column: column.map(|column| text(column.name.as_str())),
        expression: if column.is_none() { Some(text(key.expression.print(schema))) } else { None },
        collation: key.collation.as_deref().map(text),
        operator_class: key.operator_class.as_deref().map(text),
        descending: key.descending,
        nulls: nulls_word(key),
    }
}

/// One key of an exclusion constraint with its operator.
pub(super) fn exclusion_element(schema: &Schema, table: ObjectId, key: &IndexKey, operator: Option<&Arc<str>>) -> ExclusionElement {
    let part = key_part(schema, table, key);
    ExclusionElement {
        column: part.column,
        expression: part.expression,
        operator: operator.map(|operator| text(&**operator)),
        collation: part.collation,
        operator_class: part.operator_class,
        descending: part.descending,
        nulls: part.nulls,
    }
}

fn nulls_word(key: &IndexKey) -> Option<NullsWord> {
    match (key.descending, key.nulls_first) {
        (false, true) => Some(NullsWord::First),
        (true, false) => Some(NullsWord::Last),
        (false, false) | (true, true) => None,
    }
}

/// Column names as they are stored.
pub(super) fn column_names(schema: &Schema, relation: ObjectId, columns: &[crate::schema::ColumnNumber]) -> Vec<Text> {
    let name = |number| schema.column(relation, number).map_or_else(|| Name::stored("???"), |column| column.name.clone());
    columns.iter().map(|number| text(name(*number).as_str())).collect()
}

/// Names and values as a mapping.
pub(super) fn pairs(list: &[(Arc<str>, Arc<str>)]) -> Entries<Text> {
    Entries(list.iter().map(|(name, value)| (text(&**name), text(&**value))).collect())
}
