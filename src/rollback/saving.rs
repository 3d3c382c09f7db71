//! What has to be saved before a migration, how it is put back, and what cannot be.
//!
//! Saved rows live in the schema `fieldgate_saved`, one table for each table that loses something, in no type and no collation that the migration
//! could touch ([`super::written_down`]). Rows are found again by the primary key; where there is none, by everything else they hold, counted
//! (`row_number`) so that equal rows pair off one to one.

use std::collections::{BTreeMap, BTreeSet};

use super::damage::{Damage, is_computed, label};
use super::destruction::damages;
use super::guard::guarded;
use super::meanwhile::{assignment, key_columns, large_table, meanwhile, same_key, same_key_now};
use super::plan::{Check, InBetween, Loss, PlanStep, StepLoad};
use super::positions::save_positions;
use super::saved_name::{SAVED, SavedNames};
use super::workspace::calls_a_sequence;
use super::written_down::{fingerprint, read, saved_fingerprint, written};
use crate::hazard::LockMode;
use crate::migrate::{ChangeKind, DataChange, Step};
use crate::schema::{Address, Column, ColumnGeneration, ColumnNumber, ConstraintKind, ObjectId, Schema, Table, TableKind, ddl};

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
    /// What each table loses.
    pub(super) damages: BTreeMap<ObjectId, Damage>,
    /// The tables in the order in which rows are put back.
    pub(super) order: Vec<ObjectId>,
}

/// Works out what the migration destroys and how to save it; `migration` is its name.
pub(super) fn save(before: &Schema, after: &Schema, steps: &[Step], migration: &str) -> Saving {
    let mut saving = Saving::default();
    let damages = damages(before, after, steps, &mut saving.loses);
    saving.columns = damages.iter().flat_map(|(table, damage)| damage.columns.iter().map(|column| Address::column(*table, *column))).collect();
    let mut names = SavedNames::of(migration);
    let order = order_by_references(before, &damages);
    for (table, damage) in &order {
        save_table(before, after, *table, damage, &mut names, &mut saving);
    }
    saving.order = order.into_iter().map(|(table, _)| table).collect();
    let positions = save_positions(before, after, steps, &mut names);
    saving.prepare.extend(positions.prepare);
    saving.restore_positions = positions.restore;
    saving.clean_up.extend(positions.clean_up);
    saving.in_between.extend(positions.in_between);
    if !saving.prepare.is_empty() {
        saving.prepare.insert(0, PlanStep::new(format!("CREATE SCHEMA IF NOT EXISTS {SAVED}"), "a place for what is saved"));
    }
    let is_filtered = |id: &ObjectId| [before, after].iter().any(|schema| schema.table(*id).is_some_and(|table| table.row_security));
    if damages.keys().any(is_filtered) {
        let step = PlanStep::new("SET row_security = off", "stop rather than pass over rows that a policy hides");
        saving.prepare.insert(0, step.clone());
        saving.restore_rows.insert(0, step);
    }
    inserted_without_value(before, after, steps, &damages, &mut saving.loses);
    saving.damages = damages;
    saving
}

