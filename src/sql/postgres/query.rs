//! Queries: `WITH`, set operations, `ORDER BY`, `LIMIT`, row locks.
//!
//! Source: `SelectStmt` of gram.y (PostgreSQL 15).

use super::operator::Power;
use super::reader::{Reader, Reading};
use crate::sql::cursor::Mark;
use crate::sql::token::Kind;
use crate::sql::tree::{
    Cte, CteCycle, CteSearch, Expr, ExprKind, Literal, LockStrength, LockWait, ObjectName, Query, QueryBody, SetOperator, SetQuantifier, Values,
};
use crate::text::Span;

/// The tokens that begin a query, besides parentheses.
const STARTS: &[&str] = &["SELECT", "WITH", "TABLE"];

/// A query with nothing around its body.
fn plain(body: QueryBody, span: Span) -> Query {
    Query {
        with: Vec::new(),
        recursive: false,
        body,
        order_by: Vec::new(),
        limits: Vec::new(),
        limited: false,
        with_ties: false,
        locking: Vec::new(),
        lock_wait: LockWait::Wait,
        span,
    }
}

fn has_tail(query: &Query) -> bool {
    !query.order_by.is_empty() || query.limited || !query.limits.is_empty() || !query.locking.is_empty()
}

/// As an operand of a set operation: parentheses stay where they mean something.
fn operand(query: Query, span: Span) -> Query {
    let simple = query.with.is_empty()
        && !has_tail(&query)
        && matches!(query.body, QueryBody::Select(_) | QueryBody::Values(_) | QueryBody::Table(_) | QueryBody::Nested(_));
    if simple { query } else { plain(QueryBody::Nested(Box::new(query)), span) }
}

