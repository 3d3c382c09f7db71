//! Operators and predicates out of the parser crate's tree.

use sqlparser::ast;

use super::convert::{Converter, conditions, node};
use crate::sql::tree::{BinaryOperator, CallSyntax, Connective, Expr, ExprKind, IsTest, Quantifier, UnaryOperator, Unread};

impl Converter<'_> {
    pub fn test(&self, expr: ast::Expr) -> Result<Expr, Unread> {
        use ast::Expr as E;
        match expr {
            E::IsFalse(operand) => self.is(*operand, IsTest::False, false),
            E::IsNotFalse(operand) => self.is(*operand, IsTest::False, true),
            E::IsTrue(operand) => self.is(*operand, IsTest::True, false),
            E::IsNotTrue(operand) => self.is(*operand, IsTest::True, true),
            E::IsNull(operand) => self.is(*operand, IsTest::Null, false),
            E::IsNotNull(operand) => self.is(*operand, IsTest::Null, true),
            E::IsUnknown(operand) => self.is(*operand, IsTest::Unknown, false),
            E::IsNotUnknown(operand) => self.is(*operand, IsTest::Unknown, true),
            E::IsDistinctFrom(left, right) => {
                let right = self.expression(*right)?;
                self.is(*left, IsTest::DistinctFrom(right), false)
            }
            E::IsNotDistinctFrom(left, right) => {
                let right = self.expression(*right)?;
                self.is(*left, IsTest::DistinctFrom(right), true)
            }
            E::IsJson { expr, kind: _, unique_keys: _, negated } => self.is(*expr, IsTest::Form(String::from("JSON")), negated),
            E::IsNormalized { expr, form, negated } => {
                let form = form.map_or_else(|| String::from("NORMALIZED"), |form| format!("{form} NORMALIZED"));
                self.is(*expr, IsTest::Form(form), negated)
            }
            _ => Ok(self.not_understood("an expression of another kind")),
        }
    }

    pub fn comparison(&self, expr: ast::Expr) -> Result<Expr, Unread> {
        use ast::Expr as E;
        match expr {
            E::InList { expr, list, negated } => {
                let operand = self.expression(*expr)?;
                let list = self.expressions(list)?;
                let span = self.span_over(Some(operand.span), &list);
                Ok(node(ExprKind::InList { operand, list, negated }, span))
            }
            E::InSubquery { expr, subquery, negated } => {
                let operand = self.expression(*expr)?;
                let query = Box::new(self.query(*subquery)?);
                let span = operand.span.to(query.span);
                Ok(node(ExprKind::InSubquery { operand, query, negated }, span))
            }
            E::InUnnest { expr, array_expr, negated } => {
                let quantified = self.quantified(*expr, BinaryOperator::Symbol(String::from("=")), Quantifier::Any, *array_expr)?;
                Ok(perhaps_negated(quantified, negated))
            }
            E::Between { expr, negated, low, high } => {
                let (operand, low, high) = (self.expression(*expr)?, self.expression(*low)?, self.expression(*high)?);
                let span = operand.span.to(high.span);
                Ok(node(ExprKind::Between { operand, low, high, negated, symmetric: false }, span))
            }
            E::BinaryOp { left, op, right } => self.binary(*left, op, *right),
            E::Like { negated, any, expr, pattern, escape_char } => self.like(("~~", negated, any), *expr, *pattern, escape_char),
            E::ILike { negated, any, expr, pattern, escape_char } => self.like(("~~*", negated, any), *expr, *pattern, escape_char),
            E::SimilarTo { negated, expr, pattern, escape_char } => self.like(("SIMILAR TO", negated, false), *expr, *pattern, escape_char),
            E::RLike { negated, expr, pattern, regexp } => {
                let matched = self.operation(*expr, if regexp { "REGEXP" } else { "RLIKE" }, *pattern)?;
                Ok(perhaps_negated(matched, negated))
            }
            E::AnyOp { left, compare_op, right, is_some: _ } => self.quantified(*left, self.operator(compare_op)?, Quantifier::Any, *right),
            E::AllOp { left, compare_op, right } => self.quantified(*left, self.operator(compare_op)?, Quantifier::All, *right),
            E::UnaryOp { op, expr } => self.unary(op, *expr),
            E::Collate { expr, collation } => {
                let operand = self.expression(*expr)?;
                let collation = self.object_name(&collation)?;
                let span = operand.span.to(collation.span());
                Ok(node(ExprKind::Collate(operand, collation), span))
            }
            E::MemberOf(member) => self.operation(*member.value, "MEMBER OF", *member.array),
            _ => Ok(self.not_understood("an expression of another kind")),
        }
    }

    fn is(&self, operand: ast::Expr, test: IsTest, negated: bool) -> Result<Expr, Unread> {
        let operand = self.expression(operand)?;
        let span = operand.span;
        Ok(node(ExprKind::Is { operand, test, negated }, span))
    }

    fn binary(&self, left: ast::Expr, op: ast::BinaryOperator, right: ast::Expr) -> Result<Expr, Unread> {
        let mut waiting = vec![(op, right)];
        let mut first = left;
        while let ast::Expr::BinaryOp { left, op, right } = first {
            waiting.push((op, *right));
            first = *left;
        }
        let mut whole = self.expression(first)?;
        while let Some((op, right)) = waiting.pop() {
            let right = self.expression(right)?;
            whole = match op {
                ast::BinaryOperator::And => conditions(Connective::And, whole, right),
                ast::BinaryOperator::Or => conditions(Connective::Or, whole, right),
                op => {
                    let span = whole.span.to(right.span);
                    node(ExprKind::Binary(whole, self.operator(op)?, right), span)
                }
            };
        }
        Ok(whole)
    }

    fn operation(&self, left: ast::Expr, symbol: &str, right: ast::Expr) -> Result<Expr, Unread> {
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        let span = left.span.to(right.span);
        Ok(node(ExprKind::Binary(left, BinaryOperator::Symbol(symbol.to_owned()), right), span))
    }

    fn operator(&self, op: ast::BinaryOperator) -> Result<BinaryOperator, Unread> {
        Ok(match op {
            ast::BinaryOperator::And | ast::BinaryOperator::Or => return Err(self.refuse("AND or OR in the place of an operator")),
            ast::BinaryOperator::NotEq => BinaryOperator::Symbol(String::from("<>")),
            ast::BinaryOperator::Assignment => return Err(self.refuse("an assignment inside an expression")),
            // Every other one prints as its symbol or word.
            other => BinaryOperator::Symbol(other.to_string()),
        })
    }

    fn unary(&self, op: ast::UnaryOperator, operand: ast::Expr) -> Result<Expr, Unread> {
        let operand = self.expression(operand)?;
        let span = operand.span;
        let operator = match op {
            ast::UnaryOperator::Not | ast::UnaryOperator::BangNot => UnaryOperator::Not,
            other => UnaryOperator::Symbol(other.to_string()),
        };
        Ok(node(ExprKind::Unary(operator, operand), span))
    }

    fn quantified(&self, left: ast::Expr, operator: BinaryOperator, quantifier: Quantifier, right: ast::Expr) -> Result<Expr, Unread> {
        let (operand, right) = (self.expression(left)?, self.expression(right)?);
        let span = operand.span.to(right.span);
        Ok(node(ExprKind::Quantified { operand, operator, quantifier, right }, span))
    }

    fn like(&self, (symbol, negated, any): (&str, bool, bool), left: ast::Expr, pattern: ast::Expr, escape: Option<Box<ast::Expr>>) -> Result<Expr, Unread> {
        if any {
            let quantified = self.quantified(left, BinaryOperator::Symbol(symbol.to_owned()), Quantifier::Any, pattern)?;
            return Ok(perhaps_negated(quantified, negated));
        }
        let left = self.expression(left)?;
        let mut pattern = self.expression(pattern)?;
        if let Some(escape) = escape {
            pattern = self.special("like_escape", vec![pattern, self.expression(*escape)?], CallSyntax::Special);
        }
        let symbol = match (symbol, negated) {
            ("SIMILAR TO", true) => String::from("NOT SIMILAR TO"),
            (symbol, true) => format!("!{symbol}"),
            (symbol, false) => symbol.to_owned(),
        };
        let span = left.span.to(pattern.span);
        Ok(node(ExprKind::Binary(left, BinaryOperator::Symbol(symbol), pattern), span))
    }
}

/// `NOT` around it, if so.
pub(super) fn perhaps_negated(expr: Expr, negated: bool) -> Expr {
    let span = expr.span;
    if negated { node(ExprKind::Unary(UnaryOperator::Not, expr), span) } else { expr }
}
