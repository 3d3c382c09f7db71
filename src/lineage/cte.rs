//! Common table expressions: in order, recursive ones, column lists, `SEARCH` and `CYCLE`, data-modifying ones.
//!
//! Rules: parse_cte.c (PostgreSQL 15): types of a recursive one are those of its non-recursive term.

use std::rc::Rc;

use super::Role;
use super::binder::{Binder, CteInSight};
use super::level::Clause;
use super::query::Rows;
use super::value::{OutputColumn, Value, mix};
use crate::name::Name;
use crate::schema::{DataType, format_type_in};
use crate::sql::tree::{Cte, Dml, Ident, Query, QueryBody, SetOperator, SetQuantifier};
use crate::text::Span;
use crate::typing::CommonTypeFor;

impl Binder<'_> {
    /// Brings the expressions of a `WITH` into sight; the caller takes them out again.
    pub(super) fn with_clause(&mut self, with: &[Cte], recursive: bool) {
        for (index, cte) in with.iter().enumerate() {
            if with.iter().take(index).any(|earlier| earlier.name == cte.name) {
                self.error("42712", format!("WITH query name \"{}\" specified more than once", cte.name), cte.name.span);
            }
        }
        let in_sight = self.ctes.len();
        let role = self.role;
        self.role = Role::Value;
        for cte in with {
            let rows = if recursive { self.recursive_cte(cte, with, in_sight) } else { self.plain_cte(cte) };
            let refused = returning_is_missing(&cte.query).then_some(("0A000", "WITH query does not have a RETURNING clause"));
            let mut seen = self.in_sight(cte, rows);
            seen.refused = refused;
            self.ctes.push(seen);
        }
        self.role = role;
    }

    fn in_sight(&mut self, cte: &Cte, rows: Rows) -> CteInSight {
        let uncertain = rows.uncertain.clone();
        let mut columns = rows.settled().columns;
        self.rename_columns(&mut columns, &cte.columns, &cte.name.name, uncertain.is_some());
        self.search_and_cycle(cte, &mut columns);
        CteInSight { name: cte.name.name.clone(), columns: columns.into(), span: cte.name.span, refused: None, uncertain }
    }

    fn plain_cte(&mut self, cte: &Cte) -> Rows {
        self.query(&cte.query)
    }

    fn recursive_cte(&mut self, cte: &Cte, all: &[Cte], in_sight: usize) -> Rows {
        let base = self.ctes.len();
        for later in all.iter().skip(base.saturating_sub(in_sight) + 1) {
            self.ctes.push(Self::not_yet(later, None, Some("it is defined later in the same WITH RECURSIVE")));
        }
        let rows = match recursive_union(&cte.query) {
            Some((with, inner_recursive, left, right, quantifier, whole)) => {
                let own = self.ctes.len();
                self.with_clause(with, inner_recursive);
                let rows = self.recursive_union(cte, left, right, quantifier, whole);
                self.ctes.truncate(own);
                rows
            }
            None => {
                let form = ("42P19", "recursive query does not have the form non-recursive-term UNION [ALL] recursive-term");
                self.ctes.push(Self::not_yet(cte, Some(form), None));
                self.query(&cte.query)
            }
        };
        self.ctes.truncate(base);
        rows
    }

    fn not_yet(cte: &Cte, refused: Option<(&'static str, &'static str)>, reason: Option<&str>) -> CteInSight {
        CteInSight { name: cte.name.name.clone(), columns: Rc::from([]), span: cte.name.span, refused, uncertain: reason.map(Rc::from) }
    }

    fn recursive_union(&mut self, cte: &Cte, left: &Query, right: &Query, quantifier: SetQuantifier, span: Span) -> Rows {
        self.open_level(Clause::Other);
        let too_early = ("42P19", "recursive reference to query must not appear within its non-recursive term");
        self.ctes.push(Self::not_yet(cte, Some(too_early), None));
        let first = self.query(left).settled();
        self.ctes.pop();
        let mut seen = self.in_sight(cte, first.clone());
        let nullable = seen.columns.iter().cloned().map(|column| OutputColumn { value: Value { nullable: true, ..column.value }, ..column });
        seen.columns = nullable.collect();
        self.ctes.push(seen);
        let second = self.query(right);
        self.ctes.pop();
        self.close_level();
        self.recursive_types_must_agree(&cte.name.name, &first, &second, span);
        let uncertain = first.uncertain.clone().or_else(|| second.uncertain.clone());
        let mut columns = Vec::new();
        let mut others = second.columns.into_iter();
        for own in first.columns {
            let mut sources = (*own.sources).clone();
            let mut nullable = own.value.nullable;
            if let Some(other) = others.next() {
                sources.extend(&other.sources);
                nullable |= other.value.nullable;
            }
            if quantifier == SetQuantifier::Distinct {
                self.must_be_comparable(&own.value, own.place);
            }
            let value = Value { nullable, column: None, ..own.value.clone() };
            columns.push(OutputColumn { sources: Rc::new(sources), value, ..own });
        }
        Rows { columns, uncertain }
    }

    fn recursive_types_must_agree(&mut self, name: &Name, first: &Rows, second: &Rows, span: Span) {
        if first.uncertain.is_some() || second.uncertain.is_some() {
            return;
        }
        if first.columns.len() != second.columns.len() {
            self.error("42601", "each UNION query must have the same number of columns", second.columns.first().map_or(span, |column| column.place));
            return;
        }
        for (index, (own, other)) in first.columns.iter().zip(&second.columns).enumerate() {
            let overall = self.common_value(&[own.value.clone(), other.value.clone()], CommonTypeFor::Union, other.place);
            if let (Some(own), Some(together)) = (&own.value.data_type, &overall.data_type)
                && own != together
            {
                let shown = |data_type| format_type_in(self.schema, data_type, &self.session.search_path);
                let (own, together) = (shown(own), shown(together));
                let message = format!("recursive query \"{name}\" column {} has type {own} in non-recursive term but type {together} overall", index + 1);
                self.error("42804", message, other.place);
                return;
            }
        }
    }

    /// Gives columns the names of a column list, from the left.
    pub(super) fn rename_columns(&mut self, columns: &mut [OutputColumn], names: &[Ident], relation: &Name, uncertain: bool) {
        if names.len() > columns.len()
            && !uncertain
            && let Some(first) = names.get(columns.len())
        {
            let message = format!("WITH query \"{relation}\" has {} columns available but {} columns specified", columns.len(), names.len());
            self.error("42P10", message, first.span);
        }
        for (column, name) in columns.iter_mut().zip(names) {
            column.name = name.name.clone();
        }
    }

    fn search_and_cycle(&mut self, cte: &Cte, columns: &mut Vec<OutputColumn>) {
        let mut added = Vec::new();
        if let Some(search) = &cte.search {
            for by in &search.by {
                self.must_name_a_column(by, columns, "search");
            }
            let data_type = if search.breadth_first { DataType::builtin("record") } else { DataType::builtin("record").array_of() };
            added.push((search.sequence.clone(), Some(data_type)));
        }
        if let Some(cycle) = &cte.cycle {
            for column in &cycle.columns {
                self.must_name_a_column(column, columns, "cycle");
            }
            let mark = match &cycle.values {
                None => Some(DataType::builtin("bool")),
                Some((value, default)) => {
                    self.open_level(Clause::Other);
                    let values = [self.expression(value), self.expression(default)];
                    let common = self.common_value(&values, CommonTypeFor::Union, value.span);
                    self.close_level();
                    common.data_type
                }
            };
            added.push((cycle.mark.clone(), mark));
            added.push((cycle.path.clone(), Some(DataType::builtin("record").array_of())));
        }
        for (name, data_type) in added {
            let value = Value::of(data_type, false).hashed(mix("cte", &[columns.len() as u64]));
            columns.push(OutputColumn { name: name.name.clone(), value, sources: Rc::default(), star_reads: Rc::from([]), place: name.span });
        }
    }

    fn must_name_a_column(&mut self, name: &Ident, columns: &[OutputColumn], clause: &str) {
        if !columns.iter().any(|column| column.name == name.name) {
            self.error("42601", format!("{clause} column \"{}\" not in WITH query column list", name.name), name.span);
        }
    }
}

