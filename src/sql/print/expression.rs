//! Expressions.

use super::piece::{ReferenceKind, Unprintable};
use super::writer::{Printed, Writer};
use crate::sql::postgres::{Power, power_of};
use crate::sql::tree::{
    BinaryOperator, CallSyntax, CaseBranch, Connective, Expr, ExprKind, Ident, IsTest, Literal, Quantifier, SubscriptRange, TypeName, UnaryOperator,
};

/// How strongly the printed form of an expression binds.
fn power(expr: &Expr) -> Power {
    match &*expr.kind {
        ExprKind::Unary(UnaryOperator::Not, _) => Power::Not,
        ExprKind::Unary(UnaryOperator::Symbol(symbol), _) if matches!(symbol.as_str(), "+" | "-") => Power::Sign,
        ExprKind::Unary(UnaryOperator::Symbol(_), _) => Power::Operator,
        ExprKind::Connected(Connective::And, _) => Power::And,
        ExprKind::Connected(Connective::Or, _) => Power::Or,
        ExprKind::Binary(_, operator, _) | ExprKind::Quantified { operator, .. } => power_of(operator),
        ExprKind::Is { .. } => Power::Is,
        ExprKind::Between { .. } | ExprKind::InList { .. } | ExprKind::InSubquery { .. } => Power::Pattern,
        ExprKind::Cast { lenient: false, operand, .. } => {
            if is_xml_serialize(operand) {
                Power::Primary
            } else {
                Power::Cast
            }
        }
        ExprKind::Collate(..) => Power::Collate,
        ExprKind::Call(call) if call.syntax == CallSyntax::AtTimeZone => Power::AtTimeZone,
        ExprKind::Lambda(..) => Power::Lowest,
        ExprKind::Column(_)
        | ExprKind::Star(_)
        | ExprKind::Literal(_)
        | ExprKind::Parameter(_)
        | ExprKind::Default
        | ExprKind::Exists(_)
        | ExprKind::Subquery(_)
        | ExprKind::Cast { .. }
        | ExprKind::Call(_)
        | ExprKind::Case { .. }
        | ExprKind::Array(_)
        | ExprKind::ArraySubquery(_)
        | ExprKind::Row(_)
        | ExprKind::Subscript(..)
        | ExprKind::Field(..)
        | ExprKind::AllFields(_)
        | ExprKind::Struct(_)
        | ExprKind::Grouping(_)
        | ExprKind::NotUnderstood(_) => Power::Primary,
    }
}

fn is_xml_serialize(expr: &Expr) -> bool {
    matches!(&*expr.kind, ExprKind::Call(call) if call.syntax == CallSyntax::Special && call.name.name.name.as_str() == "xmlserialize")
}

impl Writer {
    /// An expression, in parentheses when it binds less than `least`.
    pub(super) fn expr(&mut self, expr: &Expr, least: Power) -> Printed {
        if power(expr) >= least {
            return self.bare_expr(expr);
        }
        self.in_parentheses(expr)
    }

    pub(super) fn in_parentheses(&mut self, expr: &Expr) -> Printed {
        self.text("(");
        self.bare_expr(expr)?;
        self.text(")");
        Ok(())
    }

