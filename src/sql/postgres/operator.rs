//! Operators: which characters make one, and how strongly each binds. The one table for reading and for printing.
//!
//! Source: scan.l and the precedence list of gram.y (PostgreSQL 15); manual 4.1.3 and 4.1.6.

use super::reader::{Reader, Reading};
use crate::name::Name;
use crate::sql::token::Kind;
use crate::sql::tree::{BinaryOperator, Expr, ExprKind, Ident, ObjectName, Quantifier};

/// How strongly a form binds its operands; more is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sql) enum Power {
    Lowest,
    Or,
    And,
    Not,
    Is,
    Comparison,
    Pattern,
    Escape,
    Operator,
    Sum,
    Product,
    Exponent,
    AtTimeZone,
    Collate,
    Sign,
    Cast,
    /// Names, constants, calls, parentheses.
    Primary,
}

impl Power {
    /// The next stronger: what the right side of a left-associative operator needs at least.
    pub fn stronger(self) -> Self {
        use Power::{And, AtTimeZone, Cast, Collate, Comparison, Escape, Exponent, Is, Lowest, Not, Operator, Or, Pattern, Primary, Product, Sign, Sum};
        match self {
            Lowest => Or,
            Or => And,
            And => Not,
            Not => Is,
            Is => Comparison,
            Comparison => Pattern,
            Pattern => Escape,
            Escape => Operator,
            Operator => Sum,
            Sum => Product,
            Product => Exponent,
            Exponent => AtTimeZone,
            AtTimeZone => Collate,
            Collate => Sign,
            Sign => Cast,
            Cast | Primary => Primary,
        }
    }
}

/// How strongly a binary operator binds, as [`crate::sql::print`] writes it.
pub(in crate::sql) fn power_of(operator: &BinaryOperator) -> Power {
    match operator {
        BinaryOperator::Qualified(_) => Power::Operator,
        BinaryOperator::Symbol(symbol) => match symbol.as_str() {
            "=" | "<" | ">" | "<=" | ">=" | "<>" => Power::Comparison,
            "~~" | "~~*" | "!~~" | "!~~*" | "SIMILAR TO" | "NOT SIMILAR TO" => Power::Pattern,
            "+" | "-" => Power::Sum,
            "*" | "/" | "%" => Power::Product,
            "^" => Power::Exponent,
            _ => Power::Operator,
        },
    }
}

impl Reader<'_> {
    /// The operator symbol at this place; `!=` is `<>`.
    pub(super) fn peek_operator(&self) -> Option<&str> {
        const CHARACTERS: &str = "+-*/<>=~!@#%^&|`?";
        let text = self.text_at(0);
        match text {
            "" | "=>" => None,
            "!=" => Some("<>"),
            _ => text.chars().all(|character| CHARACTERS.contains(character)).then_some(text),
        }
    }

    /// `OPERATOR ( schema . symbol )` at this place, taken whole.
    pub(super) fn qualified_operator(&mut self) -> Reading<BinaryOperator> {
        self.expect_keyword("OPERATOR")?;
        self.in_parentheses(|reader| {
            let mut parts = Vec::new();
            while reader.peek_operator().is_none() {
                parts.push(reader.ident()?);
                reader.expect_symbol(&Kind::Period)?;
            }
            let Some(symbol) = reader.peek_operator().map(str::to_owned) else {
                return Err(reader.expected("an operator"));
            };
            let start = reader.mark();
            reader.skip(1);
            let name = Ident { name: Name::stored(symbol.clone()), span: reader.span_since(start) };
            let schema = parts.pop();
            // What stands in pg_catalog is what the bare symbol means, unless a schema was put before pg_catalog in the search path.
            match (&schema, parts.is_empty()) {
                (None, _) => Ok(BinaryOperator::Symbol(symbol)),
                (Some(_), true) => Ok(BinaryOperator::Qualified(ObjectName { database: None, schema, name })),
                (Some(_), false) => Err(reader.not_modelled("an operator's name has at most two parts here")),
            }
        })
    }

    /// After an operator: `ANY (…)`, `SOME (…)` or `ALL (…)` if that follows, with the operator applied; otherwise gives the left side back.
    pub(super) fn quantified(&mut self, operand: Expr, operator: BinaryOperator) -> Reading<Result<Expr, (Expr, BinaryOperator)>> {
        let quantifier = match self.peek() {
            Some(token) if token.is_word("ANY") || token.is_word("SOME") => Quantifier::Any,
            Some(token) if token.is_word("ALL") => Quantifier::All,
            _ => return Ok(Err((operand, operator))),
        };
        self.skip(1);
        let mark = self.mark();
        let right = self.parenthesised()?.into_operand(self, mark)?;
        let span = operand.span.to(self.span_since(mark));
        Ok(Ok(Expr { kind: Box::new(ExprKind::Quantified { operand, operator, quantifier, right }), span }))
    }
}
