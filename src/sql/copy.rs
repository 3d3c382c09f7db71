//! `COPY`, and psql's `\copy`, which has the same grammar.

use super::clause;
use super::cursor::Cursor;
use super::dml;
use super::expression;
use super::forms::Forms;
use super::query;
use super::token::Kind;
use super::tree::{Copy, CopyDirection, LockWait, Query, QueryBody, RefusalCode, StatementKind, Unread, UnreadReason};

/// The options in parentheses (manual, COPY, 12 to 18).
const OPTIONS: &[&str] = &[
    "format",
    "freeze",
    "delimiter",
    "null",
    "default",
    "header",
    "quote",
    "escape",
    "force_quote",
    "force_not_null",
    "force_null",
    "on_error",
    "reject_limit",
    "encoding",
    "log_verbosity",
];

/// Behind `COPY`.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let mut copy = Copy { table: None, query: None, columns: Vec::new(), direction: CopyDirection::Out };
    if cursor.is_symbol(&Kind::LParen) {
        let mut inside = cursor.parentheses()?;
        copy.query = Some(Box::new(rows(&mut inside)?));
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

/// A query, or a statement that writes rows and returns them.
fn rows(inside: &mut Cursor<'_>) -> Result<Query, Unread> {
    if !inside.is_any_keyword(&["INSERT", "UPDATE", "DELETE", "MERGE"]) {
        return query::read(inside);
    }
    let span = inside.rest_span();
    let body = QueryBody::Dml(Box::new(dml::read(inside)?));
    Ok(Query {
        with: Vec::new(),
        recursive: false,
        body,
        order_by: Vec::new(),
        limits: Vec::new(),
        limited: false,
        with_ties: false,
        locking: Vec::new(),
        lock_wait: LockWait::Wait,
        span,
    })
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
        return generic_options(cursor);
    }
    while let Some(word) = cursor.take_any_keyword(&["BINARY", "FREEZE", "CSV", "HEADER", "DELIMITER", "NULL", "QUOTE", "ESCAPE", "FORCE", "ENCODING"]) {
        match word {
            "DELIMITER" | "NULL" | "QUOTE" | "ESCAPE" => {
                cursor.take_keyword("AS");
                clause::string(cursor, "a string")?;
            }
            "ENCODING" => {
                clause::string(cursor, "an encoding as a string")?;
            }
            "FORCE" => {
                let all_columns = clause::one_of(cursor, &["QUOTE", "NOT", "NULL"])?;
                if all_columns == "NOT" {
                    cursor.expect_keyword("NULL")?;
                }
                if !cursor.take_symbol(&Kind::Mul) {
                    cursor.comma_separated(Cursor::ident)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// `(FORMAT csv, HEADER, FORCE_NULL (a, b), NULL 'x')`.
fn generic_options(cursor: &mut Cursor<'_>) -> Result<(), Unread> {
    let is_postgres = Forms::of(cursor.dialect()).is_postgres;
    let mut inside = cursor.parentheses()?;
    let mut seen: Vec<String> = Vec::new();
    inside.comma_separated(|inside| {
        let option = inside.label()?.name.as_str().to_ascii_lowercase();
        if is_postgres && !OPTIONS.contains(&option.as_str()) {
            return Err(inside.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), format!("option \"{option}\" not recognized")));
        }
        if seen.contains(&option) {
            return Err(inside.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), "conflicting or redundant options"));
        }
        let is_format = is_postgres && option == "format";
        seen.push(option);
        if is_format {
            let format = clause::word_or_string(inside, "a format")?;
            if !["text", "csv", "binary"].contains(&format.to_ascii_lowercase().as_str()) {
                let message = format!("COPY format \"{format}\" not recognized");
                return Err(inside.refusal(UnreadReason::Refused(RefusalCode::InvalidParameterValue), message));
            }
            return Ok(());
        }
        if inside.is_at_end() || inside.is_symbol(&Kind::Comma) || inside.take_symbol(&Kind::Mul) {
            return Ok(());
        }
        if inside.is_symbol(&Kind::LParen) {
            return inside.idents_in_parentheses().map(drop);
        }
        if inside.is_symbol(&Kind::Minus) || matches!(inside.peek().map(|token| &token.kind), Some(Kind::Number(..))) {
            return clause::integer(inside, "a number").map(drop);
        }
        if inside.take_any_keyword(&["TRUE", "FALSE", "ON"]).is_some() {
            return Ok(());
        }
        clause::word_or_string(inside, "a value").map(drop)
    })?;
    inside.finish()
}
