//! What comes out of a query, name by name and type by type, or how it is refused: our answer against the server's own.
//!
//! The queries and their answers: `tests/data/expressions.tsv`, made by `tests/generate/expressions.sh`. The schema is read from
//! `tests/data/expressions.sql` as any DDL file is, so this goes through reading, simulating, binding and typing.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test fails by panicking, and reads its own files")]

use std::fmt::Write as _;
use std::path::Path;

use fieldgate::dialect;
use fieldgate::lineage::{Session, bind_statement};
use fieldgate::migrate;
use fieldgate::schema::{Schema, format_type_in};
use fieldgate::sql::{read_script, tree::StatementKind};
use fieldgate::text::Sources;

/// Queries whose answer is not the server's yet. One that has become right fails the test: take it off the list.
const NOT_YET: &[&str] = &[
    "select coalesce() from t",
    "select x is json from t",
    "select * from cast('1' as int)",
    "select t.i from t a",
    "select sum(i) over (order by x range between 1 preceding and current row) from t",
    "update t set j['a'] = 1",
    "select t.*::text from t",
];

fn data(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

fn schema() -> Schema {
    let postgres = dialect::named("postgres").unwrap();
    let mut sources = Sources::default();
    let source = sources.add("expressions.sql", data("expressions.sql").as_str());
    let script = read_script(&sources, source, postgres);
    let run = migrate::build(&script.statements, postgres, &sources);
    for step in &run.steps {
        assert!(step.outcome.refusal.is_none(), "{:?}", step.outcome.refusal);
        assert!(step.outcome.not_judged.is_empty(), "{:?}", step.outcome.not_judged);
    }
    run.after
}

fn answer(schema: &Schema, query: &str) -> String {
    let mut sources = Sources::default();
    let source = sources.add("query", query);
    let script = read_script(&sources, source, schema.dialect);
    let session = Session::new(schema);
    let statement = script.statements.first().unwrap();
    if let StatementKind::Unread(unread) = &statement.kind {
        return format!("not read: {}", unread.message);
    }
    let binding = bind_statement(schema, &session, statement);
    if let Some(error) = binding.errors.first() {
        let doubt = if error.unknown.is_some() { "not known: " } else { "ERR " };
        return format!("{doubt}{} {}", error.sqlstate, error.message);
    }
    if let Some(unresolved) = binding.unresolved.first() {
        return format!("not resolved: {} {}", unresolved.reference, unresolved.reason);
    }
    if matches!(statement.kind, StatementKind::Dml(_)) {
        return String::from("ok");
    }
    let shown = binding.outputs.iter().map(|output| {
        let data_type = output.data_type.as_ref().map_or_else(|| String::from("?"), |data_type| format_type_in(schema, data_type, &session.search_path));
        format!("{} {data_type}", output.name)
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn every_query_gives_what_the_server_gives() {
    let text = data("expressions.tsv");
    let schema = schema();
    let mut asked = 0;
    let mut wrong = String::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let (query, theirs) = line.split_once('\t').unwrap();
        asked += 1;
        let ours = answer(&schema, query);
        // What the server calls a syntax error need only be no answer here.
        let is_same = ours == theirs || (theirs.starts_with("ERR 42601 syntax error") && ours.starts_with("not read"));
        match (is_same, NOT_YET.contains(&query)) {
            (true, false) | (false, true) => {}
            (true, true) => writeln!(wrong, "{query}\n  is right now: take it off NOT_YET").unwrap(),
            (false, false) => writeln!(wrong, "{query}\n  server: {theirs}\n  ours:   {ours}").unwrap(),
        }
    }
    assert!(asked > 800, "the queries were not found");
    assert!(wrong.is_empty(), "of {asked} queries:\n{wrong}");
}
