//! What a migration destroys of each table: columns' values, rows, or all of it.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::changes_expression;
use super::plan::Loss;
use super::trigger_effects::{Written, trigger_effects};
use crate::migrate::{ChangeKind, Conversion, DataChange, Step};
use crate::schema::{Address, Column, ColumnGeneration, ColumnNumber, ConstraintKind, DataType, ObjectBody, ObjectId, Schema, TableKind, TypeIdentity};

/// What one table loses.
#[derive(Debug, Default)]
pub(super) struct Damage {
    /// These columns' values.
    pub(super) columns: BTreeSet<ColumnNumber>,
    /// Whole rows.
    pub(super) rows: bool,
    /// It goes altogether.
    pub(super) table: bool,
}

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
            let ChangeKind::Data(table, data) = &change.kind else { continue };
            if before.table(*table).is_some() && after.table(*table).is_some() {
                damage_by(data, *table, (before, after), step, &conversions, &mut damages, loses);
            }
        }
    }
    damages.retain(|_, damage| damage.table || damage.rows || !damage.columns.is_empty());
    damages
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

/// What a statement does to rows of a table that is there before and after.
fn damage_by(
    data: &DataChange,
    table: ObjectId,
    (before, after): (&Schema, &Schema),
    step: &Step,
    conversions: &BTreeMap<Address, u32>,
    damages: &mut BTreeMap<ObjectId, Damage>,
    loses: &mut Vec<Loss>,
) {
    let Some(old) = before.table(table) else { return };
    let written = match data {
        DataChange::Updated { columns, .. } => {
            let known = columns.iter().filter(|number| old.column(**number).is_some_and(|column| !is_computed(column))).copied();
            damages.entry(table).or_default().columns.extend(known);
            for (child, columns) in updated_along(before, table, columns) {
                damages.entry(child).or_default().columns.extend(columns);
            }
            Written::Updated
        }
        DataChange::Converted { column, by } => {
            let is_given_back = *by == Conversion::Cast
                && conversions.get(&Address::column(table, *column)) == Some(&1)
                && old.column(*column).zip(after.column(table, *column)).is_some_and(|(was, is)| comes_back(&was.data_type, &is.data_type));
            if old.column(*column).is_some() && !is_given_back {
                damages.entry(table).or_default().columns.insert(*column);
            }
            return;
        }
        DataChange::Deleted { .. } | DataChange::Truncated => {
            damages.entry(table).or_default().rows = true;
            for child in followers(before, table) {
                damages.entry(child).or_default().rows = true;
            }
            if matches!(data, DataChange::Truncated) { Written::Truncated } else { Written::Deleted }
        }
        DataChange::Inserted => {
            let why = String::from("rows that the migration inserts stay when it is undone");
            loses.push(Loss { what: label(before, table), why, rows: None, count_query: None });
            Written::Inserted
        }
        DataChange::Refreshed => return,
    };
    let effects = trigger_effects(&step.before, table, written);
    if effects.changes_the_row && written == Written::Updated {
        let key = primary_key(before, table).unwrap_or_default();
        let others = old.columns.iter().filter(|column| !is_computed(column) && !key.contains(&column.number)).map(|column| column.number);
        damages.entry(table).or_default().columns.extend(others);
    }
    for routine in effects.may_write_elsewhere {
        let why = format!("its trigger calls {routine}, which may write to other tables: that is neither saved nor undone");
        loses.push(Loss { what: label(before, table), why, rows: None, count_query: None });
    }
}

/// Columns of other tables that change with a referenced key (`ON UPDATE CASCADE`, `SET NULL`, `SET DEFAULT`), and theirs in turn.
fn updated_along(schema: &Schema, table: ObjectId, columns: &[ColumnNumber]) -> BTreeMap<ObjectId, BTreeSet<ColumnNumber>> {
    use crate::sql::tree::ForeignKeyAction;
    let mut found: BTreeMap<ObjectId, BTreeSet<ColumnNumber>> = BTreeMap::new();
    let mut open = vec![(table, columns.to_vec())];
    while let Some((parent, columns)) = open.pop() {
        for dependency in schema.dependencies().on_object(parent) {
            let Some(constraint) = schema.constraint(dependency.dependent.object) else { continue };
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            let follows = !matches!(key.on_update, ForeignKeyAction::NoAction | ForeignKeyAction::Restrict);
            if key.references != parent || !follows || !key.referenced_columns.iter().any(|column| columns.contains(column)) {
                continue;
            }
            let known = found.entry(constraint.owner).or_default();
            let new: Vec<ColumnNumber> = key.columns.iter().copied().filter(|column| known.insert(*column)).collect();
            if !new.is_empty() {
                open.push((constraint.owner, new));
            }
        }
    }
    found
}

/// Whether the server computes the column's values.
pub(super) fn is_computed(column: &Column) -> bool {
    matches!(column.generation, ColumnGeneration::Generated(..))
}

/// Tables whose rows go or change with rows of this one (`ON DELETE CASCADE`, `SET NULL`, `SET DEFAULT`), and theirs in turn.
fn followers(schema: &Schema, table: ObjectId) -> BTreeSet<ObjectId> {
    use crate::sql::tree::ForeignKeyAction;
    let mut found = BTreeSet::new();
    let mut open = vec![table];
    while let Some(parent) = open.pop() {
        for dependency in schema.dependencies().on_object(parent) {
            let Some(constraint) = schema.constraint(dependency.dependent.object) else { continue };
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            let follows = !matches!(key.on_delete, ForeignKeyAction::NoAction | ForeignKeyAction::Restrict);
            if key.references == parent && follows && found.insert(constraint.owner) {
                open.push(constraint.owner);
            }
        }
    }
    found
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
        ("int2" | "int4" | "int8" | "bool" | "uuid" | "date", "text" | "varchar") => new.modifiers.is_empty(),
        ("cidr", "inet") | ("date", "timestamp") => true,
        (a, b) => a == b && matches!(a, "timestamp" | "timestamptz" | "time") && wider(0),
    }
}

/// The name for people.
pub(super) fn label(schema: &Schema, table: ObjectId) -> String {
    schema.qualified_name(table).map(|name| name.to_string()).unwrap_or_default()
}

/// The columns of the primary key.
pub(super) fn primary_key(schema: &Schema, table: ObjectId) -> Option<Vec<ColumnNumber>> {
    schema.on_table(table).into_iter().find_map(|constraint| match &schema.constraint(constraint)?.kind {
        ConstraintKind::PrimaryKey { columns, .. } => Some(columns.clone()),
        _ => None,
    })
}
