//! An expression in the form that the server keeps it in: what the parser rewrites is rewritten, and what it converts has its cast.
//!
//! In: an expression and the conversions that binding found. Out: the same expression as `pg_get_expr` would give it back, which is what a
//! snapshot of a live database has. An expression that is in that form already stays as it is.
//!
//! Source: PostgreSQL 15, transformAExprIn and transformAExprBetween (parse_expr.c), get_const_expr and get_rule_expr (ruleutils.c).

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::schema::{Address, DataType, Schema, TypeIdentity, format_type};
use crate::sql::read_type;
use crate::sql::tree::{Argument, BinaryOperator, Call, CaseBranch, Connective, Expr, ExprKind, IsTest, Literal, Quantifier, TypeName, UnaryOperator};
use crate::text::{Sources, Span};
use crate::typing::base_type;

/// The conversions, by place.
pub(super) struct ServerForm<'a> {
    schema: &'a Schema,
    conversions: BTreeMap<(u32, u32), &'a DataType>,
    /// The types of the user in the casts that were added, each at a place that no text has.
    added: RefCell<Vec<(Span, Address)>>,
}

impl<'a> ServerForm<'a> {
    /// With the conversions of a binding; the last one at a place counts.
    pub(super) fn new(schema: &'a Schema, conversions: &'a [(Span, DataType)]) -> Self {
        let conversions = conversions.iter().map(|(span, data_type)| ((span.start, span.end), data_type)).collect();
        Self { schema, conversions, added: RefCell::default() }
    }

    /// What the added names mean.
    pub(super) fn references(self) -> Vec<(Span, Address)> {
        self.added.into_inner()
    }

    /// The expression in the server's form.
    pub(super) fn of(&self, expr: &Expr) -> Expr {
        let inner = self.without_own_cast(expr);
        match self.conversions.get(&(expr.span.start, expr.span.end)) {
            Some(data_type) if is_value(expr) => self.converted(inner, data_type),
            _ => inner,
        }
    }

    fn all(&self, exprs: &[Expr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.of(expr)).collect()
    }

    /// A value with its conversion: a constant of the type, or a cast around it.
    fn converted(&self, inner: Expr, data_type: &DataType) -> Expr {
        // A constant of a domain is one of the type below.
        let base = base_type(self.schema, data_type);
        let data_type = &base;
        let is = |names: &[&str]| names.iter().any(|name| data_type.is_builtin(name));
        let ExprKind::Literal(Literal::String(text)) = &*inner.kind else {
            return self.cast(inner, data_type);
        };
        let trimmed = text.trim();
        let is_number = !trimmed.is_empty() && trimmed.chars().all(|letter| letter.is_ascii_digit()) && (trimmed == "0" || !trimmed.starts_with('0'));
        if is(&["int4"]) && is_number {
            return Expr { kind: Box::new(ExprKind::Literal(Literal::Number(trimmed.to_owned()))), span: inner.span };
        }
        let is_decimal = trimmed.contains('.')
            && trimmed.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
            && !trimmed.starts_with('.')
            && !trimmed.ends_with('.');
        if is(&["numeric"]) && is_decimal {
            return Expr { kind: Box::new(ExprKind::Literal(Literal::Number(trimmed.to_owned()))), span: inner.span };
        }
        if is(&["bool"]) {
            let value = match trimmed.to_ascii_lowercase().as_str() {
                "t" | "true" | "y" | "yes" | "on" | "1" => Some(true),
                "f" | "false" | "n" | "no" | "off" | "0" => Some(false),
                _ => None,
            };
            if let Some(value) = value {
                return Expr { kind: Box::new(ExprKind::Literal(Literal::Boolean(value))), span: inner.span };
            }
        }
        self.cast(inner, data_type)
    }

    fn cast(&self, operand: Expr, data_type: &DataType) -> Expr {
        let span = operand.span;
        match self.spelled(&data_type.without_modifiers(), span) {
            Some(target) => Expr { kind: Box::new(ExprKind::Cast { operand, target, lenient: false }), span },
            None => operand,
        }
    }

