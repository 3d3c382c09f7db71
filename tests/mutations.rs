//! Statements with letters, words and parts of others put in, taken out and swapped, deep ones too: reading, applying and checking them never panics,
//! always ends, and leaves the stack whole.
//!
//! The same numbers make the same texts in every run. `FIELDGATE_MUTATIONS_ROUNDS` and `FIELDGATE_MUTATIONS_SEED` ask for others; `fuzz/` lets a
//! fuzzer choose the numbers.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::print_stderr, reason = "a test fails by panicking")]

#[path = "mutations/mutation.rs"]
mod mutation;
#[path = "mutations/whole_job.rs"]
mod whole_job;

use std::time::{Duration, Instant};

use mutation::{Numbers, mutated, written_sequences};
use whole_job::{Applied, check};

/// How long one statement may take in a build without optimisation.
const LONGEST: Duration = Duration::from_secs(20);

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn changed_statements_neither_panic_nor_hang() {
    let sequences = written_sequences();
    let all: Vec<&str> = sequences.iter().flatten().map(String::as_str).collect();
    let mut numbers = Numbers::from_seed(asked("FIELDGATE_MUTATIONS_SEED", 0x9E37_79B9_7F4A_7C15));
    let rounds = asked("FIELDGATE_MUTATIONS_ROUNDS", 250);
    let mut slowest = (Duration::ZERO, String::new());
    for _ in 0..rounds {
        let sequence = &sequences[numbers.below(sequences.len())];
        let mut applied = Applied::default();
        for text in sequence {
            // Most stay as they are, so that there is something to work on.
            let text = if numbers.below(3) == 0 { mutated(text, &all, &mut numbers) } else { text.clone() };
            let start = Instant::now();
            applied.apply(&text);
            let took = start.elapsed();
            assert!(took < LONGEST, "{took:?}: {text}");
            if took > slowest.0 {
                slowest = (took, text);
            }
        }
    }
    eprintln!("{rounds} sequences; the slowest statement took {:?}: {}", slowest.0, &slowest.1.chars().take(200).collect::<String>());
}

#[test]
fn changed_scripts_are_checked_to_the_end() {
    let sequences = written_sequences();
    let all: Vec<&str> = sequences.iter().flatten().map(String::as_str).collect();
    let mut numbers = Numbers::from_seed(asked("FIELDGATE_MUTATIONS_SEED", 77));
    for _ in 0..asked("FIELDGATE_MUTATIONS_ROUNDS", 250) / 10 {
        let sequence = &sequences[numbers.below(sequences.len())];
        let half = sequence.len() / 2;
        let before = sequence[..half].join(";\n");
        let changed: Vec<String> =
            sequence[half..].iter().map(|text| if numbers.below(2) == 0 { mutated(text, &all, &mut numbers) } else { text.clone() }).collect();
        let start = Instant::now();
        check(&before, &changed.join(";\n"));
        assert!(start.elapsed() < LONGEST * 3, "{before}\n--\n{}", changed.join(";\n"));
    }
}

