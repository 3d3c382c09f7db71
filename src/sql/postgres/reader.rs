//! The reader's own state: where it stands and how deep it is.
//!
//! In: a cursor. Out: a cursor further on. The bounds here keep every later walk over the tree (clone, compare, print, bind) within
//! an ordinary thread's stack, whatever a file holds.

use std::ops::{Deref, DerefMut};

use crate::sql::cursor::Cursor;
use crate::sql::token::Kind;
use crate::sql::tree::{Unread, UnreadReason};

/// How deep forms may stand inside each other while they are read.
const MAX_DEPTH: u32 = 100;

/// How high a tree may become: nested forms and the links of left-deep chains (`a || b || …`, `UNION ALL`, `JOIN`) together.
const MAX_HEIGHT: u32 = 600;

/// A result of reading.
pub(in crate::sql) type Reading<T> = Result<T, Unread>;

/// Reads forms from left to right.
pub(in crate::sql) struct Reader<'a> {
    cursor: Cursor<'a>,
    depth: u32,
    /// An upper bound of the height of what was read since the enclosing form began.
    height: u32,
}

impl<'a> Deref for Reader<'a> {
    type Target = Cursor<'a>;

    fn deref(&self) -> &Cursor<'a> {
        &self.cursor
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.cursor
    }
}

impl<'a> Reader<'a> {
    /// Runs `read` from the cursor's place; the cursor follows when it succeeds.
    pub fn run<T>(cursor: &mut Cursor<'a>, read: impl FnOnce(&mut Self) -> Reading<T>) -> Reading<T> {
        let mut reader = Self { cursor: *cursor, depth: 0, height: 0 };
        let value = read(&mut reader)?;
        *cursor = reader.cursor;
        Ok(value)
    }

    /// One level deeper.
    pub fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Reading<T>) -> Reading<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.refusal(UnreadReason::TooComplex, format!("nested more than {MAX_DEPTH} levels deep")));
        }
        let outer = std::mem::take(&mut self.height);
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        self.link()?;
        self.height = self.height.max(outer);
        Ok(value)
    }

    /// What was read becomes the left side of one more link.
    pub fn link(&mut self) -> Reading<()> {
        self.height += 1;
        if self.height > MAX_HEIGHT {
            return Err(self.refusal(UnreadReason::TooComplex, format!("a chain or nest of more than {MAX_HEIGHT} links")));
        }
        Ok(())
    }

    /// Known, but without room in the model.
    pub fn not_modelled(&self, what: impl Into<String>) -> Unread {
        self.refusal(UnreadReason::NotModelled, what)
    }

    /// Whether the token so many places further is this bare word.
    pub fn is_keyword_at(&self, ahead: usize, word: &str) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.is_word(word))
    }

    /// Whether the token so many places further is this symbol.
    pub fn is_symbol_at(&self, ahead: usize, symbol: &Kind) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.kind == *symbol)
    }

    /// Takes `(`, what `read` reads, and `)`.
    pub fn in_parentheses<T>(&mut self, read: impl FnOnce(&mut Self) -> Reading<T>) -> Reading<T> {
        self.expect_symbol(&Kind::LParen)?;
        let value = read(self)?;
        self.expect_symbol(&Kind::RParen)?;
        Ok(value)
    }

    /// One or more of something, with commas between.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Reading<T>) -> Reading<Vec<T>> {
        let mut all = vec![read(self)?];
        while self.take_symbol(&Kind::Comma) {
            all.push(read(self)?);
        }
        Ok(all)
    }

    /// Whether nothing, not even white space, stands between the next token and the one after it.
    pub fn is_glued(&self) -> bool {
        match (self.peek(), self.peek_at(1)) {
            (Some(first), Some(second)) => first.span.end == second.span.start,
            _ => false,
        }
    }

    /// The text of the token so many places further; empty at the end.
    pub fn text_at(&self, ahead: usize) -> &'a str {
        self.peek_at(ahead).map_or("", |token| self.cursor.text_of(token.span))
    }
}
