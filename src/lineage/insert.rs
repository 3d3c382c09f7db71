//! `INSERT` (analyze.c, transformInsertStmt; PostgreSQL 15).

use std::rc::Rc;

use super::Role;
use super::binder::Binder;
use super::level::{Clause, RelationKind};
use super::query::Rows;
use super::updatable_view::Writing;
use super::value::{Sources, Value};
use super::write::Target;
use crate::name::Name;
use crate::schema::{Address, Column};
use crate::sql::tree::{ConflictAction, Expr, ExprKind, Ident, Insert, InsertSource, Overriding, Query, QueryBody, RelationAlias, Values};
use crate::text::Span;

/// The columns that an `INSERT` gives values for, in order.
struct Slots {
    columns: Vec<(Name, Option<Column>)>,
    written: bool,
    open: bool,
}

impl Binder<'_> {
    /// `INSERT INTO t (…) …`.
    pub(super) fn insert(&mut self, insert: &Insert) -> Rows {
        let in_sight = self.ctes.len();
        self.with_clause(&insert.with, insert.recursive);
        self.open_level(Clause::Other);
        let alias = insert.alias.as_ref().map(|name| RelationAlias { name: name.clone(), columns: Vec::new() });
        let (target, visible) = self.write_target(&insert.target, alias.as_ref(), Some(Writing::Insert));
        self.found.inserts.extend(target.table);
        let slots = self.slots(insert, target);
        self.inserted_rows(insert, target, &slots);
        if let Some(conflict) = &insert.on_conflict {
            self.level().visible = vec![visible.clone()];
            self.conflict_target(&conflict.target, target, insert.target.span());
            if let ConflictAction::Update(assignments, filter) = &conflict.action {
                let excluded = self.excluded(target, insert.target.span());
                self.level().visible.extend(excluded);
                self.assignments(target, assignments, &insert.target);
                if let Some(filter) = filter {
                    self.condition(filter, Clause::Where, Role::Filter, "WHERE");
                }
            }
        }
        self.level().visible = vec![visible];
        let rows = self.returning(&insert.returning);
        self.close_level();
        self.ctes.truncate(in_sight);
        rows
    }

    fn excluded(&mut self, target: Target, span: Span) -> Option<super::level::Visible> {
        let mut relation = self.level().relations.get(target.relation)?.clone();
        relation.span = span;
        // Elsewhere than in PostgreSQL a bare name there is the target's.
        let by_column = self.is_typed();
        Some(self.relation_under_alias(relation, Name::stored("excluded"), by_column))
    }

    fn slots(&mut self, insert: &Insert, target: Target) -> Slots {
        let open = target.table.is_none() || self.level().relations.get(target.relation).is_some_and(|relation| relation.uncertain.is_some());
        if insert.columns.is_empty() {
            let columns = target.table.map(|table| self.schema.columns(table)).unwrap_or(&[]);
            return Slots { columns: columns.iter().map(|column| (column.name.clone(), Some(column.clone()))).collect(), written: false, open };
        }
        let mut seen: Vec<&Ident> = Vec::new();
        let mut columns = Vec::new();
        for column in &insert.columns {
            if seen.contains(&column) {
                self.error("42701", format!("column \"{}\" specified more than once", column.name), column.span);
            }
            seen.push(column);
            let found = self.target_column(target, column, &insert.target);
            columns.push((column.name.clone(), found));
        }
        Slots { columns, written: true, open }
    }

    fn inserted_rows(&mut self, insert: &Insert, target: Target, slots: &Slots) {
        match &insert.source {
            InsertSource::Defaults => {}
            InsertSource::NotRead => self.by_position(target, slots, usize::MAX, insert.target.span()),
            InsertSource::Query(query) => match plain_values(query) {
                Some(values) => self.inserted_values(values, insert, target, slots),
                None => self.inserted_query(query, insert, target, slots),
            },
        }
    }

    fn inserted_values(&mut self, values: &Values, insert: &Insert, target: Target, slots: &Slots) {
        self.open_level(Clause::InsertValues);
        let width = values.rows.first().map_or(0, Vec::len);
        for (index, row) in values.rows.iter().enumerate() {
            let place = row.first().map_or(insert.span, |first| first.span);
            if row.len() != width {
                self.error("42601", "VALUES lists must all be the same length", place);
            }
            if index == 0 {
                self.count_fits(row.len(), slots, insert, row.get(slots.columns.len()).map_or(place, |expression| expression.span));
            }
            for (position, expression) in row.iter().enumerate() {
                self.inserted_cell(position, expression, insert, target, slots, index == 0);
            }
        }
        self.close_level();
        self.by_position(target, slots, width, insert.target.span());
    }

    fn inserted_cell(&mut self, position: usize, expression: &Expr, insert: &Insert, target: Target, slots: &Slots, first: bool) {
        let start = self.log.len();
        let allowed = std::mem::replace(&mut self.default_allowed, matches!(&*expression.kind, ExprKind::Default));
        let value = self.expression(expression);
        self.default_allowed = allowed;
        let sources = self.sources_since(start);
        let Some((name, column)) = slots.columns.get(position) else { return };
        if matches!(&*expression.kind, ExprKind::Default) {
            return;
        }
        self.store_inserted(target, (name, column.as_ref()), (&value, &sources, Some(expression)), insert, expression.span);
        if !first {
            self.found.written.pop();
        }
    }

    fn store_inserted(&mut self, target: Target, slot: (&Name, Option<&Column>), given: (&Value, &Rc<Sources>, Option<&Expr>), insert: &Insert, span: Span) {
        let overriding = insert.overriding == Some(Overriding::System);
        if let Some(column) = slot.1
            && insert.overriding != Some(Overriding::User)
        {
            self.must_not_be_generated(column, given.2, true, overriding, span);
        }
        self.store(target, slot.1, slot.0, given.0, given.1, span);
    }

    fn inserted_query(&mut self, query: &Query, insert: &Insert, target: Target, slots: &Slots) {
        let rows = self.query(query);
        let rows = if keeps_untyped(query) { rows } else { rows.settled() };
        let place = rows.columns.get(slots.columns.len()).or_else(|| rows.columns.first()).map_or(query.span, |column| column.place);
        if rows.uncertain.is_none() {
            self.count_fits(rows.columns.len(), slots, insert, place);
        }
        for (position, column) in rows.columns.iter().enumerate() {
            let (name, slot) = match slots.columns.get(position) {
                Some((name, slot)) if slot.is_some() || slots.written => (name.clone(), slot.clone()),
                _ if slots.open => (column.name.clone(), None),
                _ => continue,
            };
            self.store_inserted(target, (&name, slot.as_ref()), (&column.value, &column.sources, None), insert, column.place);
        }
        self.by_position(target, slots, rows.columns.len(), insert.target.span());
    }

    /// Without a column list, the first columns are written by their place.
    fn by_position(&mut self, target: Target, slots: &Slots, width: usize, span: Span) {
        let Some(table) = target.table.filter(|_| !slots.written) else { return };
        for (_, column) in slots.columns.iter().take(width) {
            if let Some(column) = column {
                let address = Address::column(table, column.number);
                self.read(address, Role::Position, span);
                self.read(address, Role::Write, span);
            }
        }
    }

    fn count_fits(&mut self, given: usize, slots: &Slots, insert: &Insert, place: Span) {
        if slots.open && !slots.written {
            return;
        }
        let wanted = slots.columns.len();
        if given > wanted {
            self.error("42601", "INSERT has more expressions than target columns", place);
        }
        if given < wanted && slots.written {
            let place = insert.columns.get(given).map_or(place, |column| column.span);
            self.error("42601", "INSERT has more target columns than expressions", place);
        }
    }

    /// Whether the level's target is a relation that the schema knows.
    pub(super) fn target_is_known(&mut self, target: Target) -> bool {
        self.level().relations.get(target.relation).is_some_and(|relation| matches!(relation.kind, RelationKind::Stored(_)))
    }
}

