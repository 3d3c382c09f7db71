//! Indexes and their keys.

use std::sync::Arc;

use super::context::{Context, pairs};
use crate::diagnostic::Problem;
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::schema::{Definition, Index, IndexKey, IndexState, NameSpace, ObjectBody, ObjectId, Piece, TableKind};
use crate::snapshot::file::{IndexEntry, KeyPart, NullsWord, Text};
use crate::yaml::{Brief, Entries};

/// An index without keys.
pub(super) fn empty_index(table: ObjectId, method: &str) -> Index {
    Index {
        table,
        unique: false,
        method: Arc::from(method),
        keys: Vec::new(),
        include: Vec::new(),
        nulls_not_distinct: false,
        predicate: None,
        parameters: Vec::new(),
        tablespace: None,
        state: IndexState::Valid,
        parent: None,
        only: false,
    }
}

impl Context<'_> {
    /// Indexes that stand behind no constraint; to which indexes they are attached is told later.
    pub(super) fn indexes(&mut self, table: ObjectId, entries: &Entries<Brief<IndexEntry>>) {
        for (name, Brief(entry)) in &entries.0 {
            let namespace = self.schema.get(table).and_then(|object| object.namespace);
            let mut index = empty_index(table, entry.method.as_ref().map_or("btree", |method| method.value.as_str()));
            index.unique = entry.unique;
            index.keys = self.index_keys(table, name, entry);
            index.include = self.columns(table, &entry.include);
            index.nulls_not_distinct = entry.nulls_not_distinct;
            index.predicate = entry.predicate.as_ref().map(|text| self.predicate(table, text));
            index.parameters = pairs(&entry.parameters);
            index.tablespace = entry.tablespace.as_ref().map(|text| Arc::from(text.value.as_str()));
            index.state = if entry.invalid { IndexState::Invalid } else { IndexState::Valid };
            let is_partitioned = self.schema.table(table).is_some_and(|table| table.kind == TableKind::Partitioned);
            index.only = entry.only && is_partitioned;
            if let Some(id) = self.insert(NameSpace::Relation, namespace, name, ObjectBody::Index(index)) {
                self.comment(id, entry.comment.as_ref());
            }
        }
    }

    /// Attaches indexes of partitions to those of their tables, once all are there.
    pub(super) fn attach_indexes(&mut self, table: ObjectId, entries: &Entries<Brief<IndexEntry>>) {
        let Some(namespace) = self.schema.get(table).and_then(|object| object.namespace) else { return };
        for (name, Brief(entry)) in &entries.0 {
            let Some(parent) = &entry.parent else { continue };
            let own = self.schema.find(NameSpace::Relation, Some(namespace), &Self::name(name));
            if let (Some(own), Some(parent)) = (own, self.index(parent)) {
                self.set_parent(own, parent);
            }
        }
    }

    /// Attaches one index to another.
    pub(super) fn set_parent(&mut self, index: ObjectId, parent: ObjectId) {
        self.schema.update(index, |object| {
            if let ObjectBody::Index(index) = &mut object.body {
                index.parent = Some(parent);
            }
        });
    }

    fn index_keys(&mut self, table: ObjectId, name: &Text, entry: &IndexEntry) -> Vec<IndexKey> {
        if entry.columns.is_empty() == entry.keys.is_empty() {
            let problem = Problem::error("snapshot-index-keys", format!("the index `{}` needs either `columns` or `keys`", name.value)).at(name.span);
            self.problem(problem);
        }
        let columns = entry.columns.iter().map(|column| KeyPart { column: Some(column.clone()), ..KeyPart::default() });
        let parts: Vec<KeyPart> = columns.chain(entry.keys.iter().map(|Brief(part)| part.clone())).collect();
        parts.iter().filter_map(|part| self.index_key(table, part)).collect()
    }

    /// One key; in short a text is a column when there is one of that name, else an expression.
    pub(super) fn index_key(&mut self, table: ObjectId, part: &KeyPart) -> Option<IndexKey> {
        let names_column = |text: &Text| self.schema.columns(table).iter().any(|column| column.name.as_str() == text.value);
        let column_text = part.column.clone().or_else(|| part.expression.clone().filter(names_column));
        let (column, expression) = match (&column_text, &part.expression) {
            (Some(text), _) => {
                let number = self.column(table, text)?;
                (Some(number), Definition::new(vec![Piece::Column { relation: table, column: number, output: None }]))
            }
            (None, Some(text)) => {
                let namespace = self.schema.get(table).and_then(|object| object.namespace);
                (None, self.expression(namespace, &ExpressionScope::of_relation(ExpressionPurpose::IndexKey, table), text))
            }
            (None, None) => return None,
        };
        Some(IndexKey {
            column,
            expression,
            collation: part.collation.as_ref().map(|text| Arc::from(text.value.as_str())),
            operator_class: part.operator_class.as_ref().map(|text| Arc::from(text.value.as_str())),
            descending: part.descending,
            nulls_first: part.nulls.map_or(part.descending, |word| word == NullsWord::First),
        })
    }

    /// The condition of a partial index.
    pub(super) fn predicate(&mut self, table: ObjectId, text: &Text) -> Definition {
        let namespace = self.schema.get(table).and_then(|object| object.namespace);
        self.expression(namespace, &ExpressionScope::of_relation(ExpressionPurpose::IndexPredicate, table), text)
    }
}
