//! Facts that are SQL: the safe way, filled in from the case at hand.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, Subject};
use super::super::item::{About, Item};
use super::change::sql_of;
use crate::migrate::{ChangeKind, ObjectChange};
use crate::schema::{ColumnNumber, ConstraintKind, DataType, ObjectBody, ObjectId, Schema, TypeIdentity};
use crate::sql::tree::StatementKind;

/// Partitions for which the statements are written out.
const WRITTEN_OUT: usize = 3;

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact(
        "way.index_by_partitions",
        FactType::Text,
        &[Subject::Table],
        "For an index on a partitioned table: the statements that build it partition by partition; else empty.",
        |item| index_by_partitions(item).unwrap_or_default().into(),
    ),
    fact("way.attach_partition", FactType::Text, &[Subject::Table], "For a new partition: the statements that make and attach it; else empty.", |item| {
        attach_partition(item).unwrap_or_default().into()
    }),
    fact("way.batch", FactType::Text, &[Subject::Change], "For an `UPDATE` of all rows: its first batch; else empty.", |item| {
        batch(item).unwrap_or_default().into()
    }),
];

/// The statement and what stands before and behind the name of its table.
fn around_table<'a>(item: &Item<'a>) -> Option<(&'a str, &'a str)> {
    let step = item.step?;
    let StatementKind::CreateIndex(create) = &step.statement.kind else { return None };
    let (start, name) = (step.statement.span.start, create.table.span());
    let place = |at: u32| at.checked_sub(start).map(|at| at as usize);
    Some((step.text.get(..place(name.start)?)?, step.text.get(place(name.end)?..)?))
}

fn index_by_partitions(item: &Item<'_>) -> Option<String> {
    let About::Table(hazard) = item.about else { return None };
    let step = item.step?;
    let (_, behind) = around_table(item)?;
    let StatementKind::CreateIndex(create) = &step.statement.kind else { return None };
    let unique = if create.unique { "UNIQUE " } else { "" };
    let before = step.before;
    let (_, index, _) = item.index()?;
    let name = before.dialect.quote(&step.after.get(index)?.name);
    let bare = step.after.get(index)?.name.to_string();
    let partitions: Vec<ObjectId> = partitions(before, hazard.table);
    let mut lines = vec![format!("CREATE {unique}INDEX {name} ON ONLY {}{behind};", sql_of(before, hazard.table))];
    for partition in partitions.iter().take(WRITTEN_OUT) {
        let own = format!("{}_{bare}", before.get(*partition)?.name);
        let own = before.dialect.quote(&crate::name::Name::stored(own.as_str()));
        lines.push(format!("CREATE {unique}INDEX CONCURRENTLY {own} ON {}{behind};", sql_of(before, *partition)));
        lines.push(format!("ALTER INDEX {name} ATTACH PARTITION {own};"));
    }
    if let Some(more) = partitions.len().checked_sub(WRITTEN_OUT).filter(|more| *more > 0) {
        lines.push(format!("-- and so for {more} more partitions"));
    }
    Some(lines.join("\n"))
}

fn partitions(schema: &Schema, parent: ObjectId) -> Vec<ObjectId> {
    let dependents = schema.dependencies().on_object(parent).into_iter().map(|dependency| dependency.dependent.object);
    let mut found: Vec<ObjectId> = dependents.filter(|id| schema.table(*id).is_some_and(|table| table.parents.contains(&parent))).collect();
    found.sort();
    found.dedup();
    found
}

fn attach_partition(item: &Item<'_>) -> Option<String> {
    let About::Table(hazard) = item.about else { return None };
    let step = item.step?;
    let made = step.changes.iter().find_map(|change| match change.kind {
        ChangeKind::Object(id, ObjectChange::Created) if step.after.table(id).is_some_and(|table| table.partition_bound.is_some()) => Some(id),
        _ => None,
    })?;
    let bound = step.after.table(made)?.partition_bound.clone()?;
    let (new, parent) = (sql_of(step.after, made), sql_of(step.after, hazard.table));
    Some(format!("CREATE TABLE {new} (LIKE {parent} INCLUDING ALL);\nALTER TABLE {parent} ATTACH PARTITION {new} {bound};"))
}

/// The statement with a condition on a whole-number key, else on where rows lie. An `UPDATE` with more behind its `SET` is left to the reader.
fn batch(item: &Item<'_>) -> Option<String> {
    let step = item.step?;
    let text = step.text.trim_end_matches(';').trim_end();
    let (schema, table) = item.table()?;
    if text.to_lowercase().contains("returning") {
        return None;
    }
    let condition = match whole_number_key(schema, table) {
        Some(key) => format!("{key} BETWEEN 1 AND 10000"),
        // Ranges of ctid are read without the rest of the table from 14 on.
        None => String::from("ctid >= '(0,0)' AND ctid < '(1000,0)'"),
    };
    Some(format!("{text} WHERE {condition};"))
}

fn whole_number_key(schema: &Schema, table: ObjectId) -> Option<String> {
    let keys = schema.on_table(table).into_iter().filter_map(|id| match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Constraint(constraint)) => match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => Some(columns.clone()),
            _ => None,
        },
        _ => None,
    });
    let columns: Vec<ColumnNumber> = keys.into_iter().next()?;
    let [only] = columns.as_slice() else { return None };
    let column = schema.column(table, *only)?;
    let whole = |data_type: &DataType| matches!(&data_type.identity, TypeIdentity::Builtin(name) if matches!(&**name, "int2" | "int4" | "int8"));
    whole(&column.data_type).then(|| schema.dialect.quote(&column.name))
}
