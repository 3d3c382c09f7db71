//! `CREATE INDEX` (manual, CREATE INDEX, 18).

use super::index_element;
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::expression;
use crate::sql::tree::{CreateIndex, StatementKind, Unread};

/// Behind `CREATE [UNIQUE] INDEX`.
pub(crate) fn create(cursor: &mut Cursor<'_>, unique: bool) -> Result<StatementKind, Unread> {
    let concurrently = cursor.take_keyword("CONCURRENTLY");
    let if_not_exists = clause::if_not_exists(cursor);
    let name = if cursor.is_keyword("ON") { None } else { Some(cursor.ident()?) };
    if if_not_exists && name.is_none() {
        return Err(cursor.expected("the name of the index"));
    }
    cursor.expect_keyword("ON")?;
    let (table, only) = clause::relation(cursor)?;
    let method = if cursor.take_keyword("USING") { Some(cursor.ident()?) } else { None };
    let elements = index_element::elements(cursor)?;
    let include = index_element::include(cursor)?;
    let nulls_not_distinct = clause::nulls_not_distinct(cursor)?;
    let mut parameters = Vec::new();
    if cursor.take_keyword("WITH") {
        parameters = clause::storage_parameters(cursor)?;
    }
    let tablespace = if cursor.take_keyword("TABLESPACE") { Some(cursor.ident()?) } else { None };
    let predicate = if cursor.take_keyword("WHERE") { Some(expression::read(cursor)?) } else { None };
    let index = CreateIndex {
        unique,
        concurrently,
        if_not_exists,
        name,
        table,
        only,
        method,
        elements,
        include,
        nulls_not_distinct,
        parameters,
        tablespace,
        predicate,
    };
    Ok(StatementKind::CreateIndex(Box::new(index)))
}
