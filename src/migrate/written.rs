//! The words of a statement that the tree keeps as text only: names, strings and signs, in order.
//!
//! In: the text. Out: its words, names folded, and look-ups for the few forms that such statements are made of
//! (`WORD name`, `(OPTION = value, …)`). Comments are no words.

use crate::dialect::Dialect;
use crate::name::{Name, Quoting};

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A bare word or a quoted name, folded; whether it was quoted.
    Name(Name, Quoting),
    /// A string.
    Text(String),
    /// A number.
    Number(String),
    /// Signs that stand together.
    Sign(String),
}

impl Word {
    /// Whether it is that bare word, lower case.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Name(name, Quoting::Bare) if name.as_str().eq_ignore_ascii_case(word))
    }

    /// What it says, without quotes.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Name(name, _) => name.as_str(),
            Self::Text(text) | Self::Number(text) | Self::Sign(text) => text,
        }
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self, Self::Sign(own) if own == sign)
    }
}

/// A name of up to two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrittenName {
    /// The schema.
    pub(super) schema: Option<Name>,
    /// The name.
    pub(super) name: Name,
}

/// The words of a statement.
#[derive(Clone, Debug)]
pub(super) struct Written {
    words: Vec<Word>,
}

impl Written {
    /// Reads the text; what is no word is passed over.
    pub(super) fn of(text: &str, dialect: &'static Dialect) -> Self {
        let mut words = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (length, word) = one(rest, first, dialect);
            words.extend(word);
            rest = rest.get(length.max(first.len_utf8())..).unwrap_or("");
        }
        Self { words }
    }

    /// The word at a place.
    pub(super) fn at(&self, place: usize) -> Option<&Word> {
        self.words.get(place)
    }

    /// The place behind the first run of these bare words.
    pub(super) fn after(&self, run: &[&str]) -> Option<usize> {
        let starts = 0..self.words.len().saturating_sub(run.len().saturating_sub(1));
        starts.into_iter().find(|start| self.is_run(*start, run)).map(|start| start + run.len())
    }

    /// The same, at the end of the statement.
    pub(super) fn has(&self, run: &[&str]) -> bool {
        self.after(run).is_some()
    }

    fn is_run(&self, start: usize, run: &[&str]) -> bool {
        run.iter().enumerate().all(|(offset, word)| self.words.get(start + offset).is_some_and(|own| own.is(word)))
    }

    /// The name at a place, and the place behind it.
    pub(super) fn name_at(&self, place: usize) -> Option<(WrittenName, usize)> {
        let Word::Name(first, _) = self.words.get(place)? else { return None };
        if self.words.get(place + 1).is_some_and(|word| word.is_sign("."))
            && let Some(Word::Name(second, _)) = self.words.get(place + 2)
        {
            return Some((WrittenName { schema: Some(first.clone()), name: second.clone() }, place + 3));
        }
        Some((WrittenName { schema: None, name: first.clone() }, place + 1))
    }

    /// The name behind a run of words.
    pub(super) fn name_after(&self, run: &[&str]) -> Option<WrittenName> {
        self.name_at(self.after(run)?).map(|(name, _)| name)
    }

    /// `(a = b, c)`, the first from a place on: the names lower case, each with the words of its value.
    pub(super) fn options_from(&self, place: usize) -> Vec<(String, Vec<Word>)> {
        let mut options: Vec<(String, Vec<Word>)> = Vec::new();
        let Some(open) = (place..self.words.len()).find(|at| self.words.get(*at).is_some_and(|word| word.is_sign("("))) else { return options };
        let mut depth = 1;
        let mut part: Vec<Word> = Vec::new();
        for word in self.words.iter().skip(open + 1) {
            match word {
                Word::Sign(sign) if sign == "(" => depth += 1,
                Word::Sign(sign) if sign == ")" => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Word::Sign(sign) if sign == "," && depth == 1 => {
                    options.extend(option(std::mem::take(&mut part)));
                    continue;
                }
                _ => {}
            }
            part.push(word.clone());
        }
        options.extend(option(part));
        options
    }

    /// All words.
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }
}

