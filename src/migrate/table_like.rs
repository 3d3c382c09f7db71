//! `LIKE t INCLUDING …`: what a new table copies from another.
//!
//! Source: PostgreSQL 15, transformTableLikeClause and expandTableLikeClause (parse_utilcmd.c); manual, CREATE TABLE.

use super::column::{ColumnParts, Filling};
use super::naming::{Meant, index_name_addition};
use super::work::{Applied, Work};
use crate::schema::format_type;
use crate::schema::{Column, ColumnGeneration, Constraint, ConstraintKind, Index, IndexKey, ObjectBody, ObjectId};
use crate::sql::tree::{LikeOption, SequenceOptions};

fn includes(options: &[LikeOption], what: &str) -> bool {
    options.iter().rev().find(|option| option.what == what || option.what == "ALL").is_some_and(|option| option.including)
}

impl Work<'_> {
    /// The columns that come with `LIKE`.
    pub(super) fn columns_like(&self, source: ObjectId, options: &[LikeOption]) -> Vec<ColumnParts> {
        self.schema.columns(source).iter().map(|column| self.column_like(source, column, options)).collect()
    }

    fn column_like(&self, source: ObjectId, column: &Column, options: &[LikeOption]) -> ColumnParts {
        let mut own = Column::new(column.number, column.name.clone(), column.data_type.clone());
        own.not_null = column.not_null;
        own.collation = column.collation.clone();
        if includes(options, "COMMENTS") {
            own.comment = column.comment.clone();
        }
        let kept = |word: &str| match word {
            "STORAGE" => includes(options, "STORAGE"),
            "COMPRESSION" => includes(options, "COMPRESSION"),
            _ => false,
        };
        own.options = column.options.iter().filter(|(word, _)| kept(word)).cloned().collect();
        let filling = match &column.generation {
            ColumnGeneration::Default(_) if includes(options, "DEFAULTS") => Filling::Stored(column.generation.clone(), source),
            ColumnGeneration::Generated(..) if includes(options, "GENERATED") => Filling::Stored(column.generation.clone(), source),
            ColumnGeneration::Identity(kind, sequence) if includes(options, "IDENTITY") => Filling::Identity(*kind, self.options_of(*sequence)),
            _ => Filling::None,
        };
        ColumnParts { column: own, filling, constraints: Vec::new(), has_conflicting_fillings: false }
    }

    fn options_of(&self, sequence: ObjectId) -> SequenceOptions {
        let Some(ObjectBody::Sequence(sequence)) = self.schema.get(sequence).map(|object| &object.body) else { return SequenceOptions::default() };
        let name = format_type(&self.schema, &sequence.data_type);
        let mut sources = crate::text::Sources::default();
        let id = sources.add("<type of a sequence>", name);
        SequenceOptions {
            data_type: crate::sql::read_type(&sources, id, self.schema.dialect).ok(),
            increment: Some(sequence.increment),
            minimum: Some(Some(sequence.minimum)),
            maximum: Some(Some(sequence.maximum)),
            start: Some(sequence.start),
            cache: Some(sequence.cache),
            cycle: Some(sequence.cycle),
            ..SequenceOptions::default()
        }
    }

    /// Checks, indexes and keys that come with `LIKE`, after the table is there.
    pub(super) fn take_over_like(&mut self, source: ObjectId, table: ObjectId, options: &[LikeOption]) -> Applied {
        for id in self.schema.on_table(source) {
            let Some(object) = self.schema.get(id).cloned() else { continue };
            match &object.body {
                ObjectBody::Constraint(constraint) if includes(options, "CONSTRAINTS") => {
                    let ConstraintKind::Check { expression, no_inherit } = &constraint.kind else { continue };
                    self.constraint_name_is_free(table, &object.name)?;
                    let kind = ConstraintKind::Check { expression: self.moved_to(expression, source, table), no_inherit: *no_inherit };
                    let copy = Constraint { owner: table, kind, inherited_from: 0, is_local: true, parent: None, ..constraint.clone() };
                    let namespace = self.namespace_of(table);
                    let copy = self.schema.insert(object.name.clone(), namespace, ObjectBody::Constraint(copy));
                    if includes(options, "COMMENTS") {
                        self.schema.update(copy, |own| own.comment.clone_from(&object.comment));
                    }
                }
                _ => {}
            }
        }
        if includes(options, "INDEXES") {
            for id in self.schema.on_table(source) {
                if self.schema.index(id).is_some() {
                    self.copy_index_like(source, id, table)?;
                }
            }
        }
        Ok(())
    }

    fn copy_index_like(&mut self, source: ObjectId, index: ObjectId, table: ObjectId) -> Applied {
        let Some(body) = self.schema.index(index).cloned() else { return Ok(()) };
        let keys: Vec<IndexKey> = body
            .keys
            .iter()
            .map(|key| IndexKey {
                column: key.column.map(|number| self.same_column(source, number, table)),
                expression: self.moved_to(&key.expression, source, table),
                ..key.clone()
            })
            .collect();
        let constraint = self.constraint_of_index(index).and_then(|constraint| self.schema.constraint(constraint)).cloned();
        if matches!(constraint.as_ref().map(|constraint| &constraint.kind), Some(ConstraintKind::PrimaryKey { .. })) {
            self.has_no_primary_key(table)?;
        }
        let Some(namespace) = self.namespace_of(table) else { return Ok(()) };
        let names: Vec<String> = keys.iter().map(|key| self.key_word(table, key)).collect();
        let addition = index_name_addition(names.iter().map(String::as_str));
        let own_name = self.name_of(table);
        let name = match constraint.as_ref().map(|constraint| &constraint.kind) {
            Some(ConstraintKind::PrimaryKey { .. }) => self.choose_relation_name(&own_name, None, "pkey", namespace, Meant::Constraint),
            Some(ConstraintKind::Exclude { .. }) => self.choose_relation_name(&own_name, Some(&addition), "excl", namespace, Meant::Constraint),
            Some(_) => self.choose_relation_name(&own_name, Some(&addition), "key", namespace, Meant::Constraint),
            None => self.choose_relation_name(&own_name, Some(&addition), "idx", namespace, Meant::Relation),
        };
        let columns = keys.iter().filter_map(|key| key.column).collect();
        let include = body.include.iter().map(|number| self.same_column(source, *number, table)).collect();
        let predicate = body.predicate.as_ref().map(|predicate| self.moved_to(predicate, source, table));
        let copy = Index { table, keys, include, predicate, parent: None, ..body };
        let copy = self.insert_object(name.clone(), namespace, ObjectBody::Index(copy));
        if let Some(constraint) = constraint {
            let kind = match constraint.kind {
                ConstraintKind::PrimaryKey { .. } => ConstraintKind::PrimaryKey { columns, index: copy },
                ConstraintKind::Unique { .. } => ConstraintKind::Unique { columns, index: copy },
                ConstraintKind::Exclude { ref operators, .. } => ConstraintKind::Exclude { index: copy, operators: operators.clone() },
                other => other,
            };
            let constraint = Constraint { owner: table, kind, inherited_from: 0, is_local: true, parent: None, ..constraint };
            self.schema.insert(name, Some(namespace), ObjectBody::Constraint(constraint));
        }
        Ok(())
    }

    /// The word for a key in an index's name: the column's name, or the function's that the expression starts with.
    fn key_word(&self, table: ObjectId, key: &IndexKey) -> String {
        if let Some(column) = key.column.and_then(|number| self.schema.column(table, number)) {
            return column.name.to_string();
        }
        let text = key.expression.pieces().first().map(|piece| match piece {
            crate::schema::Piece::Text(text) => text.to_string(),
            _ => String::new(),
        });
        let word: String = text.unwrap_or_default().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        if word.is_empty() { String::from("expr") } else { word }
    }
}
