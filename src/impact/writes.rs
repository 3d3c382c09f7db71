//! What happens to a consumer that writes: rows refused, or stored differently from what was meant.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use super::path::label;
use super::understanding::Understanding;
use crate::lineage::Role;
use crate::migrate::{ChangeKind, ObjectChange, Step};
use crate::schema::{Address, Column, ColumnGeneration, ColumnNumber, ConstraintKind, DataType, Definition, ObjectBody, ObjectId, Part, Schema};
use crate::sql::tree::IdentityKind;
use crate::typing::{Cast, CastContext, Rewrite, cast, rewrite};

/// A table that a subject writes to, and the columns it names.
struct Target {
    table: ObjectId,
    named: BTreeSet<ColumnNumber>,
    /// Whether it adds rows, so that columns it does not name are filled too.
    adds_rows: bool,
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
    let inserts: BTreeSet<ObjectId> = understanding.bindings.iter().flat_map(|binding| &binding.inserts).copied().collect();
    // How a declared writer writes is not known: it may add rows.
    let declared: BTreeSet<ObjectId> =
        understanding.declared.roles().iter().filter(|(_, roles)| roles.contains(&Role::Write)).map(|(address, _)| address.object).collect();
    let mut named: BTreeMap<ObjectId, BTreeSet<ColumnNumber>> = BTreeMap::new();
    for (address, roles) in &understanding.direct {
        if let Part::Column(number) = address.part
            && roles.contains(&Role::Write)
        {
            named.entry(address.object).or_default().insert(number);
        }
    }
    let target = |(table, named)| Target { table, named, adds_rows: inserts.contains(&table) || declared.contains(&table) };
    named.into_iter().map(target).collect()
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
        if was.data_type != is.data_type && !takes_the_same(schema, &was.data_type, &is.data_type) {
            let message = format!("what is written to {name} is converted to another type, and refused where it does not fit");
            return Some(written(EffectKind::MayFail, message, Some("22001"), address));
        }
        return None;
    }
    if !target.adds_rows {
        return None;
    }
    let filled = !matches!(is.generation, ColumnGeneration::None);
    let was_required = was.is_some_and(|was| was.not_null && matches!(was.generation, ColumnGeneration::None));
    if is.not_null && !filled && !was_required {
        return Some(written(EffectKind::Breaks, format!("{name} must be given and has no default, and the writer does not give it"), Some("23502"), address));
    }
    let was = was?;
    if !fills_alike(schema, &was.generation, &is.generation) && !matches!(was.generation, ColumnGeneration::None) {
        let message = format!("rows that do not name {name} get another value than before");
        return Some(written(EffectKind::ChangesSilently, message, None, address));
    }
    None
}

/// Whether a type takes every value that another takes: the bytes stay, or there is a cast that the server makes by itself and that cannot fail.
fn takes_the_same(schema: &Schema, was: &DataType, is: &DataType) -> bool {
    const PLAIN: &[&str] = &["int2", "int4", "int8", "numeric", "float4", "float8", "text", "varchar", "date", "timestamp", "timestamptz"];
    let plain = |data_type: &DataType| PLAIN.iter().any(|name| data_type.is_builtin(name));
    let wider = plain(was) && plain(is) && is.modifiers.is_empty() && matches!(cast(schema, was, is, CastContext::Implicit), Cast::By(_));
    wider || rewrite(schema, was, is, None) == Rewrite::None
}

/// Whether a row that does not name the column gets the same: the cast behind a default follows the column's type and says nothing.
fn fills_alike(schema: &Schema, was: &ColumnGeneration, is: &ColumnGeneration) -> bool {
    match (was, is) {
        (ColumnGeneration::Identity(_, one), ColumnGeneration::Identity(_, other)) => one == other,
        (ColumnGeneration::Default(one), ColumnGeneration::Default(other)) => {
            let text = |definition: &Definition| {
                let text = definition.print(schema);
                text.rsplit_once("::").filter(|(value, _)| value.ends_with('\'')).map_or_else(|| text.clone(), |(value, _)| value.to_owned())
            };
            one == other || text(one) == text(other)
        }
        _ => was == is,
    }
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
        let object = *object;
        let (message, sqlstate) = match &constraint.kind {
            ConstraintKind::Check { .. } => (format!("{table} checks each row that is written"), "23514"),
            ConstraintKind::ForeignKey(_) => (format!("{table} refuses rows that refer to nothing"), "23503"),
            ConstraintKind::Unique { .. } | ConstraintKind::PrimaryKey { .. } | ConstraintKind::Exclude { .. } => {
                (format!("{table} refuses rows that are there already"), "23505")
            }
            ConstraintKind::NotNull { .. } | ConstraintKind::Trigger => continue,
        };
        found.push(written(EffectKind::MayFail, message, Some(sqlstate), Address::whole(object)));
    }
    found
}

fn written(kind: EffectKind, message: String, sqlstate: Option<&'static str>, about: Address) -> Difference {
    let evidence = Evidence { sqlstate, message: message.clone(), ..Evidence::default() };
    Difference { kind, cause: Cause::Writes, message, about: vec![about], evidence }
}
