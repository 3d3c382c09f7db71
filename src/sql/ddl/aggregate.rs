//! `CREATE AGGREGATE`, with argument types or in the old form.

use super::function::aggregate_arguments;
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::tree::{
    CreateFunction, FunctionBody, FunctionKind, Ident, ObjectName, Parameter, ParameterMode, Returns, StatementKind, TypeName, Unread, UnreadReason, Volatility,
};

/// Behind `CREATE [OR REPLACE] AGGREGATE`: with argument types, or in the old form `(BASETYPE = t, …)`.
pub(crate) fn create(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<StatementKind, Unread> {
    let name = cursor.qualified_name(NamePlace::TypeOrFunction, "the name of the aggregate")?;
    let mut ahead = *cursor;
    ahead.parentheses()?;
    let old_form = ahead.is_at_end();
    let mut parameters = if old_form { Vec::new() } else { aggregate_arguments(cursor)? };
    let mut options = clause::definition(cursor)?;
    if old_form && let Some((_, base)) = options.iter().find(|(name, _)| name == "BASETYPE") {
        parameters.extend(old_base_type(cursor, base)?);
        options.retain(|(name, _)| name != "BASETYPE");
    }
    Ok(StatementKind::CreateFunction(Box::new(CreateFunction {
        kind: FunctionKind::Aggregate,
        name,
        or_replace,
        parameters,
        returns: Returns::Nothing,
        language: None,
        body: FunctionBody::Opaque,
        volatility: Volatility::Volatile,
        strict: false,
        security_definer: false,
        settings: Vec::new(),
        options,
    })))
}

fn old_base_type(cursor: &Cursor<'_>, base: &str) -> Result<Option<Parameter>, Unread> {
    let base = base.trim_matches('"');
    if base.eq_ignore_ascii_case("any") {
        return Ok(None);
    }
    let plain = base.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !plain {
        return Err(cursor.refusal(UnreadReason::NotModelled, "an aggregate in the old form with such a base type is not read"));
    }
    let span = cursor.rest_span();
    let ident = Ident { name: cursor.dialect().fold(base, crate::name::Quoting::Bare), span };
    let data_type =
        TypeName { name: ObjectName::bare(ident), modifiers: Vec::new(), array_dimensions: 0, set_of: false, of_column: None, arguments: Vec::new(), span };
    Ok(Some(Parameter { mode: ParameterMode::In, name: None, data_type, default: None }))
}
