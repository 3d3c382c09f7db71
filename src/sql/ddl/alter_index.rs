//! `ALTER INDEX` (manual, ALTER INDEX, 18).

use super::{alter_column, alter_table};
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::token::Kind;
use crate::sql::tree::{AlterIndex, AlterIndexAction, AlterTable, AlterTableAction, ObjectName, RelationKind, StatementKind, Unread};
use crate::text::Spanned;

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
        return Err(cursor.error("an index has no schema of its own: it moves with its table"));
    } else if cursor.take_keywords(&["ATTACH", "PARTITION"]) {
        AlterIndexAction::AttachPartition(cursor.object_name()?)
    } else if cursor.is_keyword("SET") && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen) {
        cursor.skip(1);
        AlterIndexAction::SetParameters(clause::storage_parameters(cursor)?)
    } else if cursor.take_keyword("RESET") {
        AlterIndexAction::ResetParameters(clause::storage_parameters(cursor)?)
    } else if let Err(unread) = physical(cursor) {
        // Every action of a table can be written, most are refused (gram.y, AlterTableStmt).
        *cursor = start;
        let actions = alter_table::actions(cursor).map_err(|_| unread)?;
        return Ok(StatementKind::AlterTable(Box::new(AlterTable { kind: RelationKind::Index, name, if_exists, only: false, actions })));
    } else {
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
        let is_number = matches!(cursor.peek().map(|token| &token.kind), Some(Kind::Number(..)));
        if is_number {
            clause::integer(cursor, "the number of a column")?;
        } else {
            cursor.ident()?;
        }
        alter_column::action(cursor)?;
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
