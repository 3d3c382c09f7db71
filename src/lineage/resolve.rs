//! Names of relations, types and routines looked up along the search path.

use std::sync::Arc;

use super::{BindError, Session};
use crate::name::Name;
use crate::schema::{DataType, NameSpace, ObjectBody, ObjectId, Schema, TypeIdentity};
use crate::sql::tree::{FunctionKind, FunctionSignature, ObjectName, ParameterMode, TypeName};
use crate::typing;

/// The relation that a name means: along the search path when it has no schema.
///
/// # Errors
/// `42P01` when there is none, `3F000` when the schema does not exist.
pub fn resolve_relation(schema: &Schema, session: &Session, name: &ObjectName) -> Result<ObjectId, BindError> {
    if let Some(found) = find_relation(schema, session, &session.namespaces(schema), name) {
        return Ok(found);
    }
    let reason = why_unknown(schema, name);
    if let Some(written) = &name.schema
        && namespace_of(schema, session, &written.name).is_none()
        && !matches!(written.name.as_str(), "pg_catalog" | "information_schema")
    {
        return Err(BindError::new("3F000", format!("schema \"{}\" does not exist", written.name), written.span).or_unknown(reason));
    }
    Err(BindError::new("42P01", format!("relation \"{name}\" does not exist"), name.span()).or_unknown(reason))
}

/// The same along a path that is at hand.
pub(super) fn find_relation(schema: &Schema, session: &Session, path: &[ObjectId], name: &ObjectName) -> Option<ObjectId> {
    match &name.schema {
        Some(written) => {
            let space = namespace_of(schema, session, &written.name)?;
            schema.find(NameSpace::Relation, Some(space), &name.name.name)
        }
        None => path.iter().find_map(|space| schema.find(NameSpace::Relation, Some(*space), &name.name.name)),
    }
}

/// Why nothing can be said about an object of that name, when that is so.
pub(super) fn why_unknown(schema: &Schema, name: &ObjectName) -> Option<Arc<str>> {
    let of_schema = name.schema.as_ref().and_then(|written| schema.why_unknown(&written.name));
    schema.why_unknown(&name.name.name).or(of_schema).cloned()
}

/// The namespace that a written schema name means; `pg_temp` is the session's.
pub fn namespace_of(schema: &Schema, session: &Session, name: &Name) -> Option<ObjectId> {
    if name.as_str() == "pg_temp" {
        return session.temporary;
    }
    schema.namespace(name)
}

/// The type that a name means, modifiers in normal form.
///
/// # Errors
/// `42704` when there is none, `3F000` when its schema does not exist, `22023` for modifiers it cannot have.
pub fn resolve_type(schema: &Schema, session: &Session, name: &TypeName) -> Result<DataType, BindError> {
    if let Some(of_column) = &name.of_column {
        return type_of_column(schema, session, &of_column.0, &of_column.1.name, name);
    }
    let resolved = resolve_element(schema, session, name)?;
    if name.array_dimensions == 0 || resolved.array {
        return Ok(resolved);
    }
    Ok(resolved.array_of())
}

fn type_of_column(schema: &Schema, session: &Session, table: &ObjectName, column: &Name, name: &TypeName) -> Result<DataType, BindError> {
    let relation = resolve_relation(schema, session, table)?;
    let found = schema.columns(relation).iter().find(|own| own.name == *column);
    let missing = || BindError::new("42703", format!("column \"{column}\" of relation \"{table}\" does not exist"), name.span);
    found.map(|own| own.data_type.clone()).ok_or_else(missing)
}

