//! A whole script: split, read statement by statement, on a thread with room for what is nested deep.
//!
//! In: a source, or a part of it. Out: [`Script`]. It never fails: a statement that is not read stands in its place and says why.

use super::complexity;
use super::cursor::Cursor;
use super::lexical::ElementKind;
use super::refusal::described;
use super::splitter::{self, Piece, PieceKind};
use super::stack::on_large_stack;
use super::statement;
use super::token::Token;
use super::tokenize::tokenize;
use super::tree::{Dml, Insert, InsertSource, Statement, StatementKind, Unread, UnreadReason};
use crate::dialect::Dialect;
use crate::text::{SourceId, Sources, Span};

/// What a script says, in its order.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// The text it was read from.
    pub source: SourceId,
    /// Every statement, the ones that are not read too.
    pub statements: Vec<Statement>,
    /// Every comment outside strings, in the order of the text.
    pub comments: Vec<ScriptComment>,
}

/// A comment, with its marks (`--`, `/* */`) in the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptComment {
    /// To the line's end, or between marks.
    pub kind: CommentKind,
    /// The whole of it, the line's end not included.
    pub span: Span,
}

/// Kinds of comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `-- …`.
    Line,
    /// `/* … */`.
    Block,
}

/// Statements with rows of constants above this size are read by their head only.
const LARGE_ROWS_BYTES: usize = 1024 * 1024;

/// So much of the head of such a statement is looked at.
const HEAD_BYTES: usize = 64 * 1024;

/// Reads a whole source.
pub fn read_script(sources: &Sources, source: SourceId, dialect: &'static Dialect) -> Script {
    read_script_part(sources, source, sources.whole(source), dialect)
}

/// Reads a part of a source, such as the section of a file that goes up.
pub fn read_script_part(sources: &Sources, source: SourceId, part: Span, dialect: &'static Dialect) -> Script {
    let part = Span::new(source, part.start, part.end);
    read_text(sources.text(source), part, dialect)
}

/// Reads a part of a text that stands for a whole source, byte for byte (a template with its holes overwritten).
pub(crate) fn read_text(text: &str, part: Span, dialect: &'static Dialect) -> Script {
    let reading = Reading { text, source: part.source, base: part.start as usize, dialect };
    on_large_stack(|| reading.script(part))
}

#[derive(Clone, Copy)]
struct Reading<'t> {
    text: &'t str,
    source: SourceId,
    base: usize,
    dialect: &'static Dialect,
}

