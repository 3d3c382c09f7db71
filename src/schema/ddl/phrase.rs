//! How statements name an object: its kind's words and its quoted name.

use super::function::identity_arguments;
use super::word::{kind_words, quoted_name};
use crate::schema::{ObjectBody, ObjectId, Schema};
use crate::sql::tree::{FunctionKind, ObjectKind, ViewKind};

/// The object as `COMMENT ON` and `DROP` name it: `TABLE app.clients`, `FUNCTION app.f(integer)`, `TRIGGER t ON app.clients`.
pub fn object_phrase(schema: &Schema, id: ObjectId) -> String {
    let Some(object) = schema.get(id) else { return String::from("???") };
    format!("{} {}", kind_words(object.kind()), name_phrase(schema, id))
}

/// The same without the words of the kind: `app.clients`, `app.f(integer)`, `t ON app.clients`.
pub fn name_phrase(schema: &Schema, id: ObjectId) -> String {
    let Some(object) = schema.get(id) else { return String::from("???") };
    let own = schema.dialect.quote(&object.name);
    let on = |table: ObjectId| format!("{own} ON {}", quoted_name(schema, table));
    match &object.body {
        ObjectBody::Constraint(constraint) => match schema.get(constraint.owner).map(|owner| &owner.body) {
            Some(ObjectBody::Type(_)) => format!("{own} ON DOMAIN {}", quoted_name(schema, constraint.owner)),
            _ => on(constraint.owner),
        },
        ObjectBody::Trigger(trigger) => trigger.table.map_or(own.clone(), on),
        ObjectBody::Policy(policy) => on(policy.table),
        ObjectBody::Rule(rule) => on(rule.table),
        ObjectBody::Function(function) => format!("{}({})", quoted_name(schema, id), identity_arguments(schema, function)),
        // These are named by text that is no identifier (`(a AS b)`, `+(int, int)`), and is kept as it was.
        ObjectBody::Other(other) if is_named_by_text(other.kind) => object.name.as_str().to_owned(),
        ObjectBody::Schema
        | ObjectBody::Table(_)
        | ObjectBody::View(_)
        | ObjectBody::Index(_)
        | ObjectBody::Sequence(_)
        | ObjectBody::Type(_)
        | ObjectBody::Extension(_)
        | ObjectBody::Other(_) => quoted_name(schema, id),
    }
}

fn is_named_by_text(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Cast | ObjectKind::Operator | ObjectKind::OperatorClass | ObjectKind::OperatorFamily | ObjectKind::UserMapping | ObjectKind::Transform
    )
}

/// The words `GRANT … ON` takes for the object, or `None` when nothing can be granted on it.
pub(super) fn grant_phrase(schema: &Schema, id: ObjectId) -> Option<String> {
    let object = schema.get(id)?;
    let words = match &object.body {
        ObjectBody::Table(_) | ObjectBody::View(_) => "TABLE",
        ObjectBody::Sequence(_) => "SEQUENCE",
        ObjectBody::Schema => "SCHEMA",
        ObjectBody::Type(crate::schema::UserType::Domain(_)) => "DOMAIN",
        ObjectBody::Type(_) => "TYPE",
        ObjectBody::Function(function) => match function.kind {
            FunctionKind::Function | FunctionKind::Aggregate => "FUNCTION",
            FunctionKind::Procedure => "PROCEDURE",
        },
        ObjectBody::Other(other) => match other.kind {
            ObjectKind::Language => "LANGUAGE",
            ObjectKind::Server => "FOREIGN SERVER",
            ObjectKind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
            _ => return None,
        },
        ObjectBody::Index(_) | ObjectBody::Constraint(_) | ObjectBody::Trigger(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_) | ObjectBody::Extension(_) => {
            return None;
        }
    };
    Some(format!("{words} {}", name_phrase(schema, id)))
}

/// The words `ALTER` takes for the relation: `TABLE`, `VIEW`, `MATERIALIZED VIEW`, `FOREIGN TABLE`.
pub(super) fn relation_words(schema: &Schema, id: ObjectId) -> &'static str {
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::View(view)) => match view.kind {
            ViewKind::Plain => "VIEW",
            ViewKind::Materialized => "MATERIALIZED VIEW",
        },
        Some(_) => schema.get(id).map_or("TABLE", |object| kind_words(object.kind())),
        None => "TABLE",
    }
}
