//! The pipeline, top to bottom.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::answer::{Answer, JudgedMigration, NotJudgedItem};
use super::down::down_facts;
use super::inputs::Inputs;
use super::old_name::old_names;
use super::subjects::subjects;
use super::verdict::verdict;
use super::waits::waits;
use crate::catalog::Catalog;
use crate::hazard::{self, RunnerSettings};
use crate::impact::{self, Impact};
use crate::migrate::{ChangeId, Run, ScriptInput, run};
use crate::project::Migration;
use crate::rollback::{Plan, by_means_of, plan, prove};
use crate::rules::{self, Baseline, BaselineReport, CatalogSummary, ConsumerSummary, DownFacts, JudgeInput, Judgement, LookedAt, RecordFacts};
use crate::schema::Schema;
use crate::sql::{Script, read_script_part};
use crate::text::Span;

/// Judges what is proposed against snapshot and catalog.
pub fn check(mut inputs: Inputs) -> Answer {
    let scripts = read(&inputs);
    let run = simulate(&inputs, &scripts);
    let impact = impact::assess(&inputs.schema, &run, &subjects(&inputs.catalog, &inputs.schema, &inputs.session, &inputs.sources), &inputs.sources);
    let settings = RunnerSettings { lock_timeout_ms: inputs.config.runner.lock_timeout_ms, statement_timeout_ms: inputs.config.runner.statement_timeout_ms };
    let hazards = hazard::assess(&script_inputs(&inputs.migrations, &scripts), &run, settings);
    let ways_back = ways_back(&inputs, &run);
    let Judgement { mut findings, accepted } = judge(&inputs, &scripts, &run, &impact, &hazards, &ways_back);
    let baseline = inputs.baseline.as_ref().map(|baseline| known(baseline, &inputs, &scripts, &run, &mut findings));
    let not_judged: Vec<NotJudgedItem> = inputs.gaps.iter().cloned().chain(gaps(&run, &impact)).collect();
    let verdict = verdict(inputs.config.gate, &findings, not_judged.len());
    let waits = waits(&inputs, &hazards);
    let old_names = old_names(&mut inputs, &run);
    let migrations = inputs.migrations.into_iter().zip(scripts).zip(ways_back).map(|((migration, script), (plan, down))| {
        let transaction_mode = migration.run.transaction_mode(script.statements.len());
        JudgedMigration { migration, script, transaction_mode, plan, down, on_server: None, down_on_server: None }
    });
    Answer {
        migrations: migrations.collect(),
        sources: inputs.sources,
        config: inputs.config,
        catalog: inputs.catalog,
        rules: inputs.rules,
        folder_in_repository: inputs.folder_in_repository,
        first: inputs.schema,
        run,
        hazards,
        effects: impact.effects,
        old_names,
        waits,
        accepted,
        baseline,
        broken_before: impact.broken_before,
        findings,
        not_judged,
        verdict,
        templates: inputs.templates,
        told: inputs.told,
        today: inputs.today,
    }
}

fn read(inputs: &Inputs) -> Vec<Script> {
    let dialect = inputs.schema.dialect;
    inputs.migrations.iter().map(|migration| read_script_part(&inputs.sources, migration.up.source, migration.up, dialect)).collect()
}

fn script_inputs<'a>(migrations: &[Migration], scripts: &'a [Script]) -> Vec<ScriptInput<'a>> {
    let numbered = migrations.iter().zip(scripts).enumerate();
    numbered
        .map(|(index, (migration, script))| ScriptInput {
            migration: u32::try_from(index).unwrap_or(u32::MAX),
            statements: &script.statements,
            transaction_mode: migration.run.transaction_mode(script.statements.len()),
        })
        .collect()
}

/// Each migration is applied to what the one before it left. One that is refused leaves what its transaction leaves, and the next is judged all the same.
fn simulate(inputs: &Inputs, scripts: &[Script]) -> Run {
    let mut whole = Run { after: inputs.schema.clone(), steps: Vec::new() };
    for input in script_inputs(&inputs.migrations, scripts) {
        let part = run(whole.after, inputs.session.clone(), &[input], &inputs.sources);
        whole.steps.extend(part.steps);
        whole.after = part.after;
    }
    renumber(&mut whole);
    whole
}

/// Changes are numbered over the whole run.
fn renumber(run: &mut Run) {
    let mut next = 0_u32;
    for outcome in run.steps.iter_mut().map(|step| &mut step.outcome) {
        let mut renamed = BTreeMap::new();
        for change in &mut outcome.changes {
            let old = std::mem::replace(&mut change.id, ChangeId(next));
            renamed.insert(old, change.id);
            next = next.saturating_add(1);
        }
        for change in outcome.inner.iter_mut().flat_map(|inner| &mut inner.changes) {
            change.id = renamed.get(&change.id).copied().unwrap_or(ChangeId::OF_NO_STATEMENT);
        }
    }
}

/// For each migration the plan, proven on the model, and what its hand-written way back is worth.
fn ways_back(inputs: &Inputs, run: &Run) -> Vec<(Plan, DownFacts)> {
    let start_of = |migration: usize| run.steps.partition_point(|step| (step.id.migration as usize) < migration);
    let boundary = |migration: usize| -> &Schema { run.steps.get(start_of(migration)).map_or(&run.after, |step| &step.before) };
    let numbered = inputs.migrations.iter().enumerate();
    numbered
        .map(|(index, migration)| {
            let (before, after) = (boundary(index), boundary(index + 1));
            let steps = run.steps.get(start_of(index)..start_of(index + 1)).unwrap_or_default();
            let plan = by_means_of(prove(plan(before, after, steps, &migration.name), before, after, &inputs.session), before, after, steps);
            let came_through = steps.iter().all(|step| step.outcome.refusal.is_none());
            let facts = down_facts(migration, before, after, came_through, &inputs.session, &plan, &inputs.sources);
            (plan, facts)
        })
        .collect()
}

