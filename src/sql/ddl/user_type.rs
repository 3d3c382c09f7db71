//! `CREATE TYPE` in all five forms, and the actions of `ALTER TYPE`.

use super::column;
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::data_type;
use crate::sql::token::Kind;
use crate::sql::tree::{AlterTypeAction, CreateType, CreateTypeKind, RefusalCode, StatementKind, Unread, UnreadReason};
use crate::text::Spanned;

/// Behind `CREATE TYPE`.
pub(crate) fn create(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let name = cursor.qualified_name(NamePlace::TypeOrFunction, "the name of the type")?;
    let kind = if cursor.is_at_end() {
        CreateTypeKind::Shell
    } else if cursor.is_symbol(&Kind::LParen) {
        CreateTypeKind::Base(clause::definition(cursor)?)
    } else {
        cursor.expect_keyword("AS")?;
        if cursor.take_keyword("ENUM") {
            labels(cursor)?
        } else if cursor.take_keyword("RANGE") {
            range(cursor)?
        } else {
            composite(cursor)?
        }
    };
    Ok(StatementKind::CreateType(Box::new(CreateType { name, kind })))
}

fn labels(cursor: &mut Cursor<'_>) -> Result<CreateTypeKind, Unread> {
    let mut inside = cursor.parentheses()?;
    if inside.is_at_end() {
        return Ok(CreateTypeKind::Enum(Vec::new()));
    }
    let labels = inside.comma_separated(|inside| clause::string(inside, "a label as a string"))?;
    inside.finish()?;
    Ok(CreateTypeKind::Enum(labels))
}

fn composite(cursor: &mut Cursor<'_>) -> Result<CreateTypeKind, Unread> {
    let mut inside = cursor.parentheses()?;
    if inside.is_at_end() {
        return Ok(CreateTypeKind::Composite(Vec::new()));
    }
    let attributes = inside.comma_separated(|inside| {
        let name = inside.name(NamePlace::Column, "the name of an attribute")?;
        let data_type = data_type::read(inside)?;
        Ok((name, data_type, column::collation(inside)?))
    })?;
    inside.finish()?;
    Ok(CreateTypeKind::Composite(attributes))
}

fn range(cursor: &mut Cursor<'_>) -> Result<CreateTypeKind, Unread> {
    let mut inside = cursor.parentheses()?;
    let (mut subtype, mut multirange_name, mut options) = (None, None, Vec::new());
    inside.comma_separated(|inside| {
        let name = inside.label()?.name.as_str().to_ascii_uppercase();
        inside.expect_symbol(&Kind::Eq)?;
        match name.as_str() {
            "SUBTYPE" if subtype.is_some() => return Err(inside.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), "conflicting or redundant options")),
            "SUBTYPE" => subtype = Some(data_type::read(inside)?),
            "MULTIRANGE_TYPE_NAME" => multirange_name = Some(inside.qualified_name(NamePlace::TypeOrFunction, "a type")?),
            _ => {
                options.push((name, clause::value_text(inside)?));
            }
        }
        Ok(())
    })?;
    inside.finish()?;
    let subtype = subtype.ok_or_else(|| inside.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), "type attribute \"subtype\" is required"))?;
    Ok(CreateTypeKind::Range { subtype, multirange_name, options })
}

/// Whether an action on the type's inside stands here.
pub(crate) fn begins_action(cursor: &Cursor<'_>) -> bool {
    let parts = &["ATTRIBUTE", "VALUE"];
    let part_follows = cursor.peek_at(1).is_some_and(|token| parts.iter().any(|part| token.is_word(part)));
    let sets_parameters = cursor.is_keyword("SET") && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen);
    (cursor.is_any_keyword(&["ADD", "DROP", "ALTER", "RENAME"]) && part_follows) || sets_parameters
}

/// The comma list of actions.
pub(crate) fn actions(cursor: &mut Cursor<'_>) -> Result<Vec<Spanned<AlterTypeAction>>, Unread> {
    cursor.comma_separated(|cursor| {
        let start = cursor.mark();
        let action = action(cursor)?;
        Ok(Spanned::new(action, cursor.span_since(start)))
    })
}

fn action(cursor: &mut Cursor<'_>) -> Result<AlterTypeAction, Unread> {
    const LABEL: &str = "a label as a string";
    if cursor.take_keywords(&["ADD", "VALUE"]) {
        let if_not_exists = clause::if_not_exists(cursor);
        let value = clause::string(cursor, LABEL)?;
        let neighbor = match cursor.take_any_keyword(&["BEFORE", "AFTER"]) {
            Some(word) => Some((word == "BEFORE", clause::string(cursor, LABEL)?)),
            None => None,
        };
        Ok(AlterTypeAction::AddValue { value, if_not_exists, neighbor })
    } else if cursor.take_keywords(&["RENAME", "VALUE"]) {
        let from = clause::string(cursor, LABEL)?;
        cursor.expect_keyword("TO")?;
        Ok(AlterTypeAction::RenameValue { from, to: clause::string(cursor, LABEL)? })
    } else if cursor.take_keywords(&["ADD", "ATTRIBUTE"]) {
        let name = cursor.ident()?;
        let data_type = data_type::read(cursor)?;
        refuse_collation(cursor)?;
        Ok(AlterTypeAction::AddAttribute(name, data_type, clause::drop_behavior(cursor)))
    } else if cursor.take_keywords(&["DROP", "ATTRIBUTE"]) {
        let if_exists = clause::if_exists(cursor);
        let name = cursor.ident()?;
        Ok(AlterTypeAction::DropAttribute { name, if_exists, behavior: clause::drop_behavior(cursor) })
    } else if cursor.take_keywords(&["ALTER", "ATTRIBUTE"]) {
        let name = cursor.ident()?;
        cursor.take_keywords(&["SET", "DATA"]);
        cursor.expect_keyword("TYPE")?;
        let data_type = data_type::read(cursor)?;
        refuse_collation(cursor)?;
        Ok(AlterTypeAction::AlterAttribute(name, data_type, clause::drop_behavior(cursor)))
    } else if cursor.take_keywords(&["RENAME", "ATTRIBUTE"]) {
        let from = cursor.ident()?;
        cursor.expect_keyword("TO")?;
        let to = cursor.ident()?;
        Ok(AlterTypeAction::RenameAttribute(from, to, clause::drop_behavior(cursor)))
    } else if cursor.take_keyword("SET") {
        Ok(AlterTypeAction::SetParameters(clause::storage_parameters(cursor)?))
    } else {
        Err(cursor.expected("an action of `ALTER TYPE`"))
    }
}

fn refuse_collation(cursor: &Cursor<'_>) -> Result<(), Unread> {
    if cursor.is_keyword("COLLATE") {
        return Err(cursor.refusal(UnreadReason::NotModelled, "a collation of a changed attribute is not read"));
    }
    Ok(())
}
