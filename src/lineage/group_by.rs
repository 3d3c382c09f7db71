//! `GROUP BY`: keys by position, alias and expression; and which columns may then be used outside of aggregates.
//!
//! Rules: parse_clause.c, findTargetlistEntrySQL92, and parse_agg.c, check_ungrouped_columns (PostgreSQL 15): a name is an input column first,
//! then an output name; a table whose primary key is grouped by may be used whole, and the query then depends on that key.

use std::collections::BTreeSet;

use super::Role;
use super::binder::Binder;
use super::level::{Clause, ColumnUse, RelationKind};
use super::value::{Item, mix};
use crate::schema::{Address, ConstraintKind, ObjectBody, ObjectId};
use crate::sql::tree::{Deferrability, Expr, ExprKind, GroupBy, GroupingElement, Literal};

/// What is grouped by.
pub(super) enum Grouping {
    /// Nothing, or everything that is no aggregate.
    Free,
    /// These expressions.
    Keys(BTreeSet<u64>),
    /// These expressions, each in some of the sets only.
    Sets(BTreeSet<u64>),
}

impl Binder<'_> {
    /// Resolves the keys.
    pub(super) fn group_by(&mut self, group_by: &GroupBy, items: &[Item]) -> Grouping {
        match group_by {
            GroupBy::None => Grouping::Keys(BTreeSet::new()),
            GroupBy::All => {
                let plain: Vec<Item> = items.iter().filter(|item| !item.computed_over_rows).cloned().collect();
                for item in &plain {
                    self.read_again(item, Role::Group);
                }
                Grouping::Free
            }
            GroupBy::Elements(elements) => {
                let refused = self.found.errors.len();
                let mut keys = BTreeSet::new();
                let mut sets = false;
                for element in elements {
                    match element {
                        GroupingElement::Expr(expression) => self.group_key(expression, items, &mut keys),
                        GroupingElement::Sets(lists) => {
                            sets = true;
                            for expression in lists.iter().flatten() {
                                self.group_key(expression, items, &mut keys);
                            }
                        }
                    }
                }
                if self.found.errors.len() > refused {
                    // Which columns are grouped is not known: what the server would say next is not either.
                    return Grouping::Free;
                }
                if sets { Grouping::Sets(keys) } else { Grouping::Keys(keys) }
            }
        }
    }

    fn group_key(&mut self, expression: &Expr, items: &[Item], keys: &mut BTreeSet<u64>) {
        if let ExprKind::Row(parts) = &*expression.kind
            && !parts.is_empty()
        {
            for part in parts {
                self.group_key(part, items, keys);
            }
            return;
        }
        let value = self.sort_key(expression, items, Clause::GroupBy, Role::Group, "GROUP BY");
        self.must_be_comparable(&value, expression.span);
        keys.insert(value.hash);
    }

    /// Records the reads of an item once more, in another role.
    pub(super) fn read_again(&mut self, item: &Item, role: Role) {
        let uses: Vec<ColumnUse> = self.log.get(item.start..item.end).unwrap_or(&[]).to_vec();
        for used in uses {
            for address in used.reads.iter() {
                self.read(*address, role, used.span);
            }
        }
    }

    /// A key of `GROUP BY`, `DISTINCT ON` or `ORDER BY`: a position, an output name, or an expression.
    pub(super) fn sort_key(&mut self, expression: &Expr, items: &[Item], clause: Clause, role: Role, words: &str) -> super::value::Value {
        match &*expression.kind {
            ExprKind::Literal(Literal::Number(digits)) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                let position = digits.parse::<usize>().unwrap_or(0);
                let Some(item) = position.checked_sub(1).and_then(|index| items.get(index)).cloned() else {
                    if !items.iter().any(|item| item.column.name.as_str() == "*") {
                        self.error("42P10", format!("{words} position {digits} is not in select list"), expression.span);
                    }
                    return super::value::Value::opaque();
                };
                self.key_is_item(&item, clause, role, expression.span);
                return item.column.value;
            }
            ExprKind::Literal(_) => {
                self.error("42601", format!("non-integer constant in {words}"), expression.span);
                return super::value::Value::opaque();
            }
            ExprKind::Column(parts) => {
                if let [name] = &parts[..]
                    && let Some(item) = self.output_named(&name.name, items, clause, words, expression.span)
                {
                    self.key_is_item(&item, clause, role, expression.span);
                    return item.column.value;
                }
            }
            _ => {}
        }
        self.in_clause(clause, |binder| binder.in_role(role, |binder| binder.expression(expression)))
    }

    fn key_is_item(&mut self, item: &Item, clause: Clause, role: Role, span: crate::text::Span) {
        if clause == Clause::GroupBy && item.computed_over_rows {
            self.error("42803", "aggregate functions are not allowed in GROUP BY", span);
        }
        self.read_again(item, role);
        self.found.derived.push((span, super::DerivedColumn { relation: item.column.place, position: 0, name: item.column.name.clone() }));
    }

    fn output_named(&mut self, name: &crate::name::Name, items: &[Item], clause: Clause, words: &str, span: crate::text::Span) -> Option<Item> {
        if clause == Clause::GroupBy {
            let here = self.levels.len().checked_sub(1)?;
            let errors = self.found.errors.len();
            match self.find_column_at(here, name, span) {
                super::visibility::Found::Nothing => {}
                _ => {
                    // Found or ambiguous: an input column; resolved (or refused) once more as an expression.
                    self.found.errors.truncate(errors);
                    return None;
                }
            }
        }
        let mut found: Option<&Item> = None;
        for item in items.iter().filter(|item| item.column.name == *name) {
            match found {
                Some(first) if first.column.value.hash != item.column.value.hash => {
                    self.error("42702", format!("{words} \"{name}\" is ambiguous"), span);
                    break;
                }
                Some(_) => {}
                None => found = Some(item),
            }
        }
        found.cloned()
    }

    /// Refuses columns that are used in `checked` stretches of the log neither grouped nor inside an aggregate.
    pub(super) fn ungrouped_columns(&mut self, grouping: &Grouping, checked: &[(usize, usize)]) {
        // Where it is not known which functions are aggregates, and whether the database asks for it at all, nothing is refused.
        if !self.is_typed() {
            return;
        }
        let keys = match grouping {
            Grouping::Free => return,
            Grouping::Keys(keys) | Grouping::Sets(keys) => keys,
        };
        let level = self.level().id;
        let mut covered: Vec<(usize, usize)> = self.level().nodes.iter().filter(|node| keys.contains(&node.hash)).map(|node| (node.start, node.end)).collect();
        covered.sort_unstable();
        let mut determined: Vec<usize> = Vec::new();
        for (start, end) in checked {
            for index in *start..*end {
                let Some(used) = self.log.get(index) else { continue };
                if used.level != level || used.aggregated || used.relation == usize::MAX || determined.contains(&used.relation) {
                    continue;
                }
                if used.column.is_some_and(|column| keys.contains(&mix("column", &[u64::from(level), used.relation as u64, column as u64])))
                    || covers(&covered, index)
                {
                    continue;
                }
                let used = used.clone();
                if let Some(constraint) = self.determined_by_primary_key(used.relation, keys) {
                    self.depend(Address::whole(constraint));
                    determined.push(used.relation);
                    continue;
                }
                self.say_ungrouped(&used);
                return;
            }
        }
    }

    fn say_ungrouped(&mut self, used: &ColumnUse) {
        let level = self.level();
        let relation = level.relations.get(used.relation);
        let table = level.visible.iter().find(|one| one.relation == used.relation && one.by_name).and_then(|one| one.name.clone());
        let column = relation.and_then(|relation| relation.columns.get(used.column?)).map(|column| column.name.clone());
        let shown = match (table, column) {
            (Some(table), Some(column)) => format!("{table}.{column}"),
            (None, Some(column)) => column.to_string(),
            (Some(table), None) => format!("{table}.*"),
            (None, None) => "?".to_owned(),
        };
        let message = format!("column \"{shown}\" must appear in the GROUP BY clause or be used in an aggregate function");
        self.error("42803", message, used.span);
    }

    /// The primary key of a table that is grouped by with all its columns.
    fn determined_by_primary_key(&mut self, relation: usize, keys: &BTreeSet<u64>) -> Option<ObjectId> {
        let schema = self.schema;
        let level = self.level();
        let found = level.relations.get(relation)?;
        let RelationKind::Stored(table) = found.kind else { return None };
        let id = u64::from(level.id);
        let grouped = |number: crate::schema::ColumnNumber| {
            let position = schema.columns(table).iter().position(|column| column.number == number);
            position.is_some_and(|position| keys.contains(&mix("column", &[id, relation as u64, position as u64])))
        };
        schema.on_table(table).into_iter().find(|constraint| {
            let Some(ObjectBody::Constraint(body)) = schema.get(*constraint).map(|object| &object.body) else { return false };
            match &body.kind {
                ConstraintKind::PrimaryKey { columns, .. } => {
                    body.deferrability == Deferrability::NotDeferrable && columns.iter().all(|column| grouped(*column))
                }
                _ => false,
            }
        })
    }
}

