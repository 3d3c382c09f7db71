//! Two tables: forms of PostgreSQL 12 to 18 that must be read, and texts that must be refused with exactly these words.
//!
//! The first was checked form by form against the parser of PostgreSQL 15 (what is newer, against the manual of 18).

use crate::sql::read_script;
use crate::sql::tree::StatementKind;
use crate::text::Sources;

/// The message of each statement that is not read.
fn refusals(text: &str) -> (usize, Vec<String>) {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    let script = read_script(&sources, id, crate::dialect::named("postgres").unwrap());
    let messages = script.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Unread(unread) => Some(unread.message.clone()),
        _ => None,
    });
    (script.statements.len(), messages.collect())
}

#[test]
fn every_form_is_read_as_one_statement() {
    let faults: Vec<String> = include_str!("forms.sql")
        .lines()
        .map(|line| (line, refusals(line)))
        .filter(|(_, (count, messages))| *count != 1 || !messages.is_empty())
        .map(|(line, (count, messages))| format!("{line}\n    {count} statements, {messages:?}"))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_refused_is_refused_in_these_words() {
    let faults: Vec<String> = include_str!("refused.txt")
        .lines()
        .filter_map(|line| line.split_once(" => "))
        .map(|(text, message)| (text, message, refusals(text)))
        .filter(|(_, message, (count, messages))| *count != 1 || messages.as_slice() != [message.to_string()])
        .map(|(text, message, found)| format!("{text}\n    wanted {message}\n    found {found:?}"))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
