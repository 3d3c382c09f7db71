//! One token of SQL text, with the bytes it covers.
//!
//! In: a span of a source. Out: tokens without white space and comments, whose spans are bytes of the file.
//! What a token means is left to the readers.

use crate::text::Span;

pub(crate) use sqlparser::tokenizer::Token as Kind;

/// A token and its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// What it is, as the parser crate names it.
    pub kind: Kind,
    /// Its bytes.
    pub span: Span,
}

impl Token {
    /// Whether it is this word, in any case and without quotes.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(found) if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word))
    }

    /// The bare word, as written, unless it is something else or quoted.
    pub fn bare_word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(found) if found.quote_style.is_none() => Some(&found.value),
            _ => None,
        }
    }

    /// The value of a plain string constant of any quoting.
    pub fn string(&self) -> Option<&str> {
        match &self.kind {
            Kind::SingleQuotedString(text)
            | Kind::EscapedStringLiteral(text)
            | Kind::UnicodeStringLiteral(text)
            | Kind::NationalStringLiteral(text)
            | Kind::TripleSingleQuotedString(text)
            | Kind::TripleDoubleQuotedString(text)
            | Kind::DoubleQuotedString(text)
            | Kind::SingleQuotedRawStringLiteral(text)
            | Kind::DoubleQuotedRawStringLiteral(text) => Some(text),
            Kind::DollarQuotedString(quoted) => Some(&quoted.value),
            _ => None,
        }
    }
}
