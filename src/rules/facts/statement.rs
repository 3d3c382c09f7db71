//! Facts about a statement, the transaction it stands in and the timeouts in force.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, FactValue, Subject};
use super::super::item::{About, Item};
use crate::hazard::{Hazard, LockMode, TableAge, Work};
use crate::sql::cut_names;
use crate::sql::tree::{AlterTableAction, Dml, DropBehavior, Session, StatementKind, Transaction};

/// What has a statement.
const IN_A_STATEMENT: &[Subject] =
    &[Subject::Change, Subject::Statement, Subject::Table, Subject::Effect, Subject::Refusal, Subject::MayFail, Subject::NotJudged];

/// The words of `statement.kind`.
pub(in crate::rules) const KINDS: &[&str] = &[
    "create_table",
    "create_table_as",
    "alter_table",
    "create_view",
    "alter_view",
    "refresh_view",
    "create_index",
    "alter_index",
    "create_sequence",
    "alter_sequence",
    "create_schema",
    "create_type",
    "create_domain",
    "create_function",
    "create_trigger",
    "create_policy",
    "create_extension",
    "alter_object",
    "drop",
    "comment",
    "grant",
    "default_privileges",
    "truncate",
    "insert",
    "update",
    "delete",
    "merge",
    "copy",
    "query",
    "session",
    "begin",
    "commit",
    "rollback",
    "savepoint",
    "transaction",
    "do",
    "call",
    "lock",
    "maintenance",
    "create_other",
    "meta_command",
    "alter_system",
    "no_effect",
    "unread",
    "none",
];

/// Timeouts that are not set.
const NO_TIMEOUT: i64 = -1;

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("statement.kind", FactType::Word(KINDS), IN_A_STATEMENT, "What kind of statement it is; `none` for an effect that no single statement has.", |item| {
        kind(item).into()
    }),
    fact("statement.sql", FactType::Text, IN_A_STATEMENT, "The statement as written.", |item| text(item).into()),
    fact("statement.concurrent_sql", FactType::Text, IN_A_STATEMENT, "The statement with `CONCURRENTLY`, for those that have such a form.", |item| {
        concurrent(&text(item)).into()
    }),
    fact("statement.mentions", FactType::Text, IN_A_STATEMENT, "The statement in lower case with single blanks, to look for words.", |item| {
        text(item).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().into()
    }),
    fact("statement.cascades", FactType::Bool, IN_A_STATEMENT, "Whether `CASCADE` is written.", |item| cascades(item).into()),
    fact("statement.if_exists", FactType::Bool, IN_A_STATEMENT, "Whether `IF EXISTS` is written.", |item| if_exists(item).into()),
    fact("statement.if_not_exists", FactType::Bool, IN_A_STATEMENT, "Whether `IF NOT EXISTS` is written.", |item| if_not_exists(item).into()),
    fact("statement.concurrently", FactType::Bool, IN_A_STATEMENT, "Whether `CONCURRENTLY` is written.", |item| concurrently(item).into()),
    fact("statement.in_transaction", FactType::Bool, IN_A_STATEMENT, "Whether a transaction is open around it.", |item| {
        hazard(item).is_some_and(|hazard| hazard.in_transaction).into()
    }),
    fact(
        "statement.refused_in_transaction",
        FactType::Text,
        IN_A_STATEMENT,
        "The command, when it stands in a transaction and the server takes it only outside; else empty.",
        |item| hazard(item).and_then(|hazard| hazard.refused_in_transaction).unwrap_or("").into(),
    ),
    fact("statement.lock_timeout_ms", FactType::Int, IN_A_STATEMENT, "`lock_timeout` in force; -1 when none is.", |item| {
        timeout(hazard(item).and_then(|hazard| hazard.lock_timeout_ms))
    }),
    fact("statement.statement_timeout_ms", FactType::Int, IN_A_STATEMENT, "`statement_timeout` in force; -1 when none is.", |item| {
        timeout(hazard(item).and_then(|hazard| hazard.statement_timeout_ms))
    }),
    fact("statement.blocks_reads", FactType::Texts, IN_A_STATEMENT, "Tables from before this run that nobody can read while it works.", |item| {
        locked(item, |lock| lock.blocks_reads()).into()
    }),
    fact("statement.blocks_writes", FactType::Texts, IN_A_STATEMENT, "Tables from before this run that nobody can write while it works.", |item| {
        locked(item, |lock| lock.blocks_writes()).into()
    }),
    fact(
        "statement.held_from_readers",
        FactType::Texts,
        IN_A_STATEMENT,
        "Tables that only earlier statements of the same transaction keep from readers while it works.",
        |item| held(item, |lock| lock.blocks_reads()).into(),
    ),
    fact(
        "statement.held_from_writers",
        FactType::Texts,
        IN_A_STATEMENT,
        "Tables that only earlier statements of the same transaction keep from writers while it works.",
        |item| held(item, |lock| lock.blocks_writes()).into(),
    ),
    fact(
        "statement.locks_one_more",
        FactType::Bool,
        IN_A_STATEMENT,
        "Whether it keeps readers from a table while an earlier statement of the same transaction keeps them from another.",
        |item| locks_one_more(item).into(),
    ),
    fact(
        "statement.is_first_to_wait",
        FactType::Bool,
        IN_A_STATEMENT,
        "Whether it is the first statement of its migration that keeps others from working and has no `lock_timeout`.",
        |item| is_first_to_wait(item).into(),
    ),
    fact(
        "statement.is_long",
        FactType::Bool,
        IN_A_STATEMENT,
        "Whether it reads, writes or indexes the whole of a table that is not known to be small.",
        |item| hazard(item).is_some_and(is_long).into(),
    ),
    fact("statement.notices", FactType::Texts, IN_A_STATEMENT, "Notices the server would give.", |item| {
        item.step.map_or_else(Vec::new, |step| step.notices.to_vec()).into()
    }),
    fact(
        "statement.cut_names",
        FactType::Texts,
        IN_A_STATEMENT,
        "Names in it that are longer than the server keeps (63 bytes in PostgreSQL), as written.",
        |item| item.step.map_or_else(Vec::new, |step| cut_names(item.world.input.sources, step.span, step.after.dialect)).into(),
    ),
    fact("statement.changes", FactType::Int, IN_A_STATEMENT, "How many changes it makes.", |item| item.step.map_or(0, |step| step.changes.len()).into()),
    fact("statement.setting", FactType::Text, IN_A_STATEMENT, "The name that a `SET` or `RESET` sets, lower case; else empty.", |item| setting(item).into()),
    fact(
        "statement.new_enum_labels",
        FactType::Texts,
        IN_A_STATEMENT,
        "Labels that earlier statements of the same transaction have added to enums and that this statement names.",
        |item| new_labels(item).into(),
    ),
];

