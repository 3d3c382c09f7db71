//! What has to be saved before a migration, how it is put back, and what cannot be.
//!
//! Saved rows live in the schema `fieldgate_saved`, one table for each table that loses something. Rows are found again by the primary
//! key; where there is none, by everything else they hold, counted (`row_number`) so that equal rows pair off one to one.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::changes_expression;
use super::plan::{Check, Loss, PlanStep};
use crate::migrate::{ChangeKind, Conversion, DataChange, Step};
use crate::schema::{Address, Column, ColumnGeneration, ColumnNumber, ConstraintKind, DataType, ObjectBody, ObjectId, Schema, TableKind, TypeIdentity, ddl};

/// The schema for saved rows.
pub(super) const SAVED: &str = "fieldgate_saved";

/// What saving comes to.
#[derive(Debug, Default)]
pub(super) struct Saving {
    /// Before the migration.
    pub(super) prepare: Vec<PlanStep>,
    /// In the way back, when tables and columns are there again.
    pub(super) restore_rows: Vec<PlanStep>,
    /// In the way back, when everything else is there again.
    pub(super) restore_positions: Vec<PlanStep>,
    /// After the way back.
    pub(super) verify: Vec<Check>,
    /// When nobody wants the way back any more.
    pub(super) clean_up: Vec<PlanStep>,
    /// What does not come back.
    pub(super) loses: Vec<Loss>,
    /// Columns whose values are saved.
    pub(super) columns: BTreeSet<Address>,
}

/// What one table loses.
#[derive(Debug, Default)]
struct Damage {
    /// These columns' values.
    columns: BTreeSet<ColumnNumber>,
    /// Whole rows.
    rows: bool,
    /// It goes altogether.
    table: bool,
}

/// Works out what the migration destroys and how to save it.
pub(super) fn save(before: &Schema, after: &Schema, steps: &[Step]) -> Saving {
    let mut saving = Saving::default();
    let damages = damages(before, after, steps, &mut saving.loses);
    let columns = damages.iter().flat_map(|(table, damage)| damage.columns.iter().map(|column| Address::column(*table, *column)));
    saving.columns = columns.collect();
    let mut taken = BTreeSet::new();
    for (table, damage) in order_by_references(before, &damages) {
        save_table(before, after, table, damage, &mut taken, &mut saving);
    }
    save_positions(before, after, &mut taken, &mut saving);
    if !saving.prepare.is_empty() {
        saving.prepare.insert(0, PlanStep::new(format!("CREATE SCHEMA IF NOT EXISTS {SAVED}"), "a place for what is saved"));
    }
    saving
}

fn damages(before: &Schema, after: &Schema, steps: &[Step], loses: &mut Vec<Loss>) -> BTreeMap<ObjectId, Damage> {
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
    // What one cast keeps, a second may not.
    let mut conversions: BTreeMap<(ObjectId, ColumnNumber), u32> = BTreeMap::new();
    for change in steps.iter().flat_map(|step| &step.outcome.changes) {
        if let ChangeKind::Data(table, DataChange::Converted { column, .. }) = &change.kind {
            *conversions.entry((*table, *column)).or_default() += 1;
        }
    }
    for change in steps.iter().flat_map(|step| &step.outcome.changes) {
        let ChangeKind::Data(table, data) = &change.kind else { continue };
        let Some(old) = before.table(*table).filter(|_| after.table(*table).is_some()) else { continue };
        match data {
            DataChange::Updated { columns, .. } => {
                let known = columns.iter().filter(|number| old.column(**number).is_some_and(|column| !is_computed(column))).copied();
                damages.entry(*table).or_default().columns.extend(known);
            }
            DataChange::Converted { column, by } => {
                let is_given_back = *by == Conversion::Cast
                    && conversions.get(&(*table, *column)) == Some(&1)
                    && old.column(*column).zip(after.column(*table, *column)).is_some_and(|(was, is)| comes_back(&was.data_type, &is.data_type));
                if old.column(*column).is_some() && !is_given_back {
                    damages.entry(*table).or_default().columns.insert(*column);
                }
            }
            DataChange::Deleted { .. } | DataChange::Truncated => {
                damages.entry(*table).or_default().rows = true;
                for child in followers(before, *table) {
                    damages.entry(child).or_default().rows = true;
                }
            }
            DataChange::Inserted => loses.push(Loss {
                what: label(before, *table),
                why: String::from("rows that the migration inserts stay when it is undone"),
                rows: None,
                count_query: None,
            }),
            DataChange::Refreshed => {}
        }
    }
    damages.retain(|_, damage| damage.table || damage.rows || !damage.columns.is_empty());
    damages
}