/// Rows that the migration inserts, and for which a column that comes back has no value and takes no NULL: they stop the way back.
fn inserted_without_value(before: &Schema, after: &Schema, steps: &[Step], damages: &BTreeMap<ObjectId, Damage>, loses: &mut Vec<Loss>) {
    let changes = steps.iter().flat_map(|step| &step.outcome.changes);
    let inserted: BTreeSet<ObjectId> =
        changes.filter(|change| matches!(change.kind, ChangeKind::Data(_, DataChange::Inserted))).map(|change| change.kind.object()).collect();
    for (id, damage) in damages.iter().filter(|(id, _)| inserted.contains(id)) {
        let columns = damage.columns.iter().filter(|number| after.column(*id, **number).is_none()).filter_map(|number| before.column(*id, *number));
        for column in columns.filter(|column| column.not_null) {
            let has_value = matches!(&column.generation, ColumnGeneration::Default(default) if !calls_a_sequence(before, default));
            if !has_value {
                let why = String::from("rows that the migration inserts have no value there, and NULL is refused: delete them first, or the way back stops");
                loses.push(Loss { what: format!("{}.{}", label(before, *id), column.name), why, rows: None, count_query: None });
            }
        }
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

/// What saving reads, or putting back writes.
fn load(before: &Schema, id: ObjectId, lock: LockMode, work: &'static str) -> StepLoad {
    let size = before.table(id).and_then(|table| table.size);
    StepLoad { table: label(before, id), lock, work, rows: size.map(|size| size.rows), bytes: size.and_then(|size| size.bytes) }
}

/// `ONLY` where the name alone would mean children too; rows of a partitioned table are those of its partitions.
fn only(table: &Table) -> &'static str {
    if table.kind == TableKind::Partitioned { "" } else { "ONLY " }
}

fn save_table(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage, names: &mut SavedNames, saving: &mut Saving) {
    let Some(table) = before.table(id) else { return };
    saving.advice.extend(large_table(before, id, damage));
    if damage.table || damage.rows {
        save_rows(before, after, (id, table), damage, &names.next(before, id), saving);
    }
    if !damage.table && !damage.columns.is_empty() {
        save_columns(before, after, id, damage, &names.next(before, id), saving);
    }
}

/// What is neither damaged nor computed nor gone: what a row is told by when it has no key.
fn rest<'s>(after: &Schema, id: ObjectId, table: &'s Table, damage: &Damage) -> Vec<&'s Column> {
    let stays = |column: &&Column| !damage.columns.contains(&column.number) && !is_computed(column) && after.column(id, column.number).is_some();
    table.columns.iter().filter(stays).collect()
}

fn save_rows(before: &Schema, after: &Schema, (id, table): (ObjectId, &Table), damage: &Damage, saved: &str, saving: &mut Saving) {
    let (name, only) = (ddl::quoted_name(before, id), only(table));
    let stored: Vec<&Column> = table.columns.iter().filter(|column| !is_computed(column)).collect();
    let items: Vec<String> = stored.iter().map(|column| written(before, column)).collect();
    let sql = format!("CREATE TABLE {saved} AS SELECT {} FROM {only}{name}", items.join(", "));
    let reading = load(before, id, LockMode::AccessShare, "copies all rows");
    saving.prepare.push(PlanStep::new(sql, format!("save the rows of {}", label(before, id))).with_load(reading));
    let list: Vec<String> = stored.iter().map(|column| before.dialect.quote(&column.name)).collect();
    let values: Vec<String> = stored.iter().map(|column| read(before, column)).collect();
    let (list, values) = (list.join(", "), values.join(", "));
    let insert = format!("INSERT INTO {name} ({list}) OVERRIDING SYSTEM VALUE SELECT {values}");
    let key = key_columns(before, after, id, damage);
    let sql = match (damage.table, &key) {
        (true, _) => format!("{insert} FROM {saved} AS s"),
        (false, Some(key)) => format!("{insert} FROM {saved} AS s WHERE NOT EXISTS (SELECT FROM {only}{name} AS t WHERE {})", same_key(before, id, key)),
        (false, None) => {
            let rest = rest(after, id, table, damage);
            let (there, kept) = (fingerprint(before, &rest), saved_fingerprint(before, &rest));
            format!(
                "{insert} FROM (SELECT *, {kept} AS fieldgate_row, row_number() OVER (PARTITION BY {kept}) AS fieldgate_number FROM {saved}) AS s WHERE NOT EXISTS (SELECT FROM (SELECT {there} AS fieldgate_row, row_number() OVER (PARTITION BY {there}) AS fieldgate_number FROM {only}{name}) AS t WHERE t.fieldgate_row = s.fieldgate_row AND t.fieldgate_number = s.fieldgate_number)"
            )
        }
    };
    let writing = load(before, id, LockMode::RowExclusive, "writes rows");
    let step = PlanStep::new(sql, format!("put the rows of {} back", label(before, id))).with_load(writing);
    saving.restore_rows.extend(guarded(before, after, id, &BTreeSet::new(), step));
    saving.verify.push(at_least(before, id, saved, only));
    saving.clean_up.push(PlanStep::new(format!("DROP TABLE IF EXISTS {saved}"), "the saved rows are no longer wanted"));
    if !damage.table {
        let live = ddl::quoted_name(after, id);
        let count_query = key
            .as_ref()
            .and_then(|key| same_key_now(before, after, id, key))
            .map(|same| format!("SELECT count(*) FROM {only}{live} AS t WHERE NOT EXISTS (SELECT FROM {saved} AS s WHERE {same})"));
        let fate = match key {
            Some(_) => "rows added since the migration stay, beside those that are put back; a row with the same key is not touched",
            None => {
                "rows added since the migration stay, beside those that are put back; a row that was changed since comes back as it was beside its changed form"
            }
        };
        saving.in_between.push(InBetween { what: label(before, id), fate: String::from(fate), count_query });
    }
}

