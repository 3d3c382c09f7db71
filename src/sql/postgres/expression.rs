//! Expressions by precedence: what stands between operands.
//!
//! Source: `a_expr` and `b_expr` of gram.y (PostgreSQL 15).

use super::operator::{Power, power_of};
use super::reader::{Reader, Reading};
use crate::sql::token::Kind;
use crate::sql::tree::{Argument, BinaryOperator, Call, CallSyntax, Connective, Expr, ExprKind, Ident, IsTest, ObjectName, Query, UnaryOperator};
use crate::text::Span;

/// Which expressions may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Every one (`a_expr`).
    Full,
    /// Without `AND`, `OR`, `NOT`, `IN`, `LIKE`, `BETWEEN`, `IS NULL`, `COLLATE`, `AT` (`b_expr`): a column's default, a bound of `BETWEEN`.
    Restricted,
}

/// What stands in parentheses.
pub(super) enum Parenthesised {
    /// `(SELECT …)`.
    Query(Query),
    /// `(a)`, `(a, b)`.
    Expressions(Vec<Expr>),
}

/// What follows an operand.
enum Infix {
    Or,
    And,
    Is,
    IsNull(bool),
    Between,
    In,
    Pattern(&'static str),
    Symbol(BinaryOperator),
    Qualified,
    AtTimeZone,
    Collate,
    Cast,
}

impl Parenthesised {
    /// One value out of it; several are a row.
    pub fn into_operand(self, reader: &Reader<'_>, start: crate::sql::cursor::Mark) -> Reading<Expr> {
        let span = reader.span_since(start);
        match self {
            Parenthesised::Query(query) => Ok(Expr { kind: Box::new(ExprKind::Subquery(Box::new(query))), span }),
            Parenthesised::Expressions(mut all) if all.len() == 1 => match all.pop() {
                Some(one) => Ok(Expr { kind: one.kind, span }),
                None => Err(reader.expected("an expression")),
            },
            Parenthesised::Expressions(all) => Ok(Expr { kind: Box::new(ExprKind::Row(all)), span }),
        }
    }
}

/// A call that is written as syntax.
pub(super) fn special_call(name: &str, arguments: Vec<Expr>, syntax: CallSyntax, span: Span) -> Expr {
    let name = ObjectName::bare(Ident { name: crate::name::Name::stored(name), span });
    let arguments = arguments.into_iter().map(|value| Argument { name: None, value, variadic: false }).collect();
    let call = Call { name, arguments, distinct: false, order_by: Vec::new(), within_group: Vec::new(), filter: None, over: None, ignore_nulls: false, syntax };
    Expr { kind: Box::new(ExprKind::Call(call)), span }
}

impl Reader<'_> {
    /// The longest expression here.
    pub fn expression(&mut self) -> Reading<Expr> {
        self.climb(Extent::Full, Power::Lowest)
    }

    /// The longest expression here that can be a column's default.
    pub fn restricted_expression(&mut self) -> Reading<Expr> {
        self.climb(Extent::Restricted, Power::Lowest)
    }

    /// An expression whose operators all bind at least as strongly as `least`.
    pub(super) fn climb(&mut self, extent: Extent, least: Power) -> Reading<Expr> {
        self.nested(|reader| {
            let first = reader.prefix(extent)?;
            reader.climb_on(first, extent, least)
        })
    }

    /// As [`Reader::climb`], when the first operand is read already.
    pub(super) fn climb_on(&mut self, first: Expr, extent: Extent, least: Power) -> Reading<Expr> {
        let mut left = first;
        let mut barred = None;
        while let Some((infix, power)) = self.peek_infix(extent) {
            if power < least {
                break;
            }
            if barred == Some(power) {
                return Err(self.error("such comparisons cannot follow each other without parentheses"));
            }
            let trails = !matches!(infix, Infix::In | Infix::IsNull(_) | Infix::Cast | Infix::Collate);
            let start = self.mark();
            left = self.infix(left, infix, power, extent)?;
            let non_associative = matches!(power, Power::Comparison | Power::Pattern | Power::Is);
            let ends_closed = matches!(*left.kind, ExprKind::Quantified { .. })
                || matches!(&*left.kind, ExprKind::Is { test, .. } if !matches!(test, IsTest::DistinctFrom(_)));
            barred = (non_associative && trails && !ends_closed).then_some(power);
            debug_assert!(self.mark() != start, "an infix form takes at least one token");
            self.link()?;
        }
        Ok(left)
    }

