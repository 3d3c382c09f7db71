//! What is written between the migration and the way back: which of it stays, which does not, and how it is counted. And what large tables need.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::damage::{Damage, label, primary_key};
use super::plan::InBetween;
use super::workspace::calls_a_sequence;
use super::written_down::{read, same};
use crate::name::Name;
use crate::schema::{Address, ColumnGeneration, ColumnNumber, DataType, ObjectBody, ObjectId, Schema, TypeIdentity, UserType, ddl, format_type};

/// `column = s.column`; where the migration cast the values, only those that nobody has written since.
pub(super) fn assignment(before: &Schema, after: &Schema, id: ObjectId, number: ColumnNumber) -> String {
    let Some(was) = before.column(id, number) else { return String::new() };
    let quoted = before.dialect.quote(&was.name);
    match after.column(id, number).filter(|is| is_repeatable_cast(&was.data_type, &is.data_type)) {
        Some(is) => {
            let (new, old) = (format_type(before, &is.data_type), format_type(before, &was.data_type));
            format!("{quoted} = CASE WHEN t.{quoted} IS NOT DISTINCT FROM s.{quoted}::{new}::{old} THEN s.{quoted} ELSE t.{quoted} END")
        }
        None => format!("{quoted} = {}", read(before, was)),
    }
}

/// Whether the cast there and back gives the same today as in the migration, whatever the session: among whole numbers, decimals, dates and
/// timestamps without a zone. (A cast with a zone, of a float or into text depends on settings, or on the expression behind `USING`.)
fn is_repeatable_cast(was: &DataType, is: &DataType) -> bool {
    let (TypeIdentity::Builtin(was_name), TypeIdentity::Builtin(is_name)) = (&was.identity, &is.identity) else { return false };
    let of = |names: &[&str]| names.contains(&&**was_name) && names.contains(&&**is_name);
    was != is && !was.array && !is.array && (of(&["int2", "int4", "int8", "numeric"]) || of(&["date", "timestamp"]))
}

/// What becomes of what is written to saved columns meanwhile. The queries are for the schema after the migration, and its names.
pub(super) fn meanwhile(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage, saved: &str) -> Vec<InBetween> {
    let (name, table) = (ddl::quoted_name(after, id), label(before, id));
    let on = key_columns(before, after, id, damage).and_then(|key| same_key_now(before, after, id, &key));
    let mut all = Vec::new();
    for number in &damage.columns {
        let Some(was) = before.column(id, *number) else { continue };
        let kept = before.dialect.quote(&was.name);
        let (fate, count_query) = match after.column(id, *number) {
            None => {
                let fate = match (was.not_null, &was.generation) {
                    (false, _) => "rows added since the migration have NULL there",
                    (true, ColumnGeneration::Default(default)) if !calls_a_sequence(before, default) => "rows added since the migration get its default",
                    (true, _) => "rows added since the migration must be given a value, or the way back stops at NOT NULL",
                };
                let count = on.as_ref().map(|on| format!("SELECT count(*) FROM {name} AS t WHERE NOT EXISTS (SELECT FROM {saved} AS s WHERE {on})"));
                (String::from(fate), count)
            }
            Some(is) => {
                let live = after.dialect.quote(&is.name);
                let joined = |differs: String| on.as_ref().map(|on| format!("SELECT count(*) FROM {name} AS t JOIN {saved} AS s ON {on} WHERE {differs}"));
                if is_repeatable_cast(&was.data_type, &is.data_type) {
                    let new = format_type(before, &is.data_type);
                    let fate = String::from("values written since the migration stay as they are then");
                    (fate, joined(format!("t.{live} IS DISTINCT FROM s.{kept}::{new}")))
                } else {
                    let fate = String::from("values written since the migration to rows that were there are set back to what they were before it");
                    (fate, joined(format!("t.{live}::text IS DISTINCT FROM s.{kept}::text")))
                }
            }
        };
        all.push(InBetween { what: format!("{table}.{}", was.name), fate, count_query });
    }
    all
}

