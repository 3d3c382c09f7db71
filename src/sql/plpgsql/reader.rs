//! The tokens of a body, and the few moves that every statement of it is read with.

use sqlparser::tokenizer::Token as Kind;

use super::tree::PlBlock;
use crate::dialect::Dialect;
use crate::sql::cursor::Cursor;
use crate::sql::token::Token;
use crate::sql::tree::{Expr, ExprKind, Ident, Query, Unread, UnreadReason};
use crate::sql::{complexity, expression, query, stack, tokenize};
use crate::text::{Sources, Span};

/// Blocks, loops and conditions inside each other.
const MAX_DEPTH: usize = 60;

/// Reads the body that stands under a span of a source (a dollar-quoted body in a file, or a text that was added as a source).
///
/// # Errors
/// When its structure is not understood; a single statement that is not stands in the tree.
pub fn read(sources: &Sources, body: Span, dialect: &'static Dialect) -> Result<PlBlock, Unread> {
    let text = sources.text(body.source);
    stack::on_large_stack(|| {
        let tokens = tokenize::tokenize(text, body, dialect)?;
        let cursor = Cursor::new(&tokens, text, dialect, Span::new(body.source, body.end, body.end));
        if let Some(token) = tokens.get(complexity::MAX_TOKENS) {
            let mut unread = cursor.refusal(UnreadReason::TooComplex, "this body is too long");
            unread.span = token.span;
            return Err(unread);
        }
        let mut reader = Reader { cursor, depth: 0, label: None };
        let block = reader.body()?;
        reader.cursor.finish()?;
        Ok(block)
    })
}

/// Reads a body from left to right.
pub(super) struct Reader<'a> {
    /// Where it stands.
    pub cursor: Cursor<'a>,
    /// The label that was read in front of what comes next.
    pub label: Option<Ident>,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// One level deeper.
    pub fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Unread>) -> Result<T, Unread> {
        if self.depth >= MAX_DEPTH {
            return Err(self.cursor.refusal(UnreadReason::TooComplex, format!("nested more than {MAX_DEPTH} levels deep")));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// Takes everything before one of these words or the semicolon, outside brackets.
    pub fn until_keyword(&mut self, words: &[&str]) -> Cursor<'a> {
        self.cursor.until(|cursor| cursor.is_symbol(&Kind::SemiColon) || cursor.is_any_keyword(words))
    }

    /// Takes everything before the semicolon.
    pub fn until_semicolon(&mut self) -> Cursor<'a> {
        self.until_keyword(&[])
    }

    /// Takes the semicolon.
    pub fn semicolon(&mut self) -> Result<(), Unread> {
        self.cursor.expect_symbol(&Kind::SemiColon)
    }
}

/// The expression that takes a whole part. PL/pgSQL puts `SELECT` in front of it, so `count(*) FROM t` is one too.
/// What is not read is [`ExprKind::NotUnderstood`], at its place.
pub(super) fn expression_of(part: Cursor<'_>) -> Expr {
    let mut cursor = part;
    if let Ok(expr) = expression::read(&mut cursor)
        && cursor.is_at_end()
    {
        return expr;
    }
    let span = part.rest_span();
    match query_of(part) {
        Ok(query) => Expr { kind: Box::new(ExprKind::Subquery(Box::new(query))), span },
        Err(unread) => Expr { kind: Box::new(ExprKind::NotUnderstood(unread.message)), span: unread.span },
    }
}

/// The query that a part is when `SELECT` is put in front of it.
pub(super) fn query_of(part: Cursor<'_>) -> Result<Query, Unread> {
    let start = part.rest_span();
    let select = Token { kind: Kind::make_word("SELECT", None), span: Span::new(start.source, start.start, start.start) };
    let tokens: Vec<Token> = std::iter::once(select).chain(part.rest().iter().cloned()).collect();
    let mut cursor = part.over(&tokens);
    let query = query::read(&mut cursor)?;
    cursor.finish()?;
    Ok(Query { span: start, ..query })
}

/// The query that a part is.
pub(super) fn whole_query(part: Cursor<'_>) -> Result<Query, Unread> {
    let mut cursor = part;
    let query = query::read(&mut cursor)?;
    cursor.finish()?;
    Ok(query)
}

/// Expressions with commas between that take a whole part; none when it is empty.
pub(super) fn expressions_of(part: Cursor<'_>) -> Vec<Expr> {
    let mut all = Vec::new();
    let mut rest = part;
    while !rest.is_at_end() {
        all.push(expression_of(rest.until_comma()));
        rest.take_symbol(&Kind::Comma);
    }
    all
}

/// Variables with commas between, as written.
pub(super) fn variables_of(part: Cursor<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = part;
    while !rest.is_at_end() {
        let one = rest.until_comma();
        all.push(one.text_of(one.rest_span()).to_ascii_lowercase());
        if !rest.take_symbol(&Kind::Comma) {
            break;
        }
    }
    all
}
