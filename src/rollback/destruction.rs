//! What a migration destroys of each table: columns' values, rows, or all of it.
//!
//! In: the schemas before and after, and the outcomes of the statements. Out: a [`Damage`] for each table, and what cannot be saved.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::changes_expression;
use super::damage::{Damage, is_computed, label};
use super::plan::Loss;
use super::row_changes::Follower;
use crate::migrate::{ChangeKind, Conversion, DataChange, Step};
use crate::schema::{Address, Column, ColumnNumber, DataType, ObjectBody, ObjectId, Schema, TableKind, TypeIdentity, UserType};

/// Works out what every table loses.
pub(super) fn damages(before: &Schema, after: &Schema, steps: &[Step], loses: &mut Vec<Loss>) -> BTreeMap<ObjectId, Damage> {
    let mut damages: BTreeMap<ObjectId, Damage> = BTreeMap::new();
    for object in before.objects() {
        let ObjectBody::Table(old) = &object.body else { continue };
        if old.kind == TableKind::Foreign || old.partition_bound.is_some() && old.parents.iter().any(|parent| after.get(*parent).is_none()) {
            continue;
        }
        let Some(new) = after.table(object.id) else {
            damages.entry(object.id).or_default().table = true;
            continue;
        };
        for column in old.columns.iter().filter(|column| !is_computed(column)) {
            let lost = match new.column(column.number) {
                None => true,
                Some(is) => changes_expression(column, is) || (column.data_type != is.data_type && !comes_back(&column.data_type, &is.data_type)),
            };
            if lost {
                damages.entry(object.id).or_default().columns.insert(column.number);
            }
        }
    }
    let conversions = conversions(steps);
    for step in steps {
        for change in &step.outcome.changes {
            let ChangeKind::Data(relation, data) = &change.kind else { continue };
            if let DataChange::Converted { column, by } = data {
                let is_given_back = *by == Conversion::Cast
                    && conversions.get(&Address::column(*relation, *column)) == Some(&1)
                    && before
                        .column(*relation, *column)
                        .zip(after.column(*relation, *column))
                        .is_some_and(|(was, is)| comes_back(&was.data_type, &is.data_type));
                if before.column(*relation, *column).is_some() && !is_given_back {
                    damages.entry(*relation).or_default().columns.insert(*column);
                }
            } else {
                Follower { before, now: &step.before, damages: &mut damages, loses }.follow(*relation, data);
            }
        }
    }
    lost_attributes(before, after, loses);
    settle(before, after, &mut damages);
    damages
}

/// What is said of a table that goes is all; a partition loses nothing that its partitioned table does not lose.
fn settle(before: &Schema, after: &Schema, damages: &mut BTreeMap<ObjectId, Damage>) {
    for (id, damage) in damages.iter_mut() {
        if damage.table || after.table(*id).is_none() {
            *damage = Damage { table: damage.table, ..Damage::default() };
        } else {
            damage.columns.retain(|number| before.column(*id, *number).is_some_and(|column| !is_computed(column)));
        }
    }
    let is_saved_above = |id: ObjectId, damage: &Damage| {
        let (Some(was), Some(is)) = (before.table(id), after.table(id)) else { return false };
        let (Some(parent), true) = (was.parents.first(), was.partition_bound.is_some() && is.partition_bound == was.partition_bound) else { return false };
        let above = damages.get(parent).filter(|above| !above.table && is.parents.contains(parent));
        let name = |number: &ColumnNumber| was.column(*number).map(|column| column.name.clone());
        let is_above = |number: &ColumnNumber, above: &Damage| {
            above.columns.iter().any(|own| before.column(*parent, *own).map(|column| column.name.clone()) == name(number))
        };
        above.is_some_and(|above| (above.rows || !damage.rows) && damage.columns.iter().all(|number| is_above(number, above)))
    };
    let above: Vec<ObjectId> = damages.iter().filter(|(id, damage)| !damage.table && is_saved_above(**id, damage)).map(|(id, _)| *id).collect();
    for id in above {
        damages.remove(&id);
    }
    damages.retain(|_, damage| damage.table || damage.rows || !damage.columns.is_empty());
}

