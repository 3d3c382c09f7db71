//! What has to be taken down before tables and columns can be put back, and is made again afterwards.
//!
//! PostgreSQL refuses to change or drop a column that a view, a policy or a trigger's condition uses, and to change a view's columns
//! (manual, ALTER TABLE and CREATE VIEW, 15). What stands in the way is dropped and remade from the schema before.

use std::collections::BTreeSet;

use super::workspace::Workspace;
use crate::schema::{Address, ConstraintKind, IndexState, ObjectBody, ObjectId, Part, Schema, ddl};
use crate::sql::tree::ObjectKind;

/// Decides which kept objects are rebuilt: those that differ and cannot be altered, and those that use a column which is to change.
/// `obstacles` are in the way of rows.
pub(super) fn choose_rebuilt(work: &mut Workspace<'_>, remade: &BTreeSet<ObjectId>, obstacles: &BTreeSet<ObjectId>) {
    let mut open: Vec<ObjectId> = routines_over(work, remade);
    open.extend(obstacles.iter().filter(|id| work.kept.contains(id)));
    for id in work.kept.clone() {
        if work.differs(id) && is_remade_when_changed(work, id) {
            open.push(id);
        }
    }
    for address in changing_columns(work, remade) {
        open.extend(users_of(work.after, address).into_iter().filter(|user| work.kept.contains(user)));
    }
    while let Some(id) = open.pop() {
        if !work.rebuilt.insert(id) {
            continue;
        }
        let dependents = work.after.dependencies().on_object(id).into_iter().map(|dependency| dependency.dependent.object);
        let standing = dependents.filter(|dependent| *dependent != id && work.kept.contains(dependent) && stands_alone(work.after, *dependent));
        open.extend(standing.collect::<Vec<_>>());
    }
}

/// Kinds that are dropped and made again rather than altered, when more than their name, schema, owner, grants or comment differs.
fn is_remade_when_changed(work: &Workspace<'_>, id: ObjectId) -> bool {
    let (Some(old), Some(new)) = (work.before.get(id), work.after.get(id)) else { return false };
    match (&old.body, &new.body) {
        (ObjectBody::View(was), ObjectBody::View(is)) => {
            was.query != is.query || was.columns != is.columns || was.parameters != is.parameters || was.check_option != is.check_option
        }
        (ObjectBody::Policy(was), ObjectBody::Policy(is)) => was != is,
        (ObjectBody::Rule(was), ObjectBody::Rule(is)) => was != is,
        (ObjectBody::Trigger(was), ObjectBody::Trigger(is)) => was != is,
        (ObjectBody::Index(was), ObjectBody::Index(is)) => {
            ddl::constraint_of(work.after, id).is_none()
                && (was.keys != is.keys
                    || was.predicate != is.predicate
                    || was.unique != is.unique
                    || was.include != is.include
                    || was.state != is.state && is.state == IndexState::Invalid)
        }
        (ObjectBody::Constraint(was), ObjectBody::Constraint(is)) => {
            was.kind != is.kind || was.validated != is.validated || was.deferrability != is.deferrability
        }
        (ObjectBody::Other(was), ObjectBody::Other(is)) => was != is,
        _ => false,
    }
}

/// Kept columns that get another type or expression, and new columns that go: what uses them is in the way.
fn changing_columns(work: &Workspace<'_>, remade: &BTreeSet<ObjectId>) -> Vec<Address> {
    let mut all = Vec::new();
    for id in &work.kept {
        let (Some(old), Some(new)) = (work.before.table(*id), work.after.table(*id)) else { continue };
        for column in &new.columns {
            let changes = match old.column(column.number) {
                None => true,
                Some(was) => super::columns::is_retyped(remade, was, column) || super::columns::changes_expression(was, column),
            };
            if changes {
                all.push(Address::column(*id, column.number));
            }
        }
    }
    all
}

/// Views, policies, triggers and rules that use the column; and conditions and expressions over it, which the server would write down with the casts
/// that the other type needed, and keep them when the type comes back (measured on 15: `COALESCE((a)::bigint, b)` stays).
fn users_of(schema: &Schema, address: Address) -> BTreeSet<ObjectId> {
    let users = schema.dependencies().on(address).into_iter().map(|dependency| dependency.dependent.object);
    users.filter(|user| *user != address.object && (stands_alone(schema, *user) || is_written_over(schema, *user))).collect()
}

/// Checks, foreign keys, and indexes with an expression or a condition.
fn is_written_over(schema: &Schema, id: ObjectId) -> bool {
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Index(index)) => {
            let plain = index.predicate.is_none() && index.keys.iter().all(|key| key.column.is_some());
            !plain && ddl::constraint_of(schema, id).is_none() && index.parent.is_none()
        }
        Some(ObjectBody::Constraint(constraint)) => {
            let is_own = constraint.is_local && constraint.parent.is_none();
            is_own && matches!(constraint.kind, ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude { .. })
        }
        _ => false,
    }
}