    /// Prefix operators and the operand behind them.
    fn prefix(&mut self, extent: Extent) -> Reading<Expr> {
        let mark = self.mark();
        if extent == Extent::Full && self.take_keyword("NOT") {
            let operand = self.climb(extent, Power::Not)?;
            return Ok(Expr { kind: Box::new(ExprKind::Unary(UnaryOperator::Not, operand)), span: self.span_since(mark) });
        }
        if let Some(symbol) = self.peek_operator().map(str::to_owned) {
            // These are no prefix operators in the grammar (gram.y, qual_Op, 15).
            if matches!(symbol.as_str(), "*" | "/" | "%" | "^" | "<" | ">" | "=" | "<=" | ">=" | "<>") {
                return Err(self.expected("an expression"));
            }
            self.skip(1);
            if symbol == "?" {
                return Ok(Expr { kind: Box::new(ExprKind::Parameter(symbol)), span: self.span_since(mark) });
            }
            let least = if matches!(symbol.as_str(), "+" | "-") { Power::Sign } else { Power::Operator.stronger() };
            let operand = self.climb(extent, least)?;
            return Ok(Expr { kind: Box::new(ExprKind::Unary(UnaryOperator::Symbol(symbol), operand)), span: self.span_since(mark) });
        }
        self.primary()
    }

    fn peek_infix(&self, extent: Extent) -> Option<(Infix, Power)> {
        let token = self.peek()?;
        if token.kind == Kind::DoubleColon {
            return Some((Infix::Cast, Power::Cast));
        }
        let Some(word) = token.bare_word() else {
            let operator = BinaryOperator::Symbol(self.peek_operator()?.to_owned());
            let power = power_of(&operator);
            // `a ~~ b` is an operator like any other; only the words bind as `LIKE` does.
            let power = if power == Power::Pattern { Power::Operator } else { power };
            return Some((Infix::Symbol(operator), power));
        };
        let full = extent == Extent::Full;
        let found = |infix, power| if full { Some((infix, power)) } else { None };
        match word.to_ascii_uppercase().as_str() {
            "OR" => found(Infix::Or, Power::Or),
            "AND" => found(Infix::And, Power::And),
            "IS" if full => found(Infix::Is, Power::Is),
            "IS" => {
                let negated = usize::from(self.is_keyword_at(1, "NOT"));
                let fits = self.is_keyword_at(1 + negated, "DISTINCT") || self.is_keyword_at(1 + negated, "DOCUMENT");
                fits.then_some((Infix::Is, Power::Is))
            }
            "ISNULL" => found(Infix::IsNull(false), Power::Is),
            "NOTNULL" => found(Infix::IsNull(true), Power::Is),
            "OPERATOR" if self.is_symbol_at(1, &Kind::LParen) => Some((Infix::Qualified, Power::Operator)),
            "AT" if self.is_keyword_at(1, "TIME") && self.is_keyword_at(2, "ZONE") => found(Infix::AtTimeZone, Power::AtTimeZone),
            "AT" if self.is_keyword_at(1, "LOCAL") => found(Infix::AtTimeZone, Power::AtTimeZone),
            "COLLATE" => found(Infix::Collate, Power::Collate),
            "NOT" => self.peek_predicate(1).and_then(|infix| found(infix, Power::Pattern)),
            _ => self.peek_predicate(0).and_then(|infix| found(infix, Power::Pattern)),
        }
    }