/// Values inside values: an attribute that goes from a composite type takes its part of every column of that type along.
fn lost_attributes(before: &Schema, after: &Schema, loses: &mut Vec<Loss>) {
    for object in before.objects() {
        let is_row_type = match &object.body {
            ObjectBody::Type(UserType::Composite { .. }) => true,
            ObjectBody::Table(table) => table.kind != TableKind::Foreign,
            _ => false,
        };
        if !is_row_type || after.get(object.id).is_none() {
            continue;
        }
        let parts = before.columns(object.id);
        let changes = |column: &Column| after.column(object.id, column.number).is_none_or(|is| is.data_type != column.data_type);
        let is_used = || holders(before, object.id).into_iter().any(|holder| after.get(holder).is_some());
        for part in parts.iter().filter(|column| changes(column)) {
            if is_used() {
                let what = format!("{}.{}", label(before, object.id), part.name);
                let why = String::from("columns hold values of this type, and their part of it is not saved");
                loses.push(Loss { what, why, rows: None, count_query: None });
            }
        }
    }
}

/// Tables with a column of this type, or of a type made of it.
fn holders(schema: &Schema, id: ObjectId) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        for dependency in schema.dependencies().on_object(id) {
            let user = dependency.dependent.object;
            let holds = |column: &Column| column.data_type.identity == TypeIdentity::Object(id);
            match schema.get(user).map(|object| &object.body) {
                Some(ObjectBody::Table(table)) if user != id && table.columns.iter().any(holds) => {
                    found.insert(user);
                    open.push(user);
                }
                Some(ObjectBody::Type(_)) => open.push(user),
                _ => {}
            }
        }
    }
    found
}

/// How often each column is converted: what one cast keeps, a second may not.
fn conversions(steps: &[Step]) -> BTreeMap<Address, u32> {
    let mut conversions = BTreeMap::new();
    for change in steps.iter().flat_map(|step| &step.outcome.changes) {
        if let ChangeKind::Data(table, DataChange::Converted { column, .. }) = &change.kind {
            *conversions.entry(Address::column(*table, *column)).or_default() += 1;
        }
    }
    conversions
}

/// Whether every value of the old type is given back by the conversion there and the plain conversion back.
/// Only pairs for which that is certain; everything else is saved.
fn comes_back(old: &DataType, new: &DataType) -> bool {
    let (TypeIdentity::Builtin(was), TypeIdentity::Builtin(is)) = (&old.identity, &new.identity) else { return false };
    if old.array != new.array {
        return false;
    }
    let number = |data_type: &DataType, place: usize| data_type.modifiers.get(place).and_then(|text| text.parse::<i64>().ok());
    let wider = |place: usize| number(new, place).is_none_or(|is| number(old, place).is_some_and(|was| is >= was));
    match (&**was, &**is) {
        ("numeric", "numeric") => {
            let same_scale = number(old, 1) == number(new, 1) && number(old, 1).is_some();
            new.modifiers.is_empty() && !old.modifiers.is_empty() || (same_scale && wider(0))
        }
        ("varchar" | "text", "varchar" | "text") => wider(0),
        ("int2", "int4" | "int8" | "numeric") | ("int4", "int8" | "numeric") | ("int8", "numeric") => new.modifiers.is_empty(),
        // A date is written in the way that the session asks for.
        ("int2" | "int4" | "int8" | "bool" | "uuid", "text" | "varchar") => new.modifiers.is_empty(),
        ("cidr", "inet") | ("date", "timestamp") => true,
        (a, b) => a == b && matches!(a, "timestamp" | "timestamptz" | "time") && wider(0),
    }
}
