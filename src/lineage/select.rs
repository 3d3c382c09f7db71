//! One `SELECT`: its clauses in the order in which the server resolves them (analyze.c, transformSelectStmt; PostgreSQL 15).

use std::rc::Rc;

use super::Role;
use super::binder::Binder;
use super::group_by::Grouping;
use super::level::Clause;
use super::output_name::output_name;
use super::query::{Rows, Tail};
use super::value::{Item, OutputColumn};
use crate::dialect::{AliasPlace, UnnamedOutput};
use crate::sql::tree::{Distinct, Expr, GroupBy, Ident, ObjectName, Select, SelectItem, StarOptions};

impl Binder<'_> {
    /// A `SELECT` with what stands behind it.
    pub(super) fn select(&mut self, select: &Select, tail: Tail<'_>) -> Rows {
        self.open_level(Clause::Other);
        self.from_clause(&select.from);
        self.name_windows(&select.windows);
        let mut checked = Vec::new();
        let start = self.log.len();
        let (items, uncertain) = self.select_list(&select.items);
        checked.push((start, self.log.len()));
        if let Some(filter) = &select.filter {
            self.with_aliases(AliasPlace::Where, |binder| binder.condition(filter, Clause::Where, Role::Filter, "WHERE"));
        }
        let start = self.log.len();
        if let Some(having) = &select.having {
            self.with_aliases(AliasPlace::Having, |binder| binder.condition(having, Clause::Having, Role::Having, "HAVING"));
        }
        if let Some(qualify) = &select.qualify {
            self.with_aliases(AliasPlace::Qualify, |binder| binder.condition(qualify, Clause::Qualify, Role::Filter, "QUALIFY"));
        }
        self.order_by_items(tail.order_by, &items);
        checked.push((start, self.log.len()));
        let grouping = self.group_by(&select.group_by, &items);
        let start = self.log.len();
        self.distinct(&select.distinct, &items, tail.order_by);
        self.limits(tail.limits);
        self.window_clause(&select.windows);
        checked.push((start, self.log.len()));
        self.check_grouping(select, &grouping, &checked);
        self.locking(tail.locking);
        self.close_level();
        let nulls = matches!(&grouping, Grouping::Sets(_));
        let columns = items.into_iter().map(|item| item.column).map(|mut column| {
            column.value.nullable |= nulls;
            column
        });
        Rows { columns: columns.collect(), uncertain }
    }

    /// `TABLE t`: the same as `SELECT * FROM t`.
    pub(super) fn table_command(&mut self, name: &ObjectName, tail: Tail<'_>) -> Rows {
        self.open_level(Clause::Other);
        let visible = self.named_relation(name, None);
        self.level().visible.extend(visible);
        let (items, uncertain) = self.star(None, &StarOptions::default(), name.span());
        self.order_by_items(tail.order_by, &items);
        self.limits(tail.limits);
        self.close_level();
        Rows { columns: items.into_iter().map(|item| item.column).collect(), uncertain }
    }

    /// The items of a select list or `RETURNING`, stars spread.
    pub(super) fn select_list(&mut self, written: &[SelectItem]) -> (Vec<Item>, Option<Rc<str>>) {
        let clause = if self.level().clause == Clause::Returning { Clause::Returning } else { Clause::SelectList };
        let lateral_aliases = self.schema.dialect.alias_places.contains(&AliasPlace::SelectList);
        let mut items = Vec::new();
        let mut uncertain = None;
        for item in written {
            self.in_clause(clause, |binder| match item {
                SelectItem::Star { qualifier, options, span } => {
                    let (spread, unknown) = binder.star(qualifier.as_ref(), options, *span);
                    items.extend(spread);
                    uncertain = uncertain.take().or(unknown);
                }
                SelectItem::Expr { expr, alias } => binder.select_item(expr, alias.as_ref(), &mut items, &mut uncertain),
            });
            if lateral_aliases {
                self.offer_aliases(&items);
            }
        }
        self.level().aliases_visible = false;
        if !self.schema.dialect.alias_places.is_empty() {
            self.offer_aliases(&items);
            self.level().aliases_visible = false;
        }
        (items, uncertain)
    }

    fn offer_aliases(&mut self, items: &[Item]) {
        let level = self.level();
        for item in items.iter().skip(level.aliases.len()) {
            level.aliases.push((item.column.name.clone(), item.column.clone()));
        }
        level.aliases_visible = true;
    }

    fn with_aliases<T>(&mut self, place: AliasPlace, work: impl FnOnce(&mut Self) -> T) -> T {
        self.level().aliases_visible = self.schema.dialect.alias_places.contains(&place);
        let result = work(self);
        self.level().aliases_visible = false;
        result
    }

    fn select_item(&mut self, expression: &Expr, alias: Option<&Ident>, items: &mut Vec<Item>, uncertain: &mut Option<Rc<str>>) {
        if let crate::sql::tree::ExprKind::AllFields(row) = &*expression.kind {
            let (fields, unknown) = self.all_fields(row, expression.span);
            items.extend(fields);
            *uncertain = uncertain.take().or(unknown);
            return;
        }
        if let crate::sql::tree::ExprKind::Star(qualifier) = &*expression.kind {
            let (spread, unknown) = self.star(qualifier.as_ref(), &StarOptions::default(), expression.span);
            items.extend(spread);
            *uncertain = uncertain.take().or(unknown);
            return;
        }
        let start = self.log.len();
        let over_rows = self.over_rows;
        self.over_rows = false;
        let value = self.expression(expression);
        let computed_over_rows = self.over_rows;
        self.over_rows |= over_rows;
        let end = self.log.len();
        let name = alias.map_or_else(|| self.name_of_item(expression), |alias| alias.name.clone());
        let column = OutputColumn { name, value, sources: self.sources_since(start), star_reads: Rc::from([]), place: expression.span };
        items.push(Item { column, start, end, computed_over_rows });
    }

    /// The name of an item without an alias. Where the dialect's own rule is not known, only columns have one.
    fn name_of_item(&self, expression: &Expr) -> crate::name::Name {
        use crate::sql::tree::ExprKind;
        let is_column = |expression: &Expr| matches!(&*expression.kind, ExprKind::Column(_) | ExprKind::Field(..));
        // `c::type` begins where `c` does; `CAST(c AS type)` does not.
        let is_short_cast = |operand: &Expr| is_column(operand) && operand.span.start == expression.span.start;
        let has_name = match &*expression.kind {
            ExprKind::Cast { operand, .. } => is_short_cast(operand),
            _ => is_column(expression),
        };
        if self.schema.dialect.unnamed_output == UnnamedOutput::AsPostgres || has_name {
            return output_name(expression);
        }
        crate::name::Name::stored("?column?")
    }

    fn distinct(&mut self, distinct: &Distinct, items: &[Item], order_by: &[crate::sql::tree::OrderBy]) {
        match distinct {
            Distinct::No => {}
            Distinct::All => {
                for item in items {
                    self.must_be_comparable(&item.column.value, item.column.place);
                }
                self.order_by_must_be_listed(order_by, items);
            }
            Distinct::On(expressions) => {
                let mut keys = Vec::new();
                for expression in expressions {
                    let value = self.sort_key(expression, items, Clause::DistinctOn, Role::Group, "DISTINCT ON");
                    keys.push(value.hash);
                }
                self.order_by_must_start_with(order_by, items, &keys);
            }
        }
    }

    /// A condition: it must be boolean.
    pub(super) fn condition(&mut self, expression: &Expr, clause: Clause, role: Role, words: &str) {
        let value = self.in_clause(clause, |binder| binder.in_role(role, |binder| binder.expression(expression)));
        self.must_be_boolean(&value, words, expression.span);
    }

    fn locking(&mut self, locking: &[(crate::sql::tree::LockStrength, Vec<ObjectName>)]) {
        for name in locking.iter().flat_map(|(_, names)| names) {
            let here = self.levels.len();
            let found = self.find_relation(name.schema.as_ref(), &name.name);
            if found.is_none_or(|(level, _)| level + 1 != here) {
                self.error("42P01", format!("relation \"{}\" in FOR UPDATE clause not found in FROM clause", name.name), name.span());
            }
        }
    }

    fn check_grouping(&mut self, select: &Select, grouping: &Grouping, checked: &[(usize, usize)]) {
        let grouped = !matches!(select.group_by, GroupBy::None);
        let has_aggregates = self.level().has_aggregates;
        if grouped || has_aggregates || select.having.is_some() {
            self.ungrouped_columns(grouping, checked);
        }
    }

    /// An item that stands for a column of the schema or a relation, with the uses logged since `start`.
    pub(super) fn item(&self, column: OutputColumn, start: usize) -> Item {
        Item { column, start, end: self.log.len(), computed_over_rows: false }
    }
}
