//! A place in a run of tokens, and the small readers that every statement is made of.
//!
//! In: tokens of one statement. Out: words, names, sub-runs, and errors at the very token. Knows no statement.

use super::token::{Kind, Token};
use super::tree::{Ident, ObjectName, Unread, UnreadReason};
use crate::dialect::Dialect;
use crate::name::Quoting;
use crate::text::Span;

/// Reads tokens from left to right. Cheap to copy: a copy is a look ahead, or a part of the same tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    tokens: &'a [Token],
    at: usize,
    dialect: &'static Dialect,
    text: &'a str,
    end: Span,
}

/// A remembered place of a [`Cursor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(usize);

/// Where a name stands: databases refuse different words there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamePlace {
    /// A table, column, constraint …
    Column,
    /// A type or function.
    TypeOrFunction,
    /// After a dot, or after `AS`: any word.
    Label,
}

impl<'a> Cursor<'a> {
    /// Over all tokens of a statement. `text` is the text of the whole source; `end` is what an error at the end points at.
    pub fn new(tokens: &'a [Token], text: &'a str, dialect: &'static Dialect, end: Span) -> Self {
        Self { tokens, at: 0, dialect, text, end }
    }

    /// The dialect that the tokens were read in.
    pub fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    /// The tokens from here on.
    pub fn rest(&self) -> &'a [Token] {
        self.tokens.get(self.at..).unwrap_or(&[])
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The next token, left where it is.
    pub fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    /// The token so many places further, 0 being the next.
    pub fn peek_at(&self, ahead: usize) -> Option<&'a Token> {
        self.tokens.get(self.at.saturating_add(ahead))
    }

    /// Takes the next token.
    pub fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    /// Goes so many tokens further, at most to the end.
    pub fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.tokens.len());
    }

    /// This place.
    pub fn mark(&self) -> Mark {
        Mark(self.at)
    }

    /// Back (or forth) to a remembered place.
    pub fn reset(&mut self, mark: Mark) {
        self.at = mark.0;
    }

    /// The place of the next token, or of the end.
    pub fn here(&self) -> Span {
        self.peek().map_or(self.end, |token| token.span)
    }

    /// From the token at `mark` to the last one taken; empty at `mark` when none was.
    pub fn span_since(&self, mark: Mark) -> Span {
        let first = self.tokens.get(mark.0).map_or(self.end, |token| token.span);
        match self.at.checked_sub(1).filter(|last| *last >= mark.0).and_then(|last| self.tokens.get(last)) {
            Some(last) => first.to(last.span),
            None => Span::new(first.source, first.start, first.start),
        }
    }

    /// The file's text under a span.
    pub fn text_of(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The file's text since `mark`, as written.
    pub fn text_since(&self, mark: Mark) -> &'a str {
        self.text_of(self.span_since(mark))
    }

    /// The text of the whole source.
    pub fn source_text(&self) -> &'a str {
        self.text
    }

    /// The span of all that is left, empty at the end.
    pub fn rest_span(&self) -> Span {
        match (self.rest().first(), self.rest().last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::new(self.end.source, self.end.start, self.end.start),
        }
    }

    /// Whether the next token is this bare word.
    pub fn is_keyword(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    /// Whether the next token is one of these bare words.
    pub fn is_any_keyword(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_keyword(word))
    }

    /// Whether the next tokens are these bare words.
    pub fn is_keywords(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.peek_at(ahead).is_some_and(|token| token.is_word(word)))
    }

    /// Takes the bare word if it is next.
    pub fn take_keyword(&mut self, word: &str) -> bool {
        self.take_keywords(&[word])
    }

    /// Takes the bare words if all of them are next; none otherwise.
    pub fn take_keywords(&mut self, words: &[&str]) -> bool {
        let found = self.is_keywords(words);
        if found {
            self.skip(words.len());
        }
        found
    }

    /// Takes whichever of the words is next and gives it as listed.
    pub fn take_any_keyword<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let found = words.iter().copied().find(|word| self.is_keyword(word))?;
        self.skip(1);
        Some(found)
    }

    /// Takes the words or fails at the first that differs.
    pub fn expect_keywords(&mut self, words: &[&str]) -> Result<(), Unread> {
        words.iter().try_for_each(|word| if self.take_keyword(word) { Ok(()) } else { Err(self.expected(&format!("`{word}`"))) })
    }

    /// Takes the word or fails.
    pub fn expect_keyword(&mut self, word: &str) -> Result<(), Unread> {
        self.expect_keywords(&[word])
    }

    /// Whether the next token is this symbol.
    pub fn is_symbol(&self, symbol: &Kind) -> bool {
        self.peek().is_some_and(|token| token.kind == *symbol)
    }

    /// Takes the symbol if it is next.
    pub fn take_symbol(&mut self, symbol: &Kind) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.skip(1);
        }
        found
    }

    /// Takes the symbol or fails.
    pub fn expect_symbol(&mut self, symbol: &Kind) -> Result<(), Unread> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.expected(&format!("`{symbol}`"))) }
    }

    /// A table, column or other object's own name: one word, quoted or not reserved.
    pub fn ident(&mut self) -> Result<Ident, Unread> {
        self.name(NamePlace::Column, "a name")
    }

    /// Any word, also a reserved one.
    pub fn label(&mut self) -> Result<Ident, Unread> {
        self.name(NamePlace::Label, "a name")
    }

    /// One word that may stand at that place, or an error that says what was wanted.
    pub fn name(&mut self, place: NamePlace, wanted: &str) -> Result<Ident, Unread> {
        let ident = self.peek_name(place).ok_or_else(|| self.expected(wanted))?;
        self.skip(1);
        Ok(ident)
    }

    /// The name that stands next, if the next token can be one at that place.
    pub fn peek_name(&self, place: NamePlace) -> Option<Ident> {
        let token = self.peek()?;
        let Kind::Word(word) = &token.kind else {
            return None;
        };
        if word.quote_style.is_some() {
            return Some(Ident { name: self.dialect.fold(&word.value, Quoting::Quoted), span: token.span });
        }
        let lower = word.value.to_ascii_lowercase();
        let refused = match place {
            NamePlace::Column => (self.dialect.is_no_column_name)(&lower),
            NamePlace::TypeOrFunction => (self.dialect.is_no_type_name)(&lower),
            NamePlace::Label => false,
        };
        (!refused).then(|| Ident { name: self.dialect.fold(&word.value, Quoting::Bare), span: token.span })
    }

    /// `[[database.]schema.]name` of a relation or the like.
    pub fn object_name(&mut self) -> Result<ObjectName, Unread> {
        self.qualified_name(NamePlace::Column, "the name of an object")
    }

    /// `[[database.]schema.]name` whose first word may stand at that place; after a dot any word may.
    pub fn qualified_name(&mut self, place: NamePlace, wanted: &str) -> Result<ObjectName, Unread> {
        let mut parts = vec![self.name(place, wanted)?];
        while self.is_symbol(&Kind::Period) {
            if parts.len() == 3 {
                return Err(self.error("a name has at most three parts here"));
            }
            self.skip(1);
            parts.push(self.label()?);
        }
        let name = parts.pop().ok_or_else(|| self.expected(wanted))?;
        let schema = parts.pop();
        let database = parts.pop();
        Ok(ObjectName { database, schema, name })
    }

    /// `(a, b)` of plain names.
    pub fn idents_in_parentheses(&mut self) -> Result<Vec<Ident>, Unread> {
        let mut inside = self.parentheses()?;
        let names = inside.comma_separated(Cursor::ident)?;
        inside.finish()?;
        Ok(names)
    }

    /// One or more of something, with commas between.
    pub fn comma_separated<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T, Unread>) -> Result<Vec<T>, Unread> {
        let mut all = vec![read(self)?];
        while self.take_symbol(&Kind::Comma) {
            all.push(read(self)?);
        }
        Ok(all)
    }

    /// Takes `( … )` whole and gives what is inside.
    pub fn parentheses(&mut self) -> Result<Cursor<'a>, Unread> {
        let opening = self.here();
        self.expect_symbol(&Kind::LParen)?;
        let inside = self.until(|_| false);
        if self.is_symbol(&Kind::RParen) {
            self.skip(1);
            return Ok(inside);
        }
        let mut unread = self.error("this parenthesis is never closed");
        unread.span = opening;
        Err(unread)
    }

    /// Takes tokens as long as brackets are open or `stop` says no at a place outside them; stops before a bracket that was not opened here.
    pub fn until(&mut self, mut stop: impl FnMut(&Cursor<'a>) -> bool) -> Cursor<'a> {
        let first = self.at;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::RParen | Kind::RBracket | Kind::RBrace if depth == 0 => break,
                _ if depth == 0 && stop(self) => break,
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                Kind::RParen | Kind::RBracket | Kind::RBrace => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        self.part(first, self.at)
    }

    /// Takes everything up to the next comma outside brackets.
    pub fn until_comma(&mut self) -> Cursor<'a> {
        self.until(|cursor| cursor.is_symbol(&Kind::Comma))
    }

    /// The same tokens, without the last so many.
    pub fn without_last(&self, count: usize) -> Cursor<'a> {
        let last = self.tokens.len().saturating_sub(count).max(self.at);
        self.part(self.at, last)
    }

    /// Over other tokens of the same source.
    pub fn over<'b>(&self, tokens: &'b [Token]) -> Cursor<'b>
    where
        'a: 'b,
    {
        Cursor { tokens, at: 0, dialect: self.dialect, text: self.text, end: self.end }
    }

    fn part(&self, first: usize, last: usize) -> Cursor<'a> {
        let end = self.tokens.get(last).map_or(self.end, |token| token.span);
        Cursor { tokens: self.tokens.get(first..last).unwrap_or(&[]), at: 0, dialect: self.dialect, text: self.text, end }
    }

    /// Fails when something is left.
    pub fn finish(&self) -> Result<(), Unread> {
        if self.is_at_end() { Ok(()) } else { Err(self.expected("the end of this part")) }
    }

    /// Not understood, at the next token.
    pub fn error(&self, message: impl Into<String>) -> Unread {
        self.refusal(UnreadReason::Syntax, message)
    }

    /// Not read for that reason, at the next token.
    pub fn refusal(&self, reason: UnreadReason, message: impl Into<String>) -> Unread {
        Unread { reason, message: message.into(), span: self.here(), head: String::new(), mentions: Vec::new() }
    }

    /// Not understood: what was wanted, and what stands there.
    pub fn expected(&self, wanted: &str) -> Unread {
        let found = match self.text_of(self.here()) {
            "" => String::from("the end"),
            text if text.chars().count() > 40 => format!("`{}…`", text.chars().take(40).collect::<String>()),
            text => format!("`{text}`"),
        };
        self.error(format!("expected {wanted}, found {found}"))
    }
}
