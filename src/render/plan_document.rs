//! Plans as a document for other programs: `plan --format json`.

use serde_json::{Value, json};

use super::runbook::{keep_until, positional_consumers, recoverable_until, statement_text};
use crate::gate::{Answer, JudgedMigration};
use crate::rollback::{Check, Loss, Plan, PlanStep, Proof, Reversibility, ServerProof};
use crate::server::RowStyle;

/// The plan of all judged migrations together: what to prepare in their order, what to undo in the reverse order, and each by itself.
pub fn plan_json(answer: &Answer) -> String {
    let plans: Vec<&Plan> = answer.migrations.iter().map(|judged| &judged.plan).collect();
    let worst = plans.iter().map(|plan| plan.reversibility).max().unwrap_or(Reversibility::Exact);
    let steps = |steps: &mut dyn Iterator<Item = &PlanStep>| -> Vec<Value> { steps.map(step_json).collect() };
    let is_level = |level: fn(&Proof) -> bool| plans.iter().all(|plan| level(&plan.proven));
    let proven = if is_level(|proof| matches!(proof, Proof::Server(_))) && !plans.is_empty() {
        "postgres"
    } else if is_level(|proof| matches!(proof, Proof::Server(_) | Proof::Model)) {
        "model"
    } else {
        "no"
    };
    let each: Vec<Value> = answer
        .migrations
        .iter()
        .map(|judged| {
            let plan = &judged.plan;
            let moved: Vec<Value> = plan
                .moved
                .iter()
                .map(|moved| json!({ "column": moved.column, "before": moved.before, "after": moved.after, "hurts": positional_consumers(answer, &moved.column) }))
                .collect();
            let in_between: Vec<Value> = plan
                .in_between
                .iter()
                .map(|meanwhile| json!({ "what": meanwhile.what, "fate": meanwhile.fate, "count_query": meanwhile.count_query }))
                .collect();
            json!({
                "migration": judged.migration.name,
                "reversibility": plan.reversibility.as_str(),
                "proven": plan.proven.as_str(),
                "statements": statements(answer, judged),
                "prepare": steps(&mut plan.prepare.iter()),
                "undo": steps(&mut plan.undo.iter()),
                "verify": plan.verify.iter().map(check).collect::<Vec<_>>(),
                "verify_migration": plan.verify_migration.iter().map(check).collect::<Vec<_>>(),
                "clean_up": steps(&mut plan.clean_up.iter()),
                "loses": plan.loses.iter().map(loss).collect::<Vec<_>>(),
                "moved": moved,
                "in_between": in_between,
                "advice": plan.advice,
                "draft": steps(&mut plan.draft.iter()),
                "keep_until": keep_until(answer, judged).to_string(),
                "recovery": plan.recovery.as_ref().map(|recovery| json!({
                    "until": recoverable_until(answer, plan).map(|day| day.to_string()),
                    "words": recovery.words,
                    "source": recovery.source,
                })),
                "not_planned": plan.not_planned,
                "point_of_no_return": plan.point_of_no_return,
                "server": judged.on_server.as_ref().map(server),
                "down": down(judged),
            })
        })
        .collect();
    let verify: Vec<Value> = plans.iter().rev().flat_map(|plan| &plan.verify).map(check).collect();
    let verify_migration: Vec<Value> = plans.iter().flat_map(|plan| &plan.verify_migration).map(check).collect();
    let loses: Vec<Value> = plans.iter().flat_map(|plan| &plan.loses).map(loss).collect();
    let document = json!({
        "schema_version": 1,
        "reversibility": worst.as_str(),
        "proven": proven,
        "prepare": steps(&mut plans.iter().flat_map(|plan| &plan.prepare)),
        "undo": steps(&mut plans.iter().rev().flat_map(|plan| &plan.undo)),
        "verify": verify,
        "verify_migration": verify_migration,
        "clean_up": steps(&mut plans.iter().flat_map(|plan| &plan.clean_up)),
        "loses": loses,
        "migrations": each,
    });
    format!("{document:#}\n")
}

fn step_json(step: &PlanStep) -> Value {
    let loads: Vec<Value> = step
        .loads
        .iter()
        .map(|load| json!({ "table": load.table, "lock": load.lock.as_str(), "work": load.work, "rows": load.rows, "bytes": load.bytes }))
        .collect();
    json!({ "sql": format!("{};", step.sql), "purpose": step.purpose, "loads": loads })
}

fn check(check: &Check) -> Value {
    json!({ "sql": format!("{};", check.sql), "expected": check.expected, "purpose": check.purpose })
}

fn loss(loss: &Loss) -> Value {
    json!({ "what": loss.what, "why": loss.why, "rows": loss.rows, "count_query": loss.count_query })
}

/// What each statement of the migration comes to.
fn statements(answer: &Answer, judged: &JudgedMigration) -> Vec<Value> {
    let each = judged.plan.statements.iter().map(|claim| {
        json!({
            "statement": claim.statement,
            "sql": statement_text(answer, judged, claim.statement),
            "reversibility": claim.reversibility.as_str(),
            "reasons": claim.reasons,
        })
    });
    each.collect()
}

/// What a server said.
fn server(proof: &ServerProof) -> Value {
    json!({
        "outcome": proof.word(),
        "version": (!proof.version.is_empty()).then_some(&proof.version),
        "differences": proof.differences(),
        "rows": {
            "style": match proof.row_style { RowStyle::Varied => "varied", RowStyle::Fitting => "fitting", RowStyle::None => "none" },
            "count": proof.filling.rows,
            "tables": proof.filling.filled,
            "not_filled": proof.filling.empty,
        },
        "refused_on_rows": proof.refused_on_rows,
    })
}

/// What the hand-written way back is worth; null when there is none.
fn down(judged: &JudgedMigration) -> Value {
    if judged.down.written.is_none() {
        return Value::Null;
    }
    json!({
        "refused": judged.down.refused,
        "lost": judged.down.lost,
        "server": judged.down_on_server.as_ref().map(server),
    })
}