/// Texts that hold themselves: where one part opens, what it holds, where it closes.
const DEEP: &[(&str, &str, &str, &str, &str)] = &[
    ("SELECT ", "(", "1", ")", ""),
    ("SELECT ", "(SELECT ", "1", ")", ""),
    ("SELECT ", "- ", "1", "", ""),
    ("SELECT ", "NOT ", "true", "", ""),
    ("SELECT ", "", "1", " + 1", ""),
    ("SELECT ", "", "'a'", " || 'a'", ""),
    ("SELECT ", "", "true", " AND true", ""),
    ("SELECT ", "CASE WHEN true THEN ", "1", " END", ""),
    ("SELECT ", "coalesce(", "1", ", 2)", ""),
    ("SELECT ", "ARRAY[", "1", "]", ""),
    ("SELECT ", "", "1", "::int", ""),
    ("SELECT ", "CAST(", "1", " AS int)", ""),
    ("SELECT ", "ROW(", "1", ")", ""),
    ("SELECT ", "", "a", "[1]", ""),
    ("SELECT ", "", "a", ".b", ""),
    ("SELECT * FROM ", "(SELECT * FROM ", "t", ") AS x", ""),
    ("SELECT * FROM ", "(", "t", " JOIN t AS y ON true)", ""),
    ("SELECT * FROM ", "", "t", " CROSS JOIN t", ""),
    ("", "", "SELECT 1", " UNION SELECT 1", ""),
    ("", "(", "SELECT 1", ")", ""),
    ("", "WITH w AS (", "SELECT 1", ") SELECT 1", ""),
    ("", "EXPLAIN ", "SELECT 1", "", ""),
    ("CREATE TABLE t2 (a int CHECK (", "(", "a > 0", ")", "))"),
    ("CREATE TABLE t2 (a int DEFAULT ", "(", "1", ")", ")"),
    ("CREATE VIEW v2 AS SELECT ", "(SELECT ", "1", ")", ""),
    ("CREATE TABLE t2 (a int", "", "", "[]", ")"),
    ("CREATE TABLE t2 (", "", "a0 int", ", a int", ")"),
    ("INSERT INTO t VALUES ", "", "(1)", ", (1)", ""),
    ("SELECT 1 WHERE 1 IN (1", "", "", ", 1", ")"),
    ("DO $$ ", "BEGIN ", "NULL;", " END;", " $$"),
    ("DO $$ BEGIN ", "IF true THEN ", "NULL;", " END IF;", " END $$"),
    ("DO $$ BEGIN ", "LOOP ", "EXIT;", " END LOOP;", " END $$"),
    ("DO $$ BEGIN EXECUTE ", "", "'SELECT '", " || '1'", "; END $$"),
    ("", "/* ", "SELECT 1", " */", ""),
    ("CREATE SCHEMA s2", "", "", " CREATE TABLE a (a int)", ""),
    ("ALTER TABLE t ", "", "ADD COLUMN b int", ", ADD COLUMN b int", ""),
    ("GRANT SELECT ON t TO ", "", "a", ", a", ""),
    ("CREATE TYPE e AS ENUM (", "", "'a'", ", 'a'", ")"),
    ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT ", "(", "1", ")", " $$"),
    ("CREATE FUNCTION f() RETURNS int RETURN ", "(", "1", ")", ""),
    ("CREATE POLICY p ON t USING (", "(", "a > 0", ")", ")"),
    ("CREATE RULE r AS ON INSERT TO t DO ALSO (", "", "DELETE FROM t", "; DELETE FROM t", ")"),
    ("CREATE RULE r AS ON UPDATE TO t WHERE ", "(", "new.a > 0", ")", " DO NOTHING"),
    ("CREATE STATISTICS s ON a, ", "(", "b", ")", " FROM t"),
    ("CREATE PUBLICATION p FOR TABLE t WHERE (", "(", "a > 0", ")", ")"),
    ("CREATE PUBLICATION p FOR TABLE ", "", "t", ", t", ""),
    ("CREATE TABLE p PARTITION OF t FOR VALUES IN (", "", "1", ", 1", ")"),
    ("CREATE DOMAIN d AS int CHECK (", "(", "VALUE > 0", ")", ")"),
    ("CREATE INDEX ON t (", "(", "a", ")", ")"),
    ("CREATE INDEX ON t (", "", "a", ", a", ")"),
    ("SELECT a FROM t GROUP BY ", "(", "a", ")", ""),
    ("WITH ", "", "w AS (SELECT 1)", ", w AS (SELECT 1)", " SELECT 1"),
    ("SELECT 1 AS ", "a", "b", "c", ""),
    ("COMMENT ON TABLE t IS '", "", "é", "\u{1f642}''", "'"),
    ("SELECT \"", "\u{202e}", "\"\"", "\u{0301}", "\""),
    ("SELECT E'", "\\\\", "\\u0041", "\\n", "'"),
    ("UPDATE t SET a = ", "(", "1", ")", " WHERE a = 1"),
    ("MERGE INTO t USING t AS s ON true", "", "", " WHEN MATCHED THEN DO NOTHING", ""),
    ("CREATE FUNCTION f() RETURNS void BEGIN ATOMIC ", "", "SELECT 1;", " SELECT 1;", " END"),
    ("CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (", "(", "new.a > 0", ")", ") EXECUTE FUNCTION f()"),
    ("SET search_path = ", "", "a", ", a", ""),
    ("ALTER TABLE t ALTER COLUMN a TYPE int USING ", "(", "a", ")", ""),
    ("DO $x$ BEGIN EXECUTE $y$ SELECT ", "(", "1", ")", " $y$; END $x$"),
];

#[test]
fn deep_and_long_statements_leave_the_stack_whole() {
    for (start, open, inside, close, end) in DEEP {
        for depth in [10, 200, 3_000] {
            let text = format!("{start}{}{inside}{}{end}", open.repeat(depth), close.repeat(depth));
            // The stack of a thread that a program starts without asking for more.
            let run = std::thread::Builder::new().stack_size(2 << 20).spawn({
                let text = text.clone();
                move || {
                    let mut applied = Applied::default();
                    applied.apply("CREATE TABLE t (a int, b text)");
                    let start = Instant::now();
                    applied.apply(&text);
                    start.elapsed()
                }
            });
            let took = run.unwrap().join().unwrap();
            assert!(took < LONGEST, "{took:?}: {}…", &text[..text.len().min(80)]);
        }
    }
}
