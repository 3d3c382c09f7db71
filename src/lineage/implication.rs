//! Whether one condition follows from another, as far as the server itself tries to prove it (predtest.c, predicate_implied_by; PostgreSQL 15).
//!
//! In: two conditions over one table in the form that the server keeps. Out: yes, no, or not decided here. Parts joined by `AND` are taken one by one;
//! equal parts follow from each other, a comparison with a number from a narrower one, `IS NOT NULL` from any comparison.

use crate::dialect::Dialect;
use crate::sql::print;
use crate::sql::tree::{BinaryOperator, Connective, Expr, ExprKind, IsTest, Literal};

/// Whether `wanted` follows from `given`; `None` when that is not decided.
pub(super) fn implied(wanted: &Expr, given: &Expr, dialect: &'static Dialect) -> Option<bool> {
    let given = given.joined_by(Connective::And);
    let mut all = Some(true);
    for part in wanted.joined_by(Connective::And) {
        match part_implied(part, &given, dialect) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn part_implied(wanted: &Expr, given: &[&Expr], dialect: &'static Dialect) -> Option<bool> {
    let print = |expr: &Expr| print::expression(expr, dialect).ok();
    let text = print(wanted)?;
    if given.iter().any(|one| print(one).as_ref() == Some(&text)) {
        return Some(true);
    }
    if let ExprKind::Is { operand, test: IsTest::Null, negated: true } = &*wanted.kind {
        let operand = print(operand);
        if given.iter().filter_map(|one| comparison(one)).any(|one| print(one.operand) == operand) {
            return Some(true);
        }
    }
    let wanted = comparison(wanted)?;
    let column = print(wanted.operand);
    let mut decided = true;
    for one in given {
        match comparison(one) {
            Some(one) if print(one.operand) == column => {
                if follows(&wanted, &one) {
                    return Some(true);
                }
            }
            Some(_) => {}
            None => decided = false,
        }
    }
    decided.then_some(false)
}

/// `column < number`.
struct Comparison<'e> {
    operand: &'e Expr,
    operator: &'e str,
    number: f64,
}

fn comparison(expr: &Expr) -> Option<Comparison<'_>> {
    let ExprKind::Binary(operand, BinaryOperator::Symbol(operator), right) = &*expr.kind else { return None };
    let is_column = matches!(&*operand.kind, ExprKind::Column(_));
    let ExprKind::Literal(Literal::Number(digits)) = &*right.kind else { return None };
    let known = matches!(operator.as_str(), "<" | "<=" | "=" | ">=" | ">");
    if is_column && known { Some(Comparison { operand, operator, number: digits.parse().ok()? }) } else { None }
}

/// Whether every number that meets `given` meets `wanted`.
fn follows(wanted: &Comparison<'_>, given: &Comparison<'_>) -> bool {
    let (w, g) = (wanted.number, given.number);
    match (wanted.operator, given.operator) {
        ("<", "<") | ("<=", "<=" | "<") => g <= w,
        ("<", "<=") => g < w,
        (">", ">") | (">=", ">=" | ">") => g >= w,
        (">", ">=") => g > w,
        ("<", "=") => g < w,
        ("<=", "=") => g <= w,
        (">", "=") => g > w,
        (">=", "=") => g >= w,
        #[expect(clippy::float_cmp, reason = "both are read from digits; equal digits give equal numbers")]
        ("=", "=") => g == w,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::DEFAULT;
    use crate::text::Sources;

    fn follows_from(wanted: &str, given: &str) -> Option<bool> {
        let read = |text: &str| {
            let mut sources = Sources::default();
            let id = sources.add("condition", text);
            crate::sql::read_expression(&sources, id, DEFAULT).unwrap()
        };
        implied(&read(wanted), &read(given), DEFAULT)
    }

    #[test]
    fn what_the_server_proves_is_proven() {
        // Each asked of PostgreSQL 15 as `ON CONFLICT (a) WHERE given` on a unique index `(a) WHERE wanted`.
        for (wanted, given) in [
            ("level > 1", "level > 1"),
            ("level > 1", "level > 2"),
            ("level >= 1", "level = 1"),
            ("level > 1", "level > 1 AND name = 'a'"),
            ("level IS NOT NULL", "level > 1"),
            ("level > 1 AND name = 'a'", "name = 'a' AND level > 1"),
        ] {
            assert_eq!(follows_from(wanted, given), Some(true), "{wanted} from {given}");
        }
        for (wanted, given) in [("level > 2", "level > 1"), ("level > 1", "level >= 1"), ("level > 1", "other > 1"), ("level > 1", "level < 9")] {
            assert_eq!(follows_from(wanted, given), Some(false), "{wanted} from {given}");
        }
        assert_eq!(follows_from("level > 1", "level::numeric > 3"), None);
    }
}
