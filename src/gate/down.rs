//! The hand-written way back, held to the same check as ours: applied to the model after, it must give the schema before.

use crate::dialect::Dialect;
use crate::lineage::Session;
use crate::migrate::{ScriptInput, run};
use crate::project::Migration;
use crate::rollback::{Plan, Reversibility};
use crate::rules::DownFacts;
use crate::schema::{Aspect, Difference, DifferenceKind, Schema, difference};
use crate::sql::{is_printed_as, read_script_part};
use crate::text::Sources;

/// What is known of a migration's way back.
pub(super) fn down_facts(
    migration: &Migration,
    before: &Schema,
    after: &Schema,
    came_through: bool,
    session: &Session,
    plan: &Plan,
    sources: &Sources,
) -> DownFacts {
    let mut facts = DownFacts { written: migration.down, ..DownFacts::default() };
    // Behind a refused statement there is no schema that a way back could start from, and the refusal is told by itself.
    if !came_through {
        return facts;
    }
    facts.irreversible = irreversible(plan);
    let Some(down) = migration.down else { return facts };
    let script = read_script_part(sources, down.source, down, before.dialect);
    let mode = migration.down_run.transaction_mode(script.statements.len());
    let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode: mode };
    let run = run(after.clone(), session.clone(), &[input], sources);
    facts.refused = run.steps.iter().find_map(|step| step.outcome.refusal.as_ref()).map(|refusal| format!("{}: {}", refusal.sqlstate, refusal.message));
    let not_judged = run.steps.iter().flat_map(|step| &step.outcome.not_judged).map(|not_judged| format!("not judged: {}", not_judged.reason));
    if facts.refused.is_some() {
        return facts;
    }
    let differences = difference(before, &run.after);
    let lost = differences.iter().filter(|difference| !comes_back(difference, before.dialect)).map(ToString::to_string);
    facts.lost = lost.chain(not_judged).chain(not_saved(plan)).collect();
    facts
}

/// Whether a difference is none: the same definition in the words of the server and in those of the file, a materialized view that is filled again.
fn comes_back(difference: &Difference, dialect: &'static Dialect) -> bool {
    let DifferenceKind::Changed { aspect, before, after } = &difference.kind else { return false };
    match aspect {
        Aspect::Definition | Aspect::Default | Aspect::Generated => is_printed_as(after, before, dialect),
        Aspect::Populated => before == "not populated",
        _ => false,
    }
}

/// What no way back restores, whatever is saved.
fn irreversible(plan: &Plan) -> Vec<String> {
    let lost = plan.loses.iter().map(|loss| format!("{}: {}", loss.what, loss.why));
    let unplanned = if plan.reversibility == Reversibility::Impossible { plan.not_planned.clone() } else { Vec::new() };
    lost.chain(unplanned).collect()
}

/// Values and rows that come back only out of what is saved before, which a hand-written way back does not do.
fn not_saved(plan: &Plan) -> impl Iterator<Item = String> {
    let saved = plan.prepare.iter().filter_map(|step| step.purpose.strip_prefix("save "));
    saved.map(|what| format!("{what}: what was in there is not saved by anybody before"))
}
