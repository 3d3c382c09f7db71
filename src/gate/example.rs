//! The examples of a rule, tried: its tests and its documentation are the same lines.
//!
//! In: all rules and one of them. Out: an [`ExampleFault`] for each example that does not show what it says. Each example goes through the whole
//! pipeline. Used by the tests of the built-in rules and by `fieldgate rules test` for the organisation's own.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::inputs::Inputs;
use super::{Answer, check};
use crate::catalog::{Catalog, Consumer, ConsumerKind, ConsumerSql, Criticality, Department, Extent, Reference};
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::lineage::Session;
use crate::migrate::{Step, build};
use crate::name::{Name, QualifiedName};
use crate::notice::Templates;
use crate::project::{Config, FALLBACK_LAYOUT, FileEvent, Migration, MigrationKind, NoticeAudience, NoticeLog, NoticeStep, RunMode, Told, check_record};
use crate::rules::{Activation, ExampleConsumer, ExampleFile, Finding, Level, LevelSetting, Levels, Rule, RuleSet, Subject};
use crate::schema::{Schema, Size};
use crate::sql::read_script;
use crate::text::{Sources, Span};
use crate::yaml;

/// An example that does not show what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFault {
    /// Its name.
    pub example: String,
    /// What is the matter.
    pub message: String,
    /// Where it stands in the rule's file.
    pub span: Span,
}

/// The day on which examples are tried that name none, so that their suppressions have a day to come and a day in the past.
const TODAY: Date = jiff::civil::date(2026, 11, 22);

/// Tries all examples of a rule.
pub fn try_examples(rules: &Arc<RuleSet>, rule: &Rule, dialect: &'static Dialect) -> Vec<ExampleFault> {
    let tried = rule.examples.iter().flat_map(|example| {
        let messages = match answer(rules, rule, example, dialect) {
            Ok((answer, mut faults)) => {
                faults.extend(compare(rule, example, &answer));
                faults
            }
            Err(problems) => problems.into_iter().map(|problem| problem.message).collect(),
        };
        messages.into_iter().map(|message| ExampleFault { example: example.name.value.clone(), message, span: example.name.span })
    });
    tried.collect()
}

