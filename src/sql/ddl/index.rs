//! `CREATE INDEX`, `ALTER INDEX`, and the elements that indexes, exclusion constraints and partition keys are made of.

use super::constraint;
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::expression;
use crate::sql::token::Kind;
use crate::sql::tree::{
    AlterIndex, AlterIndexAction, AlterTable, AlterTableAction, CreateIndex, Expr, ExprKind, Ident, IndexElement, ObjectName, RelationKind, StatementKind,
    Unread,
};
use crate::text::Spanned;

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
    let elements = elements(cursor)?;
    let include = include(cursor)?;
    let nulls_not_distinct = constraint::nulls_not_distinct(cursor)?;
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

/// `INCLUDE (a, b)`.
pub(crate) fn include(cursor: &mut Cursor<'_>) -> Result<Vec<Ident>, Unread> {
    if cursor.take_keyword("INCLUDE") { cursor.idents_in_parentheses() } else { Ok(Vec::new()) }
}

/// `(element, …)`.
pub(crate) fn elements(cursor: &mut Cursor<'_>) -> Result<Vec<IndexElement>, Unread> {
    let mut inside = cursor.parentheses()?;
    let elements = inside.comma_separated(element)?;
    inside.finish()?;
    Ok(elements)
}

/// A column, a function call or a parenthesised expression, with collation, operator class and order.
pub(crate) fn element(cursor: &mut Cursor<'_>) -> Result<IndexElement, Unread> {
    let expr = key(cursor)?;
    let collation = if cursor.take_keyword("COLLATE") { Some(cursor.qualified_name(NamePlace::Label, "a collation")?) } else { None };
    let mut operator_class = None;
    let mut operator_class_parameters = Vec::new();
    let ends = cursor.is_at_end() || cursor.is_symbol(&Kind::Comma) || cursor.is_any_keyword(&["ASC", "DESC", "NULLS", "WITH"]);
    if !ends {
        operator_class = Some(cursor.qualified_name(NamePlace::Column, "an operator class")?);
        if cursor.is_symbol(&Kind::LParen) {
            operator_class_parameters = clause::storage_parameters(cursor)?;
        }
    }
    let descending = cursor.take_any_keyword(&["ASC", "DESC"]) == Some("DESC");
    let mut nulls_first = None;
    if cursor.take_keyword("NULLS") {
        nulls_first = Some(clause::one_of(cursor, &["FIRST", "LAST"])? == "FIRST");
    }
    Ok(IndexElement { expr, collation, operator_class, operator_class_parameters, descending, nulls_first })
}

fn key(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    if cursor.is_symbol(&Kind::LParen) {
        return constraint::expression_in_parentheses(cursor);
    }
    if call_length(cursor).is_some() {
        let start = cursor.mark();
        let mut ahead = *cursor;
        ahead.skip(call_length(cursor).unwrap_or(0));
        ahead.parentheses()?;
        let length = ahead.rest().len();
        let mut call = cursor.without_last(length);
        let expr = expression::read(&mut call)?;
        call.finish()?;
        cursor.reset(start);
        cursor.skip(cursor.rest().len().saturating_sub(length));
        return Ok(expr);
    }
    if cursor.is_any_keyword(&["CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_USER", "SESSION_USER"]) {
        return expression::read(cursor);
    }
    let column = cursor.ident()?;
    let span = column.span;
    Ok(Expr { kind: Box::new(ExprKind::Column(vec![column])), span })
}

/// The words and dots before the `(` of a call, when a call stands here.
fn call_length(cursor: &Cursor<'_>) -> Option<usize> {
    let mut length = 0;
    loop {
        match &cursor.peek_at(length)?.kind {
            Kind::Word(_) => length += 1,
            _ => return None,
        }
        match &cursor.peek_at(length)?.kind {
            Kind::Period => length += 1,
            Kind::LParen => return Some(length),
            _ => return None,
        }
    }
}

/// Behind `ALTER INDEX`.
pub(crate) fn alter(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let if_exists = clause::if_exists(cursor);
    let name = cursor.object_name()?;
    let start = *cursor;
    let action = if cursor.take_keywords(&["RENAME", "TO"]) {
        AlterIndexAction::Rename(cursor.ident()?)
    } else if cursor.take_keywords(&["RENAME", "COLUMN"]) || cursor.is_keyword("RENAME") {
        return rename_column(cursor, name, if_exists);
    } else if cursor.take_keywords(&["SET", "SCHEMA"]) {
        AlterIndexAction::SetSchema(cursor.ident()?)
    } else if cursor.take_keywords(&["ATTACH", "PARTITION"]) {
        AlterIndexAction::AttachPartition(cursor.object_name()?)
    } else if cursor.is_keyword("SET") && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen) {
        cursor.skip(1);
        AlterIndexAction::SetParameters(clause::storage_parameters(cursor)?)
    } else if cursor.take_keyword("RESET") {
        AlterIndexAction::ResetParameters(clause::storage_parameters(cursor)?)
    } else {
        physical(cursor)?;
        AlterIndexAction::Physical(clause::words_of(start))
    };
    Ok(StatementKind::AlterIndex(AlterIndex { name, if_exists, action }))
}

/// `SET TABLESPACE t`, `ALTER COLUMN n SET STATISTICS m`, `[NO] DEPENDS ON EXTENSION e`, `OWNER TO r`.
fn physical(cursor: &mut Cursor<'_>) -> Result<(), Unread> {
    if cursor.take_keywords(&["SET", "TABLESPACE"]) {
        cursor.ident()?;
        cursor.take_keyword("NOWAIT");
    } else if cursor.take_keyword("ALTER") {
        cursor.take_keyword("COLUMN");
        clause::integer(cursor, "the number of a column")?;
        cursor.expect_keywords(&["SET", "STATISTICS"])?;
        if !cursor.take_keyword("DEFAULT") {
            clause::integer(cursor, "a statistics target")?;
        }
    } else if cursor.take_keywords(&["NO", "DEPENDS", "ON", "EXTENSION"]) || cursor.take_keywords(&["DEPENDS", "ON", "EXTENSION"]) {
        cursor.ident()?;
    } else if cursor.take_keywords(&["OWNER", "TO"]) {
        clause::role(cursor)?;
    } else {
        return Err(cursor.expected("what happens to the index"));
    }
    Ok(())
}

/// `ALTER INDEX i RENAME COLUMN a TO b`: PostgreSQL takes it as the relation's own columns.
fn rename_column(cursor: &mut Cursor<'_>, name: ObjectName, if_exists: bool) -> Result<StatementKind, Unread> {
    let start = cursor.mark();
    cursor.take_keyword("RENAME");
    let from = cursor.ident()?;
    cursor.expect_keyword("TO")?;
    let to = cursor.ident()?;
    let action = Spanned::new(AlterTableAction::RenameColumn { from, to }, cursor.span_since(start));
    Ok(StatementKind::AlterTable(Box::new(AlterTable { kind: RelationKind::Index, name, if_exists, only: false, actions: vec![action] })))
}
