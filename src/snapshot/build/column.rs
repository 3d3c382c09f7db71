//! Columns: first their names and types, later what fills them.

use std::sync::Arc;

use super::context::{Context, options};
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::schema::{Address, Column, ColumnGeneration, ColumnNumber, ObjectBody, ObjectId, UserType};
use crate::snapshot::file::{ColumnEntry, IdentityWord, Text};
use crate::sql::tree::{GeneratedKind, IdentityKind};
use crate::yaml::{Brief, Entries};

impl Context<'_> {
    /// Names, types and everything else that needs no other object but types.
    pub(super) fn shell_columns(&mut self, relation: ObjectId, entries: &Entries<Brief<ColumnEntry>>) {
        let namespace = self.schema.get(relation).and_then(|object| object.namespace);
        let mut columns = Vec::with_capacity(entries.0.len());
        for (place, (name, Brief(entry))) in entries.0.iter().enumerate() {
            let number = ColumnNumber(u16::try_from(place + 1).unwrap_or(u16::MAX));
            let Some(data_type) = self.required(entry.data_type.as_ref(), "type", name) else { continue };
            let data_type = self.data_type(namespace, data_type);
            let mut column = Column::new(number, Self::name(name), data_type);
            column.not_null = entry.not_null || entry.identity.is_some();
            column.collation = entry.collation.as_ref().map(|text| Arc::from(text.value.as_str()));
            column.comment = entry.comment.as_ref().map(|text| Arc::from(text.value.as_str()));
            column.options = options(&entry.options);
            column.inherited_from = entry.inherited;
            column.is_local = entry.local.unwrap_or(true);
            column.grants = self.entries(&entry.grants);
            columns.push(column);
        }
        let next = u16::try_from(entries.0.len() + 1).unwrap_or(u16::MAX);
        self.schema.update(relation, |object| match &mut object.body {
            ObjectBody::Table(table) => {
                table.columns = columns;
                table.next_column = next;
            }
            ObjectBody::View(view) => view.columns = columns,
            ObjectBody::Type(UserType::Composite { attributes, next_attribute }) => {
                *attributes = columns;
                *next_attribute = next;
            }
            _ => {}
        });
    }

    /// Identity sequences: they are names that defaults elsewhere may speak of.
    pub(super) fn identities(&mut self, table: ObjectId, entries: &Entries<Brief<ColumnEntry>>) {
        for (name, Brief(entry)) in &entries.0 {
            let Some(word) = entry.identity else { continue };
            let kind = match word {
                IdentityWord::Always => IdentityKind::Always,
                IdentityWord::ByDefault => IdentityKind::ByDefault,
            };
            let Some(column) = self.schema.columns(table).iter().find(|column| column.name.as_str() == name.value).cloned() else { continue };
            let address = Address::column(table, column.number);
            let sequence = self.identity_sequence(table, address, &column.name, &column.data_type, entry.sequence.as_ref());
            self.generation(table, column.number, ColumnGeneration::Identity(kind, sequence));
        }
    }

    /// Defaults and generated values.
    pub(super) fn generations(&mut self, relation: ObjectId, entries: &Entries<Brief<ColumnEntry>>) {
        let namespace = self.schema.get(relation).and_then(|object| object.namespace);
        for (name, Brief(entry)) in &entries.0 {
            let Some(column) = self.schema.columns(relation).iter().find(|column| column.name.as_str() == name.value) else { continue };
            let (number, data_type) = (column.number, column.data_type.clone());
            self.refuse_two_fillers(name, entry);
            if let Some(text) = &entry.generated {
                let scope = ExpressionScope::of_relation(ExpressionPurpose::Generated, relation).assigned_to(data_type);
                let kind = if entry.virtual_ { GeneratedKind::Virtual } else { GeneratedKind::Stored };
                let definition = self.expression(namespace, &scope, text);
                self.generation(relation, number, ColumnGeneration::Generated(definition, kind));
            } else if let Some(text) = &entry.default {
                let scope = ExpressionScope::empty(ExpressionPurpose::Default).assigned_to(data_type);
                let definition = self.expression(namespace, &scope, text);
                self.generation(relation, number, ColumnGeneration::Default(definition));
            }
        }
    }

    fn refuse_two_fillers(&mut self, name: &Text, entry: &ColumnEntry) {
        let count = usize::from(entry.default.is_some()) + usize::from(entry.generated.is_some()) + usize::from(entry.identity.is_some());
        if count > 1 {
            let message = format!("`{}` can have one of `default`, `generated` and `identity`", name.value);
            self.problem(crate::diagnostic::Problem::error("snapshot-two-defaults", message).at(name.span));
        }
    }

    fn generation(&mut self, relation: ObjectId, number: ColumnNumber, generation: ColumnGeneration) {
        self.schema.update(relation, |object| {
            let columns = match &mut object.body {
                ObjectBody::Table(table) => &mut table.columns,
                ObjectBody::View(view) => &mut view.columns,
                _ => return,
            };
            if let Some(column) = columns.iter_mut().find(|column| column.number == number) {
                column.generation = generation;
            }
        });
    }
}
