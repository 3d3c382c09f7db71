//! The expressions that stand directly inside one: the one place that knows where an expression keeps its operands, and how conditions are joined.
//!
//! In: an expression. Out: its direct operands in the order of the text. Queries inside it (`EXISTS`, `IN (SELECT …)`) are scopes of their own
//! and are not entered.

use super::{Connective, Expr, ExprKind, IsTest, SubscriptRange, WindowReference};

impl Expr {
    /// One condition of all operands; a first operand of the same connective gives its parts (makeAndExpr, gram.y, PostgreSQL 15).
    /// `None` for no operand.
    pub(crate) fn connected(connective: Connective, operands: Vec<Self>) -> Option<Self> {
        let mut rest = operands.into_iter();
        let first = rest.next()?;
        let start = first.span;
        let mut all = match *first.kind {
            ExprKind::Connected(found, parts) if found == connective => parts,
            kind => vec![Self { kind: Box::new(kind), span: start }],
        };
        all.extend(rest);
        if all.len() == 1 {
            return all.pop();
        }
        let span = all.last().map_or(start, |last| start.to(last.span));
        Some(Self { kind: Box::new(ExprKind::Connected(connective, all)), span })
    }

    /// The conditions that all of them join with one connective, brackets or none; itself where it joins nothing.
    pub(crate) fn joined_by(&self, connective: Connective) -> Vec<&Self> {
        let (mut found, mut open) = (Vec::new(), vec![self]);
        while let Some(one) = open.pop() {
            match &*one.kind {
                ExprKind::Connected(own, parts) if *own == connective => open.extend(parts.iter().rev()),
                _ => found.push(one),
            }
        }
        found
    }

    /// The direct operands, in the order of the text.
    #[must_use]
    pub fn operands(&self) -> Vec<&Self> {
        match &*self.kind {
            ExprKind::Column(_)
            | ExprKind::Star(_)
            | ExprKind::Literal(_)
            | ExprKind::Parameter(_)
            | ExprKind::Default
            | ExprKind::Exists(_)
            | ExprKind::Subquery(_)
            | ExprKind::ArraySubquery(_)
            | ExprKind::NotUnderstood(_) => Vec::new(),
            ExprKind::Unary(_, operand)
            | ExprKind::Cast { operand, .. }
            | ExprKind::Collate(operand, _)
            | ExprKind::Field(operand, _)
            | ExprKind::AllFields(operand)
            | ExprKind::InSubquery { operand, .. }
            | ExprKind::Lambda(_, operand) => vec![operand],
            ExprKind::Binary(left, _, right) | ExprKind::Quantified { operand: left, right, .. } => vec![left, right],
            ExprKind::Connected(_, operands) | ExprKind::Array(operands) | ExprKind::Row(operands) | ExprKind::Grouping(operands) => operands.iter().collect(),
            ExprKind::Is { operand, test, .. } => match test {
                IsTest::DistinctFrom(other) => vec![operand, other],
                IsTest::Null | IsTest::True | IsTest::False | IsTest::Unknown | IsTest::Form(_) => vec![operand],
            },
            ExprKind::Between { operand, low, high, .. } => vec![operand, low, high],
            ExprKind::InList { operand, list, .. } => std::iter::once(operand).chain(list).collect(),
            ExprKind::Call(call) => {
                let mut found: Vec<&Self> = call.arguments.iter().map(|argument| &argument.value).collect();
                found.extend(call.order_by.iter().map(|key| &key.expr));
                found.extend(call.within_group.iter().map(|key| &key.expr));
                found.extend(&call.filter);
                if let Some(WindowReference::Inline(window)) = &call.over {
                    found.extend(&window.partition_by);
                    found.extend(window.order_by.iter().map(|key| &key.expr));
                    found.extend(&window.frame_bounds);
                }
                found
            }
            ExprKind::Case { operand, branches, otherwise } => {
                let parts = branches.iter().flat_map(|branch| [&branch.when, &branch.then]);
                operand.iter().chain(parts).chain(otherwise).collect()
            }
            ExprKind::Subscript(base, SubscriptRange::Index(index)) => vec![base, index],
            ExprKind::Subscript(base, SubscriptRange::Slice(low, high)) => std::iter::once(base).chain(low).chain(high).collect(),
            ExprKind::Struct(fields) => fields.iter().map(|(_, value)| value).collect(),
        }
    }
}
