//! Subqueries inside expressions: as a value, after `IN`, `ANY`, `ALL`, `EXISTS`, in `ARRAY(…)`; and row values compared.

use std::rc::Rc;

use super::binder::Binder;
use super::level::{Clause, ColumnUse};
use super::query::Rows;
use super::value::{Sources, Value, mix};
use crate::schema::DataType;
use crate::sql::tree::{BinaryOperator, Expr, ExprKind, Query};
use crate::text::Span;
use crate::typing;

impl Binder<'_> {
    /// A query inside an expression: what it uses of outer levels stays in the log, its outputs draw what they draw.
    fn inner_query(&mut self, query: &Query, span: Span) -> Rows {
        if let Some(words) = self.level().clause.forbids_subqueries() {
            self.error("0A000", format!("cannot use subquery in {words}"), span);
        }
        let open: Vec<u32> = self.levels.iter().map(|level| level.id).collect();
        let start = self.log.len();
        let rows = self.query(query);
        let mut kept: Vec<ColumnUse> = self.log.drain(start..).filter(|used| open.contains(&used.level)).collect();
        for used in &mut kept {
            used.sources = Rc::default();
        }
        let mut drawn = Sources::default();
        for column in &rows.columns {
            drawn.extend(&column.sources);
        }
        self.log.extend(kept);
        if !drawn.direct.is_empty() || !drawn.named.is_empty() {
            self.log.push(ColumnUse { level: u32::MAX, relation: 0, column: None, span, aggregated: true, sources: Rc::new(drawn), reads: Rc::from([]) });
        }
        rows
    }

    /// Equal for queries that read the same: at one place the same words mean the same.
    fn hash_of_query(&self, head: &str, query: &Query, span: Span) -> u64 {
        match crate::sql::print::query(query, self.schema.dialect) {
            Ok(text) => mix(head, &[mix(&text, &[])]),
            Err(_) => mix(head, &[u64::from(span.start), u64::from(span.end)]),
        }
    }

    /// `(SELECT …)` as a value.
    pub(super) fn scalar_subquery(&mut self, query: &Query, span: Span) -> Value {
        let rows = self.inner_query(query, span).settled();
        let hash = self.hash_of_query("subquery", query, span);
        match rows.columns.as_slice() {
            [only] => Value { nullable: true, column: None, set: false, ..only.value.clone() }.hashed(hash),
            _ => {
                if rows.uncertain.is_none() {
                    self.error("42601", "subquery must return only one column", span);
                }
                Value::opaque().hashed(hash)
            }
        }
    }

    /// `EXISTS (SELECT …)`.
    pub(super) fn exists(&mut self, query: &Query, span: Span) -> Value {
        self.inner_query(query, span);
        let hash = self.hash_of_query("exists", query, span);
        Value::builtin("bool", false).hashed(hash)
    }

    /// `ARRAY(SELECT …)`.
    pub(super) fn array_subquery(&mut self, query: &Query, span: Span) -> Value {
        let rows = self.inner_query(query, span).settled();
        let hash = self.hash_of_query("array subquery", query, span);
        match rows.columns.as_slice() {
            [only] => {
                let data_type = only.value.data_type.clone();
                let array = data_type
                    .map(|element| if element.array { element } else { typing::array_of(self.schema, &element).unwrap_or_else(|| element.array_of()) });
                Value::of(array, true).hashed(hash)
            }
            _ => {
                if rows.uncertain.is_none() {
                    self.error("42601", "subquery must return only one column", span);
                }
                Value::opaque().hashed(hash)
            }
        }
    }

    /// `x IN (SELECT …)`.
    pub(super) fn in_subquery(&mut self, operand: &Expr, query: &Query, negated: bool, span: Span) -> Value {
        let value = self.expression(operand);
        let width = match &*operand.kind {
            ExprKind::Row(parts) => parts.len(),
            _ => 1,
        };
        let operator = BinaryOperator::Symbol("=".to_owned());
        let compared = self.row_against_subquery(&value, width, &operator, query, span);
        Value::builtin("bool", true).hashed(mix(if negated { "not in" } else { "in" }, &[compared.hash]))
    }

    /// One or more values against the columns of a subquery.
    pub(super) fn row_against_subquery(&mut self, left: &Value, width: usize, operator: &BinaryOperator, query: &Query, span: Span) -> Value {
        let rows = self.inner_query(query, span).settled();
        let hash = mix(&format!("compare {operator:?}"), &[left.hash, self.hash_of_query("subquery", query, span)]);
        if rows.uncertain.is_none() && rows.columns.len() != width {
            let words = if rows.columns.len() > width { "subquery has too many columns" } else { "subquery has too few columns" };
            self.error("42601", words, span);
        } else if width == 1 {
            if let Some(only) = rows.columns.first() {
                self.binary_value(operator, left, &only.value, span);
            }
        } else {
            let fields = left.fields.clone().unwrap_or_else(|| Rc::from([]));
            for (field, column) in fields.iter().zip(&rows.columns) {
                self.binary_value(operator, &Value::of(field.data_type.clone(), true), &column.value, span);
            }
        }
        Value::builtin("bool", true).hashed(hash)
    }

    /// `x OP ANY (array or query)`.
    pub(super) fn quantified(&mut self, operand: &Expr, operator: &BinaryOperator, right: &Expr, span: Span) -> Value {
        let value = self.expression(operand);
        if let ExprKind::Subquery(query) = &*right.kind {
            let width = match &*operand.kind {
                ExprKind::Row(parts) => parts.len(),
                _ => 1,
            };
            return self.row_against_subquery(&value, width, operator, query, span);
        }
        let other = self.expression(right);
        let hash = mix(&format!("any {operator:?}"), &[value.hash, other.hash]);
        if let Some(data_type) = other.data_type.clone().filter(|_| self.is_typed() && !other.is_untyped()) {
            match typing::element_type(self.schema, &data_type) {
                Some(element) => {
                    self.binary_value(operator, &value, &Value::of(Some(element), true), span);
                }
                None if matches!(data_type.identity, crate::schema::TypeIdentity::Unknown(_)) => {}
                None => self.error("42809", "op ANY/ALL (array) requires array on right side", right.span),
            }
        } else if other.is_untyped()
            && let Some(own) = value.data_type.clone()
            && !value.is_untyped()
        {
            let array: DataType = typing::array_of(self.schema, &own).unwrap_or_else(|| own.array_of());
            self.settle(&other, &array, right.span);
        }
        Value::builtin("bool", true).hashed(hash)
    }

    /// `(a, b) = (c, d)`: an operator for each pair.
    pub(super) fn compare_rows(&mut self, left: (&Value, usize), right: (&Value, usize), operator: &BinaryOperator, span: Span) -> Value {
        if left.1 != right.1 {
            self.error("42601", "unequal number of entries in row expressions", span);
        }
        let own = left.0.fields.clone().unwrap_or_else(|| Rc::from([]));
        let others = right.0.fields.clone().unwrap_or_else(|| Rc::from([]));
        let mut nullable = false;
        for (field, other) in own.iter().zip(others.iter()) {
            let value = self.binary_value(operator, &Value::of(field.data_type.clone(), true), &Value::of(other.data_type.clone(), true), span);
            nullable |= value.nullable;
        }
        Value::builtin("bool", nullable).hashed(mix(&format!("rows {operator:?}"), &[left.0.hash, right.0.hash]))
    }
}

impl Clause {
    /// The words of the server for a place where no subquery may stand.
    fn forbids_subqueries(self) -> Option<&'static str> {
        Some(match self {
            Self::Check => "check constraint",
            Self::Default => "DEFAULT expression",
            Self::Generated => "column generation expression",
            Self::IndexKey => "index expression",
            Self::IndexPredicate => "index predicate",
            Self::Conversion => "transform expression",
            Self::PartitionKey => "partition key expression",
            Self::PartitionBound => "partition bound",
            Self::TriggerCondition => "trigger WHEN condition",
            Self::CallArgument => "CALL argument",
            _ => return None,
        })
    }
}
