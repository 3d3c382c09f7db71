//! `investigate`: somebody says that a field or a report is broken. Is it real, since when, who else is hit, what is the way back, and what do we say first.
//!
//! The history is replayed from the files of all migrations, the present is the snapshot, and who is hit is asked of the gate.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{JudgementArguments, inputs};
use crate::diagnostic::Problem;
use crate::gate::{self, Answer, Inputs};
use crate::git;
use crate::lineage::Session;
use crate::migrate::{Change, ChangeKind, Run, ScriptInput, build, run as apply};
use crate::name::Name;
use crate::render::{Investigation, Occurrence, change_sentence, consumer_label, investigation_text, script};
use crate::rollback::{plan, prove};
use crate::schema::{ColumnNumber, NameSpace, ObjectId, Schema, format_type};
use crate::sql::{Script, read_script_part};
use crate::text::{Place, Sources};

/// Arguments of `investigate`.
#[derive(Clone, Debug, Args)]
pub(super) struct InvestigateArguments {
    /// What is said to be broken: a field (`app.clients.phone`), a table, or a consumer of the catalog by id or name
    #[arg(value_name = "FIELD-or-CONSUMER")]
    what: String,
    #[command(flatten)]
    judgement: InvestigationInputs,
}

/// Where it is looked up.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct InvestigationInputs {
    #[command(flatten)]
    schema: super::inputs::SchemaArguments,
    #[command(flatten)]
    catalog: super::settings::CatalogArguments,
    #[command(flatten)]
    settings: super::settings::SettingsArguments,
    #[command(flatten)]
    clock: super::settings::ClockArguments,
}

impl InvestigationInputs {
    fn judgement(&self) -> JudgementArguments {
        JudgementArguments {
            schema: self.schema.clone(),
            catalog: self.catalog.clone(),
            settings: self.settings.clone(),
            clock: self.clock.clone(),
            ..JudgementArguments::default()
        }
    }
}

