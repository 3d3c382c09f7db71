//! Nothing that a file can hold panics, hangs or overflows a stack.

use proptest::prelude::*;

use crate::dialect::Dialect;
use crate::sql::tree::{Dml, InsertSource, StatementKind, UnreadReason};
use crate::sql::{Script, read_script};
use crate::text::Sources;

fn postgres() -> &'static Dialect {
    crate::dialect::named("postgres").unwrap()
}

fn script(text: impl Into<String>) -> Script {
    let mut sources = Sources::default();
    let id = sources.add("t", text.into());
    read_script(&sources, id, postgres())
}

fn reason(text: impl Into<String>) -> Option<UnreadReason> {
    match &script(text).statements.first()?.kind {
        StatementKind::Unread(unread) => Some(unread.reason),
        _ => None,
    }
}

#[test]
fn what_is_nested_without_end_is_too_complex() {
    for (open, close) in [("(", ")"), ("CASE WHEN ", " THEN 1 END"), ("ARRAY[", "]"), ("(SELECT ", ")")] {
        let text = format!("CREATE TABLE t (a int CHECK ({}1{}))", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(reason(text), Some(UnreadReason::TooComplex), "{open}");
    }
    let arrays = format!("CREATE TABLE t (a int{})", "[]".repeat(10_000));
    assert_eq!(reason(arrays), None);
    assert_eq!(reason(format!("CREATE VIEW v AS SELECT 1{}", " + 1".repeat(50_000))), Some(UnreadReason::TooComplex));
    assert_eq!(reason(format!("EXPLAIN {}SELECT 1", "EXPLAIN ".repeat(50_000))), Some(UnreadReason::Syntax));
    assert_eq!(reason(format!("PREPARE a AS {}SELECT 1", "PREPARE a AS ".repeat(50_000))), Some(UnreadReason::Syntax));
}

#[test]
fn very_long_statements_are_refused_and_very_long_inserts_read_by_their_head() {
    assert_eq!(reason(format!("DROP TABLE a{}", ", a".repeat(150_000))), Some(UnreadReason::TooComplex));
    let rows = format!("INSERT INTO s.t (a, b) VALUES (1, 'x;''y'){}", ", (1, 'x;''y')".repeat(100_000));
    let script = script(format!("{rows}; DROP TABLE t"));
    assert_eq!(script.statements.len(), 2);
    let StatementKind::Dml(dml) = &script.statements[0].kind else { panic!("{:?}", script.statements[0]) };
    assert!(matches!(&**dml, Dml::Insert(insert) if insert.source == InsertSource::NotRead && insert.columns.len() == 2));
    assert_eq!(reason(format!("INSERT INTO t SELECT {}1", "1, ".repeat(400_000))), Some(UnreadReason::TooComplex));
}

#[test]
fn an_unclosed_quote_spoils_only_what_follows() {
    for (text, opening) in
        [("DROP TABLE a; SELECT 'x", "'x"), ("DROP TABLE a; /* b", "/* b"), ("DROP TABLE a; DO $$ b", "$$ b"), ("DROP TABLE a; SELECT \"x", "\"x")]
    {
        let mut sources = Sources::default();
        let id = sources.add("t", text);
        let script = read_script(&sources, id, postgres());
        assert!(matches!(script.statements[0].kind, StatementKind::Drop(_)), "{text}");
        let StatementKind::Unread(unread) = &script.statements[1].kind else { panic!("{text}") };
        assert_eq!((unread.reason, sources.slice(unread.span)), (UnreadReason::Unterminated, opening));
        assert_eq!(script.statements.len(), 2);
    }
}

#[test]
fn odd_bytes_are_no_trouble() {
    for text in
        ["", ";;;", "\u{feff}", "\r\n\r\n", "\\", "$", "$$", "'", "E'\\", "U&\"", "--", "/*/", "\u{a0}SELECT\u{a0}1", "é'", "SELECT '\\", "\\copy", "\u{0}"]
    {
        script(text);
    }
}

/// Lines of the forms, cut into words as a person would.
fn words() -> Vec<Vec<&'static str>> {
    include_str!("forms.sql").lines().map(|line| line.split_inclusive([' ', '(', ')', ',', '.', '\'']).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_statement_is_read_or_refused(line in 0_usize..400, edits in prop::collection::vec((0_usize..40, 0_usize..5, 0_usize..400, 0_usize..40), 1..4)) {
        let all = words();
        let mut words = all[line % all.len()].clone();
        for (at, what, other, word) in edits {
            let at = at % words.len().max(1);
            match what {
                0 if at < words.len() => { words.remove(at); }
                1 if at < words.len() => words.insert(at, words[at]),
                2 if at + 1 < words.len() => words.swap(at, at + 1),
                3 => { let from = &all[other % all.len()]; words.insert(at.min(words.len()), from[word % from.len()]); }
                _ => words.truncate(at.max(1)),
            }
        }
        let text = words.concat();
        for dialect in crate::dialect::ALL {
            let mut sources = Sources::default();
            let id = sources.add("t", text.clone());
            let script = read_script(&sources, id, dialect);
            for statement in &script.statements {
                prop_assert!(sources.whole(id).contains(statement.span));
                if let StatementKind::Unread(unread) = &statement.kind {
                    prop_assert!(!unread.message.is_empty());
                }
            }
        }
    }

    #[test]
    fn any_text_is_split_without_loss(text in "[-a-zA-Z0-9 ;'\"$()/*\\\\\n`\\[\\]#.,]{0,80}") {
        let script = script(text.clone());
        let mut end = 0;
        for statement in &script.statements {
            prop_assert!(statement.span.start >= end);
            end = statement.span.end;
        }
    }
}
