//! Plans on a real server: what a plan claims is what the server shows, and nothing is left behind.

use std::cell::Cell;
use std::time::{Duration, Instant};

use fieldgate::lineage::Session;
use fieldgate::migrate::{ScriptInput, TransactionMode, build, run};
use fieldgate::rollback::{Plan, Reversibility, SentScript, ServerOutcome, ServerProof, Trial, plan, prove, try_on_server};
use fieldgate::schema::Schema;
use fieldgate::server::{OwnDatabase, Place, ThrowAwayServer, find_binaries};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::server::{Server, server};

fn schema_of(sources: &mut Sources, text: &str) -> Schema {
    let id = sources.add("schema", text);
    let script = read_script(sources, id, fieldgate::dialect::named("postgres").unwrap());
    let run = build(&script.statements, fieldgate::dialect::named("postgres").unwrap(), sources);
    for step in &run.steps {
        assert!(step.outcome.refusal.is_none(), "{:?}", step.outcome.refusal);
    }
    run.after
}

fn place(server: &Server) -> Place {
    Place::Named(Box::new(server.settings("postgres")))
}

/// The plan, proven on the model, and what a server says to it; `None` when the model says that the migration is refused.
fn tried(schema: &str, migration: &str, by_hand: Option<&str>, place: &Place) -> Option<(Plan, ServerProof)> {
    let mut sources = Sources::default();
    let before = schema_of(&mut sources, schema);
    let session = Session::new(&before);
    let id = sources.add("migration", migration);
    let script = read_script(&sources, id, before.dialect);
    let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode: TransactionMode::Wrapped };
    let run = run(before.clone(), session.clone(), &[input], &sources);
    if run.steps.iter().any(|step| step.outcome.refusal.is_some()) {
        return None;
    }
    let plan = prove(plan(&before, &run.after, &run.steps), &before, &run.after, &session);
    let texts = |steps: &[fieldgate::rollback::PlanStep]| steps.iter().map(|step| step.sql.clone()).collect::<Vec<_>>();
    let (prepare, way_back, clean_up) = match by_hand {
        Some(sql) => (Vec::new(), vec![sql.to_owned()], Vec::new()),
        None => (texts(&plan.prepare), texts(&plan.undo), texts(&plan.clean_up)),
    };
    let trial = Trial {
        before: &before,
        after: &run.after,
        search_path: &session.search_path,
        prepare,
        migration: SentScript {
            statements: script.statements.iter().map(|statement| sources.slice(statement.span).to_owned()).collect(),
            transaction_mode: TransactionMode::Wrapped,
        },
        way_back: SentScript { statements: way_back, transaction_mode: TransactionMode::Wrapped },
        clean_up,
    };
    let proof = try_on_server(&trial, place);
    Some((plan, proof))
}

const CLIENTS: &str = "
CREATE SCHEMA app;
CREATE TYPE app.status AS ENUM ('new', 'active', 'closed');
CREATE TABLE app.clients (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, full_name text NOT NULL, phone varchar(30), born date,
  seen timestamp DEFAULT now(), status app.status NOT NULL DEFAULT 'new', balance numeric(8,2) CHECK (balance >= 0), code char(4) UNIQUE);
CREATE TABLE app.visits (id serial PRIMARY KEY, client_id bigint NOT NULL REFERENCES app.clients ON DELETE CASCADE, note text, minutes int DEFAULT 5);
CREATE TABLE app.notes (body text, written timestamptz);
CREATE INDEX visits_client ON app.visits (client_id);
CREATE VIEW app.active AS SELECT id, full_name, phone FROM app.clients WHERE status = 'active';
CREATE MATERIALIZED VIEW app.per_client AS SELECT client_id, count(*) AS visits FROM app.visits GROUP BY client_id;
";

#[test]
fn what_a_plan_claims_is_what_a_server_shows() {
    let Some(server) = server() else { return };
    let place = place(server);
    let cases = [
        ("ALTER TABLE app.clients RENAME COLUMN phone TO contact_phone", Reversibility::Exact),
        ("ALTER TABLE app.clients ADD COLUMN zip text", Reversibility::Exact),
        ("DROP VIEW app.active; ALTER TABLE app.clients DROP COLUMN phone", Reversibility::ExactWithSavedData),
        ("ALTER TABLE app.clients ALTER COLUMN seen TYPE date", Reversibility::ExactWithSavedData),
        ("ALTER TABLE app.clients DROP COLUMN phone CASCADE", Reversibility::ExactWithSavedData),
        ("DROP TABLE app.visits CASCADE", Reversibility::ExactWithSavedData),
        ("DELETE FROM app.clients", Reversibility::ExactWithSavedData),
        ("TRUNCATE app.visits", Reversibility::ExactWithSavedData),
        ("UPDATE app.notes SET body = 'x'", Reversibility::ExactWithSavedData),
        ("ALTER TABLE app.notes DROP COLUMN body", Reversibility::ExactWithSavedData),
        ("ALTER TYPE app.status RENAME VALUE 'new' TO 'fresh'", Reversibility::Exact),
        ("DROP INDEX app.visits_client; DROP MATERIALIZED VIEW app.per_client", Reversibility::Exact),
        ("ALTER TABLE app.visits ALTER COLUMN minutes TYPE bigint, ALTER COLUMN minutes DROP DEFAULT", Reversibility::Exact),
    ];
    for (migration, claim) in cases {
        let (plan, proof) = tried(CLIENTS, migration, None, &place).unwrap();
        assert_eq!(plan.reversibility, claim, "{migration}: {:?} {:?}", plan.not_planned, plan.loses);
        assert_eq!(proof.outcome, ServerOutcome::Restored, "{migration}: {:#?}", plan.undo);
        assert!(proof.filling.rows > 8, "{migration}: {:?}", proof.filling);
    }
}

