//! `CREATE POLICY`, and what `ALTER POLICY` shares with it.

use super::privilege;
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::tree::{CreatePolicy, Expr, Grantee, ObjectAction, StatementKind, Unread};

/// Behind `CREATE POLICY`.
pub(crate) fn create(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let name = cursor.ident()?;
    cursor.expect_keyword("ON")?;
    let table = cursor.object_name()?;
    let permissive = !cursor.take_keyword("AS") || clause::one_of(cursor, &["PERMISSIVE", "RESTRICTIVE"])? == "PERMISSIVE";
    let mut command = "ALL";
    if cursor.take_keyword("FOR") {
        command = clause::one_of(cursor, &["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"])?;
    }
    let (roles, using, check) = conditions(cursor)?;
    Ok(StatementKind::CreatePolicy(Box::new(CreatePolicy {
        name,
        table,
        permissive,
        command: command.to_owned(),
        roles: roles.unwrap_or_default(),
        using,
        check,
    })))
}

/// Behind `ALTER POLICY p ON t`, unless it is renamed.
pub(crate) fn altered(cursor: &mut Cursor<'_>) -> Result<ObjectAction, Unread> {
    let (roles, using, check) = conditions(cursor)?;
    Ok(ObjectAction::Policy { roles, using, check })
}

type Conditions = (Option<Vec<Grantee>>, Option<Expr>, Option<Expr>);

fn conditions(cursor: &mut Cursor<'_>) -> Result<Conditions, Unread> {
    let roles = if cursor.take_keyword("TO") { Some(cursor.comma_separated(privilege::grantee)?) } else { None };
    let using = if cursor.take_keyword("USING") { Some(clause::expression_in_parentheses(cursor)?) } else { None };
    let check = if cursor.take_keywords(&["WITH", "CHECK"]) { Some(clause::expression_in_parentheses(cursor)?) } else { None };
    Ok((roles, using, check))
}