impl Reading<'_> {
    fn script(&self, part: Span) -> Script {
        let slice = self.text.get(part.start as usize..part.end as usize).unwrap_or("");
        let found = splitter::split(slice, self.dialect);
        let statements = found.pieces.iter().map(|piece| self.statement(*piece)).collect();
        let comment = |(is_block, start, end): (bool, usize, usize)| ScriptComment {
            kind: if is_block { CommentKind::Block } else { CommentKind::Line },
            span: self.span(start, end),
        };
        Script { source: self.source, statements, comments: found.comments.into_iter().map(comment).collect() }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let place = |offset: usize| u32::try_from(self.base.saturating_add(offset)).unwrap_or(u32::MAX);
        Span::new(self.source, place(start), place(end))
    }

    fn statement(&self, piece: Piece) -> Statement {
        let span = self.span(piece.start, piece.end);
        let outcome = match piece.kind {
            PieceKind::Statement => self.server_statement(span),
            PieceKind::MetaCommand => self.meta_command(span),
            PieceKind::Unterminated(kind, opened) => Err(self.unterminated(span, kind, opened)),
        };
        outcome.unwrap_or_else(|unread| Statement { kind: StatementKind::Unread(unread), span })
    }

    fn server_statement(&self, span: Span) -> Result<Statement, Unread> {
        let large = span.len() as usize > LARGE_ROWS_BYTES;
        if large && let Some(statement) = self.large_insert(span)? {
            return Ok(statement);
        }
        let tokens = tokenize(self.text, span, self.dialect).map_err(|unread| self.with_head(unread, span))?;
        if tokens.len() > complexity::MAX_TOKENS
            && let Some(statement) = self.large_insert(span)?
        {
            return Ok(statement);
        }
        let end = Span::new(span.source, span.end, span.end);
        let cursor = Cursor::new(&tokens, self.text, self.dialect, end);
        let outcome = complexity::check(&cursor).and_then(|()| statement::read(cursor));
        outcome.map_err(|unread| described(unread, &tokens, self.dialect))
    }

    /// The tokens of the first bytes, as far as they go.
    fn head_tokens(&self, span: Span) -> Vec<Token> {
        let mut length = (span.len() as usize).min(HEAD_BYTES);
        let start = span.start as usize;
        while length > 0 {
            if self.text.is_char_boundary(start + length) {
                let end = u32::try_from(start + length).unwrap_or(u32::MAX);
                match tokenize(self.text, Span::new(span.source, span.start, end), self.dialect) {
                    Ok(tokens) => return tokens,
                    // Cut before what could not be read: a string that the cut goes through.
                    Err(unread) if (unread.span.start as usize) < start + length => length = (unread.span.start as usize).saturating_sub(start),
                    Err(_) => length /= 2,
                }
            } else {
                length -= 1;
            }
        }
        Vec::new()
    }

    fn with_head(&self, unread: Unread, span: Span) -> Unread {
        described(unread, &self.head_tokens(span), self.dialect)
    }

    /// An `INSERT` of very many constants by its head; `None` when it is something else.
    fn large_insert(&self, span: Span) -> Result<Option<Statement>, Unread> {
        let tokens = self.head_tokens(span);
        let end = tokens.last().map_or(span, |token| token.span);
        let mut cursor = Cursor::new(&tokens, self.text, self.dialect, end);
        if !cursor.take_keywords(&["INSERT", "INTO"]) {
            return Ok(None);
        }
        let described = |unread| described(unread, &tokens, self.dialect);
        let target = cursor.object_name().map_err(described)?;
        let alias = if cursor.take_keyword("AS") { Some(cursor.ident().map_err(described)?) } else { None };
        let columns = if cursor.is_symbol(&super::token::Kind::LParen) { cursor.idents_in_parentheses().map_err(described)? } else { Vec::new() };
        if !cursor.is_any_keyword(&["VALUES", "OVERRIDING"]) {
            return Err(described(cursor.refusal(UnreadReason::TooComplex, "a query of this length is not read")));
        }
        let overriding = if cursor.take_keywords(&["OVERRIDING", "SYSTEM", "VALUE"]) {
            Some(super::tree::Overriding::System)
        } else if cursor.take_keywords(&["OVERRIDING", "USER", "VALUE"]) {
            Some(super::tree::Overriding::User)
        } else {
            None
        };
        cursor.expect_keyword("VALUES").map_err(described)?;
        let insert = Insert {
            with: Vec::new(),
            recursive: false,
            target,
            alias,
            columns,
            overriding,
            source: InsertSource::NotRead,
            on_conflict: None,
            returning: Vec::new(),
            span,
        };
        Ok(Some(Statement { kind: StatementKind::Dml(Box::new(Dml::Insert(insert))), span }))
    }

    fn unterminated(&self, span: Span, kind: ElementKind, opened: usize) -> Unread {
        let rest = self.text.get(self.base + opened..span.end as usize).unwrap_or("");
        let line = rest.lines().next().unwrap_or("").len();
        let place = self.span(opened, opened + line);
        let message = format!("this {} is never closed", kind.in_words());
        let unread = Unread { reason: UnreadReason::Unterminated, message, span: place, head: String::new(), mentions: Vec::new() };
        let head = Span::new(span.source, span.start, place.start);
        self.with_head(unread, head)
    }

    /// A line for psql: known ones change nothing on the server; what reads another file or repeats results is not judged.
    fn meta_command(&self, span: Span) -> Result<Statement, Unread> {
        let line = self.text.get(span.start as usize..span.end as usize).unwrap_or("");
        let name: &str = line.split_whitespace().next().unwrap_or("");
        if name == "\\copy" {
            return self.client_copy(span, name.len());
        }
        if HARMLESS.contains(&name) || name.starts_with("\\d") || name.starts_with("\\!") && line.trim() == "\\!" {
            return Ok(Statement { kind: StatementKind::MetaCommand(line.to_owned()), span });
        }
        Err(Unread {
            reason: UnreadReason::NotModelled,
            message: format!("what `{name}` brings is decided when psql runs it"),
            span,
            head: name.to_owned(),
            mentions: Vec::new(),
        })
    }

    /// psql's `\copy` has the grammar of `COPY`, and file names without quotes.
    fn client_copy(&self, span: Span, verb: usize) -> Result<Statement, Unread> {
        let verb = u32::try_from(verb).unwrap_or(0);
        let part = Span::new(span.source, span.start.saturating_add(verb), span.end);
        let tokens = tokenize(self.text, part, self.dialect).map_err(|unread| self.with_head(unread, part))?;
        let end = Span::new(span.source, span.end, span.end);
        let mut cursor = Cursor::new(&tokens, self.text, self.dialect, end);
        let kind = super::copy::read(&mut cursor).and_then(|kind| cursor.finish().map(|()| kind));
        kind.map(|kind| Statement { kind, span }).map_err(|unread| described(unread, &tokens, self.dialect))
    }
}

/// Lines of psql that change only what psql shows or where it is connected.
const HARMLESS: &[&str] = &[
    "\\.",
    "\\restrict",
    "\\unrestrict",
    "\\connect",
    "\\c",
    "\\conninfo",
    "\\echo",
    "\\qecho",
    "\\warn",
    "\\set",
    "\\unset",
    "\\pset",
    "\\timing",
    "\\encoding",
    "\\x",
    "\\t",
    "\\a",
    "\\f",
    "\\H",
    "\\C",
    "\\T",
    "\\o",
    "\\l",
    "\\p",
    "\\r",
    "\\h",
    "\\?",
    "\\prompt",
    "\\g",
    "\\gx",
    "\\gdesc",
    "\\;",
    "\\copyright",
    "\\errverbose",
    "\\password",
    "\\sf",
    "\\sv",
    "\\z",
    "\\s",
    "\\w",
    "\\cd",
];