#[test]
fn a_hand_written_way_back_that_loses_values_is_caught_by_the_rows() {
    let Some(server) = server() else { return };
    let migration = "ALTER TABLE app.clients DROP COLUMN born";
    let (_, proof) = tried(CLIENTS, migration, Some("ALTER TABLE app.clients ADD COLUMN born date"), &place(server)).unwrap();
    let ServerOutcome::SchemaOnly(differences) = &proof.outcome else { panic!("{:?}", proof.outcome) };
    assert_eq!(differences, &["values of app.clients.born are others after the way back"]);
    let (_, proof) = tried(CLIENTS, migration, Some("ALTER TABLE app.clients ADD COLUMN born text"), &place(server)).unwrap();
    assert!(matches!(&proof.outcome, ServerOutcome::NotRestored(differences) if differences.len() == 1), "{:?}", proof.outcome);
}

#[test]
fn rows_are_made_simpler_when_the_migration_refuses_them_and_that_is_told() {
    let Some(server) = server() else { return };
    let (_, proof) = tried(CLIENTS, "ALTER TABLE app.clients ALTER COLUMN phone SET NOT NULL", None, &place(server)).unwrap();
    assert_eq!((proof.row_style, proof.refused_on_rows.len()), (fieldgate::server::RowStyle::Fitting, 1), "{:?}", proof.refused_on_rows);
    assert_eq!(proof.outcome, ServerOutcome::Restored);
}

#[test]
fn a_database_of_our_own_is_dropped_again_even_with_somebody_in_it() {
    let Some(server) = server() else { return };
    let place = place(server);
    let own = OwnDatabase::create(&place).unwrap();
    let name = own.settings().unwrap().database;
    let is_there = || -> bool { server.connect("postgres").query_one("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", &[&name]).unwrap().get(0) };
    assert!(is_there());
    let _somebody = own.connect().unwrap();
    drop(own);
    assert!(!is_there());
}

#[test]
fn on_a_named_server_no_role_is_made() {
    let Some(server) = server() else { return };
    let roles = || -> i64 { server.connect("postgres").query_one("SELECT count(*) FROM pg_roles WHERE rolname = 'nobody_at_all'", &[]).unwrap().get(0) };
    let schema = "CREATE TABLE public.t (a int); GRANT SELECT ON public.t TO nobody_at_all;";
    let (_, proof) = tried(schema, "ALTER TABLE t ADD COLUMN b int", None, &place(server)).unwrap();
    assert!(matches!(&proof.outcome, ServerOutcome::NotTried(reason) if reason.contains("nobody_at_all")), "{:?}", proof.outcome);
    assert_eq!(roles(), 0);
}

#[test]
fn a_throw_away_server_makes_its_roles_and_is_gone_when_dropped() {
    let Some(_) = server() else { return };
    let own = ThrowAwayServer::start(find_binaries(std::env::var("PATH").ok().as_deref(), None).unwrap()).unwrap();
    let folder = own.socket().to_path_buf();
    let place = Place::ThrowAway(Box::new(own));
    let schema = "CREATE TABLE public.t (a int); GRANT SELECT ON public.t TO reader;";
    let migration = "ALTER TABLE t ADD COLUMN b int; CREATE ROLE made_by_it; GRANT SELECT ON t TO made_by_it, unheard_of;";
    for _ in 0..2 {
        let (_, proof) = tried(schema, migration, None, &place).unwrap();
        assert_eq!(proof.outcome, ServerOutcome::Restored);
        assert!(!proof.version.is_empty());
    }
    assert!(folder.join("data").exists());
    drop(place);
    assert!(!folder.exists());
}

/// Types whose values a generated schema holds.
const TYPES: &[&str] = &[
    "integer",
    "bigint",
    "smallint",
    "text",
    "varchar(20)",
    "char(5)",
    "numeric(10,2)",
    "boolean",
    "date",
    "timestamp",
    "timestamptz",
    "jsonb",
    "uuid",
    "text[]",
    "s.kind",
];

