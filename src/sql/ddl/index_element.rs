//! The elements that indexes, exclusion constraints and partition keys are made of: a key, its collation, operator class and order.

use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::expression;
use crate::sql::token::Kind;
use crate::sql::tree::{Expr, ExprKind, Ident, IndexElement, RefusalCode, Unread, UnreadReason};

/// `INCLUDE (a, b)`.
pub(crate) fn include(cursor: &mut Cursor<'_>) -> Result<Vec<Ident>, Unread> {
    if !cursor.take_keyword("INCLUDE") {
        return Ok(Vec::new());
    }
    let mut inside = cursor.parentheses()?;
    let names = inside.comma_separated(|inside| {
        let is_call = call_length(inside).is_some();
        let element = element(inside)?;
        let refused = |code, message: &str| Err(inside.refusal(UnreadReason::Refused(code), message));
        match (&*element.expr.kind, &element) {
            (_, IndexElement { collation: Some(_), .. }) => refused(RefusalCode::InvalidObjectDefinition, "including column does not support a collation"),
            (_, IndexElement { operator_class: Some(_), .. }) => {
                refused(RefusalCode::InvalidObjectDefinition, "including column does not support an operator class")
            }
            (_, IndexElement { descending: true, .. }) => refused(RefusalCode::InvalidObjectDefinition, "including column does not support ASC/DESC options"),
            (_, IndexElement { nulls_first: Some(_), .. }) => {
                refused(RefusalCode::InvalidObjectDefinition, "including column does not support NULLS FIRST/LAST options")
            }
            (ExprKind::Column(parts), _) if !is_call && parts.len() == 1 => parts.first().cloned().ok_or_else(|| inside.expected("a column")),
            _ => refused(RefusalCode::FeatureNotSupported, "expressions are not supported in included columns"),
        }
    })?;
    inside.finish()?;
    Ok(names)
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
    let collation = if cursor.take_keyword("COLLATE") { Some(cursor.qualified_name(NamePlace::Column, "a collation")?) } else { None };
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
        return clause::expression_in_parentheses(cursor);
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
