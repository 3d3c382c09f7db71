//! What a statement seems to speak of, told from its tokens alone: for statements that are not read, or kept only as text.
//!
//! Out: names behind words that announce an object. Too many is harmless (more is said to be unknown), too few is not,
//! so every qualified name counts too.

use super::cursor::{Cursor, NamePlace};
use super::token::{Kind, Token};
use super::tree::ObjectName;
use crate::dialect::Dialect;
use crate::text::Span;

/// Behind these a name of an object stands.
const ANNOUNCING: &[&str] = &[
    "TABLE",
    "TABLES",
    "VIEW",
    "INDEX",
    "SEQUENCE",
    "SCHEMA",
    "TYPE",
    "DOMAIN",
    "FUNCTION",
    "PROCEDURE",
    "ON",
    "INTO",
    "FROM",
    "JOIN",
    "UPDATE",
    "REFERENCES",
    "ONLY",
    "OF",
    "TRUNCATE",
    "DATABASE",
    "INHERIT",
    "LIKE",
    "TO",
    "COPY",
    "LOCK",
    "CALL",
    "EXISTS",
    "PARTITION",
    "CONCURRENTLY",
    "TRIGGER",
    "POLICY",
    "ROUTINE",
    "AGGREGATE",
    "EXTENSION",
];

/// Words between an announcing word and the name.
const BETWEEN: &[&str] = &["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY", "COLUMN", "CONSTRAINT", "OR", "REPLACE", "TABLE", "IN", "ALL"];

/// The names in a run of tokens, each once, in the order of the text; at most a hundred.
pub(crate) fn of(tokens: &[Token], dialect: &'static Dialect) -> Vec<ObjectName> {
    let Some(end) = tokens.last().map(|token| token.span) else { return Vec::new() };
    let mut cursor = Cursor::new(tokens, "", dialect, Span::new(end.source, end.end, end.end));
    let mut names: Vec<ObjectName> = Vec::new();
    let mut announced = false;
    while names.len() < 100 {
        let Some(token) = cursor.peek() else { break };
        let qualified = cursor.peek_at(1).is_some_and(|next| next.kind == Kind::Period);
        let is_between = BETWEEN.iter().any(|word| token.is_word(word));
        if matches!(token.kind, Kind::Word(_)) && (qualified || (announced && !is_between)) {
            announced = false;
            let mark = cursor.mark();
            match cursor.qualified_name(NamePlace::Column, "a name") {
                Ok(name) => {
                    announced = cursor.is_symbol(&Kind::Comma);
                    cursor.take_symbol(&Kind::Comma);
                    if !names.contains(&name) {
                        names.push(name);
                    }
                    continue;
                }
                Err(_) => cursor.reset(mark),
            }
        }
        announced = ANNOUNCING.iter().any(|word| token.is_word(word)) || (announced && is_between);
        cursor.skip(1);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;

    fn found(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let id = sources.add("t", text);
        let dialect = crate::dialect::named("postgres").unwrap();
        let tokens = crate::sql::tokenize::tokenize(text, sources.whole(id), dialect).unwrap();
        of(&tokens, dialect).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_behind_announcing_words_are_told() {
        assert_eq!(found("ALTER TABLE IF EXISTS ONLY app.t FROB x"), ["app.t"]);
        assert_eq!(found("FROB a, b FROM t, u JOIN w ON w.x = t.y"), ["t", "u", "w", "w.x", "t.y"]);
        assert_eq!(found("DROP INDEX CONCURRENTLY IF EXISTS i, j FROB"), ["i", "j"]);
    }
}