/// What columns that are given their old type back without anything saved do with values that only the new one holds.
pub(super) fn limits(before: &Schema, after: &Schema, saved: &BTreeSet<Address>, remade: &BTreeSet<ObjectId>) -> Vec<InBetween> {
    let mut all = Vec::new();
    for object in before.objects() {
        let ObjectBody::Table(old) = &object.body else { continue };
        let Some(new) = after.table(object.id).filter(|new| new.partition_bound.is_none()) else { continue };
        for was in old.columns.iter().filter(|column| !saved.contains(&Address::column(object.id, column.number))) {
            let Some(is) = new.column(was.number) else { continue };
            let is_remade = matches!(&is.data_type.identity, TypeIdentity::Object(id) if remade.contains(id));
            if was.data_type == is.data_type && !is_remade {
                continue;
            }
            let what = format!("{}.{}", label(before, object.id), was.name);
            let (fate, condition) = limit(before, &was.data_type, &after.dialect.quote(&is.name), is_remade);
            let count_query = condition.map(|condition| format!("SELECT count(*) FROM {} WHERE {condition}", ddl::quoted_name(after, object.id)));
            all.push(InBetween { what, fate: String::from(fate), count_query });
        }
    }
    all
}

/// What becomes of a value that the old type does not hold, and the condition that finds one.
fn limit(before: &Schema, old: &DataType, column: &str, is_remade: bool) -> (&'static str, Option<String>) {
    let stops = "a value written since that the old type does not hold stops the way back, until it is changed";
    if is_remade {
        let labels = match &old.identity {
            TypeIdentity::Object(id) if !old.array => labels(before, *id),
            _ => None,
        };
        let fate = "a row with a label that is new stops the way back, until it is given another";
        return (
            fate,
            labels.map(|labels| format!("{column}::text NOT IN ({})", labels.iter().map(|label| ddl::literal(label)).collect::<Vec<_>>().join(", "))),
        );
    }
    let TypeIdentity::Builtin(name) = &old.identity else { return (stops, None) };
    if old.array {
        return (stops, None);
    }
    let modifier = |place: usize| old.modifiers.get(place);
    match &**name {
        "int2" => (stops, Some(format!("{column}::text::numeric NOT BETWEEN -32768 AND 32767"))),
        "int4" => (stops, Some(format!("{column}::text::numeric NOT BETWEEN -2147483648 AND 2147483647"))),
        "int8" => (stops, Some(format!("{column}::text::numeric NOT BETWEEN -9223372036854775808 AND 9223372036854775807"))),
        "varchar" => (stops, modifier(0).map(|length| format!("length({column}) > {length}"))),
        "numeric" if modifier(0).is_some() => {
            let scale = modifier(1).map_or("0", String::as_str);
            (
                "a value written since with more decimals is rounded, and one that is too large stops the way back",
                Some(format!("{column} <> round({column}, {scale})")),
            )
        }
        "timestamp" | "timestamptz" | "time" => ("a value written since with more decimals of a second is rounded", None),
        _ => (stops, None),
    }
}

/// The labels of an enum.
pub(super) fn labels(schema: &Schema, id: ObjectId) -> Option<Vec<Arc<str>>> {
    match &schema.get(id)?.body {
        ObjectBody::Type(UserType::Enum { labels, .. }) => Some(labels.iter().map(|(_, label)| Arc::from(&**label)).collect()),
        _ => None,
    }
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
            let quote = |name: &Name| before.dialect.quote(name);
            let own = before.get(id).map(|object| quote(&object.name)).unwrap_or_default();
            let home = before.get(id).and_then(|object| before.get(object.namespace?)).map(|namespace| quote(&namespace.name)).unwrap_or_default();
            format!("{table} is large ({known}): rather than copy and drop it, move it away, `CREATE SCHEMA IF NOT EXISTS retired; ALTER TABLE {name} SET SCHEMA retired;`; the way back is `ALTER TABLE retired.{own} SET SCHEMA {home};`, takes milliseconds and keeps rows, indexes and grants; `plan --safe` writes both as scripts")
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

/// `t.key = s.key AND …`, when the names are the old ones again.
pub(super) fn same_key(schema: &Schema, id: ObjectId, key: &[ColumnNumber]) -> String {
    let columns = key.iter().filter_map(|number| schema.column(id, *number));
    columns.map(|column| same(schema, column, column)).collect::<Vec<_>>().join(" AND ")
}

/// The same while the migration stands: the table's columns have the names that it gave them.
pub(super) fn same_key_now(before: &Schema, after: &Schema, id: ObjectId, key: &[ColumnNumber]) -> Option<String> {
    let pairs: Option<Vec<String>> = key.iter().map(|number| Some(same(before, before.column(id, *number)?, after.column(id, *number)?))).collect();
    pairs.map(|pairs| pairs.join(" AND "))
}
