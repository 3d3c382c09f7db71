//! `DROP` of every kind, and `COMMENT ON` every kind.

use super::reference;
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::token::Kind;
use crate::sql::tree::{Comment, Drop, DropBehavior, DropTarget, ObjectKind, StatementKind, Unread};

/// Behind `DROP`.
pub(crate) fn drop(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    if cursor.take_keywords(&["OWNED", "BY"]) {
        let targets = cursor.comma_separated(clause::role)?.into_iter().map(DropTarget::OwnedBy).collect();
        let behavior = clause::drop_behavior(cursor);
        return Ok(StatementKind::Drop(Drop { targets, if_exists: false, concurrently: false, behavior }));
    }
    let kind = reference::kind(cursor)?;
    let concurrently = kind == ObjectKind::Index && cursor.take_keyword("CONCURRENTLY");
    let if_exists = clause::if_exists(cursor);
    let one_only = matches!(
        kind,
        ObjectKind::Trigger
            | ObjectKind::Rule
            | ObjectKind::Policy
            | ObjectKind::Cast
            | ObjectKind::Transform
            | ObjectKind::UserMapping
            | ObjectKind::Database
            | ObjectKind::Tablespace
            | ObjectKind::OperatorClass
            | ObjectKind::OperatorFamily
    );
    if matches!(kind, ObjectKind::Column | ObjectKind::Constraint | ObjectKind::LargeObject) {
        return Err(cursor.error("such an object is not dropped by a statement of its own"));
    }
    let mut targets = vec![DropTarget::Object(reference::named(cursor, kind)?)];
    while !one_only && cursor.take_symbol(&Kind::Comma) {
        targets.push(DropTarget::Object(reference::named(cursor, kind)?));
    }
    if kind == ObjectKind::Database {
        cursor.take_keyword("WITH");
        if cursor.is_symbol(&Kind::LParen) {
            let mut inside = cursor.parentheses()?;
            inside.expect_keyword("FORCE")?;
            inside.finish()?;
        }
    }
    let behavior = if kind == ObjectKind::Database || kind == ObjectKind::Role { DropBehavior::Restrict } else { clause::drop_behavior(cursor) };
    Ok(StatementKind::Drop(Drop { targets, if_exists, concurrently, behavior }))
}

/// Behind `COMMENT ON`.
pub(crate) fn comment(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let kind = reference::kind(cursor)?;
    let object = reference::named(cursor, kind)?;
    cursor.expect_keyword("IS")?;
    let text = if cursor.take_keyword("NULL") { None } else { Some(clause::string(cursor, "a string or `NULL`")?) };
    Ok(StatementKind::Comment(Box::new(Comment { object, text })))
}