    /// The type as a name, at a place that no text has.
    fn spelled(&self, data_type: &DataType, near: Span) -> Option<TypeName> {
        let mut sources = Sources::default();
        // Without modifiers the server calls this one by its internal name.
        let text = if data_type.is_builtin("bpchar") { String::from("bpchar") } else { format_type(self.schema, data_type) };
        let id = sources.add("<type>", text);
        let mut written = read_type(&sources, id, self.schema.dialect).ok()?;
        let mut added = self.added.borrow_mut();
        let place = u32::MAX.saturating_sub(u32::try_from(added.len()).unwrap_or(u32::MAX));
        let span = Span::new(near.source, place.saturating_sub(1), place);
        written.span = span;
        written.name.name.span = span;
        if let Some(schema) = &mut written.name.schema {
            schema.span = span;
        }
        if let TypeIdentity::Object(object) = data_type.identity {
            added.push((span, Address::whole(object)));
        }
        Some(written)
    }

    fn without_own_cast(&self, expr: &Expr) -> Expr {
        let span = expr.span;
        let kind = match &*expr.kind {
            ExprKind::Unary(UnaryOperator::Symbol(sign), operand) if sign == "-" => match &*operand.kind {
                ExprKind::Literal(Literal::Number(digits)) => return self.negative(digits, span),
                _ => ExprKind::Unary(UnaryOperator::Symbol(sign.clone()), self.of(operand)),
            },
            ExprKind::Literal(Literal::Number(digits)) => return self.number(digits, span),
            ExprKind::Literal(Literal::Interval(text, None)) => {
                let literal = Expr { kind: Box::new(ExprKind::Literal(Literal::String(text.clone()))), span };
                return self.cast(literal, &DataType::builtin("interval"));
            }
            ExprKind::Unary(operator, operand) => ExprKind::Unary(operator.clone(), self.of(operand)),
            ExprKind::Binary(left, operator, right) => ExprKind::Binary(self.of(left), operator.clone(), self.of(right)),
            ExprKind::Connected(connective, operands) => match Expr::connected(*connective, self.all(operands)) {
                Some(joined) => return Expr { kind: joined.kind, span },
                None => return expr.clone(),
            },
            ExprKind::Is { operand, test, negated } => ExprKind::Is { operand: self.of(operand), test: self.test(test), negated: *negated },
            ExprKind::Between { operand, low, high, negated, symmetric: false } => {
                let compare = |symbol: &str, bound: &Expr| {
                    let kind = ExprKind::Binary(self.of(operand), BinaryOperator::Symbol(symbol.to_owned()), self.of(bound));
                    Expr { kind: Box::new(kind), span }
                };
                if *negated {
                    ExprKind::Connected(Connective::Or, vec![compare("<", low), compare(">", high)])
                } else {
                    ExprKind::Connected(Connective::And, vec![compare(">=", low), compare("<=", high)])
                }
            }
            ExprKind::InList { operand, list, negated } => return self.in_list(operand, list, *negated, span),
            ExprKind::Quantified { operand, operator, quantifier, right } => {
                ExprKind::Quantified { operand: self.of(operand), operator: operator.clone(), quantifier: *quantifier, right: self.of(right) }
            }
            ExprKind::Cast { operand, target, lenient } => {
                // A constant that is cast is a constant of that type: it has no cast of its own.
                let inner = if matches!(&*operand.kind, ExprKind::Literal(_)) { operand.clone() } else { self.of(operand) };
                if let ExprKind::Literal(Literal::String(_)) = &*inner.kind
                    && !lenient
                    && target.modifiers.is_empty()
                    && target.array_dimensions == 0
                    && let Some(data_type) = self.conversions.get(&(operand.span.start, operand.span.end))
                    && (data_type.is_builtin("int4") || data_type.is_builtin("bool"))
                {
                    let plain = self.converted(inner.clone(), data_type);
                    if matches!(&*plain.kind, ExprKind::Literal(_)) {
                        return Expr { kind: plain.kind, span };
                    }
                }
                ExprKind::Cast { operand: inner, target: target.clone(), lenient: *lenient }
            }
            ExprKind::Collate(operand, collation) => ExprKind::Collate(self.of(operand), collation.clone()),
            ExprKind::Call(call) => ExprKind::Call(self.call(call)),
            ExprKind::Case { operand, branches, otherwise } => ExprKind::Case {
                operand: operand.as_ref().map(|operand| self.of(operand)),
                branches: branches.iter().map(|branch| CaseBranch { when: self.of(&branch.when), then: self.of(&branch.then) }).collect(),
                otherwise: otherwise.as_ref().map(|otherwise| self.of(otherwise)),
            },
            ExprKind::Array(elements) => ExprKind::Array(self.all(elements)),
            ExprKind::Row(fields) => ExprKind::Row(self.all(fields)),
            ExprKind::Subscript(base, range) => ExprKind::Subscript(self.of(base), range.clone()),
            ExprKind::Field(base, field) => ExprKind::Field(self.of(base), field.clone()),
            _ => return expr.clone(),
        };
        Expr { kind: Box::new(kind), span }
    }

