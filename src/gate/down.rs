//! The hand-written way back, held to the same check as ours: applied to the model after, it must give the schema before.

use std::collections::BTreeMap;

use crate::impact::casts_are_own;
use crate::lineage::Session;
use crate::migrate::{ScriptInput, run};
use crate::project::Migration;
use crate::rollback::{Plan, Reversibility};
use crate::rules::DownFacts;
use crate::schema::{Aspect, Difference, DifferenceKind, Object, ObjectBody, Schema, View, difference};
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
    let lost = not_back(&differences, before, &run.after);
    facts.lost = lost.into_iter().chain(not_judged).chain(not_saved(plan)).collect();
    facts
}

fn not_back(differences: &[Difference], before: &Schema, after: &Schema) -> Vec<String> {
    if differences.is_empty() {
        return Vec::new();
    }
    let (were, are) = (Views::of(before), Views::of(after));
    differences.iter().filter(|difference| !comes_back(difference, &were, &are)).map(ToString::to_string).collect()
}

/// The views of a schema by their names as differences have them.
struct Views<'s> {
    schema: &'s Schema,
    by_name: BTreeMap<String, &'s View>,
}

impl<'s> Views<'s> {
    fn of(schema: &'s Schema) -> Self {
        let named = |object: &'s Object| match &object.body {
            ObjectBody::View(view) => Some((schema.qualified_name(object.id)?.to_string(), view)),
            _ => None,
        };
        Self { schema, by_name: schema.objects().filter_map(named).collect() }
    }
}

/// Whether a difference is none: the same definition in the words of the server and in those of the file, a materialized view that is filled again.
/// A view whose own cast is gone is another one, though the server prints casts of its own just so.
fn comes_back(difference: &Difference, were: &Views<'_>, are: &Views<'_>) -> bool {
    let DifferenceKind::Changed { aspect, before, after } = &difference.kind else { return false };
    match aspect {
        Aspect::Definition | Aspect::Default | Aspect::Generated => {
            is_printed_as(after, before, were.schema.dialect)
                && match (were.by_name.get(&difference.name), are.by_name.get(&difference.name)) {
                    (Some(was), Some(is)) => casts_are_own((were.schema, was), (are.schema, is)),
                    _ => true,
                }
        }
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