impl Reader<'_> {
    /// Whether a query begins here, not counting parentheses.
    pub(super) fn starts_query(&self) -> bool {
        self.is_any_keyword(STARTS) || (self.is_keyword("VALUES") && self.is_symbol_at(1, &Kind::LParen))
    }

    /// Whether what stands here makes a query in parentheses a part of a larger query.
    pub(super) fn continues_query(&self) -> bool {
        self.is_any_keyword(&["UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR"])
    }

    /// The longest query here.
    pub fn query(&mut self) -> Reading<Query> {
        self.nested(|reader| {
            let mark = reader.mark();
            let (with, recursive) = reader.with()?;
            if !with.is_empty() && reader.starts_writing() {
                let dml = reader.dml(with, recursive, mark)?;
                return Ok(plain(QueryBody::Dml(Box::new(dml)), reader.span_since(mark)));
            }
            let query = reader.set_operation(Power::Lowest)?;
            reader.finish_query(query, with, recursive, mark)
        })
    }

    /// The rest of a query whose first operand, in parentheses, is read already.
    pub(super) fn query_on(&mut self, first: Query, span: Span) -> Reading<Query> {
        let mark = self.mark();
        let first = operand(first, span);
        let query = self.set_operation_on(first, Power::Lowest)?;
        let mut query = self.finish_query(query, Vec::new(), false, mark)?;
        query.span = span.to(query.span);
        Ok(query)
    }

    fn finish_query(&mut self, query: Query, with: Vec<Cte>, recursive: bool, mark: Mark) -> Reading<Query> {
        let mut query = query;
        self.tail(&mut query)?;
        query.with = with;
        query.recursive = recursive;
        query.span = self.span_since(mark);
        if query.with.is_empty()
            && !has_tail(&query)
            && let QueryBody::Nested(inner) = query.body
        {
            return Ok(*inner);
        }
        Ok(query)
    }

    fn set_operation(&mut self, least: Power) -> Reading<Query> {
        let mark = self.mark();
        let first = if self.is_symbol(&Kind::LParen) {
            let query = self.subquery()?;
            operand(query, self.span_since(mark))
        } else {
            let body = self.simple_body()?;
            plain(body, self.span_since(mark))
        };
        self.set_operation_on(first, least)
    }

    /// `UNION` and `EXCEPT` bind alike, `INTERSECT` stronger; all from left to right.
    fn set_operation_on(&mut self, first: Query, least: Power) -> Reading<Query> {
        let mut left = first;
        loop {
            let (operator, power) = match self.peek().and_then(|token| token.bare_word()).map(str::to_ascii_uppercase).as_deref() {
                Some("UNION") => (SetOperator::Union, Power::Or),
                Some("EXCEPT") => (SetOperator::Except, Power::Or),
                Some("INTERSECT") => (SetOperator::Intersect, Power::And),
                _ => return Ok(left),
            };
            if power < least {
                return Ok(left);
            }
            self.skip(1);
            let quantifier = if self.take_keyword("ALL") {
                SetQuantifier::All
            } else {
                self.take_keyword("DISTINCT");
                SetQuantifier::Distinct
            };
            let right = self.nested(|reader| reader.set_operation(power.stronger()))?;
            let span = left.span.to(right.span);
            left = plain(QueryBody::SetOperation { operator, quantifier, left: Box::new(left), right: Box::new(right) }, span);
            self.link()?;
        }
    }

    fn simple_body(&mut self) -> Reading<QueryBody> {
        if self.is_keyword("SELECT") {
            return self.select().map(|select| QueryBody::Select(Box::new(select)));
        }
        if self.take_keyword("VALUES") {
            let rows = self.list(|reader| reader.in_parentheses(|reader| reader.list(Reader::expression)))?;
            return Ok(QueryBody::Values(Values { rows }));
        }
        if self.take_keyword("TABLE") {
            let (name, only) = self.relation_expression()?;
            if only {
                return Err(self.not_modelled("TABLE ONLY is not read"));
            }
            return Ok(QueryBody::Table(name));
        }
        Err(self.expected("a query"))
    }

    /// `ORDER BY`, `LIMIT`, `OFFSET`, `FETCH`, `FOR UPDATE`: the limits and the locks in either order.
    fn tail(&mut self, query: &mut Query) -> Reading<()> {
        if self.is_keyword("ORDER") {
            query.order_by = self.order_by()?;
        }
        let mut limit = None;
        let mut offset = None;
        loop {
            if limit.is_none() && self.take_keyword("LIMIT") {
                limit = Some(if self.take_keyword("ALL") { None } else { self.expression().map(Some)? });
            } else if offset.is_none() && self.take_keyword("OFFSET") {
                offset = Some(self.expression()?);
                self.take_any_keyword(&["ROW", "ROWS"]);
            } else if limit.is_none() && self.take_keyword("FETCH") {
                let (count, with_ties) = self.fetch()?;
                limit = Some(Some(count));
                query.with_ties = with_ties;
            } else if self.is_keyword("FOR") {
                self.lock(query)?;
            } else {
                break;
            }
        }
        // `LIMIT NULL` is `LIMIT ALL` (manual 7.6).
        let limit = limit.flatten().filter(|limit| *limit.kind != ExprKind::Literal(Literal::Null));
        query.limited = limit.is_some();
        query.limits = limit.into_iter().chain(offset).collect();
        Ok(())
    }

    /// `FETCH {FIRST | NEXT} [n] {ROW | ROWS} {ONLY | WITH TIES}`.
    fn fetch(&mut self) -> Reading<(Expr, bool)> {
        if self.take_any_keyword(&["FIRST", "NEXT"]).is_none() {
            return Err(self.expected("`FIRST` or `NEXT`"));
        }
        let here = self.here();
        let count = if self.is_any_keyword(&["ROW", "ROWS"]) {
            Expr { kind: Box::new(ExprKind::Literal(Literal::Number(String::from("1")))), span: here }
        } else {
            self.primary()?
        };
        if self.take_any_keyword(&["ROW", "ROWS"]).is_none() {
            return Err(self.expected("`ROW` or `ROWS`"));
        }
        if self.take_keyword("ONLY") {
            return Ok((count, false));
        }
        self.expect_keywords(&["WITH", "TIES"])?;
        Ok((count, true))
    }

    fn lock(&mut self, query: &mut Query) -> Reading<()> {
        self.expect_keyword("FOR")?;
        if self.take_keywords(&["READ", "ONLY"]) {
            return Ok(());
        }
        let strength = if self.take_keywords(&["NO", "KEY", "UPDATE"]) {
            LockStrength::NoKeyUpdate
        } else if self.take_keywords(&["KEY", "SHARE"]) {
            LockStrength::KeyShare
        } else if self.take_keyword("SHARE") {
            LockStrength::Share
        } else {
            self.expect_keyword("UPDATE")?;
            LockStrength::Update
        };
        let tables = if self.take_keyword("OF") { self.list(|reader| reader.object_name())? } else { Vec::new() };
        let wait = if self.take_keyword("NOWAIT") {
            LockWait::NoWait
        } else if self.take_keywords(&["SKIP", "LOCKED"]) {
            LockWait::SkipLocked
        } else {
            LockWait::Wait
        };
        if !query.locking.is_empty() && query.lock_wait != wait {
            return Err(self.not_modelled("row locks that wait differently in one query are not read"));
        }
        query.lock_wait = wait;
        query.locking.push((strength, tables));
        Ok(())
    }

    /// `WITH [RECURSIVE] …`; empty when there is none.
    pub(super) fn with(&mut self) -> Reading<(Vec<Cte>, bool)> {
        if !self.take_keyword("WITH") {
            return Ok((Vec::new(), false));
        }
        let recursive = self.take_keyword("RECURSIVE");
        Ok((self.list(Reader::cte)?, recursive))
    }

    fn cte(&mut self) -> Reading<Cte> {
        let name = self.ident()?;
        let columns = if self.is_symbol(&Kind::LParen) { self.names_in_parentheses()? } else { Vec::new() };
        self.expect_keyword("AS")?;
        let materialized = if self.take_keywords(&["NOT", "MATERIALIZED"]) { Some(false) } else { self.take_keyword("MATERIALIZED").then_some(true) };
        let mark = self.mark();
        let query = self.nested(|reader| {
            reader.in_parentheses(|reader| {
                let start = reader.mark();
                if !reader.starts_writing() {
                    return reader.query();
                }
                let dml = reader.dml(Vec::new(), false, start)?;
                Ok(plain(QueryBody::Dml(Box::new(dml)), reader.span_since(start)))
            })
        })?;
        let query = Query { span: self.span_since(mark), ..query };
        let search = self.search()?;
        let cycle = self.cycle()?;
        Ok(Cte { name, columns, query: Box::new(query), materialized, search, cycle })
    }

    fn search(&mut self) -> Reading<Option<CteSearch>> {
        if !self.take_keyword("SEARCH") {
            return Ok(None);
        }
        let breadth_first = match self.take_any_keyword(&["BREADTH", "DEPTH"]) {
            Some(word) => word == "BREADTH",
            None => return Err(self.expected("`BREADTH` or `DEPTH`")),
        };
        self.expect_keywords(&["FIRST", "BY"])?;
        let by = self.list(|reader| reader.ident())?;
        self.expect_keyword("SET")?;
        Ok(Some(CteSearch { breadth_first, by, sequence: self.ident()? }))
    }

    fn cycle(&mut self) -> Reading<Option<CteCycle>> {
        if !self.take_keyword("CYCLE") {
            return Ok(None);
        }
        let columns = self.list(|reader| reader.ident())?;
        self.expect_keyword("SET")?;
        let mark = self.ident()?;
        let values = if self.take_keyword("TO") {
            let cycled = self.primary()?;
            self.expect_keyword("DEFAULT")?;
            Some((cycled, self.primary()?))
        } else {
            None
        };
        self.expect_keyword("USING")?;
        Ok(Some(CteCycle { columns, mark, values, path: self.ident()? }))
    }

    /// Whether a writing statement begins here.
    pub(super) fn starts_writing(&self) -> bool {
        self.is_any_keyword(&["INSERT", "UPDATE", "DELETE", "MERGE"])
    }

    /// `t`, `t *`, `ONLY t`, `ONLY (t)`: the name, and whether its children are left out.
    pub(super) fn relation_expression(&mut self) -> Reading<(ObjectName, bool)> {
        if self.take_keyword("ONLY") {
            let name = if self.is_symbol(&Kind::LParen) { self.in_parentheses(|reader| reader.object_name())? } else { self.object_name()? };
            return Ok((name, true));
        }
        let name = self.object_name()?;
        self.take_symbol(&Kind::Mul);
        Ok((name, false))
    }
}
