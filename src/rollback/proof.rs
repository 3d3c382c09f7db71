//! A plan held against the model: prepare, migration and way back are applied, and the schema must be the one before.

use super::plan::{Plan, PlanStep, Proof, Reversibility, StepLoad};
use super::saved_name::SAVED;
use crate::hazard::{Hazard, RunnerSettings, Scan, TableAge, TableHazard, Work, assess};
use crate::lineage::Session;
use crate::migrate::{ScriptInput, TransactionMode, run};
use crate::schema::{Aspect, Difference, DifferenceKind, Schema, difference};
use crate::sql::read_script;
use crate::text::Sources;

/// Applies the way back to the model of the schema after, and compares. A plan that does not give the schema back is not a plan:
/// it becomes [`Reversibility::Impossible`], with the differences.
#[must_use]
pub fn prove(mut plan: Plan, before: &Schema, after: &Schema, session: &Session) -> Plan {
    let (differences, is_refused, hazards) = try_on_model(&plan.undo, before, after, session);
    let simulated = plan.undo.iter_mut().filter(|step| is_simulated(step));
    for (step, hazard) in simulated.zip(&hazards) {
        step.loads.extend(loads(hazard));
    }
    if differences.is_empty() {
        plan.proven = Proof::Model;
    } else {
        plan.reversibility = Reversibility::Impossible;
        plan.not_planned.extend(differences.iter().cloned());
        plan.proven = Proof::Failed(differences);
        if is_refused {
            // What is known not to run is not handed out as something to run.
            plan.draft = std::mem::take(&mut plan.undo);
            plan.verify.clear();
        }
    }
    plan
}

fn try_on_model(undo: &[PlanStep], before: &Schema, after: &Schema, session: &Session) -> (Vec<String>, bool, Vec<Hazard>) {
    let mut sources = Sources::default();
    let text: String = undo.iter().filter(|step| is_simulated(step)).map(|step| format!("{};\n", step.sql)).collect();
    let id = sources.add("<way back>", text);
    let script = read_script(&sources, id, before.dialect);
    let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode: TransactionMode::Wrapped };
    let run = run(after.clone(), session.clone(), &[input], &sources);
    let mut problems = Vec::new();
    for step in &run.steps {
        let statement = script.statements.get(step.id.statement as usize).map(|statement| sources.slice(statement.span)).unwrap_or_default();
        if let Some(refusal) = &step.outcome.refusal {
            problems.push(format!("the way back would be refused ({}): {} in: {statement}", refusal.sqlstate, refusal.message));
        }
        problems.extend(step.outcome.not_judged.iter().map(|not_judged| format!("a statement of the way back is not judged: {}", not_judged.reason)));
    }
    let is_refused = run.steps.iter().any(|step| step.outcome.refusal.is_some());
    if problems.is_empty() {
        problems.extend(difference(before, &run.after).iter().filter(|difference| !is_order(difference)).map(ToString::to_string));
    }
    let hazards = assess(&[input], &run, RunnerSettings::default());
    (problems, is_refused, hazards)
}

/// Statements about saved rows speak of tables that the model has not.
fn is_simulated(step: &PlanStep) -> bool {
    !step.sql.contains(SAVED)
}

fn loads(hazard: &Hazard) -> Vec<StepLoad> {
    let tables = hazard.tables.iter().filter(|table| table.age == TableAge::Before);
    let load = |table: &TableHazard| StepLoad {
        table: table.name.clone(),
        lock: table.lock,
        work: match (table.work, table.scan) {
            (Work::Rewrites, _) => "writes table and indexes again",
            (Work::BuildsIndex, _) => "builds an index",
            (Work::CatalogOnly, Scan::Full) => "reads all rows",
            (Work::CatalogOnly, Scan::None) => "touches no row",
        },
        rows: table.rows,
        bytes: table.bytes,
    };
    tables.map(load).collect()
}

/// A column that was dropped comes back at the end: that is told apart, and not a failure.
pub(super) fn is_order(difference: &Difference) -> bool {
    matches!(&difference.kind, DifferenceKind::Changed { aspect: Aspect::ColumnOrder, .. })
}
