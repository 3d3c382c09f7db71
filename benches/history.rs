//! How long the model takes to replay a history, and to apply one statement to a large schema. Run with `cargo bench --bench history`.
//!
//! Each measure is asked at two or three sizes, so that growth can be read off: twice the history should cost twice the time, and one
//! `ALTER` on a large schema should cost what it costs on a small one (the schema is shared, not copied).

use std::fmt::Write;

use divan::{Bencher, black_box};
use fieldgate::lineage::Session;
use fieldgate::migrate::{ScriptInput, TransactionMode, build, run};
use fieldgate::schema::Schema;
use fieldgate::sql::{Script, read_script};
use fieldgate::text::Sources;

fn main() {
    divan::main();
}

/// Tables `t0 …` of `columns` columns each, every tenth with a foreign key to the one before it and a view over it.
fn tables(count: usize, columns: usize) -> String {
    let mut text = String::new();
    for table in 0..count {
        let _ = write!(text, "CREATE TABLE app.t{table} (id bigint PRIMARY KEY");
        for column in 1..columns {
            let data_type = ["text", "integer NOT NULL DEFAULT 0", "numeric(12,2)", "timestamp with time zone DEFAULT now()"][column % 4];
            let _ = write!(text, ", c{column} {data_type}");
        }
        text.push_str(");\n");
        if table % 10 == 9 {
            let parent = table - 1;
            let _ = writeln!(text, "ALTER TABLE app.t{table} ADD COLUMN parent_id bigint REFERENCES app.t{parent} (id);");
            let _ = writeln!(text, "CREATE INDEX ON app.t{table} (parent_id);");
            let _ = writeln!(text, "CREATE VIEW app.v{table} AS SELECT a.id, b.c1 FROM app.t{table} a JOIN app.t{parent} b ON b.id = a.parent_id;");
        }
    }
    text
}

/// What a project does in one migration: a column more, an index, a rename, a type.
fn migration(number: usize, tables: usize) -> String {
    let table = (number * 7919) % tables;
    match number % 4 {
        0 => format!("ALTER TABLE app.t{table} ADD COLUMN n{number} text DEFAULT 'new';"),
        1 => format!("CREATE INDEX i{number} ON app.t{table} (c1, c2);"),
        2 => format!("ALTER TABLE app.t{table} RENAME COLUMN c3 TO r{number};"),
        _ => format!("ALTER TABLE app.t{table} ALTER COLUMN c2 TYPE bigint; UPDATE app.t{table} SET c2 = 1 WHERE id = 7;"),
    }
}

struct Prepared {
    sources: Sources,
    schema: Schema,
    scripts: Vec<Script>,
}

/// A schema of `tables` tables, and `migrations` read but not applied.
fn prepared(tables_wanted: usize, columns: usize, migrations: usize) -> Prepared {
    let dialect = fieldgate::dialect::DEFAULT;
    let mut sources = Sources::default();
    let ddl = format!("CREATE SCHEMA app;\n{}", tables(tables_wanted, columns));
    let source = sources.add("schema.sql", ddl);
    let script = read_script(&sources, source, dialect);
    let built = build(&script.statements, dialect, &sources);
    assert!(built.steps.iter().all(|step| !step.outcome.refusal.is_some()), "the schema of the benchmark is right");
    let scripts = (0..migrations)
        .map(|number| {
            let source = sources.add(format!("{number}.sql"), migration(number, tables_wanted));
            read_script(&sources, source, dialect)
        })
        .collect();
    Prepared { sources, schema: built.after, scripts }
}

fn inputs(scripts: &[Script]) -> Vec<ScriptInput<'_>> {
    (0u32..)
        .zip(scripts)
        .map(|(migration, script)| ScriptInput { migration, statements: &script.statements, transaction_mode: TransactionMode::Wrapped })
        .collect()
}

/// A history of migrations over 2,000 tables of ten columns.
#[divan::bench(args = [250, 500, 1000], sample_count = 5)]
fn replay_history(bencher: Bencher<'_, '_>, migrations: usize) {
    let made = prepared(2000, 10, migrations);
    let session = Session::new(&made.schema);
    bencher.bench_local(|| black_box(run(made.schema.clone(), session.clone(), &inputs(&made.scripts), &made.sources)));
}

/// One migration against schemas of 10,000 and of 100,000 columns.
#[divan::bench(args = [10_000, 100_000], sample_count = 5)]
fn one_migration_on_columns(bencher: Bencher<'_, '_>, columns: usize) {
    let made = prepared(columns / 50, 50, 1);
    let session = Session::new(&made.schema);
    bencher.bench_local(|| black_box(run(made.schema.clone(), session.clone(), &inputs(&made.scripts), &made.sources)));
}

/// Reading and applying the DDL of a whole schema: what `--ddl` costs.
#[divan::bench(args = [500, 1000, 2000], sample_count = 5)]
fn build_schema(bencher: Bencher<'_, '_>, count: usize) {
    bencher.bench_local(|| black_box(prepared(count, 10, 0)));
}
