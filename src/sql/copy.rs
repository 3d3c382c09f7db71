//! `COPY`, and psql's `\copy`, which has the same grammar.

use super::clause;
use super::cursor::Cursor;
use super::expression;
use super::query;
use super::token::Kind;
use super::tree::{Copy, CopyDirection, StatementKind, Unread};

/// Behind `COPY`.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let mut copy = Copy { table: None, query: None, columns: Vec::new(), direction: CopyDirection::Out };
    if cursor.is_symbol(&Kind::LParen) {
        let mut inside = cursor.parentheses()?;
        copy.query = Some(Box::new(query::read(&mut inside)?));
        inside.finish()?;
        cursor.expect_keyword("TO")?;
    } else {
        if cursor.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Word(_)) && !token.is_word("FROM") && !token.is_word("TO")) {
            cursor.take_keyword("BINARY");
        }
        copy.table = Some(cursor.object_name()?);
        if cursor.is_symbol(&Kind::LParen) {
            copy.columns = cursor.idents_in_parentheses()?;
        }
        if clause::one_of(cursor, &["FROM", "TO"])? == "FROM" {
            copy.direction = CopyDirection::In;
        }
    }
    place(cursor)?;
    options(cursor)?;
    if copy.direction == CopyDirection::In && cursor.take_keyword("WHERE") {
        expression::read(cursor)?;
    }
    Ok(StatementKind::Copy(Box::new(copy)))
}

/// `STDIN`, a file, `PROGRAM 'command'`; psql takes file names without quotes too.
fn place(cursor: &mut Cursor<'_>) -> Result<(), Unread> {
    if cursor.take_any_keyword(&["STDIN", "STDOUT", "PSTDIN", "PSTDOUT"]).is_some() {
        return Ok(());
    }
    cursor.take_keyword("PROGRAM");
    clause::string(cursor, "a file, a program or `STDIN`").map(drop)
}

/// Options in parentheses, or the words of before PostgreSQL 9.0.
fn options(cursor: &mut Cursor<'_>) -> Result<(), Unread> {
    cursor.take_keywords(&["USING", "DELIMITERS"]);
    cursor.take_keyword("WITH");
    if cursor.is_symbol(&Kind::LParen) {
        cursor.parentheses()?;
        return Ok(());
    }
    let words = &["BINARY", "FREEZE", "CSV", "HEADER", "DELIMITER", "NULL", "QUOTE", "ESCAPE", "FORCE", "ENCODING", "AS", "NOT"];
    loop {
        let before = cursor.mark();
        if cursor.take_any_keyword(words).is_some() || cursor.peek().is_some_and(|token| token.string().is_some()) {
            if cursor.mark() == before {
                cursor.skip(1);
            }
            // The columns of `FORCE QUOTE a, b` and the like.
            while cursor.is_symbol(&Kind::Comma) || cursor.is_symbol(&Kind::Mul) || is_column(cursor, words) {
                cursor.skip(1);
            }
        } else {
            return Ok(());
        }
    }
}

fn is_column(cursor: &Cursor<'_>, words: &[&str]) -> bool {
    matches!(cursor.peek().map(|token| &token.kind), Some(Kind::Word(_))) && !cursor.is_any_keyword(words) && !cursor.is_keyword("WHERE")
}