fn resolve_element(schema: &Schema, session: &Session, name: &TypeName) -> Result<DataType, BindError> {
    let refuse = |error: typing::TypeError| BindError::new(error.sqlstate, error.message, name.span).or_unknown(error.unknown);
    let word = &name.name.name;
    let built_in = |internal| typing::built_in_type(schema, word.name.as_str(), &name.modifiers, internal).map_err(refuse);
    if let Some(written) = &name.name.schema {
        if matches!(written.name.as_str(), "pg_catalog" | "information_schema")
            && let Some(found) = built_in(true)?
        {
            return Ok(found);
        }
        let Some(space) = namespace_of(schema, session, &written.name) else {
            let reason = why_unknown(schema, &name.name);
            return Err(BindError::new("3F000", format!("schema \"{}\" does not exist", written.name), written.span).or_unknown(reason));
        };
        if let Some(found) = type_in(schema, space, &word.name) {
            return typing::with_modifiers(schema, found, &name.modifiers).map_err(refuse);
        }
        return Err(no_such_type(schema, name));
    }
    // A dialect without tables of types takes every word for one of its own; what the schema defines comes first.
    if schema.dialect.built_ins.is_none()
        && let Some(found) = session.namespaces(schema).iter().find_map(|space| type_in(schema, *space, &word.name))
    {
        return typing::with_modifiers(schema, found, &name.modifiers).map_err(refuse);
    }
    let quoted = !word.name.as_str().contains(' ') && word.span.len() as usize == word.name.as_str().len() + 2;
    let path = session.namespaces(schema);
    let catalog_is_named = session.search_path.iter().any(|own| own.as_str() == "pg_catalog");
    let earlier = if catalog_is_named { path.as_slice() } else { session.temporary.as_ref().map_or(&[][..], std::slice::from_ref) };
    // Words of the grammar mean the built-in type whatever the path is; internal names are found along the path.
    if !quoted && is_grammar_word(word.name.as_str()) {
        if let Some(found) = built_in(false)? {
            return Ok(found);
        }
    } else if let Some(found) = earlier.iter().find_map(|space| type_in(schema, *space, &word.name)) {
        return typing::with_modifiers(schema, found, &name.modifiers).map_err(refuse);
    }
    if let Some(found) = built_in(quoted)? {
        return Ok(found);
    }
    match path.iter().find_map(|space| type_in(schema, *space, &word.name)) {
        Some(found) => typing::with_modifiers(schema, found, &name.modifiers).map_err(refuse),
        None => Err(no_such_type(schema, name)),
    }
}

fn is_grammar_word(word: &str) -> bool {
    word.contains(' ')
        || matches!(
            word,
            "bigint"
                | "bit"
                | "boolean"
                | "char"
                | "character"
                | "dec"
                | "decimal"
                | "float"
                | "int"
                | "integer"
                | "interval"
                | "numeric"
                | "real"
                | "smallint"
                | "time"
                | "timestamp"
                | "varchar"
        )
}

/// A type of the schema in one namespace; `_t` is the array of `t`.
fn type_in(schema: &Schema, space: ObjectId, name: &Name) -> Option<DataType> {
    if let Some(found) = schema.find(NameSpace::Type, Some(space), name) {
        return Some(DataType::object(found));
    }
    let element = Name::stored(name.as_str().strip_prefix('_')?);
    schema.find(NameSpace::Type, Some(space), &element).map(|found| DataType::object(found).array_of())
}

fn no_such_type(schema: &Schema, name: &TypeName) -> BindError {
    BindError::new("42704", format!("type \"{}\" does not exist", name.name), name.span).or_unknown(why_unknown(schema, &name.name))
}

/// The routine of the schema that a name with argument types means.
///
/// # Errors
/// `42883` when there is none, `42725` when the name alone means several, `42809` when it is of another kind.
pub fn resolve_function(schema: &Schema, session: &Session, signature: &FunctionSignature) -> Result<ObjectId, BindError> {
    let name = &signature.name;
    let spaces = match &name.schema {
        Some(written) => namespace_of(schema, session, &written.name).into_iter().collect(),
        None => session.namespaces(schema),
    };
    let wanted = match &signature.arguments {
        None => None,
        Some(types) => {
            let resolved: Result<Vec<DataType>, BindError> = types.iter().map(|one| resolve_type(schema, session, one)).collect();
            Some(resolved?)
        }
    };
    let mut candidates: Vec<ObjectId> = Vec::new();
    for space in spaces {
        let here = schema.functions(Some(space), &name.name.name);
        // Without arguments the kind chooses among those of the name (LookupFuncNameInternal, parse_func.c, 15).
        let fitting = here.into_iter().filter(|id| match &wanted {
            Some(types) => takes(schema, *id, types),
            None => is_of_kind(schema, *id, signature.kind),
        });
        candidates.extend(fitting);
        if wanted.is_some() && !candidates.is_empty() {
            break;
        }
    }
    let reason = why_unknown(schema, name);
    let shown = name.to_string();
    match candidates.as_slice() {
        [] => Err(BindError::new("42883", format!("{} {shown} does not exist", word_for(signature.kind)), name.span()).or_unknown(reason)),
        [only] => right_kind(schema, *only, signature).map_err(|error| error.or_unknown(reason)),
        _ if wanted.is_none() => Err(BindError::new("42725", format!("function name \"{shown}\" is not unique"), name.span())),
        [first, ..] => right_kind(schema, *first, signature),
    }
}

