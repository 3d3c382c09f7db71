//! The examples of a rule, tried: its tests and its documentation are the same lines.
//!
//! In: all rules and one of them. Out: an [`ExampleFault`] for each example that does not show what it says. Used by the tests of the built-in
//! rules and by `fieldgate rules test` for the organisation's own.

use std::collections::BTreeSet;

use super::rule_file::ExampleFile;
use super::{CatalogSummary, ConsumerSummary, DownFacts, Finding, JudgeInput, JudgedMigration, LevelSetting, Levels, Rule, RuleSet, Subject, judge};
use crate::dialect::Dialect;
use crate::hazard::{RunnerSettings, assess};
use crate::impact;
use crate::lineage::Session;
use crate::migrate::{Run, ScriptInput, Step, TransactionMode, build, run};
use crate::name::{Name, QualifiedName};
use crate::project::{FileEvent, FileEventKind, Standing};
use crate::schema::{Schema, Size, difference};
use crate::sql::{Script, read_script};
use crate::text::{Sources, Span};

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

/// The day on which examples are tried, so that their suppressions have a day to come and a day in the past.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

/// Tries all examples of a rule.
pub fn try_examples(rules: &RuleSet, rule: &Rule, dialect: &'static Dialect) -> Vec<ExampleFault> {
    let tried = rule.examples.iter().flat_map(|example| {
        let messages = try_example(rules, rule, example, dialect);
        messages.into_iter().map(|message| ExampleFault { example: example.name.value.clone(), message, span: example.name.span })
    });
    tried.collect()
}

fn try_example(rules: &RuleSet, rule: &Rule, example: &ExampleFile, dialect: &'static Dialect) -> Vec<String> {
    let mut sources = Sources::default();
    let before = sources.add("schema.sql", example.schema.as_str());
    let up = sources.add("migration.sql", example.migration.value.as_str());
    let built = build(&read_script(&sources, before, dialect).statements, dialect, &sources);
    let mut faults: Vec<String> = refusals(&built.steps).map(|words| format!("its schema cannot be built: {words}")).collect();
    let mut schema = built.after;
    set_sizes(&mut schema, &example.schema);
    let script = read_script(&sources, up, dialect);
    let transaction_mode = match &example.transaction {
        Some(word) if word.value == "each_statement" => TransactionMode::EachStatement,
        Some(_) | None => TransactionMode::Wrapped,
    };
    let session = Session::new(&schema);
    let subjects = subjects(example, &mut sources, &session, dialect);
    let input = [ScriptInput { migration: 0, statements: &script.statements, transaction_mode }];
    let run = run(schema.clone(), session.clone(), &input, &sources);
    let refused_on_purpose = rule.subject == Subject::Refusal || rule.subject == Subject::Statement;
    if !refused_on_purpose {
        faults.extend(refusals(&run.steps).map(|words| format!("its migration is refused: {words}")));
    }
    let impact = impact::assess(&schema, &run, &subjects, &sources);
    faults.extend(impact.broken_before.iter().map(|broken| format!("its query {} does not work before: {}", broken.consumer, broken.message)));
    let hazards = assess(&input, &run, RunnerSettings::default());
    let comments: Vec<Span> = script.comments.iter().map(|comment| comment.span).collect();
    let down = down_facts(example, &mut sources, &schema, &run, &session, dialect);
    let migrations = [migration(&sources, &script, &comments, transaction_mode, down)];
    let findings = judge(
        rules,
        &JudgeInput {
            sources: &sources,
            migrations: &migrations,
            run: &run,
            hazards: &hazards,
            effects: &impact.effects,
            file_events: &file_events(example, &migrations),
            catalog: &catalog(example),
            levels: &levels(rule),
            today: TODAY,
        },
    );
    faults.extend(compare(rule, example, &sources, &findings));
    faults
}

