//! Views that rows are written through: which the server takes by itself, and which columns of them.
//!
//! In: a view and what is done to it. Out: the server's refusal as an error of the binding. A view with an `INSTEAD OF` trigger or an unconditional
//! `INSTEAD` rule for the event takes anything.
//!
//! Source: PostgreSQL 15, view_query_is_auto_updatable, view_cols_are_auto_updatable and rewriteTargetView (rewriteHandler.c).

use super::Session;
use super::binder::Binder;
use crate::name::Name;
use crate::schema::{Address, Column, ColumnGeneration, ObjectBody, ObjectId, Part, Schema, View};
use crate::sql::read_query;
use crate::sql::tree::{Distinct, From, GroupBy, Query, QueryBody, TriggerEvent, TriggerTiming, ViewKind};
use crate::text::{Sources, Span};

/// What is done to the rows of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    Insert,
    Update,
    Delete,
}

impl Writing {
    fn word(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Insert => "insert into",
            Self::Update => "update",
            Self::Delete => "delete from",
        }
    }
}

/// Why the server does not write through a view of that query by itself; `None` when it does, or when that cannot be told.
pub fn why_not_updatable(schema: &Schema, session: &Session, query: &Query) -> Option<&'static str> {
    let QueryBody::Select(select) = &query.body else {
        return Some("Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.");
    };
    if !matches!(select.distinct, Distinct::No) {
        return Some("Views containing DISTINCT are not automatically updatable.");
    }
    if !matches!(select.group_by, GroupBy::None) {
        return Some("Views containing GROUP BY are not automatically updatable.");
    }
    if select.having.is_some() {
        return Some("Views containing HAVING are not automatically updatable.");
    }
    if !query.with.is_empty() {
        return Some("Views containing WITH are not automatically updatable.");
    }
    if query.limited || !query.limits.is_empty() {
        return Some("Views containing LIMIT or OFFSET are not automatically updatable.");
    }
    let [From::Relation { name, sample, .. }] = select.from.as_slice() else {
        return Some("Views that do not select from a single table or view are not automatically updatable.");
    };
    if sample.is_some() {
        return Some("Views containing TABLESAMPLE are not automatically updatable.");
    }
    let base = super::resolve_relation(schema, session, name).ok()?;
    match schema.get(base).map(|object| &object.body) {
        Some(ObjectBody::Table(_)) => {}
        Some(ObjectBody::View(view)) if view.kind == ViewKind::Plain => {}
        _ => return Some("Views that do not select from a single table or view are not automatically updatable."),
    }
    let mut binder = Binder::new(schema, session);
    let rows = binder.query(query);
    if binder.aggregates.contains(&0) {
        return Some("Views that return aggregate functions are not automatically updatable.");
    }
    if binder.window_calls > 0 {
        return Some("Views that return window functions are not automatically updatable.");
    }
    if rows.columns.iter().any(|column| column.value.set) {
        return Some("Views that return set-returning functions are not automatically updatable.");
    }
    let has_column = rows.uncertain.is_some() || binder.outputs(&rows.columns).iter().any(|output| output.column.is_some());
    (!has_column).then_some("Views that return no updatable columns")
}

impl Binder<'_> {
    /// Refuses writing through a view that the server does not write through; whether it takes each column is still to be asked.
    pub(super) fn must_be_updatable(&mut self, id: ObjectId, writing: Writing, span: Span) -> bool {
        let Some(view) = self.schema.view(id).filter(|view| is_asked(self.schema, view)) else { return false };
        if instead_of(self.schema, id, writing) {
            return false;
        }
        let mut sources = Sources::default();
        let source = sources.add("<view>", view.query.print(self.schema));
        let Ok(query) = read_query(&sources, source, self.schema.dialect) else { return false };
        let name = self.schema.get(id).map_or_else(String::new, |object| object.name.to_string());
        if why_not_updatable(self.schema, self.session, &query).is_some() {
            self.error("55000", format!("cannot {} view \"{name}\"", writing.verb()), span);
            return false;
        }
        if let QueryBody::Select(select) = &query.body
            && let [From::Relation { name, .. }] = select.from.as_slice()
            && let Ok(base) = super::resolve_relation(self.schema, self.session, name)
            && self.schema.view(base).is_some()
            && base != id
        {
            self.must_be_updatable(base, writing, span);
        }
        true
    }

    /// Refuses a value for a column of a view that is no column of its table, or one that the table computes.
    pub(super) fn must_take_value(&mut self, view: ObjectId, column: &Column, writing: Writing, span: Span) {
        let Some(body) = self.schema.view(view) else { return };
        let position = body.columns.iter().position(|own| own.number == column.number);
        let Some(origin) = position.and_then(|position| body.origins.get(position)) else { return };
        let name = self.schema.get(view).map_or_else(|| Name::stored(""), |object| object.name.clone());
        let Some(Address { object, part: Part::Column(number) }) = origin.passes else {
            let verb = if writing == Writing::Insert { "insert into" } else { "update" };
            self.error("0A000", format!("cannot {verb} column \"{}\" of view \"{name}\"", column.name), span);
            return;
        };
        let Some(base) = self.schema.column(object, number).cloned() else { return };
        if self.schema.view(object).is_some() {
            if !instead_of(self.schema, object, writing) {
                self.must_take_value(object, &base, writing, span);
            }
        } else if matches!(base.generation, ColumnGeneration::Generated(..)) {
            let message = match writing {
                Writing::Insert => format!("cannot insert a non-DEFAULT value into column \"{}\"", base.name),
                Writing::Update | Writing::Delete => format!("column \"{}\" can only be updated to DEFAULT", base.name),
            };
            self.error("428C9", message, span);
        }
    }
}

/// Whether the server rewrites what is written to the view, as far as it is known.
fn is_asked(schema: &Schema, view: &View) -> bool {
    view.kind == ViewKind::Plain && !view.late_binding && view.unresolved.is_none() && schema.dialect.built_ins.is_some()
}

/// Whether something else is done instead.
fn instead_of(schema: &Schema, view: ObjectId, writing: Writing) -> bool {
    schema.on_table(view).into_iter().filter_map(|id| schema.get(id)).any(|object| match &object.body {
        ObjectBody::Trigger(trigger) => {
            trigger.timing == TriggerTiming::InsteadOf
                && trigger.events.iter().any(|event| {
                    matches!(
                        (event, writing),
                        (TriggerEvent::Insert, Writing::Insert) | (TriggerEvent::Update(_), Writing::Update) | (TriggerEvent::Delete, Writing::Delete)
                    )
                })
        }
        ObjectBody::Rule(rule) => {
            let text = rule.definition.print(schema).to_ascii_lowercase();
            let words: Vec<&str> = text.split_whitespace().collect();
            let is_run = |run: &[&str]| words.windows(run.len()).position(|window| window == run);
            let instead = is_run(&["do", "instead"]);
            let condition = words.iter().position(|word| *word == "where");
            is_run(&["on", writing.word(), "to"]).is_some() && instead.is_some_and(|instead| condition.is_none_or(|condition| condition > instead))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::refusals;

    #[test]
    fn a_table_is_written_to_without_a_word() {
        assert_eq!(refusals("DELETE FROM visits"), Vec::<&str>::new());
    }
}
