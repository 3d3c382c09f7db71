//! Operands: names, constants, calls, parentheses, `CASE`, `CAST`, `ARRAY`, rows.
//!
//! Source: `c_expr` of gram.y (PostgreSQL 15).

use super::expression::{Extent, Parenthesised, special_call};
use super::operator::Power;
use super::reader::{Reader, Reading};
use crate::sql::cursor::NamePlace;
use crate::sql::token::Kind;
use crate::sql::tree::{CallSyntax, CaseBranch, Expr, ExprKind, Ident, Literal, SubscriptRange};

/// Words that begin a type and no call: a string behind them is a constant of that type.
const TYPE_WORDS: &[&str] = &[
    "BIGINT",
    "BIT",
    "BOOLEAN",
    "CHAR",
    "CHARACTER",
    "DEC",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "INT",
    "INTEGER",
    "NATIONAL",
    "NCHAR",
    "NUMERIC",
    "REAL",
    "SMALLINT",
    "TIME",
    "TIMESTAMP",
    "VARCHAR",
];

impl Reader<'_> {
    /// One operand with the fields and subscripts behind it.
    pub(super) fn primary(&mut self) -> Reading<Expr> {
        if let Some(constant) = self.constant() {
            return Ok(constant);
        }
        let mark = self.mark();
        match self.peek().map(|token| &token.kind) {
            Some(Kind::LParen) => {
                let operand = self.parenthesised()?.into_operand(self, mark)?;
                self.behind_parentheses(operand)
            }
            Some(Kind::Placeholder(_)) => {
                let text = self.text_at(0).to_owned();
                self.skip(1);
                self.indirection(Expr { kind: Box::new(ExprKind::Parameter(text)), span: self.span_since(mark) })
            }
            Some(Kind::Colon) if self.is_glued() && matches!(self.peek_at(1).map(|token| &token.kind), Some(Kind::Word(_) | Kind::SingleQuotedString(_))) => {
                self.skip(2);
                let text = self.text_since(mark).to_owned();
                Ok(Expr { kind: Box::new(ExprKind::Parameter(text)), span: self.span_since(mark) })
            }
            Some(Kind::Word(word)) if word.quote_style.is_none() => {
                let word = word.value.to_ascii_uppercase();
                match self.keyword_operand(&word)? {
                    Some(operand) => Ok(operand),
                    None => self.named(),
                }
            }
            Some(Kind::Word(_)) => self.named(),
            _ => Err(self.expected("an expression")),
        }
    }

    /// What may follow `(…)`: fields, subscripts, `OVERLAPS`.
    fn behind_parentheses(&mut self, operand: Expr) -> Reading<Expr> {
        if matches!(*operand.kind, ExprKind::Row(_)) && self.is_keyword("OVERLAPS") {
            return self.overlaps(operand);
        }
        self.indirection(operand)
    }

    fn overlaps(&mut self, left: Expr) -> Reading<Expr> {
        self.expect_keyword("OVERLAPS")?;
        let right = self.climb(Extent::Full, Power::Primary)?;
        let span = left.span.to(right.span);
        match (*left.kind, *right.kind) {
            (ExprKind::Row(mut all), ExprKind::Row(more)) if all.len() == 2 && more.len() == 2 => {
                all.extend(more);
                Ok(special_call("overlaps", all, CallSyntax::Special, span))
            }
            _ => Err(self.error("OVERLAPS compares two pairs")),
        }
    }

    /// Everything from `(` to its `)`: a query or expressions. What it is shows only inside, so nothing is read twice.
    pub(super) fn parenthesised(&mut self) -> Reading<Parenthesised> {
        self.nested(|reader| {
            reader.expect_symbol(&Kind::LParen)?;
            let content = reader.parenthesised_content()?;
            reader.expect_symbol(&Kind::RParen)?;
            Ok(content)
        })
    }

    fn parenthesised_content(&mut self) -> Reading<Parenthesised> {
        if self.starts_query() {
            return self.query().map(Parenthesised::Query);
        }
        let first = if self.is_symbol(&Kind::LParen) {
            let mark = self.mark();
            match self.parenthesised()? {
                Parenthesised::Query(query) if self.is_symbol(&Kind::RParen) => return Ok(Parenthesised::Query(query)),
                Parenthesised::Query(query) if self.continues_query() => {
                    let span = self.span_since(mark);
                    return self.query_on(query, span).map(Parenthesised::Query);
                }
                inner => {
                    let operand = inner.into_operand(self, mark)?;
                    let operand = self.behind_parentheses(operand)?;
                    self.climb_on(operand, Extent::Full, Power::Lowest)?
                }
            }
        } else {
            self.expression()?
        };
        let mut all = vec![first];
        while self.take_symbol(&Kind::Comma) {
            all.push(self.expression()?);
        }
        Ok(Parenthesised::Expressions(all))
    }

    /// `.field`, `.*` and `[…]` behind an operand.
    pub(super) fn indirection(&mut self, mut operand: Expr) -> Reading<Expr> {
        loop {
            let mark = self.mark();
            if self.take_symbol(&Kind::Period) {
                if self.take_symbol(&Kind::Mul) {
                    let span = operand.span.to(self.span_since(mark));
                    operand = Expr { kind: Box::new(ExprKind::AllFields(operand)), span };
                } else {
                    let field = self.label()?;
                    let span = operand.span.to(field.span);
                    operand = Expr { kind: Box::new(ExprKind::Field(operand, field)), span };
                }
            } else if self.is_symbol(&Kind::LBracket) {
                let range = self.subscript()?;
                let span = operand.span.to(self.span_since(mark));
                operand = Expr { kind: Box::new(ExprKind::Subscript(operand, range)), span };
            } else {
                return Ok(operand);
            }
            self.link()?;
        }
    }

    fn subscript(&mut self) -> Reading<SubscriptRange> {
        self.expect_symbol(&Kind::LBracket)?;
        let low = if self.is_symbol(&Kind::Colon) { None } else { Some(self.expression()?) };
        let range = if self.take_symbol(&Kind::Colon) {
            let high = if self.is_symbol(&Kind::RBracket) { None } else { Some(self.expression()?) };
            SubscriptRange::Slice(low, high)
        } else {
            SubscriptRange::Index(low.ok_or_else(|| self.expected("a subscript"))?)
        };
        self.expect_symbol(&Kind::RBracket)?;
        Ok(range)
    }

    /// Operands that begin with a word of the grammar; `None` when the word is a name here.
    fn keyword_operand(&mut self, word: &str) -> Reading<Option<Expr>> {
        let mark = self.mark();
        let opens = self.is_symbol_at(1, &Kind::LParen);
        let kind = match word {
            "NULL" => self.word_constant(Literal::Null),
            "TRUE" => self.word_constant(Literal::Boolean(true)),
            "FALSE" => self.word_constant(Literal::Boolean(false)),
            "DEFAULT" => {
                self.skip(1);
                ExprKind::Default
            }
            "CASE" => self.case()?,
            "CAST" if opens => self.cast()?,
            "EXISTS" if opens => {
                self.skip(1);
                ExprKind::Exists(Box::new(self.subquery()?))
            }
            "ARRAY" if opens => {
                self.skip(1);
                ExprKind::ArraySubquery(Box::new(self.subquery()?))
            }
            "ARRAY" => {
                self.skip(1);
                self.array()?
            }
            "ROW" if opens => return self.row(mark).map(Some),
            "GROUPING" if opens => {
                self.skip(1);
                ExprKind::Grouping(self.in_parentheses(|reader| reader.list(Reader::expression))?)
            }
            "INTERVAL" => match self.interval()? {
                Some(kind) => kind,
                None => return Ok(None),
            },
            _ if TYPE_WORDS.contains(&word) => return self.typed_constant(),
            _ => return self.keyword_call(word),
        };
        let operand = Expr { kind: Box::new(kind), span: self.span_since(mark) };
        Ok(Some(if word == "ARRAY" { self.indirection(operand)? } else { operand }))
    }

    fn word_constant(&mut self, literal: Literal) -> ExprKind {
        self.skip(1);
        ExprKind::Literal(literal)
    }

    /// `(SELECT …)` where only a query may stand.
    pub(super) fn subquery(&mut self) -> Reading<crate::sql::tree::Query> {
        let here = self.error("a query is needed in these parentheses");
        match self.parenthesised()? {
            Parenthesised::Query(query) => Ok(query),
            Parenthesised::Expressions(_) => Err(here),
        }
    }

    fn case(&mut self) -> Reading<ExprKind> {
        self.expect_keyword("CASE")?;
        let operand = if self.is_keyword("WHEN") { None } else { Some(self.expression()?) };
        let mut branches = Vec::new();
        while self.take_keyword("WHEN") {
            let when = self.expression()?;
            self.expect_keyword("THEN")?;
            let then = self.expression()?;
            branches.push(CaseBranch { when, then });
        }
        if branches.is_empty() {
            return Err(self.expected("`WHEN`"));
        }
        let otherwise = if self.take_keyword("ELSE") { Some(self.expression()?) } else { None };
        self.expect_keyword("END")?;
        Ok(ExprKind::Case { operand, branches, otherwise })
    }

    fn cast(&mut self) -> Reading<ExprKind> {
        self.skip(1);
        self.in_parentheses(|reader| {
            let operand = reader.expression()?;
            reader.expect_keyword("AS")?;
            let target = crate::sql::data_type::read(reader)?;
            Ok(ExprKind::Cast { operand, target, lenient: false })
        })
    }

    /// `[a, b]` after `ARRAY`, and arrays inside it, which need no word.
    fn array(&mut self) -> Reading<ExprKind> {
        self.nested(|reader| {
            reader.expect_symbol(&Kind::LBracket)?;
            let mut elements = Vec::new();
            if !reader.is_symbol(&Kind::RBracket) {
                elements = reader.list(|reader| {
                    let mark = reader.mark();
                    if reader.is_symbol(&Kind::LBracket) {
                        let kind = reader.array()?;
                        return Ok(Expr { kind: Box::new(kind), span: reader.span_since(mark) });
                    }
                    reader.expression()
                })?;
            }
            reader.expect_symbol(&Kind::RBracket)?;
            Ok(ExprKind::Array(elements))
        })
    }

    fn row(&mut self, mark: crate::sql::cursor::Mark) -> Reading<Expr> {
        self.skip(1);
        let fields = self.in_parentheses(|reader| if reader.is_symbol(&Kind::RParen) { Ok(Vec::new()) } else { reader.list(Reader::expression) })?;
        let row = Expr { kind: Box::new(ExprKind::Row(fields)), span: self.span_since(mark) };
        if self.is_keyword("OVERLAPS") { self.overlaps(row) } else { Ok(row) }
    }

    /// `INTERVAL '…' [field]`, `INTERVAL(p) '…'`; `None` when the word is a name.
    fn interval(&mut self) -> Reading<Option<ExprKind>> {
        let precision = self.is_symbol_at(1, &Kind::LParen) && self.is_symbol_at(3, &Kind::RParen) && self.is_string_at(4);
        if !precision && !self.is_string_at(1) {
            return Ok(None);
        }
        self.skip(1);
        let mut field = String::new();
        if precision {
            field = format!("({})", self.text_at(1));
            self.skip(3);
        }
        let text = self.string()?;
        if field.is_empty() {
            field = self.interval_field()?;
        }
        Ok(Some(ExprKind::Literal(Literal::Interval(text, (!field.is_empty()).then_some(field)))))
    }

    /// `YEAR`, `DAY TO SECOND(3)` …; empty when none is there.
    fn interval_field(&mut self) -> Reading<String> {
        const FIELDS: &[&str] = &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];
        let Some(first) = self.take_any_keyword(FIELDS) else {
            return Ok(String::new());
        };
        let mut field = first.to_owned();
        let mut last = first;
        if self.take_keyword("TO") {
            last = self.take_any_keyword(FIELDS).ok_or_else(|| self.expected("a field of an interval"))?;
            field = format!("{first} TO {last}");
        }
        if last == "SECOND" && self.take_symbol(&Kind::LParen) {
            field = format!("{field}({})", self.text_at(0));
            self.skip(1);
            self.expect_symbol(&Kind::RParen)?;
        }
        Ok(field)
    }

    /// `timestamp '…'`, `double precision '…'`; `None` when the words are a name.
    fn typed_constant(&mut self) -> Reading<Option<Expr>> {
        let mark = self.mark();
        if let Ok(target) = crate::sql::data_type::read(self)
            && self.is_string()
        {
            let inner = self.mark();
            let operand = Literal::String(self.string()?);
            let operand = Expr { kind: Box::new(ExprKind::Literal(operand)), span: self.span_since(inner) };
            return Ok(Some(Expr { kind: Box::new(ExprKind::Cast { operand, target, lenient: false }), span: self.span_since(mark) }));
        }
        self.reset(mark);
        Ok(None)
    }

    /// A column, a call, or a constant of a named type.
    fn named(&mut self) -> Reading<Expr> {
        let mark = self.mark();
        let is_column = self.peek_name(NamePlace::Column).is_some();
        let is_function = self.peek_name(NamePlace::TypeOrFunction).is_some();
        if !is_column && !is_function {
            return Err(self.expected("an expression"));
        }
        let mut parts = vec![self.label()?];
        while self.is_symbol(&Kind::Period) && !self.is_symbol_at(1, &Kind::Mul) {
            self.skip(1);
            parts.push(self.label()?);
        }
        let bare = parts.len() == 1;
        if self.is_symbol(&Kind::LParen) && (is_function || !bare) {
            let name = self.name_of(parts)?;
            return self.call(name, mark);
        }
        if self.is_string() && (is_function || !bare) {
            self.reset(mark);
            return match self.typed_constant()? {
                Some(constant) => Ok(constant),
                None => Err(self.expected("an expression")),
            };
        }
        if !is_column {
            self.reset(mark);
            return Err(self.expected("an expression"));
        }
        if self.is_symbol(&Kind::Period) {
            self.skip(2);
            let qualifier = self.name_of(parts)?;
            return Ok(Expr { kind: Box::new(ExprKind::Star(Some(qualifier))), span: self.span_since(mark) });
        }
        let column = self.column(parts, mark)?;
        if self.is_symbol(&Kind::LBracket) { self.indirection(column) } else { Ok(column) }
    }

    fn column(&mut self, parts: Vec<Ident>, mark: crate::sql::cursor::Mark) -> Reading<Expr> {
        if parts.len() > 4 {
            return Err(self.error("a column's name has at most four parts"));
        }
        Ok(Expr { kind: Box::new(ExprKind::Column(parts)), span: self.span_since(mark) })
    }
}
