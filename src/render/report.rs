//! The answer as a document for other programs: `check --format json`. Versioned; fields are added, never changed or taken away.

use schemars::JsonSchema;
use serde::Serialize;

use super::words::{change_sentence, department_and_owner, object_label};
use crate::gate::Answer;
use crate::migrate::{ChangeKind, Direction};
use crate::rules::{BaselineEntry, BaselineReport};
use crate::schema::Schema;
use crate::text::Span;

/// Everything `check` found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// 1.
    pub schema_version: u32,
    /// `pass`, `warn` or `block`.
    pub verdict: &'static str,
    /// The migrations in the order of application.
    pub migrations: Vec<MigrationEntry>,
    /// What the rules say.
    pub findings: Vec<FindingEntry>,
    /// What changes, each effect of each statement.
    pub changes: Vec<ChangeEntry>,
    /// What it does to consumers.
    pub effects: Vec<EffectEntry>,
    /// Consumers that did not work before any migration.
    pub broken_before: Vec<BrokenBeforeEntry>,
    /// What was not understood.
    pub not_judged: Vec<NotJudgedEntry>,
    /// What of the baseline is known and what is gone; absent when there is no baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineReportEntry>,
}

/// A place; lines and columns count from 1, columns in characters, the end is exclusive.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct PlaceEntry {
    /// The file.
    pub file: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
}

/// A migration.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MigrationEntry {
    /// Its number in this report, from 0.
    pub index: u32,
    /// Its name.
    pub id: String,
    /// Its file.
    pub file: String,
    /// `exact`, `exact_with_saved_data`, `lossy` or `impossible`.
    pub reversibility: &'static str,
    /// What the way back was held against: `model`, `postgres` or `no`.
    pub proven: &'static str,
}

/// What a rule says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingEntry {
    /// The rule.
    pub rule: String,
    /// `contract` or `operation`.
    pub family: &'static str,
    /// `info`, `warning` or `error`.
    pub level: &'static str,
    /// Where.
    #[serde(flatten)]
    pub place: PlaceEntry,
    /// What is the matter.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where to read more.
    pub link: Option<String>,
    /// The same for the same fault when lines move.
    pub fingerprint: String,
    /// The migration's index.
    pub migration: u32,
    /// The change's id.
    pub change: Option<u32>,
    /// Consumers it is about.
    pub consumers: Vec<String>,
    /// The server's code.
    pub sqlstate: Option<&'static str>,
    /// Why it does not count, when it was allowed.
    pub suppressed: Option<SuppressedEntry>,
}

/// An allowance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SuppressedEntry {
    /// `comment`, `sign_off` or `baseline`.
    pub by: &'static str,
    /// The reason given; who agreed and when; since when it is known.
    pub reason: String,
    /// The last day; empty when none is named.
    pub until: String,
}

/// What of the baseline is known and what is gone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BaselineReportEntry {
    /// How many findings are known and do not count.
    pub known: usize,
    /// Entries of migrations that were not looked at.
    pub not_looked_at: usize,
    /// Fingerprints of entries whose finding is no longer there.
    pub gone: Vec<String>,
    /// Fingerprints of entries whose finding has become worse, so that it counts again.
    pub worse: Vec<String>,
}

/// One effect of one statement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangeEntry {
    /// Its id in this report.
    pub id: u32,
    /// The migration's index.
    pub migration: u32,
    /// The statement's number in the migration, from 0.
    pub statement: u32,
    /// Where.
    #[serde(flatten)]
    pub place: PlaceEntry,
    /// `column_dropped`, `object_renamed` …
    pub kind: &'static str,
    /// The object, as SQL names it before the change.
    pub object: String,
    /// The column, when it is one.
    pub column: Option<String>,
    /// Whether the statement names it; else it goes along.
    pub direct: bool,
    /// In one line.
    pub summary: String,
}

