//! Names and places out of the parser crate's tree.

use sqlparser::ast;
use sqlparser::tokenizer::{Location, Span as Place};

use crate::dialect::Dialect;
use crate::name::{Name, Quoting};
use crate::sql::token::{Kind, Token};
use crate::sql::tree::{Connective, Expr, ExprKind, Ident, LockWait, ObjectName, Query, QueryBody, Unread, UnreadReason};
use crate::text::{SourceId, Span};

/// What conversion needs to know besides the tree.
pub(super) struct Converter<'t> {
    /// Decides folding and some meanings.
    pub dialect: &'static Dialect,
    /// The text that places count in.
    pub source: SourceId,
    /// All that was read: the place of what the crate keeps no place of.
    pub whole: Span,
    /// Its tokens.
    pub tokens: &'t [Token],
}

/// Words that stand before an item of a select list.
const BEFORE_ITEM: &[&str] = &["SELECT", "DISTINCT", "ALL", "RETURNING"];

/// Words that end a select list.
const AFTER_ITEMS: &[&str] =
    &["FROM", "INTO", "WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT", "MINUS", "BULK"];

impl Converter<'_> {
    /// A place in the file; the whole when the crate has none.
    pub fn span(&self, place: Place) -> Span {
        if place.start.line == 0 { self.whole } else { Span::new(self.source, offset(place.start), offset(place.end)) }
    }

    /// The place of a whole item of a select list, of which the crate knows some place inside: up to the commas or clauses around it.
    pub fn item_span(&self, inside: Span) -> Span {
        if inside == self.whole {
            return inside;
        }
        let is = |token: &Token, words: &[&str]| words.iter().any(|word| token.is_word(word));
        let known = self.tokens.partition_point(|token| token.span.end <= inside.start);
        let mut depth = 0_usize;
        let mut span = inside;
        for token in self.tokens.get(..known).unwrap_or(&[]).iter().rev() {
            match token.kind {
                Kind::RParen | Kind::RBracket => depth += 1,
                // One that is open here is the item's own: that of a subquery stands before `SELECT`.
                Kind::LParen | Kind::LBracket => depth = depth.saturating_sub(1),
                Kind::Comma if depth == 0 => break,
                _ if depth == 0 && is(token, BEFORE_ITEM) => break,
                _ => {}
            }
            span = token.span.to(span);
        }
        let mut open = self.tokens.iter().filter(|token| span.contains(token.span)).fold(0_isize, |open, token| match token.kind {
            Kind::LParen | Kind::LBracket => open + 1,
            Kind::RParen | Kind::RBracket => open - 1,
            _ => open,
        });
        let behind = self.tokens.partition_point(|token| token.span.start < inside.end);
        for token in self.tokens.get(behind..).unwrap_or(&[]) {
            match token.kind {
                Kind::LParen | Kind::LBracket => open += 1,
                Kind::RParen | Kind::RBracket => open -= 1,
                Kind::Comma | Kind::SemiColon if open <= 0 => break,
                _ if open <= 0 && is(token, AFTER_ITEMS) => break,
                _ => {}
            }
            if open < 0 {
                break;
            }
            span = span.to(token.span);
        }
        span
    }

    /// From the first to the last of some expressions; the whole when there is none.
    pub fn span_over<'e>(&self, first: Option<Span>, all: impl IntoIterator<Item = &'e Expr>) -> Span {
        all.into_iter().map(|expr| expr.span).chain(first).reduce(Span::to).unwrap_or(self.whole)
    }

    /// A name.
    pub fn ident(&self, ident: &ast::Ident) -> Ident {
        let quoting = if ident.quote_style.is_some() { Quoting::Quoted } else { Quoting::Bare };
        Ident { name: self.dialect.fold(&ident.value, quoting), span: self.span(ident.span) }
    }

    /// Names.
    pub fn idents(&self, idents: &[ast::Ident]) -> Vec<Ident> {
        idents.iter().map(|ident| self.ident(ident)).collect()
    }

    /// The parts of a dotted name; `None` when one of them is computed.
    pub fn parts(&self, name: &ast::ObjectName) -> Option<Vec<Ident>> {
        name.0.iter().map(|part| part.as_ident().map(|ident| self.ident(ident))).collect()
    }

    /// The name of an object.
    pub fn object_name(&self, name: &ast::ObjectName) -> Result<ObjectName, Unread> {
        let mut parts = self.parts(name).ok_or_else(|| self.refuse("a computed name"))?;
        let Some(own) = parts.pop() else {
            return Err(self.refuse("an empty name"));
        };
        let schema = parts.pop();
        // A longer path is one database's: `project.region.INFORMATION_SCHEMA.TABLES`.
        let database = parts.into_iter().reduce(|left, right| {
            let name = Name::stored(format!("{}.{}", left.name, right.name));
            Ident { name, span: left.span.to(right.span) }
        });
        Ok(ObjectName { database, schema, name: own })
    }

    /// The last part of a dotted name, where only a column can be meant.
    pub fn last_part(&self, name: &ast::ObjectName) -> Result<Ident, Unread> {
        Ok(self.object_name(name)?.name)
    }

    /// A part that the tree has no room for.
    pub fn not_understood(&self, what: &str) -> Expr {
        node(ExprKind::NotUnderstood(what.to_owned()), self.whole)
    }

    /// The whole is not read, because that stands in it.
    pub fn refuse(&self, what: &str) -> Unread {
        Unread {
            reason: UnreadReason::NotModelled,
            message: format!("{what} is not read in {}", self.dialect.title),
            span: self.whole,
            head: String::new(),
            mentions: Vec::new(),
        }
    }
}

/// An expression of that kind at that place.
pub(super) fn node(kind: ExprKind, span: Span) -> Expr {
    Expr { kind: Box::new(kind), span }
}

/// A query with nothing around its body.
pub(super) fn plain_query(body: QueryBody, span: Span) -> Query {
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

/// The byte that a place stands for: tokens are handed over on one line, with their byte as the column (1-based).
pub(super) fn offset(location: Location) -> u32 {
    u32::try_from(location.column.saturating_sub(1)).unwrap_or(u32::MAX)
}

/// Both conditions; a left side of the same connective takes the right one in.
pub(super) fn conditions(connective: Connective, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    match *left.kind {
        ExprKind::Connected(found, mut operands) if found == connective => {
            operands.push(right);
            node(ExprKind::Connected(connective, operands), span)
        }
        kind => node(ExprKind::Connected(connective, vec![node(kind, left.span), right]), span),
    }
}