    fn bare_expr(&mut self, expr: &Expr) -> Printed {
        match &*expr.kind {
            ExprKind::Column(parts) => {
                self.column(parts, false);
                Ok(())
            }
            ExprKind::Star(None) => {
                self.reference(String::from("*"), ReferenceKind::Star, expr.span);
                Ok(())
            }
            ExprKind::Star(Some(qualifier)) => {
                let parts = [qualifier.database.as_ref(), qualifier.schema.as_ref(), Some(&qualifier.name)];
                let parts: Vec<String> = parts.into_iter().flatten().map(|part| self.quoted(part)).collect();
                self.reference(format!("{}.*", parts.join(".")), ReferenceKind::Star, expr.span);
                Ok(())
            }
            ExprKind::Literal(literal) => {
                self.literal(literal, expr.span);
                Ok(())
            }
            ExprKind::Parameter(text) => {
                self.text(text);
                Ok(())
            }
            ExprKind::Default => {
                self.text("DEFAULT");
                Ok(())
            }
            ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Connected(..)
            | ExprKind::Is { .. }
            | ExprKind::Between { .. }
            | ExprKind::InList { .. }
            | ExprKind::InSubquery { .. }
            | ExprKind::Quantified { .. } => self.predicate(expr),
            ExprKind::Exists(query) => {
                self.text("EXISTS ");
                self.subquery(query)
            }
            ExprKind::Subquery(query) => self.subquery(query),
            ExprKind::Cast { operand, target, lenient } => self.cast(operand, target, *lenient),
            ExprKind::Collate(operand, collation) => {
                self.expr(operand, Power::Collate)?;
                self.text(" COLLATE ");
                self.object(collation, ReferenceKind::Object);
                Ok(())
            }
            ExprKind::Call(call) => self.call(call, expr.span),
            ExprKind::Case { operand, branches, otherwise } => self.case(operand.as_ref(), branches, otherwise.as_ref()),
            ExprKind::Array(elements) => {
                self.text("ARRAY[");
                self.expressions(elements)?;
                self.text("]");
                Ok(())
            }
            ExprKind::ArraySubquery(query) => {
                self.text("ARRAY");
                self.subquery(query)
            }
            ExprKind::Row(fields) => {
                self.text("ROW(");
                self.expressions(fields)?;
                self.text(")");
                Ok(())
            }
            ExprKind::Subscript(base, range) => self.subscript(base, range),
            ExprKind::Field(base, field) => {
                self.indirection_base(base, matches!(*base.kind, ExprKind::Column(_)))?;
                self.text(".");
                let text = self.quoted(field);
                self.reference(text, ReferenceKind::ColumnPart { output: None }, field.span);
                Ok(())
            }
            ExprKind::AllFields(base) => {
                self.indirection_base(base, matches!(*base.kind, ExprKind::Column(_)))?;
                self.text(".*");
                Ok(())
            }
            ExprKind::Struct(fields) => self.structure(fields),
            ExprKind::Lambda(parameters, body) => {
                self.local_names(parameters);
                self.text(" -> ");
                self.expr(body, Power::Lowest)
            }
            ExprKind::Grouping(keys) => {
                self.text("GROUPING(");
                self.expressions(keys)?;
                self.text(")");
                Ok(())
            }
            ExprKind::NotUnderstood(what) => Err(Unprintable { what: what.clone(), span: expr.span }),
        }
    }

    /// Operators and predicates.
    fn predicate(&mut self, expr: &Expr) -> Printed {
        match &*expr.kind {
            ExprKind::Unary(operator, operand) => self.unary(operator, operand),
            ExprKind::Binary(left, operator, right) => self.binary(left, operator, right),
            ExprKind::Connected(connective, operands) => self.connected(*connective, operands),
            ExprKind::Is { operand, test, negated } => self.is_test(operand, test, *negated),
            ExprKind::Between { operand, low, high, negated, symmetric } => {
                self.expr(operand, Power::Escape)?;
                self.negation(*negated);
                self.text(if *symmetric { " BETWEEN SYMMETRIC " } else { " BETWEEN " });
                self.lower_bound(low)?;
                self.text(" AND ");
                self.expr(high, Power::Escape)
            }
            ExprKind::InList { operand, list, negated } => {
                self.expr(operand, Power::Escape)?;
                self.negation(*negated);
                self.text(" IN (");
                self.expressions(list)?;
                self.text(")");
                Ok(())
            }
            ExprKind::InSubquery { operand, query, negated } => {
                self.expr(operand, Power::Escape)?;
                self.negation(*negated);
                self.text(" IN ");
                self.subquery(query)
            }
            ExprKind::Quantified { operand, operator, quantifier, right } => self.quantified(operand, operator, *quantifier, right),
            _ => self.bare_expr(expr),
        }
    }

