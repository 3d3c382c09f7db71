//! Facts about all migrations of a run together, and about what goes on around a migration.

use std::collections::BTreeSet;

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, Subject};
use super::super::item::{About, Item};
use crate::hazard::{Hazard, Operation, TableAge};
use crate::migrate::TransactionMode;
use crate::sql::tree::{Session, StatementKind, Transaction};

const MIGRATIONS: &[Subject] = &[Subject::Migration];
const WORKED_ON: &[Subject] = &[Subject::Table];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("migration.sets", FactType::Texts, MIGRATIONS, "The settings that its `SET` statements set, lower case.", |item| {
        let names = item.migration.statements.iter().filter_map(|statement| match &statement.kind {
            StatementKind::Session(Session::Set { name, .. }) => Some(name.to_ascii_lowercase()),
            _ => None,
        });
        names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().into()
    }),
    fact(
        "migration.left_open",
        FactType::Bool,
        MIGRATIONS,
        "Whether a `BEGIN` of its own is never ended, so that the server undoes what stands behind it.",
        |item| left_open(item).into(),
    ),
    fact("deploy.migrations", FactType::Int, MIGRATIONS, "How many migrations are judged together.", |item| item.world.input.migrations.len().into()),
    fact("deploy.is_last", FactType::Bool, MIGRATIONS, "Whether it is the last of them.", |item| {
        (item.migration_index as usize + 1 == item.world.input.migrations.len()).into()
    }),
    fact(
        "deploy.kept_from_readers",
        FactType::Texts,
        MIGRATIONS,
        "Tables from before the run that one of the migrations keeps readers from, each once.",
        |item| {
            let names = item.world.locked_by.values().flatten().map(|(_, (_, name))| (*name).to_owned());
            names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().into()
        },
    ),
    fact(
        "table.locked_earlier_by",
        FactType::Texts,
        WORKED_ON,
        "Asked at the first statement of a migration that keeps readers from the table: the earlier migrations of the run that do too; else empty.",
        |item| locked_earlier(item).into(),
    ),
    fact("table.analyzed_later", FactType::Bool, WORKED_ON, "Whether `ANALYZE` or `VACUUM ANALYZE` of the table stands behind the statement.", |item| {
        analyzed_later(item).into()
    }),
];

fn left_open(item: &Item<'_>) -> bool {
    if item.migration.transaction_mode == TransactionMode::Wrapped {
        return false;
    }
    let mut open = false;
    for statement in item.migration.statements {
        match &statement.kind {
            StatementKind::Transaction(Transaction::Begin | Transaction::CommitAndChain | Transaction::RollbackAndChain) => open = true,
            StatementKind::Transaction(Transaction::Commit | Transaction::Rollback) => open = false,
            _ => {}
        }
    }
    open
}

fn locked_earlier(item: &Item<'_>) -> Vec<String> {
    let (About::Table(table), Some(hazard)) = (item.about, item.step.and_then(|step| step.hazard)) else { return Vec::new() };
    let Some(all) = item.world.locked_by.get(&table.table) else { return Vec::new() };
    let is_first = all.get(&item.migration_index).is_some_and(|(first, _)| std::ptr::eq(*first, hazard));
    if !is_first {
        return Vec::new();
    }
    let earlier = all.keys().filter(|migration| **migration < item.migration_index);
    earlier.filter_map(|migration| item.world.input.migrations.get(*migration as usize)).map(|migration| migration.name.to_string()).collect()
}

fn analyzed_later(item: &Item<'_>) -> bool {
    let (About::Table(table), Some(step)) = (item.about, item.step) else { return false };
    let hazards = item.world.input.hazards;
    let from = hazards.partition_point(|hazard| hazard.statement < step.id);
    let own = hazards.get(from..).unwrap_or_default().iter().take_while(|hazard| hazard.statement.migration == item.migration_index);
    own.flat_map(Hazard::with_inner)
        .flat_map(|hazard| &hazard.tables)
        .any(|other| other.table == table.table && other.age == TableAge::Before && other.operations.iter().any(|one| is_analyze(*one)))
}

fn is_analyze(operation: Operation) -> bool {
    matches!(operation, Operation::Analyze | Operation::Vacuum)
}
