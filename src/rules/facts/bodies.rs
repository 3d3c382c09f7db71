//! Facts about what rests on a changed thing without the server's knowing: bodies of routines, and views that were made of all columns.

use std::collections::BTreeSet;

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, Subject};
use super::super::item::Item;
use super::change::name_of;
use crate::lineage::bind_body;
use crate::migrate::{ChangeKind, ColumnChange, ObjectChange};
use crate::name::Name;
use crate::schema::{ObjectBody, ObjectId, Schema};

const CHANGES: &[Subject] = &[Subject::Change];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact(
        "change.breaks_routines",
        FactType::Texts,
        CHANGES,
        "Routines and trigger functions that are there when the migration ends, and of which a statement fails from this change on; each with the server's words.",
        |item| broken_routines(item).into(),
    ),
    fact(
        "change.leaves_views_behind",
        FactType::Texts,
        CHANGES,
        "For a new column: views that give all columns the table had before, and not the new one.",
        |item| stale_views(item).into(),
    ),
];

/// The name that is gone from its place after a change.
fn lost_name(item: &Item<'_>) -> Option<Name> {
    let before = item.step?.before;
    match &item.change()?.kind {
        ChangeKind::Object(id, ObjectChange::Dropped | ObjectChange::Renamed { .. } | ObjectChange::Moved { .. }) => {
            before.get(*id).map(|object| object.name.clone())
        }
        ChangeKind::Column(_, _, ColumnChange::Dropped(column)) => Some(column.name.clone()),
        ChangeKind::Column(id, number, ColumnChange::Renamed { .. } | ColumnChange::Retyped { .. }) => {
            before.column(*id, *number).map(|column| column.name.clone())
        }
        ChangeKind::Object(..) | ChangeKind::Column(..) | ChangeKind::Data(..) => None,
    }
}

fn broken_routines(item: &Item<'_>) -> Vec<String> {
    let (Some(step), Some(lost)) = (item.step, lost_name(item)) else { return Vec::new() };
    let Some(routines) = item.world.named_in_bodies.get(&lost) else { return Vec::new() };
    let end = item.end_of_migration();
    let mut broken = BTreeSet::new();
    for routine in routines {
        for table in tables_of(end, *routine) {
            let error = |schema: &Schema| {
                let body = bind_body(schema, step.session, *routine, table)?;
                let sure = |part: &&crate::lineage::BodyPart| !part.guarded && part.error().is_some_and(|error| error.unknown.is_none());
                body.parts.iter().find(sure).and_then(|part| Some((part.line, part.error()?.message.clone())))
            };
            // What fails before the change, or no longer when the migration ends, is not its doing.
            if error(step.before).is_some() || error(step.after).is_none() {
                continue;
            }
            if let Some((line, message)) = error(end) {
                broken.insert(format!("{}, line {line} of its body: {message}", name_of(end, *routine)));
            }
        }
    }
    broken.into_iter().collect()
}

/// The tables that a trigger function fires on; `None` for any other routine.
fn tables_of(schema: &Schema, routine: ObjectId) -> Vec<Option<ObjectId>> {
    let Some(ObjectBody::Function(function)) = schema.get(routine).map(|object| &object.body) else { return Vec::new() };
    if !function.returns.as_ref().is_some_and(|returns| returns.is_builtin("trigger")) {
        return vec![None];
    }
    let triggers = schema.dependencies().on_object(routine).into_iter().filter_map(|dependency| match &schema.get(dependency.dependent.object)?.body {
        ObjectBody::Trigger(trigger) => trigger.table,
        _ => None,
    });
    triggers.collect::<BTreeSet<_>>().into_iter().map(Some).collect()
}

/// Whether the table had at least so many columns that naming all of them by chance is unlikely.
const FEWEST_COLUMNS: usize = 2;

fn stale_views(item: &Item<'_>) -> Vec<String> {
    let (Some(change), Some(step)) = (item.change(), item.step) else { return Vec::new() };
    let ChangeKind::Column(table, number, ColumnChange::Added) = &change.kind else { return Vec::new() };
    let old: Vec<&Name> = step.before.columns(*table).iter().map(|column| &column.name).collect();
    let end = item.end_of_migration();
    let Some(new) = end.column(*table, *number).map(|column| &column.name) else { return Vec::new() };
    if old.len() < FEWEST_COLUMNS {
        return Vec::new();
    }
    let dependents: BTreeSet<ObjectId> = end.dependencies().on_object(*table).into_iter().map(|dependency| dependency.dependent.object).collect();
    let stale = dependents.into_iter().filter(|id| {
        let given: Vec<&Name> = end.columns(*id).iter().map(|column| &column.name).collect();
        end.view(*id).is_some() && given.windows(old.len()).any(|part| part == old.as_slice()) && !given.contains(&new)
    });
    stale.map(|id| name_of(end, id)).collect()
}
