//! Sequences of statements as they are written in a file.
//!
//! A sequence begins at a line `-- sequence: what it is about` and starts with an empty database. A line `-- differs: reason` before a statement
//! says that model and server are known to disagree on it; `-- not judged: reason`, that the model says nothing of it. A line
//! `-- schema differs: part | reason` names a part of the schema that is known to differ after the sequence.

use std::path::Path;

use fieldgate::dialect;
use fieldgate::sql::read_script;
use fieldgate::text::Sources;

/// Statements in order, over an empty database.
pub struct Sequence {
    /// What it is about.
    pub name: String,
    /// The statements.
    pub statements: Vec<Written>,
    /// Parts of the schema that are known to differ at its end.
    pub accepted: Vec<String>,
}

/// One statement.
pub struct Written {
    /// Its text, without the semicolon.
    pub text: String,
    /// Its line in the file, 1-based.
    pub line: usize,
    /// What is expected of the two.
    pub expected: Expected,
}

/// What is expected of model and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// That they agree.
    Same,
    /// That they disagree, for a reason that stands in the file.
    Different,
    /// That the model says nothing.
    NotJudged,
    /// Nothing: what differs is written down for another version of the server.
    Anything,
}

/// All sequences of a file, for 15.
pub fn read(file: &Path) -> Vec<Sequence> {
    read_for(file, 15)
}

/// All sequences of a file for a version of the server. `-- differs before 14: reason` and `-- differs since 16: reason` stand before a statement on
/// which the two disagree in those versions.
pub fn read_for(file: &Path, version: u32) -> Vec<Sequence> {
    let mut sources = Sources::default();
    let id = sources.load(file).unwrap();
    let text = sources.text(id).to_owned();
    let script = read_script(&sources, id, dialect::named("postgres").unwrap());
    let mut sequences: Vec<Sequence> = Vec::new();
    let mut comments = script.comments.iter().peekable();
    let mut expected = Expected::Same;
    for statement in &script.statements {
        while let Some(comment) = comments.next_if(|comment| comment.span.start < statement.span.start) {
            let words = sources.slice(comment.span);
            if let Some(name) = words.strip_prefix("-- sequence: ") {
                sequences.push(Sequence { name: name.to_owned(), statements: Vec::new(), accepted: Vec::new() });
            } else if let Some(accepted) = words.strip_prefix("-- schema differs: ") {
                let (part, _) = accepted.split_once(" | ").expect("`-- schema differs: part | reason`");
                sequences.last_mut().expect("a sequence has begun").accepted.push(part.to_owned());
            } else if words.starts_with("-- differs: ") {
                expected = if version == 15 { Expected::Different } else { Expected::Anything };
            } else if words.starts_with("-- not judged: ") {
                expected = if version == 15 { Expected::NotJudged } else { Expected::Anything };
            } else if is_of_version(words, version) {
                expected = Expected::Different;
            }
        }
        let line = text[..statement.span.start as usize].matches('\n').count() + 1;
        let written = Written { text: sources.slice(statement.span).to_owned(), line, expected };
        expected = Expected::Same;
        sequences.last_mut().expect("a file begins with `-- sequence: …`").statements.push(written);
    }
    sequences
}

/// Whether a comment says that the two disagree in that version.
fn is_of_version(words: &str, version: u32) -> bool {
    let bound = |start: &str| -> Option<u32> { words.strip_prefix(start)?.split_once(':')?.0.parse().ok() };
    bound("-- differs before ").is_some_and(|first| version < first) || bound("-- differs since ").is_some_and(|first| version >= first)
}
