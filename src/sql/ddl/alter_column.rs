//! What `ALTER TABLE … ALTER COLUMN c` can do (manual, ALTER TABLE, 18).

use super::{column, sequence};
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::data_type;
use crate::sql::expression;
use crate::sql::forms::Forms;
use crate::sql::token::Kind;
use crate::sql::tree::{AlterColumn, Ident, IdentityKind, RefusalCode, SequenceOptions, Unread, UnreadReason};

/// Behind `ALTER [COLUMN] c`, up to the comma or the end.
pub(crate) fn action(cursor: &mut Cursor<'_>) -> Result<AlterColumn, Unread> {
    if cursor.take_keyword("TYPE") || cursor.take_keywords(&["SET", "DATA", "TYPE"]) {
        return new_type(cursor);
    }
    if cursor.take_keyword("DROP") {
        return drop(cursor);
    }
    if cursor.take_keywords(&["ADD", "GENERATED"]) {
        let kind = column::identity_kind(cursor)?;
        cursor.expect_keywords(&["AS", "IDENTITY"])?;
        return Ok(AlterColumn::AddIdentity(kind, sequence::options_in_parentheses(cursor)?));
    }
    if cursor.take_keyword("RESET") {
        return Ok(AlterColumn::ResetParameters(clause::storage_parameters(cursor)?));
    }
    if cursor.is_keyword("RESTART") || (cursor.is_keyword("SET") && is_identity_option(cursor)) {
        return identity(cursor);
    }
    if cursor.take_keyword("SET") {
        return set(cursor);
    }
    foreign_action(cursor)
}

fn new_type(cursor: &mut Cursor<'_>) -> Result<AlterColumn, Unread> {
    let data_type = data_type::read(cursor)?;
    let collation = column::collation(cursor)?;
    let using = if cursor.take_keyword("USING") { Some(rest_as_expression(cursor)?) } else { None };
    Ok(AlterColumn::Type { data_type, collation, using })
}

/// The expression up to the comma that ends the action.
fn rest_as_expression(cursor: &mut Cursor<'_>) -> Result<crate::sql::tree::Expr, Unread> {
    let mut part = cursor.until_comma();
    let expression = expression::read(&mut part)?;
    part.finish()?;
    Ok(expression)
}

fn drop(cursor: &mut Cursor<'_>) -> Result<AlterColumn, Unread> {
    if cursor.take_keywords(&["NOT", "NULL"]) {
        Ok(AlterColumn::DropNotNull)
    } else if cursor.take_keyword("DEFAULT") {
        Ok(AlterColumn::DropDefault)
    } else if cursor.take_keyword("EXPRESSION") {
        Ok(AlterColumn::DropExpression { if_exists: clause::if_exists(cursor) })
    } else if cursor.take_keyword("IDENTITY") {
        Ok(AlterColumn::DropIdentity { if_exists: clause::if_exists(cursor) })
    } else {
        Err(cursor.expected("`NOT NULL`, `DEFAULT`, `EXPRESSION` or `IDENTITY`"))
    }
}

fn set(cursor: &mut Cursor<'_>) -> Result<AlterColumn, Unread> {
    if cursor.take_keywords(&["NOT", "NULL"]) {
        Ok(AlterColumn::SetNotNull)
    } else if cursor.take_keyword("DEFAULT") {
        Ok(AlterColumn::SetDefault(rest_as_expression(cursor)?))
    } else if cursor.take_keywords(&["EXPRESSION", "AS"]) {
        Ok(AlterColumn::SetExpression(clause::expression_in_parentheses(cursor)?))
    } else if cursor.take_keyword("STATISTICS") {
        let target = if cursor.take_keyword("DEFAULT") { -1 } else { clause::integer(cursor, "a statistics target")? };
        Ok(AlterColumn::SetStatistics(i32::try_from(target).map_err(|_| cursor.error("this statistics target is too large"))?))
    } else if cursor.take_keyword("STORAGE") {
        let storage = if cursor.is_keyword("DEFAULT") { cursor.label()? } else { cursor.ident()? };
        Ok(AlterColumn::SetStorage(storage.name.as_str().to_ascii_uppercase()))
    } else if cursor.take_keyword("COMPRESSION") {
        let method = if cursor.is_keyword("DEFAULT") { cursor.label()? } else { cursor.ident()? };
        Ok(AlterColumn::SetCompression(method.name.as_str().to_owned()))
    } else if cursor.is_symbol(&Kind::LParen) {
        Ok(AlterColumn::SetParameters(clause::storage_parameters(cursor)?))
    } else {
        Err(cursor.expected("what is set on the column"))
    }
}

fn is_identity_option(cursor: &Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.skip(1);
    ahead.is_keyword("GENERATED") || (sequence::is_option(&ahead) && !ahead.is_keyword("AS"))
}

/// `SET GENERATED ALWAYS SET START 5 RESTART`: one or several in a row.
fn identity(cursor: &mut Cursor<'_>) -> Result<AlterColumn, Unread> {
    let mut kind: Option<IdentityKind> = None;
    let mut options = SequenceOptions::default();
    loop {
        if cursor.take_keywords(&["SET", "GENERATED"]) {
            if kind.is_some() {
                return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), "conflicting or redundant options"));
            }
            kind = Some(column::identity_kind(cursor)?);
        } else if cursor.is_keyword("RESTART") || cursor.take_keyword("SET") {
            sequence::one_option(cursor, &mut options)?;
        } else {
            return Ok(AlterColumn::SetIdentity(kind, options));
        }
    }
}

/// Forms of other dialects.
fn foreign_action(cursor: &mut Cursor<'_>) -> Result<AlterColumn, Unread> {
    let forms = Forms::of(cursor.dialect());
    if forms.modify_columns || forms.add_lists {
        if cursor.take_keyword("COMMENT") {
            return Ok(AlterColumn::Comment(Some(clause::string(cursor, "the comment")?)));
        }
        if let Some(position) = position(cursor)? {
            return Ok(AlterColumn::Position(position));
        }
    }
    Err(cursor.expected("what happens to the column"))
}

/// `FIRST` or `AFTER c`.
#[expect(clippy::option_option, reason = "nothing written, the first place, or behind a column: as the tree has it")]
pub(crate) fn position(cursor: &mut Cursor<'_>) -> Result<Option<Option<Ident>>, Unread> {
    if cursor.take_keyword("FIRST") {
        Ok(Some(None))
    } else if cursor.take_keyword("AFTER") {
        Ok(Some(Some(cursor.ident()?)))
    } else {
        Ok(None)
    }
}

/// The column meant, which some statements give by its number.
pub(crate) fn target(cursor: &mut Cursor<'_>) -> Result<Ident, Unread> {
    if matches!(cursor.peek().map(|token| &token.kind), Some(Kind::Number(..))) {
        return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::FeatureNotSupported), "cannot refer to non-index column by number"));
    }
    column::column_name(cursor)
}
