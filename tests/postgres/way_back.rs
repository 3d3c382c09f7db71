//! Plans on a real server: what a plan claims is what the server shows, and nothing is left behind.

use std::cell::Cell;
use std::time::{Duration, Instant};

use fieldgate::lineage::Session;
use fieldgate::migrate::{ScriptInput, TransactionMode, build, run};
use fieldgate::rollback::{Plan, Proof, Reversibility, SentScript, ServerOutcome, ServerProof, Trial, plan, prove, try_on_server};
use fieldgate::schema::Schema;
use fieldgate::server::{OwnDatabase, Place, ThrowAwayServer, find_binaries};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::generated::{Case, cases};
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
    tried_in(schema, migration, by_hand, place, TransactionMode::Wrapped)
}

fn tried_in(schema: &str, migration: &str, by_hand: Option<&str>, place: &Place, transaction_mode: TransactionMode) -> Option<(Plan, ServerProof)> {
    let mut sources = Sources::default();
    let before = schema_of(&mut sources, schema);
    let session = Session::new(&before);
    let id = sources.add("migration", migration);
    let script = read_script(&sources, id, before.dialect);
    let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode };
    let run = run(before.clone(), session.clone(), &[input], &sources);
    if run.steps.iter().any(|step| step.outcome.refusal.is_some()) {
        return None;
    }
    let plan = prove(plan(&before, &run.after, &run.steps, "0007_test"), &before, &run.after, &session);
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
        migration: SentScript { statements: script.statements.iter().map(|statement| sources.slice(statement.span).to_owned()).collect(), transaction_mode },
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
CREATE TABLE app.visits (id serial PRIMARY KEY, client_id bigint NOT NULL REFERENCES app.clients ON DELETE CASCADE, note text, minutes int DEFAULT 5,
  CONSTRAINT spent CHECK (minutes > 0 AND (note IS NULL AND client_id > 0)));
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
        ("ALTER TABLE app.visits DROP CONSTRAINT spent", Reversibility::Exact),
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

/// How long generated cases are tried, and how many: more on request.
fn effort(seconds: u64, cases: u32) -> (Duration, u32, RngSeed) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("FIELDGATE_TEST_SECONDS").unwrap_or(seconds);
    let seed = number("FIELDGATE_TEST_SEED").unwrap_or(20_261_122);
    let cases = if seconds > 60 { 20_000 } else { cases };
    (Duration::from_secs(seconds), cases, RngSeed::Fixed(seed))
}

fn mode(case: &Case) -> TransactionMode {
    if case.is_wrapped() { TransactionMode::Wrapped } else { TransactionMode::EachStatement }
}

#[test]
fn no_generated_plan_claims_more_than_the_server_shows() {
    let Some(server) = server() else { return };
    let place = place(server);
    let started = Instant::now();
    let (time, number, seed) = effort(20, 60);
    let mut runner = TestRunner::new(Config { cases: number, failure_persistence: None, rng_seed: seed, max_shrink_iters: 40, ..Config::default() });
    let (restored, all) = (Cell::new(0), Cell::new(0));
    let outcome = runner.run(&cases(3), |case| {
        // Bounded by time: a slow machine tries fewer.
        if started.elapsed() > time {
            return Ok(());
        }
        let (schema, migration) = (case.schema(), case.migration());
        let Some((plan, proof)) = tried_in(&schema, &migration, None, &place, mode(&case)) else { return Ok(()) };
        let is_short = match plan.reversibility {
            Reversibility::Exact | Reversibility::ExactWithSavedData => matches!(proof.outcome, ServerOutcome::SchemaOnly(_) | ServerOutcome::NotRestored(_)),
            // A plan that gives up rows still gives the schema back.
            Reversibility::Lossy => matches!(proof.outcome, ServerOutcome::NotRestored(_)),
            Reversibility::Impossible => false,
        };
        prop_assert!(!is_short, "{schema}\n{migration}\n{:?}\n{:#?}\n{:#?}\n{:?}", plan.reversibility, plan.prepare, plan.undo, proof.outcome);
        all.set(all.get() + u32::from(!matches!(proof.outcome, ServerOutcome::NotTried(_))));
        restored.set(restored.get() + u32::from(proof.outcome == ServerOutcome::Restored));
        Ok(())
    });
    let (restored, all) = (restored.get(), all.get());
    eprintln!("{restored} of {all} generated migrations gave schema and rows back");
    outcome.unwrap();
    assert!(all >= 3 && restored * 2 > all, "{restored} of {all}");
}

#[test]
fn what_the_model_understands_it_can_undo_or_says_why_not() {
    let started = Instant::now();
    let (time, number, seed) = effort(20, 300);
    let mut runner = TestRunner::new(Config { cases: number, failure_persistence: None, rng_seed: seed, max_shrink_iters: 200, ..Config::default() });
    let (undone, all) = (Cell::new(0_u32), Cell::new(0_u32));
    let outcome = runner.run(&cases(4), |case| {
        if started.elapsed() > time {
            return Ok(());
        }
        let (schema, migration) = (case.schema(), case.migration());
        let Some(plan) = planned(&schema, &migration, mode(&case)) else { return Ok(()) };
        all.set(all.get() + 1);
        match &plan.proven {
            Proof::Model if plan.not_planned.is_empty() => undone.set(undone.get() + 1),
            // A child that leaves its parent keeps the columns as its own for good (`NO INHERIT`), as on the server.
            _ => {
                eprintln!("{migration}: {:?}", plan.not_planned);
                prop_assert_eq!(plan.reversibility, Reversibility::Impossible, "{}\n{}\n{:#?}", schema, migration, plan);
                prop_assert!(!plan.not_planned.is_empty(), "{schema}\n{migration}\n{plan:#?}");
            }
        }
        Ok(())
    });
    outcome.unwrap();
    let (undone, all) = (undone.get(), all.get());
    eprintln!("{undone} of {all} generated migrations were undone on the model");
    assert!(all >= 10 && undone * 100 >= all * 90, "{undone} of {all}");
}

/// The plan, held against the model; `None` when the migration is refused or not understood.
fn planned(schema: &str, migration: &str, transaction_mode: TransactionMode) -> Option<Plan> {
    let mut sources = Sources::default();
    let before = schema_of(&mut sources, schema);
    let session = Session::new(&before);
    let id = sources.add("migration", migration);
    let script = read_script(&sources, id, before.dialect);
    let run = run(before.clone(), session.clone(), &[ScriptInput { migration: 0, statements: &script.statements, transaction_mode }], &sources);
    if run.steps.iter().any(|step| step.outcome.refusal.is_some() || !step.outcome.not_judged.is_empty()) {
        return None;
    }
    Some(prove(plan(&before, &run.after, &run.steps, "0007_test"), &before, &run.after, &session))
}
