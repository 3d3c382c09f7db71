//! The safe way on a real server: every script runs, every answer is the expected one, the end is what the migration makes, and each undo leads back.

use fieldgate::lineage::Session;
use fieldgate::migrate::{ScriptInput, TransactionMode, build, run};
use fieldgate::rollback::{Phase, SafeWay, safe_plan};
use fieldgate::schema::{Schema, difference};
use fieldgate::server::{OwnDatabase, Place, RowStyle, Rows, fill, restore, rows_of};
use fieldgate::snapshot::live::{Limits, take};
use fieldgate::snapshot::read_yaml;
use fieldgate::sql::read_script;
use fieldgate::text::Sources;

use crate::server::server;

const SCHEMA: &str = "
CREATE SCHEMA app;
CREATE ROLE fieldgate_test_reader;
CREATE TABLE app.clients (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, full_name text NOT NULL, phone varchar(30) DEFAULT '-',
  seen timestamp NOT NULL DEFAULT now(), points integer, code text NOT NULL);
CREATE INDEX clients_phone ON app.clients (phone);
CREATE INDEX clients_seen ON app.clients (seen DESC, id);
CREATE TABLE app.visits (id integer PRIMARY KEY, client_id bigint, note text, minutes int);
CREATE VIEW app.recent AS SELECT id, full_name, phone, seen FROM app.clients;
CREATE VIEW app.names AS SELECT full_name, seen FROM app.recent;
";

fn schemas(migration: &str, sources: &mut Sources) -> (Schema, Schema, Vec<fieldgate::migrate::Step>, Vec<String>) {
    let dialect = fieldgate::dialect::named("postgres").unwrap();
    let id = sources.add("schema", SCHEMA.replace("CREATE ROLE fieldgate_test_reader;", ""));
    let before = build(&read_script(sources, id, dialect).statements, dialect, sources).after;
    let id = sources.add("migration", migration);
    let script = read_script(sources, id, dialect);
    let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode: TransactionMode::Wrapped };
    let run = run(before.clone(), Session::new(&before), &[input], sources);
    for step in &run.steps {
        assert!(step.outcome.refusal.is_none(), "{:?}", step.outcome.refusal);
    }
    let texts = script.statements.iter().map(|statement| sources.slice(statement.span).to_owned()).collect();
    (before, run.after, run.steps, texts)
}

fn moment(database: &OwnDatabase<'_>) -> (Schema, Rows) {
    let text = take(&database.settings().unwrap(), Limits::default(), None).unwrap();
    let mut sources = Sources::default();
    let id = sources.add("live", text);
    let (snapshot, _) = read_yaml(&mut sources, id, fieldgate::dialect::named("postgres").unwrap()).unwrap();
    (snapshot.schema, rows_of(&mut database.connect().unwrap(), "fieldgate_saved").unwrap())
}

fn run_phase(database: &OwnDatabase<'_>, way: &SafeWay, phase: Phase) {
    for file in way.files.iter().filter(|file| file.phase == phase) {
        let mut client = database.connect().unwrap();
        let mut send = |sql: &str| {
            if let Err(error) = client.batch_execute(sql) {
                panic!(
                    "{}: {:?} refuses {}\n{sql}",
                    way.subject,
                    phase,
                    error.as_db_error().map_or_else(|| error.to_string(), |answer| answer.message().to_owned())
                );
            }
        };
        if file.transaction_mode == TransactionMode::Wrapped {
            send("BEGIN");
        }
        for step in &file.steps {
            send(&step.sql);
        }
        if file.transaction_mode == TransactionMode::Wrapped {
            send("COMMIT");
        }
        for check in &file.checks {
            let sql = format!("SELECT answer.v::text FROM ({}) AS answer(v)", check.sql);
            let answer: String = database.connect().unwrap().query_one(&sql, &[]).unwrap_or_else(|error| panic!("{error:?} {sql}")).get(0);
            let answer = if answer == "true" { String::from("t") } else { answer };
            assert!(check.expected.starts_with(&answer) || check.expected.contains("meant"), "{}: {} gives {answer}", way.subject, check.sql);
        }
    }
}

/// Differences that are no differences: order of columns, and what is kept for the way back.
fn left(before: &Schema, after: &Schema) -> Vec<String> {
    let all = difference(before, after).into_iter().map(|difference| difference.to_string());
    all.filter(|line| !line.contains("order of columns") && !line.contains("fieldgate_") && !line.contains("retired") && !line.contains("__old")).collect()
}

