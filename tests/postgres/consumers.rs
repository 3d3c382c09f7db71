//! Consumers bound before and after a change, held against what the server says before and after: generated tables, queries and changes.
//!
//! For each case the server prepares the query, makes the change, and prepares it again; and describes what comes out through an empty table made
//! from the query. The verdict must say the same: refused or not and with which SQLSTATE, other names, other types, or nothing of the kind.

use fieldgate::dialect;
use fieldgate::impact::{Cause, EffectKind, Subject, assess};
use fieldgate::lineage::Session;
use fieldgate::migrate::{ScriptInput, TransactionMode, build, run};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;
use postgres::Client;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::server::server;

/// So many cases in a test run; `FIELDGATE_TEST_CASES` asks for more.
const CASES: u32 = 400;

const TYPES: [&str; 19] = [
    "bigint",
    "integer",
    "numeric(10,2)",
    "numeric(12,4)",
    "text",
    "varchar(20)",
    "date",
    "timestamp",
    "timestamptz",
    "boolean",
    "double precision",
    "smallint",
    "real",
    "character(5)",
    "interval",
    "mood",
    "text[]",
    "jsonb",
    "uuid",
];
const NAMES: [&str; 6] = ["amount", "note", "day", "mail", "flag", "size"];

/// Numbers out of which a case is made: small ones make plain cases, so that shrinking ends at those.
#[derive(Clone, Debug)]
struct Seeds {
    first: Vec<(u8, u8)>,
    second: Vec<(u8, u8)>,
    query: u8,
    change: u8,
    picks: [u8; 4],
}

fn seeds() -> impl Strategy<Value = Seeds> {
    let columns = || proptest::collection::vec((any::<u8>(), any::<u8>()), 1..5);
    (columns(), columns(), any::<u8>(), any::<u8>(), any::<[u8; 4]>()).prop_map(|(first, second, query, change, picks)| Seeds {
        first,
        second,
        query,
        change,
        picks,
    })
}

struct Case {
    ddl: String,
    query: String,
    change: String,
}

fn pick<'a>(all: &'a [String], number: u8) -> &'a str {
    &all[number as usize % all.len()]
}

