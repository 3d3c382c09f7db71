//! How long two hundred rules take over a run. Run with `cargo bench --bench rules`.
//!
//! Each measure is asked at three sizes, so that growth can be read off: twice the changes should cost twice the time, all of them in one
//! migration or spread over a hundred. `simulate` is the run itself at the same size, to show what part of a check the rules are.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use fieldgate::hazard::{Hazard, RunnerSettings, assess};
use fieldgate::lineage::Session;
use fieldgate::migrate::{Run, ScriptInput, TransactionMode, build, run};
use fieldgate::rules::{CatalogSummary, DownFacts, JudgeInput, JudgedMigration, Levels, RecordFacts, RuleSet, judge, load};
use fieldgate::schema::Schema;
use fieldgate::sql::{Script, read_script};
use fieldgate::text::Sources;

fn main() {
    divan::main();
}

const RULES: usize = 200;
const TABLES: usize = 200;

/// The built-in rules, and as many of an organisation as make two hundred.
static ALL_RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    let built_in = load(&mut Sources::default(), &[]).expect("the built-in rules can be read").iter().count();
    let folder = tempfile::tempdir().expect("a temporary folder");
    for number in built_in..RULES {
        let text = format!(
            "title: Rule {number}\nfamily: contract\nfor: change\nlevel: warning\n\
             when: table.schema == \"finance\" && column.name.startsWith(\"x{number}\") && !object.is_new\n\
             message: \"{{table.name}} changes\"\nwhy: |\n  It is measured.\n"
        );
        std::fs::write(folder.path().join(format!("own-rule-{number}.yml")), text).expect("a rule is written");
    }
    let rules = load(&mut Sources::default(), &[folder.path().to_path_buf()]).expect("all rules can be read");
    assert_eq!(rules.iter().count(), RULES);
    rules
});

/// One change each.
fn statement(number: usize) -> String {
    let table = (number * 7919) % TABLES;
    match number % 5 {
        0 => format!("ALTER TABLE app.t{table} ADD COLUMN n{number} text;"),
        1 => format!("COMMENT ON COLUMN app.t{table}.c1 IS 'told {number} times';"),
        2 => format!("ALTER TABLE app.t{table} ALTER COLUMN c2 SET DEFAULT {number};"),
        3 => format!("CREATE INDEX i{number} ON app.t{table} (c1, c2);"),
        _ => format!("UPDATE app.t{table} SET c2 = {number} WHERE id = 7;"),
    }
}

struct Prepared {
    sources: Sources,
    schema: Schema,
    scripts: Vec<Script>,
    run: Run,
    hazards: Vec<Hazard>,
}

fn inputs(scripts: &[Script]) -> Vec<ScriptInput<'_>> {
    let numbered = (0_u32..).zip(scripts);
    numbered.map(|(migration, script)| ScriptInput { migration, statements: &script.statements, transaction_mode: TransactionMode::Wrapped }).collect()
}

fn prepared(changes: usize, migrations: usize) -> Prepared {
    let dialect = fieldgate::dialect::DEFAULT;
    let mut sources = Sources::default();
    let mut ddl = String::from("CREATE SCHEMA app;\n");
    for table in 0..TABLES {
        let _ = writeln!(ddl, "CREATE TABLE app.t{table} (id bigint PRIMARY KEY, c1 text, c2 integer);");
    }
    let source = sources.add("schema.sql", ddl);
    let schema = build(&read_script(&sources, source, dialect).statements, dialect, &sources).after;
    let each = changes / migrations;
    let scripts: Vec<Script> = (0..migrations)
        .map(|migration| {
            let text: String = (0..each).map(|number| statement(migration * each + number) + "\n").collect();
            let source = sources.add(format!("{migration}.sql"), text);
            read_script(&sources, source, dialect)
        })
        .collect();
    let run = run(schema.clone(), Session::new(&schema), &inputs(&scripts), &sources);
    let found: usize = run.steps.iter().map(|step| step.outcome.changes.len()).sum();
    assert!(found >= changes, "{found} changes of {changes}");
    let hazards = assess(&inputs(&scripts), &run, RunnerSettings::default());
    Prepared { sources, schema, scripts, run, hazards }
}

fn judged(prepared: &Prepared) -> usize {
    let migrations: Vec<JudgedMigration<'_>> = prepared
        .scripts
        .iter()
        .enumerate()
        .map(|(number, script)| JudgedMigration {
            name: format!("{number}").into(),
            path: format!("{number}.sql").into(),
            source: script.source,
            part: prepared.sources.whole(script.source),
            comments: &[],
            statements: &script.statements,
            transaction_mode: TransactionMode::Wrapped,
            down: DownFacts::default(),
            record: RecordFacts::default(),
        })
        .collect();
    let input = JudgeInput {
        sources: &prepared.sources,
        migrations: &migrations,
        run: &prepared.run,
        hazards: &prepared.hazards,
        effects: &[],
        file_events: &[],
        catalog: &CatalogSummary { consumers: BTreeMap::new(), last_checked: None },
        levels: &Levels::default(),
        today: jiff::civil::date(2026, 11, 22),
    };
    judge(&ALL_RULES, &input).findings.len()
}

#[divan::bench(args = [2_500, 5_000, 10_000], sample_count = 5)]
fn rules_over_one_migration(bencher: Bencher<'_, '_>, changes: usize) {
    let prepared = prepared(changes, 1);
    bencher.bench_local(|| black_box(judged(black_box(&prepared))));
}

#[divan::bench(args = [2_500, 5_000, 10_000], sample_count = 5)]
fn rules_over_a_hundred_migrations(bencher: Bencher<'_, '_>, changes: usize) {
    let prepared = prepared(changes, 100);
    bencher.bench_local(|| black_box(judged(black_box(&prepared))));
}

#[divan::bench(args = [2_500, 10_000], sample_count = 3)]
fn simulate(bencher: Bencher<'_, '_>, changes: usize) {
    let prepared = prepared(changes, 100);
    bencher.bench_local(|| black_box(run(prepared.schema.clone(), Session::new(&prepared.schema), &inputs(&prepared.scripts), &prepared.sources).steps.len()));
}
