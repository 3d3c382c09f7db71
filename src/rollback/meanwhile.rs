//! What is written between the migration and the way back: which of it stays, which does not, and how it is counted. And what large tables need.

use super::damage::{Damage, label, primary_key};
use super::plan::InBetween;
use super::workspace::calls_a_sequence;
use crate::schema::{ColumnGeneration, ColumnNumber, DataType, ObjectId, Schema, TypeIdentity, ddl, format_type};

/// `column = s.column`; where the migration cast the values, only those that nobody has written since.
pub(super) fn assignment(before: &Schema, after: &Schema, id: ObjectId, number: ColumnNumber) -> String {
    let Some(was) = before.column(id, number) else { return String::new() };
    let quoted = before.dialect.quote(&was.name);
    match after.column(id, number).filter(|is| is_repeatable_cast(&was.data_type, &is.data_type)) {
        Some(is) => {
            let (new, old) = (format_type(before, &is.data_type), format_type(before, &was.data_type));
            format!("{quoted} = CASE WHEN t.{quoted} IS NOT DISTINCT FROM s.{quoted}::{new}::{old} THEN s.{quoted} ELSE t.{quoted} END")
        }
        None => format!("{quoted} = s.{quoted}"),
    }
}

/// Whether the cast there and back gives the same today as in the migration, whatever the session: among whole numbers, decimals, dates and
/// timestamps without a zone. (A cast with a zone, of a float or into text depends on settings, or on the expression behind `USING`.)
fn is_repeatable_cast(was: &DataType, is: &DataType) -> bool {
    let (TypeIdentity::Builtin(was_name), TypeIdentity::Builtin(is_name)) = (&was.identity, &is.identity) else { return false };
    let of = |names: &[&str]| names.contains(&&**was_name) && names.contains(&&**is_name);
    was != is && !was.array && !is.array && (of(&["int2", "int4", "int8", "numeric"]) || of(&["date", "timestamp"]))
}

/// What becomes of what is written to saved columns meanwhile.
pub(super) fn meanwhile(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage, saved: &str) -> Vec<InBetween> {
    let (name, table) = (ddl::quoted_name(before, id), label(before, id));
    let key = key_columns(before, after, id, damage);
    let mut all = Vec::new();
    for number in &damage.columns {
        let Some(was) = before.column(id, *number) else { continue };
        let quoted = before.dialect.quote(&was.name);
        let on = key.as_ref().map(|key| same_key(before, id, key));
        let (fate, count_query) = match after.column(id, *number) {
            None => {
                let fate = match (was.not_null, &was.generation) {
                    (false, _) => "rows added since the migration have NULL there",
                    (true, ColumnGeneration::Default(default)) if !calls_a_sequence(before, default) => "rows added since the migration get its default",
                    (true, _) => "rows added since the migration must be given a value, or the way back stops at NOT NULL",
                };
                (String::from(fate), on.map(|on| format!("SELECT count(*) FROM {name} AS t WHERE NOT EXISTS (SELECT FROM {saved} AS s WHERE {on})")))
            }
            Some(is) if is_repeatable_cast(&was.data_type, &is.data_type) => {
                let (new, fate) = (format_type(before, &is.data_type), String::from("values written since the migration stay as they are then"));
                (fate, on.map(|on| format!("SELECT count(*) FROM {name} AS t JOIN {saved} AS s ON {on} WHERE t.{quoted} IS DISTINCT FROM s.{quoted}::{new}")))
            }
            Some(is) => {
                let fate = String::from("values written since the migration to rows that were there are set back to what they were before it");
                let differs = if was.data_type == is.data_type {
                    format!("t.{quoted} IS DISTINCT FROM s.{quoted}")
                } else {
                    format!("t.{quoted}::text IS DISTINCT FROM s.{quoted}::text")
                };
                (fate, on.map(|on| format!("SELECT count(*) FROM {name} AS t JOIN {saved} AS s ON {on} WHERE {differs}")))
            }
        };
        all.push(InBetween { what: format!("{table}.{}", was.name), fate, count_query });
    }
    all
}

/// From this size a copy is worth avoiding: a gigabyte, or ten million rows where only those are known.
const LARGE_BYTES: u64 = 1 << 30;
const LARGE_ROWS: u64 = 10_000_000;

/// What to do instead of copying a large table.
pub(super) fn large_table(before: &Schema, id: ObjectId, damage: &Damage) -> Option<String> {
    let size = before.table(id)?.size?;
    let is_large = size.bytes.map_or(size.rows >= LARGE_ROWS, |bytes| bytes >= LARGE_BYTES);
    let known = match size.bytes {
        Some(bytes) => format!("about {} rows, {} MB", size.rows, bytes / (1 << 20)),
        None => format!("about {} rows", size.rows),
    };
    let (name, table) = (ddl::quoted_name(before, id), label(before, id));
    is_large.then(|| {
        if damage.table {
            format!("{table} is large ({known}): rather than copy and drop it, move it away, `CREATE SCHEMA IF NOT EXISTS retired; ALTER TABLE {name} SET SCHEMA retired`; the way back is `ALTER TABLE retired.… SET SCHEMA …`, takes milliseconds and keeps rows, indexes and grants")
        } else {
            format!("{table} is large ({known}): what is saved is copied once, which takes time and about that much room; do it in a quiet hour, well before the migration, and compare the counts just before it")
        }
    })
}

/// The primary key, when it is the same on both sides and is not itself among what is lost.
pub(super) fn key_columns(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage) -> Option<Vec<ColumnNumber>> {
    let columns = primary_key(before, id)?;
    let usable = columns.iter().all(|number| !damage.columns.contains(number) && after.column(id, *number).is_some());
    usable.then_some(columns)
}

/// `t.key = s.key AND …`.
pub(super) fn same_key(schema: &Schema, id: ObjectId, key: &[ColumnNumber]) -> String {
    let names = key.iter().filter_map(|number| schema.column(id, *number)).map(|column| schema.dialect.quote(&column.name));
    names.map(|name| format!("t.{name} = s.{name}")).collect::<Vec<_>>().join(" AND ")
}
