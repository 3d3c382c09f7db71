//! `BEGIN`, `COMMIT`, `SAVEPOINT` and the rest of transaction control.

use super::clause;
use super::cursor::Cursor;
use super::token::Kind;
use super::tree::{StatementKind, Transaction, Unread};

/// A statement of transaction control, or `None` when none begins here.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Option<StatementKind>, Unread> {
    let start = *cursor;
    let verbs = &["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE"];
    if cursor.is_keyword("PREPARE") && !cursor.is_keywords(&["PREPARE", "TRANSACTION"]) {
        return Ok(None);
    }
    let Some(verb) = cursor.take_any_keyword(verbs) else { return Ok(None) };
    let transaction = match verb {
        "START" => {
            cursor.expect_keyword("TRANSACTION")?;
            modes(cursor)?;
            Transaction::Begin
        }
        "BEGIN" => {
            noise(cursor);
            modes(cursor)?;
            Transaction::Begin
        }
        "SAVEPOINT" => Transaction::Savepoint(cursor.ident()?),
        "RELEASE" => {
            cursor.take_keyword("SAVEPOINT");
            Transaction::Release(cursor.ident()?)
        }
        "PREPARE" => {
            cursor.skip(1);
            clause::string(cursor, "the name of the transaction as a string")?;
            Transaction::Mode(clause::words_of(start))
        }
        _ if cursor.take_keyword("PREPARED") => {
            clause::string(cursor, "the name of the transaction as a string")?;
            Transaction::Mode(clause::words_of(start))
        }
        "COMMIT" | "END" => {
            noise(cursor);
            if chain(cursor) { Transaction::CommitAndChain } else { Transaction::Commit }
        }
        _ => {
            noise(cursor);
            if verb == "ROLLBACK" && cursor.take_keyword("TO") {
                cursor.take_keyword("SAVEPOINT");
                Transaction::RollbackTo(cursor.ident()?)
            } else {
                if chain(cursor) { Transaction::RollbackAndChain } else { Transaction::Rollback }
            }
        }
    };
    Ok(Some(StatementKind::Transaction(transaction)))
}

fn noise(cursor: &mut Cursor<'_>) {
    cursor.take_any_keyword(&["WORK", "TRANSACTION", "TRAN"]);
}

/// `AND NO CHAIN`; whether it is `AND CHAIN`, which begins the next transaction at once.
fn chain(cursor: &mut Cursor<'_>) -> bool {
    cursor.take_keywords(&["AND", "CHAIN"]) || {
        cursor.take_keywords(&["AND", "NO", "CHAIN"]);
        false
    }
}

/// `ISOLATION LEVEL …`, `READ ONLY`, `DEFERRABLE`; how many there were.
pub(crate) fn modes(cursor: &mut Cursor<'_>) -> Result<usize, Unread> {
    const MODES: &[&[&str]] = &[
        &["ISOLATION", "LEVEL", "SERIALIZABLE"],
        &["ISOLATION", "LEVEL", "REPEATABLE", "READ"],
        &["ISOLATION", "LEVEL", "READ", "COMMITTED"],
        &["ISOLATION", "LEVEL", "READ", "UNCOMMITTED"],
        &["READ", "ONLY"],
        &["READ", "WRITE"],
        &["NOT", "DEFERRABLE"],
        &["DEFERRABLE"],
    ];
    let mut count = 0;
    loop {
        let comma = count > 0 && cursor.take_symbol(&Kind::Comma);
        match MODES.iter().find(|words| cursor.is_keywords(words)) {
            Some(words) => cursor.skip(words.len()),
            None if comma => return Err(cursor.expected("a mode of the transaction")),
            None => return Ok(count),
        }
        count += 1;
    }
}
