//! Runs the parser crate over the tokens at a cursor.
//!
//! Tokens are given to it with byte offsets in the place of columns, so that every place it reports is a place in the file.

use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Span as Place, TokenWithSpan, Whitespace};

use super::convert::{Converter, offset};
use super::guard;
use crate::sql::cursor::Cursor;
use crate::sql::token::{Kind, Token};
use crate::sql::tree::{Dml, Expr, Query, Unread, UnreadReason};
use crate::sql::{grammar, tree};

/// So many operands of one `AND` or `OR` between two commas or parentheses.
const MAX_LOGICAL_CHAIN: usize = 5_000;

/// So many operators, joins or set operations in a row.
const MAX_CHAIN: usize = 300;

/// Words that begin the next part of a column definition.
const COLUMN_WORDS: &[&str] = &[
    "AFTER",
    "AS",
    "AUTOINCREMENT",
    "AUTO_INCREMENT",
    "CHECK",
    "CODEC",
    "COLLATE",
    "COMMENT",
    "CONSTRAINT",
    "DEFAULT",
    "DISTKEY",
    "ENCODE",
    "FIRST",
    "FOREIGN",
    "GENERATED",
    "IDENTITY",
    "INVISIBLE",
    "KEY",
    "MASKING",
    "ON",
    "OPTIONS",
    "PRIMARY",
    "REFERENCES",
    "SORTKEY",
    "TAG",
    "TTL",
    "UNIQUE",
    "VISIBLE",
    "WITH",
];

/// The longest expression at the cursor.
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is bound to one lifetime")]
pub(in crate::sql) fn expression(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    // An expression holds no comma outside brackets, which bounds what is looked at.
    let slice = cursor.clone().until_comma();
    run(cursor, slice, |parser| parser.parse_expr(), |converter, parsed| converter.expression(parsed))
}

/// The expression of a column's default: it stops before the next constraint or option.
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is bound to one lifetime")]
pub(in crate::sql) fn default_expression(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    let first = cursor.mark();
    let slice = cursor.clone().until(|cursor| {
        let is_null = cursor.is_keyword("NULL") || cursor.is_keywords(&["NOT", "NULL"]);
        cursor.is_symbol(&Kind::Comma) || (cursor.mark() != first && (is_null || cursor.is_any_keyword(COLUMN_WORDS)))
    });
    run(cursor, slice, |parser| parser.parse_expr(), |converter, parsed| converter.expression(parsed))
}

/// The longest query at the cursor.
pub(in crate::sql) fn query(cursor: &mut Cursor<'_>) -> Result<Query, Unread> {
    let slice = cursor.clone().until(|cursor| cursor.is_symbol(&Kind::SemiColon));
    run(cursor, slice, |parser| parser.parse_query().map(|query| *query), |converter, parsed| converter.query(parsed))
}

/// The writing statement at the cursor.
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is bound to one lifetime")]
pub(in crate::sql) fn dml(cursor: &mut Cursor<'_>) -> Result<Dml, Unread> {
    if let Some(insert) = insert_of_query_in_parentheses(cursor)? {
        return Ok(Dml::Insert(insert));
    }
    let slice = cursor.clone().until(|cursor| cursor.is_symbol(&Kind::SemiColon));
    let start = cursor.mark();
    let dml = run(cursor, slice, |parser| parser.parse_statement(), |converter, parsed| converter.dml_statement(parsed))?;
    // `span` of the whole is known here only.
    let span = cursor.span_since(start);
    Ok(match dml {
        Dml::Insert(insert) => Dml::Insert(tree::Insert { span, ..insert }),
        Dml::Update(update) => Dml::Update(tree::Update { span, ..update }),
        Dml::Delete(delete) => Dml::Delete(tree::Delete { span, ..delete }),
        Dml::Merge(merge) => Dml::Merge(tree::Merge { span, ..merge }),
    })
}

/// `INSERT INTO t (WITH … SELECT …)`: the crate takes the parenthesis for a list of columns.
fn insert_of_query_in_parentheses(cursor: &mut Cursor<'_>) -> Result<Option<tree::Insert>, Unread> {
    let start = cursor.mark();
    if cursor.take_keywords(&["INSERT", "INTO"])
        && let Ok(target) = cursor.object_name()
        && cursor.is_symbol(&Kind::LParen)
        && cursor.peek_at(1).is_some_and(|token| token.is_word("WITH"))
    {
        let mut inside = cursor.parentheses()?;
        let source = query(&mut inside)?;
        inside.finish()?;
        return Ok(Some(tree::Insert {
            with: Vec::new(),
            recursive: false,
            target,
            alias: None,
            columns: Vec::new(),
            overriding: None,
            source: tree::InsertSource::Query(Box::new(source)),
            on_conflict: None,
            returning: Vec::new(),
            span: cursor.span_since(start),
        }));
    }
    cursor.reset(start);
    Ok(None)
}