    /// A dotted column reference; `is_output` when it is a whole select item without an alias.
    pub(super) fn column(&mut self, parts: &[Ident], is_output: bool) {
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                self.text(".");
            }
            let output = (is_output && place + 1 == parts.len()).then(|| part.name.clone());
            let text = self.quoted(part);
            self.reference(text, ReferenceKind::ColumnPart { output }, part.span);
        }
    }

    /// A constant.
    pub(super) fn literal(&mut self, literal: &Literal, span: crate::text::Span) {
        let text = match literal {
            Literal::Null => String::from("NULL"),
            Literal::Boolean(true) => String::from("true"),
            Literal::Boolean(false) => String::from("false"),
            Literal::Number(number) => number.clone(),
            Literal::String(text) => return self.reference(string_constant(text), ReferenceKind::Text, span),
            Literal::Bits(digits) => format!("B'{digits}'"),
            Literal::Hex(digits) => format!("X'{digits}'"),
            Literal::Interval(text, None) => format!("INTERVAL {}", string_constant(text)),
            Literal::Interval(text, Some(field)) if field.starts_with('(') => format!("INTERVAL{field} {}", string_constant(text)),
            Literal::Interval(text, Some(field)) => format!("INTERVAL {} {field}", string_constant(text)),
        };
        self.text(&text);
    }

    fn negation(&mut self, negated: bool) {
        if negated {
            self.text(" NOT");
        }
    }

    fn unary(&mut self, operator: &UnaryOperator, operand: &Expr) -> Printed {
        match operator {
            UnaryOperator::Not => {
                self.text("NOT ");
                self.expr(operand, Power::Not)
            }
            UnaryOperator::Symbol(symbol) => {
                self.text(symbol);
                // Two operators in a row would be one.
                if matches!(&*operand.kind, ExprKind::Unary(UnaryOperator::Symbol(_), _)) {
                    return self.in_parentheses(operand);
                }
                if matches!(symbol.as_str(), "+" | "-") {
                    return self.expr(operand, Power::Sign);
                }
                self.text(" ");
                self.expr(operand, Power::Sum)
            }
        }
    }

    fn binary(&mut self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Printed {
        let own = power_of(operator);
        let (least_left, least_right) = match own {
            Power::Comparison | Power::Pattern => (own.stronger(), own.stronger()),
            _ => (own, own.stronger()),
        };
        self.expr(left, least_left)?;
        self.text(" ");
        self.operator(operator);
        self.text(" ");
        match &*right.kind {
            ExprKind::Call(call)
                if own == Power::Pattern
                    && matches!(call.name.name.name.as_str(), "like_escape" | "similar_to_escape")
                    && call.syntax == CallSyntax::Special =>
            {
                for (place, argument) in call.arguments.iter().enumerate() {
                    if place > 0 {
                        self.text(" ESCAPE ");
                    }
                    self.expr(&argument.value, Power::Operator)?;
                }
                Ok(())
            }
            _ => self.expr(right, least_right),
        }
    }

    /// Operands of the same connective keep their brackets.
    fn connected(&mut self, connective: Connective, operands: &[Expr]) -> Printed {
        let (word, power) = match connective {
            Connective::And => (" AND ", Power::And),
            Connective::Or => (" OR ", Power::Or),
        };
        for (place, operand) in operands.iter().enumerate() {
            if place > 0 {
                self.text(word);
            }
            self.expr(operand, power.stronger())?;
        }
        Ok(())
    }

    fn operator(&mut self, operator: &BinaryOperator) {
        match operator {
            BinaryOperator::Symbol(symbol) => self.text(match symbol.as_str() {
                "~~" => "LIKE",
                "!~~" => "NOT LIKE",
                "~~*" => "ILIKE",
                "!~~*" => "NOT ILIKE",
                other => other,
            }),
            BinaryOperator::Qualified(name) => {
                let schema = name.schema.as_ref().map(|schema| format!("{}.", self.quoted(schema))).unwrap_or_default();
                self.text("OPERATOR(");
                self.reference(format!("{schema}{}", name.name.name), ReferenceKind::Object, name.span());
                self.text(")");
            }
        }
    }

    fn quantified(&mut self, operand: &Expr, operator: &BinaryOperator, quantifier: Quantifier, right: &Expr) -> Printed {
        let own = power_of(operator);
        self.expr(operand, own.stronger())?;
        self.text(" ");
        self.operator(operator);
        self.text(match quantifier {
            Quantifier::Any => " ANY ",
            Quantifier::All => " ALL ",
        });
        match &*right.kind {
            ExprKind::Subquery(query) => self.subquery(query),
            _ => self.in_parentheses(without_shown_cast(right)),
        }
    }

    fn is_test(&mut self, operand: &Expr, test: &IsTest, negated: bool) -> Printed {
        self.expr(operand, Power::Comparison)?;
        self.text(if negated { " IS NOT " } else { " IS " });
        match test {
            IsTest::Null => self.text("NULL"),
            IsTest::True => self.text("TRUE"),
            IsTest::False => self.text("FALSE"),
            IsTest::Unknown => self.text("UNKNOWN"),
            IsTest::DistinctFrom(other) => {
                self.text("DISTINCT FROM ");
                self.expr(other, Power::Comparison)?;
            }
            IsTest::Form(form) => self.text(form),
        }
        Ok(())
    }

    /// What may stand unparenthesised between `BETWEEN` and `AND` is less than what may stand elsewhere.
    fn lower_bound(&mut self, low: &Expr) -> Printed {
        if is_plain_arithmetic(low) { self.expr(low, Power::Operator) } else { self.in_parentheses(low) }
    }

    fn cast(&mut self, operand: &Expr, target: &crate::sql::tree::TypeName, lenient: bool) -> Printed {
        if lenient {
            self.text("TRY_CAST(");
            self.expr(operand, Power::Lowest)?;
            self.text(" AS ");
            self.type_name(target);
            self.text(")");
            return Ok(());
        }
        if let ExprKind::Call(call) = &*operand.kind
            && is_xml_serialize(operand)
        {
            self.text("XMLSERIALIZE(");
            self.xml_kind_and_value(call)?;
            self.text(" AS ");
            self.type_name(target);
            self.text(")");
            return Ok(());
        }
        self.expr(operand, Power::Cast)?;
        self.text("::");
        self.type_name(target);
        Ok(())
    }

    fn case(&mut self, operand: Option<&Expr>, branches: &[CaseBranch], otherwise: Option<&Expr>) -> Printed {
        self.text("CASE");
        if let Some(operand) = operand {
            self.text(" ");
            self.expr(operand, Power::Lowest)?;
        }
        for branch in branches {
            self.text(" WHEN ");
            self.expr(&branch.when, Power::Lowest)?;
            self.text(" THEN ");
            self.expr(&branch.then, Power::Lowest)?;
        }
        if let Some(otherwise) = otherwise {
            self.text(" ELSE ");
            self.expr(otherwise, Power::Lowest)?;
        }
        self.text(" END");
        Ok(())
    }

    /// What fields and subscripts may be written behind as it is; everything else needs parentheses.
    fn indirection_base(&mut self, base: &Expr, parenthesise: bool) -> Printed {
        let fits = matches!(*base.kind, ExprKind::Column(_) | ExprKind::Parameter(_) | ExprKind::Subscript(..) | ExprKind::Field(..) | ExprKind::Subquery(_));
        if fits && !parenthesise { self.bare_expr(base) } else { self.in_parentheses(base) }
    }

    fn subscript(&mut self, base: &Expr, range: &SubscriptRange) -> Printed {
        self.indirection_base(base, false)?;
        self.text("[");
        match range {
            SubscriptRange::Index(index) => self.expr(index, Power::Lowest)?,
            SubscriptRange::Slice(low, high) => {
                if let Some(low) = low {
                    self.expr(low, Power::Lowest)?;
                }
                // A space, because `:x` would be a parameter.
                self.text(" : ");
                if let Some(high) = high {
                    self.expr(high, Power::Lowest)?;
                }
            }
        }
        self.text("]");
        Ok(())
    }

    fn structure(&mut self, fields: &[(Option<Ident>, Expr)]) -> Printed {
        self.text("STRUCT(");
        self.separated(fields, |writer, (name, value)| {
            writer.expr(value, Power::Lowest)?;
            if let Some(name) = name {
                writer.text(" AS ");
                writer.local(name);
            }
            Ok(())
        })?;
        self.text(")");
        Ok(())
    }
}

