//! `UNION`, `INTERSECT`, `EXCEPT`: columns meet by position (or by name), their types in one (manual 10.5, 15).

use std::collections::BTreeSet;
use std::rc::Rc;

use super::binder::Binder;
use super::level::Clause;
use super::query::Rows;
use super::value::{OutputColumn, Sources, Value, mix};
use crate::schema::Address;
use crate::sql::tree::{Query, SetOperator, SetQuantifier};
use crate::text::Span;
use crate::typing::CommonTypeFor;

impl Binder<'_> {
    /// Both sides, and what they give together.
    pub(super) fn set_operation(&mut self, operator: SetOperator, quantifier: SetQuantifier, left: &Query, right: &Query, span: Span) -> Rows {
        self.open_level(Clause::Other);
        let left = self.query(left);
        let right = self.query(right);
        self.close_level();
        self.combine(operator, quantifier, left, right, span)
    }

    fn combine(&mut self, operator: SetOperator, quantifier: SetQuantifier, left: Rows, right: Rows, span: Span) -> Rows {
        let uncertain = left.uncertain.clone().or_else(|| right.uncertain.clone());
        let words = match operator {
            SetOperator::Union => "UNION",
            SetOperator::Intersect => "INTERSECT",
            SetOperator::Except => "EXCEPT",
        };
        if matches!(quantifier, SetQuantifier::ByName | SetQuantifier::AllByName) {
            return self.combine_by_name(operator, left, right, uncertain);
        }
        if left.columns.len() != right.columns.len() && uncertain.is_none() {
            let place = right.columns.first().map_or(span, |column| column.place);
            self.error("42601", format!("each {words} query must have the same number of columns"), place);
        }
        let distinct = quantifier == SetQuantifier::Distinct || operator != SetOperator::Union;
        let mut columns = Vec::new();
        let mut others = right.columns.into_iter();
        for own in left.columns {
            let column = match others.next() {
                Some(other) => self.meet(operator, &own, &other),
                None => own,
            };
            if distinct {
                self.must_be_comparable(&column.value, column.place);
            }
            columns.push(column);
        }
        if uncertain.is_some() {
            columns.extend(others);
        }
        Rows { columns, uncertain }
    }

    fn combine_by_name(&mut self, operator: SetOperator, left: Rows, right: Rows, uncertain: Option<Rc<str>>) -> Rows {
        let mut others = right.columns;
        let mut columns = Vec::new();
        for own in left.columns {
            match others.iter().position(|other| other.name == own.name) {
                Some(index) => {
                    let other = others.remove(index);
                    columns.push(self.meet(operator, &own, &other));
                }
                None => columns.push(OutputColumn { value: Value { nullable: true, column: None, ..own.value.clone() }, ..own }),
            }
        }
        columns.extend(others.into_iter().map(|own| OutputColumn { value: Value { nullable: true, column: None, ..own.value.clone() }, ..own }));
        Rows { columns, uncertain }
    }

    fn meet(&mut self, operator: SetOperator, own: &OutputColumn, other: &OutputColumn) -> OutputColumn {
        let purpose = match operator {
            SetOperator::Union => CommonTypeFor::Union,
            SetOperator::Intersect => CommonTypeFor::Intersect,
            SetOperator::Except => CommonTypeFor::Except,
        };
        let common = self.common_value(&[own.value.clone(), other.value.clone()], purpose, other.place);
        for column in [own, other] {
            self.note_settled(&column.value, common.data_type.as_ref(), column.place);
        }
        let nullable = match operator {
            SetOperator::Union => own.value.nullable || other.value.nullable,
            SetOperator::Intersect => own.value.nullable && other.value.nullable,
            SetOperator::Except => own.value.nullable,
        };
        let mut sources = Sources::clone(&own.sources);
        if operator != SetOperator::Except {
            sources.extend(&other.sources);
        }
        let star_reads: BTreeSet<Address> = own.star_reads.iter().chain(other.star_reads.iter()).copied().collect();
        let same = own.value.column.is_some() && own.value.column == other.value.column;
        let value = Value {
            nullable,
            column: own.value.column.filter(|_| same),
            fields: own.value.fields.clone(),
            hash: mix("set operation", &[own.value.hash, other.value.hash]),
            ..common
        };
        OutputColumn { name: own.name.clone(), value, sources: Rc::new(sources), star_reads: star_reads.into_iter().collect(), place: own.place }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{outputs, refusals};

    #[test]
    fn columns_meet_by_position_under_the_first_names() {
        assert_eq!(outputs("SELECT id AS a FROM clients UNION SELECT paid FROM clients"), ["a numeric"]);
    }

    #[test]
    fn counts_and_types_must_agree() {
        assert_eq!(refusals("SELECT id FROM clients UNION SELECT id, name FROM clients"), ["42601"]);
        assert_eq!(refusals("SELECT id FROM clients UNION SELECT name FROM clients"), ["42804"]);
    }

    #[test]
    fn the_result_is_sorted_by_output_names_only() {
        assert_eq!(refusals("SELECT id AS a FROM clients UNION SELECT id FROM visits ORDER BY a"), Vec::<&str>::new());
        assert_eq!(refusals("SELECT id AS a FROM clients UNION SELECT id FROM visits ORDER BY id"), ["42703"]);
        assert_eq!(refusals("SELECT id AS a FROM clients UNION SELECT id FROM visits ORDER BY a + 1"), ["0A000"]);
    }
}
