//! `CREATE DOMAIN` and the actions of `ALTER DOMAIN`.

use super::{column, constraint};
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::data_type;
use crate::sql::expression;
use crate::sql::tree::{AlterDomainAction, CreateDomain, StatementKind, TableConstraint, TableConstraintKind, Unread};

/// Behind `CREATE DOMAIN`.
pub(crate) fn create(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let name = cursor.qualified_name(NamePlace::TypeOrFunction, "the name of the domain")?;
    cursor.take_keyword("AS");
    let data_type = data_type::read(cursor)?;
    let (constraints, collation) = column::constraints(cursor)?;
    Ok(StatementKind::CreateDomain(Box::new(CreateDomain { name, data_type, collation, constraints })))
}

/// What happens to a domain, unless it is renamed, moved or given away.
pub(crate) fn action(cursor: &mut Cursor<'_>) -> Result<AlterDomainAction, Unread> {
    if cursor.take_keywords(&["SET", "DEFAULT"]) {
        Ok(AlterDomainAction::SetDefault(expression::read(cursor)?))
    } else if cursor.take_keywords(&["DROP", "DEFAULT"]) {
        Ok(AlterDomainAction::DropDefault)
    } else if cursor.take_keywords(&["SET", "NOT", "NULL"]) {
        Ok(AlterDomainAction::SetNotNull)
    } else if cursor.take_keywords(&["DROP", "NOT", "NULL"]) {
        Ok(AlterDomainAction::DropNotNull)
    } else if cursor.take_keyword("ADD") {
        added_constraint(cursor)
    } else if cursor.take_keywords(&["DROP", "CONSTRAINT"]) {
        let if_exists = clause::if_exists(cursor);
        let name = cursor.ident()?;
        Ok(AlterDomainAction::DropConstraint { name, if_exists, behavior: clause::drop_behavior(cursor) })
    } else if cursor.take_keywords(&["RENAME", "CONSTRAINT"]) {
        let from = cursor.ident()?;
        cursor.expect_keyword("TO")?;
        Ok(AlterDomainAction::RenameConstraint(from, cursor.ident()?))
    } else if cursor.take_keywords(&["VALIDATE", "CONSTRAINT"]) {
        Ok(AlterDomainAction::ValidateConstraint(cursor.ident()?))
    } else {
        Err(cursor.expected("an action of `ALTER DOMAIN`"))
    }
}

/// `ADD [CONSTRAINT n] CHECK (…) [NOT VALID]`, or `NOT NULL`, which for a domain is the action itself (PostgreSQL 17).
fn added_constraint(cursor: &mut Cursor<'_>) -> Result<AlterDomainAction, Unread> {
    let start = cursor.mark();
    let name = constraint::constraint_name(cursor)?;
    if cursor.take_keywords(&["NOT", "NULL"]) {
        return Ok(AlterDomainAction::SetNotNull);
    }
    cursor.expect_keyword("CHECK")?;
    let expression = clause::expression_in_parentheses(cursor)?;
    let kind = TableConstraintKind::Check { expression, no_inherit: false };
    let mut added = TableConstraint { name, kind, flags: crate::sql::tree::ConstraintFlags::default(), span: cursor.span_since(start) };
    while constraint::one_flag(cursor, &mut added.flags)? {}
    added.span = cursor.span_since(start);
    Ok(AlterDomainAction::AddConstraint(added))
}
