//! A query of any form: what stands in front of the body, the body, and what stands behind it.

use std::rc::Rc;

use super::Role;
use super::binder::Binder;
use super::level::Clause;
use super::output_name::value_name;
use super::value::{OutputColumn, Value, mix};
use crate::sql::tree::{Expr, LockStrength, ObjectName, OrderBy, Query, QueryBody, Values};
use crate::typing::CommonTypeFor;

/// What stands behind a body, perhaps outside of parentheses around it.
#[derive(Clone, Copy, Default)]
pub(super) struct Tail<'q> {
    /// `ORDER BY`.
    pub order_by: &'q [OrderBy],
    /// `LIMIT`, `OFFSET`.
    pub limits: &'q [Expr],
    /// `FOR UPDATE OF …`.
    pub locking: &'q [(LockStrength, Vec<ObjectName>)],
}

/// What a query gives.
#[derive(Clone, Default)]
pub(super) struct Rows {
    /// Its columns in order.
    pub columns: Vec<OutputColumn>,
    /// Why there may be other columns, when that is so.
    pub uncertain: Option<Rc<str>>,
}

impl Rows {
    /// Gives bare strings and NULLs the type they have at the end of a query level: text (manual 10.6, 15).
    #[must_use]
    pub fn settled(mut self) -> Self {
        for column in &mut self.columns {
            if column.value.is_untyped() {
                column.value.data_type = Some(crate::schema::DataType::builtin("text"));
                column.value.literal = None;
            }
        }
        self
    }
}

impl Binder<'_> {
    /// A query with everything it says itself.
    pub(super) fn query(&mut self, query: &Query) -> Rows {
        self.deeper(query.span, |binder| binder.query_with_tail(query, Tail::default())).unwrap_or_default()
    }

    fn query_with_tail(&mut self, query: &Query, outer: Tail<'_>) -> Rows {
        let in_sight = self.ctes.len();
        self.with_clause(&query.with, query.recursive);
        let tail = Tail {
            order_by: if query.order_by.is_empty() { outer.order_by } else { &query.order_by },
            limits: if query.limits.is_empty() { outer.limits } else { &query.limits },
            locking: if query.locking.is_empty() { outer.locking } else { &query.locking },
        };
        if query.with_ties && tail.order_by.is_empty() && self.is_typed() {
            self.error("42601", "WITH TIES cannot be specified without ORDER BY clause", query.span);
        }
        let rows = match &query.body {
            QueryBody::Select(select) => self.select(select, tail),
            QueryBody::Nested(inner) => self.query_with_tail(inner, tail),
            QueryBody::SetOperation { operator, quantifier, left, right } => {
                let rows = self.set_operation(*operator, *quantifier, left, right, query.span);
                self.order_and_limit_of_result(rows, tail)
            }
            QueryBody::Values(values) => {
                let rows = self.values(values, Clause::Values, query.span);
                self.order_and_limit_of_result(rows, tail)
            }
            QueryBody::Table(name) => self.table_command(name, tail),
            QueryBody::Dml(dml) => self.writing(dml),
            QueryBody::NotUnderstood(what) => {
                self.unresolved(what.as_str(), "this form of query is not read", query.span);
                Rows { columns: Vec::new(), uncertain: Some(Rc::from("this form of query is not read")) }
            }
        };
        self.ctes.truncate(in_sight);
        rows
    }

    fn order_and_limit_of_result(&mut self, rows: Rows, tail: Tail<'_>) -> Rows {
        self.open_level(Clause::OrderBy);
        self.order_by_result(tail.order_by, &rows);
        self.limits(tail.limits);
        if let Some((_, names)) = tail.locking.first() {
            let span = names.first().map(ObjectName::span).or_else(|| rows.columns.first().map(|column| column.place));
            if let Some(span) = span {
                self.error("0A000", "FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT", span);
            }
        }
        self.close_level();
        rows
    }

    /// `LIMIT`, `OFFSET`: whole numbers without columns of this level.
    pub(super) fn limits(&mut self, limits: &[Expr]) {
        for limit in limits {
            let start = self.log.len();
            let value = self.in_clause(Clause::Limit, |binder| binder.in_role(Role::Filter, |binder| binder.expression(limit)));
            self.assigned_to_builtin(&value, "int8", "LIMIT", limit.span);
            let own = self.level().id;
            if self.log.get(start..).is_some_and(|uses| uses.iter().any(|one| one.level == own)) {
                self.error("42P10", "argument of LIMIT must not contain variables", limit.span);
            }
        }
    }

    /// `VALUES (…), (…)`.
    pub(super) fn values(&mut self, values: &Values, clause: Clause, span: crate::text::Span) -> Rows {
        self.open_level(clause);
        let width = values.rows.first().map_or(0, Vec::len);
        let mut columns: Vec<Vec<Value>> = vec![Vec::new(); width];
        let mut sources = Vec::new();
        for row in &values.rows {
            if row.len() != width {
                let place = row.first().map_or(span, |expression| expression.span);
                self.error("42601", "VALUES lists must all be the same length", place);
            }
            for (index, expression) in row.iter().enumerate() {
                let from = self.log.len();
                let value = self.expression(expression);
                let drawn = self.sources_since(from);
                match sources.get_mut(index) {
                    None => sources.push((*drawn).clone()),
                    Some(all) => super::value::Sources::extend(all, &drawn),
                }
                if let Some(column) = columns.get_mut(index) {
                    column.push(value);
                }
            }
        }
        self.close_level();
        let mut result = Vec::new();
        for (index, cells) in columns.into_iter().enumerate() {
            let place = values.rows.first().and_then(|row| row.get(index)).map_or(span, |expression| expression.span);
            let value =
                if cells.len() == 1 { cells.into_iter().next().unwrap_or_else(Value::opaque) } else { self.common_value(&cells, CommonTypeFor::Values, place) };
            let drawn = sources.get(index).cloned().unwrap_or_default();
            result.push(OutputColumn {
                name: value_name(self.schema.dialect, index),
                value: Value { column: None, ..value }.hashed(mix("values", &[index as u64])),
                sources: Rc::new(drawn),
                star_reads: Rc::from([]),
                place,
            });
        }
        Rows { columns: result, uncertain: None }
    }
}
