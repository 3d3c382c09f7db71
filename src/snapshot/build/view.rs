//! Views: what their queries mean, and their columns where the file does not list them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::context::Context;
use super::sql_text::doubt_of_query;
use crate::diagnostic::Problem;
use crate::lineage::{Binding, Output};
use crate::schema::{Column, ColumnNumber, ColumnOrigin, DataType, Definition, ObjectBody, ObjectId, TypeIdentity};
use crate::snapshot::file::{Text, ViewEntry};
use crate::sql::tree::Query;

/// A view with its query as read.
struct Pending<'d> {
    id: ObjectId,
    namespace: Option<ObjectId>,
    text: &'d Text,
    query: Query,
    has_columns: bool,
}

impl Context<'_> {
    /// Resolves all queries: those of views that list no columns in the order in which they need each other, then all others.
    pub(super) fn views(&mut self, views: &[(ObjectId, &Text, &ViewEntry)]) {
        let mut pending = Vec::new();
        for (id, name, entry) in views {
            let namespace = self.schema.get(*id).and_then(|object| object.namespace);
            let Some(text) = self.required(entry.query.as_ref(), "query", name) else {
                self.unresolved(*id, "the snapshot has no query for it");
                continue;
            };
            match self.read_query(text) {
                Ok(query) => pending.push(Pending { id: *id, namespace, text, query, has_columns: !entry.columns.0.is_empty() }),
                Err(message) => {
                    self.not_understood(text, &message);
                    self.keep_text(*id, text);
                    self.unresolved(*id, &message);
                }
            }
        }
        let order = self.order_of_views(&pending);
        for place in order {
            if let Some(view) = pending.get(place) {
                self.resolve_view(view);
            }
        }
    }

    /// Places in the list: views without columns come after those they read.
    fn order_of_views(&self, pending: &[Pending<'_>]) -> Vec<usize> {
        let without: BTreeMap<ObjectId, usize> =
            pending.iter().enumerate().filter(|(_, view)| !view.has_columns).map(|(place, view)| (view.id, place)).collect();
        let mut order = Vec::with_capacity(pending.len());
        let mut done = BTreeSet::new();
        for start in without.values() {
            let mut open = vec![(*start, false)];
            while let Some((place, is_left)) = open.pop() {
                if is_left {
                    order.push(place);
                    continue;
                }
                if !done.insert(place) {
                    continue;
                }
                open.push((place, true));
                let Some(view) = pending.get(place) else { continue };
                let needs = self.bind(view.namespace, &view.query).depends_on;
                open.extend(needs.iter().filter_map(|need| without.get(&need.object)).filter(|need| !done.contains(need)).map(|need| (*need, false)));
            }
        }
        order.extend(pending.iter().enumerate().filter(|(_, view)| view.has_columns).map(|(place, _)| place));
        order
    }

    fn resolve_view(&mut self, view: &Pending<'_>) {
        let binding = self.bind(view.namespace, &view.query);
        let doubt = doubt_of_query(&binding);
        let is_late = self.schema.view(view.id).is_some_and(|view| view.late_binding);
        let definition = if is_late {
            let written = view.text.value.trim().trim_end_matches(';');
            Definition::text(written).needing(binding.depends_on.iter().copied())
        } else {
            self.define(view.namespace, &view.query, &binding, view.text)
        };
        if let Some(reason) = &doubt {
            self.not_understood(view.text, reason);
        }
        let columns = if view.has_columns { None } else { Some(columns_of(&binding)) };
        let has_all = self.schema.columns(view.id).len() == binding.outputs.len();
        if columns.is_none() && !has_all && doubt.is_none() {
            let message = format!("the query gives {} columns, and {} are listed", binding.outputs.len(), self.schema.columns(view.id).len());
            self.problem(Problem::warning("snapshot-view-columns", message).at(view.text.span));
        }
        let origins = binding.outputs.iter().map(origin).collect();
        let unresolved = doubt.filter(|_| !view.has_columns || binding.outputs.is_empty()).map(Arc::from);
        self.schema.update(view.id, |object| {
            let ObjectBody::View(body) = &mut object.body else { return };
            body.query = definition;
            body.origins = if has_all || columns.is_some() { origins } else { Vec::new() };
            body.written = Some(Arc::from(view.text.value.as_str()));
            body.unresolved = unresolved;
            if let Some(columns) = columns {
                body.columns = columns;
            }
        });
    }

    fn keep_text(&mut self, id: ObjectId, text: &Text) {
        let query = Definition::text(text.value.trim().trim_end_matches(';'));
        self.schema.update(id, |object| {
            if let ObjectBody::View(view) = &mut object.body {
                view.query = query;
            }
        });
    }

    fn unresolved(&mut self, id: ObjectId, reason: &str) {
        self.schema.update(id, |object| {
            if let ObjectBody::View(view) = &mut object.body {
                view.unresolved = Some(Arc::from(reason));
            }
        });
    }
}

fn origin(output: &Output) -> ColumnOrigin {
    ColumnOrigin { sources: output.direct_sources.clone(), never_null: !output.nullable, passes: output.column, output: Some(output.name.clone()) }
}

fn columns_of(binding: &Binding) -> Vec<Column> {
    let column = |(place, output): (usize, &Output)| {
        let number = ColumnNumber(u16::try_from(place + 1).unwrap_or(u16::MAX));
        let data_type = match &output.data_type {
            // An untyped literal becomes text (parse_type.c, resolveTargetListUnknowns, 15).
            Some(data_type) if data_type.is_builtin("unknown") => DataType::builtin("text"),
            Some(data_type) => data_type.clone(),
            None => DataType { identity: TypeIdentity::Unknown(Arc::from("unknown")), modifiers: Arc::from([]), array: false },
        };
        Column::new(number, output.name.clone(), data_type)
    };
    binding.outputs.iter().enumerate().map(column).collect()
}
