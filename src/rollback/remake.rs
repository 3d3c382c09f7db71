//! Objects removed and made again: what is new goes in the reverse order of its making, what is gone comes back in the order of need.

use std::collections::BTreeSet;

use super::damage::label;
use super::dependents::remove_with_parts;
use super::plan::InBetween;
use super::workspace::Workspace;
use crate::schema::{DependencyKind, NameSpace, ObjectBody, ObjectId, Schema, ddl};
use crate::sql::tree::{ObjectKind, ViewKind};

/// Whether a type that is new has to stay until columns of kept tables have their old type back.
fn waits_for_columns(work: &Workspace<'_>, id: ObjectId) -> bool {
    let is_type = matches!(work.after.get(id).map(|object| &object.body), Some(ObjectBody::Type(_)));
    is_type && work.now.dependencies().on_object(id).iter().any(|dependency| work.kept.contains(&dependency.dependent.object))
}

/// Drops everything that is new and still stands, except what must wait; what stands in a table goes with it.
pub(super) fn drop_made(work: &mut Workspace<'_>) {
    let mut order = ddl::creation_order(work.after);
    order.reverse();
    for id in order {
        let standing = work.made.contains(&id) && work.now.get(id).is_some();
        if !standing || goes_with_another(&work.now, id) || waits_for_columns(work, id) || is_role(&work.now, id) {
            continue;
        }
        drop_with_users(work, id, &mut BTreeSet::new());
    }
}

/// Drops an object after the new ones that use it: a function after the tables whose triggers, defaults and indexes call it. Where the user is being
/// dropped already (a function over the row type of the table whose trigger calls it), what hangs on it goes first by itself.
fn drop_with_users(work: &mut Workspace<'_>, id: ObjectId, begun: &mut BTreeSet<ObjectId>) {
    if !begun.insert(id) {
        return;
    }
    let users = work.now.dependencies().on_object(id).into_iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
    let users: BTreeSet<ObjectId> = users.map(|dependency| dependency.dependent.object).collect();
    for user in users {
        let whole = hangs_on(&work.now, user).unwrap_or(user);
        if whole == id || !work.made.contains(&whole) || work.now.get(whole).is_none() || is_role(&work.now, whole) {
            continue;
        }
        if !begun.contains(&whole) {
            drop_with_users(work, whole, begun);
        } else if whole != user {
            drop_one(work, user);
        }
    }
    drop_one(work, id);
}

fn drop_one(work: &mut Workspace<'_>, id: ObjectId) {
    if work.now.get(id).is_some() {
        let sql = ddl::drop_object(&work.now, id);
        work.push(sql, "drop what is new");
        remove_with_parts(&mut work.now, id);
    }
}

/// The table that the object is a part of.
fn hangs_on(schema: &Schema, id: ObjectId) -> Option<ObjectId> {
    match &schema.get(id)?.body {
        ObjectBody::Index(index) => Some(index.table),
        ObjectBody::Constraint(constraint) => Some(constraint.owner),
        ObjectBody::Trigger(trigger) => trigger.table,
        ObjectBody::Policy(policy) => Some(policy.table),
        ObjectBody::Rule(rule) => Some(rule.table),
        ObjectBody::Other(other) => other.table,
        ObjectBody::Schema
        | ObjectBody::Table(_)
        | ObjectBody::View(_)
        | ObjectBody::Sequence(_)
        | ObjectBody::Type(_)
        | ObjectBody::Function(_)
        | ObjectBody::Extension(_) => None,
    }
}

/// What was there before and went along with something new (an index that a new key had taken over) is made again.
pub(super) fn note_what_went_along(work: &mut Workspace<'_>) {
    let went: Vec<ObjectId> = work.kept.iter().copied().filter(|id| work.now.get(*id).is_none()).collect();
    work.rebuilt.extend(went);
}

/// Drops the types that waited.
pub(super) fn drop_waiting(work: &mut Workspace<'_>) {
    let mut order = ddl::creation_order(work.after);
    order.reverse();
    for id in order {
        if work.made.contains(&id) && work.now.get(id).is_some() && !goes_with_another(&work.now, id) && !is_role(&work.now, id) {
            let sql = ddl::drop_object(&work.now, id);
            work.push(sql, "drop the new type");
            remove_with_parts(&mut work.now, id);
        }
    }
}

