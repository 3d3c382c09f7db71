//! PostgreSQL's own rules for tokens (`scan.l`, manual 4.1, 15 to 18): operators, numbers, strings that go on in the next line, `U&"…"`.
//!
//! In: a part of a source. Out: tokens in the parser crate's alphabet, with places in bytes. The other dialects use the crate's tokens.

use super::lexical::{self, ElementKind, Lexical};
use super::token::{Kind, Token};
use super::tree::{Unread, UnreadReason};
use crate::dialect::Dialect;
use crate::text::Span;

/// The tokens under `part`; white space and comments are left out.
pub(crate) fn tokenize(text: &str, part: Span, dialect: &'static Dialect) -> Result<Vec<Token>, Unread> {
    let slice = text.get(part.start as usize..part.end as usize).unwrap_or("");
    let mut lexer = Lexer { slice, bytes: slice.as_bytes(), at: 0, part, rules: Lexical::of(dialect), tokens: Vec::new() };
    while lexer.at < lexer.bytes.len() {
        lexer.one()?;
    }
    Ok(lexer.tokens)
}

struct Lexer<'t> {
    slice: &'t str,
    bytes: &'t [u8],
    at: usize,
    part: Span,
    rules: Lexical,
    tokens: Vec<Token>,
}

impl<'t> Lexer<'t> {
    fn one(&mut self) -> Result<(), Unread> {
        let start = self.at;
        let Some(byte) = self.bytes.get(start).copied() else { return Ok(()) };
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) {
            self.at += 1;
            return Ok(());
        }
        if let Some(element) = self.rules.element(self.bytes, start, b"") {
            return match element.kind {
                ElementKind::LineComment | ElementKind::BlockComment => self.comment(element.end, element.is_closed),
                ElementKind::String => self.string(start, Escapes::None, Kind::SingleQuotedString),
                ElementKind::QuotedName => self.quoted_name(start, element.end, element.is_closed),
                ElementKind::DollarQuote => self.dollar_quoted(start, element.end, element.is_closed),
            };
        }
        if lexical::starts_word(byte) {
            return self.word(start);
        }
        // In `1..10` the second point belongs to the first (a range of PL/pgSQL), not to the number.
        let after_point = start.checked_sub(1).and_then(|before| self.bytes.get(before)) == Some(&b'.');
        if byte.is_ascii_digit() || (byte == b'.' && !after_point && self.bytes.get(start + 1).is_some_and(u8::is_ascii_digit)) {
            return self.number(start);
        }
        if is_operator_byte(byte) {
            self.operator(start);
            return Ok(());
        }
        self.symbol(start, byte)
    }

    fn text(&self, start: usize, end: usize) -> &'t str {
        self.slice.get(start..end).unwrap_or("")
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let place = |offset: usize| self.part.start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
        Span::new(self.part.source, place(start), place(end))
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let span = self.span(start, end);
        self.tokens.push(Token { kind, span });
        self.at = end;
    }

    fn refuse(&self, start: usize, end: usize, reason: UnreadReason, message: &str) -> Unread {
        Unread { reason, message: message.to_owned(), span: self.span(start, end), head: String::new(), mentions: Vec::new() }
    }

    fn unterminated(&self, start: usize, kind: ElementKind) -> Unread {
        let end = self.bytes.len();
        self.refuse(start, end, UnreadReason::Unterminated, &format!("this {} is never closed", kind.in_words()))
    }

    fn comment(&mut self, end: usize, is_closed: bool) -> Result<(), Unread> {
        if !is_closed {
            return Err(self.unterminated(self.at, ElementKind::BlockComment));
        }
        self.at = end;
        Ok(())
    }

    fn quoted_name(&mut self, start: usize, end: usize, is_closed: bool) -> Result<(), Unread> {
        if !is_closed {
            return Err(self.unterminated(start, ElementKind::QuotedName));
        }
        let name = self.text(start + 1, end - 1).replace("\"\"", "\"");
        if name.is_empty() {
            return Err(self.refuse(start, end, UnreadReason::Syntax, "a quoted name cannot be empty"));
        }
        self.push(Kind::make_word(&name, Some('"')), start, end);
        Ok(())
    }

    fn dollar_quoted(&mut self, start: usize, end: usize, is_closed: bool) -> Result<(), Unread> {
        if !is_closed {
            return Err(self.unterminated(start, ElementKind::DollarQuote));
        }
        let whole = self.text(start, end);
        let opening = whole.get(1..).and_then(|rest| rest.find('$')).map_or(2, |tag| tag + 2);
        let value = whole.get(opening..whole.len().saturating_sub(opening)).unwrap_or("").to_owned();
        let tag = whole.get(1..opening - 1).filter(|tag| !tag.is_empty()).map(str::to_owned);
        self.push(Kind::DollarQuotedString(sqlparser::ast::DollarQuotedString { value, tag }), start, end);
        Ok(())
    }

    fn word(&mut self, start: usize) -> Result<(), Unread> {
        let end = lexical::word_end(self.bytes, start);
        let word = self.text(start, end);
        let next = self.bytes.get(end).copied();
        match (word, next) {
            ("e" | "E", Some(b'\'')) => self.string_after(start, end, Escapes::Backslash, Kind::EscapedStringLiteral),
            ("b" | "B", Some(b'\'')) => self.string_after(start, end, Escapes::None, Kind::SingleQuotedByteStringLiteral),
            ("x" | "X", Some(b'\'')) => self.string_after(start, end, Escapes::None, Kind::HexStringLiteral),
            ("n" | "N", Some(b'\'')) => self.string_after(start, end, Escapes::None, Kind::NationalStringLiteral),
            ("u" | "U", Some(b'&')) if self.bytes.get(end + 1) == Some(&b'\'') => self.unicode_string(start, end + 1),
            ("u" | "U", Some(b'&')) if self.bytes.get(end + 1) == Some(&b'"') => self.unicode_name(start, end + 1),
            _ => {
                self.push(Kind::make_word(word, None), start, end);
                Ok(())
            }
        }
    }

    fn string(&mut self, start: usize, escapes: Escapes, kind: impl FnOnce(String) -> Kind) -> Result<(), Unread> {
        self.string_after(start, start, escapes, kind)
    }

    fn string_after(&mut self, start: usize, quote: usize, escapes: Escapes, kind: impl FnOnce(String) -> Kind) -> Result<(), Unread> {
        let (raw, end) = self.raw_string(quote, escapes)?;
        let value = match escapes {
            Escapes::None => raw.replace("''", "'"),
            Escapes::Backslash => unescape(&raw).ok_or_else(|| self.refuse(start, end, UnreadReason::Syntax, "an escape in this string gives no character"))?,
        };
        self.push(kind(value), start, end);
        Ok(())
    }

    /// The text between the quotes, doubled quotes still doubled; a string goes on after white space with a line break in it.
    fn raw_string(&self, quote: usize, escapes: Escapes) -> Result<(String, usize), Unread> {
        let prefix: &[u8] = if escapes == Escapes::Backslash { b"e" } else { b"" };
        let mut raw = String::new();
        let mut from = quote;
        loop {
            let element = self.rules.element(self.bytes, from, prefix).filter(|element| element.is_closed);
            let Some(element) = element else { return Err(self.unterminated(quote, ElementKind::String)) };
            raw.push_str(self.text(from + 1, element.end - 1));
            match self.continuation(element.end) {
                Some(next) => from = next,
                None => return Ok((raw, element.end)),
            }
        }
    }

    fn continuation(&self, end: usize) -> Option<usize> {
        let mut here = end;
        let mut line_broken = false;
        loop {
            match self.bytes.get(here)? {
                b'\n' | b'\r' => line_broken = true,
                b' ' | b'\t' | 0x0b | 0x0c => {}
                b'\'' => return line_broken.then_some(here),
                b'-' if self.bytes.get(here + 1) == Some(&b'-') => {
                    here = self.rules.element(self.bytes, here, b"")?.end;
                    continue;
                }
                _ => return None,
            }
            here += 1;
        }
    }

    fn unicode_string(&mut self, start: usize, quote: usize) -> Result<(), Unread> {
        let (raw, end) = self.raw_string(quote, Escapes::None)?;
        let (escape, end) = self.unicode_escape(end);
        let value = decode_unicode(&raw.replace("''", "'"), escape);
        let value = value.ok_or_else(|| self.refuse(start, end, UnreadReason::Syntax, "a Unicode escape in this string gives no character"))?;
        self.push(Kind::UnicodeStringLiteral(value), start, end);
        Ok(())
    }

    fn unicode_name(&mut self, start: usize, quote: usize) -> Result<(), Unread> {
        let element = self.rules.element(self.bytes, quote, b"").filter(|element| element.is_closed);
        let Some(element) = element else { return Err(self.unterminated(quote, ElementKind::QuotedName)) };
        let raw = self.text(quote + 1, element.end - 1).replace("\"\"", "\"");
        let (escape, end) = self.unicode_escape(element.end);
        let name = decode_unicode(&raw, escape);
        let name = name.ok_or_else(|| self.refuse(start, end, UnreadReason::Syntax, "a Unicode escape in this name gives no character"))?;
        self.push(Kind::make_word(&name, Some('"')), start, end);
        Ok(())
    }

    /// `UESCAPE 'c'` behind a Unicode string, and where it ends.
    fn unicode_escape(&self, end: usize) -> (char, usize) {
        let after = |from: usize| from + self.bytes.get(from..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count());
        let word = after(end);
        let word_end = lexical::word_end(self.bytes, word);
        if !self.text(word, word_end).eq_ignore_ascii_case("uescape") {
            return ('\\', end);
        }
        let quote = after(word_end);
        let mut characters = self.slice.get(quote..).unwrap_or("").chars();
        match (characters.next(), characters.next(), characters.next()) {
            (Some('\''), Some(escape), Some('\'')) => (escape, quote + escape.len_utf8() + 2),
            _ => ('\\', end),
        }
    }

    fn number(&mut self, start: usize) -> Result<(), Unread> {
        let end = number_end(self.bytes, start);
        if self.bytes.get(end).copied().is_some_and(lexical::starts_word) {
            let junk = lexical::word_end(self.bytes, end);
            return Err(self.refuse(start, junk, UnreadReason::Syntax, "a word is glued to this number"));
        }
        let number = self.text(start, end).to_owned();
        self.push(Kind::Number(number, false), start, end);
        Ok(())
    }

    /// The longest run of operator characters that ends before a comment; a trailing `+` or `-` belongs to what follows
    /// unless the operator holds one of `~ ! @ # % ^ & | ?` and the backtick (manual 4.1.3, 15).
    fn operator(&mut self, start: usize) {
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let mut length = rest.iter().take_while(|byte| is_operator_byte(**byte)).count();
        let begins_comment = |pair: &[u8]| matches!(pair, [b'-', b'-'] | [b'/', b'*']);
        if let Some(comment) = rest.get(..length).and_then(|run| run.windows(2).position(begins_comment)) {
            length = comment;
        }
        let keeps_sign = |run: &[u8]| run.iter().any(|byte| matches!(byte, b'~' | b'!' | b'@' | b'#' | b'%' | b'^' | b'&' | b'|' | b'`' | b'?'));
        while length > 1 && rest.get(..length).is_some_and(|run| matches!(run.last(), Some(b'+' | b'-')) && !keeps_sign(run)) {
            length -= 1;
        }
        let end = start + length.max(1);
        let kind = operator_kind(self.text(start, end));
        self.push(kind, start, end);
    }

    fn symbol(&mut self, start: usize, byte: u8) -> Result<(), Unread> {
        let next = self.bytes.get(start + 1).copied();
        let (kind, length) = match (byte, next) {
            (b'(', _) => (Kind::LParen, 1),
            (b')', _) => (Kind::RParen, 1),
            (b'[', _) => (Kind::LBracket, 1),
            (b']', _) => (Kind::RBracket, 1),
            (b'{', _) => (Kind::LBrace, 1),
            (b'}', _) => (Kind::RBrace, 1),
            (b',', _) => (Kind::Comma, 1),
            (b';', _) => (Kind::SemiColon, 1),
            (b'.', _) => (Kind::Period, 1),
            (b':', Some(b':')) => (Kind::DoubleColon, 2),
            (b':', Some(b'=')) => (Kind::Assignment, 2),
            (b':', _) => (Kind::Colon, 1),
            (b'\\', _) => (Kind::Backslash, 1),
            (b'$', Some(digit)) if digit.is_ascii_digit() => {
                let digits = self.bytes.get(start + 1..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
                (Kind::Placeholder(self.text(start, start + 1 + digits).to_owned()), 1 + digits)
            }
            (b'$', _) => (Kind::Char('$'), 1),
            _ => return Err(self.refuse(start, start + 1, UnreadReason::Syntax, "this character has no meaning in SQL")),
        };
        self.push(kind, start, start + length);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escapes {
    None,
    Backslash,
}

fn is_operator_byte(byte: u8) -> bool {
    matches!(byte, b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=' | b'~' | b'!' | b'@' | b'#' | b'%' | b'^' | b'&' | b'|' | b'`' | b'?')
}

fn number_end(bytes: &[u8], start: usize) -> usize {
    let run = |from: usize, accept: fn(&u8) -> bool| {
        let mut here = from;
        while let Some(byte) = bytes.get(here) {
            let joined = *byte == b'_' && here > from && bytes.get(here + 1).is_some_and(accept);
            if !accept(byte) && !joined {
                break;
            }
            here += 1;
        }
        here
    };
    if bytes.get(start) == Some(&b'0') {
        let accept: Option<fn(&u8) -> bool> = match bytes.get(start + 1) {
            Some(b'x' | b'X') => Some(u8::is_ascii_hexdigit),
            Some(b'o' | b'O') => Some(|byte| matches!(byte, b'0'..=b'7')),
            Some(b'b' | b'B') => Some(|byte| matches!(byte, b'0' | b'1')),
            _ => None,
        };
        if let Some(accept) = accept
            && bytes.get(start + 2).is_some_and(|byte| accept(byte) || *byte == b'_')
        {
            return run(start + 2 + usize::from(bytes.get(start + 2) == Some(&b'_')), accept);
        }
    }
    let mut end = run(start, u8::is_ascii_digit);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.') {
        end = run(end + 1, u8::is_ascii_digit);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let digits = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(digits).is_some_and(u8::is_ascii_digit) {
            end = run(digits, u8::is_ascii_digit);
        }
    }
    end
}

fn unescape(raw: &str) -> Option<String> {
    let mut out: Vec<u8> = Vec::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    let push = |out: &mut Vec<u8>, character: char| out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    while let Some(character) = characters.next() {
        if character == '\'' {
            characters.next_if_eq(&'\'');
        }
        if character != '\\' {
            push(&mut out, character);
            continue;
        }
        let digits = |characters: &mut std::iter::Peekable<std::str::Chars<'_>>, radix: u32, most: usize| {
            let mut value: Option<u32> = None;
            for _ in 0..most {
                let Some(digit) = characters.peek().and_then(|digit| digit.to_digit(radix)) else { break };
                value = Some(value.unwrap_or(0) * radix + digit);
                characters.next();
            }
            value
        };
        match characters.next()? {
            'b' => out.push(8),
            'f' => out.push(12),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            'v' => out.push(11),
            'x' => match digits(&mut characters, 16, 2) {
                Some(value) => out.push(u8::try_from(value).ok()?),
                None => out.push(b'x'),
            },
            'u' => push(&mut out, surrogates(digits(&mut characters, 16, 4)?, &mut characters, 'u', 4)?),
            'U' => push(&mut out, surrogates(digits(&mut characters, 16, 8)?, &mut characters, 'U', 8)?),
            first if first.is_digit(8) => {
                let rest_of = |value: u32, digit: Option<u32>| digit.map(|digit| value * 8 + digit);
                let mut value = first.to_digit(8)?;
                for _ in 0..2 {
                    let Some(next) = rest_of(value, characters.peek().and_then(|digit| digit.to_digit(8))) else { break };
                    value = next;
                    characters.next();
                }
                out.push(u8::try_from(value & 0xff).ok()?);
            }
            other => push(&mut out, other),
        }
    }
    String::from_utf8(out).ok().filter(|text| !text.contains('\0'))
}

/// A code point, or the second half of a surrogate pair that must follow in the same notation.
fn surrogates(first: u32, characters: &mut std::iter::Peekable<std::str::Chars<'_>>, letter: char, digits: usize) -> Option<char> {
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    if characters.next()? != '\\' || characters.next()? != letter {
        return None;
    }
    let mut second = 0_u32;
    for _ in 0..digits {
        second = second.checked_mul(16)?.checked_add(characters.next()?.to_digit(16)?)?;
    }
    (0xdc00..0xe000).contains(&second).then(|| char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))).flatten()
}