fn is_computed(column: &Column) -> bool {
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

/// Referenced tables before those that refer to them, so that rows can be put back in this order.
fn order_by_references<'d>(schema: &Schema, damages: &'d BTreeMap<ObjectId, Damage>) -> Vec<(ObjectId, &'d Damage)> {
    let mut order: Vec<ObjectId> = Vec::new();
    let mut open: Vec<(ObjectId, bool)> = damages.keys().rev().map(|table| (*table, false)).collect();
    let mut seen = BTreeSet::new();
    while let Some((table, done)) = open.pop() {
        if done {
            order.push(table);
            continue;
        }
        if !seen.insert(table) {
            continue;
        }
        open.push((table, true));
        for id in schema.on_table(table) {
            if let Some(ConstraintKind::ForeignKey(key)) = schema.constraint(id).map(|constraint| &constraint.kind)
                && damages.contains_key(&key.references)
            {
                open.push((key.references, false));
            }
        }
    }
    order.into_iter().filter_map(|table| Some((table, damages.get(&table)?))).collect()
}

fn label(schema: &Schema, table: ObjectId) -> String {
    schema.qualified_name(table).map(|name| name.to_string()).unwrap_or_default()
}

/// A name in the schema for saved rows that nobody has yet, of at most 63 bytes.
fn saved_name(schema: &Schema, id: ObjectId, taken: &mut BTreeSet<String>) -> String {
    let full = label(schema, id).replace('.', "__");
    let mut name: String = full.chars().take(50).collect();
    let mut number = 1;
    while name.len() > 58 || !taken.insert(name.clone()) {
        number += 1;
        let stem: String = full.chars().take(if name.len() > 58 { 20 } else { 44 }).collect();
        name = format!("{stem}_{number}");
    }
    format!("{SAVED}.{}", schema.dialect.quote(&crate::name::Name::stored(name)))
}

fn save_table(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage, taken: &mut BTreeSet<String>, saving: &mut Saving) {
    let Some(table) = before.table(id) else { return };
    let name = ddl::quoted_name(before, id);
    let saved = saved_name(before, id, taken);
    let only = if table.kind == TableKind::Partitioned { "" } else { "ONLY " };
    let quote = |column: &Column| before.dialect.quote(&column.name);
    let stored: Vec<&Column> = table.columns.iter().filter(|column| !is_computed(column)).collect();
    let rows = table.size.map(|size| size.rows);
    if damage.table || damage.rows {
        let list: Vec<String> = stored.iter().map(|column| quote(column)).collect();
        let list = list.join(", ");
        saving
            .prepare
            .push(PlanStep::new(format!("CREATE TABLE {saved} AS SELECT {list} FROM {only}{name}"), format!("save the rows of {}", label(before, id))));
        let insert = format!("INSERT INTO {name} ({list}) OVERRIDING SYSTEM VALUE SELECT {list} FROM {saved} AS s");
        let key = key_columns(before, after, id, damage);
        let sql = match (damage.table, key) {
            (true, _) => insert,
            (false, Some(key)) => format!("{insert} WHERE NOT EXISTS (SELECT FROM {name} AS t WHERE {})", same_key(before, id, &key)),
            (false, None) => {
                saving.loses.push(Loss {
                    what: label(before, id),
                    why: String::from("the table has no primary key, so deleted rows can only come back when nobody has written since"),
                    rows,
                    count_query: None,
                });
                format!("{insert} WHERE NOT EXISTS (SELECT FROM {name})")
            }
        };
        with_triggers_off(before, after, id, sql, &format!("put the rows of {} back", label(before, id)), saving);
        if !damage.rows && !damage.columns.is_empty() {
            return;
        }
    }
    if !damage.table && !damage.columns.is_empty() {
        save_columns(before, after, id, damage, &saved_columns_name(&saved, damage), saving);
    }
    saving.clean_up.push(PlanStep::new(format!("DROP TABLE IF EXISTS {saved}"), "the saved rows are no longer wanted"));
}

fn saved_columns_name(saved: &str, damage: &Damage) -> String {
    if !damage.rows {
        return saved.to_owned();
    }
    match saved.strip_suffix('"') {
        Some(stem) => format!("{stem}_values\""),
        None => format!("{saved}_values"),
    }
}

