//! Views that are written to: which of them the server turns into a write to the table below, and which of their columns.
//!
//! Rules: manual, CREATE VIEW, "Updatable Views", and rewriteHandler.c, view_query_is_auto_updatable (PostgreSQL 15). A view with an `INSTEAD OF`
//! trigger or a rule of its own takes what that takes. Only what is certain is refused: where the view's query is not read, nothing is said.

use std::collections::BTreeSet;

use super::Role;
use super::binder::Binder;
use crate::dialect::BuiltInRoutine;
use crate::schema::{Address, ObjectBody, ObjectId, Part};
use crate::sql::print::{self, ReferenceKind};
use crate::sql::tree::{Distinct, Dml, Expr, From, GroupBy, ObjectName, QueryBody, SelectItem, TriggerEvent, TriggerTiming, ViewKind};
use crate::text::Sources;

/// Views over views are followed so far.
const DEEPEST: u8 = 32;

impl Binder<'_> {
    /// Refuses a write that no view can take. `read` is how much had been read before the statement.
    pub(super) fn view_must_take(&mut self, dml: &Dml, read: usize) {
        let (target, verb, words) = match dml {
            Dml::Insert(insert) => (&insert.target, "insert into", Some("insert into")),
            Dml::Update(update) => (&update.target, "update", Some("update")),
            Dml::Delete(delete) => (&delete.target, "delete from", None),
            // What `MERGE` may write to differs from version to version.
            Dml::Merge(_) => return,
        };
        if !self.is_typed() || !self.found.errors.is_empty() {
            return;
        }
        let Some(view) = self.written_view(target) else { return };
        if self.has_its_own_way(view, dml) {
            return;
        }
        if self.is_never_updatable(view, 0) {
            self.error("55000", format!("cannot {verb} view \"{}\"", target.name), target.span());
            return;
        }
        let Some(words) = words else { return };
        let written = self.found.reads.get(read..).unwrap_or(&[]).iter().filter(|one| one.role == Role::Write && one.address.object == view);
        let computed = written.filter(|one| self.is_computed(one.address)).map(|one| (one.address, one.span)).next();
        if let Some((address, span)) = computed
            && let Part::Column(number) = address.part
            && let Some(column) = self.schema.column(view, number)
        {
            let message = format!("cannot {words} column \"{}\" of view \"{}\"", column.name, target.name);
            self.error("0A000", message, span);
        }
    }

    fn written_view(&self, name: &ObjectName) -> Option<ObjectId> {
        let found = self.found.references.iter().filter(|(span, _)| *span == name.span() || *span == name.name.span);
        let mut views = found.map(|(_, address)| address.object).filter(|id| self.schema.view(*id).is_some());
        views.next()
    }

    /// Whether a trigger or a rule says what becomes of the write.
    fn has_its_own_way(&self, view: ObjectId, dml: &Dml) -> bool {
        self.schema.on_table(view).into_iter().any(|id| match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Trigger(trigger)) => {
                trigger.timing == TriggerTiming::InsteadOf
                    && trigger.events.iter().any(|event| match event {
                        TriggerEvent::Insert => matches!(dml, Dml::Insert(_)),
                        TriggerEvent::Update(_) => matches!(dml, Dml::Update(_)),
                        TriggerEvent::Delete => matches!(dml, Dml::Delete(_)),
                        TriggerEvent::Truncate | TriggerEvent::Command(_) => false,
                    })
            }
            Some(ObjectBody::Rule(_)) => true,
            _ => false,
        })
    }

    fn is_never_updatable(&self, view: ObjectId, depth: u8) -> bool {
        let Some(body) = self.schema.view(view) else { return false };
        if body.kind == ViewKind::Materialized {
            return true;
        }
        if depth >= DEEPEST || body.late_binding || body.unresolved.is_some() {
            return false;
        }
        let mut sources = Sources::default();
        let source = sources.add("view", body.query.print(self.schema));
        let Ok(query) = crate::sql::read_query(&sources, source, self.schema.dialect) else { return false };
        let QueryBody::Select(select) = &query.body else {
            return !matches!(query.body, QueryBody::NotUnderstood(_) | QueryBody::Nested(_) | QueryBody::Table(_));
        };
        let whole = query.with.is_empty() && query.limits.is_empty() && !query.limited;
        let plain = select.distinct == Distinct::No && matches!(select.group_by, GroupBy::None) && select.having.is_none();
        let one = matches!(select.from.as_slice(), [From::Relation { sample: None, .. }]);
        if !whole || !plain || !one {
            return true;
        }
        let over_rows = select.items.iter().any(|item| match item {
            SelectItem::Expr { expr, .. } => self.is_over_rows(expr),
            SelectItem::Star { .. } => false,
        });
        let below: BTreeSet<ObjectId> = body.query.needs().iter().map(|need| need.object).filter(|id| self.schema.view(*id).is_some()).collect();
        // The one relation of `FROM`; a subquery in a condition may name others.
        let from = match select.from.as_slice() {
            [From::Relation { name, .. }] => below.into_iter().find(|id| self.schema.get(*id).is_some_and(|object| object.name == name.name.name)),
            _ => None,
        };
        over_rows || from.is_some_and(|from| self.is_never_updatable(from, depth + 1) && self.schema.on_table(from).is_empty())
    }

    /// Whether an aggregate, a window function or a function that gives a set is called, whatever the arguments are.
    fn is_over_rows(&self, expr: &Expr) -> bool {
        let (Ok(pieces), Some(built_ins)) = (print::expression_pieces(expr, self.schema.dialect), self.schema.dialect.built_ins) else { return false };
        let called = pieces.iter().filter(|piece| matches!(&piece.reference, Some(reference) if reference.kind == ReferenceKind::Function));
        called.map(|piece| built_ins.functions_named(piece.text.strip_prefix("pg_catalog.").unwrap_or(&piece.text))).any(|found| {
            !found.is_empty()
                && found.iter().all(|function| function.returns_set || !matches!(function.kind, BuiltInRoutine::Function | BuiltInRoutine::Procedure))
        })
    }

    /// Whether a view's column is no column of what is below it.
    fn is_computed(&self, address: Address) -> bool {
        let Part::Column(number) = address.part else { return false };
        let Some(view) = self.schema.view(address.object) else { return false };
        let Some(position) = view.columns.iter().position(|column| column.number == number) else { return false };
        match view.origins.get(position) {
            None => false,
            Some(origin) => origin.passes.is_none_or(|below| self.is_computed(below)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::refusals;

    #[test]
    fn a_view_over_one_table_takes_what_its_columns_pass_on() {
        assert_eq!(refusals("UPDATE active SET called = 'x'"), Vec::<&str>::new());
    }
}