/// Words as text again: names and signs without spaces around dots and parentheses.
pub(super) fn spelled(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        let glued = matches!(word, Word::Sign(_)) || text.ends_with(['.', '(', '[']);
        if !text.is_empty() && !glued {
            text.push(' ');
        }
        match word {
            Word::Name(name, Quoting::Quoted) => text.push_str(&format!("\"{name}\"")),
            other => text.push_str(other.text()),
        }
    }
    text
}

fn option(part: Vec<Word>) -> Option<(String, Vec<Word>)> {
    let mut words = part.into_iter();
    // A name in quotes is the name of no option, unless it is written in small letters.
    let name = match words.next()? {
        Word::Name(name, _) => name.as_str().to_owned(),
        other => other.text().to_ascii_lowercase(),
    };
    let value: Vec<Word> = words.skip_while(|word| word.is_sign("=")).collect();
    Some((name, value))
}

/// The length of the next word and the word, when it is one.
fn one(rest: &str, first: char, dialect: &'static Dialect) -> (usize, Option<Word>) {
    let until = |ends: &dyn Fn(char) -> bool| rest.find(ends).unwrap_or(rest.len());
    if rest.starts_with("--") {
        return (until(&|letter| letter == '\n'), None);
    }
    if rest.starts_with("/*") {
        return (rest.find("*/").map_or(rest.len(), |end| end + 2), None);
    }
    match first {
        '\'' | '"' => {
            let mut text = String::new();
            let mut letters = rest.char_indices().skip(1).peekable();
            while let Some((place, letter)) = letters.next() {
                if letter == first {
                    if letters.peek().is_some_and(|(_, next)| *next == first) {
                        letters.next();
                    } else {
                        let word = if first == '"' { Word::Name(dialect.fold(&text, Quoting::Quoted), Quoting::Quoted) } else { Word::Text(text) };
                        return (place + 1, Some(word));
                    }
                }
                text.push(letter);
            }
            (rest.len(), None)
        }
        _ if first.is_whitespace() => (until(&|letter: char| !letter.is_whitespace()), None),
        _ if first.is_alphabetic() || first == '_' => {
            let length = until(&|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$'));
            (length, Some(Word::Name(dialect.fold(rest.get(..length).unwrap_or(""), Quoting::Bare), Quoting::Bare)))
        }
        _ if first.is_ascii_digit() => {
            let length = until(&|letter: char| !(letter.is_ascii_digit() || letter == '.'));
            (length, Some(Word::Number(rest.get(..length).unwrap_or("").to_owned())))
        }
        '(' | ')' | ',' | '.' | ';' | '[' | ']' => (1, Some(Word::Sign(first.to_string()))),
        _ => {
            let length = until(&|letter: char| letter.is_alphanumeric() || letter.is_whitespace() || matches!(letter, '(' | ')' | ',' | '\'' | '"' | '_'));
            (length, Some(Word::Sign(rest.get(..length).unwrap_or("").to_owned())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect;

    #[test]
    fn options_have_names_and_values() {
        let written = Written::of("CREATE OPERATOR s.+++ (LEFTARG = int, FUNCTION = s.f, HASHES)", dialect::named("postgres").unwrap());
        let options = written.options_from(0);
        assert_eq!(options.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["leftarg", "function", "hashes"]);
        assert_eq!(options.get(1).map(|(_, words)| words.iter().map(Word::text).collect::<String>()).as_deref(), Some("s.f"));
    }

    #[test]
    fn names_of_two_parts_are_one() {
        let written = Written::of("CREATE SERVER x FOREIGN DATA WRAPPER \"A b\".c -- no", dialect::named("postgres").unwrap());
        let name = written.name_after(&["foreign", "data", "wrapper"]).unwrap();
        assert_eq!((name.schema.unwrap().as_str(), name.name.as_str()), ("A b", "c"));
    }
}
