//! All consumers through all migrations: who is hit, by which, how.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::attribution::Attribution;
use super::bodies::{body_changes, broken_bodies};
use super::company::company_changes;
use super::compare::compare;
use super::difference::{Difference, Side};
use super::effect::{Cause, Effect, EffectKind, Evidence, PathStep};
use super::path::path;
use super::reach::Reach;
use super::subject::Subject;
use super::understanding::Understanding;
use super::values::value_changes;
use super::writes::write_changes;
use crate::migrate::{ChangeKind, DataChange, Run, Step};
use crate::name::Name;
use crate::schema::{Address, Part, Schema};
use crate::text::{Sources, Span};

/// A consumer that did not work before any migration: never blamed on one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenBefore {
    /// The consumer's id.
    pub consumer: Arc<str>,
    /// Why it does not work, or cannot be judged.
    pub message: String,
    /// The server's code; `None` when it cannot be judged.
    pub sqlstate: Option<&'static str>,
    /// Where.
    pub span: Option<Span>,
}

/// What a run does to the consumers.
#[derive(Clone, Debug, Default)]
pub struct Impact {
    /// In the order of migrations, then of consumers, the worst first.
    pub effects: Vec<Effect>,
    /// In the order of consumers.
    pub broken_before: Vec<BrokenBefore>,
}

/// Assesses every consumer against every migration of the run. `first` is the schema before the first migration.
pub fn assess(first: &Schema, run: &Run, subjects: &[Subject], sources: &Sources) -> Impact {
    let words: Vec<BTreeSet<Name>> = subjects.iter().map(|subject| words_of(first, subject, sources)).collect();
    let mut now: Vec<Understanding> = subjects.iter().map(|subject| Understanding::of(first, subject)).collect();
    let mut reach = Reach::default();
    for ((index, subject), (understanding, words)) in subjects.iter().enumerate().zip(now.iter().zip(&words)) {
        reach.list(index, subject, first, understanding, words);
    }
    let broken_before = subjects.iter().zip(&now).filter_map(|(subject, understanding)| broken(subject, understanding)).collect();
    let mut effects = Vec::new();
    for (migration, steps) in by_migration(&run.steps) {
        let Some(before) = steps.first().map(|step| &step.before) else { continue };
        let end = steps.last().map_or(0, |last| run.steps.partition_point(|step| step.id <= last.id));
        let after = run.steps.get(end).map_or(&run.after, |next| &next.before);
        for index in reach.reached_by(steps, after) {
            let (Some(subject), Some(old), Some(words)) = (subjects.get(index), now.get(index), words.get(index)) else { continue };
            let new = Understanding::of(after, subject);
            let sides = (Side { schema: before, understanding: old }, Side { schema: after, understanding: &new });
            effects.extend(effects_on(subject, words, migration, steps, sides));
            reach.list(index, subject, after, &new, words);
            if let Some(place) = now.get_mut(index) {
                *place = new;
            }
        }
    }
    Impact { effects, broken_before }
}

fn effects_on(subject: &Subject, words: &BTreeSet<Name>, migration: u32, steps: &[Step], (before, after): (Side<'_>, Side<'_>)) -> Vec<Effect> {
    let mut differences = compare(before, after);
    if before.understanding.works() && !differences.iter().any(|difference| difference.kind == EffectKind::Breaks) {
        differences.extend(broken_bodies(before, after));
        differences.extend(body_changes(steps, before));
        differences.extend(value_changes(steps, words, before));
        differences.extend(write_changes(steps, before, after));
        differences.extend(company_changes(before, after));
        differences.extend(not_understood(subject, words, steps, before));
    }
    differences.extend(not_judged_before(before));
    for difference in &mut differences {
        rows_decide(difference, steps, before, after);
    }
    let mut merged: BTreeMap<(EffectKind, Cause, String), Difference> = BTreeMap::new();
    for difference in differences {
        merged.entry((difference.kind, difference.cause, difference.message.clone())).or_insert(difference);
    }
    let mut attribution = Attribution::new(steps, after.schema, subject, before);
    merged.into_values().map(|difference| effect(subject, migration, before, &mut attribution, difference)).collect()
}

fn effect(subject: &Subject, migration: u32, before: Side<'_>, attribution: &mut Attribution<'_>, difference: Difference) -> Effect {
    let found = if difference.cause == Cause::NotUnderstood { None } else { attribution.culprit(&difference) };
    let path = match found {
        Some(change) => path(before.schema, change.kind.address(), before.understanding, &subject.name),
        None => match difference.about.first() {
            Some(about) => path(before.schema, *about, before.understanding, &subject.name),
            None => vec![PathStep { kind: "consumer", label: subject.name.clone() }],
        },
    };
    Effect {
        consumer: subject.id.clone(),
        kind: difference.kind,
        cause: difference.cause,
        message: difference.message,
        migration,
        change: found.map(|change| change.id),
        path,
        evidence: difference.evidence,
    }
}

