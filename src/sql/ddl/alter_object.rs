//! `ALTER` of the kinds that have no statement of their own in the tree.

use super::{domain, function, policy, reference, user_type};
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::mentions;
use crate::sql::session;
use crate::sql::token::Kind;
use crate::sql::tree::{AlterObject, ObjectAction, ObjectKind, ObjectReference, StatementKind, Unread, UnreadReason};

/// Behind `ALTER kind`, the kind's words already taken.
pub(crate) fn alter(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<StatementKind, Unread> {
    let if_exists = clause::if_exists(cursor);
    let object = object(cursor, kind)?;
    let action = match shared(cursor, kind)? {
        Some(action) => action,
        None => own(cursor, kind)?,
    };
    Ok(StatementKind::AlterObject(Box::new(AlterObject { object, if_exists, action })))
}

/// The object; `ALTER ROLE ALL` means every role.
fn object(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<ObjectReference, Unread> {
    if kind == ObjectKind::Role && cursor.is_keyword("ALL") {
        let start = cursor.mark();
        let name = crate::sql::tree::ObjectName::bare(cursor.label()?);
        return Ok(ObjectReference { kind, name, on: None, signature: None, span: cursor.span_since(start) });
    }
    reference::named(cursor, kind)
}

/// `RENAME TO`, `SET SCHEMA`, `OWNER TO`, `DEPENDS ON EXTENSION`.
fn shared(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<Option<ObjectAction>, Unread> {
    let start = *cursor;
    Ok(if cursor.take_keywords(&["RENAME", "TO"]) {
        Some(ObjectAction::Rename(if kind == ObjectKind::Role { clause::role(cursor)? } else { cursor.ident().or_else(|_| type_ident(cursor))? }))
    } else if cursor.take_keywords(&["SET", "SCHEMA"]) {
        Some(ObjectAction::SetSchema(cursor.ident()?))
    } else if cursor.take_keywords(&["OWNER", "TO"]) {
        Some(ObjectAction::Owner(clause::role(cursor)?))
    } else if cursor.take_keywords(&["NO", "DEPENDS", "ON", "EXTENSION"]) || cursor.take_keywords(&["DEPENDS", "ON", "EXTENSION"]) {
        cursor.ident()?;
        Some(ObjectAction::Other { words: clause::words_of(start.without_last(cursor.rest().len())), mentions: Vec::new() })
    } else {
        None
    })
}

fn type_ident(cursor: &mut Cursor<'_>) -> Result<crate::sql::tree::Ident, Unread> {
    cursor.name(crate::sql::cursor::NamePlace::TypeOrFunction, "a name")
}

/// What only this kind can do.
fn own(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<ObjectAction, Unread> {
    match kind {
        ObjectKind::Type if user_type::begins_action(cursor) => Ok(ObjectAction::Type(user_type::actions(cursor)?)),
        ObjectKind::Domain => Ok(ObjectAction::Domain(domain::action(cursor)?)),
        ObjectKind::Policy => policy::altered(cursor),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => Ok(ObjectAction::Function(function::altered_attributes(cursor)?)),
        ObjectKind::Extension => extension(cursor),
        ObjectKind::Database
        | ObjectKind::Role
        | ObjectKind::Server
        | ObjectKind::ForeignDataWrapper
        | ObjectKind::UserMapping
        | ObjectKind::Publication
        | ObjectKind::Subscription
        | ObjectKind::Statistics
        | ObjectKind::Tablespace
        | ObjectKind::EventTrigger
        | ObjectKind::Collation
        | ObjectKind::Operator
        | ObjectKind::OperatorFamily
        | ObjectKind::TextSearchConfiguration
        | ObjectKind::TextSearchDictionary => other(cursor, kind),
        _ => Err(cursor.expected("what happens to the object")),
    }
}

/// The words that can begin an action of these kinds; what follows is kept as text.
fn other(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<ObjectAction, Unread> {
    let heads: &[&str] = match kind {
        ObjectKind::Database => &["SET", "RESET", "WITH", "ALLOW_CONNECTIONS", "CONNECTION", "CONNECTION_LIMIT", "IS_TEMPLATE", "TABLESPACE", "REFRESH"],
        ObjectKind::Role => &[
            "SET",
            "RESET",
            "IN",
            "WITH",
            "SUPERUSER",
            "NOSUPERUSER",
            "CREATEDB",
            "NOCREATEDB",
            "CREATEROLE",
            "NOCREATEROLE",
            "INHERIT",
            "NOINHERIT",
            "LOGIN",
            "NOLOGIN",
            "REPLICATION",
            "NOREPLICATION",
            "BYPASSRLS",
            "NOBYPASSRLS",
            "CONNECTION",
            "PASSWORD",
            "ENCRYPTED",
            "VALID",
            "ADD",
            "DROP",
            "USER",
            "ROLE",
            "ADMIN",
        ],
        ObjectKind::Server => &["VERSION", "OPTIONS"],
        ObjectKind::ForeignDataWrapper => &["HANDLER", "NO", "VALIDATOR", "OPTIONS"],
        ObjectKind::UserMapping => &["OPTIONS"],
        ObjectKind::Publication => &["ADD", "SET", "DROP"],
        ObjectKind::Subscription => &["CONNECTION", "SET", "ADD", "DROP", "REFRESH", "ENABLE", "DISABLE", "SKIP"],
        ObjectKind::Statistics | ObjectKind::Operator => &["SET"],
        ObjectKind::Tablespace => &["SET", "RESET"],
        ObjectKind::EventTrigger => &["ENABLE", "DISABLE"],
        ObjectKind::Collation => &["REFRESH"],
        ObjectKind::OperatorFamily => &["ADD", "DROP"],
        ObjectKind::TextSearchConfiguration => &["ADD", "ALTER", "DROP"],
        _ => &[],
    };
    let is_definition = kind == ObjectKind::TextSearchDictionary && cursor.is_symbol(&Kind::LParen);
    let sets_template = kind == ObjectKind::Database && cursor.is_keyword("OWNER");
    if !is_definition && !sets_template && !cursor.is_any_keyword(heads) {
        return Err(cursor.expected("what happens to the object"));
    }
    let mentions = mentions::of(cursor.rest(), cursor.dialect());
    let words = clause::words_of(*cursor);
    tail(cursor, kind)?;
    Ok(ObjectAction::Other { words, mentions })
}

/// What follows is read where the grammar is short, and taken as it stands otherwise: nothing of it is modelled.
fn tail(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<(), Unread> {
    if kind == ObjectKind::Role && cursor.take_keywords(&["IN", "DATABASE"]) {
        cursor.ident()?;
        if !cursor.is_any_keyword(&["SET", "RESET"]) {
            return Err(cursor.expected("`SET` or `RESET`"));
        }
    }
    match (kind, cursor.peek()) {
        (ObjectKind::Role | ObjectKind::Database, Some(word)) if word.is_word("SET") && !cursor.is_keywords(&["SET", "TABLESPACE"]) => {
            cursor.skip(1);
            session::set(cursor)?;
        }
        (ObjectKind::Role | ObjectKind::Database, Some(word)) if word.is_word("RESET") => {
            cursor.skip(1);
            session::reset(cursor)?;
        }
        (ObjectKind::Role, Some(word)) if word.is_word("ADD") || word.is_word("DROP") => {
            cursor.skip(1);
            cursor.expect_keyword("USER")?;
            cursor.comma_separated(clause::role)?;
        }
        (ObjectKind::EventTrigger, Some(_)) => {
            if clause::one_of(cursor, &["ENABLE", "DISABLE"])? == "ENABLE" {
                cursor.take_any_keyword(&["REPLICA", "ALWAYS"]);
            }
        }
        (ObjectKind::Collation, Some(_)) => cursor.expect_keywords(&["REFRESH", "VERSION"])?,
        _ => cursor.skip(cursor.rest().len()),
    }
    Ok(())
}

/// `UPDATE [TO v]`, `ADD member`, `DROP member`.
fn extension(cursor: &mut Cursor<'_>) -> Result<ObjectAction, Unread> {
    let start = *cursor;
    if cursor.take_keyword("UPDATE") {
        if cursor.take_keyword("TO") {
            clause::word_or_string(cursor, "a version")?;
        }
        return Ok(ObjectAction::Other { words: clause::words_of(start.without_last(cursor.rest().len())), mentions: Vec::new() });
    }
    clause::one_of(cursor, &["ADD", "DROP"])?;
    let kind = reference::kind(cursor)?;
    let member = reference::named(cursor, kind)?;
    Ok(ObjectAction::Other { words: clause::words_of(start.without_last(cursor.rest().len())), mentions: vec![member.on.unwrap_or(member.name)] })
}

/// `REASSIGN OWNED BY a TO b`, kept as an action on the first role.
pub(crate) fn reassign_owned(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    cursor.expect_keywords(&["REASSIGN", "OWNED", "BY"])?;
    let mark = cursor.mark();
    let roles = cursor.comma_separated(clause::role)?;
    let span = cursor.span_since(mark);
    cursor.expect_keyword("TO")?;
    let to = clause::role(cursor)?;
    let Some(role) = roles.first().cloned() else { return Err(cursor.refusal(UnreadReason::Syntax, "expected the name of a role")) };
    let object = ObjectReference { kind: ObjectKind::Role, name: crate::sql::tree::ObjectName::bare(role), on: None, signature: None, span };
    let action = ObjectAction::Reassign { from: roles, to };
    Ok(StatementKind::AlterObject(Box::new(AlterObject { object, if_exists: false, action })))
}
