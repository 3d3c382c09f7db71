//! Parts of SQL that stand outside of a script: an expression, a query, a type, a routine or a trigger, each a source of its own.
//!
//! In: a source that holds nothing else. Out: the tree, or the place that is not understood. What is left over is refused.

use super::complexity;
use super::cursor::Cursor;
use super::data_type;
use super::ddl::{function, rule, trigger};
use super::expression;
use super::query;
use super::refusal::described;
use super::stack::on_large_stack;
use super::statement;
use super::tokenize::tokenize;
use super::tree::{CreateFunction, CreateTrigger, Expr, FunctionKind, Query, RuleParts, StatementKind, TypeName, Unread};
use crate::dialect::Dialect;
use crate::text::{SourceId, Sources, Span};

/// Reads an expression.
pub fn read_expression(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<Expr, Unread> {
    whole(sources, id, dialect, expression::read)
}

/// Reads a query; one semicolon may follow.
pub fn read_query(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<Query, Unread> {
    whole(sources, id, dialect, query_and_semicolon)
}

/// Reads a type as `format_type` spells it, or as people write it.
pub fn read_type(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<TypeName, Unread> {
    whole(sources, id, dialect, data_type::read)
}

/// Reads `CREATE [OR REPLACE] FUNCTION | PROCEDURE …`.
pub fn read_function(sources: &Sources, id: SourceId, dialect: &'static Dialect) -> Result<CreateFunction, Unread> {
    whole(sources, id, dialect, |cursor| {
        cursor.expect_keyword("CREATE")?;
        let or_replace = cursor.take_keywords(&["OR", "REPLACE"]);
        let kind = if cursor.take_keyword("PROCEDURE") { FunctionKind::Procedure } else { FunctionKind::Function };
        if kind == FunctionKind::Function {
            cursor.expect_keyword("FUNCTION")?;
        }
        match function::create(cursor, kind, or_replace, statement::read)? {
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

/// Reads the text under a span as `CREATE [OR REPLACE] RULE …`.
pub fn read_rule_part(sources: &Sources, span: Span, dialect: &'static Dialect) -> Result<RuleParts, Unread> {
    part(sources, span, dialect, |cursor| rule::parts(cursor, statement::read))
}

/// Reads the text under a span as a query; one semicolon may follow.
pub fn read_query_part(sources: &Sources, span: Span, dialect: &'static Dialect) -> Result<Query, Unread> {
    part(sources, span, dialect, query_and_semicolon)
}

/// Reads the text under a span as an expression.
pub fn read_expression_part(sources: &Sources, span: Span, dialect: &'static Dialect) -> Result<Expr, Unread> {
    part(sources, span, dialect, expression::read)
}

fn query_and_semicolon(cursor: &mut Cursor<'_>) -> Result<Query, Unread> {
    let query = query::read(cursor)?;
    cursor.take_symbol(&super::token::Kind::SemiColon);
    Ok(query)
}

fn whole<T: Send>(
    sources: &Sources,
    id: SourceId,
    dialect: &'static Dialect,
    read: impl FnOnce(&mut Cursor<'_>) -> Result<T, Unread> + Send,
) -> Result<T, Unread> {
    part(sources, sources.whole(id), dialect, read)
}

fn part<T: Send>(
    sources: &Sources,
    span: Span,
    dialect: &'static Dialect,
    read: impl FnOnce(&mut Cursor<'_>) -> Result<T, Unread> + Send,
) -> Result<T, Unread> {
    let text = sources.text(span.source);
    on_large_stack(|| {
        let tokens = tokenize(text, span, dialect)?;
        let mut cursor = Cursor::new(&tokens, text, dialect, Span::new(span.source, span.end, span.end));
        let outcome = complexity::check(&cursor).and_then(|()| read(&mut cursor)).and_then(|value| cursor.finish().map(|()| value));
        outcome.map_err(|unread| described(unread, &tokens, dialect))
    })
}
