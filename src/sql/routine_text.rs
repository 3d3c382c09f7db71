//! What a routine of another dialect writes, as far as it can be seen in its text.
//!
//! The routine languages of the warehouses are not read: no loop, no condition, no variable. But the `INSERT`, `UPDATE`, `DELETE` and `MERGE`
//! statements in a body are statements like others, and what flows through them is worth knowing. In: the place of a statement that was not read.
//! Out: the writing statements in it that are read, in order. Nobody may take them for all that the routine does.

use super::cursor::Cursor;
use super::stack::on_large_stack;
use super::statement;
use super::token::{Kind, Token};
use super::tokenize::tokenize;
use super::tree::Statement;
use crate::dialect::Dialect;
use crate::text::{Sources, Span};

/// Words behind which a statement can begin.
const BEFORE: &[&str] = &["BEGIN", "THEN", "ELSE", "LOOP", "DO", "TRY", "CATCH", "AS", "REPEAT"];

/// Words with which a statement that writes begins.
const WRITES: &[&str] = &["INSERT", "UPDATE", "DELETE", "MERGE"];

/// The writing statements inside `CREATE PROCEDURE …`; none in a statement that is no such thing.
pub fn writing_statements(sources: &Sources, span: Span, dialect: &'static Dialect) -> Vec<Statement> {
    let text = sources.text(span.source);
    on_large_stack(|| {
        let Ok(tokens) = tokenize(text, span, dialect) else { return Vec::new() };
        if !makes_a_routine(&tokens) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut at = 1;
        while let (Some(before), Some(token)) = (tokens.get(at - 1), tokens.get(at)) {
            let begins = is_any(token, WRITES) && (before.kind == Kind::SemiColon || is_any(before, BEFORE));
            if !begins {
                at += 1;
                continue;
            }
            let rest = tokens.get(at..).unwrap_or(&[]);
            let length = rest.iter().position(|token| token.kind == Kind::SemiColon).unwrap_or(rest.len());
            let own = rest.get(..length).unwrap_or(&[]);
            let end = own.last().map_or(span, |last| Span::new(span.source, last.span.end, last.span.end));
            found.extend(statement::read(Cursor::new(own, text, dialect, end)).ok());
            at += length.max(1);
        }
        found
    })
}

fn makes_a_routine(tokens: &[Token]) -> bool {
    let head = tokens.get(..tokens.len().min(6)).unwrap_or(&[]);
    head.first().is_some_and(|first| is_any(first, &["CREATE", "ALTER"])) && head.iter().any(|token| is_any(token, &["PROCEDURE", "PROC"]))
}

fn is_any(token: &Token, words: &[&str]) -> bool {
    words.iter().any(|word| token.is_word(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::named;
    use crate::sql::tree::StatementKind;

    #[test]
    fn writing_statements_are_found_between_control_words() {
        let text = "CREATE PROCEDURE p() BEGIN DECLARE n INT64; IF n > 0 THEN UPDATE t SET a = 1 WHERE b = 2; END IF; LOOP INSERT INTO u SELECT a FROM t; END LOOP; END";
        let mut sources = Sources::default();
        let id = sources.add("p", text);
        let found = writing_statements(&sources, sources.whole(id), named("bigquery").unwrap());
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|statement| matches!(statement.kind, StatementKind::Dml(_))));
    }

    #[test]
    fn a_statement_that_makes_no_routine_has_none() {
        let mut sources = Sources::default();
        let id = sources.add("p", "BEGIN INSERT INTO u SELECT 1; END");
        assert!(writing_statements(&sources, sources.whole(id), named("bigquery").unwrap()).is_empty());
    }
}