type RecursiveParts<'q> = (&'q [Cte], bool, &'q Query, &'q Query, SetQuantifier, Span);

fn recursive_union(query: &Query) -> Option<RecursiveParts<'_>> {
    match &query.body {
        QueryBody::SetOperation { operator: SetOperator::Union, quantifier, left, right } => {
            Some((&query.with, query.recursive, left, right, *quantifier, query.span))
        }
        QueryBody::Nested(inner) if query.with.is_empty() => recursive_union(inner),
        _ => None,
    }
}

fn returning_is_missing(query: &Query) -> bool {
    match &query.body {
        QueryBody::Dml(dml) => match &**dml {
            Dml::Insert(insert) => insert.returning.is_empty(),
            Dml::Update(update) => update.returning.is_empty(),
            Dml::Delete(delete) => delete.returning.is_empty(),
            Dml::Merge(merge) => merge.returning.is_empty(),
        },
        QueryBody::Nested(inner) => returning_is_missing(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{outputs, refusals};

    #[test]
    fn a_column_list_names_the_first_columns() {
        assert_eq!(outputs("WITH q(a) AS (SELECT id, name FROM clients) SELECT * FROM q"), ["a integer", "name text"]);
        assert_eq!(refusals("WITH q(a, b, c) AS (SELECT id, name FROM clients) SELECT 1 FROM q"), ["42P10"]);
    }

    #[test]
    fn a_recursive_one_has_the_types_of_its_first_term() {
        assert_eq!(outputs("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"), ["n integer"]);
        assert_eq!(refusals("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1.5 FROM r) SELECT n FROM r"), ["42804"]);
        assert_eq!(refusals("WITH RECURSIVE r AS (SELECT * FROM r UNION ALL SELECT 1) SELECT 1 FROM r"), ["42P19"]);
    }

    #[test]
    fn one_hides_a_table_of_its_name_but_not_from_itself() {
        assert_eq!(outputs("WITH vip AS (SELECT client_id AS who FROM vip) SELECT * FROM vip"), ["who integer"]);
    }

    #[test]
    fn a_writing_one_gives_what_it_returns() {
        assert_eq!(outputs("WITH gone AS (DELETE FROM vip RETURNING client_id) SELECT * FROM gone"), ["client_id integer"]);
        assert_eq!(refusals("WITH gone AS (DELETE FROM vip) SELECT 1 FROM gone"), ["0A000"]);
    }
}
