//! The simulation says what the server says: every statement of `tests/data/simulation/*.sql`, one a line, against the answers that
//! PostgreSQL 15.18 gave (`*.txt`, made by `tests/generate/simulation.sh`). What the server refuses because of rows may be a *may fail* here.

use std::fmt::Write as _;
use std::path::Path;

use fieldgate::dialect;
use fieldgate::lineage::Session;
use fieldgate::migrate::{Outcome, Simulation, StatementId};
use fieldgate::name::Name;
use fieldgate::schema::{ObjectBody, Schema};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;

/// Answers that differ and why; one that no longer differs fails.
const DIFFERENT: &[(&str, &str)] = &[];

fn compare(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/simulation");
    let mut sources = Sources::default();
    let source = sources.load(&folder.join(format!("{name}.sql"))).unwrap();
    let answers = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
    let postgres = dialect::named("postgres").unwrap();
    let script = read_script(&sources, source, postgres);
    assert_eq!(script.statements.len(), answers.lines().count(), "one statement a line, one answer a statement");
    let mut schema = Schema::new(postgres);
    schema.insert(Name::stored("public"), None, ObjectBody::Schema);
    let session = Session::new(&schema);
    let mut simulation = Simulation::new(schema, session);
    let mut wrong = String::new();
    for (index, (statement, answer)) in script.statements.iter().zip(answers.lines()).enumerate() {
        let id = StatementId { migration: 0, statement: u32::try_from(index).unwrap() };
        let outcome = simulation.apply(id, statement, &sources);
        let text = sources.slice(statement.span);
        let is_excused = DIFFERENT.iter().any(|(excused, _)| *excused == text);
        if agrees(&outcome, answer) == is_excused {
            let ours = outcome.refusal.map_or_else(|| String::from("ok"), |refusal| format!("{} {}", refusal.sqlstate, refusal.message));
            writeln!(wrong, "{text}\n  server: {answer}\n  here:   {ours}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{name}:\n{wrong}");
}

fn agrees(outcome: &Outcome, answer: &str) -> bool {
    match &outcome.refusal {
        Some(refusal) => answer == format!("{} {}", refusal.sqlstate, refusal.message),
        None => answer == "ok" || outcome.may_fail.iter().any(|may_fail| answer.starts_with(may_fail.sqlstate)),
    }
}

#[test]
fn tables_columns_and_constraints() {
    compare("tables-columns-and-constraints");
}

#[test]
fn views_and_tables_from_queries() {
    compare("views-and-tables-from-queries");
}

#[test]
fn inheritance_and_partitions() {
    compare("inheritance-and-partitions");
}

#[test]
fn types_domains_and_sequences() {
    compare("types-domains-and-sequences");
}

#[test]
fn schemas_routines_triggers_policies_and_rows() {
    compare("schemas-routines-triggers-policies-and-rows");
}

#[test]
fn keys_moves_extensions_and_generated_columns() {
    compare("keys-moves-extensions-and-generated-columns");
}

#[test]
fn blocks_and_routines_that_a_migration_runs() {
    compare("blocks-and-routines-that-a-migration-runs");
}
