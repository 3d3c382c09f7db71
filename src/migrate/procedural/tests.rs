//! What a body leaves where something in it cannot be decided. What can be decided is compared with the server in `tests/simulation.rs`.

use super::super::{ChangeKind, ColumnChange, Run, ScriptInput, TransactionMode, build, run};
use crate::dialect::named;
use crate::lineage::Session;
use crate::name::Name;
use crate::schema::Schema;
use crate::sql::read_script;
use crate::text::Sources;

const BASE: &str = "CREATE TABLE clients (id bigint PRIMARY KEY, name text, phone text); CREATE TABLE gifts (id int PRIMARY KEY, amount numeric(10,2)); \
     CREATE TABLE log_1 (id int); CREATE TABLE log_2 (id int);";

fn after(migration: &str) -> (Sources, Run) {
    let postgres = named("postgres").unwrap();
    let mut sources = Sources::default();
    let base = sources.add("base.sql", BASE);
    let schema = build(&read_script(&sources, base, postgres).statements, postgres, &sources).after;
    let source = sources.add("up.sql", migration);
    let script = read_script(&sources, source, postgres);
    let session = Session::new(&schema);
    let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode: TransactionMode::Wrapped };
    let run = run(schema, session, &[input], &sources);
    (sources, run)
}

fn block(body: &str) -> (Sources, Run) {
    after(&format!("DO $$ {body} $$;"))
}

fn touched(run: &Run) -> Vec<String> {
    let mut names: Vec<String> = run.steps.iter().flat_map(|step| &step.outcome.not_judged).flat_map(|one| &one.touches).map(ToString::to_string).collect();
    names.sort();
    names.dedup();
    names
}

fn has_column(schema: &Schema, table: &str, column: &str) -> bool {
    let table = schema.objects().find(|object| object.name.as_str() == table).unwrap();
    schema.columns(table.id).iter().any(|own| own.name.as_str() == column)
}

fn codes(run: &Run) -> Vec<&'static str> {
    run.steps.iter().flat_map(|step| &step.outcome.may_fail).map(|one| one.sqlstate).collect()
}

fn words(run: &Run) -> Vec<&'static str> {
    run.steps.iter().flat_map(|step| &step.outcome.changes).map(|change| change.kind.word()).collect()
}

#[test]
fn changes_and_refusals_stand_at_their_place_inside_the_block() {
    let (sources, run) = block("BEGIN ALTER TABLE clients ADD COLUMN zip text; END");
    let change = run.steps.iter().flat_map(|step| &step.outcome.changes).next().unwrap();
    assert!(matches!(change.kind, ChangeKind::Column(_, _, ColumnChange::Added)));
    assert!(sources.slice(change.span).starts_with("ADD COLUMN zip") || sources.slice(change.span).starts_with("ALTER TABLE clients"));
    let (sources, run) = block("BEGIN PERFORM 1; DROP TABLE absent; END");
    let refusal = run.steps[0].outcome.refusal.as_ref().unwrap();
    assert_eq!(refusal.sqlstate, "42P01");
    assert!("DROP TABLE absent".contains(sources.slice(refusal.span)));
}

#[test]
fn an_undecided_branch_leaves_only_what_it_touches_unknown() {
    let (_, run) = after(
        "DO $$ BEGIN IF (SELECT count(*) FROM gifts) > 5 THEN ALTER TABLE gifts ADD COLUMN big int; END IF; END $$; ALTER TABLE clients ADD COLUMN fine int;",
    );
    assert_eq!(touched(&run), ["gifts"]);
    assert!(run.after.why_unknown(&Name::stored("gifts")).is_some());
    assert!(has_column(&run.after, "clients", "fine") && !has_column(&run.after, "gifts", "big"));
    assert_eq!(words(&run), ["column_added"]);
}

#[test]
fn an_undecided_branch_that_only_writes_is_judged() {
    let (_, run) = block("BEGIN IF EXISTS (SELECT 1 FROM gifts WHERE amount < 0) THEN UPDATE gifts SET amount = 0; DELETE FROM clients; END IF; END");
    assert!(run.steps[0].outcome.not_judged.is_empty());
    assert_eq!(words(&run), ["rows_updated", "rows_deleted"]);
}

#[test]
fn branches_that_do_the_same_are_one() {
    let (_, run) =
        block("BEGIN IF EXISTS (SELECT 1 FROM gifts) THEN ALTER TABLE clients ADD COLUMN zip text; ELSE ALTER TABLE clients ADD COLUMN zip text; END IF; END");
    assert!(touched(&run).is_empty());
    assert!(has_column(&run.after, "clients", "zip"));
}

#[test]
fn an_error_behind_an_undecided_condition_may_happen() {
    let (_, run) = block("BEGIN IF (SELECT count(*) FROM gifts) > 5 THEN RAISE EXCEPTION 'too many'; END IF; ALTER TABLE clients ADD COLUMN fine int; END");
    let may_fail = &run.steps[0].outcome.may_fail[0];
    assert_eq!(may_fail.sqlstate, "P0001");
    assert_eq!(may_fail.query.as_deref(), Some("SELECT 1 WHERE (SELECT count(*) FROM gifts) > 5"));
    assert!(has_column(&run.after, "clients", "fine"));
}

#[test]
fn what_follows_an_undecided_return_is_undecided() {
    let (_, run) = block("BEGIN IF EXISTS (SELECT 1 FROM gifts) THEN RETURN; END IF; ALTER TABLE gifts ADD COLUMN a int; END");
    assert_eq!(touched(&run), ["gifts"]);
    assert!(!has_column(&run.after, "gifts", "a"));
}

