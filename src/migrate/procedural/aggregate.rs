//! Aggregates over rows of which not all may be known.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::relation::{Answer, Line};
use super::value::{Datum, and};
use crate::sql::tree::{Call, Expr, ExprKind, Select, SelectItem};

const AGGREGATES: &[&str] = &["count", "string_agg", "array_agg", "bool_or", "bool_and", "every", "max", "min", "sum", "avg", "json_agg", "jsonb_agg"];

impl Evaluator<'_> {
    /// For each item the argument of its aggregate.
    pub(super) fn aggregated_inputs(&mut self, select: &Select) -> Vec<Datum> {
        let mut values = Vec::new();
        for item in &select.items {
            let SelectItem::Expr { expr, .. } = item else { continue };
            let argument = match &*expr.kind {
                ExprKind::Call(call) => call.arguments.first().filter(|argument| !matches!(*argument.value.kind, ExprKind::Star(_))),
                _ => None,
            };
            values.push(match argument {
                Some(argument) => self.value(&argument.value),
                None => Datum::Boolean(true),
            });
        }
        values
    }

    pub(super) fn aggregates(&mut self, select: &Select, mut answer: Answer, lines: Vec<Line>) -> Answer {
        let doubt = answer.open.take().or_else(|| lines.iter().find_map(|line| line.perhaps.clone()));
        let mut values = Vec::new();
        for (place, item) in select.items.iter().enumerate() {
            let SelectItem::Expr { expr, .. } = item else { continue };
            values.push(self.aggregate(expr, place, &lines, doubt.as_ref()));
        }
        answer.push(values);
        answer
    }

    /// One aggregate over rows; an expression around one is only followed for `count(…)` compared with a constant.
    fn aggregate(&mut self, expr: &Expr, place: usize, lines: &[Line], doubt: Option<&Arc<str>>) -> Datum {
        match &*expr.kind {
            ExprKind::Call(call) if is_aggregate(call) => aggregate_value(self, call, place, lines, doubt),
            ExprKind::Binary(left, crate::sql::tree::BinaryOperator::Symbol(symbol), right)
                if matches!(&*left.kind, ExprKind::Call(call) if is_count_of_rows(call)) && !has_aggregate(right) =>
            {
                let (low, high) = count_of(lines.iter(), doubt);
                let count = if low == high { Datum::Integer(low) } else { Datum::Between(low, high) };
                let other = self.value(right);
                match symbol.as_str() {
                    "=" => count.equals(&other),
                    "<>" | "!=" => super::value::not(&count.equals(&other)),
                    "<" => count.ordered(&other, std::cmp::Ordering::is_lt),
                    "<=" => count.ordered(&other, std::cmp::Ordering::is_le),
                    ">" => count.ordered(&other, std::cmp::Ordering::is_gt),
                    ">=" => count.ordered(&other, std::cmp::Ordering::is_ge),
                    _ => Datum::unknown("an expression over an aggregate is not evaluated"),
                }
            }
            _ => Datum::unknown("an expression over an aggregate is not evaluated"),
        }
    }
}

fn aggregate_value(evaluator: &mut Evaluator<'_>, call: &Call, place: usize, lines: &[Line], doubt: Option<&Arc<str>>) -> Datum {
    if call.distinct || call.filter.is_some() || call.over.is_some() {
        return Datum::unknown("an aggregate of this kind is not evaluated");
    }
    let present: Vec<&Line> = lines.iter().filter(|line| line.values.get(place) != Some(&Datum::Null)).collect();
    match call.name.name.name.as_str() {
        "count" => {
            let unknown = present.iter().any(|line| line.values.get(place).is_some_and(|value| matches!(value, Datum::Unknown(..))));
            let (low, high) = count_of(present.iter().copied(), doubt);
            match (unknown && !is_count_of_rows(call), low == high) {
                (true, _) => Datum::Between(0, high),
                (false, true) => Datum::Integer(low),
                (false, false) => Datum::Between(low, high),
            }
        }
        _ if doubt.is_some() => Datum::unknown(doubt.map_or_else(|| Arc::from(""), Arc::clone)),
        "array_agg" => {
            let items: Vec<Datum> = lines.iter().filter_map(|line| line.values.get(place).cloned()).collect();
            if items.is_empty() { Datum::Null } else { Datum::List(items) }
        }
        "string_agg" => {
            let Some(Datum::Text(between)) = call.arguments.get(1).map(|argument| evaluator.value(&argument.value)) else {
                return Datum::unknown("string_agg with a computed separator is not evaluated");
            };
            let mut joined: Option<Datum> = None;
            for line in present {
                let Some(value) = line.values.get(place) else { continue };
                joined = Some(match joined {
                    None => value.clone(),
                    Some(before) => {
                        let with_separator = evaluator.joined(&before, &Datum::Text(Arc::clone(&between)));
                        evaluator.joined(&with_separator, value)
                    }
                });
            }
            joined.unwrap_or(Datum::Null)
        }
        "bool_or" => present.iter().fold(Datum::Boolean(false), |all, line| line.values.get(place).map_or(all.clone(), |value| super::value::or(&all, value))),
        "bool_and" | "every" => present.iter().fold(Datum::Boolean(true), |all, line| line.values.get(place).map_or(all.clone(), |value| and(&all, value))),
        _ => Datum::unknown("this aggregate is not evaluated"),
    }
}

fn count_of<'l>(lines: impl Iterator<Item = &'l Line>, doubt: Option<&Arc<str>>) -> (i64, i64) {
    let (mut low, mut perhaps) = (0_i64, 0_i64);
    for line in lines {
        if line.perhaps.is_some() { perhaps += 1 } else { low += 1 }
    }
    // What may be there can be many: one row stands for all that the model does not list.
    let high = if perhaps > 0 || doubt.is_some() { i64::MAX } else { low };
    (low, high)
}

fn is_count_of_rows(call: &Call) -> bool {
    call.name.name.name.as_str() == "count"
        && !call.distinct
        && call.filter.is_none()
        && call.over.is_none()
        && call.arguments.iter().all(|argument| matches!(*argument.value.kind, ExprKind::Star(_) | ExprKind::Literal(crate::sql::tree::Literal::Number(_))))
}

fn is_aggregate(call: &Call) -> bool {
    AGGREGATES.contains(&call.name.name.name.as_str())
}

/// Whether an aggregate stands at the top of an expression, or below operators.
pub(super) fn has_aggregate(expr: &Expr) -> bool {
    match &*expr.kind {
        ExprKind::Call(call) if is_aggregate(call) => true,
        _ => expr.operands().into_iter().any(has_aggregate),
    }
}