/// Runs `investigate`.
///
/// # Errors
/// Every fault of the input, and a name that nothing has.
pub(super) fn run(
    arguments: &InvestigateArguments,
    environment: &Environment,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<ExitStatus, Failure> {
    let mut read = |judgement: &JudgementArguments, sources: &mut Sources| {
        inputs(judgement, environment, std::mem::take(sources), console).map_err(|(failure, read)| {
            *sources = read;
            failure
        })
    };
    let present = arguments.judgement.judgement();
    let all = read(&JudgementArguments { all: true, ..present.clone() }, sources)?;
    let history = History::replay(&all);
    let now = gate::check(read(&present, &mut Sources::default())?);
    let found = match consumer_named(&now, &arguments.what) {
        Some(id) => of_consumer(&now, &id, &history, &all, environment),
        None => {
            let target = history.target(&arguments.what, &now);
            let Some(target) = target else {
                *sources = all.sources;
                return Err(nothing_found(&arguments.what, &now));
            };
            let readers = readers(&now, &target, &present, &mut read)?;
            of_field(&now, &target, readers, &history, &all, environment)
        }
    };
    let text = investigation_text(&found);
    *sources = all.sources;
    console.data(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}

fn nothing_found(what: &str, now: &Answer) -> Failure {
    let names: Vec<&str> = now.catalog.consumers.keys().map(AsRef::as_ref).collect();
    let problem = Problem::error("investigate-unknown", format!("neither a field of the schema or of its migrations, nor a consumer is named `{what}`"));
    problem.allowed(what, names).help("a field is named as in app.clients.phone").into()
}

/// A consumer by id, or by name in any case.
fn consumer_named(now: &Answer, what: &str) -> Option<String> {
    let by_name = |name: &str| name.to_lowercase() == what.to_lowercase();
    now.catalog.consumers.values().find(|consumer| &*consumer.id == what || by_name(&consumer.name)).map(|consumer| consumer.id.to_string())
}

/// A field, or a whole relation.
struct Target {
    relation: String,
    column: Option<String>,
    /// Its identity in the replayed history, when it is there.
    identity: Option<(ObjectId, Option<ColumnNumber>)>,
}

impl Target {
    fn name(&self) -> String {
        match &self.column {
            Some(column) => format!("{}.{column}", self.relation),
            None => self.relation.clone(),
        }
    }
}

/// All migrations, applied one after the other to nothing.
struct History {
    run: Run,
    scripts: Vec<Script>,
    /// Statements that could not be replayed.
    not_replayed: usize,
}

impl History {
    fn replay(all: &Inputs) -> Self {
        let dialect = all.schema.dialect;
        let scripts: Vec<Script> = all.migrations.iter().map(|migration| read_script_part(&all.sources, migration.up.source, migration.up, dialect)).collect();
        let mut whole = Run { after: build(&[], dialect, &all.sources).after, steps: Vec::new() };
        for (index, (migration, script)) in (0_u32..).zip(all.migrations.iter().zip(&scripts)) {
            let transaction_mode = migration.run.transaction_mode(script.statements.len());
            let input = ScriptInput { migration: index, statements: &script.statements, transaction_mode };
            let session = Session { search_path: all.session.search_path.clone(), ..Session::new(&whole.after) };
            let part = apply(whole.after, session, &[input], &all.sources);
            whole.steps.extend(part.steps);
            whole.after = part.after;
        }
        let not_replayed = whole.steps.iter().filter(|step| step.outcome.refusal.is_some() || !step.outcome.not_judged.is_empty()).count();
        Self { run: whole, scripts, not_replayed }
    }

    /// The schemas of the history, the last first.
    fn schemas(&self) -> impl Iterator<Item = &Schema> {
        std::iter::once(&self.run.after).chain(self.run.steps.iter().rev().map(|step| &step.before))
    }

    /// What a name means: in the snapshot, or at any time in the history.
    fn target(&self, what: &str, now: &Answer) -> Option<Target> {
        let in_history = self.schemas().find_map(|schema| look_up(schema, what));
        let in_snapshot = look_up(&now.first, what);
        let (relation, column, _) = in_snapshot.clone().or_else(|| in_history.clone())?;
        let identity = in_history.map(|(_, column, (object, number))| (object, column.and(number)));
        Some(Target { relation, column, identity })
    }

    /// What was done to a thing, in order.
    fn occurrences(&self, all: &Inputs, environment: &Environment, is_meant: impl Fn(&Change, &Schema, &Schema) -> bool) -> Vec<Occurrence> {
        let mut found = Vec::new();
        for (at, step) in self.run.steps.iter().enumerate() {
            let after = self.run.steps.get(at + 1).map_or(&self.run.after, |next| &next.before);
            for change in step.outcome.changes.iter().filter(|change| is_meant(change, &step.before, after)) {
                let Some(migration) = all.migrations.get(step.id.migration as usize) else { continue };
                let place = all.sources.place(change.span);
                found.push(occurrence(&migration.name, Some(step.id.migration), &place, change_sentence(step, after, change), environment));
            }
        }
        found
    }

    /// The way back from one migration, as a script, and how much of it comes back.
    fn way_back(&self, index: u32, all: &Inputs) -> Option<(String, String)> {
        let start = self.run.steps.partition_point(|step| step.id.migration < index);
        let end = self.run.steps.partition_point(|step| step.id.migration <= index);
        let steps = self.run.steps.get(start..end)?;
        let before = &steps.first()?.before;
        let after = self.run.steps.get(end).map_or(&self.run.after, |next| &next.before);
        let name = all.migrations.get(index as usize).map_or("", |migration| migration.name.as_str());
        let back = prove(plan(before, after, steps, name), before, after, &all.session);
        (!back.undo.is_empty()).then(|| (back.reversibility.words().to_owned(), script(&back.undo, before.dialect.ddl_transactions)))
    }
}

/// Relation, column and identity that a name means in a schema.
type Meant = (String, Option<String>, (ObjectId, Option<ColumnNumber>));

fn look_up(schema: &Schema, what: &str) -> Option<Meant> {
    let parts: Vec<Name> = what.split('.').map(|part| Name::stored(part.trim_matches('"'))).collect();
    let meant = |id: ObjectId, column: Option<&Name>| -> Option<Meant> {
        let relation = schema.qualified_name(id)?.to_string();
        let Some(column) = column else { return Some((relation, None, (id, None))) };
        let column = schema.columns(id).iter().find(|own| own.name == *column)?;
        Some((relation, Some(column.name.to_string()), (id, Some(column.number))))
    };
    // A name without its schema is looked for in every schema, in their order.
    let anywhere = |relation: &Name, column: Option<&Name>| {
        let schemas = schema.in_name_space(NameSpace::Schema);
        schemas.filter_map(|namespace| schema.find(NameSpace::Relation, Some(namespace), relation)).find_map(|id| meant(id, column))
    };
    let within = |namespace: &Name, relation: &Name| schema.find(NameSpace::Relation, Some(schema.namespace(namespace)?), relation);
    match parts.as_slice() {
        [relation] => anywhere(relation, None),
        [first, second] => within(first, second).and_then(|id| meant(id, None)).or_else(|| anywhere(first, Some(second))),
        [namespace, relation, column] => within(namespace, relation).and_then(|id| meant(id, Some(column))),
        _ => None,
    }
}

fn is_about(change: &Change, identity: (ObjectId, Option<ColumnNumber>)) -> bool {
    let (object, number) = identity;
    match (&change.kind, number) {
        (ChangeKind::Column(own, own_number, _), Some(number)) => *own == object && *own_number == number,
        (ChangeKind::Column(own, ..), None) => *own == object,
        (ChangeKind::Object(own, _), _) => *own == object,
        (ChangeKind::Data(..), _) => false,
    }
}

/// Consumers that rest on a field: those that would be hit if it were dropped.
fn readers(
    now: &Answer,
    target: &Target,
    present: &JudgementArguments,
    read: &mut impl FnMut(&JudgementArguments, &mut Sources) -> Result<Inputs, Failure>,
) -> Result<Vec<String>, Failure> {
    let Some((_, _, (object, number))) = look_up(&now.first, &target.name()) else { return Ok(Vec::new()) };
    let quoted = |schema: &Schema| -> Option<(String, Option<String>)> {
        let relation = schema.qualified_name(object)?;
        let column = number.and_then(|number| schema.column(object, number)).map(|column| schema.dialect.quote(&column.name));
        Some((schema.dialect.quote_qualified(&relation), column))
    };
    let Some((relation, column)) = quoted(&now.first) else { return Ok(Vec::new()) };
    let probe = match &column {
        Some(column) => format!("ALTER TABLE {relation} DROP COLUMN {column} CASCADE;\n"),
        None => format!("DROP TABLE {relation} CASCADE;\n"),
    };
    let unwritable = |reason| Failure::Write { path: "a temporary folder".into(), reason };
    let folder = tempfile::Builder::new().prefix("fieldgate-investigate-").tempdir().map_err(unwritable)?;
    let file = folder.path().join("probe.sql");
    std::fs::write(&file, probe).map_err(unwritable)?;
    let answer = gate::check(read(&JudgementArguments { paths: vec![file], ..present.clone() }, &mut Sources::default())?);
    let hit: BTreeSet<&str> = answer.effects.iter().map(|effect| &*effect.consumer).collect();
    Ok(hit.into_iter().map(|id| consumer_label(&answer, id)).collect())
}

/// The history of what waits is told from the snapshot, which it will meet.
fn without_waiting(occurrences: &mut Vec<Occurrence>, now: &Answer) {
    let waiting: BTreeSet<&str> = now.migrations.iter().map(|judged| judged.migration.name.as_str()).collect();
    occurrences.retain(|one| !waiting.contains(one.migration.as_str()));
}

/// What waiting migrations do to a thing. When it is broken already, one of them may have been applied without the snapshot knowing.
fn waiting(now: &Answer, environment: &Environment, is_meant: impl Fn(&Change) -> bool) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for (at, step) in now.run.steps.iter().enumerate() {
        let after = now.run.steps.get(at + 1).map_or(&now.run.after, |next| &next.before);
        for change in step.outcome.changes.iter().filter(|change| is_meant(change)) {
            let Some(judged) = now.migrations.get(step.id.migration as usize) else { continue };
            let what = format!("{} (it waits, by the snapshot)", change_sentence(step, after, change));
            let place = now.sources.place(change.span);
            found.push(occurrence(&judged.migration.name, None, &place, what, environment));
        }
    }
    found
}

fn occurrence(migration: &str, index: Option<u32>, place: &Place, what: String, environment: &Environment) -> Occurrence {
    // A repository without history, or none at all, has no commits to tell of.
    let commit = git::commit_that_added(&environment.working_folder, Path::new(&place.file)).ok().flatten();
    Occurrence {
        migration: migration.to_owned(),
        index,
        place: format!("{}:{}", place.file, place.start.line),
        what,
        commit: commit.map(|commit| format!("{} by {} on {}: {}", commit.id, commit.author, commit.day, commit.subject)),
    }
}

fn of_field(now: &Answer, target: &Target, readers: Vec<String>, history: &History, all: &Inputs, environment: &Environment) -> Investigation {
    let name = target.name();
    let state = match look_up(&now.first, &name) {
        Some((_, Some(_), (object, Some(number)))) => {
            let data_type = now.first.column(object, number).map(|column| format_type(&now.first, &column.data_type)).unwrap_or_default();
            format!("{name} is in the snapshot, with the type {data_type}.")
        }
        Some(_) => format!("{name} is in the snapshot."),
        None => format!("{name} is not in the snapshot: who asks for it gets an error. It is real."),
    };
    let mut occurrences = match target.identity {
        Some(identity) => history.occurrences(all, environment, |change, _, _| is_about(change, identity)),
        None => Vec::new(),
    };
    without_waiting(&mut occurrences, now);
    if let Some((_, _, (object, number))) = look_up(&now.first, &name) {
        let identity = (object, target.column.as_ref().and(number));
        occurrences.extend(waiting(now, environment, |change| is_about(change, identity)));
    }
    finished(now, name, state, occurrences, readers, history, all)
}

fn of_consumer(now: &Answer, id: &str, history: &History, all: &Inputs, environment: &Environment) -> Investigation {
    let name = consumer_label(now, id);
    let broken = now.broken_before.iter().find(|broken| &*broken.consumer == id);
    let state = match broken {
        Some(broken) => match broken.sqlstate {
            Some(sqlstate) => format!("It is real: by the snapshot {name} does not work: {} ({sqlstate}).", broken.message),
            None => format!("{name} cannot be judged: {}.", broken.message),
        },
        None => format!("By the snapshot {name} works. Look at permissions, a stale extract or a paused sync, and ask for the very words of the error."),
    };
    let said = broken.map(|broken| broken.message.to_lowercase()).unwrap_or_default();
    let words: BTreeSet<&str> = said.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| word.len() > 1).collect();
    let occurrences = history.occurrences(all, environment, |change, before, after| {
        let named = |schema: &Schema| match &change.kind {
            ChangeKind::Column(object, number, _) => schema.column(*object, *number).map(|column| column.name.to_string()),
            ChangeKind::Object(object, _) => schema.get(*object).map(|object| object.name.to_string()),
            ChangeKind::Data(..) => None,
        };
        [named(before), named(after)].into_iter().flatten().any(|name| words.contains(name.to_lowercase().as_str()))
    });
    let mut occurrences = occurrences;
    without_waiting(&mut occurrences, now);
    let hit: BTreeSet<_> = now.effects.iter().filter(|effect| &*effect.consumer == id).filter_map(|effect| effect.change).collect();
    occurrences.extend(waiting(now, environment, |change| hit.contains(&change.id)));
    let others =
        now.broken_before.iter().filter(|broken| &*broken.consumer != id && broken.sqlstate.is_some()).map(|broken| consumer_label(now, &broken.consumer));
    finished(now, name, state, occurrences, others.collect(), history, all)
}

