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

/// The place of a template hole: `{{ … }}`, `${…}`, `<% … %>`, `{% … %}`, or a variable of psql.
pub(crate) fn template_hole(tokens: &[Token]) -> Option<Span> {
    tokens.windows(2).find_map(|pair| {
        let [first, second] = pair else { return None };
        let glued = first.span.end == second.span.start;
        let opens = |kind: &Kind| matches!(kind, Kind::LBrace);
        let is_hole = match (&first.kind, &second.kind) {
            (Kind::LBrace, Kind::LBrace | Kind::Mod) => true,
            (Kind::Char('$') | Kind::Sharp, second) => opens(second),
            (Kind::Placeholder(text), second) => text == "$" && opens(second),
            (Kind::CustomBinaryOperator(text), _) => text.starts_with("<%"),
            (Kind::Colon, Kind::Word(_)) => true,
            (Kind::Colon, second_kind) => second_kind == &second.kind && second.string().is_some(),
            _ => false,
        };
        (glued && is_hole).then(|| first.span.to(second.span))
    })
}
