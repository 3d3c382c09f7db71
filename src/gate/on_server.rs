//! Every plan, and every hand-written way back, tried on a real PostgreSQL.

use super::answer::Answer;
use crate::migrate::{ScriptInput, TransactionMode};
use crate::project::Migration;
use crate::rollback::{PlanStep, SentScript, Trial, held_to, try_on_server};
use crate::server::Place;
use crate::sql::read_script_part;
use crate::sql::tree::Statement;
use crate::text::Sources;

/// Holds the plans of an answer to what a server does. `told` is called with the name of each migration before it is tried.
pub fn prove_on_server(answer: &mut Answer, place: &Place, mut told: impl FnMut(&str)) {
    let proofs: Vec<_> = (0_u32..)
        .zip(&answer.migrations)
        .map(|(index, judged)| {
            told(&judged.migration.name);
            let (before, after, steps) = (answer.before(index), answer.after(index), answer.steps_of(index));
            let search_path = steps.first().map(|step| step.session.search_path.clone()).unwrap_or_default();
            let statements = |steps: &[PlanStep]| steps.iter().map(|step| step.sql.clone()).collect::<Vec<_>>();
            // A statement that is taken only the other way says how the runner sends it, whatever it is taken to do.
            let mode = match (steps.iter().any(|step| step.outcome.refused_as_sent.is_some()), judged.transaction_mode) {
                (true, TransactionMode::Wrapped) => TransactionMode::EachStatement,
                (true, TransactionMode::EachStatement) => TransactionMode::Wrapped,
                (false, mode) => mode,
            };
            let migration = sent(&judged.script.statements, mode, &answer.sources);
            let ours = Trial {
                before,
                after,
                search_path: &search_path,
                prepare: statements(&judged.plan.prepare),
                migration,
                way_back: SentScript { statements: statements(&judged.plan.undo), transaction_mode: TransactionMode::Wrapped },
                clean_up: statements(&judged.plan.clean_up),
            };
            let own = try_on_server(&ours, place);
            let theirs = hand_written(&judged.migration, answer).map(|way_back| {
                let trial = Trial { prepare: Vec::new(), way_back, clean_up: Vec::new(), ..ours.clone() };
                try_on_server(&trial, place)
            });
            (own, theirs)
        })
        .collect();
    for (judged, (own, theirs)) in answer.migrations.iter_mut().zip(proofs) {
        judged.plan = held_to(judged.plan.clone(), &own);
        judged.on_server = Some(own);
        judged.down_on_server = theirs;
    }
}

fn hand_written(migration: &Migration, answer: &Answer) -> Option<SentScript> {
    let down = migration.down?;
    let script = read_script_part(&answer.sources, down.source, down, answer.first.dialect);
    let mode = migration.down_run.transaction_mode(script.statements.len());
    let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode: mode };
    Some(sent(input.statements, input.transaction_mode, &answer.sources))
}

fn sent(statements: &[Statement], transaction_mode: TransactionMode, sources: &Sources) -> SentScript {
    SentScript { statements: statements.iter().map(|statement| sources.slice(statement.span).to_owned()).collect(), transaction_mode }
}