    fn peek_predicate(&self, ahead: usize) -> Option<Infix> {
        match self.peek_at(ahead)?.bare_word()?.to_ascii_uppercase().as_str() {
            "BETWEEN" => Some(Infix::Between),
            "IN" => Some(Infix::In),
            "LIKE" => Some(Infix::Pattern("~~")),
            "ILIKE" => Some(Infix::Pattern("~~*")),
            "SIMILAR" if self.is_keyword_at(ahead + 1, "TO") => Some(Infix::Pattern("SIMILAR TO")),
            _ => None,
        }
    }

    fn infix(&mut self, left: Expr, infix: Infix, power: Power, extent: Extent) -> Reading<Expr> {
        match infix {
            Infix::Or => self.connected(left, "OR", Connective::Or, power),
            Infix::And => self.connected(left, "AND", Connective::And, power),
            Infix::Is => self.is_test(left, extent),
            Infix::IsNull(negated) => {
                let end = self.here();
                self.skip(1);
                let span = left.span.to(end);
                Ok(Expr { kind: Box::new(ExprKind::Is { operand: left, test: IsTest::Null, negated }), span })
            }
            Infix::Between => self.between(left),
            Infix::In => self.membership(left),
            Infix::Pattern(symbol) => self.pattern(left, symbol),
            Infix::Symbol(operator) => {
                self.skip(1);
                self.operation(left, operator, power, extent)
            }
            Infix::Qualified => {
                let operator = self.qualified_operator()?;
                self.operation(left, operator, power, extent)
            }
            Infix::AtTimeZone => self.at_time_zone(left),
            Infix::Collate => {
                self.skip(1);
                let collation = self.object_name()?;
                let span = left.span.to(collation.span());
                Ok(Expr { kind: Box::new(ExprKind::Collate(left, collation)), span })
            }
            Infix::Cast => {
                self.skip(1);
                let target = crate::sql::data_type::read(self)?;
                let span = left.span.to(target.span);
                Ok(Expr { kind: Box::new(ExprKind::Cast { operand: left, target, lenient: false }), span })
            }
        }
    }

    /// `a AND b AND c …`: one node, however long.
    fn connected(&mut self, first: Expr, word: &str, connective: Connective, power: Power) -> Reading<Expr> {
        let mut operands = vec![first];
        while self.take_keyword(word) {
            operands.push(self.climb(Extent::Full, power.stronger())?);
        }
        Expr::connected(connective, operands).ok_or_else(|| self.expected("an expression"))
    }

    fn operation(&mut self, left: Expr, operator: BinaryOperator, power: Power, extent: Extent) -> Reading<Expr> {
        let (left, operator) = match self.quantified(left, operator)? {
            Ok(done) => return Ok(done),
            Err(both) => both,
        };
        let right = self.climb(extent, power.stronger())?;
        let span = left.span.to(right.span);
        Ok(Expr { kind: Box::new(ExprKind::Binary(left, operator, right)), span })
    }

    fn is_test(&mut self, operand: Expr, extent: Extent) -> Reading<Expr> {
        let mark = self.mark();
        self.expect_keyword("IS")?;
        let negated = self.take_keyword("NOT");
        let test = if self.take_keyword("NULL") {
            IsTest::Null
        } else if self.take_keyword("TRUE") {
            IsTest::True
        } else if self.take_keyword("FALSE") {
            IsTest::False
        } else if self.take_keyword("UNKNOWN") {
            IsTest::Unknown
        } else if self.take_keywords(&["DISTINCT", "FROM"]) {
            IsTest::DistinctFrom(self.climb(extent, Power::Is.stronger())?)
        } else {
            IsTest::Form(self.form()?)
        };
        let span = operand.span.to(self.span_since(mark));
        Ok(Expr { kind: Box::new(ExprKind::Is { operand, test, negated }), span })
    }

