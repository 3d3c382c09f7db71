//! What is looked up again and again while rules are asked, gathered once.

use std::collections::BTreeMap;

use super::item::World;
use super::{JudgeInput, JudgedMigration};
use crate::hazard::{Hazard, TableAge};
use crate::impact::Effect;
use crate::migrate::{ChangeId, ChangeKind, ObjectChange};
use crate::name::{Name, Quoting};
use crate::schema::{ObjectBody, ObjectId, Schema};
use crate::sql::tree::{AlterTypeAction, ObjectAction, Statement, StatementKind};

/// What is the same for all items of a run.
pub(super) fn world<'a>(input: &'a JudgeInput<'a>) -> World<'a> {
    let mut effects: BTreeMap<ChangeId, Vec<&Effect>> = BTreeMap::new();
    let mut effects_of: BTreeMap<u32, Vec<(usize, &Effect)>> = BTreeMap::new();
    for (number, effect) in input.effects.iter().enumerate() {
        effects_of.entry(effect.migration).or_default().push((number, effect));
        if let Some(change) = effect.change {
            effects.entry(change).or_default().push(effect);
        }
    }
    let mut world = World {
        input,
        effects,
        effects_of,
        made: BTreeMap::new(),
        makings: BTreeMap::new(),
        changes: BTreeMap::new(),
        locked_by: locked_by(input.hazards),
        named_in_bodies: named_in_bodies(&input.run.after),
        label_adders: label_adders(input.migrations),
    };
    for (index, step) in input.run.steps.iter().enumerate() {
        for change in &step.outcome.changes {
            world.changes.insert(change.id, (index, change));
            if let ChangeKind::Object(object, ObjectChange::Created) = change.kind {
                world.made.insert(object, step.id.migration);
                world.makings.insert(object, change.id);
            }
        }
    }
    world
}

/// The first statement of each migration that adds a label to an enum.
fn label_adders(migrations: &[JudgedMigration<'_>]) -> BTreeMap<u32, u32> {
    let adds = |statement: &Statement| match &statement.kind {
        StatementKind::AlterObject(alter) => match &alter.action {
            ObjectAction::Type(actions) => actions.iter().any(|action| matches!(action.value, AlterTypeAction::AddValue { .. })),
            _ => false,
        },
        _ => false,
    };
    let first = |migration: &JudgedMigration<'_>| migration.statements.iter().position(adds).and_then(|at| u32::try_from(at).ok());
    (0..).zip(migrations).filter_map(|(index, migration)| Some((index, first(migration)?))).collect()
}

/// The migrations that keep readers from each table, with the first statement of each that does.
fn locked_by(hazards: &[Hazard]) -> BTreeMap<ObjectId, BTreeMap<u32, (&Hazard, &str)>> {
    let mut all: BTreeMap<ObjectId, BTreeMap<u32, (&Hazard, &str)>> = BTreeMap::new();
    for hazard in hazards.iter().flat_map(Hazard::with_inner) {
        for table in hazard.tables.iter().filter(|table| table.age == TableAge::Before && table.lock.blocks_reads()) {
            all.entry(table.table).or_default().entry(hazard.statement.migration).or_insert((hazard, &table.name));
        }
    }
    all
}

/// The words of the bodies that the server keeps as text.
fn named_in_bodies(schema: &Schema) -> BTreeMap<Name, Vec<ObjectId>> {
    let mut words: BTreeMap<Name, Vec<ObjectId>> = BTreeMap::new();
    for object in schema.objects() {
        let ObjectBody::Function(function) = &object.body else { continue };
        let Some(body) = function.body.as_ref().filter(|_| function.bound_body.is_none()) else { continue };
        for word in body.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$')).filter(|word| !word.is_empty()) {
            let routines = words.entry(schema.dialect.fold(word, Quoting::Bare)).or_default();
            if routines.last() != Some(&object.id) {
                routines.push(object.id);
            }
        }
    }
    words
}