fn finished(now: &Answer, name: String, state: String, occurrences: Vec<Occurrence>, others: Vec<String>, history: &History, all: &Inputs) -> Investigation {
    // What only made it does not hurt; what came later does.
    let last = occurrences.last().filter(|last| occurrences.len() > 1 || last.index.is_none());
    let way_back = last.and_then(|last| match last.index {
        Some(index) => history.way_back(index, all),
        None => {
            let judged = now.migrations.iter().find(|judged| judged.migration.name == last.migration)?;
            (!judged.plan.undo.is_empty())
                .then(|| (judged.plan.reversibility.words().to_owned(), script(&judged.plan.undo, now.first.dialect.ddl_transactions)))
        }
    });
    let broken = now.broken_before.iter().filter(|broken| broken.sqlstate.is_some());
    Investigation {
        what: name,
        state,
        since: last.map(|last| last.migration.clone()),
        occurrences,
        others,
        broken_now: broken.map(|broken| format!("{}: {}", consumer_label(now, &broken.consumer), broken.message)).collect(),
        not_replayed: history.not_replayed,
        statements: history.scripts.iter().map(|script| script.statements.len()).sum(),
        way_back,
        help: now.config.organisation.help.email.clone().or_else(|| now.config.organisation.help.phone.clone()),
    }
}
