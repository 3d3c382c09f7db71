//! A rich schema: live → file → model → DDL → a new database → live is the same snapshot.

use fieldgate::diagnostic::Problem;
use fieldgate::schema::{Difference, DifferenceKind, ddl, difference};
use fieldgate::snapshot::live::{Environment, Limits, LiveError, Settings, take};
use fieldgate::snapshot::{Snapshot, read_yaml, write_yaml};
use fieldgate::text::Sources;
use postgres::Client;

use crate::server::{Server, server};

const RICH: &str = include_str!("rich_schema.sql");

fn read(text: &str) -> (Snapshot, Vec<Problem>) {
    let mut sources = Sources::default();
    let id = sources.add("live", text);
    let show = |problem: &Problem| format!("{}: {} | {}", sources_line(text, problem), problem.message, problem.help.as_deref().unwrap_or(""));
    let dialect = fieldgate::dialect::named("postgres").unwrap();
    match read_yaml(&mut Sources::clone(&sources), id, dialect) {
        Ok((snapshot, warnings)) => (snapshot, warnings),
        Err(problems) => panic!("the snapshot is not read:\n{}\n\n{text}", problems.iter().map(show).collect::<Vec<_>>().join("\n")),
    }
}

fn sources_line(text: &str, problem: &Problem) -> String {
    let start = problem.span.map_or(0, |span| span.start as usize);
    let line = text[..start.min(text.len())].matches('\n').count() + 1;
    format!("line {line} `{}`", text.lines().nth(line - 1).unwrap_or("").trim())
}

fn live(server: &Server, database: &str) -> String {
    take(&server.settings(database), Limits::default(), None).unwrap_or_else(|error| panic!("{error}"))
}

/// Without what is not part of a schema: estimates, sequence values, the database's name.
fn comparable(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| {
        let line = line.trim();
        !(line.starts_with("rows:") || line.starts_with("bytes:") || line.starts_with("last_value:") || line.starts_with("database:"))
    });
    lines.map(str::to_owned).collect()
}

fn run_script(client: &mut Client, script: &str) {
    if let Err(error) = client.batch_execute(script) {
        let position = error.as_db_error().and_then(|answer| match answer.position() {
            Some(postgres::error::ErrorPosition::Original(position)) => Some(*position as usize),
            _ => None,
        });
        let near: String = script.chars().skip(position.unwrap_or(0).saturating_sub(300)).take(600).collect();
        let message = error.as_db_error().map_or_else(|| error.to_string(), |answer| answer.message().to_owned());
        panic!("the script does not run: {message}\n…{near}…");
    }
}

#[test]
fn a_rich_schema_survives_the_way_through_file_model_and_ddl() {
    let Some(server) = server() else { return };
    server.database("rich_before");
    run_script(&mut server.connect("rich_before"), RICH);
    let first = live(server, "rich_before");
    let (snapshot, warnings) = read(&first);
    let warnings: Vec<String> = warnings.iter().map(|warning| format!("{} ({})", warning.message, sources_line(&first, warning))).collect();
    assert_eq!(warnings, Vec::<String>::new());

    server.database("rich_after");
    assert!(ddl::print(&snapshot.schema).contains("CREATE VIEW"));
    let mut after = server.connect("rich_after");
    for statement in ddl::statements(&snapshot.schema) {
        let statement = format!("SET check_function_bodies = false; {statement}");
        if let Err(error) = after.batch_execute(&statement) {
            panic!("{}\n{statement}", error.as_db_error().map_or_else(|| error.to_string(), |answer| answer.message().to_owned()));
        }
    }
    let second = live(server, "rich_after");
    similar_asserts(&comparable(&first), &comparable(&second));

    // The model's own file says the same as the live one.
    let (again, _) = read(&write_yaml(&snapshot));
    let differences: Vec<String> = difference(&snapshot.schema, &again.schema).iter().map(ToString::to_string).collect();
    assert_eq!(differences, Vec::<String>::new());
    assert_eq!(write_yaml(&again), write_yaml(&snapshot));
}

fn similar_asserts(first: &[String], second: &[String]) {
    if first != second {
        let (first, second) = (first.join("\n"), second.join("\n"));
        let changes = similar::TextDiff::from_lines(&first, &second);
        panic!("the two snapshots differ:\n{}", changes.unified_diff().context_radius(4).header("before", "after"));
    }
}

#[test]
fn the_example_of_the_package_is_the_same_live_and_as_a_file() {
    let Some(server) = server() else { return };
    server.database("example");
    let mut client = server.connect("example");
    let roles = include_str!("../../fixtures/example/warehouse/roles.sql");
    // Roles belong to the server, and another test may have made them.
    let _ = client.batch_execute(roles);
    run_script(&mut client, include_str!("../../fixtures/example/warehouse/schema.sql"));
    let (taken, _) = read(&live(server, "example"));
    let (written, _) = read(include_str!("../../fixtures/example/warehouse/snapshot.yml"));
    // The file holds the function's body without its indentation.
    let is_more_than_space = |one: &&Difference| match &one.kind {
        DifferenceKind::Changed { before, after, .. } => before.split_whitespace().ne(after.split_whitespace()),
        DifferenceKind::Missing | DifferenceKind::Extra => true,
    };
    let differences: Vec<String> = difference(&written.schema, &taken.schema).iter().filter(is_more_than_space).map(ToString::to_string).collect();
    assert_eq!(differences, Vec::<String>::new());
}

#[test]
fn what_cannot_be_reached_is_told_with_the_way_out() {
    let Some(server) = server() else { return };
    let error = |settings: &Settings| take(settings, Limits::default(), None).unwrap_err();
    assert!(matches!(error(&server.settings("nowhere")), LiveError::Database { .. }));
    let nobody = Settings::new(Some("postgresql://maria:s3cret@127.0.0.1:1/w"), &Environment::default()).unwrap();
    let unreachable = error(&nobody);
    assert!(matches!(unreachable, LiveError::Unreachable { .. }), "{unreachable}");
    assert!(!unreachable.to_string().contains("s3cret"));
    let stranger = format!("host={} user=nobody_here dbname=postgres", server.socket().display());
    let stranger = error(&Settings::new(Some(&stranger), &Environment::default()).unwrap());
    assert!(matches!(stranger, LiveError::Login { .. }), "{stranger}");
}

#[test]
fn a_lock_that_somebody_holds_ends_in_a_message_and_not_in_waiting() {
    let Some(server) = server() else { return };
    server.database("locked");
    let mut holder = server.connect("locked");
    holder.batch_execute("CREATE TABLE t (id int)").unwrap();
    holder.batch_execute("BEGIN; LOCK TABLE t").unwrap();
    let limits = Limits { lock_timeout_ms: 200, ..Limits::default() };
    let error = take(&server.settings("locked"), limits, None).unwrap_err();
    assert!(matches!(error, LiveError::TimedOut { .. }), "{error}");
}

#[test]
fn what_a_runner_applied_is_in_the_snapshot() {
    let Some(server) = server() else { return };
    server.database("applied");
    let script = "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20260101'), ('20260102')";
    run_script(&mut server.connect("applied"), script);
    let (snapshot, _) = read(&live(server, "applied"));
    assert_eq!(snapshot.provenance.applied, ["20260101", "20260102"]);
    assert_eq!(snapshot.provenance.applied_table.as_deref(), Some("public.schema_migrations"));
}