fn word_for(kind: Option<FunctionKind>) -> &'static str {
    match kind {
        Some(FunctionKind::Procedure) => "procedure",
        Some(FunctionKind::Aggregate) => "aggregate",
        Some(FunctionKind::Function) | None => "function",
    }
}

/// Whether a statement about that kind means the routine: an aggregate is a function too, a procedure is not.
fn is_of_kind(schema: &Schema, id: ObjectId, kind: Option<FunctionKind>) -> bool {
    let Some(ObjectBody::Function(function)) = schema.get(id).map(|object| &object.body) else { return true };
    match kind {
        Some(FunctionKind::Procedure) => function.kind == FunctionKind::Procedure,
        Some(FunctionKind::Function | FunctionKind::Aggregate) => function.kind != FunctionKind::Procedure,
        None => true,
    }
}

fn right_kind(schema: &Schema, id: ObjectId, signature: &FunctionSignature) -> Result<ObjectId, BindError> {
    let Some(ObjectBody::Function(function)) = schema.get(id).map(|object| &object.body) else { return Ok(id) };
    match signature.kind {
        Some(kind) if kind == FunctionKind::Aggregate && kind != function.kind || !is_of_kind(schema, id, Some(kind)) => {
            Err(BindError::new("42809", format!("{} is not a {}", signature.name, word_for(Some(kind))), signature.name.span()))
        }
        _ => Ok(id),
    }
}

/// Whether a routine has exactly these input types; `OUT` parameters of a procedure may be listed too (manual, DROP PROCEDURE, 15).
fn takes(schema: &Schema, id: ObjectId, types: &[DataType]) -> bool {
    let Some(ObjectBody::Function(function)) = schema.get(id).map(|object| &object.body) else { return false };
    let same = |own: &DataType, wanted: &DataType| own.without_modifiers() == wanted.without_modifiers();
    let inputs: Vec<&DataType> =
        function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out).map(|parameter| &parameter.data_type).collect();
    if inputs.len() == types.len() && inputs.iter().zip(types).all(|(own, wanted)| same(own, wanted)) {
        return true;
    }
    function.kind == FunctionKind::Procedure
        && function.parameters.len() == types.len()
        && function.parameters.iter().zip(types).all(|(own, wanted)| same(&own.data_type, wanted))
}

/// The row type behind a type, when it is a composite or the row of a relation.
pub(super) fn row_relation(schema: &Schema, data_type: &DataType) -> Option<ObjectId> {
    if data_type.array {
        return None;
    }
    let TypeIdentity::Object(id) = data_type.identity else { return None };
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Table(_) | ObjectBody::View(_)) => Some(id),
        Some(ObjectBody::Type(crate::schema::UserType::Composite { .. })) => Some(id),
        Some(ObjectBody::Type(crate::schema::UserType::Domain(domain))) => row_relation(schema, &domain.base),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::warehouse;
    use super::*;
    use crate::text::Sources;

    fn type_of(text: &str) -> Result<String, &'static str> {
        let schema = warehouse();
        let mut sources = Sources::default();
        let source = sources.add("test", text);
        let name = crate::sql::read_type(&sources, source, schema.dialect).unwrap();
        let found = resolve_type(&schema, &Session::new(&schema), &name);
        found.map(|data_type| crate::schema::format_type(&schema, &data_type)).map_err(|error| error.sqlstate)
    }

    #[test]
    fn types_are_found_in_every_spelling() {
        assert_eq!(type_of("int").as_deref(), Ok("integer"));
        assert_eq!(type_of("varchar(20)[]").as_deref(), Ok("character varying(20)[]"));
        assert_eq!(type_of("mood").as_deref(), Ok("public.mood"));
        assert_eq!(type_of("_mood").as_deref(), Ok("public.mood[]"));
        assert_eq!(type_of("public.mood[]").as_deref(), Ok("public.mood[]"));
        assert_eq!(type_of("nope"), Err("42704"));
        assert_eq!(type_of("nope.mood"), Err("3F000"));
    }
}
