//! `CREATE SCHEMA` with the statements inside it, and `CREATE EXTENSION`.

use super::function::ReadStatement;
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::tree::{CreateExtension, CreateSchema, StatementKind, Unread, UnreadReason};

/// Behind `CREATE SCHEMA`.
pub(crate) fn create(cursor: &mut Cursor<'_>, read_statement: ReadStatement) -> Result<StatementKind, Unread> {
    let if_not_exists = clause::if_not_exists(cursor);
    let name = if cursor.is_keyword("AUTHORIZATION") { None } else { Some(cursor.ident()?) };
    let mut owner = None;
    if cursor.take_keyword("AUTHORIZATION") {
        if name.is_none() && cursor.is_any_keyword(&["CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "USER"]) {
            return Err(cursor.refusal(UnreadReason::NotModelled, "the schema is named after whoever runs this, and that is not known here"));
        }
        owner = Some(clause::role(cursor)?);
    }
    let Some(name) = name.or_else(|| owner.clone()) else { return Err(cursor.expected("the name of the schema")) };
    let mut elements = Vec::new();
    while begins_element(cursor) {
        let start = cursor.mark();
        let part = cursor.until(|here| here.mark() != start && begins_element(here));
        elements.push(read_statement(part)?);
    }
    Ok(StatementKind::CreateSchema(CreateSchema { name, if_not_exists, owner, elements }))
}

/// `CREATE` of something, or `GRANT privileges`: neither word begins anything else at this depth.
fn begins_element(cursor: &Cursor<'_>) -> bool {
    const KINDS: &[&str] =
        &["TABLE", "VIEW", "INDEX", "UNIQUE", "SEQUENCE", "TRIGGER", "TEMP", "TEMPORARY", "UNLOGGED", "OR", "CONSTRAINT", "RECURSIVE", "GLOBAL", "LOCAL"];
    let creates = cursor.is_keyword("CREATE") && cursor.peek_at(1).is_some_and(|token| KINDS.iter().any(|kind| token.is_word(kind)));
    creates || cursor.is_keyword("GRANT")
}

/// Behind `CREATE EXTENSION`.
pub(crate) fn create_extension(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let if_not_exists = clause::if_not_exists(cursor);
    let name = cursor.ident()?;
    let mut extension = CreateExtension { name, if_not_exists, schema: None, version: None, cascade: false };
    cursor.take_keyword("WITH");
    while !cursor.is_at_end() {
        if cursor.take_keyword("SCHEMA") {
            extension.schema = Some(cursor.ident()?);
        } else if cursor.take_keyword("VERSION") {
            extension.version = Some(clause::word_or_string(cursor, "a version")?);
        } else if cursor.take_keyword("CASCADE") {
            extension.cascade = true;
        } else {
            return Err(cursor.expected("`SCHEMA`, `VERSION` or `CASCADE`"));
        }
    }
    Ok(StatementKind::CreateExtension(extension))
}