/// What the gate says of an example, and what is wrong with the example itself.
///
/// # Errors
/// What of it cannot be read.
pub fn answer(rules: &Arc<RuleSet>, rule: &Rule, example: &ExampleFile, dialect: &'static Dialect) -> Result<(Answer, Vec<String>), Vec<Problem>> {
    let mut sources = Sources::default();
    let before = sources.add("schema.sql", example.schema.as_str());
    let built = build(&read_script(&sources, before, dialect).statements, dialect, &sources);
    let mut faults: Vec<String> = refusals(&built.steps).map(|words| format!("its schema cannot be built: {words}")).collect();
    let mut schema = built.after;
    set_sizes(&mut schema, &example.schema);
    let mut problems = Vec::new();
    let zone = example.time_zone.as_ref().and_then(|zone| time_zone(&zone.value, zone.span, &mut problems));
    let today = example.today.as_ref().and_then(|day| yaml::date(day, &mut problems)).unwrap_or(TODAY);
    let mut config = Config::without_file(dialect);
    config.organisation.time_zone.clone_from(&zone);
    let migration = migration(example, zone.as_ref(), &mut sources, &mut problems);
    let catalog = catalog(example, dialect, &mut sources, &mut problems);
    let told = told(example, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let templates = Templates::load(None, &mut sources)?;
    let session = Session::new(&schema);
    let file_events = file_events(example, &migration, &sources, dialect);
    let earlier = example.earlier.as_ref().map(|text| earlier(text, &migration, &mut sources));
    let migrations = earlier.into_iter().chain([migration]).collect();
    let inputs = Inputs {
        sources,
        config,
        schema,
        session,
        migrations,
        catalog,
        rules: rules.clone(),
        levels: levels(rule),
        gaps: Vec::new(),
        told,
        templates,
        file_events,
        trusted_allowances: None,
        folder_in_repository: String::new(),
        existing: None,
        baseline: None,
        today,
    };
    let answer = check(inputs);
    let refused_on_purpose = rule.subject == Subject::Refusal || rule.subject == Subject::Statement;
    if !refused_on_purpose {
        faults.extend(refusals(&answer.run.steps).map(|words| format!("its migration is refused: {words}")));
    }
    faults.extend(answer.broken_before.iter().map(|broken| format!("its query {} does not work before: {}", broken.consumer, broken.message)));
    Ok((answer, faults))
}

fn refusals(steps: &[Step]) -> impl Iterator<Item = String> {
    let words = |step: &Step| step.outcome.refusal.as_ref().map(|refusal| format!("{} {}", refusal.sqlstate, refusal.message));
    steps.iter().filter_map(words)
}

fn time_zone(word: &str, span: Span, problems: &mut Vec<Problem>) -> Option<TimeZone> {
    TimeZone::get(word).map_err(|error| problems.push(Problem::error("example-time-zone", format!("`{word}` is no time zone: {error}")).at(span))).ok()
}

/// `-- rows: app.clients 2400000` in an example's schema.
fn set_sizes(schema: &mut Schema, text: &str) {
    for line in text.lines().filter_map(|line| line.trim().strip_prefix("-- rows:")) {
        let mut words = line.split_whitespace();
        let (Some(name), Some(rows)) = (words.next(), words.next().and_then(|rows| rows.parse().ok())) else { continue };
        let (space, name) = name.split_once('.').unwrap_or(("public", name));
        if let Some(table) = schema.relation(&QualifiedName::new(Name::stored(space), Name::stored(name))) {
            schema.update_table(table, |table| table.size = Some(Size { rows, bytes: None }));
        }
    }
}

/// The name of the migration in messages.
const NAME: &str = "example";

fn migration(example: &ExampleFile, zone: Option<&TimeZone>, sources: &mut Sources, problems: &mut Vec<Problem>) -> Migration {
    let up = sources.add("migration.sql", example.migration.value.as_str());
    let down = example.down.as_ref().map(|text| sources.add("down.sql", text.as_str()));
    let run = match &example.transaction {
        Some(word) if word.value == "each_statement" => RunMode::EachStatement,
        Some(_) | None => RunMode::Wrapped,
    };
    Migration {
        id: String::from(NAME),
        name: String::from(NAME),
        layout: FALLBACK_LAYOUT,
        path: PathBuf::from("migration.sql"),
        up: sources.whole(up),
        down: down.map(|source| sources.whole(source)),
        run,
        down_run: run,
        kind: MigrationKind::Versioned,
        sidecar: example.record.clone().map(|record| check_record(record, example.name.span.source, zone, problems)),
    }
}

/// The migration before the one that is shown.
fn earlier(text: &str, shown: &Migration, sources: &mut Sources) -> Migration {
    let up = sources.add("earlier.sql", text);
    let name = String::from("earlier");
    let path = PathBuf::from("earlier.sql");
    Migration { id: name.clone(), name, path, up: sources.whole(up), down: None, sidecar: None, ..shown.clone() }
}

fn told(example: &ExampleFile, problems: &mut Vec<Problem>) -> NoticeLog {
    let change = example.record.as_ref().and_then(|record| record.change.as_ref()).map_or(NAME, |change| change.value.as_str());
    let messages = example.told.0.iter().filter_map(|(department, day)| {
        let on = yaml::date(day, problems)?;
        let (change, department) = (change.to_owned(), department.value.clone());
        Some(Told { change, department, step: NoticeStep::Announce, audience: NoticeAudience::Staff, on, text: String::new() })
    });
    NoticeLog { told: messages.collect() }
}

/// `file: edited applied` in an example.
fn file_events(example: &ExampleFile, migration: &Migration, sources: &Sources, dialect: &'static Dialect) -> Vec<FileEvent> {
    let first = read_script(sources, migration.up.source, dialect).statements.first().map_or(migration.up, |statement| statement.span);
    let event = example.file_event().map(|(kind, standing)| FileEvent {
        kind,
        name: migration.name.as_str().into(),
        path: sources.get(migration.up.source).map_or("", |source| source.name()).into(),
        span: first,
        standing,
        other: String::from("another.sql"),
        passed_over: false,
    });
    event.into_iter().collect()
}

fn catalog(example: &ExampleFile, dialect: &'static Dialect, sources: &mut Sources, problems: &mut Vec<Problem>) -> Catalog {
    let mut catalog = Catalog::default();
    for (name, sql) in &example.queries.0 {
        let source = sources.add(format!("{}.sql", name.value), sql.as_str());
        let id: Arc<str> = name.value.as_str().into();
        let part = sources.whole(source);
        catalog.consumers.insert(id.clone(), Consumer { sql: Some(ConsumerSql { part }), ..consumer(&id, name.span) });
    }
    for (name, written) in &example.consumers.0 {
        let id: Arc<str> = name.value.as_str().into();
        let own = catalog.consumers.entry(id.clone()).or_insert_with(|| consumer(&id, name.span));
        described(own, written, dialect, problems);
        if let Some(department) = &own.department {
            let new = Department { id: department.clone(), span: None, name: department.to_string(), contacts: Vec::new(), language: None };
            catalog.departments.entry(department.clone()).or_insert(new);
        }
    }
    catalog
}

fn consumer(id: &Arc<str>, span: Span) -> Consumer {
    Consumer {
        id: id.clone(),
        span,
        name: id.to_string(),
        kind: ConsumerKind::Report,
        tool: None,
        department: None,
        owner: None,
        criticality: None,
        cadence: None,
        last_checked: None,
        fixed_by: None,
        description: None,
        url: None,
        recipients: Vec::new(),
        sql: None,
        reads: Vec::new(),
        reads_by_position: Vec::new(),
        writes: Vec::new(),
        search_path: None,
        role: None,
    }
}

fn described(consumer: &mut Consumer, written: &ExampleConsumer, dialect: &'static Dialect, problems: &mut Vec<Problem>) {
    consumer.department = written.department.as_ref().map(|word| word.value.as_str().into());
    if let Some(word) = &written.kind {
        match ConsumerKind::ALL.iter().find(|kind| kind.as_str() == word.value) {
            Some(kind) => consumer.kind = *kind,
            None => problems.push(unknown(&word.value, word.span, ConsumerKind::ALL.iter().map(|kind| kind.as_str()))),
        }
    }
    if let Some(word) = &written.criticality {
        match Criticality::ALL.iter().find(|level| level.as_str() == word.value) {
            Some(level) => consumer.criticality = Some(*level),
            None => problems.push(unknown(&word.value, word.span, Criticality::ALL.iter().map(|level| level.as_str()))),
        }
    }
    let positions = written.reads_by_position.iter().map(|word| Reference {
        parts: word.value.split('.').map(|part| dialect.fold(part, crate::name::Quoting::Bare)).collect(),
        extent: Extent::AllColumns,
        span: word.span,
    });
    consumer.reads_by_position.extend(positions);
}

fn unknown<'a>(word: &str, span: Span, allowed: impl Iterator<Item = &'a str>) -> Problem {
    Problem::error("example-unknown-word", format!("`{word}` is not known here")).at(span).allowed(word, allowed)
}