/// Drops new roles, at the very end: a role that owns something or may do something cannot be dropped (manual, DROP ROLE, 15).
pub(super) fn drop_roles(work: &mut Workspace<'_>) {
    for id in work.made.clone() {
        if work.now.get(id).is_some() && is_role(&work.now, id) {
            let sql = ddl::drop_object(&work.now, id);
            work.push(sql, "drop the new role");
            remove_with_parts(&mut work.now, id);
        }
    }
}

fn is_role(schema: &Schema, id: ObjectId) -> bool {
    schema.get(id).is_some_and(|object| object.kind() == ObjectKind::Role)
}

/// Parts of a table, owned sequences, members of an extension: they cannot or need not be dropped by themselves.
fn goes_with_another(schema: &Schema, id: ObjectId) -> bool {
    let silently = schema.dependencies().of_object(id).into_iter().any(|dependency| {
        dependency.kind != crate::schema::DependencyKind::Normal && dependency.on.object != id && dependency.dependent.part == crate::schema::Part::Whole
    });
    let hangs = match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Index(_) | ObjectBody::Constraint(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_)) => true,
        Some(ObjectBody::Trigger(trigger)) => trigger.table.is_some(),
        Some(ObjectBody::Other(other)) => other.table.is_some(),
        Some(ObjectBody::Table(table)) => table.partition_bound.is_some() && table.parents.iter().any(|parent| schema.get(*parent).is_none()),
        _ => false,
    };
    silently && !is_table(schema, id) || hangs
}

fn is_table(schema: &Schema, id: ObjectId) -> bool {
    schema.table(id).is_some()
}

/// A new type that has to stay for a while may sit on the name of one that comes back now: it moves aside.
fn clear_names(work: &mut Workspace<'_>) {
    for id in work.gone.clone() {
        let Some(object) = work.before.get(id).filter(|object| matches!(object.body, ObjectBody::Type(_) | ObjectBody::Table(_) | ObjectBody::View(_))) else {
            continue;
        };
        let (name, namespace) = (object.name.clone(), object.namespace);
        let Some(occupant) = work.now.find(NameSpace::Type, namespace, &name).filter(|occupant| work.made.contains(occupant)) else { continue };
        let aside = crate::name::Name::stored(format!("fieldgate_aside_{}", name.as_str().chars().take(40).collect::<String>()));
        let sql = ddl::rename_object(&work.now, occupant, &aside);
        work.push(sql, "make room for an old name");
        work.now.rename(occupant, aside, namespace);
    }
}

/// Makes extensions, types, sequences, tables and functions again: what columns and rows need.
pub(super) fn make_ground(work: &mut Workspace<'_>) {
    clear_names(work);
    let ground: BTreeSet<ObjectId> = work.gone.iter().chain(&work.rebuilt).copied().filter(|id| is_ground(work.before, *id)).collect();
    let statements = ddl::create_all(work.before, &ground);
    work.extend(statements, "make again what was dropped");
}

/// Makes constraints, indexes, views, triggers, policies and rules again: what needs columns and rows in place.
pub(super) fn make_rest(work: &mut Workspace<'_>) {
    let rest: BTreeSet<ObjectId> = work.gone.iter().chain(&work.rebuilt).copied().filter(|id| !is_ground(work.before, *id)).collect();
    let statements = ddl::create_all(work.before, &rest);
    work.extend(statements, "make again what was dropped");
}

/// Materialized views that are made again: they hold what their query gives then.
pub(super) fn filled_anew(work: &Workspace<'_>) -> Vec<InBetween> {
    let made = work.gone.iter().chain(&work.rebuilt);
    let is_filled = |id: &&ObjectId| work.before.view(**id).is_some_and(|view| view.kind == ViewKind::Materialized && view.populated);
    let of = |id: &ObjectId| InBetween {
        what: label(work.before, *id),
        fate: String::from("the materialized view is filled anew: it holds what its query gives at the end of the way back, and not what it held before"),
        count_query: None,
    };
    made.filter(is_filled).map(of).collect()
}

fn is_ground(schema: &Schema, id: ObjectId) -> bool {
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Extension(_) | ObjectBody::Type(_) | ObjectBody::Sequence(_) | ObjectBody::Table(_) | ObjectBody::Schema) => true,
        // A function with a bound body may need a view; one with a text body needs only its types.
        Some(ObjectBody::Function(function)) => function.bound_body.is_none(),
        Some(
            ObjectBody::View(_)
            | ObjectBody::Index(_)
            | ObjectBody::Constraint(_)
            | ObjectBody::Trigger(_)
            | ObjectBody::Policy(_)
            | ObjectBody::Rule(_)
            | ObjectBody::Other(_),
        )
        | None => false,
    }
}
