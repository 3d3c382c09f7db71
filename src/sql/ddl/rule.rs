//! What `CREATE RULE` does: the event, the condition and the actions. The statement itself is kept as text.

use super::function::ReadStatement;
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::expression;
use crate::sql::token::Kind;
use crate::sql::tree::{RuleEvent, RuleParts, Unread};

/// The whole statement.
pub(crate) fn parts(cursor: &mut Cursor<'_>, read_statement: ReadStatement) -> Result<RuleParts, Unread> {
    cursor.expect_keyword("CREATE")?;
    cursor.take_keywords(&["OR", "REPLACE"]);
    cursor.expect_keyword("RULE")?;
    let name = cursor.ident()?;
    cursor.expect_keywords(&["AS", "ON"])?;
    let event = match clause::one_of(cursor, &["SELECT", "INSERT", "UPDATE", "DELETE"])? {
        "SELECT" => RuleEvent::Select,
        "INSERT" => RuleEvent::Insert,
        "UPDATE" => RuleEvent::Update,
        _ => RuleEvent::Delete,
    };
    cursor.expect_keyword("TO")?;
    cursor.object_name()?;
    let condition = if cursor.take_keyword("WHERE") {
        let mut part = cursor.until(|here| here.is_keyword("DO"));
        let condition = expression::read(&mut part)?;
        part.finish()?;
        Some(condition)
    } else {
        None
    };
    cursor.expect_keyword("DO")?;
    let instead = cursor.take_any_keyword(&["ALSO", "INSTEAD"]) == Some("INSTEAD");
    let mut parts = RuleParts { name, event, condition, instead, actions: Vec::new() };
    if cursor.take_keyword("NOTHING") {
        return Ok(parts);
    }
    if !cursor.is_symbol(&Kind::LParen) {
        parts.actions.push(read_statement(cursor.until(|here| here.is_symbol(&Kind::SemiColon)))?);
        cursor.take_symbol(&Kind::SemiColon);
        return Ok(parts);
    }
    let mut inside = cursor.parentheses()?;
    while !inside.is_at_end() {
        let part = inside.until(|here| here.is_symbol(&Kind::SemiColon));
        if !part.is_at_end() {
            parts.actions.push(read_statement(part)?);
        }
        inside.take_symbol(&Kind::SemiColon);
    }
    Ok(parts)
}