/// `\0061`, `\+000061` and the doubled escape.
fn decode_unicode(raw: &str, escape: char) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    let mut pending: Option<u32> = None;
    let mut characters = raw.chars().peekable();
    while let Some(character) = characters.next() {
        let point = if character != escape {
            u32::from(character)
        } else if characters.next_if_eq(&escape).is_some() {
            u32::from(escape)
        } else {
            let digits = if characters.next_if_eq(&'+').is_some() { 6 } else { 4 };
            let mut value = 0;
            for _ in 0..digits {
                value = value * 16 + characters.next()?.to_digit(16)?;
            }
            value
        };
        match pending.take() {
            Some(first) if (0xdc00..0xe000).contains(&point) => out.push(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (point - 0xdc00))?),
            Some(_) => return None,
            None if (0xd800..0xdc00).contains(&point) => pending = Some(point),
            None => out.push(char::from_u32(point).filter(|character| *character != '\0')?),
        }
    }
    pending.is_none().then_some(out)
}

/// The parser crate has a token for each operator that some dialect ships with.
fn operator_kind(text: &str) -> Kind {
    match text {
        "=" => Kind::Eq,
        "==" => Kind::DoubleEq,
        "<>" | "!=" => Kind::Neq,
        "<" => Kind::Lt,
        ">" => Kind::Gt,
        "<=" => Kind::LtEq,
        ">=" => Kind::GtEq,
        "=>" => Kind::RArrow,
        "+" => Kind::Plus,
        "-" => Kind::Minus,
        "*" => Kind::Mul,
        "/" => Kind::Div,
        "%" => Kind::Mod,
        "^" => Kind::Caret,
        "||" => Kind::StringConcat,
        "&" => Kind::Ampersand,
        "|" => Kind::Pipe,
        "#" => Kind::Sharp,
        "##" => Kind::DoubleSharp,
        "~" => Kind::Tilde,
        "~*" => Kind::TildeAsterisk,
        "!~" => Kind::ExclamationMarkTilde,
        "!~*" => Kind::ExclamationMarkTildeAsterisk,
        "~~" => Kind::DoubleTilde,
        "~~*" => Kind::DoubleTildeAsterisk,
        "!~~" => Kind::ExclamationMarkDoubleTilde,
        "!~~*" => Kind::ExclamationMarkDoubleTildeAsterisk,
        "<<" => Kind::ShiftLeft,
        ">>" => Kind::ShiftRight,
        "&&" => Kind::Overlap,
        "!" => Kind::ExclamationMark,
        "!!" => Kind::DoubleExclamationMark,
        "@" => Kind::AtSign,
        "^@" => Kind::CaretAt,
        "|/" => Kind::PGSquareRoot,
        "||/" => Kind::PGCubeRoot,
        "->" => Kind::Arrow,
        "->>" => Kind::LongArrow,
        "#>" => Kind::HashArrow,
        "#>>" => Kind::HashLongArrow,
        "#-" => Kind::HashMinus,
        "@-@" => Kind::AtDashAt,
        "?-" => Kind::QuestionMarkDash,
        "?#" => Kind::QuestionMarkSharp,
        "?-|" => Kind::QuestionMarkDashVerticalBar,
        "?||" => Kind::QuestionMarkDoubleVerticalBar,
        "&<" => Kind::AmpersandLeftAngleBracket,
        "&>" => Kind::AmpersandRightAngleBracket,
        "&<|" => Kind::AmpersandLeftAngleBracketVerticalBar,
        "|&>" => Kind::VerticalBarAmpersandRightAngleBracket,
        "<->" => Kind::TwoWayArrow,
        "<^" => Kind::LeftAngleBracketCaret,
        ">^" => Kind::RightAngleBracketCaret,
        "~=" => Kind::TildeEqual,
        "<<|" => Kind::ShiftLeftVerticalBar,
        "|>>" => Kind::VerticalBarShiftRight,
        "@>" => Kind::AtArrow,
        "<@" => Kind::ArrowAt,
        "@?" => Kind::AtQuestion,
        "@@" => Kind::AtAt,
        "?" => Kind::Question,
        "?&" => Kind::QuestionAnd,
        "?|" => Kind::QuestionPipe,
        other => Kind::CustomBinaryOperator(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;

    fn kinds(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let id = sources.add("t", text);
        let tokens = tokenize(text, sources.whole(id), crate::dialect::named("postgres").unwrap()).unwrap();
        tokens.iter().map(|token| token.kind.to_string()).collect()
    }

    #[test]
    fn a_sign_after_an_operator_is_a_sign_of_its_own() {
        assert_eq!(kinds("a>-1"), ["a", ">", "-", "1"]);
        assert_eq!(kinds("a->-1"), ["a", "->", "-", "1"]);
        assert_eq!(kinds("a @- b"), ["a", "@-", "b"]);
        assert_eq!(kinds("1--x\n+2"), ["1", "+", "2"]);
    }

    #[test]
    fn numbers_of_every_notation_are_one_token() {
        assert_eq!(kinds("0x1F 0b101 1_000 .5 5. 1e10 1.5e-3"), ["0x1F", "0b101", "1_000", ".5", "5.", "1e10", "1.5e-3"]);
        assert_eq!(kinds("a[1:2]"), ["a", "[", "1", ":", "2", "]"]);
    }

    #[test]
    fn a_string_goes_on_in_the_next_line() {
        assert_eq!(kinds("'a'\n  'b'"), ["'ab'"]);
        assert_eq!(kinds("'a' 'b'"), ["'a'", "'b'"]);
        assert_eq!(kinds("E'a\\'b\\n' 'it''s'"), ["E'a'b\n'", "'it's'"]);
    }

    #[test]
    fn unicode_names_are_names() {
        assert_eq!(kinds(r#"U&"d\0061t!" U&'x!0061' UESCAPE '!'"#), ["\"dat!\"", "U&'xa'"]);
    }

    #[test]
    fn dollar_quotes_keep_their_text() {
        assert_eq!(kinds("$a$ it's $$ ; $a$"), ["$a$ it's $$ ; $a$"]);
        assert_eq!(kinds("$1 $$ $$"), ["$1", "$$ $$"]);
    }

    #[test]
    fn places_are_bytes_of_the_file() {
        let mut sources = Sources::default();
        let id = sources.add("t", "SELECT 'ä', x");
        let tokens = tokenize(sources.text(id), sources.whole(id), crate::dialect::named("postgres").unwrap()).unwrap();
        assert_eq!(sources.slice(tokens[3].span), "x");
    }
}