#[test]
fn an_error_that_rows_decide_and_a_handler_catches_is_undecided() {
    let (_, run) = block("BEGIN ALTER TABLE gifts ADD UNIQUE (amount); EXCEPTION WHEN unique_violation THEN NULL; END");
    assert!(touched(&run).contains(&String::from("gifts")));
    assert!(codes(&run).is_empty());
    let (_, run) = block("BEGIN ALTER TABLE gifts ADD UNIQUE (amount); EXCEPTION WHEN duplicate_object THEN NULL; END");
    assert!(touched(&run).is_empty());
    assert_eq!(codes(&run), ["23505"]);
}

#[test]
fn a_loop_over_rows_turns_any_number_of_times() {
    let (_, run) = block("DECLARE r record; BEGIN FOR r IN SELECT id FROM gifts LOOP UPDATE clients SET name = 'x' WHERE id = r.id; END LOOP; END");
    assert!(run.steps[0].outcome.not_judged.is_empty());
    assert_eq!(words(&run), ["rows_updated"]);
    let (_, run) = block("DECLARE r record; BEGIN FOR r IN SELECT id FROM gifts LOOP ALTER TABLE clients ADD COLUMN a int; END LOOP; END");
    assert_eq!(touched(&run), ["clients"]);
}

#[test]
fn a_second_turn_that_fails_is_told() {
    let (_, run) = block("DECLARE r record; BEGIN FOR r IN SELECT id FROM gifts LOOP DROP TABLE IF EXISTS tmp; CREATE TABLE tmp (); END LOOP; END");
    assert!(codes(&run).is_empty());
    assert!(touched(&run).contains(&String::from("tmp")));
}

#[test]
fn a_name_put_together_from_rows_touches_only_names_of_that_form() {
    let (_, run) = block("DECLARE r record; BEGIN FOR r IN SELECT id FROM gifts LOOP EXECUTE format('DROP TABLE IF EXISTS log_%s', r.id); END LOOP; END");
    assert_eq!(touched(&run), ["log_1", "log_2"]);
    let (_, run) = block("DECLARE r record; BEGIN FOR r IN SELECT id FROM gifts LOOP EXECUTE format('DROP TABLE IF EXISTS absent_%s', r.id); END LOOP; END");
    assert!(touched(&run).is_empty() && run.steps[0].outcome.not_judged.is_empty());
    let (_, run) = block("DECLARE r record; BEGIN FOR r IN SELECT id FROM gifts LOOP EXECUTE format('CREATE TABLE part_%s (a int)', r.id); END LOOP; END");
    assert_eq!(touched(&run), ["part_…"]);
    assert!(run.after.why_unknown(&Name::stored("part_7")).is_some() && run.after.why_unknown(&Name::stored("parts")).is_none());
    let (_, run) = block("DECLARE r record; BEGIN FOR r IN SELECT id FROM gifts LOOP EXECUTE format('CREATE INDEX ON absent_%s (a)', r.id); END LOOP; END");
    assert_eq!(codes(&run), ["42P01"]);
}

#[test]
fn a_text_of_which_nothing_is_known_can_do_anything() {
    let (_, run) = block("DECLARE r record; BEGIN FOR r IN SELECT name FROM clients LOOP EXECUTE 'DROP TABLE ' || r.name; END LOOP; END");
    let not_judged = &run.steps[0].outcome.not_judged;
    assert!(not_judged[0].touches.is_empty() && not_judged[0].reason.contains("the rows of clients are not known"));
}

#[test]
fn a_function_called_for_each_row_may_be_called() {
    let (_, run) = after(
        "CREATE FUNCTION f(i bigint) RETURNS int LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE gifts ADD COLUMN a int; RETURN 1; END $$; SELECT f(id) FROM clients;",
    );
    assert_eq!(touched(&run), ["gifts"]);
}

#[test]
fn routines_that_call_each_other_end() {
    let (_, run) = after(
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN f(); END $$; SELECT f(); \
         DO $$ BEGIN LOOP NULL; END LOOP; END $$; DO $$ DECLARE i int := 0; BEGIN WHILE i >= 0 LOOP i := i + 1; END LOOP; END $$;",
    );
    assert!(run.steps.iter().skip(1).all(|step| !step.outcome.not_judged.is_empty()));
}

#[test]
fn tables_made_by_the_same_migration_have_no_rows() {
    let (_, run) = after(
        "CREATE TABLE fresh (id int); DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM fresh LOOP DROP TABLE clients; END LOOP; \
         IF NOT EXISTS (SELECT 1 FROM fresh) THEN ALTER TABLE gifts ADD COLUMN a int; END IF; END $$;",
    );
    assert!(touched(&run).is_empty() && has_column(&run.after, "gifts", "a"));
}

#[test]
fn what_is_unknown_is_unknown_to_the_catalog_too() {
    let (_, run) = after(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM gifts) THEN CREATE TABLE perhaps (); ALTER TABLE gifts ADD COLUMN a int; END IF; END $$; \
         DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'perhaps') THEN ALTER TABLE clients ADD COLUMN b int; END IF; END $$; \
         DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'clients') THEN ALTER TABLE clients ADD COLUMN c int; END IF; END $$;",
    );
    assert_eq!(run.steps[1].outcome.not_judged.len(), 1);
    assert_eq!(touched(&run), ["clients", "gifts", "perhaps"]);
}
