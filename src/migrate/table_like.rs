//! `LIKE t INCLUDING …`: what a new table copies from another.
//!
//! Source: PostgreSQL 15, transformTableLikeClause and expandTableLikeClause (parse_utilcmd.c); manual, CREATE TABLE.

use std::sync::Arc;

use super::check_merging::CheckFlags;
use super::column::{ColumnParts, Filling};
use super::naming::{Meant, index_name_addition, numbered, object_name};
use super::work::{Applied, Work};
use crate::schema::format_type;
use crate::schema::{
    Address, Column, ColumnGeneration, Constraint, ConstraintKind, Definition, Index, IndexKey, IndexState, ObjectBody, ObjectId, OtherObject, Part, Piece,
};
use crate::sql::tree::{LikeOption, ObjectKind, SequenceOptions};

/// Whether something is copied: the last word on it counts.
pub(super) fn includes(options: &[LikeOption], what: &str) -> bool {
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
                    let wanted = self.moved_to(expression, source, table);
                    if let Some(own) = self.constraint_named(table, &object.name) {
                        self.merge_with_inherited(table, own, &wanted, CheckFlags { no_inherit: *no_inherit, not_valid: false })?;
                        continue;
                    }
                    let kind = ConstraintKind::Check { expression: wanted, no_inherit: *no_inherit };
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
                if self.schema.index(id).is_some()
                    && let Some(copy) = self.copy_index_like(source, id, table)?
                    && includes(options, "COMMENTS")
                {
                    self.copy_comment(id, copy);
                }
            }
        }
        if includes(options, "STATISTICS") {
            for id in self.schema.on_table(source) {
                if let Some(copy) = self.copy_statistics_like(source, id, table)
                    && includes(options, "COMMENTS")
                {
                    self.copy_comment(id, copy);
                }
            }
        }
        Ok(())
    }

    fn copy_comment(&mut self, from: ObjectId, to: ObjectId) {
        let comment = self.schema.get(from).and_then(|object| object.comment.clone());
        self.schema.update(to, |object| object.comment = comment);
    }

    /// Extended statistics of another table, under a name of their own (ChooseExtendedStatisticName).
    fn copy_statistics_like(&mut self, source: ObjectId, id: ObjectId, table: ObjectId) -> Option<ObjectId> {
        let ObjectBody::Other(other) = &self.schema.get(id)?.body else { return None };
        if other.kind != ObjectKind::Statistics {
            return None;
        }
        let text = other.definition.print(&self.schema);
        let upper = text.to_ascii_uppercase();
        let (on, from) = (upper.find(" ON ")?, upper.rfind(" FROM ")?);
        let kinds = text.get(..on)?.split_once('(').map_or_else(String::new, |(_, kinds)| format!("({kinds} "));
        let parts = text.get(on + 4..from)?.to_owned();
        let needs: Vec<Address> = other
            .definition
            .needs()
            .iter()
            .filter_map(|address| match address.part {
                Part::Column(number) if address.object == source => Some(Address::column(table, self.same_column(source, number, table))),
                _ => None,
            })
            .collect();
        let words: Vec<String> =
            comma_parts(&parts).iter().map(|part| if part.starts_with('(') || part.contains('(') { "expr" } else { part }.to_owned()).collect();
        let addition = index_name_addition(words.iter().map(|word| word.trim_matches('"')));
        let namespace = self.namespace_of(table);
        let own_name = self.name_of(table);
        let name = numbered("stat", |label| {
            let name = object_name(&own_name, Some(&addition), label);
            self.statistics_named(namespace, &name).is_none().then_some(name)
        });
        let start = Piece::Text(Arc::from(format!("CREATE STATISTICS {} {kinds}ON {parts} FROM ", self.schema.dialect.quote(&name))));
        let definition = Definition::new(vec![start, Piece::Relation { relation: table }]).needing(needs);
        let body = ObjectBody::Other(OtherObject { kind: ObjectKind::Statistics, table: Some(table), definition });
        Some(self.insert_in(name, namespace, body))
    }

    fn copy_index_like(&mut self, source: ObjectId, index: ObjectId, table: ObjectId) -> Applied<Option<ObjectId>> {
        let Some(body) = self.schema.index(index).cloned() else { return Ok(None) };
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
        let Some(namespace) = self.namespace_of(table) else { return Ok(None) };
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
        let copy = Index { table, keys, include, predicate, parent: None, state: IndexState::Valid, only: false, ..body };
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
        Ok(Some(copy))
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

/// The parts between the commas that stand in no parentheses.
fn comma_parts(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (place, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(text.get(start..place).unwrap_or("").trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or("").trim());
    parts
}
