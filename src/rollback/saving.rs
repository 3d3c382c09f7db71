//! What has to be saved before a migration, how it is put back, and what cannot be.
//!
//! Saved rows live in the schema `fieldgate_saved`, one table for each table that loses something. Rows are found again by the primary
//! key; where there is none, by everything else they hold, counted (`row_number`) so that equal rows pair off one to one.

use std::collections::{BTreeMap, BTreeSet};

use super::damage::{Damage, damages, is_computed, label};
use super::meanwhile::{assignment, key_columns, large_table, meanwhile, same_key};
use super::plan::{Check, InBetween, Loss, PlanStep};
use crate::migrate::Step;
use crate::schema::{Address, Column, ColumnNumber, ConstraintKind, ObjectBody, ObjectId, Schema, TableKind, ddl};

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
    /// What becomes of what is written meanwhile.
    pub(super) in_between: Vec<InBetween>,
    /// What to do otherwise.
    pub(super) advice: Vec<String>,
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
    saving.advice.extend(large_table(before, id, damage));
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
        if !damage.table {
            let key = key_columns(before, after, id, damage);
            let count_query = key
                .map(|key| format!("SELECT count(*) FROM {only}{name} AS t WHERE NOT EXISTS (SELECT FROM {saved} AS s WHERE {})", same_key(before, id, &key)));
            let fate = String::from("rows added since the migration stay, beside those that are put back; a row with the same key is not touched");
            saving.in_between.push(InBetween { what: label(before, id), fate, count_query });
        }
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
    let assignments: Vec<String> = damage.columns.iter().map(|number| assignment(before, after, id, *number)).collect();
    let assignments = assignments.join(", ");
    saving.in_between.extend(meanwhile(before, after, id, damage, saved));
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

/// One column's values, saved and put back.
#[derive(Debug)]
pub(super) struct Keeping {
    /// Before it goes.
    pub(super) save: Vec<PlanStep>,
    /// When it is there again.
    pub(super) restore: Vec<PlanStep>,
    /// The table that holds them.
    pub(super) saved: String,
}

/// Saves the values of a column that goes.
pub(super) fn keep_column(before: &Schema, after: &Schema, table: ObjectId, column: &Column) -> Keeping {
    let mut saving = Saving::default();
    let saved = saved_name(before, table, &mut BTreeSet::new());
    let damage = Damage { columns: BTreeSet::from([column.number]), ..Damage::default() };
    save_columns(before, after, table, &damage, &saved, &mut saving);
    let mut save = vec![PlanStep::new(format!("CREATE SCHEMA IF NOT EXISTS {SAVED}"), "a place for what is saved")];
    save.extend(saving.prepare);
    Keeping { save, restore: saving.restore_rows, saved }
}
