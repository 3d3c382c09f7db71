//! `ORDER BY`: output names first, positions, expressions; of a set operation output names and positions only.

use super::Role;
use super::binder::Binder;
use super::level::Clause;
use super::query::Rows;
use super::value::Item;
use crate::sql::tree::{ExprKind, Literal, OrderBy};

impl Binder<'_> {
    /// The sort keys of a `SELECT`.
    pub(super) fn order_by_items(&mut self, order_by: &[OrderBy], items: &[Item]) {
        for key in order_by {
            let value = self.sort_key(&key.expr, items, Clause::OrderBy, Role::Order, "ORDER BY");
            self.must_be_sortable(&value, key.expr.span);
        }
    }

    /// The sort keys of a set operation or `VALUES`.
    pub(super) fn order_by_result(&mut self, order_by: &[OrderBy], rows: &Rows) {
        for key in order_by {
            match &*key.expr.kind {
                ExprKind::Literal(Literal::Number(digits)) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                    let position = digits.parse::<usize>().unwrap_or(0);
                    if (position == 0 || position > rows.columns.len()) && rows.uncertain.is_none() {
                        self.error("42P10", format!("ORDER BY position {digits} is not in select list"), key.expr.span);
                    }
                }
                ExprKind::Column(parts) if parts.len() == 1 => {
                    let Some(name) = parts.first() else { continue };
                    let found = rows.columns.iter().filter(|column| column.name == name.name).count();
                    if found == 0 && rows.uncertain.is_none() {
                        self.error("42703", format!("column \"{}\" does not exist", name.name), key.expr.span);
                    }
                    if found > 1 {
                        self.error("42702", format!("ORDER BY \"{}\" is ambiguous", name.name), key.expr.span);
                    }
                }
                _ => {
                    self.error("0A000", "invalid UNION/INTERSECT/EXCEPT ORDER BY clause", key.expr.span);
                }
            }
        }
    }

    /// `DISTINCT ON`: the first sort keys are its expressions, in any order.
    pub(super) fn order_by_must_start_with(&mut self, order_by: &[OrderBy], items: &[Item], keys: &[u64]) {
        let mut left: Vec<u64> = keys.to_vec();
        for key in order_by {
            if left.is_empty() {
                return;
            }
            let marks = (self.found.reads.len(), self.found.errors.len(), self.found.unresolved.len(), self.found.derived.len());
            let value = self.sort_key(&key.expr, items, Clause::OrderBy, Role::Order, "ORDER BY");
            self.found.reads.truncate(marks.0);
            let clean = self.found.errors.len() == marks.1 && self.found.unresolved.len() == marks.2;
            self.found.errors.truncate(marks.1);
            self.found.unresolved.truncate(marks.2);
            self.found.derived.truncate(marks.3);
            if !keys.contains(&value.hash) {
                if clean {
                    self.error("42P10", "SELECT DISTINCT ON expressions must match initial ORDER BY expressions", key.expr.span);
                }
                return;
            }
            left.retain(|hash| *hash != value.hash);
        }
    }

    /// `SELECT DISTINCT`: what is sorted by must be in the select list.
    pub(super) fn order_by_must_be_listed(&mut self, order_by: &[OrderBy], items: &[Item]) {
        for key in order_by {
            let listed = match &*key.expr.kind {
                ExprKind::Literal(_) => true,
                ExprKind::Column(parts) if parts.len() == 1 && parts.first().is_some_and(|name| items.iter().any(|item| item.column.name == name.name)) => true,
                _ => {
                    let reads = self.found.reads.len();
                    let errors = self.found.errors.len();
                    let unresolved = self.found.unresolved.len();
                    let value = self.in_clause(Clause::OrderBy, |binder| binder.expression(&key.expr));
                    self.found.reads.truncate(reads);
                    let clean = self.found.errors.len() == errors && self.found.unresolved.len() == unresolved;
                    self.found.errors.truncate(errors);
                    self.found.unresolved.truncate(unresolved);
                    !clean || items.iter().any(|item| item.column.value.hash == value.hash)
                }
            };
            if !listed {
                self.error("42P10", "for SELECT DISTINCT, ORDER BY expressions must appear in select list", key.expr.span);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{reads, refusals};

    #[test]
    fn output_names_come_before_columns() {
        assert_eq!(refusals("SELECT id AS name FROM clients ORDER BY name"), Vec::<&str>::new());
        assert!(reads("SELECT id AS name FROM clients ORDER BY name").contains(&"clients.id Order".to_owned()));
        assert_eq!(refusals("SELECT id AS a, name AS a FROM clients ORDER BY a"), ["42702"]);
    }

    #[test]
    fn distinct_sorts_by_what_it_shows() {
        assert_eq!(refusals("SELECT DISTINCT name FROM clients ORDER BY phone"), ["42P10"]);
        assert_eq!(refusals("SELECT DISTINCT ON (name) name, phone FROM clients ORDER BY phone"), ["42P10"]);
        assert_eq!(refusals("SELECT DISTINCT ON (name) name, phone FROM clients ORDER BY name, phone"), Vec::<&str>::new());
    }
}
