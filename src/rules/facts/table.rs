//! Facts about a table: its size, and what a statement does to it.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, FactValue, Subject};
use super::super::item::{About, Item};
use super::change::{name_of, sql_of};
use super::statement::FEW_ROWS;
use crate::hazard::{Duration, LockMode, Operation, Scan, TableAge, TableHazard, Work};
use crate::schema::Schema;

const ABOUT_TABLES: &[Subject] = &[Subject::Change, Subject::Table, Subject::Effect];
const WORKED_ON: &[Subject] = &[Subject::Table];
/// What is known of a table's size. A table that is new in this run and was never filled is `empty`.
pub(in crate::rules) const SIZES: &[&str] = &["empty", "small", "large", "unknown"];
const AGES: &[&str] = &["before", "this_run", "this_transaction"];
const LOCKS: &[&str] =
    &["access_share", "row_share", "row_exclusive", "share_update_exclusive", "share", "share_row_exclusive", "exclusive", "access_exclusive"];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact(
        "table.name",
        FactType::Text,
        ABOUT_TABLES,
        "`schema.name` of the table (or view) that is changed or worked on, or that the changed thing hangs on.",
        |item| item.table().map_or_else(String::new, |(schema, id)| name_of(schema, id)).into(),
    ),
    fact("table.sql", FactType::Text, ABOUT_TABLES, "The same, quoted where SQL needs it.", |item| {
        item.table().map_or_else(String::new, |(schema, id)| sql_of(schema, id)).into()
    }),
    fact("table.bare_name", FactType::Text, ABOUT_TABLES, "Its name without schema.", |item| {
        item.table().and_then(|(schema, id)| schema.get(id)).map_or("", |object| object.name.as_str()).into()
    }),
    fact("table.schema", FactType::Text, ABOUT_TABLES, "The schema it lives in; empty when there is no table.", |item| {
        let namespace = |(schema, id): (&Schema, _)| Some(schema.get(schema.get(id)?.namespace?)?.name.to_string());
        item.table().and_then(namespace).unwrap_or_default().into()
    }),
    fact("table.rows", FactType::Int, ABOUT_TABLES, "Rows by the snapshot; 0 when it is known to be empty, -1 when nothing is known.", |item| {
        rows(item).map_or(-1, |rows| i64::try_from(rows).unwrap_or(i64::MAX)).into()
    }),
    fact("table.bytes", FactType::Int, ABOUT_TABLES, "Bytes by the snapshot; -1 when nothing is known.", |item| {
        bytes(item).map_or(-1, |bytes| i64::try_from(bytes).unwrap_or(i64::MAX)).into()
    }),
    fact("table.size", FactType::Word(SIZES), ABOUT_TABLES, "`small` is up to 10,000 rows.", |item| size(item).into()),
    fact("table.size_phrase", FactType::Text, ABOUT_TABLES, "Rows and bytes for people.", |item| size_phrase(item).into()),
    fact("table.is_partitioned", FactType::Bool, ABOUT_TABLES, "Whether its rows live in partitions.", |item| {
        item.table().and_then(|(schema, id)| schema.table(id)).is_some_and(|table| table.partitioning.is_some()).into()
    }),
    fact("table.has_primary_key", FactType::Bool, ABOUT_TABLES, "Whether it has a primary key at the end of the run.", |item| has_primary_key(item).into()),
    fact("table.has_row_security", FactType::Bool, ABOUT_TABLES, "Whether row security is on at the end of the run.", |item| {
        item.table().and_then(|(_, id)| item.world.input.run.after.table(id)).is_some_and(|table| table.row_security).into()
    }),
    fact("table.policies", FactType::Int, ABOUT_TABLES, "How many policies it has at the end of the run.", |item| {
        let after = &item.world.input.run.after;
        let policies = |id| {
            after
                .on_table(id)
                .into_iter()
                .filter(|one| matches!(after.get(*one).map(|object| &object.body), Some(crate::schema::ObjectBody::Policy(_))))
                .count()
        };
        item.table().map_or(0, |(_, id)| policies(id)).into()
    }),
    fact(
        "table.commands_without_policy",
        FactType::Texts,
        ABOUT_TABLES,
        "Commands that no permissive policy of the table lets anybody but its owner do, at the end of the run.",
        |item| commands_without_policy(item).into(),
    ),
    fact("table.columns", FactType::Texts, ABOUT_TABLES, "Its columns at the end of the run.", |item| {
        let columns = item.table().map_or(&[][..], |(_, id)| item.world.input.run.after.columns(id));
        columns.iter().map(|column| column.name.to_string()).collect::<Vec<_>>().into()
    }),
    fact("table.age", FactType::Word(AGES), WORKED_ON, "Since when it is there; nobody waits for a table of this transaction.", |item| {
        match hazard(item).map(|hazard| hazard.age) {
            Some(TableAge::ThisRun) => "this_run",
            Some(TableAge::ThisTransaction) => "this_transaction",
            Some(TableAge::Before) | None => "before",
        }
        .into()
    }),
    fact(
        "table.work_before",
        FactType::Texts,
        WORKED_ON,
        "Earlier `ALTER TABLE`s of the migration that read or write all of the table, by their first words.",
        |item| earlier_work(item).into(),
    ),
    fact("lock.mode", FactType::Word(LOCKS), WORKED_ON, "The strongest lock that the statement takes on the table.", |item| {
        hazard(item).map_or("access_share", |hazard| word_of(hazard.lock)).into()
    }),
    fact("lock.name", FactType::Text, WORKED_ON, "The same as the manual writes it.", |item| hazard(item).map_or("", |hazard| hazard.lock.as_str()).into()),
    fact("lock.blocks_reads", FactType::Bool, WORKED_ON, "Whether `SELECT` has to wait.", |item| {
        hazard(item).is_some_and(|hazard| hazard.lock.blocks_reads()).into()
    }),
    fact("lock.blocks_writes", FactType::Bool, WORKED_ON, "Whether `INSERT`, `UPDATE` and `DELETE` have to wait.", |item| {
        hazard(item).is_some_and(|hazard| hazard.lock.blocks_writes()).into()
    }),
    fact("lock.who_waits", FactType::Text, WORKED_ON, "Who waits, in words.", |item| {
        match hazard(item).map(|hazard| hazard.lock) {
            Some(lock) if lock.blocks_reads() => "nobody can read or write it",
            Some(lock) if lock.blocks_writes() => "nobody can write it",
            _ => "nobody waits",
        }
        .into()
    }),
    fact("work.operations", FactType::Words(Operation::WORDS), WORKED_ON, "The kinds of work, by the rows of docs/locks.md.", |item| {
        hazard(item).map_or_else(Vec::new, |hazard| hazard.operations.iter().map(|operation| operation.as_str().to_owned()).collect()).into()
    }),
    fact("work.rewrites", FactType::Bool, WORKED_ON, "Whether the table and its indexes are written again.", |item| {
        hazard(item).is_some_and(|hazard| hazard.work == Work::Rewrites).into()
    }),
    fact("work.builds_index", FactType::Bool, WORKED_ON, "Whether an index is built.", |item| {
        hazard(item).is_some_and(|hazard| hazard.work == Work::BuildsIndex).into()
    }),
    fact("work.scans", FactType::Bool, WORKED_ON, "Whether all rows are read.", |item| hazard(item).is_some_and(|hazard| hazard.scan == Scan::Full).into()),
    fact("work.reason", FactType::Text, WORKED_ON, "What makes it so, in a few words.", |item| {
        hazard(item).map_or_else(String::new, |hazard| hazard.reason.clone()).into()
    }),
    fact("work.duration", FactType::Text, WORKED_ON, "A range for how long it takes, from the size; never a promise.", |item| {
        hazard(item).map_or_else(String::new, duration).into()
    }),
];

