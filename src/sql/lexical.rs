//! The text elements in which a semicolon means nothing: comments, strings, quoted names, dollar quotes.
//!
//! In: bytes and a place. Out: what begins there and where it ends. Shared by the splitter and the lexer, so that both see the same.

use crate::dialect::{Dialect, Grammar};

/// What differs between dialects below the level of words.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a decision of its own about one rule")]
pub(crate) struct Lexical {
    /// `/* /* */ */`.
    nested_comments: bool,
    /// `# comment`.
    hash_comments: bool,
    /// `// comment`.
    slash_comments: bool,
    /// `--` begins a comment only before white space (MySQL).
    dashes_need_space: bool,
    /// `'it\'s'`.
    backslash_escapes: bool,
    /// `"text"` is a string, with the escapes of strings.
    double_quoted_strings: bool,
    /// `` `name` ``.
    backticks: bool,
    /// `[name]`.
    brackets: bool,
    /// `$tag$ … $tag$`.
    dollar_quotes: bool,
    /// `'''text'''`.
    triple_quotes: bool,
    /// `r'raw'`.
    raw_strings: bool,
    /// psql's lines: `\connect`, `COPY` data.
    pub psql: bool,
    /// `DELIMITER //` lines of MySQL's client.
    pub delimiter_lines: bool,
    /// `GO` lines of SQL Server's clients.
    pub batch_lines: bool,
    /// `/*! … */` is content (MySQL).
    pub hints_are_content: bool,
}

impl Lexical {
    /// The rules of a dialect. PostgreSQL: manual 4.1 (15); the others: their vendors' pages on lexical structure.
    pub fn of(dialect: &Dialect) -> Self {
        let grammar = dialect.grammar;
        let is = |all: &[Grammar]| all.contains(&grammar);
        Self {
            nested_comments: is(&[Grammar::Postgres, Grammar::Redshift, Grammar::SqlServer, Grammar::DuckDb, Grammar::ClickHouse]),
            hash_comments: is(&[Grammar::MySql, Grammar::BigQuery]),
            slash_comments: is(&[Grammar::Snowflake]),
            dashes_need_space: is(&[Grammar::MySql]),
            backslash_escapes: is(&[Grammar::MySql, Grammar::BigQuery, Grammar::Databricks, Grammar::Snowflake, Grammar::ClickHouse, Grammar::Redshift]),
            double_quoted_strings: is(&[Grammar::MySql, Grammar::BigQuery, Grammar::Databricks]),
            backticks: is(&[Grammar::MySql, Grammar::BigQuery, Grammar::Databricks, Grammar::ClickHouse, Grammar::Sqlite, Grammar::Generic]),
            brackets: is(&[Grammar::SqlServer, Grammar::Sqlite]),
            dollar_quotes: is(&[Grammar::Postgres, Grammar::Redshift, Grammar::DuckDb, Grammar::Snowflake, Grammar::Databricks, Grammar::Generic]),
            triple_quotes: is(&[Grammar::BigQuery]),
            raw_strings: is(&[Grammar::BigQuery, Grammar::Databricks]),
            psql: is(&[Grammar::Postgres, Grammar::Redshift, Grammar::Generic]),
            delimiter_lines: is(&[Grammar::MySql]),
            batch_lines: is(&[Grammar::SqlServer]),
            hints_are_content: is(&[Grammar::MySql]),
        }
    }

    /// The element that begins at `at`, when one does. `prefix` is the word that stands directly before (`E`, `r`), empty when none does.
    pub fn element(&self, bytes: &[u8], at: usize, prefix: &[u8]) -> Option<Element> {
        let next = bytes.get(at + 1).copied();
        match *bytes.get(at)? {
            b'-' if next == Some(b'-') && self.dashes_comment(bytes.get(at + 2).copied()) => Some(line_comment(bytes, at)),
            b'#' if self.hash_comments => Some(line_comment(bytes, at)),
            b'/' if next == Some(b'/') && self.slash_comments => Some(line_comment(bytes, at)),
            b'/' if next == Some(b'*') => Some(self.block_comment(bytes, at)),
            b'\'' => Some(self.string(bytes, at, prefix)),
            b'"' if self.double_quoted_strings => Some(self.string(bytes, at, prefix)),
            b'"' => Some(quoted(bytes, at, b'"', ElementKind::QuotedName)),
            b'`' if self.backticks => Some(quoted(bytes, at, b'`', ElementKind::QuotedName)),
            b'[' if self.brackets => Some(quoted(bytes, at, b']', ElementKind::QuotedName)),
            b'$' if self.dollar_quotes => dollar_quote(bytes, at),
            _ => None,
        }
    }