/// A generated table: types of its columns, which of them are NOT NULL, whether it has a key.
type GeneratedTable = (Vec<(usize, bool)>, bool);

fn schema_text(tables: &[GeneratedTable], with_view: bool) -> String {
    let mut text = String::from("CREATE SCHEMA s; CREATE TYPE s.kind AS ENUM ('a', 'b', 'c');\n");
    for (number, (columns, has_key)) in tables.iter().enumerate() {
        let mut parts = vec![if *has_key { String::from("id integer PRIMARY KEY") } else { String::from("id integer") }];
        for (place, (of, not_null)) in columns.iter().enumerate() {
            parts.push(format!("c{place} {}{}", TYPES[*of], if *not_null { " NOT NULL" } else { "" }));
        }
        if number > 0 && tables[number - 1].1 {
            parts.push(format!("parent integer REFERENCES s.t{} ON DELETE CASCADE", number - 1));
        }
        text.push_str(&format!("CREATE TABLE s.t{number} ({});\n", parts.join(", ")));
    }
    if with_view {
        text.push_str("CREATE VIEW s.v AS SELECT id, c0 FROM s.t0; CREATE INDEX i ON s.t0 (c0);\n");
    }
    text
}

/// One statement of a migration, by numbers that are taken modulo what there is.
fn statement((what, table, column, of): (u8, usize, usize, usize), tables: &[GeneratedTable]) -> String {
    let table = table % tables.len();
    let column = column % tables[table].0.len();
    let of = TYPES[of % TYPES.len()];
    match what % 14 {
        0 => format!("ALTER TABLE s.t{table} DROP COLUMN c{column} CASCADE"),
        1 => format!("ALTER TABLE s.t{table} RENAME COLUMN c{column} TO renamed"),
        2 => format!("ALTER TABLE s.t{table} ADD COLUMN added {of}"),
        3 => format!("ALTER TABLE s.t{table} ALTER COLUMN c{column} TYPE {of} USING c{column}::text::{of}"),
        4 => format!("DROP TABLE s.t{table} CASCADE"),
        5 => format!("ALTER TABLE s.t{table} ALTER COLUMN c{column} SET NOT NULL"),
        6 => format!("ALTER TABLE s.t{table} ALTER COLUMN c{column} DROP NOT NULL"),
        7 => format!("DELETE FROM s.t{table}"),
        8 => format!("UPDATE s.t{table} SET c{column} = NULL"),
        9 => format!("TRUNCATE s.t{table} CASCADE"),
        10 => String::from("ALTER TYPE s.kind ADD VALUE 'd' BEFORE 'b'"),
        11 => String::from("DROP VIEW IF EXISTS s.v"),
        12 => format!("ALTER TABLE s.t{table} RENAME TO other"),
        _ => format!("ALTER TABLE s.t{table} ALTER COLUMN c{column} TYPE text"),
    }
}

#[test]
fn no_generated_plan_claims_more_than_the_server_shows() {
    let Some(server) = server() else { return };
    let place = place(server);
    let started = Instant::now();
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_122), ..Config::default() });
    let tables = prop::collection::vec((prop::collection::vec((0..TYPES.len(), any::<bool>()), 1..5), prop::bool::weighted(0.7)), 1..4);
    let statements = prop::collection::vec((any::<u8>(), 0..4_usize, 0..4_usize, 0..TYPES.len()), 1..4);
    let (restored, all) = (Cell::new(0), Cell::new(0));
    let outcome = runner.run(&(tables, statements, any::<bool>()), |(tables, statements, with_view)| {
        // Bounded by time: a slow machine tries fewer.
        if started.elapsed() > Duration::from_secs(20) {
            return Ok(());
        }
        let schema = schema_text(&tables, with_view);
        let migration: Vec<String> = statements.into_iter().map(|numbers| statement(numbers, &tables)).collect();
        let migration = migration.join(";\n");
        let Some((plan, proof)) = tried(&schema, &migration, None, &place) else { return Ok(()) };
        let claims_all = matches!(plan.reversibility, Reversibility::Exact | Reversibility::ExactWithSavedData);
        let is_short = matches!(proof.outcome, ServerOutcome::SchemaOnly(_) | ServerOutcome::NotRestored(_));
        prop_assert!(!(claims_all && is_short), "{schema}\n{migration}\n{:#?}\n{:?}", plan.undo, proof.outcome);
        all.set(all.get() + u32::from(!matches!(proof.outcome, ServerOutcome::NotTried(_))));
        restored.set(restored.get() + u32::from(proof.outcome == ServerOutcome::Restored));
        Ok(())
    });
    outcome.unwrap();
    let (restored, all) = (restored.get(), all.get());
    assert!(all >= 3 && restored * 2 > all, "{restored} of {all}");
}