/// What could not be judged before cannot be judged now, and a change reaches it: that is said, and not taken for no effect.
fn not_judged_before(before: Side<'_>) -> Option<Difference> {
    let bindings = &before.understanding.bindings;
    let unresolved = bindings.iter().flat_map(|binding| &binding.unresolved).map(|one| (format!("{}: {}", one.reference, one.reason), one.span)).next();
    let unknown = || bindings.iter().flat_map(|binding| &binding.errors).find_map(|error| Some((error.unknown.as_ref()?.to_string(), error.span)));
    let (reason, span) = unresolved.or_else(unknown)?;
    let message = format!("it could not be judged before the change either: {reason}");
    let evidence = Evidence { message: reason, span: Some(span), ..Evidence::default() };
    Some(Difference { kind: EffectKind::Unknown, cause: Cause::NotUnderstood, message, about: Vec::new(), evidence })
}

/// A column that another one took the place of is as good as the old one when the migration fills it: then rows decide.
fn rows_decide(difference: &mut Difference, steps: &[Step], before: Side<'_>, after: Side<'_>) {
    let [Address { object, part: Part::Column(number) }] = difference.about.as_slice() else { return };
    if difference.cause != Cause::Captured {
        return;
    }
    let name = before.schema.column(*object, *number).map(|column| &column.name);
    let Some(twin) = after.schema.columns(*object).iter().find(|column| Some(&column.name) == name && column.number != *number) else { return };
    let fills = steps.iter().flat_map(|step| &step.outcome.changes).any(|change| match &change.kind {
        ChangeKind::Data(relation, DataChange::Updated { columns, .. }) => relation == object && columns.contains(&twin.number),
        ChangeKind::Data(..) | ChangeKind::Object(..) | ChangeKind::Column(..) => false,
    });
    if fills {
        difference.kind = EffectKind::MayFail;
        difference.cause = Cause::Values;
    }
}

/// Statements that nobody understood and that may touch what the subject rests on: it cannot be said to be safe.
fn not_understood(subject: &Subject, words: &BTreeSet<Name>, steps: &[Step], before: Side<'_>) -> Vec<Difference> {
    let mut names = words.clone();
    names.extend(before.understanding.objects.iter().filter_map(|object| before.schema.get(*object)).map(|object| object.name.clone()));
    names.extend(subject.reads.iter().chain(&subject.writes).map(|declared| declared.relation.clone()));
    let touching = steps.iter().flat_map(|step| &step.outcome.not_judged).filter(|not_judged| {
        not_judged.touches.is_empty() || not_judged.touches.iter().any(|touched| names.contains(touched.rsplit('.').next().unwrap_or(touched)))
    });
    touching
        .map(|not_judged| {
            let evidence = Evidence { message: not_judged.reason.clone(), ..Evidence::default() };
            let message = format!("a statement that was not understood may change what it reads: {}", not_judged.reason);
            Difference { kind: EffectKind::Unknown, cause: Cause::NotUnderstood, message, about: Vec::new(), evidence }
        })
        .collect()
}

fn broken(subject: &Subject, understanding: &Understanding) -> Option<BrokenBefore> {
    let consumer = subject.id.clone();
    let error = understanding.bindings.iter().flat_map(|binding| &binding.errors).next();
    if let Some(error) = error {
        let sqlstate = error.unknown.is_none().then_some(error.sqlstate);
        return Some(BrokenBefore { consumer, message: error.message.clone(), sqlstate, span: Some(error.span) });
    }
    if let Some(unresolved) = understanding.bindings.iter().flat_map(|binding| &binding.unresolved).next() {
        let message = format!("{}: {}", unresolved.reference, unresolved.reason);
        return Some(BrokenBefore { consumer, message, sqlstate: None, span: Some(unresolved.span) });
    }
    let (label, span) = understanding.declared.missing().next()?;
    Some(BrokenBefore { consumer, message: format!("{label} is declared and is not in the schema"), sqlstate: Some("42703"), span: Some(span) })
}

/// Every word of the subject's SQL, folded: a name that a new object may answer to is among them.
pub(super) fn words_of(schema: &Schema, subject: &Subject, sources: &Sources) -> BTreeSet<Name> {
    let mut words = BTreeSet::new();
    for statement in &subject.statements {
        for word in sources.slice(statement.span).split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$')) {
            if word.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_') {
                words.insert(schema.dialect.fold(word, crate::name::Quoting::Bare));
                words.insert(schema.dialect.fold(word, crate::name::Quoting::Quoted));
            }
        }
    }
    words
}

/// The steps of each migration, in order.
fn by_migration(steps: &[Step]) -> Vec<(u32, &[Step])> {
    steps.chunk_by(|a, b| a.id.migration == b.id.migration).filter_map(|chunk| Some((chunk.first()?.id.migration, chunk))).collect()
}