/// Kept routines whose parameters or result are of a type that is made again.
fn routines_over(work: &Workspace<'_>, remade: &BTreeSet<ObjectId>) -> Vec<ObjectId> {
    let users = remade.iter().flat_map(|id| work.after.dependencies().on_object(*id)).map(|dependency| dependency.dependent.object);
    let routines = users.filter(|id| matches!(work.after.get(*id).map(|object| &object.body), Some(ObjectBody::Function(_))));
    routines.filter(|id| work.kept.contains(id)).collect()
}

/// Whether the object is one that has to be dropped by hand (indexes and constraints follow their columns by themselves).
fn stands_alone(schema: &Schema, id: ObjectId) -> bool {
    matches!(schema.get(id).map(|object| &object.body), Some(ObjectBody::View(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_) | ObjectBody::Trigger(_)))
}

/// Drops what is new or rebuilt and hangs on tables: policies, triggers, rules, views, foreign keys, then indexes and other constraints of kept tables.
pub(super) fn take_down(work: &mut Workspace<'_>) {
    let mut order = ddl::creation_order(work.after);
    order.reverse();
    for round in [Round::Readers, Round::ForeignKeys, Round::Keys, Round::Routines] {
        for id in &order {
            if work.is_removed(*id) && round_of(work, *id) == Some(round) {
                let sql = ddl::drop_object(&work.now, *id);
                work.push(sql, "take down what is new or in the way");
                remove_with_parts(&mut work.now, *id);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    Readers,
    ForeignKeys,
    Keys,
    Routines,
}

fn round_of(work: &Workspace<'_>, id: ObjectId) -> Option<Round> {
    let stays = |table: ObjectId| work.kept.contains(&table);
    match &work.after.get(id)?.body {
        ObjectBody::View(_) => Some(Round::Readers),
        ObjectBody::Policy(policy) if stays(policy.table) => Some(Round::Readers),
        ObjectBody::Rule(rule) if stays(rule.table) && !work.rebuilt.contains(&rule.table) => Some(Round::Readers),
        ObjectBody::Trigger(trigger) if trigger.table.is_none_or(|table| stays(table) && !work.rebuilt.contains(&table)) => Some(Round::Readers),
        // Roles go last: see `remake::drop_roles`.
        ObjectBody::Other(other) if other.table.is_none_or(stays) && other.kind != ObjectKind::Role => Some(Round::Readers),
        ObjectBody::Constraint(constraint) => {
            let comes_from_above = !constraint.is_local || constraint.parent.is_some();
            match &constraint.kind {
                ConstraintKind::ForeignKey(_) if comes_from_above => None,
                ConstraintKind::ForeignKey(_) => Some(Round::ForeignKeys),
                _ if comes_from_above => None,
                ConstraintKind::Trigger => None,
                ConstraintKind::NotNull { .. } => None,
                ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } | ConstraintKind::Check { .. } | ConstraintKind::Exclude { .. } => {
                    stays(constraint.owner).then_some(Round::Keys)
                }
            }
        }
        ObjectBody::Index(index) if stays(index.table) && ddl::constraint_of(work.after, id).is_none() && index.parent.is_none() => Some(Round::Keys),
        ObjectBody::Function(_) if work.rebuilt.contains(&id) => Some(Round::Routines),
        ObjectBody::Policy(_)
        | ObjectBody::Rule(_)
        | ObjectBody::Trigger(_)
        | ObjectBody::Other(_)
        | ObjectBody::Index(_)
        | ObjectBody::Schema
        | ObjectBody::Table(_)
        | ObjectBody::Sequence(_)
        | ObjectBody::Type(_)
        | ObjectBody::Function(_)
        | ObjectBody::Extension(_) => None,
    }
}

/// Takes an object out of a working schema with what goes along silently.
pub(super) fn remove_with_parts(schema: &mut Schema, id: ObjectId) {
    let mut open = vec![id];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        // The whole goes, and so does what belongs to any part of it: a sequence that a column owns, an index on a column.
        let silent = schema
            .dependencies()
            .on_object(id)
            .into_iter()
            .filter(|dependency| dependency.kind != crate::schema::DependencyKind::Normal && dependency.dependent.part == Part::Whole);
        open.extend(silent.map(|dependency| dependency.dependent.object).collect::<Vec<_>>());
        open.extend(schema.on_table(id));
    }
    for id in seen {
        schema.remove(id);
    }
}
