//! What would refuse rows on their way back although all is well in the end: it is taken down first and made again when they are there.
//!
//! The server looks at each row as it is written (manual, CREATE TABLE, 15: a unique constraint that is not deferrable is checked for each row),
//! so that two rows that change places collide; and rows that were there under a constraint that is not valid are refused by it now.

use std::collections::BTreeSet;

use super::damage::Damage;
use super::saving::Saving;
use crate::schema::{Address, ColumnNumber, ConstraintKind, ForeignKey, Index, ObjectBody, ObjectId, Part, Schema};

/// Constraints, indexes and rules of both schemas that must not stand while rows are put back.
pub(super) fn obstacles(before: &Schema, after: &Schema, saving: &Saving) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    for (table, damage) in saving.damages.iter().filter(|(_, damage)| !damage.table) {
        for part in before.on_table(*table).into_iter().filter(|part| after.get(*part).is_some()) {
            if stands_in_the_way(before, (*table, damage), part, saving) {
                found.insert(part);
            }
        }
        found.extend(
            references(before, *table)
                .into_iter()
                .filter(|(id, key)| after.get(*id).is_some() && is_touched(&key.referenced_columns, damage))
                .map(|(id, _)| id),
        );
    }
    // A key that goes for a while takes along those that refer to it.
    let indexes: BTreeSet<ObjectId> = found.iter().filter_map(|id| index_behind(before, *id)).chain(found.iter().copied()).collect();
    for table in saving.damages.keys() {
        let over = references(before, *table)
            .into_iter()
            .filter(|(id, key)| after.get(*id).is_some() && key.referenced_index.is_some_and(|index| indexes.contains(&index)));
        found.extend(over.map(|(id, _)| id));
    }
    found
}

fn stands_in_the_way(before: &Schema, (table, damage): (ObjectId, &Damage), part: ObjectId, saving: &Saving) -> bool {
    match before.get(part).map(|object| &object.body) {
        Some(ObjectBody::Rule(_)) => true,
        Some(ObjectBody::Index(index)) => {
            index.unique && crate::schema::ddl::constraint_of(before, part).is_none() && index.parent.is_none() && is_indexed(before, part, index, damage)
        }
        Some(ObjectBody::Constraint(constraint)) => {
            if !constraint.is_local || constraint.parent.is_some() {
                return false;
            }
            match &constraint.kind {
                ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => is_touched(columns, damage),
                ConstraintKind::Exclude { index, .. } => before.index(*index).is_some_and(|body| is_indexed(before, *index, body, damage)),
                ConstraintKind::Check { .. } => !constraint.validated,
                ConstraintKind::ForeignKey(key) => !constraint.validated || comes_too_early(table, damage, key, saving),
                ConstraintKind::NotNull { .. } | ConstraintKind::Trigger => false,
            }
        }
        _ => false,
    }
}

/// Whether values of these columns are written over; those of a column that comes back have no constraint yet.
fn is_touched(columns: &[ColumnNumber], damage: &Damage) -> bool {
    columns.iter().any(|column| damage.columns.contains(column))
}

/// Whether the index holds these columns, or reads them in an expression or a condition.
fn is_indexed(schema: &Schema, id: ObjectId, index: &Index, damage: &Damage) -> bool {
    let is_written = |address: Address| address.object == index.table && matches!(address.part, Part::Column(number) if damage.columns.contains(&number));
    let of_keys = index.keys.iter().any(|key| key.column.is_some_and(|column| damage.columns.contains(&column)));
    of_keys || schema.dependencies().of_object(id).into_iter().any(|dependency| is_written(dependency.on))
}

/// Whether rows that refer are put back before those that they refer to.
fn comes_too_early(table: ObjectId, damage: &Damage, key: &ForeignKey, saving: &Saving) -> bool {
    let place = |id: ObjectId| saving.order.iter().position(|own| *own == id);
    let is_written = damage.rows || is_touched(&key.columns, damage);
    is_written && key.references != table && place(key.references) > place(table)
}

/// Foreign keys that refer to the table.
fn references(schema: &Schema, table: ObjectId) -> Vec<(ObjectId, &ForeignKey)> {
    let dependents: BTreeSet<ObjectId> = schema.dependencies().on_object(table).into_iter().map(|dependency| dependency.dependent.object).collect();
    let keys = dependents.into_iter().filter_map(|id| match schema.constraint(id)?.kind {
        ConstraintKind::ForeignKey(ref key) if key.references == table && schema.constraint(id)?.parent.is_none() => Some((id, key)),
        _ => None,
    });
    keys.collect()
}

fn index_behind(schema: &Schema, id: ObjectId) -> Option<ObjectId> {
    match schema.constraint(id)?.kind {
        ConstraintKind::PrimaryKey { index, .. } | ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index, .. } => Some(index),
        ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Trigger => None,
    }
}
