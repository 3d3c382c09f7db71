//! What happens to a consumer that writes: rows refused, or stored differently from what was meant.

use std::collections::BTreeSet;

use super::compare::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use super::path::label;
use super::understanding::Understanding;
use crate::lineage::Role;
use crate::migrate::{ChangeKind, ObjectChange, Step};
use crate::schema::{Address, Column, ColumnGeneration, ColumnNumber, ConstraintKind, ObjectBody, ObjectId, Part, Schema};
use crate::sql::tree::IdentityKind;

/// A table that a subject inserts into, and the columns it names.
struct Target {
    table: ObjectId,
    named: BTreeSet<ColumnNumber>,
}

/// What the schema after does to the rows that the subject writes.
pub(super) fn write_changes(steps: &[Step], before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    for target in targets(before.understanding) {
        if after.schema.table(target.table).is_none() {
            continue;
        }
        for column in after.schema.columns(target.table) {
            let was = before.schema.column(target.table, column.number);
            found.extend(column_change(after.schema, &target, was, column));
        }
        found.extend(new_constraints(steps, after.schema, &target));
    }
    found
}

fn targets(understanding: &Understanding) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for (address, roles) in &understanding.direct {
        let Part::Column(number) = address.part else { continue };
        if !roles.contains(&Role::Write) {
            continue;
        }
        match targets.iter_mut().find(|target| target.table == address.object) {
            Some(target) => {
                target.named.insert(number);
            }
            None => targets.push(Target { table: address.object, named: BTreeSet::from([number]) }),
        }
    }
    targets
}

fn column_change(schema: &Schema, target: &Target, was: Option<&Column>, is: &Column) -> Option<Difference> {
    let address = Address::column(target.table, is.number);
    let name = label(schema, address);
    if target.named.contains(&is.number) {
        let was = was?;
        if is.not_null && !was.not_null {
            return Some(written(EffectKind::MayFail, format!("{name} refuses NULL now"), Some("23502"), address));
        }
        if matches!(is.generation, ColumnGeneration::Identity(IdentityKind::Always, _) | ColumnGeneration::Generated(..)) && was.generation != is.generation {
            return Some(written(EffectKind::Breaks, format!("{name} takes no value from a writer any more"), Some("428C9"), address));
        }
        if was.data_type != is.data_type {
            let message = format!("what is written to {name} is converted to another type, and refused where it does not fit");
            return Some(written(EffectKind::MayFail, message, Some("22001"), address));
        }
        return None;
    }
    let filled = !matches!(is.generation, ColumnGeneration::None);
    let was_required = was.is_some_and(|was| was.not_null && matches!(was.generation, ColumnGeneration::None));
    if is.not_null && !filled && !was_required {
        return Some(written(EffectKind::Breaks, format!("{name} must be given and has no default, and the writer does not give it"), Some("23502"), address));
    }
    let was = was?;
    if was.generation != is.generation && !matches!(was.generation, ColumnGeneration::None) {
        let message = format!("rows that do not name {name} get another value than before");
        return Some(written(EffectKind::ChangesSilently, message, None, address));
    }
    None
}

fn new_constraints(steps: &[Step], after: &Schema, target: &Target) -> Vec<Difference> {
    let mut found = Vec::new();
    for change in steps.iter().flat_map(|step| &step.outcome.changes) {
        let ChangeKind::Object(object, ObjectChange::Created) = &change.kind else { continue };
        let Some(ObjectBody::Constraint(constraint)) = after.get(*object).map(|object| &object.body) else { continue };
        if constraint.owner != target.table {
            continue;
        }
        let table = label(after, Address::whole(target.table));
        let (message, sqlstate) = match &constraint.kind {
            ConstraintKind::Check { .. } => (format!("{table} checks each row that is written"), "23514"),
            ConstraintKind::ForeignKey(_) => (format!("{table} refuses rows that refer to nothing"), "23503"),
            ConstraintKind::Unique { .. } | ConstraintKind::PrimaryKey { .. } | ConstraintKind::Exclude { .. } => {
                (format!("{table} refuses rows that are there already"), "23505")
            }
            ConstraintKind::NotNull { .. } | ConstraintKind::Trigger => continue,
        };
        found.push(written(EffectKind::MayFail, message, Some(sqlstate), Address::whole(target.table)));
    }
    found
}

fn written(kind: EffectKind, message: String, sqlstate: Option<&'static str>, about: Address) -> Difference {
    let evidence = Evidence { sqlstate, message: message.clone(), ..Evidence::default() };
    Difference { kind, cause: Cause::Writes, message, about: vec![about], evidence }
}