fn save_columns(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage, saved: &str, saving: &mut Saving) {
    let Some(table) = before.table(id) else { return };
    let name = ddl::quoted_name(before, id);
    let only = if table.kind == TableKind::Partitioned { "" } else { "ONLY " };
    let quoted = |number: &ColumnNumber| table.column(*number).map(|column| before.dialect.quote(&column.name)).unwrap_or_default();
    let lost: Vec<String> = damage.columns.iter().map(&quoted).collect();
    let purpose = format!("save {} of {}", lost.join(", "), label(before, id));
    let assignments: Vec<String> = lost.iter().map(|column| format!("{column} = s.{column}")).collect();
    let assignments = assignments.join(", ");
    let restore = if let Some(key) = key_columns(before, after, id, damage) {
        let keys: Vec<String> = key.iter().map(&quoted).collect();
        let list = keys.iter().chain(&lost).cloned().collect::<Vec<_>>().join(", ");
        saving.prepare.push(PlanStep::new(format!("CREATE TABLE {saved} AS SELECT {list} FROM {only}{name}"), purpose));
        saving.prepare.push(PlanStep::new(format!("ALTER TABLE {saved} ADD PRIMARY KEY ({})", keys.join(", ")), "find saved rows quickly"));
        format!("UPDATE {only}{name} AS t SET {assignments} FROM {saved} AS s WHERE {}", same_key(before, id, &key))
    } else {
        let rest: Vec<&Column> =
            table.columns.iter().filter(|column| !damage.columns.contains(&column.number) && after.column(id, column.number).is_some()).collect();
        let texts: Vec<String> = rest.iter().map(|column| format!("{}::text", before.dialect.quote(&column.name))).collect();
        let row = if texts.is_empty() { String::from("''") } else { format!("md5(ROW({})::text)", texts.join(", ")) };
        let number = format!("row_number() OVER (PARTITION BY {row} ORDER BY ctid)");
        let list = lost.join(", ");
        saving.prepare.push(PlanStep::new(
            format!("CREATE TABLE {saved} AS SELECT {row} AS fieldgate_row, {number} AS fieldgate_number, {list} FROM {only}{name}"),
            purpose,
        ));
        format!(
            "UPDATE {only}{name} AS t SET {assignments} FROM (SELECT ctid AS place, {row} AS fieldgate_row, {number} AS fieldgate_number FROM {only}{name}) AS r JOIN {saved} AS s USING (fieldgate_row, fieldgate_number) WHERE t.ctid = r.place"
        )
    };
    with_triggers_off(before, after, id, restore, &format!("put {} of {} back", lost.join(", "), label(before, id)), saving);
    saving.verify.push(Check {
        sql: format!("SELECT (SELECT count(*) FROM {only}{name}) >= (SELECT count(*) FROM {saved})"),
        expected: String::from("t"),
        purpose: format!("no row of {} is missing", label(before, id)),
    });
    saving.clean_up.push(PlanStep::new(format!("DROP TABLE IF EXISTS {saved}"), "the saved values are no longer wanted"));
}

/// The primary key, when it is the same on both sides and is not itself among what is lost.
fn key_columns(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage) -> Option<Vec<ColumnNumber>> {
    let columns = before.on_table(id).into_iter().find_map(|constraint| match &before.constraint(constraint)?.kind {
        ConstraintKind::PrimaryKey { columns, .. } => Some(columns.clone()),
        _ => None,
    })?;
    let usable = columns.iter().all(|number| !damage.columns.contains(number) && after.column(id, *number).is_some());
    usable.then_some(columns)
}

fn same_key(schema: &Schema, id: ObjectId, key: &[ColumnNumber]) -> String {
    let names = key.iter().filter_map(|number| schema.column(id, *number)).map(|column| schema.dialect.quote(&column.name));
    names.map(|name| format!("t.{name} = s.{name}")).collect::<Vec<_>>().join(" AND ")
}

/// The table's own triggers must not fire while rows are put back; those that fired before fire again afterwards.
fn with_triggers_off(before: &Schema, after: &Schema, id: ObjectId, sql: String, purpose: &str, saving: &mut Saving) {
    use crate::sql::tree::TriggerState;
    let triggers: Vec<(String, TriggerState)> = before
        .on_table(id)
        .into_iter()
        .filter(|trigger| after.get(*trigger).is_some())
        .filter_map(|trigger| before.get(trigger))
        .filter_map(|object| match &object.body {
            ObjectBody::Trigger(trigger) => Some((before.dialect.quote(&object.name), trigger.state)),
            _ => None,
        })
        .collect();
    if triggers.iter().any(|(_, state)| *state != TriggerState::Disabled) {
        let name = ddl::quoted_name(before, id);
        saving.restore_rows.push(PlanStep::new(format!("ALTER TABLE {name} DISABLE TRIGGER USER"), "triggers do not fire while rows are put back"));
        saving.restore_rows.push(PlanStep::new(sql, purpose));
        for (trigger, state) in triggers {
            let words = match state {
                TriggerState::Enabled => "ENABLE",
                TriggerState::Disabled => continue,
                TriggerState::Replica => "ENABLE REPLICA",
                TriggerState::Always => "ENABLE ALWAYS",
            };
            saving.restore_rows.push(PlanStep::new(format!("ALTER TABLE {name} {words} TRIGGER {trigger}"), "triggers fire again"));
        }
    } else {
        saving.restore_rows.push(PlanStep::new(sql, purpose));
    }
}

/// Positions of sequences that go and come back.
fn save_positions(before: &Schema, after: &Schema, taken: &mut BTreeSet<String>, saving: &mut Saving) {
    for object in before.objects() {
        if !matches!(object.body, ObjectBody::Sequence(_)) || after.get(object.id).is_some() {
            continue;
        }
        let name = ddl::quoted_name(before, object.id);
        let saved = saved_name(before, object.id, taken);
        saving.prepare.push(PlanStep::new(
            format!("CREATE TABLE {saved} AS SELECT last_value, is_called FROM {name}"),
            format!("save the position of {}", label(before, object.id)),
        ));
        let sql = format!("SELECT setval({}, last_value, is_called) FROM {saved}", ddl::literal(&name));
        saving.restore_positions.push(PlanStep::new(sql, format!("put the position of {} back", label(before, object.id))));
        saving.clean_up.push(PlanStep::new(format!("DROP TABLE IF EXISTS {saved}"), "the saved position is no longer wanted"));
    }
}
