//! Chains of `AND` or `OR`: balanced trees, which mean the same and are never deep.

use super::tree::{BinaryOperator, Expr, ExprKind};

/// The operands of nested uses of one associative operator, in order.
pub(super) fn flatten(expr: Expr, operator: &BinaryOperator, into: &mut Vec<Expr>) {
    let mut waiting = vec![expr];
    while let Some(expr) = waiting.pop() {
        match *expr.kind {
            ExprKind::Binary(left, found, right) if found == *operator => waiting.extend([right, left]),
            kind => into.push(Expr { kind: Box::new(kind), span: expr.span }),
        }
    }
}

/// One tree of minimal height; `None` for no operand.
pub(super) fn balanced(mut operands: Vec<Expr>, operator: &BinaryOperator) -> Option<Expr> {
    while operands.len() > 1 {
        let mut halved = Vec::with_capacity(operands.len().div_ceil(2));
        let mut all = operands.into_iter();
        while let Some(left) = all.next() {
            halved.push(match all.next() {
                Some(right) => {
                    let span = left.span.to(right.span);
                    Expr { kind: Box::new(ExprKind::Binary(left, operator.clone(), right)), span }
                }
                None => left,
            });
        }
        operands = halved;
    }
    operands.pop()
}