fn hazard<'a>(item: &Item<'a>) -> Option<&'a TableHazard> {
    match item.about {
        About::Table(hazard) => Some(hazard),
        _ => None,
    }
}

fn word_of(lock: LockMode) -> &'static str {
    match lock {
        LockMode::AccessShare => "access_share",
        LockMode::RowShare => "row_share",
        LockMode::RowExclusive => "row_exclusive",
        LockMode::ShareUpdateExclusive => "share_update_exclusive",
        LockMode::Share => "share",
        LockMode::ShareRowExclusive => "share_row_exclusive",
        LockMode::Exclusive => "exclusive",
        LockMode::AccessExclusive => "access_exclusive",
    }
}

fn rows(item: &Item<'_>) -> Option<u64> {
    if let Some(hazard) = hazard(item) {
        return hazard.rows;
    }
    let (schema, id) = item.table()?;
    let table = schema.table(id)?;
    if table.known_empty { Some(0) } else { table.size.map(|size| size.rows) }
}

fn size(item: &Item<'_>) -> &'static str {
    match rows(item) {
        Some(0) => "empty",
        Some(rows) if rows <= FEW_ROWS => "small",
        Some(_) => "large",
        None => "unknown",
    }
}

fn bytes(item: &Item<'_>) -> Option<u64> {
    match hazard(item) {
        Some(hazard) => hazard.bytes,
        None => item.table().and_then(|(schema, id)| schema.table(id)?.size?.bytes),
    }
}

fn size_phrase(item: &Item<'_>) -> String {
    let bytes = bytes(item);
    let rows = match rows(item) {
        Some(1) => String::from("1 row"),
        Some(rows) => format!("{} rows", FactValue::from(i64::try_from(rows).unwrap_or(i64::MAX)).to_sentence()),
        None => return String::from("size unknown"),
    };
    bytes.filter(|bytes| *bytes > 0).map_or(rows.clone(), |bytes| format!("{rows}, {}", bytes_phrase(bytes)))
}

fn bytes_phrase(bytes: u64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 10_000 && unit + 1 < units.len() {
        value /= 1_000;
        unit += 1;
    }
    format!("{value} {}", units.get(unit).copied().unwrap_or("bytes"))
}

fn commands_without_policy(item: &Item<'_>) -> Vec<String> {
    let (Some((_, id)), after) = (item.table(), &item.world.input.run.after) else { return Vec::new() };
    let policies = after.on_table(id).into_iter().filter_map(|one| match after.get(one).map(|object| &object.body) {
        Some(crate::schema::ObjectBody::Policy(policy)) if policy.permissive => Some(policy.command.to_ascii_uppercase()),
        _ => None,
    });
    let allowed: Vec<String> = policies.collect();
    let covered = |command: &str| allowed.iter().any(|own| own == "ALL" || own == command);
    ["SELECT", "INSERT", "UPDATE", "DELETE"].into_iter().filter(|command| !covered(command)).map(str::to_owned).collect()
}

fn has_primary_key(item: &Item<'_>) -> bool {
    let after = &item.world.input.run.after;
    let is_key = |id| after.constraint(id).is_some_and(|constraint| matches!(constraint.kind, crate::schema::ConstraintKind::PrimaryKey { .. }));
    item.table().is_some_and(|(_, id)| after.on_table(id).into_iter().any(is_key))
}

fn duration(hazard: &TableHazard) -> String {
    match hazard.duration() {
        Duration::Empty => String::from("no time: it is empty"),
        Duration::Unknown => String::from("nobody knows how long: the snapshot has no size"),
        Duration::Instant => String::from("an instant, once the lock is there"),
        Duration::Seconds(_, 0 | 1) => String::from("about a second at most"),
        Duration::Seconds(0, longest) => format!("up to {}", seconds(longest)),
        Duration::Seconds(shortest, longest) => format!("from {} to {}", seconds(shortest), seconds(longest)),
    }
}

fn seconds(count: u64) -> String {
    match count {
        0..=119 => format!("{count} s"),
        120..=7_199 => format!("{} min", count / 60),
        _ => format!("{} h", count / 3_600),
    }
}

/// Earlier statements of the migration that read or write the whole table.
fn earlier_work(item: &Item<'_>) -> Vec<String> {
    let (Some(hazard), Some(view)) = (hazard(item), item.step) else { return Vec::new() };
    let world = item.world.input;
    let own = world.hazards.partition_point(|one| one.statement < view.id);
    let first = world.hazards.partition_point(|one| one.statement.migration < item.migration_index);
    let earlier = world.hazards.get(first..own).unwrap_or(&[]).iter().flat_map(crate::hazard::Hazard::with_inner);
    let works = |one: &&crate::hazard::Hazard| {
        one.tables.iter().any(|table| table.table == hazard.table && (table.scan == Scan::Full || table.work > Work::CatalogOnly))
    };
    let texts = earlier.filter(works).map(|one| first_words(world.sources.slice(one.span)));
    texts.filter(|text| text.to_ascii_lowercase().starts_with("alter table")).take(3).collect()
}

fn first_words(text: &str) -> String {
    text.split_whitespace().take(6).collect::<Vec<_>>().join(" ")
}