fn judge(inputs: &Inputs, scripts: &[Script], run: &Run, impact: &Impact, hazards: &[hazard::Hazard], ways_back: &[(Plan, DownFacts)]) -> Judgement {
    let comments: Vec<Vec<Span>> = scripts.iter().map(|script| trusted_comments(script, inputs)).collect();
    let migrations: Vec<rules::JudgedMigration<'_>> = inputs
        .migrations
        .iter()
        .zip(scripts)
        .zip(&comments)
        .zip(ways_back)
        .map(|(((migration, script), comments), (_, down))| judged(inputs, migration, script, comments, down))
        .collect();
    let catalog = summary(&inputs.catalog);
    rules::judge(
        &inputs.rules,
        &JudgeInput {
            sources: &inputs.sources,
            migrations: &migrations,
            run,
            hazards,
            effects: &impact.effects,
            file_events: &inputs.file_events,
            catalog: &catalog,
            levels: &inputs.levels,
            today: inputs.today,
        },
    )
}

/// The comments of a migration; of those that speak to fieldgate only the ones that count.
fn trusted_comments(script: &Script, inputs: &Inputs) -> Vec<Span> {
    let all = script.comments.iter().map(|comment| comment.span);
    let Some(trusted) = &inputs.trusted_allowances else { return all.collect() };
    all.filter(|span| {
        let text = inputs.sources.slice(*span).trim();
        let known = inputs.sources.get(span.source).and_then(|source| trusted.get(source.name()));
        !text.contains("fieldgate:") || known.is_some_and(|lines| lines.iter().any(|line| line.contains(text)))
    })
    .collect()
}

fn judged<'a>(inputs: &Inputs, migration: &Migration, script: &'a Script, comments: &'a [Span], down: &DownFacts) -> rules::JudgedMigration<'a> {
    let zone = inputs.config.organisation.time_zone.clone().unwrap_or(TimeZone::UTC);
    rules::JudgedMigration {
        name: Arc::from(migration.name.as_str()),
        path: Arc::from(inputs.sources.get(migration.up.source).map_or("", |source| source.name())),
        source: migration.up.source,
        part: migration.up,
        comments,
        statements: &script.statements,
        transaction_mode: migration.run.transaction_mode(script.statements.len()),
        down: down.clone(),
        record: migration.sidecar.as_ref().map(|sidecar| RecordFacts::of(sidecar, &zone)).unwrap_or_default().with_notices(&inputs.told, &migration.name),
    }
}

/// Marks what the baseline knows. A migration that the server would refuse was not looked at to its end, so nothing of it is called gone.
fn known(baseline: &Baseline, inputs: &Inputs, scripts: &[Script], run: &Run, findings: &mut [rules::Finding]) -> BaselineReport {
    let mut applied = vec![0_usize; scripts.len()];
    for step in run.steps.iter().filter(|step| step.outcome.refusal.is_none()) {
        if let Some(count) = applied.get_mut(step.id.migration as usize) {
            *count += 1;
        }
    }
    let whole = inputs.migrations.iter().zip(scripts).zip(&applied).filter(|((_, script), applied)| script.statements.len() == **applied);
    let judged = whole.map(|((migration, _), _)| migration.name.as_str()).collect();
    baseline.apply(findings, LookedAt { judged: &judged, existing: inputs.existing.as_ref() })
}

fn summary(catalog: &Catalog) -> CatalogSummary {
    let consumers = catalog.consumers.values().map(|consumer| {
        let summary = ConsumerSummary {
            name: consumer.name.clone(),
            kind: consumer.kind.as_str().to_owned(),
            department: catalog.department_of(consumer).map(|department| department.name.clone()).unwrap_or_default(),
            department_id: consumer.department.clone().unwrap_or_else(|| Arc::from("")),
            criticality: consumer.criticality.map(|criticality| criticality.as_str().to_owned()).unwrap_or_default(),
        };
        (consumer.id.clone(), summary)
    });
    let last_checked = catalog.consumers.values().filter_map(|consumer| consumer.last_checked.as_ref()).map(|checked| checked.value).min();
    CatalogSummary { consumers: consumers.collect(), last_checked: last_checked.map(|date| date.to_string()) }
}

/// Everything that was not understood: statements, and consumers that could not be judged even before.
fn gaps(run: &Run, impact: &Impact) -> Vec<NotJudgedItem> {
    let statements = run.steps.iter().flat_map(|step| {
        step.outcome.not_judged.iter().map(|not_judged| NotJudgedItem {
            migration: Some(step.id.migration),
            consumer: None,
            span: Some(not_judged.span),
            reason: not_judged.reason.clone(),
        })
    });
    let consumers = impact.broken_before.iter().filter(|broken| broken.sqlstate.is_none()).map(|broken| NotJudgedItem {
        migration: None,
        consumer: Some(broken.consumer.clone()),
        span: broken.span,
        reason: broken.message.clone(),
    });
    statements.chain(consumers).collect()
}
