//! Statements that run code that is defined elsewhere or inline: `DO`, `CALL`, `EXECUTE`, `PREPARE`.

use super::cursor::Cursor;
use super::data_type;
use super::ddl::function::{self, ReadStatement};
use super::expression;
use super::token::Kind;
use super::tree::{Argument, Call, CallSyntax, ExprKind, Ident, ObjectName, StatementKind, Unread};

/// Behind `DO`.
pub(crate) fn read_do(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let mut language = None;
    let mut body = None;
    while !cursor.is_at_end() {
        if language.is_none() && cursor.take_keyword("LANGUAGE") {
            language = Some(function::language(cursor)?);
        } else if body.is_none() && cursor.peek().is_some_and(|token| token.string().is_some()) {
            body = cursor.next();
        } else {
            return Err(cursor.expected("the code as a string, or `LANGUAGE`"));
        }
    }
    let body = body.ok_or_else(|| cursor.expected("the code as a string"))?;
    Ok(StatementKind::Do(function::code_block(cursor, body, language.unwrap_or_else(|| String::from("plpgsql")))))
}

/// Behind `CALL`.
pub(crate) fn call(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let start = *cursor;
    let expr = expression::read(cursor)?;
    match *expr.kind {
        ExprKind::Call(call) => Ok(StatementKind::Call(Box::new(call))),
        _ => Err(start.expected("a procedure and its arguments")),
    }
}

/// Behind `EXECUTE`.
pub(crate) fn execute(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let name = cursor.ident()?;
    let mut arguments = Vec::new();
    if cursor.is_symbol(&Kind::LParen) {
        let mut inside = cursor.parentheses()?;
        arguments = inside.comma_separated(|inside| Ok(Argument { name: None, value: expression::read(inside)?, variadic: false }))?;
        inside.finish()?;
    }
    Ok(StatementKind::Call(Box::new(named(name, arguments))))
}

/// Behind `PREPARE`: the statement inside must be read too, so that nothing hides in it.
pub(crate) fn prepare(cursor: &mut Cursor<'_>, read_statement: ReadStatement) -> Result<StatementKind, Unread> {
    let name = cursor.ident()?;
    if cursor.is_symbol(&Kind::LParen) {
        let mut inside = cursor.parentheses()?;
        inside.comma_separated(data_type::read)?;
        inside.finish()?;
    }
    cursor.expect_keyword("AS")?;
    if !cursor.is_any_keyword(&["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "WITH", "TABLE"]) && !cursor.is_symbol(&Kind::LParen) {
        return Err(cursor.expected("a query or a statement that writes rows"));
    }
    read_statement(*cursor)?;
    cursor.skip(cursor.rest().len());
    Ok(StatementKind::Call(Box::new(named(name, Vec::new()))))
}

fn named(name: Ident, arguments: Vec<Argument>) -> Call {
    Call {
        name: ObjectName::bare(name),
        arguments,
        distinct: false,
        order_by: Vec::new(),
        within_group: Vec::new(),
        filter: None,
        over: None,
        ignore_nulls: false,
        syntax: CallSyntax::Function,
    }
}

/// Behind `DECLARE`: a cursor over a query.
pub(crate) fn declare(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let name = cursor.ident()?;
    while cursor.take_any_keyword(&["BINARY", "INSENSITIVE", "ASENSITIVE", "SCROLL"]).is_some() || cursor.take_keywords(&["NO", "SCROLL"]) {}
    cursor.expect_keyword("CURSOR")?;
    if cursor.take_any_keyword(&["WITH", "WITHOUT"]).is_some() {
        cursor.expect_keyword("HOLD")?;
    }
    cursor.expect_keyword("FOR")?;
    super::query::read(cursor)?;
    Ok(StatementKind::Session(super::tree::Session::Other(format!("DECLARE {name}"))))
}
