//! Steps of a run, in order → one [`Hazard`] each, with what is held and which timeouts are in force.

use std::collections::BTreeMap;

use super::act::{Act, Scene};
use super::operation::Operation;
use super::session_state::{RunnerSettings, SessionState, TransactionOf};
use super::{Hazard, LockMode, Scan, TableAge, TableHazard, Work, alter_table, classify, lock_table};
use crate::migrate::{Certainty, Change, ChangeKind, InnerStatement, ObjectChange, Repetition, Run, ScriptInput, StatementId, Step};
use crate::schema::{ObjectId, Schema};
use crate::sql::tree::{AlterTableAction, Drop, DropTarget, Maintenance, ObjectKind, Statement, StatementKind};

/// What each step does to the running database, in the order of the steps.
pub fn assess(scripts: &[ScriptInput<'_>], run: &Run, runner: RunnerSettings) -> Vec<Hazard> {
    let by_number: BTreeMap<u32, &ScriptInput<'_>> = scripts.iter().map(|script| (script.migration, script)).collect();
    let mut state = SessionState::new(runner);
    let mut migration = None;
    let mut hazards = Vec::with_capacity(run.steps.len());
    for (index, step) in run.steps.iter().enumerate() {
        let Some(script) = by_number.get(&step.id.migration) else { continue };
        let Some(statement) = script.statements.get(step.id.statement as usize) else { continue };
        if migration != Some(step.id.migration) {
            migration = Some(step.id.migration);
            state.start_migration(script.transaction_mode);
        }
        let after = run.steps.get(index + 1).map_or(&run.after, |next| &next.before);
        hazards.push(hazard_of(&mut state, step, statement, after));
    }
    hazards
}

fn hazard_of(state: &mut SessionState, step: &Step, statement: &Statement, after: &Schema) -> Hazard {
    let scene = Scene { before: &step.before, after, session: &step.session, changes: &step.outcome.changes };
    let in_transaction = state.is_open();
    let refused = step.outcome.refusal.is_some();
    let tables = if refused { Vec::new() } else { table_hazards(state, &scene, &classify::acts(&scene, statement)) };
    let timeouts = state.timeouts();
    let mut hazard = Hazard {
        statement: step.id,
        span: statement.span,
        refused_in_transaction: only_outside_transactions(&scene, statement)
            .filter(|_| in_transaction)
            // What the model was refused is told even when no word for it is known here.
            .or_else(|| step.outcome.refused_as_sent.as_ref().filter(|refusal| refusal.sqlstate == "25001").map(|_| "This statement")),
        in_transaction,
        held: state.held().clone(),
        lock_timeout_ms: timeouts.lock_ms,
        statement_timeout_ms: timeouts.statement_ms,
        tables,
        certainty: Certainty::Runs,
        repetition: Repetition::Once,
        inner: Vec::new(),
    };
    if !refused {
        hazard.inner = inside(state, step.id, &hazard, &step.outcome.inner);
        remember(state, statement, &hazard, &step.outcome.changes);
    }
    hazard
}

/// What runs inside a statement: one after the other, in the transaction that is open, or in one of the statement's own.
fn inside(state: &mut SessionState, statement: StatementId, outer: &Hazard, inner: &[InnerStatement]) -> Vec<Hazard> {
    if inner.is_empty() {
        return Vec::new();
    }
    let own = state.open_for_a_statement();
    hold(state, outer);
    let hazards = inner.iter().map(|one| inner_hazard(state, statement, one)).collect();
    if own == TransactionOf::Statement {
        state.close_for_a_statement();
    }
    hazards
}

fn inner_hazard(state: &mut SessionState, statement: StatementId, inner: &InnerStatement) -> Hazard {
    let scene = Scene { before: &inner.before, after: &inner.after, session: &inner.session, changes: &inner.changes };
    let tables = table_hazards(state, &scene, &classify::acts(&scene, &inner.statement));
    let timeouts = state.timeouts();
    let hazard = Hazard {
        statement,
        span: inner.span,
        // The model refuses what no body may run; a body is never outside of a transaction.
        refused_in_transaction: None,
        in_transaction: true,
        held: state.held().clone(),
        lock_timeout_ms: timeouts.lock_ms,
        statement_timeout_ms: timeouts.statement_ms,
        tables,
        certainty: inner.certainty,
        repetition: inner.repetition,
        inner: Vec::new(),
    };
    match (&inner.statement.kind, inner.certainty) {
        // After COMMIT and ROLLBACK a body is in the next transaction at once (manual 43.8, 15); one that may not come keeps what is held.
        (StatementKind::Transaction(_), Certainty::MayRun) => {}
        (StatementKind::Transaction(transaction), Certainty::Runs) => {
            state.transaction(transaction);
            state.open_for_a_statement();
        }
        (StatementKind::Session(session), Certainty::MayRun) => state.session_perhaps(session),
        _ => remember(state, &inner.statement, &hazard, &inner.changes),
    }
    hazard
}

fn hold(state: &mut SessionState, hazard: &Hazard) {
    for table in &hazard.tables {
        if table.age != TableAge::ThisTransaction {
            state.hold(table.table, table.lock);
        }
    }
}

/// What the statement leaves for those behind it.
fn remember(state: &mut SessionState, statement: &Statement, hazard: &Hazard, changes: &[Change]) {
    hold(state, hazard);
    for change in changes {
        if let ChangeKind::Object(object, ObjectChange::Created) = change.kind {
            state.made(object);
        }
    }
    match &statement.kind {
        StatementKind::Transaction(transaction) => state.transaction(transaction),
        StatementKind::Session(session) => state.session(session),
        _ => {}
    }
}

fn table_hazards(state: &SessionState, scene: &Scene<'_>, acts: &[Act]) -> Vec<TableHazard> {
    let mut found: BTreeMap<ObjectId, TableHazard> = BTreeMap::new();
    for act in acts {
        let Some(row) = lock_table::row(act.operation) else { continue };
        let reason = act.reason.clone().unwrap_or_else(|| act.operation.title().replace('`', ""));
        if let Some((relation, lock)) = act.relation.zip(act.lock.or(row.lock)) {
            let below = if act.descends { scene.descendants(relation) } else { Vec::new() };
            for one in std::iter::once(relation).chain(below) {
                let (scan, work) = if alter_table::holds_no_rows(scene, one) { (Scan::None, Work::CatalogOnly) } else { (row.scan, row.work) };
                add(&mut found, state, scene, one, act.operation, (lock, scan, work), &reason);
            }
        }
        for (partner, relation) in &act.partners {
            let Some(known) = row.partners.iter().find(|known| known.partner == *partner) else { continue };
            add(&mut found, state, scene, *relation, act.operation, (known.lock, known.scan, Work::CatalogOnly), &reason);
        }
    }
    found.into_values().collect()
}

fn add(
    found: &mut BTreeMap<ObjectId, TableHazard>,
    state: &SessionState,
    scene: &Scene<'_>,
    relation: ObjectId,
    operation: Operation,
    (lock, scan, work): (LockMode, Scan, Work),
    reason: &str,
) {
    let Some(object) = scene.before.get(relation) else { return };
    let name = scene.before.qualified_name(relation).map_or_else(|| object.name.to_string(), |name| name.to_string());
    let size = scene.before.table(relation).and_then(|table| table.size);
    let empty = scene.before.table(relation).is_some_and(|table| table.known_empty);
    let hazard = found.entry(relation).or_insert_with(|| TableHazard {
        table: relation,
        name,
        operations: Vec::new(),
        lock,
        scan,
        work,
        reason: String::new(),
        age: if state.was_made_in_transaction(relation) {
            TableAge::ThisTransaction
        } else if state.was_made_in_run(relation) {
            TableAge::ThisRun
        } else {
            TableAge::Before
        },
        rows: if empty { Some(0) } else { size.map(|size| size.rows) },
        bytes: if empty { Some(0) } else { size.and_then(|size| size.bytes) },
    });
    if (work, scan, lock) > (hazard.work, hazard.scan, hazard.lock) || hazard.reason.is_empty() {
        reason.clone_into(&mut hazard.reason);
    }
    hazard.lock = hazard.lock.max(lock);
    hazard.scan = hazard.scan.max(scan);
    hazard.work = hazard.work.max(work);
    if !hazard.operations.contains(&operation) {
        hazard.operations.push(operation);
    }
}

/// The command, when the server takes the statement only outside of transaction blocks (`PreventInTransactionBlock`, 15).
fn only_outside_transactions(scene: &Scene<'_>, statement: &Statement) -> Option<&'static str> {
    match &statement.kind {
        StatementKind::CreateIndex(create) if create.concurrently => Some("CREATE INDEX CONCURRENTLY"),
        StatementKind::Drop(drop) => dropped_outside(drop),
        StatementKind::AlterTable(alter) => alter
            .actions
            .iter()
            .any(|action| matches!(action.value, AlterTableAction::DetachPartition { concurrently: true, .. }))
            .then_some("ALTER TABLE … DETACH PARTITION … CONCURRENTLY"),
        StatementKind::Maintenance(maintenance) => maintained_outside(scene, maintenance),
        StatementKind::CreateOther { kind: ObjectKind::Database, .. } => Some("CREATE DATABASE"),
        StatementKind::CreateOther { kind: ObjectKind::Tablespace, .. } => Some("CREATE TABLESPACE"),
        _ => None,
    }
}

fn dropped_outside(drop: &Drop) -> Option<&'static str> {
    if drop.concurrently {
        return Some("DROP INDEX CONCURRENTLY");
    }
    drop.targets.iter().find_map(|target| match target {
        DropTarget::Object(object) if object.kind == ObjectKind::Database => Some("DROP DATABASE"),
        DropTarget::Object(object) if object.kind == ObjectKind::Tablespace => Some("DROP TABLESPACE"),
        DropTarget::Object(_) | DropTarget::OwnedBy(_) => None,
    })
}

fn maintained_outside(scene: &Scene<'_>, maintenance: &Maintenance) -> Option<&'static str> {
    let verb = maintenance.verb.to_ascii_uppercase();
    let partitioned = || {
        let mut named = maintenance.targets.iter().filter_map(|name| scene.find(name)).map(|id| scene.before.index(id).map_or(id, |index| index.table));
        named.any(|id| scene.before.table(id).is_some_and(|table| table.partitioning.is_some()))
    };
    if verb.starts_with("VACUUM") {
        Some("VACUUM")
    } else if verb.starts_with("REINDEX") && maintenance.concurrently {
        Some("REINDEX CONCURRENTLY")
    } else if matches!(verb.as_str(), "REINDEX SCHEMA" | "REINDEX DATABASE" | "REINDEX SYSTEM") {
        Some("REINDEX SCHEMA")
    } else if verb.starts_with("REINDEX") && partitioned() {
        Some("REINDEX of a partitioned table")
    } else if verb == "CLUSTER" && maintenance.targets.is_empty() {
        Some("CLUSTER of all tables")
    } else {
        None
    }
}