/// `VALUES` with nothing around it.
fn plain_values(query: &Query) -> Option<&Values> {
    match &query.body {
        QueryBody::Values(values) if query.with.is_empty() && query.order_by.is_empty() && query.limits.is_empty() => Some(values),
        _ => None,
    }
}

/// Whether bare strings of the query take the types of the target's columns.
fn keeps_untyped(query: &Query) -> bool {
    match &query.body {
        QueryBody::Select(select) => matches!(select.distinct, crate::sql::tree::Distinct::No),
        QueryBody::Nested(inner) => keeps_untyped(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bind_in, called, reads, refusals, warehouse};

    #[test]
    fn expressions_and_columns_are_counted() {
        assert_eq!(refusals("INSERT INTO vip VALUES (1, 2)"), ["42601"]);
        assert_eq!(refusals("INSERT INTO visits (id, client_id) VALUES (1)"), ["42601"]);
        assert_eq!(refusals("INSERT INTO visits VALUES (1)"), Vec::<&str>::new());
        assert_eq!(refusals("INSERT INTO visits (id, nope) VALUES (1, 2)"), ["42703"]);
    }

    #[test]
    fn values_must_be_assignable() {
        assert_eq!(refusals("INSERT INTO vip SELECT name FROM clients"), ["42804"]);
        assert_eq!(refusals("INSERT INTO vip SELECT paid FROM clients"), Vec::<&str>::new());
    }

    #[test]
    fn without_a_column_list_columns_are_written_by_their_place() {
        assert_eq!(reads("INSERT INTO vip VALUES (1)"), ["vip.client_id Write", "vip.client_id Position"]);
        assert_eq!(reads("INSERT INTO vip (client_id) VALUES (1)"), ["vip.client_id Write"]);
    }

    #[test]
    fn what_is_stored_where_is_kept() {
        let schema = warehouse();
        let binding = bind_in(&schema, "INSERT INTO vip SELECT id FROM clients");
        let stored = binding.written.first().unwrap();
        assert_eq!(stored.column.map(|address| called(&schema, address)).as_deref(), Some("vip.client_id"));
        assert_eq!(stored.sources.iter().map(|source| called(&schema, *source)).collect::<Vec<_>>(), ["clients.id"]);
    }
}