/// A rule that is off is switched on for its own examples.
fn levels(rule: &Rule) -> Levels {
    let mut levels = Levels::default();
    if rule.activation == Activation::OptIn {
        levels.everywhere.rules.insert(rule.id.clone(), LevelSetting::At(Level::Warning));
    }
    levels
}

fn compare(rule: &Rule, example: &ExampleFile, answer: &Answer) -> Vec<String> {
    let line = |finding: &Finding| line(answer, finding);
    let shown = |finding: &&Finding| example.earlier.is_none() || finding.migration > 0;
    let own: Vec<&Finding> = answer.findings.iter().filter(shown).filter(|finding| finding.rule == rule.id && finding.suppressed.is_none()).collect();
    let found: BTreeSet<u32> = own.iter().map(|finding| line(finding)).collect();
    let wanted: BTreeSet<u32> = example.flagged.iter().copied().collect();
    let mut faults = Vec::new();
    if found != wanted {
        faults.push(not_as_said(rule, answer, &wanted, &found));
    }
    if let Some(level) = &example.level {
        let wrong = own.iter().filter(|finding| finding.level.as_str() != level.value);
        faults.extend(wrong.map(|finding| format!("the level is to be {}, and is {}: {}", level.value, finding.level.as_str(), finding.message)));
    }
    let texts = own.iter().flat_map(|finding| std::iter::once(&finding.message).chain(&finding.help));
    let holes = texts.filter(|text| text.is_empty() || text.contains("``") || (text.contains("  ") && !text.contains('\n')));
    faults.extend(holes.map(|text| format!("a fact is missing in the text: {text}")));
    faults
}

/// The line of a finding in the migration or its way back; 0 when it is about the change record.
fn line(answer: &Answer, finding: &Finding) -> u32 {
    let own = answer.migrations.iter().any(|judged| {
        let down = judged.migration.down.map(|down| down.source);
        finding.span.source == judged.migration.up.source || Some(finding.span.source) == down
    });
    if own { answer.sources.place(finding.span).start.line } else { 0 }
}

/// What an example says is flagged, and what is; with all that was found, so that the reader need not try it by hand.
fn not_as_said(rule: &Rule, answer: &Answer, wanted: &BTreeSet<u32>, found: &BTreeSet<u32>) -> String {
    let lines = |lines: &BTreeSet<u32>| match lines.len() {
        0 => String::from("nothing"),
        1 => format!("line {}", lines.iter().next().copied().unwrap_or(0)),
        _ => format!("lines {}", lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    let mut text = format!("{} is to be flagged, and {} is", lines(wanted), lines(found));
    let told = answer.findings.iter().map(|finding| {
        let lifted = finding.suppressed.as_ref().map(|suppressed| format!(" ({})", suppressed.words())).unwrap_or_default();
        format!("\n  line {} {} {}: {}{lifted}", line(answer, finding), finding.level.as_str(), finding.rule, finding.message)
    });
    let told: String = told.collect();
    if told.is_empty() {
        text.push_str("; no rule says anything here");
    } else {
        text.push_str("; all that is found:");
        text.push_str(&told);
    }
    let changes: BTreeSet<&str> = answer.run.steps.iter().flat_map(|step| &step.outcome.changes).map(|change| change.kind.word()).collect();
    if !changes.is_empty() && rule.subject == Subject::Change {
        text.push_str(&format!("\n  kinds of changes here: {}", changes.into_iter().collect::<Vec<_>>().join(", ")));
    }
    text
}
