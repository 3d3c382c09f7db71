//! A whole schema, or some objects of it, in an order in which everything is there before it is needed.

use std::collections::{BTreeMap, BTreeSet};

use super::create::{create, late};
use super::index::constraint_of;
use super::sequence::is_identity_of;
use crate::schema::{ConstraintKind, DataType, DependencyKind, ObjectBody, ObjectId, Schema, TypeIdentity, extension_of};

/// The whole schema as a script for an empty PostgreSQL database. Runs with any `search_path`; roles must exist.
pub fn print(schema: &Schema) -> String {
    // Bodies are kept as they are, even when a table they speak of is gone: the server does not look into them either.
    let mut script = String::from("SET check_function_bodies = false;\n");
    for statement in statements(schema) {
        script.push('\n');
        script.push_str(&statement);
        script.push_str(";\n");
    }
    script
}

/// The statements of [`print`], without semicolons.
pub fn statements(schema: &Schema) -> Vec<String> {
    let all: BTreeSet<ObjectId> = schema.objects().map(|object| object.id).filter(|id| extension_of(schema, *id).is_none()).collect();
    create_all(schema, &all)
}

/// The statements that make these objects again, each after what it needs.
pub fn create_all(schema: &Schema, objects: &BTreeSet<ObjectId>) -> Vec<String> {
    let order = order_of(schema, objects);
    let mut statements: Vec<String> = order.iter().flat_map(|id| create(schema, *id)).collect();
    statements.extend(order.iter().flat_map(|id| late(schema, *id)));
    statements
}

/// All objects, each after what it needs; among those that could come next by kind and then by name.
pub fn creation_order(schema: &Schema) -> Vec<ObjectId> {
    order_of(schema, &schema.objects().map(|object| object.id).collect())
}

/// The place of a kind in a script, and the name: what comes next when several could.
type Rank = (u8, String, ObjectId);

fn order_of(schema: &Schema, objects: &BTreeSet<ObjectId>) -> Vec<ObjectId> {
    let ranks: BTreeMap<ObjectId, Rank> = objects.iter().map(|id| (*id, rank_of(schema, *id))).collect();
    let mut waiting: BTreeMap<ObjectId, BTreeSet<ObjectId>> = BTreeMap::new();
    let mut needed_by: BTreeMap<ObjectId, Vec<ObjectId>> = BTreeMap::new();
    for id in objects {
        let needs: BTreeSet<ObjectId> = needs_of(schema, *id).into_iter().filter(|need| need != id && objects.contains(need)).collect();
        for need in &needs {
            needed_by.entry(*need).or_default().push(*id);
        }
        waiting.insert(*id, needs);
    }
    let mut ready: BTreeSet<&Rank> = ranks.iter().filter(|(id, _)| waiting.get(id).is_none_or(BTreeSet::is_empty)).map(|(_, rank)| rank).collect();
    let mut left: BTreeSet<&Rank> = ranks.values().collect();
    let mut order = Vec::with_capacity(objects.len());
    // Two objects that need each other (a default that calls a function of the table's own type) cannot be ordered: then the kind decides.
    while let Some(rank) = ready.pop_first().or_else(|| left.first().copied()) {
        ready.remove(rank);
        if !left.remove(rank) {
            continue;
        }
        let id = rank.2;
        order.push(id);
        for dependent in needed_by.get(&id).into_iter().flatten() {
            let Some(needs) = waiting.get_mut(dependent) else { continue };
            needs.remove(&id);
            if needs.is_empty()
                && let Some(rank) = ranks.get(dependent).filter(|rank| left.contains(rank))
            {
                ready.insert(rank);
            }
        }
    }
    order
}

fn rank_of(schema: &Schema, id: ObjectId) -> Rank {
    let Some(object) = schema.get(id) else { return (u8::MAX, String::new(), id) };
    let place = match &object.body {
        ObjectBody::Schema => 0,
        ObjectBody::Extension(_) => 1,
        ObjectBody::Type(_) => 2,
        ObjectBody::Sequence(_) => 3,
        ObjectBody::Table(_) => 4,
        ObjectBody::Function(_) => 5,
        ObjectBody::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::ForeignKey(_) => 9,
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::NotNull { .. }
            | ConstraintKind::Exclude { .. }
            | ConstraintKind::Trigger => 6,
        },
        ObjectBody::View(_) => 7,
        ObjectBody::Index(_) => 8,
        ObjectBody::Rule(_) => 10,
        ObjectBody::Trigger(trigger) if trigger.table.is_some() => 11,
        ObjectBody::Policy(_) => 12,
        ObjectBody::Other(_) => 13,
        ObjectBody::Trigger(_) => 14,
    };
    (place, super::phrase::name_phrase(schema, id), id)
}