fn refusals(steps: &[Step]) -> impl Iterator<Item = String> {
    let words = |step: &Step| step.outcome.refusal.as_ref().map(|refusal| format!("{} {}", refusal.sqlstate, refusal.message));
    steps.iter().filter_map(words)
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

fn subjects(example: &ExampleFile, sources: &mut Sources, session: &Session, dialect: &'static Dialect) -> Vec<impact::Subject> {
    let queries = example.queries.0.iter().map(|(name, sql)| {
        let source = sources.add(format!("{}.sql", name.value), sql.as_str());
        impact::Subject {
            id: name.value.as_str().into(),
            name: name.value.clone(),
            session: session.clone(),
            statements: read_script(sources, source, dialect).statements,
            reads: Vec::new(),
            positions: Vec::new(),
            writes: Vec::new(),
        }
    });
    queries.collect()
}

fn catalog(example: &ExampleFile) -> CatalogSummary {
    let consumer = |name: &str| ConsumerSummary { name: name.to_owned(), kind: String::from("report"), department: String::new(), criticality: String::new() };
    let consumers = example.queries.0.iter().map(|(name, _)| (name.value.as_str().into(), consumer(&name.value)));
    CatalogSummary { consumers: consumers.collect(), last_checked: None }
}

/// `file: edited applied` in an example.
fn file_events(example: &ExampleFile, migrations: &[JudgedMigration<'_>]) -> Vec<FileEvent> {
    let (Some(written), Some(migration)) = (&example.file, migrations.first()) else { return Vec::new() };
    let (event, standing) = written.value.split_once(' ').unwrap_or((&written.value, "waiting"));
    let line = migration.statements.first().map_or(migration.part, |statement| statement.span);
    let (kinds, standings) = (super::facts::file::KINDS, super::facts::file::STANDINGS);
    let found = kinds.iter().find(|(_, word)| *word == event).zip(standings.iter().find(|(_, word)| *word == standing));
    let of = |((kind, _), (standing, _)): (&(FileEventKind, _), &(Standing, _))| FileEvent {
        kind: *kind,
        name: migration.name.clone(),
        path: migration.path.clone(),
        span: line,
        standing: *standing,
        other: String::from("another.sql"),
        passed_over: false,
    };
    found.map(of).into_iter().collect()
}

/// A rule that is off is switched on for its own examples.
fn levels(rule: &Rule) -> Levels {
    let mut levels = Levels::default();
    if rule.activation == super::Activation::OptIn {
        levels.everywhere.rules.insert(rule.id.clone(), LevelSetting::At(super::Level::Warning));
    }
    levels
}

fn down_facts(example: &ExampleFile, sources: &mut Sources, before: &Schema, run: &Run, session: &Session, dialect: &'static Dialect) -> DownFacts {
    let Some(text) = &example.down else { return DownFacts::default() };
    let source = sources.add("down.sql", text.as_str());
    let script = read_script(sources, source, dialect);
    let input = [ScriptInput { migration: 0, statements: &script.statements, transaction_mode: TransactionMode::Wrapped }];
    let back = self::run(run.after.clone(), session.clone(), &input, sources);
    DownFacts {
        written: Some(sources.whole(source)),
        lost: difference(before, &back.after).iter().map(ToString::to_string).collect(),
        refused: refusals(&back.steps).next(),
        irreversible: Vec::new(),
    }
}

fn migration<'a>(sources: &Sources, script: &'a Script, comments: &'a [Span], transaction_mode: TransactionMode, down: DownFacts) -> JudgedMigration<'a> {
    JudgedMigration {
        name: "example".into(),
        path: "migration.sql".into(),
        source: script.source,
        part: sources.whole(script.source),
        comments,
        statements: &script.statements,
        transaction_mode,
        down,
    }
}

fn compare(rule: &Rule, example: &ExampleFile, sources: &Sources, findings: &[Finding]) -> Vec<String> {
    let own: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == rule.id && finding.suppressed.is_none()).collect();
    let found: BTreeSet<u32> = own.iter().map(|finding| sources.place(finding.span).start.line).collect();
    let wanted: BTreeSet<u32> = example.flagged.iter().copied().collect();
    let mut faults = Vec::new();
    if found != wanted {
        let others: Vec<String> = findings.iter().map(|finding| format!("{} {}", finding.rule, finding.message)).collect();
        faults.push(format!("lines {wanted:?} are to be flagged, and {found:?} are; all findings: {others:?}"));
    }
    if let Some(level) = &example.level {
        let wrong = own.iter().filter(|finding| finding.level.as_str() != level.value);
        faults.extend(wrong.map(|finding| format!("the level is to be {}, and is {}: {}", level.value, finding.level.as_str(), finding.message)));
    }
    let holes = own.iter().filter(|finding| finding.message.contains("  ") || finding.message.contains("``") || finding.message.is_empty());
    faults.extend(holes.map(|finding| format!("a fact is missing in the message: {}", finding.message)));
    faults
}