fn forward_and_back(migration: &str, undo: Phase) {
    let Some(server) = server() else { return };
    let place = Place::Named(Box::new(server.settings("postgres")));
    let mut sources = Sources::default();
    let (before, after, steps, texts) = schemas(migration, &mut sources);
    let statement = |number: u32| texts.get(number as usize).map_or("", String::as_str);
    let plan = safe_plan(&before, &after, &steps, &statement);
    assert_eq!((plan.ways.len(), plan.without.as_slice()), (1, &[][..]), "{migration}: {:?}", plan.without);
    let way = &plan.ways[0];
    let database = OwnDatabase::create(&place).unwrap();
    restore(&before, &database).unwrap();
    // Rows that the migration does not refuse.
    let filling = fill(&before, &after, &mut database.connect().unwrap(), RowStyle::Fitting).unwrap();
    assert!(filling.empty.is_empty(), "{:?}", filling.empty);
    let (first, rows) = moment(&database);
    let is_dropped = migration.contains("DROP");
    for phase in [Phase::Expand, Phase::Backfill, Phase::Verify] {
        run_phase(&database, way, phase);
    }
    if undo == Phase::UndoAfterContract {
        run_phase(&database, way, Phase::Contract);
        if !is_dropped {
            let direct = OwnDatabase::create(&place).unwrap();
            restore(&before, &direct).unwrap();
            direct.connect().unwrap().batch_execute(migration).unwrap();
            assert_eq!(left(&moment(&direct).0, &moment(&database).0), Vec::<String>::new(), "{migration}");
        }
    }
    run_phase(&database, way, undo);
    let (last, rows_last) = moment(&database);
    assert_eq!(left(&first, &last), Vec::<String>::new(), "{migration}, {undo:?}");
    assert_eq!(rows.differences(&rows_last), [], "{migration}, {undo:?}");
}

fn both_ways(migration: &str) {
    forward_and_back(migration, Phase::UndoBeforeContract);
    forward_and_back(migration, Phase::UndoAfterContract);
}

#[test]
fn a_column_is_renamed_with_both_names_in_between() {
    both_ways("ALTER TABLE app.clients RENAME COLUMN phone TO contact_phone");
}

#[test]
fn a_table_is_renamed_with_a_view_under_the_old_name() {
    both_ways("ALTER TABLE app.visits RENAME TO appointments");
}

#[test]
fn a_type_is_changed_beside_its_readers() {
    both_ways(
        "DROP VIEW app.names; DROP VIEW app.recent; ALTER TABLE app.clients ALTER COLUMN seen TYPE date USING seen::date;
         CREATE VIEW app.recent AS SELECT id, full_name, phone, seen FROM app.clients; CREATE VIEW app.names AS SELECT full_name, seen FROM app.recent;",
    );
    both_ways("ALTER TABLE app.clients ALTER COLUMN points TYPE bigint");
}

#[test]
fn a_column_is_dropped_after_its_values_are_saved() {
    both_ways("ALTER TABLE app.clients DROP COLUMN code");
}

#[test]
fn a_table_is_moved_out_of_reach_before_it_goes() {
    both_ways("DROP TABLE app.visits");
}

#[test]
fn null_is_refused_without_a_long_lock() {
    both_ways("ALTER TABLE app.clients ALTER COLUMN points SET NOT NULL");
}

#[test]
fn a_computed_default_is_filled_in_batches() {
    both_ways("ALTER TABLE app.clients ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()");
}

#[test]
fn keys_and_conditions_are_added_without_a_long_lock() {
    forward_and_back("CREATE UNIQUE INDEX clients_code ON app.clients (code)", Phase::UndoBeforeContract);
    both_ways("ALTER TABLE app.clients ADD CONSTRAINT clients_code_key UNIQUE (code)");
    forward_and_back("ALTER TABLE app.visits ADD CONSTRAINT visits_minutes CHECK (minutes > -1)", Phase::UndoBeforeContract);
    forward_and_back("ALTER TABLE app.visits ADD CONSTRAINT visits_client FOREIGN KEY (client_id) REFERENCES app.clients (id)", Phase::UndoBeforeContract);
}

#[test]
fn whoever_writes_one_name_writes_both_and_old_values_come_back_to_the_last_digit() {
    let Some(server) = server() else { return };
    let place = Place::Named(Box::new(server.settings("postgres")));
    let mut sources = Sources::default();
    let (before, after, steps, texts) = schemas("ALTER TABLE app.clients RENAME COLUMN phone TO contact_phone", &mut sources);
    let plan = safe_plan(&before, &after, &steps, &|number| texts.get(number as usize).map_or("", String::as_str));
    let database = OwnDatabase::create(&place).unwrap();
    restore(&before, &database).unwrap();
    run_phase(&database, &plan.ways[0], Phase::Expand);
    let mut client = database.connect().unwrap();
    let mut both = |sql: &str| -> (Option<String>, Option<String>) {
        client.batch_execute(sql).unwrap();
        let row = client.query_one("SELECT phone, contact_phone FROM app.clients WHERE code = 'x'", &[]).unwrap();
        (row.get(0), row.get(1))
    };
    let same = |text: &str| (Some(text.to_owned()), Some(text.to_owned()));
    assert_eq!(both("INSERT INTO app.clients (full_name, phone, code) VALUES ('a', '1', 'x')"), same("1"));
    assert_eq!(both("UPDATE app.clients SET contact_phone = '2'"), same("2"));
    assert_eq!(both("UPDATE app.clients SET phone = '3'"), same("3"));
    // The old name's default does not win over a value under the new one.
    assert_eq!(both("DELETE FROM app.clients; INSERT INTO app.clients (full_name, contact_phone, code) VALUES ('a', '4', 'x')"), same("4"));
}
