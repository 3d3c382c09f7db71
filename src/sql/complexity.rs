//! How large and how deep a statement may be before it is read, told from its tokens; and whether a template stands in it.

use super::cursor::Cursor;
use super::forms::Forms;
use super::token::{Kind, Token};
use super::tree::{Unread, UnreadReason};
use crate::text::Span;

/// A statement of more tokens is not read (rows of constants excepted, whose head is).
pub(crate) const MAX_TOKENS: usize = 200_000;

/// Brackets inside brackets.
const MAX_DEPTH: usize = 500;

/// Operators, joins and unions in a row, for dialects whose expressions the parser crate reads into left-deep trees.
const MAX_LINKS: usize = 300;

/// Refuses what is too large or too deep.
pub(crate) fn check(cursor: &Cursor<'_>) -> Result<(), Unread> {
    let tokens = cursor.rest();
    let refuse = |token: &Token, message: String| {
        let mut unread = cursor.refusal(UnreadReason::TooComplex, message);
        unread.span = token.span;
        Err(unread)
    };
    if let Some(token) = tokens.get(MAX_TOKENS) {
        return refuse(token, format!("a statement of more than {MAX_TOKENS} words and signs is not read"));
    }
    if let Some(token) = unbalanced(tokens) {
        let mut unread = cursor.error("this bracket has no other half");
        unread.span = token.span;
        return Err(unread);
    }
    // Our own reader of PostgreSQL bounds its chains itself.
    let counts_links = !Forms::of(cursor.dialect()).is_postgres;
    let mut links: Vec<Links> = vec![Links::default()];
    for token in tokens {
        if is_opening(token) {
            links.push(Links::default());
            if links.len() > MAX_DEPTH {
                return refuse(token, format!("nested more than {MAX_DEPTH} levels deep"));
            }
        } else if is_closing(token) {
            if links.len() > 1 {
                links.pop();
            }
        } else if counts_links
            && let Some(level) = links.last_mut()
            && !level.count(token)
        {
            return refuse(token, format!("a chain of more than {MAX_LINKS} links"));
        }
    }
    Ok(())
}

/// A bracket that closes nothing, or is never closed.
fn unbalanced(tokens: &[Token]) -> Option<&Token> {
    let mut open: Vec<&Token> = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::LParen | Kind::LBracket | Kind::LBrace => open.push(token),
            Kind::RParen | Kind::RBracket | Kind::RBrace => {
                let opened = open.pop().map(|opened| &opened.kind);
                if !matches!(
                    (opened, &token.kind),
                    (Some(Kind::LParen), Kind::RParen) | (Some(Kind::LBracket), Kind::RBracket) | (Some(Kind::LBrace), Kind::RBrace)
                ) {
                    return Some(token);
                }
            }
            _ => {}
        }
    }
    open.pop()
}

fn is_opening(token: &Token) -> bool {
    matches!(token.kind, Kind::LParen | Kind::LBracket | Kind::LBrace) || token.is_word("CASE")
}

fn is_closing(token: &Token) -> bool {
    matches!(token.kind, Kind::RParen | Kind::RBracket | Kind::RBrace) || token.is_word("END")
}

/// Links counted on one level of brackets.
#[derive(Clone, Copy, Default)]
struct Links {
    operators: usize,
    relations: usize,
}

impl Links {
    /// Counts a token; false when there are too many.
    fn count(&mut self, token: &Token) -> bool {
        const CLAUSES: &[&str] = &["SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "ON", "WHEN", "THEN", "ELSE", "SET", "VALUES"];
        const LINKS: &[&str] = &["AND", "OR", "NOT", "IS", "COLLATE", "AT", "LIKE", "ILIKE", "IN", "BETWEEN", "DIV", "MOD", "XOR"];
        match &token.kind {
            Kind::Comma | Kind::SemiColon => self.operators = 0,
            Kind::Word(_) if CLAUSES.iter().any(|word| token.is_word(word)) => self.operators = 0,
            Kind::Word(_) if LINKS.iter().any(|word| token.is_word(word)) => self.operators += 1,
            Kind::Word(_) if ["JOIN", "UNION", "INTERSECT", "EXCEPT", "MINUS"].iter().any(|word| token.is_word(word)) => self.relations += 1,
            Kind::Word(_) | Kind::Number(..) | Kind::Period => {}
            _ if token.string().is_some() => {}
            _ => self.operators += 1,
        }
        self.operators <= MAX_LINKS && self.relations <= MAX_LINKS
    }
}

/// The place of a template hole: `{{ … }}`, `${…}`, `#{…}`, `<% … %>`, `{% … %}`, or a variable of psql.
pub(crate) fn template_hole(tokens: &[Token]) -> Option<Span> {
    let mut before: Option<&Token> = None;
    for pair in tokens.windows(2) {
        let [first, second] = pair else { return None };
        let glued = |left: &Token, right: &Token| left.span.end == right.span.start;
        // In `a[1:n]` the colon belongs to what stands before it.
        let ends_slice = before.is_some_and(|before| glued(before, first) && matches!(before.kind, Kind::Number(..) | Kind::Word(_) | Kind::RParen));
        // `<%= x %>` is glued in itself.
        if matches!(&first.kind, Kind::CustomBinaryOperator(text) if text.starts_with("<%")) {
            return Some(first.span);
        }
        let is_hole = match (&first.kind, &second.kind) {
            (Kind::LBrace, Kind::LBrace | Kind::Mod) | (Kind::Char('$') | Kind::Sharp, Kind::LBrace) => true,
            (Kind::Placeholder(text), Kind::LBrace) => text == "$",
            (Kind::Colon, Kind::Word(_)) => !ends_slice,
            (Kind::Colon, _) => !ends_slice && second.string().is_some(),
            _ => false,
        };
        if is_hole && glued(first, second) {
            return Some(first.span.to(second.span));
        }
        before = Some(first);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;

    fn tokens(text: &str) -> Vec<Token> {
        let mut sources = Sources::default();
        let id = sources.add("t", text);
        crate::sql::tokenize::tokenize(text, sources.whole(id), crate::dialect::named("postgres").unwrap()).unwrap()
    }

    #[test]
    fn holes_of_templates_are_seen_and_slices_are_none() {
        for text in ["SELECT {{ ref('a') }}", "DROP TABLE ${schema}.t", "SELECT #{x}", "SELECT <%= x %>", "{% if x %}", "SELECT :name", "SELECT :'name'"] {
            assert!(template_hole(&tokens(text)).is_some(), "{text}");
        }
        for text in ["SELECT a[1:n]", "SELECT a::int", "SELECT b[f(x):y]"] {
            assert!(template_hole(&tokens(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn brackets_must_pair() {
        assert!(unbalanced(&tokens("f(a[1], (b))")).is_none());
        assert!(unbalanced(&tokens("f(a[1)]")).is_some());
        assert!(unbalanced(&tokens("f(a")).is_some());
    }
}