fn run<A: std::fmt::Display, T>(
    cursor: &mut Cursor<'_>,
    slice: Cursor<'_>,
    parse: impl FnOnce(&mut Parser<'_>) -> Result<A, ParserError>,
    convert: impl FnOnce(&Converter<'_>, A) -> Result<T, Unread>,
) -> Result<T, Unread> {
    refuse_long_chains(slice)?;
    let mut parser = Parser::new(grammar::of(cursor.dialect())).with_tokens_with_locations(placed(slice));
    let parsed = match parse(&mut parser) {
        Ok(parsed) => parsed,
        Err(error) => return Err(refused(cursor, &mut parser, &error)),
    };
    let next = parser.peek_token().span.start;
    let end = if next.line == 0 { u32::MAX } else { offset(next) };
    let mut taken = slice;
    while taken.peek().is_some_and(|token| token.span.start < end) {
        taken.skip(1);
    }
    let count = slice.rest().len() - taken.rest().len();
    let source = cursor.here().source;
    guard::check(slice, count, &parsed)?;
    let start = cursor.mark();
    cursor.skip(count);
    let whole = cursor.span_since(start);
    let converter = Converter { dialect: cursor.dialect(), source, whole, tokens: slice.rest().get(..count).unwrap_or(&[]) };
    convert(&converter, parsed).inspect_err(|_| cursor.reset(start))
}

/// Tokens with byte offsets for columns, and white space where the source has any: some names may not hold it.
fn placed(slice: Cursor<'_>) -> Vec<TokenWithSpan> {
    let mut placed = Vec::with_capacity(slice.rest().len() * 2);
    let mut last = None;
    for token in slice.rest() {
        let start = Location::new(1, u64::from(token.span.start) + 1);
        let end = Location::new(1, u64::from(token.span.end) + 1);
        if let Some(last) = last.filter(|last| *last != start) {
            placed.push(TokenWithSpan { token: Kind::Whitespace(Whitespace::Space), span: Place::new(last, start) });
        }
        placed.push(TokenWithSpan { token: token.kind.clone(), span: Place::new(start, end) });
        last = Some(end);
    }
    placed
}

fn refused(cursor: &Cursor<'_>, parser: &mut Parser<'_>, error: &ParserError) -> Unread {
    let (reason, message) = match error {
        ParserError::RecursionLimitExceeded => (UnreadReason::TooComplex, String::from("nested too deep")),
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => {
            // The crate names its own line and column, which are not the file's.
            let message = message.split(" at Line:").next().unwrap_or(message);
            (UnreadReason::Syntax, message.to_owned())
        }
    };
    let mut unread = cursor.refusal(reason, message);
    let place = parser.get_current_token().span;
    if place.start.line != 0 {
        unread.span = crate::text::Span::new(unread.span.source, offset(place.start), offset(place.end));
    }
    unread
}

/// How long the chains are that are open at a place between parentheses.
#[derive(Clone, Copy, Default)]
struct Chains {
    /// Operators since the last comma, `AND` or `OR`.
    operators: usize,
    /// `AND` and `OR` since the last comma.
    logical: usize,
    /// Set operations and joins.
    relations: usize,
}

impl Chains {
    fn count(&mut self, token: &Token) {
        match &token.kind {
            Kind::Comma => *self = Self { relations: self.relations, ..Self::default() },
            Kind::Word(word) if word.quote_style.is_none() => {
                let is = |words: &[&str]| words.iter().any(|other| word.value.eq_ignore_ascii_case(other));
                if is(&["AND", "OR"]) {
                    *self = Self { operators: 0, logical: self.logical + 1, ..*self };
                } else if is(&["UNION", "EXCEPT", "INTERSECT", "MINUS", "JOIN", "APPLY"]) {
                    *self = Self { relations: self.relations + 1, ..Self::default() };
                }
            }
            Kind::Word(_)
            | Kind::Number(..)
            | Kind::Period
            | Kind::SemiColon
            | Kind::Placeholder(_)
            | Kind::SingleQuotedString(_)
            | Kind::DoubleQuotedString(_)
            | Kind::EOF => {}
            _ => self.operators += usize::from(token.span.len() <= 3),
        }
    }

    fn are_too_long(self) -> bool {
        self.operators > MAX_CHAIN || self.logical > MAX_LOGICAL_CHAIN || self.relations > MAX_CHAIN
    }
}

/// The crate's tree is as deep as a chain is long, and everything that walks it needs stack for that.
fn refuse_long_chains(slice: Cursor<'_>) -> Result<(), Unread> {
    let mut outer = Vec::new();
    let mut chains = Chains::default();
    let mut walk = slice;
    while let Some(token) = walk.peek() {
        match &token.kind {
            Kind::LParen | Kind::LBracket | Kind::LBrace => {
                chains.operators += usize::from(token.kind == Kind::LBracket);
                outer.push(std::mem::take(&mut chains));
            }
            Kind::RParen | Kind::RBracket | Kind::RBrace => chains = outer.pop().unwrap_or_default(),
            _ => chains.count(token),
        }
        if chains.are_too_long() {
            return Err(walk.refusal(UnreadReason::TooComplex, "a chain of operators is too long"));
        }
        walk.skip(1);
    }
    Ok(())
}