/// What must be there before the object: what it is made of, and what its stored expressions depend on.
fn needs_of(schema: &Schema, id: ObjectId) -> Vec<ObjectId> {
    let mut needs = made_of(schema, id);
    // What comes with an extension is there once the extension is.
    let extensions: Vec<ObjectId> = needs.iter().filter_map(|need| extension_of(schema, *need)).collect();
    needs.extend(extensions);
    needs
}

fn made_of(schema: &Schema, id: ObjectId) -> Vec<ObjectId> {
    let Some(object) = schema.get(id) else { return Vec::new() };
    let mut needs: Vec<ObjectId> = object.namespace.into_iter().collect();
    // An owned sequence depends on its column (automatic, internal), but stands before the table whose default asks for it.
    let stored = schema.dependencies().of_object(id).into_iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
    needs.extend(stored.map(|dependency| dependency.on.object));
    match &object.body {
        ObjectBody::Table(table) => {
            needs.extend(table.parents.iter().copied());
            needs.extend(table.of_type);
            needs.extend(table.columns.iter().filter_map(|column| type_object(&column.data_type)));
        }
        ObjectBody::View(view) => needs.extend(view.columns.iter().filter_map(|column| type_object(&column.data_type))),
        ObjectBody::Index(index) => {
            needs.push(index.table);
            needs.extend(index.parent);
            needs.extend(constraint_of(schema, id));
            // Attached once the parent's key is there, which is made with its constraint.
            needs.extend(index.parent.and_then(|parent| constraint_of(schema, parent)));
        }
        ObjectBody::Sequence(_) => needs.extend(is_identity_of(schema, id)),
        ObjectBody::Constraint(constraint) => {
            needs.push(constraint.owner);
            if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                needs.push(key.references);
                needs.extend(keys_of(schema, key.references));
            }
        }
        ObjectBody::Type(user_type) => match user_type {
            crate::schema::UserType::Domain(domain) => needs.extend(type_object(&domain.base)),
            crate::schema::UserType::Composite { attributes, .. } => needs.extend(attributes.iter().filter_map(|column| type_object(&column.data_type))),
            crate::schema::UserType::Range { subtype, .. } => needs.extend(type_object(subtype)),
            crate::schema::UserType::Enum { .. } | crate::schema::UserType::Base { .. } | crate::schema::UserType::Shell => {}
        },
        ObjectBody::Function(function) => {
            needs.extend(function.parameters.iter().filter_map(|parameter| type_object(&parameter.data_type)));
            needs.extend(function.returns.as_ref().and_then(type_object));
            needs.extend(function.support.iter().copied());
        }
        ObjectBody::Trigger(trigger) => needs.extend(trigger.table),
        ObjectBody::Policy(policy) => needs.push(policy.table),
        ObjectBody::Rule(rule) => needs.push(rule.table),
        ObjectBody::Extension(extension) => needs.extend(extension.schema),
        ObjectBody::Other(other) => needs.extend(other.table),
        ObjectBody::Schema => {}
    }
    needs
}

fn type_object(data_type: &DataType) -> Option<ObjectId> {
    match data_type.identity {
        TypeIdentity::Object(id) => Some(id),
        TypeIdentity::Builtin(_) | TypeIdentity::Unknown(_) => None,
    }
}

/// Unique indexes and keys of a table, and the same of its partitions: a key of a partitioned table is valid only when all partitions have theirs.
fn keys_of(schema: &Schema, table: ObjectId) -> Vec<ObjectId> {
    let is_key = |id: &ObjectId| match schema.get(*id).map(|object| &object.body) {
        Some(ObjectBody::Index(index)) => index.unique,
        Some(ObjectBody::Constraint(constraint)) => matches!(constraint.kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. }),
        _ => false,
    };
    let own: Vec<ObjectId> = schema.on_table(table).into_iter().filter(is_key).collect();
    let attached = own.iter().flat_map(|id| schema.dependencies().on_object(*id)).map(|dependency| dependency.dependent.object);
    let attached: Vec<ObjectId> =
        attached.filter(|id| schema.index(*id).is_some_and(|index| index.parent.is_some_and(|parent| own.contains(&parent)))).collect();
    own.into_iter().chain(attached).collect()
}
