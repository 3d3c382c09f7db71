//! The questions that decide whether rows let a statement work: for each kind of statement, rows on both sides of the border are put in,
//! the question is asked, the statement is run, and both must say the same. Where no question is given, no row at all may be refused.

use fieldgate::dialect;
use fieldgate::lineage::Session;
use fieldgate::migrate::{MayFail, ScriptInput, TransactionMode, build, run};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;

use crate::server::server;

/// What stands there before, the statement, and sets of rows: each an `INSERT` without its first words for the table `t`.
struct Case {
    schema: &'static str,
    statement: &'static str,
    rows: &'static [&'static str],
}

const fn case(schema: &'static str, statement: &'static str, rows: &'static [&'static str]) -> Case {
    Case { schema, statement, rows }
}

const CONVERSIONS: &[Case] = &[
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE varchar(3)", &["('abc')", "('abc   ')", "('abcd')", "('äöü')", "(NULL)"]),
    case("CREATE TABLE t (c varchar(9))", "ALTER TABLE t ALTER c TYPE varchar(3)", &["('abc')", "('abcd')"]),
    case("CREATE TABLE t (c varchar(9))", "ALTER TABLE t ALTER c TYPE varchar(3) USING c::varchar(3)", &["('abc')", "('abcd')"]),
    case("CREATE TABLE t (c varchar(9))", "ALTER TABLE t ALTER c TYPE char(3)", &["('abc')", "('ab  ')", "('abcd')"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ALTER c TYPE varchar(3)", &["(123)", "(-12)", "(-123)", "(1234)"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ALTER c TYPE bigint", &["(2147483647)", "(NULL)"]),
    case("CREATE TABLE t (c bigint)", "ALTER TABLE t ALTER c TYPE integer", &["(2147483647)", "(2147483648)", "(-2147483648)", "(-2147483649)"]),
    case("CREATE TABLE t (c bigint)", "ALTER TABLE t ALTER c TYPE smallint USING c::smallint", &["(32767)", "(32768)", "(-32769)"]),
    case(
        "CREATE TABLE t (c numeric)",
        "ALTER TABLE t ALTER c TYPE integer",
        &["(2147483647.4)", "(2147483647.5)", "(-2147483648.4)", "('NaN')", "('Infinity')"],
    ),
    case(
        "CREATE TABLE t (c double precision)",
        "ALTER TABLE t ALTER c TYPE integer",
        &["(2147483647.4)", "(2147483647.5)", "(2147483646.5)", "('NaN')", "('-Infinity')"],
    ),
    case("CREATE TABLE t (c double precision)", "ALTER TABLE t ALTER c TYPE bigint", &["(9223372036854775000)", "(9223372036854775807)", "(1e19)", "('NaN')"]),
    case("CREATE TABLE t (c numeric(6,2))", "ALTER TABLE t ALTER c TYPE numeric(4,1)", &["(999.94)", "(999.95)", "(-999.95)", "('NaN')"]),
    case("CREATE TABLE t (c numeric(6,2))", "ALTER TABLE t ALTER c TYPE numeric(8,2)", &["(9999.99)", "('NaN')"]),
    case("CREATE TABLE t (c numeric(6,2))", "ALTER TABLE t ALTER c TYPE numeric(6,1)", &["(9999.99)", "(-9999.99)"]),
    case("CREATE TABLE t (c numeric(6,2))", "ALTER TABLE t ALTER c TYPE numeric(5,1)", &["(9999.94)", "(9999.95)"]),
    case("CREATE TABLE t (c numeric)", "ALTER TABLE t ALTER c TYPE numeric(4,2)", &["(99.994)", "(99.995)", "(99.999)", "('Infinity')", "('NaN')"]),
    case("CREATE TABLE t (c numeric)", "ALTER TABLE t ALTER c TYPE numeric(2,-2)", &["(9949)", "(9950)"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ALTER c TYPE numeric(5,2)", &["(999)", "(1000)"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ALTER c TYPE numeric(12,2)", &["(2147483647)", "(-2147483648)"]),
    case(
        "CREATE TABLE t (c date)",
        "ALTER TABLE t ALTER c TYPE timestamp",
        &["('2026-11-22')", "('infinity')", "('294277-01-01')", "('294276-12-30')", "('4713-11-24 BC')"],
    ),
    case("CREATE TABLE t (c timestamp)", "ALTER TABLE t ALTER c TYPE timestamptz USING c AT TIME ZONE 'UTC'", &["('2026-11-22 10:00')", "('infinity')"]),
    case(
        "CREATE TABLE t (c text)",
        "ALTER TABLE t ALTER c TYPE integer USING c::integer",
        &["('12')", "(' -12 ')", "('+7')", "('1.5')", "('')", "('x')", "('2147483648')", "(NULL)"],
    ),
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE bigint USING (c::bigint)", &["('9223372036854775807')", "('9223372036854775808')", "('1e3')"]),
    case(
        "CREATE TABLE t (c text)",
        "ALTER TABLE t ALTER c TYPE boolean USING c::boolean",
        &["('t')", "(' TRUE ')", "('yes')", "('of')", "('o')", "('2')", "('')", "('1')"],
    ),
    case(
        "CREATE TABLE t (c text)",
        "ALTER TABLE t ALTER c TYPE uuid USING c::uuid",
        &[
            "('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')",
            "('{a0eebc999c0b4ef8bb6d6bb9bd380a11}')",
            "('a0eebc999c0b4ef8bb6d6bb9bd380a1')",
            "('A0EE-BC99-9C0B-4EF8-BB6D-6BB9-BD38-0A11')",
            "('')",
            "(' a0eebc999c0b4ef8bb6d6bb9bd380a11')",
        ],
    ),
    case(
        "CREATE TYPE mood AS ENUM ('sad', 'it''s ok'); CREATE TABLE t (c text)",
        "ALTER TABLE t ALTER c TYPE mood USING c::mood",
        &["('sad')", "('it''s ok')", "('Sad')", "('')", "(NULL)"],
    ),
    case(
        "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE state AS ENUM ('ok', 'new'); CREATE TABLE t (c mood)",
        "ALTER TABLE t ALTER c TYPE state USING c::text::state",
        &["('ok')", "('sad')"],
    ),
    case(
        "CREATE TABLE t (c text)",
        "ALTER TABLE t ALTER c TYPE smallint USING nullif(trim(c), '')::numeric::smallint",
        &["('1')", "('1.4e2')", "('x')", "('99999')", "(' ')", "('nan')"],
    ),
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE numeric(4,2) USING c::numeric", &["('99.99')", "('99.995')", "('1e1')", "('1e')", "('')"]),
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE integer USING nullif(btrim(c), '')::integer", &["(' ')", "('x')", "('5 ')"]),
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE boolean USING c = 'yes'", &["('yes')", "('anything')"]),
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE boolean USING CASE WHEN c = 'yes' THEN true ELSE false END", &["('yes')", "('anything')"]),
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE jsonb USING to_jsonb(c)", &["('yes')", "('{')"]),
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE text[] USING ARRAY[c]", &["('yes')", "('{')", "(NULL)"]),
    case("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE varchar(4) USING lower(c) || '!'", &["('abc')", "('abcd')"]),
    case("CREATE TABLE t (c jsonb)", "ALTER TABLE t ALTER c TYPE text USING c->>'a'", &[r#"('{"a": 1}')"#, "('1')", "('[]')"]),
    case("CREATE TABLE t (c boolean)", "ALTER TABLE t ALTER c TYPE integer USING c::integer", &["(true)", "(NULL)"]),
    case("CREATE TABLE t (c varchar(5)[])", "ALTER TABLE t ALTER c TYPE text[]", &["('{abcde}')"]),
    case("CREATE TABLE up (c text); CREATE TABLE t () INHERITS (up)", "ALTER TABLE up ALTER c TYPE varchar(3)", &["('abc')", "('abcd')"]),
];

const CONSTRAINTS: &[Case] = &[
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ALTER c SET NOT NULL", &["(1)", "(NULL)"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ADD CHECK (c > 0)", &["(1)", "(0)", "(NULL)"]),
    case("CREATE TABLE up (c integer); CREATE TABLE t () INHERITS (up)", "ALTER TABLE up ADD CHECK (c > 0)", &["(1)", "(0)"]),
    case("CREATE TABLE up (c integer); CREATE TABLE t () INHERITS (up)", "ALTER TABLE up ADD CHECK (c > 0) NO INHERIT", &["(1)", "(0)"]),
    case("CREATE TABLE up (c integer); CREATE TABLE t () INHERITS (up)", "ALTER TABLE up ALTER c SET NOT NULL", &["(1)", "(NULL)"]),
    case("CREATE TABLE t (c integer); ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0) NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT k", &["(1)"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ADD CONSTRAINT k UNIQUE (c)", &["(1), (2)", "(1), (1)", "(NULL), (NULL)"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (c)", &["(1), (NULL)", "(NULL), (NULL)"]),
    case("CREATE TABLE t (c integer UNIQUE)", "ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (c)", &["(1), (NULL)", "(NULL), (NULL)"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ADD PRIMARY KEY (c)", &["(1), (2)", "(1), (1)", "(NULL)"]),
    case("CREATE TABLE t (c text)", "CREATE UNIQUE INDEX ON t (lower(c))", &["('a'), ('b')", "('a'), ('A')", "(NULL), (NULL)"]),
    case(
        "CREATE TABLE t (c text, d integer)",
        "CREATE UNIQUE INDEX ON t (c) WHERE d > 0",
        &["('a', 1), ('a', 0)", "('a', 1), ('a', 2)", "('a', NULL), ('a', 2)"],
    ),
    case("CREATE TABLE t (c text)", "CREATE UNIQUE INDEX ON t (lower(c)) NULLS NOT DISTINCT", &["('a'), (NULL)", "(NULL), (NULL)"]),
    case("CREATE TABLE up (c integer); CREATE TABLE t () INHERITS (up); INSERT INTO up VALUES (1)", "CREATE UNIQUE INDEX ON up (c)", &["(1)", "(2)"]),
    case(
        "CREATE TABLE o (a integer PRIMARY KEY); INSERT INTO o VALUES (1); CREATE TABLE t (c integer)",
        "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES o",
        &["(1)", "(2)", "(NULL)"],
    ),
    case(
        "CREATE TABLE o (a integer, b integer, PRIMARY KEY (a, b)); INSERT INTO o VALUES (1, 1); CREATE TABLE t (c integer, d integer)",
        "ALTER TABLE t ADD FOREIGN KEY (c, d) REFERENCES o",
        &["(1, 1)", "(1, 2)", "(1, NULL)", "(NULL, NULL)"],
    ),
    case(
        "CREATE TABLE o (a integer, b integer, PRIMARY KEY (a, b)); INSERT INTO o VALUES (1, 1); CREATE TABLE t (c integer, d integer)",
        "ALTER TABLE t ADD FOREIGN KEY (c, d) REFERENCES o MATCH FULL",
        &["(1, 1)", "(1, 2)", "(1, NULL)", "(NULL, NULL)"],
    ),
    case(
        "CREATE TABLE o (a integer PRIMARY KEY); CREATE TABLE t (c integer); ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (c) REFERENCES o NOT VALID",
        "INSERT INTO o VALUES (1); ALTER TABLE t VALIDATE CONSTRAINT k",
        &["(NULL)"],
    ),
    case(
        "CREATE TABLE t (c int4range)",
        "ALTER TABLE t ADD CONSTRAINT k EXCLUDE USING gist (c WITH &&)",
        &["('[1,3)'), ('[3,5)')", "('[1,4)'), ('[3,5)')", "(NULL), (NULL)"],
    ),
    case(
        "CREATE DOMAIN amount AS integer; CREATE TABLE t (c amount, d amount)",
        "ALTER DOMAIN amount ADD CHECK (VALUE > 0)",
        &["(1, 1)", "(1, 0)", "(NULL, 1)"],
    ),
    case("CREATE DOMAIN amount AS integer; CREATE TABLE t (c amount)", "ALTER DOMAIN amount SET NOT NULL", &["(1)", "(NULL)"]),
    case("CREATE TABLE t (c integer)", "ALTER TABLE t ADD d integer NOT NULL", &["(1)"]),
];

const PARTITIONS: &[Case] = &[
    case(
        "CREATE TABLE p (c integer) PARTITION BY LIST (c); CREATE TABLE t (c integer)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES IN (1, 2)",
        &["(1), (2)", "(3)", "(NULL)"],
    ),
    case(
        "CREATE TABLE p (c integer) PARTITION BY LIST (c); CREATE TABLE t (c integer)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES IN (1, NULL)",
        &["(1)", "(3)", "(NULL)"],
    ),
    case(
        "CREATE TABLE p (c integer) PARTITION BY LIST (c); CREATE TABLE t (c integer)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES IN (NULL)",
        &["(1)", "(NULL)"],
    ),
    case(
        "CREATE TABLE p (c integer) PARTITION BY LIST (c); CREATE TABLE t PARTITION OF p DEFAULT",
        "CREATE TABLE n PARTITION OF p FOR VALUES IN (1)",
        &["(1)", "(2)"],
    ),
    case(
        "CREATE TABLE p (c integer) PARTITION BY LIST (c); CREATE TABLE o PARTITION OF p FOR VALUES IN (1); CREATE TABLE t (c integer)",
        "ALTER TABLE p ATTACH PARTITION t DEFAULT",
        &["(1)", "(2)", "(NULL)"],
    ),
    case(
        "CREATE TABLE p (c date) PARTITION BY RANGE (c); CREATE TABLE t (c date)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
        &["('2026-01-01')", "('2027-01-01')", "('2025-12-31')", "(NULL)"],
    ),
    case(
        "CREATE TABLE p (c integer) PARTITION BY RANGE (c); CREATE TABLE t (c integer)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (MINVALUE) TO (10)",
        &["(-5)", "(10)", "(NULL)"],
    ),
    case(
        "CREATE TABLE p (c integer, d integer) PARTITION BY RANGE (c, d); CREATE TABLE t (c integer, d integer)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (1, 5) TO (2, 3)",
        &["(1, 5)", "(1, 4)", "(2, 2)", "(2, 3)", "(1, NULL)"],
    ),
    case(
        "CREATE TABLE p (c integer, d integer) PARTITION BY RANGE (c, d); CREATE TABLE t (c integer, d integer)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (1, MAXVALUE) TO (2, MAXVALUE)",
        &["(1, 5)", "(2, 4)", "(3, 1)"],
    ),
    case(
        "CREATE TABLE p (c integer, d integer) PARTITION BY RANGE (c, d); CREATE TABLE t (c integer, d integer)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (1, MINVALUE) TO (2, MINVALUE)",
        &["(1, -5)", "(2, -4)", "(0, 1)"],
    ),
    case(
        "CREATE TABLE p (c integer) PARTITION BY HASH (c); CREATE TABLE t (c integer)",
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        &["(1)", "(2)", "(3)", "(4)", "(NULL)"],
    ),
];

fn may_fail(case: &Case) -> Vec<MayFail> {
    let dialect = dialect::named("postgres").unwrap();
    let mut sources = Sources::default();
    let before = sources.add("before.sql", case.schema);
    let change = sources.add("change.sql", case.statement);
    let (before, change) = (read_script(&sources, before, dialect), read_script(&sources, change, dialect));
    let statements = |script: &fieldgate::sql::Script| script.statements.clone();
    let mut schema = build(&statements(&before), dialect, &sources).after;
    let tables: Vec<_> = schema.objects().map(|object| object.id).filter(|id| schema.table(*id).is_some()).collect();
    for table in tables {
        schema.update_table(table, |table| table.known_empty = false);
    }
    let session = Session::new(&schema);
    let all = statements(&change);
    let script = ScriptInput { migration: 0, statements: &all, transaction_mode: TransactionMode::EachStatement };
    let run = run(schema, session, &[script], &sources);
    for step in &run.steps {
        assert!(step.outcome.refusal.is_none() && step.outcome.not_judged.is_empty(), "{}: {:?}", case.statement, step.outcome);
    }
    run.steps.into_iter().flat_map(|step| step.outcome.may_fail).collect()
}

#[test]
fn a_question_finds_just_the_rows_that_the_server_refuses() {
    let Some(server) = server() else { return };
    server.database("questions");
    let mut client = server.connect("questions");
    let (mut unasked, mut asked, mut wrong) = (Vec::new(), 0, Vec::new());
    for case in CONVERSIONS.iter().chain(CONSTRAINTS).chain(PARTITIONS) {
        let doubts = may_fail(case);
        for rows in case.rows {
            let mut transaction = client.transaction().unwrap();
            transaction.batch_execute(case.schema).unwrap();
            transaction.batch_execute(&format!("INSERT INTO t VALUES {rows}")).unwrap_or_else(|error| panic!("{rows}: {error}"));
            let mut expected = Some(false);
            for doubt in &doubts {
                match &doubt.query {
                    Some(query) => {
                        let found = transaction.query(query, &[]).unwrap_or_else(|error| panic!("{query}: {error}"));
                        expected = expected.map(|before| before || !found.is_empty());
                    }
                    None => expected = None,
                }
            }
            let refused = transaction.batch_execute(case.statement).is_err();
            transaction.rollback().unwrap();
            match expected {
                Some(expected) if expected != refused => {
                    wrong.push(format!("{} with {rows}: {}, {doubts:?}", case.statement, if refused { "refused" } else { "accepted" }))
                }
                Some(_) => asked += 1,
                None => unasked.push(case.statement),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    eprintln!("{asked} sets of rows asked about");
    unasked.dedup();
    assert!(unasked.is_empty(), "no question for: {unasked:#?}");
}
