//! Names that are longer than the server keeps.

use super::token::Kind;
use super::tokenize::tokenize;
use crate::dialect::Dialect;
use crate::text::{Sources, Span};

/// Names in a text of which the server keeps only the beginning, as written, in their order and each once. Empty in a dialect that refuses them.
pub fn cut_names(sources: &Sources, part: Span, dialect: &'static Dialect) -> Vec<String> {
    let Some(most) = dialect.max_identifier_bytes else { return Vec::new() };
    // Most statements have no word of that length, and are not read again.
    let long = |word: &str| word.len() > most;
    if !sources.slice(part).split(|letter: char| letter.is_whitespace() || "().,;".contains(letter)).any(long) {
        return Vec::new();
    }
    let mut names = Vec::new();
    for token in tokenize(sources.text(part.source), part, dialect).unwrap_or_default() {
        if let Kind::Word(word) = &token.kind
            && long(&word.value)
            && !names.contains(&word.value)
        {
            names.push(word.value.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_beyond_63_bytes_are_cut() {
        let (long, other) = ("a".repeat(64), "ä".repeat(32));
        let text = format!("CREATE TABLE {long} (\"{other}\" text DEFAULT '{}', {} int)", "x".repeat(70), "b".repeat(63));
        let mut sources = Sources::default();
        let source = sources.add("m.sql", text);
        assert_eq!(cut_names(&sources, sources.whole(source), crate::dialect::DEFAULT), [long, other]);
    }
}