/// Whether nothing in it, outside parentheses, needs more than `b_expr` of PostgreSQL's grammar.
fn is_plain_arithmetic(expr: &Expr) -> bool {
    match &*expr.kind {
        ExprKind::Binary(left, operator, right) => power_of(operator) >= Power::Operator && is_plain_arithmetic(left) && is_plain_arithmetic(right),
        ExprKind::Unary(UnaryOperator::Symbol(_), operand) => is_plain_arithmetic(operand),
        ExprKind::Unary(UnaryOperator::Not, _) | ExprKind::Quantified { .. } => false,
        _ => power(expr) >= Power::Sign,
    }
}

/// `(ARRAY['a'::varchar, …])::text[]` behind `ANY` without its cast. The server shows there a conversion that nobody wrote; given back as a cast, it would
/// be taken into the elements and stored as another text (transformTypeCast, parse_expr.c; measured on 15).
fn without_shown_cast(expr: &Expr) -> &Expr {
    let is_text = |target: &TypeName| target.name.name.name.as_str() == "text" && target.array_dimensions == 1;
    let is_varchar = |target: &TypeName| matches!(target.name.name.name.as_str(), "varchar" | "character varying") && target.array_dimensions == 0;
    match &*expr.kind {
        ExprKind::Cast { operand, target, lenient: false } if is_text(target) => match &*operand.kind {
            ExprKind::Array(elements)
                if !elements.is_empty()
                    && elements.iter().all(|element| matches!(&*element.kind, ExprKind::Cast { target, lenient: false, .. } if is_varchar(target))) =>
            {
                operand
            }
            _ => expr,
        },
        _ => expr,
    }
}

/// A string between quotes, as standard-conforming strings are read.
pub(super) fn string_constant(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