fn hazard<'a>(item: &Item<'a>) -> Option<&'a Hazard> {
    item.step?.hazard
}

fn timeout(milliseconds: Option<u64>) -> FactValue {
    milliseconds.map_or(NO_TIMEOUT, |value| i64::try_from(value).unwrap_or(i64::MAX)).into()
}

fn text(item: &Item<'_>) -> String {
    item.step.map_or_else(String::new, |step| step.text.to_owned())
}

/// `CONCURRENTLY` behind the word it belongs to.
fn concurrent(text: &str) -> String {
    for (word, takes) in [("INDEX", "INDEX CONCURRENTLY"), ("MATERIALIZED VIEW", "MATERIALIZED VIEW CONCURRENTLY"), ("TABLE", "TABLE CONCURRENTLY")] {
        let upper = text.to_ascii_uppercase();
        let whole = |at: &usize| !upper.get(..*at).is_some_and(|before| before.ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_'));
        let found = upper.match_indices(word).map(|(at, _)| at).find(whole);
        if let Some((before, after)) = found.and_then(|at| Some((text.get(..at)?, text.get(at + word.len()..)?))) {
            return format!("{before}{takes}{after}");
        }
    }
    text.to_owned()
}

fn locked(item: &Item<'_>, wanted: impl Fn(LockMode) -> bool) -> Vec<String> {
    let tables = hazard(item).map_or(&[][..], |hazard| &hazard.tables[..]);
    tables.iter().filter(|table| table.age == TableAge::Before && wanted(table.lock)).map(|table| table.name.clone()).collect()
}

fn held(item: &Item<'_>, wanted: impl Fn(LockMode) -> bool) -> Vec<String> {
    let (Some(step), Some(hazard)) = (item.step, hazard(item)) else { return Vec::new() };
    let name = |id| step.before.qualified_name(id).map(|name| name.to_string());
    // What it locks itself is told with it.
    let own = |id| hazard.tables.iter().any(|table| table.table == id && wanted(table.lock));
    hazard.held.iter().filter(|(id, lock)| wanted(**lock) && !own(**id)).filter_map(|(id, _)| name(*id)).collect()
}

/// Rows up to which a whole table is read in less time than anybody notices.
pub(in crate::rules) const FEW_ROWS: u64 = 10_000;

fn is_long(hazard: &Hazard) -> bool {
    hazard.tables.iter().any(|table| {
        let works = table.work > Work::CatalogOnly || table.scan == crate::hazard::Scan::Full;
        works && table.age != TableAge::ThisTransaction && table.rows.is_none_or(|rows| rows > FEW_ROWS)
    })
}

pub(in crate::rules) fn kind(item: &Item<'_>) -> &'static str {
    let Some(step) = item.step else { return "none" };
    match &step.statement.kind {
        StatementKind::CreateTable(_) => "create_table",
        StatementKind::CreateTableAs(_) => "create_table_as",
        StatementKind::AlterTable(_) => "alter_table",
        StatementKind::CreateView(_) => "create_view",
        StatementKind::AlterView(_) => "alter_view",
        StatementKind::RefreshView(_) => "refresh_view",
        StatementKind::CreateIndex(_) => "create_index",
        StatementKind::AlterIndex(_) => "alter_index",
        StatementKind::CreateSequence(_) => "create_sequence",
        StatementKind::AlterSequence(_) => "alter_sequence",
        StatementKind::CreateSchema(_) => "create_schema",
        StatementKind::CreateType(_) => "create_type",
        StatementKind::CreateDomain(_) => "create_domain",
        StatementKind::CreateFunction(_) => "create_function",
        StatementKind::CreateTrigger(_) => "create_trigger",
        StatementKind::CreatePolicy(_) => "create_policy",
        StatementKind::CreateExtension(_) => "create_extension",
        StatementKind::AlterObject(_) => "alter_object",
        StatementKind::Drop(_) => "drop",
        StatementKind::Comment(_) => "comment",
        StatementKind::Grant(_) => "grant",
        StatementKind::AlterDefaultPrivileges(_) => "default_privileges",
        StatementKind::Truncate { .. } => "truncate",
        StatementKind::Dml(dml) => match &**dml {
            Dml::Insert(_) => "insert",
            Dml::Update(_) => "update",
            Dml::Delete(_) => "delete",
            Dml::Merge(_) => "merge",
        },
        StatementKind::Copy(_) => "copy",
        StatementKind::Query(_) => "query",
        StatementKind::Session(_) => "session",
        StatementKind::Transaction(transaction) => match transaction {
            Transaction::Begin => "begin",
            Transaction::Commit | Transaction::CommitAndChain => "commit",
            Transaction::Rollback | Transaction::RollbackAndChain => "rollback",
            Transaction::Savepoint(_) => "savepoint",
            Transaction::Release(_) | Transaction::RollbackTo(_) | Transaction::Mode(_) => "transaction",
        },
        StatementKind::Do(_) => "do",
        StatementKind::Call(_) => "call",
        StatementKind::Lock { .. } => "lock",
        StatementKind::Maintenance(_) => "maintenance",
        StatementKind::CreateOther { .. } => "create_other",
        StatementKind::MetaCommand(_) => "meta_command",
        StatementKind::AlterSystem => "alter_system",
        StatementKind::NoEffect { .. } => "no_effect",
        StatementKind::Unread(_) => "unread",
    }
}

fn cascades(item: &Item<'_>) -> bool {
    let cascade = |behavior: &DropBehavior| *behavior == DropBehavior::Cascade;
    match item.step.map(|step| &step.statement.kind) {
        Some(StatementKind::Drop(drop)) => cascade(&drop.behavior),
        Some(StatementKind::Truncate { cascade, .. }) => *cascade,
        Some(StatementKind::AlterTable(alter)) => alter.actions.iter().any(|action| match &action.value {
            AlterTableAction::DropColumn { behavior, .. } | AlterTableAction::DropConstraint { behavior, .. } => cascade(behavior),
            _ => false,
        }),
        _ => false,
    }
}

fn if_exists(item: &Item<'_>) -> bool {
    match item.step.map(|step| &step.statement.kind) {
        Some(StatementKind::Drop(drop)) => drop.if_exists,
        Some(StatementKind::AlterTable(alter)) => {
            alter.if_exists
                || alter.actions.iter().any(|action| {
                    matches!(action.value, AlterTableAction::DropColumn { if_exists: true, .. } | AlterTableAction::DropConstraint { if_exists: true, .. })
                })
        }
        Some(StatementKind::AlterView(alter)) => alter.if_exists,
        Some(StatementKind::AlterIndex(alter)) => alter.if_exists,
        Some(StatementKind::AlterObject(alter)) => alter.if_exists,
        _ => false,
    }
}

fn if_not_exists(item: &Item<'_>) -> bool {
    match item.step.map(|step| &step.statement.kind) {
        Some(StatementKind::CreateTable(create)) => create.if_not_exists,
        Some(StatementKind::CreateTableAs(create)) => create.if_not_exists,
        Some(StatementKind::CreateIndex(create)) => create.if_not_exists,
        Some(StatementKind::CreateView(create)) => create.if_not_exists,
        Some(StatementKind::CreateSequence(create)) => create.if_not_exists,
        Some(StatementKind::CreateSchema(create)) => create.if_not_exists,
        Some(StatementKind::CreateExtension(create)) => create.if_not_exists,
        Some(StatementKind::AlterTable(alter)) => {
            alter.actions.iter().any(|action| matches!(action.value, AlterTableAction::AddColumn { if_not_exists: true, .. }))
        }
        _ => false,
    }
}

fn concurrently(item: &Item<'_>) -> bool {
    match item.step.map(|step| &step.statement.kind) {
        Some(StatementKind::CreateIndex(create)) => create.concurrently,
        Some(StatementKind::Drop(drop)) => drop.concurrently,
        Some(StatementKind::RefreshView(refresh)) => refresh.concurrently,
        Some(StatementKind::Maintenance(maintenance)) => maintenance.concurrently,
        Some(StatementKind::AlterTable(alter)) => {
            alter.actions.iter().any(|action| matches!(action.value, AlterTableAction::DetachPartition { concurrently: true, .. }))
        }
        _ => false,
    }
}

fn locks_one_more(item: &Item<'_>) -> bool {
    let Some(hazard) = hazard(item) else { return false };
    let own = || hazard.tables.iter().filter(|table| table.age == TableAge::Before && table.lock.blocks_reads());
    let new = own().any(|table| hazard.held.get(&table.table).is_none_or(|lock| !lock.blocks_reads()));
    new && hazard.held.iter().any(|(id, lock)| lock.blocks_reads() && own().all(|table| table.table != *id))
}

fn is_first_to_wait(item: &Item<'_>) -> bool {
    let hazards = item.world.input.hazards;
    let waits =
        |hazard: &&Hazard| hazard.lock_timeout_ms.is_none() && hazard.tables.iter().any(|table| table.age == TableAge::Before && table.lock.blocks_writes());
    let Some(this) = hazard(item).filter(waits) else { return false };
    let start = hazards.partition_point(|hazard| hazard.statement.migration < item.migration_index);
    let own = hazards.get(start..).unwrap_or(&[]).iter().take_while(|hazard| hazard.statement.migration == item.migration_index);
    own.flat_map(Hazard::with_inner).find(waits).is_some_and(|first| std::ptr::eq(first, this))
}

fn setting(item: &Item<'_>) -> String {
    match item.step.map(|step| &step.statement.kind) {
        Some(StatementKind::Session(Session::Set { name, .. })) => name.clone(),
        Some(StatementKind::Session(Session::Reset(name))) => name.clone().unwrap_or_else(|| String::from("all")),
        _ => String::new(),
    }
}

/// Asked of statements only: each looks back over its own migration.
fn new_labels(item: &Item<'_>) -> Vec<String> {
    let (About::Statement, Some(view)) = (item.about, item.step) else { return Vec::new() };
    if !hazard(item).is_some_and(|hazard| hazard.in_transaction) {
        return Vec::new();
    }
    let text = text(item);
    if matches!(view.statement.kind, StatementKind::AlterObject(_)) || !text.contains('\'') {
        return Vec::new();
    }
    let adders = item.world.label_adders.get(&item.migration_index).is_some_and(|first| *first < view.id.statement);
    if !adders {
        return Vec::new();
    }
    let mut labels = Vec::new();
    for statement in item.migration.statements.iter().take(view.id.statement as usize) {
        match &statement.kind {
            StatementKind::AlterObject(alter) => {
                if let crate::sql::tree::ObjectAction::Type(actions) = &alter.action {
                    labels.extend(actions.iter().filter_map(|action| match &action.value {
                        crate::sql::tree::AlterTypeAction::AddValue { value, .. } => Some(value.clone()),
                        _ => None,
                    }));
                }
            }
            StatementKind::Transaction(Transaction::Commit | Transaction::CommitAndChain | Transaction::Rollback | Transaction::RollbackAndChain) => {
                labels.clear()
            }
            _ => {}
        }
    }
    labels.retain(|label| text.contains(&format!("'{}'", label.replace('\'', "''"))));
    labels
}