fn columns(seeds: &[(u8, u8)]) -> Vec<(String, &'static str)> {
    let mut columns: Vec<(String, &'static str)> = Vec::new();
    for (name, data_type) in seeds {
        let name = NAMES[*name as usize % NAMES.len()].to_owned();
        if columns.iter().all(|(own, _)| *own != name) {
            columns.push((name, TYPES[*data_type as usize % TYPES.len()]));
        }
    }
    columns
}

fn case(seeds: &Seeds) -> Case {
    let (a, b) = (columns(&seeds.first), columns(&seeds.second));
    let list = |columns: &[(String, &str)]| columns.iter().map(|(name, data_type)| format!(", {name} {data_type}")).collect::<String>();
    let (an, bn): (Vec<String>, Vec<String>) = (a.iter().map(|(name, _)| name.clone()).collect(), b.iter().map(|(name, _)| name.clone()).collect());
    let [one, two, three, four] = seeds.picks;
    let (c, d, other) = (pick(&an, one), pick(&an, two), pick(&bn, three));
    let ddl = format!(
        "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE first (id bigint PRIMARY KEY{}); CREATE TABLE second (id bigint{}); CREATE VIEW shown AS SELECT id, {} FROM first;",
        list(&a),
        list(&b),
        pick(&an, four)
    );
    let queries = [
        format!("SELECT {c} FROM first"),
        String::from("SELECT * FROM first"),
        format!("SELECT count(*) FROM first WHERE {c} = {c} AND {d} IS NOT NULL"),
        format!("SELECT count(*) FROM first WHERE {c} > '1'"),
        format!("SELECT x.{c} AS one, y.{other} AS two FROM first x JOIN second y ON x.id = y.id"),
        format!("SELECT {c} AS one, id FROM first JOIN second USING (id)"),
        format!("SELECT id FROM first WHERE {c} IN (SELECT {other} FROM second)"),
        format!("SELECT id FROM first WHERE id IN (SELECT {c} FROM second)"),
        format!("SELECT {c}, count(*) AS number FROM first GROUP BY {c} ORDER BY {c}"),
        String::from("SELECT * FROM first UNION ALL SELECT * FROM second"),
        String::from("SELECT * FROM shown"),
        format!("SELECT sum({c}) AS total, max({d}) AS most FROM first"),
        format!("SELECT first.id, first.{c}, count(*) AS number FROM first JOIN second ON true GROUP BY first.id"),
        format!("SELECT row_to_json(x) AS row FROM first x WHERE x.{c} IS NULL"),
        format!("SELECT coalesce({c}, {d}) AS either, CASE WHEN {c} IS NULL THEN {d} ELSE {c} END AS chosen FROM first"),
        format!("SELECT (SELECT max({other}) FROM second WHERE second.id = first.id) AS most FROM first"),
        format!("SELECT first.{c} AS one FROM first NATURAL JOIN second"),
        format!("SELECT {c} AS mail, count(*) AS number FROM first GROUP BY mail"),
        format!("WITH w AS (SELECT id, {c} AS inner_one FROM first) SELECT inner_one, w.id FROM w ORDER BY inner_one"),
        format!("SELECT row_number() OVER (PARTITION BY {c} ORDER BY {d}) AS place FROM first"),
        String::from("INSERT INTO second SELECT * FROM first"),
        format!("INSERT INTO first (id, {c}) VALUES (1, NULL) ON CONFLICT (id) DO UPDATE SET {c} = excluded.{c}"),
        format!("UPDATE first SET {c} = NULL WHERE {d} IS NOT NULL"),
        format!("DELETE FROM first USING second WHERE first.id = second.id AND second.{other} IS NULL"),
        format!("SELECT x.id, l.most FROM first x LEFT JOIN LATERAL (SELECT min({other}) AS most FROM second WHERE second.id = x.id) l ON true"),
        format!("SELECT id FROM first WHERE EXISTS (SELECT 1 FROM second WHERE {other} IS NOT NULL)"),
        format!("SELECT id FROM second WHERE id IN (SELECT {c} FROM shown)"),
        format!("SELECT {c} AS v FROM first EXCEPT SELECT {other} FROM second"),
        format!("SELECT {c} AS v FROM first UNION SELECT {other} FROM second ORDER BY v"),
        format!("SELECT {c} AS one, {d} AS two, count(*) AS n FROM first GROUP BY GROUPING SETS (({c}), ({d}), ())"),
        format!("SELECT DISTINCT ON ({c}) {c} AS one, {d} AS two FROM first ORDER BY {c}, {d}"),
        format!("SELECT count(DISTINCT {c}) FILTER (WHERE {d} IS NULL) AS n, array_agg({c} ORDER BY {d}) AS list FROM first"),
        format!("SELECT {c} + 1 AS more FROM first"),
        format!("SELECT {c} || 'x' AS longer FROM first"),
        format!("SELECT {c} - {d} AS difference FROM first"),
        format!("SELECT greatest({c}, {d}) AS greater, nullif({c}, {d}) AS other FROM first"),
        format!("SELECT date_trunc('day', {c}) AS day, {c} > now() AS later FROM first"),
        format!("SELECT extract(year FROM {c}) AS year FROM first"),
        format!("SELECT {c}::date AS day FROM first"),
        format!("SELECT round({c}, 1) AS rounded FROM first"),
        format!("SELECT round({c}) AS rounded, abs({c}) AS positive FROM first"),
        format!("SELECT lower({c}) AS small, length({c}) AS letters FROM first"),
        format!("SELECT to_char({c}, '9') AS shown_as FROM first"),
        format!("SELECT x.id FROM first x JOIN second y USING (id) WHERE x.{c} = y.{other}"),
        String::from("SELECT x FROM first x"),
        format!("WITH RECURSIVE r (n) AS (SELECT {c} FROM first UNION ALL SELECT n FROM r WHERE false) SELECT n FROM r"),
        format!("SELECT lag({c}) OVER w AS earlier, avg({d}) OVER w AS mean FROM first WINDOW w AS (ORDER BY {d})"),
        format!("SELECT v.a, f.{c} AS one FROM first f JOIN (VALUES (1), (2)) v(a) ON v.a = f.id"),
        format!("INSERT INTO second (id, {other}) SELECT id, {c} FROM first"),
        format!(
            "MERGE INTO second USING first ON second.id = first.id WHEN MATCHED THEN UPDATE SET {other} = NULL WHEN NOT MATCHED THEN INSERT (id) VALUES (first.id)"
        ),
        format!("SELECT shown.*, second.{other} AS addition FROM shown LEFT JOIN second USING (id)"),
        format!("SELECT string_agg({c}::text, ',') AS list, avg({d}) AS mean FROM first"),
        format!("SELECT id FROM first WHERE {c} BETWEEN {d} AND {d}"),
        format!("SELECT id FROM first WHERE {c} = ANY (ARRAY[{d}]) AND {c} IN ({d}, NULL)"),
        format!("SELECT id FROM first WHERE ({c}, id) = ({d}, 1)"),
        format!("SELECT id FROM first WHERE {c} LIKE 'a%'"),
        format!("SELECT CASE {c} WHEN {d} THEN 1 ELSE 2 END AS n, {c} IS DISTINCT FROM {d} AS other FROM first"),
        format!("SELECT first.{c} AS one, second AS two FROM first, second WHERE second.{other} IS NULL"),
        format!("SELECT n.one FROM (SELECT {c} AS one, row_number() OVER (PARTITION BY {d} ORDER BY id) AS place FROM first) n WHERE n.place = 1"),
        format!("SELECT sum(id) AS total FROM (SELECT * FROM first UNION ALL SELECT * FROM first) u GROUP BY {c} HAVING max({d}) IS NOT NULL"),
        format!("SELECT {c} AS one FROM first WHERE {c} = 'good'"),
        format!("SELECT ({c} -> 'a') AS field, {d} AS two FROM first"),
        format!("SELECT {c}[1] AS element FROM first"),
        format!("SELECT t AS element FROM first, unnest({c}) AS t"),
        format!("SELECT x.id FROM first x LEFT JOIN second y ON x.id = y.id AND x.{c} IS NOT DISTINCT FROM y.{other} WHERE coalesce(x.{c}, y.{other}) IS NULL"),
        format!("SELECT id, {c} AS one FROM first ORDER BY {d} FETCH FIRST 1 ROW ONLY"),
        format!("SELECT {c}::text::{} AS back FROM first", TYPES[four as usize % TYPES.len()]),
    ];
    let data_type = TYPES[four as usize % TYPES.len()];
    let fresh = NAMES[three as usize % NAMES.len()];
    let changes = [
        format!("ALTER TABLE first DROP COLUMN {c} CASCADE"),
        format!("ALTER TABLE first DROP COLUMN {d}"),
        format!("ALTER TABLE first RENAME COLUMN {c} TO renamed"),
        format!("ALTER TABLE first ALTER COLUMN {c} TYPE {data_type} USING NULL::{data_type}"),
        format!("ALTER TABLE second ALTER COLUMN {other} TYPE {data_type} USING NULL::{data_type}"),
        format!("ALTER TABLE second ADD COLUMN {fresh} {data_type}"),
        format!("ALTER TABLE first ADD COLUMN {fresh} {data_type}"),
        String::from("ALTER TABLE first RENAME TO elsewhere"),
        String::from("ALTER TABLE first DROP CONSTRAINT first_pkey"),
        format!("ALTER TABLE first ALTER COLUMN {c} SET NOT NULL"),
        String::from("DROP VIEW shown"),
        String::from("DROP TABLE second"),
        format!("ALTER TABLE second DROP COLUMN {other}"),
        format!("CREATE OR REPLACE VIEW shown AS SELECT id, {} , 1 AS more FROM first", pick(&an, four)),
        String::from("ALTER TABLE second RENAME COLUMN id TO number"),
        format!("ALTER TABLE first RENAME TO kept; CREATE VIEW first AS SELECT id, {c} FROM kept"),
        String::from("ALTER TYPE mood RENAME TO feeling"),
        String::from("CREATE SCHEMA other; ALTER TABLE first SET SCHEMA other"),
        String::from("ALTER VIEW shown RENAME TO kept"),
        String::from("ALTER VIEW shown RENAME COLUMN id TO number"),
        String::from("ALTER TABLE first DROP COLUMN id CASCADE"),
        format!("ALTER TABLE second DROP COLUMN {other}; ALTER TABLE second ADD COLUMN {other} {data_type}"),
        String::from("ALTER TABLE second ADD COLUMN first text"),
        String::from("ALTER TABLE first ADD COLUMN x text, ADD COLUMN n date"),
        String::from("ALTER TABLE first RENAME TO moved; ALTER TABLE second RENAME TO first; ALTER TABLE moved RENAME TO second"),
        format!("ALTER TABLE second RENAME COLUMN {other} TO {}", NAMES[one as usize % NAMES.len()]),
        format!("DROP VIEW shown; CREATE VIEW shown AS SELECT {c} AS id, id AS {c}_id FROM first"),
        format!("ALTER TABLE first ALTER COLUMN id TYPE {}", ["integer", "numeric", "text", "double precision"][four as usize % 4]),
        format!("ALTER TABLE second ALTER COLUMN id TYPE {}", ["integer", "numeric", "text", "smallint"][four as usize % 4]),
        String::from("DROP TABLE first CASCADE; CREATE TABLE first (id bigint PRIMARY KEY)"),
        String::from(
            "CREATE FUNCTION lower(date) RETURNS text LANGUAGE sql AS $$SELECT 'x'$$; CREATE FUNCTION length(bigint) RETURNS text LANGUAGE sql AS $$SELECT 'x'$$",
        ),
    ];
    Case { ddl, query: queries[seeds.query as usize % queries.len()].clone(), change: changes[seeds.change as usize % changes.len()].clone() }
}

/// The server's word on a query: names and types of what comes out, or the SQLSTATE.
type Word = Result<Vec<(String, String)>, String>;

fn ask(client: &mut Client, query: &str) -> Word {
    client.batch_execute("SAVEPOINT asked").unwrap();
    let code = |error: &postgres::Error| error.code().map_or_else(|| error.to_string(), |code| code.code().to_owned());
    let word = match client.prepare(query) {
        Err(error) => Err(code(&error)),
        Ok(_) if !query.starts_with("SELECT") && !query.starts_with("WITH") => Ok(Vec::new()),
        Ok(_) => match client.batch_execute(&format!("CREATE TEMP TABLE described AS {query} WITH NO DATA")) {
            Err(error) => Err(code(&error)),
            Ok(()) => {
                let rows = client.query(
                    "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'described'::regclass AND attnum > 0 ORDER BY attnum",
                    &[],
                );
                Ok(rows.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect())
            }
        },
    };
    client.batch_execute("ROLLBACK TO SAVEPOINT asked").unwrap();
    word
}

/// What the server says: about the query before, about the change, about the query after.
fn server_says(client: &mut Client, case: &Case) -> (Word, Result<(), String>, Word) {
    client.batch_execute("BEGIN").unwrap();
    client.batch_execute(&case.ddl).unwrap();
    let before = ask(client, &case.query);
    client.batch_execute("SAVEPOINT change").unwrap();
    let changed = client.batch_execute(&case.change).map_err(|error| error.code().map_or_else(|| error.to_string(), |code| code.code().to_owned()));
    if changed.is_err() {
        client.batch_execute("ROLLBACK TO SAVEPOINT change").unwrap();
    }
    let after = ask(client, &case.query);
    client.batch_execute("ROLLBACK").unwrap();
    (before, changed, after)
}

fn agrees(client: &mut Client, case: &Case) -> Result<(), String> {
    let dialect = dialect::named("postgres").unwrap();
    let mut sources = Sources::default();
    let mut script = |name: &str, text: &str| {
        let id = sources.add(name, text);
        read_script(&sources, id, dialect)
    };
    let (ddl, change, query) = (script("ddl", &case.ddl), script("change", &case.change), script("query", &case.query));
    let first = build(&ddl.statements, dialect, &sources).after;
    let session = Session::new(&first);
    let input = ScriptInput { migration: 0, statements: &change.statements, transaction_mode: TransactionMode::Wrapped };
    let run = run(first.clone(), session.clone(), &[input], &sources);
    let subject = Subject {
        id: "consumer".into(),
        name: String::from("consumer"),
        session,
        statements: query.statements,
        reads: Vec::new(),
        positions: Vec::new(),
        writes: Vec::new(),
    };
    let impact = assess(&first, &run, &[subject], &sources);
    let (before, changed, after) = server_says(client, case);
    let refusal = run.steps.iter().find_map(|step| step.outcome.refusal.as_ref()).map(|refusal| refusal.sqlstate.to_owned());
    if refusal != changed.clone().err() {
        return Err(format!("the change: server {changed:?}, model {refusal:?}"));
    }
    let broken_before = impact.broken_before.first().and_then(|broken| broken.sqlstate).map(str::to_owned);
    if broken_before != before.clone().err() {
        return Err(format!("before: server {before:?}, model {broken_before:?} {:?}", impact.broken_before));
    }
    let (Ok(before), true) = (before, changed.is_ok()) else { return Ok(()) };
    let breaks: Vec<&str> = impact.effects.iter().filter(|effect| effect.kind == EffectKind::Breaks).filter_map(|effect| effect.evidence.sqlstate).collect();
    // A write that the server prepares can still be refused row by row, or when it is planned (42P10): none of PREPARE's business.
    let prepared: Vec<&str> = breaks.iter().copied().filter(|code| !code.starts_with("23") && *code != "428C9" && *code != "42P10").collect();
    match after {
        Err(code) if prepared.first() == Some(&code.as_str()) => Ok(()),
        Err(code) => Err(format!("after: server {code}, model {:?}", impact.effects)),
        Ok(_) if !prepared.is_empty() => Err(format!("after: the server takes it, model {:?}", impact.effects)),
        Ok(after) => {
            let names = |word: &[(String, String)]| word.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
            let says = |cause: Cause| impact.effects.iter().any(|effect| effect.cause == cause);
            let shape = names(&before) != names(&after);
            let is_row = case.query.contains("row_to_json") || case.query.contains("SELECT x FROM") || case.query.contains("second AS two");
            if shape != says(Cause::OutputShape) && !is_row {
                return Err(format!("names: server {before:?} → {after:?}, model {:?}", impact.effects));
            }
            if !shape && (before != after) != says(Cause::OutputType) {
                return Err(format!("types: server {before:?} → {after:?}, model {:?}", impact.effects));
            }
            Ok(())
        }
    }
}

#[test]
fn the_verdict_on_a_consumer_is_what_the_server_says_before_and_after() {
    let Some(server) = server() else { return };
    server.database("consumers");
    let client = std::cell::RefCell::new(server.connect("consumers"));
    let cases = std::env::var("FIELDGATE_TEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&seeds(), |seeds| {
        let case = case(&seeds);
        agrees(&mut client.borrow_mut(), &case).map_err(|why| TestCaseError::fail(format!("{why}\n  {}\n  {}\n  {}", case.ddl, case.query, case.change)))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