    /// `DOCUMENT`, `[NFC] NORMALIZED`, `JSON [VALUE|ARRAY|OBJECT|SCALAR] [WITH|WITHOUT UNIQUE [KEYS]]`.
    fn form(&mut self) -> Reading<String> {
        if self.take_keyword("DOCUMENT") {
            return Ok(String::from("DOCUMENT"));
        }
        if self.take_keyword("JSON") {
            let mut words = vec!["JSON"];
            words.extend(self.take_any_keyword(&["VALUE", "ARRAY", "OBJECT", "SCALAR"]));
            if let Some(with) = self.take_any_keyword(&["WITH", "WITHOUT"]) {
                self.expect_keyword("UNIQUE")?;
                self.take_keyword("KEYS");
                words.extend([with, "UNIQUE"]);
            }
            return Ok(words.join(" "));
        }
        let form = self.take_any_keyword(&["NFC", "NFD", "NFKC", "NFKD"]);
        self.expect_keyword("NORMALIZED")?;
        Ok(form.map_or_else(|| String::from("NORMALIZED"), |form| format!("{form} NORMALIZED")))
    }

    fn between(&mut self, operand: Expr) -> Reading<Expr> {
        let negated = self.take_keyword("NOT");
        self.expect_keyword("BETWEEN")?;
        let symmetric = self.take_keyword("SYMMETRIC");
        if !symmetric {
            self.take_keyword("ASYMMETRIC");
        }
        let low = self.climb(Extent::Restricted, Power::Lowest)?;
        self.expect_keyword("AND")?;
        let high = self.climb(Extent::Full, Power::Pattern.stronger())?;
        let span = operand.span.to(high.span);
        Ok(Expr { kind: Box::new(ExprKind::Between { operand, low, high, negated, symmetric }), span })
    }

    fn membership(&mut self, operand: Expr) -> Reading<Expr> {
        let negated = self.take_keyword("NOT");
        self.expect_keyword("IN")?;
        let mark = self.mark();
        let right = self.parenthesised()?;
        let span = operand.span.to(self.span_since(mark));
        let kind = match right {
            Parenthesised::Query(query) => ExprKind::InSubquery { operand, query: Box::new(query), negated },
            Parenthesised::Expressions(list) => ExprKind::InList { operand, list, negated },
        };
        Ok(Expr { kind: Box::new(kind), span })
    }

    fn pattern(&mut self, left: Expr, symbol: &'static str) -> Reading<Expr> {
        let negated = self.take_keyword("NOT");
        self.skip(if symbol == "SIMILAR TO" { 2 } else { 1 });
        let symbol = match (symbol, negated) {
            ("SIMILAR TO", true) => String::from("NOT SIMILAR TO"),
            (symbol, true) => format!("!{symbol}"),
            (symbol, false) => symbol.to_owned(),
        };
        let escape = if symbol.ends_with("TO") { "similar_to_escape" } else { "like_escape" };
        let (left, operator) = match self.quantified(left, BinaryOperator::Symbol(symbol))? {
            Ok(done) => return Ok(done),
            Err(both) => both,
        };
        let mut right = self.climb(Extent::Full, Power::Pattern.stronger())?;
        if self.take_keyword("ESCAPE") {
            let character = self.climb(Extent::Full, Power::Escape.stronger())?;
            let span = right.span.to(character.span);
            right = special_call(escape, vec![right, character], CallSyntax::Special, span);
        }
        let span = left.span.to(right.span);
        Ok(Expr { kind: Box::new(ExprKind::Binary(left, operator, right)), span })
    }

    fn at_time_zone(&mut self, left: Expr) -> Reading<Expr> {
        let mark = self.mark();
        self.skip(1);
        if self.take_keyword("LOCAL") {
            let span = left.span.to(self.span_since(mark));
            return Ok(special_call("timezone", vec![left], CallSyntax::AtTimeZone, span));
        }
        self.expect_keywords(&["TIME", "ZONE"])?;
        let zone = self.climb(Extent::Full, Power::AtTimeZone.stronger())?;
        let span = left.span.to(zone.span);
        Ok(special_call("timezone", vec![zone, left], CallSyntax::AtTimeZone, span))
    }
}
