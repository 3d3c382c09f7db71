//! What is said about a statement that is not read, beside the parser's own words.

use super::complexity;
use super::mentions;
use super::token::Token;
use super::tree::{Unread, UnreadReason};
use crate::dialect::Dialect;

/// Adds what the tokens tell: the first words, the names, and whether a template is why it is no SQL.
pub(crate) fn described(mut unread: Unread, tokens: &[Token], dialect: &'static Dialect) -> Unread {
    if unread.head.is_empty() {
        unread.head = head(tokens);
    }
    if unread.mentions.is_empty() {
        unread.mentions = mentions::of(tokens, dialect);
    }
    if unread.reason == UnreadReason::Syntax
        && let Some(hole) = complexity::template_hole(tokens)
    {
        unread.reason = UnreadReason::Template;
        unread.message = String::from("a template stands here, and what it becomes is not known");
        unread.span = hole;
    }
    unread
}

/// Words that say what kind of statement it is.
const HEAD_WORDS: &[&str] = &[
    "OR",
    "REPLACE",
    "GLOBAL",
    "LOCAL",
    "TEMPORARY",
    "TEMP",
    "UNLOGGED",
    "FOREIGN",
    "EXTERNAL",
    "TABLE",
    "MATERIALIZED",
    "VIEW",
    "RECURSIVE",
    "UNIQUE",
    "INDEX",
    "SEQUENCE",
    "SCHEMA",
    "DATABASE",
    "TYPE",
    "DOMAIN",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
    "AGGREGATE",
    "OPERATOR",
    "CLASS",
    "FAMILY",
    "CAST",
    "COLLATION",
    "CONVERSION",
    "EXTENSION",
    "EVENT",
    "TRIGGER",
    "CONSTRAINT",
    "RULE",
    "POLICY",
    "ROLE",
    "USER",
    "MAPPING",
    "GROUP",
    "TABLESPACE",
    "LANGUAGE",
    "PUBLICATION",
    "SUBSCRIPTION",
    "STATISTICS",
    "SERVER",
    "DATA",
    "WRAPPER",
    "TEXT",
    "SEARCH",
    "CONFIGURATION",
    "DICTIONARY",
    "PARSER",
    "TEMPLATE",
    "ACCESS",
    "METHOD",
    "TRANSFORM",
    "LARGE",
    "OBJECT",
    "DEFAULT",
    "PRIVILEGES",
    "INTO",
    "FROM",
    "ON",
    "OWNED",
    "SYSTEM",
];

fn head(tokens: &[Token]) -> String {
    let mut words: Vec<String> = Vec::new();
    for token in tokens.iter().take(6) {
        let Some(word) = token.bare_word().map(str::to_ascii_uppercase) else { break };
        if !words.is_empty() && !HEAD_WORDS.contains(&word.as_str()) {
            break;
        }
        words.push(word);
    }
    words.join(" ")
}