    fn test(&self, test: &IsTest) -> IsTest {
        match test {
            IsTest::DistinctFrom(other) => IsTest::DistinctFrom(self.of(other)),
            other => other.clone(),
        }
    }

    fn call(&self, call: &Call) -> Call {
        let arguments = call.arguments.iter().map(|argument| Argument { value: self.of(&argument.value), ..argument.clone() });
        Call { arguments: arguments.collect(), ..call.clone() }
    }

    /// `-1` is a constant that the server quotes.
    fn negative(&self, digits: &str, span: Span) -> Expr {
        let literal = Expr { kind: Box::new(ExprKind::Literal(Literal::String(format!("-{digits}")))), span };
        self.cast(literal, &DataType::builtin(number_type(digits)))
    }

    /// A number that does not fit into an integer has the type that it fits into.
    fn number(&self, digits: &str, span: Span) -> Expr {
        let plain = Expr { kind: Box::new(ExprKind::Literal(Literal::Number(digits.to_owned()))), span };
        match number_type(digits) {
            "int8" => {
                let literal = Expr { kind: Box::new(ExprKind::Literal(Literal::String(digits.to_owned()))), span };
                self.cast(literal, &DataType::builtin("int8"))
            }
            _ => plain,
        }
    }

    /// `a IN (1, 2)` is `a = ANY (ARRAY[1, 2])`; one element is a plain comparison.
    fn in_list(&self, operand: &Expr, list: &[Expr], negated: bool, span: Span) -> Expr {
        let symbol = BinaryOperator::Symbol(String::from(if negated { "<>" } else { "=" }));
        let left = self.of(operand);
        if let [only] = list {
            return Expr { kind: Box::new(ExprKind::Binary(left, symbol, self.of(only))), span };
        }
        let is_constant = |expr: &Expr| matches!(&*expr.kind, ExprKind::Literal(_) | ExprKind::Cast { .. } | ExprKind::Unary(..));
        if !list.iter().all(is_constant) {
            let connective = if negated { Connective::And } else { Connective::Or };
            let compared = list.iter().map(|item| Expr { kind: Box::new(ExprKind::Binary(left.clone(), symbol.clone(), self.of(item))), span });
            return Expr::connected(connective, compared.collect()).map_or(left, |joined| Expr { kind: joined.kind, span });
        }
        let array = Expr { kind: Box::new(ExprKind::Array(self.all(list))), span };
        // The whole array is converted where its elements have no operator of their own (`character varying`).
        let right = match self.conversions.get(&(span.start, span.end)) {
            Some(data_type) if data_type.array => self.cast(array, data_type),
            _ => array,
        };
        let quantifier = if negated { Quantifier::All } else { Quantifier::Any };
        Expr { kind: Box::new(ExprKind::Quantified { operand: left, operator: symbol, quantifier, right }), span }
    }
}

/// Expressions that stand for one value at their own place; what contains others has their places.
fn is_value(expr: &Expr) -> bool {
    !matches!(&*expr.kind, ExprKind::InList { .. } | ExprKind::Literal(Literal::Null | Literal::Interval(..)))
}

/// The type that the server gives a number (make_const, parse_node.c).
fn number_type(digits: &str) -> &'static str {
    if !digits.chars().all(|letter| letter.is_ascii_digit()) {
        return "numeric";
    }
    match digits.parse::<i64>() {
        Ok(number) if i32::try_from(number).is_ok() => "int4",
        Ok(_) => "int8",
        Err(_) => "numeric",
    }
}