/// What a migration does to a consumer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EffectEntry {
    /// The consumer's id.
    pub consumer: String,
    /// Its name.
    pub name: String,
    /// The department's id.
    pub department: Option<String>,
    /// The owner's name.
    pub owner: Option<String>,
    /// `breaks`, `changes_silently`, `may_fail` or `unknown`.
    pub effect: &'static str,
    /// `column_missing`, `captured`, `output_type` …
    pub reason: &'static str,
    /// In one sentence.
    pub message: String,
    /// The migration's index.
    pub migration: u32,
    /// From the changed thing to the consumer.
    pub path: Vec<PathEntry>,
    /// What shows it.
    pub evidence: EvidenceEntry,
    /// The change's id.
    pub change: Option<u32>,
    /// Who of the department agreed to it, and when.
    pub accepted: Option<AcceptedEntry>,
}

/// An agreement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AcceptedEntry {
    /// Who.
    pub name: String,
    /// On which day.
    pub on: String,
}

/// One step of a path.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PathEntry {
    /// `column`, `table`, `view`, `function`, `consumer` …
    pub kind: &'static str,
    /// For people.
    pub label: String,
}

/// What shows an effect.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvidenceEntry {
    /// What the server answers.
    pub sqlstate: Option<&'static str>,
    /// In its words, or what differs.
    pub message: String,
    /// In the consumer's own SQL.
    pub place: Option<PlaceEntry>,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
    /// A query that decides it.
    pub query: Option<String>,
}

/// A consumer that did not work before.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BrokenBeforeEntry {
    /// The consumer's id.
    pub consumer: String,
    /// Why.
    pub message: String,
    /// The server's code; absent when it could not be judged.
    pub sqlstate: Option<&'static str>,
    /// Where.
    pub place: Option<PlaceEntry>,
}

/// Something that was not understood.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NotJudgedEntry {
    /// The migration's index.
    pub migration: Option<u32>,
    /// The consumer's id.
    pub consumer: Option<String>,
    /// Where.
    pub place: Option<PlaceEntry>,
    /// Why.
    pub reason: String,
}

impl Report {
    /// The document for an answer.
    pub fn of(answer: &Answer) -> Self {
        Self {
            schema_version: 1,
            verdict: answer.verdict.as_str(),
            migrations: migrations(answer),
            findings: findings(answer),
            changes: changes(answer),
            effects: effects(answer),
            broken_before: broken_before(answer),
            not_judged: not_judged(answer),
            baseline: answer.baseline.as_ref().map(baseline),
        }
    }
}

fn place(answer: &Answer, span: Span) -> PlaceEntry {
    let place = answer.sources.place(span);
    PlaceEntry { file: place.file, line: place.start.line, column: place.start.column, end_line: place.end.line, end_column: place.end.column }
}

fn migrations(answer: &Answer) -> Vec<MigrationEntry> {
    let numbered = (0_u32..).zip(&answer.migrations);
    numbered
        .map(|(index, judged)| MigrationEntry {
            index,
            id: judged.migration.name.clone(),
            file: place(answer, judged.migration.up).file,
            reversibility: judged.plan.reversibility.as_str(),
            proven: judged.plan.proven.as_str(),
        })
        .collect()
}

fn findings(answer: &Answer) -> Vec<FindingEntry> {
    let all = answer.findings.iter();
    all.map(|finding| FindingEntry {
        rule: finding.rule.to_string(),
        family: finding.family.as_str(),
        level: finding.level.as_str(),
        place: place(answer, finding.span),
        message: finding.message.clone(),
        help: finding.help.clone(),
        link: finding.link.clone(),
        fingerprint: finding.fingerprint.clone(),
        migration: finding.migration,
        change: finding.change.map(|change| change.0),
        consumers: finding.consumers.iter().map(ToString::to_string).collect(),
        sqlstate: finding.sqlstate,
        suppressed: finding.suppressed.as_ref().map(|allowed| SuppressedEntry {
            by: allowed.by.as_str(),
            reason: allowed.reason.clone(),
            until: allowed.until.clone(),
        }),
    })
    .collect()
}