    fn dashes_comment(&self, after: Option<u8>) -> bool {
        !self.dashes_need_space || after.is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control())
    }

    fn block_comment(&self, bytes: &[u8], at: usize) -> Element {
        let mut depth = 1_usize;
        let mut here = at + 2;
        while let Some(byte) = bytes.get(here) {
            match (byte, bytes.get(here + 1)) {
                (b'*', Some(b'/')) => {
                    here += 2;
                    depth -= 1;
                    if depth == 0 {
                        return Element { kind: ElementKind::BlockComment, end: here, is_closed: true };
                    }
                }
                (b'/', Some(b'*')) if self.nested_comments => {
                    here += 2;
                    depth += 1;
                }
                _ => here += 1,
            }
        }
        Element { kind: ElementKind::BlockComment, end: bytes.len(), is_closed: false }
    }

    fn string(&self, bytes: &[u8], at: usize, prefix: &[u8]) -> Element {
        let quote = bytes.get(at).copied().unwrap_or(b'\'');
        let raw = self.raw_strings && prefix.iter().any(|byte| byte.eq_ignore_ascii_case(&b'r'));
        let escapes = prefix.eq_ignore_ascii_case(b"e") || (self.backslash_escapes && !raw);
        let triple = self.triple_quotes && bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote);
        let mut here = at + if triple { 3 } else { 1 };
        while let Some(byte) = bytes.get(here) {
            if escapes && *byte == b'\\' {
                here += 2;
            } else if *byte != quote {
                here += 1;
            } else if triple {
                if bytes.get(here + 1) == Some(&quote) && bytes.get(here + 2) == Some(&quote) {
                    return Element { kind: ElementKind::String, end: here + 3, is_closed: true };
                }
                here += 1;
            } else if bytes.get(here + 1) == Some(&quote) {
                here += 2;
            } else {
                return Element { kind: ElementKind::String, end: here + 1, is_closed: true };
            }
        }
        Element { kind: ElementKind::String, end: bytes.len(), is_closed: false }
    }
}

/// One such element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// Which.
    pub kind: ElementKind,
    /// One past its last byte.
    pub end: usize,
    /// Whether its end was found.
    pub is_closed: bool,
}

/// Kinds of element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ElementKind {
    /// To the end of the line, the line's end not included.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// A string constant.
    String,
    /// A quoted identifier.
    QuotedName,
    /// `$tag$ … $tag$`.
    DollarQuote,
}

impl ElementKind {
    /// How to say it in a message.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::LineComment | Self::BlockComment => "comment",
            Self::String => "string",
            Self::QuotedName => "quoted name",
            Self::DollarQuote => "dollar-quoted string",
        }
    }
}

fn line_comment(bytes: &[u8], at: usize) -> Element {
    let length = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')));
    Element { kind: ElementKind::LineComment, end: length.map_or(bytes.len(), |length| at + length), is_closed: true }
}

fn quoted(bytes: &[u8], at: usize, close: u8, kind: ElementKind) -> Element {
    let mut here = at + 1;
    while let Some(byte) = bytes.get(here) {
        if *byte != close {
            here += 1;
        } else if bytes.get(here + 1) == Some(&close) {
            here += 2;
        } else {
            return Element { kind, end: here + 1, is_closed: true };
        }
    }
    Element { kind, end: bytes.len(), is_closed: false }
}

/// `$$` or `$tag$`; the tag is a name without dollars that does not begin with a digit.
fn dollar_quote(bytes: &[u8], at: usize) -> Option<Element> {
    let tag_length = bytes.get(at + 1..)?.iter().position(|byte| !is_word_byte(*byte) || *byte == b'$')?;
    let opened = at + 1 + tag_length;
    if bytes.get(opened) != Some(&b'$') || bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let delimiter = bytes.get(at..=opened)?;
    let mut here = opened + 1;
    while let Some(found) = bytes.get(here..)?.iter().position(|byte| *byte == b'$') {
        here += found;
        if bytes.get(here..)?.starts_with(delimiter) {
            return Some(Element { kind: ElementKind::DollarQuote, end: here + delimiter.len(), is_closed: true });
        }
        here += 1;
    }
    Some(Element { kind: ElementKind::DollarQuote, end: bytes.len(), is_closed: false })
}

/// Whether a bare word can begin with the byte; bytes above ASCII are letters (manual 4.1.1, 15).
pub(crate) fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

/// Whether the byte continues a bare word.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// The end of the bare word that begins at `at`.
pub(crate) fn word_end(bytes: &[u8], at: usize) -> usize {
    let length = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| !is_word_byte(*byte)));
    length.map_or(bytes.len(), |length| at + length)
}