fn covers(covered: &[(usize, usize)], index: usize) -> bool {
    covered.iter().take_while(|(start, _)| *start <= index).any(|(_, end)| index < *end)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bind_in, refusals, relation, warehouse};
    use crate::schema::{Address, ObjectBody};

    #[test]
    fn what_is_neither_grouped_nor_aggregated_is_refused() {
        assert_eq!(refusals("SELECT name, count(*) FROM clients"), ["42803"]);
        assert_eq!(refusals("SELECT name, count(*) FROM clients GROUP BY phone"), ["42803"]);
        assert_eq!(refusals("SELECT upper(lower(name)) FROM clients GROUP BY lower(name)"), Vec::<&str>::new());
        assert_eq!(refusals("SELECT name FROM clients HAVING count(*) > 1"), ["42803"]);
    }

    #[test]
    fn a_primary_key_determines_its_table_and_is_depended_on() {
        let schema = warehouse();
        let binding = bind_in(&schema, "SELECT clients.name, count(*) FROM clients JOIN visits ON client_id = clients.id GROUP BY clients.id");
        assert_eq!(binding.errors, Vec::new());
        let clients = relation(&schema, "clients");
        let is_key = |id: &crate::schema::ObjectId| matches!(schema.get(*id).map(|object| &object.body), Some(ObjectBody::Constraint(_)));
        let key = schema.on_table(clients).into_iter().find(is_key).unwrap();
        assert!(binding.depends_on.contains(&Address::whole(key)));
        assert_eq!(refusals("SELECT s.name FROM (SELECT * FROM clients) s GROUP BY id"), ["42803"]);
    }

    #[test]
    fn a_name_is_an_input_column_before_it_is_an_output() {
        assert_eq!(refusals("SELECT lower(phone) AS called, count(*) FROM clients GROUP BY called"), Vec::<&str>::new());
        assert_eq!(refusals("SELECT lower(phone) AS name, count(*) FROM clients GROUP BY name"), ["42803"]);
    }

    #[test]
    fn positions_count_from_one() {
        assert_eq!(refusals("SELECT name, count(*) FROM clients GROUP BY 1"), Vec::<&str>::new());
        assert_eq!(refusals("SELECT name FROM clients GROUP BY 2"), ["42P10"]);
        assert_eq!(refusals("SELECT count(*) FROM clients GROUP BY 1"), ["42803"]);
    }

    #[test]
    fn an_outer_column_in_a_subquery_must_be_grouped_too() {
        assert_eq!(refusals("SELECT name, (SELECT count(*) FROM visits WHERE client_id = clients.id) FROM clients GROUP BY name"), ["42803"]);
    }
}