fn changes(answer: &Answer) -> Vec<ChangeEntry> {
    let mut all = Vec::new();
    for (index, step) in answer.run.steps.iter().enumerate() {
        let after = answer.run.steps.get(index + 1).map_or(&answer.run.after, |next| &next.before);
        for change in &step.outcome.changes {
            let object = change.kind.object();
            let schema: &Schema = if step.before.get(object).is_some() { &step.before } else { after };
            let column = match &change.kind {
                ChangeKind::Column(_, number, _) => {
                    schema.column(object, *number).or_else(|| after.column(object, *number)).map(|column| column.name.to_string())
                }
                ChangeKind::Object(..) | ChangeKind::Data(..) => None,
            };
            all.push(ChangeEntry {
                id: change.id.0,
                migration: change.statement.migration,
                statement: change.statement.statement,
                place: place(answer, change.span),
                kind: change.kind.word(),
                object: object_label(schema, object),
                column,
                direct: change.direction == Direction::Direct,
                summary: change_sentence(step, after, change),
            });
        }
    }
    all
}

fn effects(answer: &Answer) -> Vec<EffectEntry> {
    let all = answer.effects.iter().enumerate();
    all.map(|(number, effect)| {
        let accepted = answer.accepted.get(number).and_then(Option::as_ref);
        let consumer = answer.catalog.consumers.get(&effect.consumer);
        let (_, owner) = department_and_owner(answer, &effect.consumer);
        EffectEntry {
            consumer: effect.consumer.to_string(),
            name: consumer.map_or_else(|| effect.consumer.to_string(), |consumer| consumer.name.clone()),
            department: consumer.and_then(|consumer| consumer.department.as_ref()).map(ToString::to_string),
            owner: (!owner.is_empty()).then_some(owner),
            effect: effect.kind.as_str(),
            reason: effect.cause.as_str(),
            message: effect.message.clone(),
            migration: effect.migration,
            path: effect.path.iter().map(|step| PathEntry { kind: step.kind, label: step.label.clone() }).collect(),
            evidence: EvidenceEntry {
                sqlstate: effect.evidence.sqlstate,
                message: effect.evidence.message.clone(),
                place: effect.evidence.span.map(|span| place(answer, span)),
                before: effect.evidence.before.clone(),
                after: effect.evidence.after.clone(),
                query: effect.evidence.query.clone(),
            },
            change: effect.change.map(|change| change.0),
            accepted: accepted.map(|accepted| AcceptedEntry { name: accepted.name.clone(), on: accepted.on.to_string() }),
        }
    })
    .collect()
}

fn broken_before(answer: &Answer) -> Vec<BrokenBeforeEntry> {
    let all = answer.broken_before.iter();
    all.map(|broken| BrokenBeforeEntry {
        consumer: broken.consumer.to_string(),
        message: broken.message.clone(),
        sqlstate: broken.sqlstate,
        place: broken.span.map(|span| place(answer, span)),
    })
    .collect()
}

fn baseline(report: &BaselineReport) -> BaselineReportEntry {
    let fingerprints = |entries: &[BaselineEntry]| entries.iter().map(|entry| entry.fingerprint.clone()).collect();
    BaselineReportEntry { known: report.known, not_looked_at: report.not_looked_at, gone: fingerprints(&report.gone), worse: fingerprints(&report.worse) }
}

fn not_judged(answer: &Answer) -> Vec<NotJudgedEntry> {
    let all = answer.not_judged.iter();
    all.map(|item| NotJudgedEntry {
        migration: item.migration,
        consumer: item.consumer.as_ref().map(ToString::to_string),
        place: item.span.map(|span| place(answer, span)),
        reason: item.reason.clone(),
    })
    .collect()
}