fn at_least(before: &Schema, id: ObjectId, saved: &str, only: &str) -> Check {
    Check {
        sql: format!("SELECT (SELECT count(*) FROM {only}{}) >= (SELECT count(*) FROM {saved})", ddl::quoted_name(before, id)),
        expected: String::from("t"),
        purpose: format!("no row of {} is missing", label(before, id)),
    }
}

fn save_columns(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage, saved: &str, saving: &mut Saving) {
    let Some(table) = before.table(id) else { return };
    let (name, only) = (ddl::quoted_name(before, id), only(table));
    let columns = |numbers: &mut dyn Iterator<Item = &ColumnNumber>| numbers.filter_map(|number| table.column(*number)).collect::<Vec<&Column>>();
    let lost = columns(&mut damage.columns.iter());
    let items = |columns: &[&Column]| columns.iter().map(|column| written(before, column)).collect::<Vec<_>>().join(", ");
    let shown = lost.iter().map(|column| before.dialect.quote(&column.name)).collect::<Vec<_>>().join(", ");
    let purpose = format!("save {shown} of {}", label(before, id));
    let assignments: Vec<String> = damage.columns.iter().map(|number| assignment(before, after, id, *number)).collect();
    let assignments = assignments.join(", ");
    saving.in_between.extend(meanwhile(before, after, id, damage, saved));
    let reading = load(before, id, LockMode::AccessShare, "copies these columns of all rows");
    let restore = if let Some(key) = key_columns(before, after, id, damage) {
        let keys = columns(&mut key.iter());
        let quoted: Vec<String> = keys.iter().map(|column| before.dialect.quote(&column.name)).collect();
        saving
            .prepare
            .push(PlanStep::new(format!("CREATE TABLE {saved} AS SELECT {}, {} FROM {only}{name}", items(&keys), items(&lost)), purpose).with_load(reading));
        saving.prepare.push(PlanStep::new(format!("ALTER TABLE {saved} ADD PRIMARY KEY ({})", quoted.join(", ")), "find saved rows quickly"));
        format!("UPDATE {only}{name} AS t SET {assignments} FROM {saved} AS s WHERE {}", same_key(before, id, &key))
    } else {
        let row = fingerprint(before, &rest(after, id, table, damage));
        let number = format!("row_number() OVER (PARTITION BY {row} ORDER BY tableoid, ctid)");
        saving.prepare.push(
            PlanStep::new(
                format!("CREATE TABLE {saved} AS SELECT {row} AS fieldgate_row, {number} AS fieldgate_number, {} FROM {only}{name}", items(&lost)),
                purpose,
            )
            .with_load(reading),
        );
        format!(
            "UPDATE {only}{name} AS t SET {assignments} FROM (SELECT tableoid AS fieldgate_table, ctid AS fieldgate_place, {row} AS fieldgate_row, {number} AS fieldgate_number FROM {only}{name}) AS r JOIN {saved} AS s USING (fieldgate_row, fieldgate_number) WHERE t.tableoid = r.fieldgate_table AND t.ctid = r.fieldgate_place"
        )
    };
    let writing = load(before, id, LockMode::RowExclusive, "writes rows");
    let step = PlanStep::new(restore, format!("put {shown} of {} back", label(before, id))).with_load(writing);
    saving.restore_rows.extend(guarded(before, after, id, &damage.columns, step));
    saving.verify.push(at_least(before, id, saved, only));
    saving.clean_up.push(PlanStep::new(format!("DROP TABLE IF EXISTS {saved}"), "the saved values are no longer wanted"));
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
    let saved = SavedNames::of(column.name.as_str()).next(before, table);
    let damage = Damage { columns: BTreeSet::from([column.number]), ..Damage::default() };
    save_columns(before, after, table, &damage, &saved, &mut saving);
    let mut save = vec![PlanStep::new(format!("CREATE SCHEMA IF NOT EXISTS {SAVED}"), "a place for what is saved")];
    save.extend(saving.prepare);
    Keeping { save, restore: saving.restore_rows, saved }
}
