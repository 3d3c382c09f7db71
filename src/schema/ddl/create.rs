//! One object with everything that hangs on its name: owner, comments, privileges.

use super::alter::{add_constraint, alter_table, set_column_comment, set_comment, set_owner};
use super::constraint::constraint_definition;
use super::function::function_definition;
use super::grant::grant_statements;
use super::index::{constraint_of, index_definition};
use super::other::{create_extension, is_inherited_trigger, policy_definition, rule_definition, trigger_definition};
use super::sequence::{create_sequence, is_identity_of, owned_by};
use super::table::{create_table, late_statements};
use super::user_type::type_definition;
use super::view::{column_statements, view_definition};
use super::word::quoted_name;
use crate::schema::{ConstraintKind, ObjectBody, ObjectId, Schema};

/// The statements that make the object again, without semicolons: itself, its owner, its comments, its privileges.
/// Empty for what comes into being with something else: an index behind a constraint, an identity's sequence, an inherited constraint.
pub fn create(schema: &Schema, id: ObjectId) -> Vec<String> {
    let mut statements = body_statements(schema, id);
    statements.extend(decorations(schema, id));
    statements
}

fn body_statements(schema: &Schema, id: ObjectId) -> Vec<String> {
    let Some(object) = schema.get(id) else { return Vec::new() };
    match &object.body {
        // Every new database has this one.
        ObjectBody::Schema if object.name.as_str() == "public" => vec![String::from("CREATE SCHEMA IF NOT EXISTS public")],
        ObjectBody::Schema => vec![format!("CREATE SCHEMA {}", quoted_name(schema, id))],
        ObjectBody::Table(table) => {
            let mut statements = create_table(schema, id, table);
            let owned = sequences_of(schema, id).into_iter().filter_map(|sequence| match &schema.get(sequence)?.body {
                ObjectBody::Sequence(body) => owned_by(schema, sequence, body),
                _ => None,
            });
            statements.extend(owned);
            statements
        }
        ObjectBody::View(view) => {
            let mut statements = vec![view_definition(schema, id, view)];
            statements.extend(column_statements(schema, id, view));
            statements
        }
        ObjectBody::Index(index) => {
            if constraint_of(schema, id).is_some() {
                return attach(schema, id, index.parent).into_iter().collect();
            }
            let mut statements: Vec<String> = index_definition(schema, id).into_iter().collect();
            statements.extend(attach(schema, id, index.parent));
            statements
        }
        ObjectBody::Sequence(sequence) => match is_identity_of(schema, id) {
            Some(_) => Vec::new(),
            None => vec![create_sequence(schema, id, sequence)],
        },
        ObjectBody::Constraint(constraint) => {
            let comes_from_above = !constraint.is_local || (constraint.parent.is_some() && matches!(constraint.kind, ConstraintKind::ForeignKey(_)));
            if comes_from_above && !is_key(&constraint.kind) || constraint_definition(schema, constraint).is_empty() {
                return Vec::new();
            }
            add_constraint(schema, id).into_iter().collect()
        }
        ObjectBody::Type(user_type) => type_definition(schema, id, user_type).into_iter().collect(),
        ObjectBody::Function(function) => vec![function_definition(schema, id, function)],
        ObjectBody::Trigger(_) if is_inherited_trigger(schema, id) => Vec::new(),
        ObjectBody::Trigger(trigger) => trigger_definition(schema, id, trigger),
        ObjectBody::Policy(policy) => vec![policy_definition(schema, id, policy)],
        ObjectBody::Rule(rule) => rule_definition(schema, id, rule),
        ObjectBody::Extension(extension) => vec![create_extension(schema, id, extension)],
        ObjectBody::Other(other) => vec![super::other::statement_text(schema, id, &other.definition)],
    }
}

/// Keys have an index for each partition, and are made on each.
fn is_key(kind: &ConstraintKind) -> bool {
    matches!(kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. })
}

/// `ALTER INDEX parent ATTACH PARTITION child`.
fn attach(schema: &Schema, id: ObjectId, parent: Option<ObjectId>) -> Option<String> {
    parent.map(|parent| format!("ALTER INDEX {} ATTACH PARTITION {}", quoted_name(schema, parent), quoted_name(schema, id)))
}

/// Sequences that a column of the table owns.
fn sequences_of(schema: &Schema, table: ObjectId) -> Vec<ObjectId> {
    let dependents = schema.dependencies().on_object(table).into_iter().map(|dependency| dependency.dependent.object);
    let mut all: Vec<ObjectId> = dependents.filter(|id| is_owned_sequence(schema, *id, table)).collect();
    all.dedup();
    all
}

fn is_owned_sequence(schema: &Schema, id: ObjectId, table: ObjectId) -> bool {
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Sequence(sequence)) => sequence.owned_by.is_some_and(|owner| owner.object == table),
        _ => false,
    }
}

/// Owner, comments and privileges.
fn decorations(schema: &Schema, id: ObjectId) -> Vec<String> {
    let Some(object) = schema.get(id) else { return Vec::new() };
    let mut statements = Vec::new();
    if let Some(owner) = &object.owner
        && is_identity_of(schema, id).is_none()
    {
        statements.extend(set_owner(schema, id, owner));
    }
    if let Some(comment) = &object.comment
        && comes_alone(schema, id)
    {
        statements.push(set_comment(schema, id, Some(comment)));
    }
    for column in schema.columns(id) {
        if let Some(comment) = &column.comment {
            statements.push(set_column_comment(schema, id, &column.name, Some(comment)));
        }
    }
    statements.extend(grant_statements(schema, id));
    statements
}

/// A constraint trigger's row has no comment of its own that a statement could set.
fn comes_alone(schema: &Schema, id: ObjectId) -> bool {
    !schema.constraint(id).is_some_and(|constraint| matches!(constraint.kind, ConstraintKind::Trigger))
}

/// What can be said of the object only when everything else is there.
pub(super) fn late(schema: &Schema, id: ObjectId) -> Vec<String> {
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Table(table)) => late_statements(schema, id, table),
        Some(ObjectBody::View(view)) => view
            .parameters
            .iter()
            .filter(|(name, _)| &**name == "CLUSTER ON")
            .map(|(_, index)| alter_table(schema, id, &format!("CLUSTER ON {index}")))
            .collect(),
        _ => Vec::new(),
    }
}
