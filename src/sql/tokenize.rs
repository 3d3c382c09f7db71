//! Text to tokens, in the rules of its dialect.
//!
//! In: a part of a source. Out: its tokens with true places, or the place where the text is no token of the dialect.
//! Where statements end is the splitter's business.

use sqlparser::tokenizer::{Location, Tokenizer};

use super::token::{Kind, Token};
use super::tree::{Unread, UnreadReason};
use super::{grammar, lexer};
use crate::dialect::{Dialect, Grammar};
use crate::text::Span;

/// The tokens under `part` of a source whose whole text is `text`; white space and comments are left out.
pub(crate) fn tokenize(text: &str, part: Span, dialect: &'static Dialect) -> Result<Vec<Token>, Unread> {
    match dialect.grammar {
        Grammar::Postgres => lexer::tokenize(text, part, dialect),
        Grammar::Generic
        | Grammar::Redshift
        | Grammar::Snowflake
        | Grammar::BigQuery
        | Grammar::Databricks
        | Grammar::DuckDb
        | Grammar::MySql
        | Grammar::SqlServer
        | Grammar::ClickHouse
        | Grammar::Sqlite => by_parser_crate(text.get(part.start as usize..part.end as usize).unwrap_or(""), part, dialect),
    }
}

/// The parser crate's own tokens. It counts lines and characters, which are turned into bytes in one walk over the text.
fn by_parser_crate(slice: &str, part: Span, dialect: &'static Dialect) -> Result<Vec<Token>, Unread> {
    let mut found = Vec::new();
    let outcome = Tokenizer::new(grammar::of(dialect), slice).tokenize_with_location_into_buf(&mut found);
    let mut walk = Walk { characters: slice.chars(), at: Location::new(1, 1), byte: part.start };
    let mut tokens = Vec::with_capacity(found.len());
    for token in found {
        if matches!(token.token, Kind::Whitespace(_) | Kind::EOF) {
            continue;
        }
        let start = walk.go_to(token.span.start);
        let end = walk.go_to(token.span.end);
        tokens.push(Token { kind: token.token, span: Span::new(part.source, start, end) });
    }
    match outcome {
        Ok(()) => Ok(tokens),
        Err(error) => {
            let start = walk.go_to(error.location).min(part.end);
            let span = Span::new(part.source, start, part.end);
            Err(Unread { reason: UnreadReason::Syntax, message: error.message, span, head: String::new(), mentions: Vec::new() })
        }
    }
}

/// From lines and characters to bytes; only forwards.
struct Walk<'t> {
    characters: std::str::Chars<'t>,
    at: Location,
    byte: u32,
}

impl Walk<'_> {
    fn go_to(&mut self, wanted: Location) -> u32 {
        while self.at < wanted {
            let Some(character) = self.characters.next() else { break };
            if character == '\n' {
                self.at = Location::new(self.at.line + 1, 1);
            } else {
                self.at.column += 1;
            }
            self.byte = self.byte.saturating_add(u32::try_from(character.len_utf8()).unwrap_or(0));
        }
        self.byte
    }
}
