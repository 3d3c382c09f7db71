//! Parts of SQL that stand outside of a script: an expression, a query, a type, a routine or a trigger, each a source of its own.
//!
//! In: a source that holds nothing else. Out: the tree, or the place that is not understood. What is left over is refused.

use super::cursor::Cursor;
use super::data_type;
use super::ddl::{function, trigger};
use super::expression;
use super::query;
use super::tokenize::tokenize;
use super::tree::{CreateFunction, CreateTrigger, Expr, FunctionKind, Query, StatementKind, TypeName, Unread};
use crate::dialect::Dialect;
use crate::text::{SourceId, Sources};

/// Reads an expression.
pub fn read_expression(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<Expr, Unread> {
    whole(sources, id, dialect, expression::read)
}

/// Reads a query; one semicolon may follow.
pub fn read_query(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<Query, Unread> {
    whole(sources, id, dialect, |cursor| {
        let query = query::read(cursor)?;
        cursor.take_symbol(&super::token::Kind::SemiColon);
        Ok(query)
    })
}

/// Reads a type as `format_type` spells it, or as people write it.
pub fn read_type(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<TypeName, Unread> {
    whole(sources, id, dialect, data_type::read)
}

/// Reads `CREATE [OR REPLACE] FUNCTION | PROCEDURE …`; statements in its body are not read.
pub fn read_function(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<CreateFunction, Unread> {
    whole(sources, id, dialect, |cursor| {
        cursor.expect_keyword("CREATE")?;
        let or_replace = cursor.take_keywords(&["OR", "REPLACE"]);
        let kind = if cursor.take_keyword("PROCEDURE") { FunctionKind::Procedure } else { FunctionKind::Function };
        if kind == FunctionKind::Function {
            cursor.expect_keyword("FUNCTION")?;
        }
        match function::create(cursor, kind, or_replace, |body| Err(body.error("statements in a body are not read here")))? {
            StatementKind::CreateFunction(function) => Ok(*function),
            _ => Err(cursor.error("this is no routine")),
        }
    })
}

/// Reads `CREATE [CONSTRAINT] TRIGGER …` or `CREATE EVENT TRIGGER …`.
pub fn read_trigger(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<CreateTrigger, Unread> {
    whole(sources, id, dialect, |cursor| {
        cursor.expect_keyword("CREATE")?;
        let or_replace = cursor.take_keywords(&["OR", "REPLACE"]);
        let is_event = cursor.take_keyword("EVENT");
        let is_constraint = cursor.take_keyword("CONSTRAINT");
        cursor.expect_keyword("TRIGGER")?;
        let kind = if is_event { trigger::create_event(cursor)? } else { trigger::create(cursor, or_replace, is_constraint)? };
        match kind {
            StatementKind::CreateTrigger(trigger) => Ok(*trigger),
            _ => Err(cursor.error("this is no trigger")),
        }
    })
}

fn whole<T>(sources: &Sources, id: SourceId, dialect: &'static Dialect, read: impl FnOnce(&mut Cursor<'_>) -> Result<T, Unread>) -> Result<T, Unread> {
    let (text, span) = (sources.text(id), sources.whole(id));
    let tokens = tokenize(text, span, dialect)?;
    let mut cursor = Cursor::new(&tokens, text, dialect, span);
    let value = read(&mut cursor)?;
    cursor.finish()?;
    Ok(value)
}
