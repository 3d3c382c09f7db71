//! Statements that run inside another one: in a block, a procedure, a called function, a `CREATE SCHEMA`.
//!
//! In: each of them as it runs on the model. Out: the list in the order of running, with what was there before and after. Ways through a body of
//! which nobody knows which is taken share the beginning of the list; what only one of them runs is marked as such. Nothing is ever taken off:
//! a lock that was waited for was waited for, whatever is undone later.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::found::Found;
use super::{Change, ChangeId, StatementId};
use crate::lineage::Session;
use crate::schema::Schema;
use crate::sql::tree::Statement;
use crate::text::Span;

/// Whether an inner statement is sure to run when the outer one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It runs.
    Runs,
    /// It may run: a condition decides that is not known here.
    MayRun,
}

/// How often an inner statement runs where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repetition {
    /// Once; turns of a loop that are known are statements of their own.
    Once,
    /// As often as rows or a condition say that are not known here.
    ManyTimes,
}

/// A statement that ran inside another one.
#[derive(Clone, Debug)]
pub struct InnerStatement {
    /// What it does. Its places are those of the text that it stood in, which need not be a file.
    pub statement: Statement,
    /// As it ran.
    pub text: Arc<str>,
    /// The schema before it.
    pub before: Schema,
    /// And after it.
    pub after: Schema,
    /// The session before it.
    pub session: Session,
    /// What it changed; numbered like the changes of the statement it ran in, [`ChangeId::OF_NO_STATEMENT`] where that has no such change.
    pub changes: Vec<Change>,
    /// Its place in the file: its own where it stands there word for word, else that of what runs it.
    pub span: Span,
    /// Where it stands when that is not in the file: ``in the body of `f`, line 3: `…` ``.
    pub within: Option<Arc<str>>,
    /// Whether it is sure to run.
    pub certainty: Certainty,
    /// How often.
    pub repetition: Repetition,
}

/// What is the same on all ways.
#[derive(Debug)]
struct Ran {
    statement: Statement,
    before: Schema,
    after: Schema,
    session: Session,
    found: Vec<Found>,
}

#[derive(Clone, Debug)]
struct Entry {
    ran: Arc<Ran>,
    text: Arc<str>,
    span: Span,
    within: Option<Arc<str>>,
    certainty: Certainty,
    repetition: Repetition,
}

/// The statement before it runs.
#[derive(Clone, Debug)]
pub(super) struct Started {
    before: Schema,
    session: Session,
    found: usize,
}

impl Started {
    /// What is there when it starts, and how many changes were found until then.
    pub(super) fn of(before: &Schema, session: &Session, found: usize) -> Self {
        Self { before: before.clone(), session: session.clone(), found }
    }
}

/// The list as it grows. A copy costs nothing, so each way has its own.
#[derive(Clone, Debug, Default)]
pub(super) struct InnerLog {
    entries: imbl::Vector<Entry>,
}

impl InnerLog {
    /// How many statements are in it.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds a statement that ran.
    pub(super) fn push(&mut self, started: Started, statement: &Statement, text: &str, after: &Schema, found: &[Found], repetition: Repetition) {
        let Started { before, session, found: first } = started;
        let found = found.get(first..).unwrap_or_default().to_vec();
        let ran = Ran { statement: statement.clone(), before, after: after.clone(), session, found };
        let (span, text) = (statement.span, Arc::from(text));
        self.entries.push_back(Entry { ran: Arc::new(ran), text, span, within: None, certainty: Certainty::Runs, repetition });
    }

    /// Statements from `mark` on stood in a text of another collection: their place is that of what runs it, and `told` says where they stood.
    pub(super) fn move_outside(&mut self, mark: usize, span: Span, told: &impl Fn(Span) -> String) {
        for place in mark..self.entries.len() {
            if let Some(entry) = self.entries.get_mut(place) {
                let words = match &entry.within {
                    Some(inner) => format!("{}; {inner}", told(entry.span)),
                    None => told(entry.span),
                };
                entry.within = Some(Arc::from(words));
                entry.span = span;
            }
        }
    }

    /// Changes the words of every statement.
    pub(super) fn each_text(&mut self, change: impl Fn(&mut String)) {
        for entry in &mut self.entries {
            let mut text = entry.text.to_string();
            change(&mut text);
            if *text != *entry.text {
                entry.text = Arc::from(text);
            }
        }
    }

    /// Two ways that come together: what both ran before they parted, then what either ran alone.
    pub(super) fn joined(&self, other: &Self) -> Self {
        let same = |own: &Entry, twin: &Entry| Arc::ptr_eq(&own.ran, &twin.ran);
        let common = self.entries.iter().zip(&other.entries).take_while(|(own, twin)| same(own, twin)).count();
        let mut entries = self.entries.take(common);
        for (place, entry) in entries.iter_mut().enumerate() {
            if let Some(twin) = other.entries.get(place) {
                entry.certainty = entry.certainty.max(twin.certainty);
            }
        }
        let mut known = BTreeSet::new();
        for entry in self.entries.iter().skip(common).chain(other.entries.iter().skip(common)) {
            if known.insert(Arc::as_ptr(&entry.ran)) {
                entries.push_back(Entry { certainty: Certainty::MayRun, ..entry.clone() });
            }
        }
        Self { entries }
    }

    /// The list as it is told, with the numbers of the changes that the outer statement made.
    pub(super) fn told(self, statement: StatementId, changes: &[Change]) -> Vec<InnerStatement> {
        // The first change of each kind at each place.
        let numbers: BTreeMap<_, ChangeId> = changes.iter().rev().map(|change| ((change.kind.address(), change.kind.word()), change.id)).collect();
        let numbered = |found: &Found| numbers.get(&(found.kind.address(), found.kind.word())).copied().unwrap_or(ChangeId::OF_NO_STATEMENT);
        let one = |entry: Entry| {
            let place = |span| if entry.within.is_some() { entry.span } else { span };
            let changes = entry.ran.found.iter().map(|found| Change {
                id: numbered(found),
                statement,
                span: place(found.span),
                direction: found.direction,
                kind: found.kind.clone(),
            });
            InnerStatement {
                statement: entry.ran.statement.clone(),
                text: entry.text,
                before: entry.ran.before.clone(),
                after: entry.ran.after.clone(),
                session: entry.ran.session.clone(),
                changes: changes.collect(),
                span: entry.span,
                within: entry.within,
                certainty: entry.certainty,
                repetition: entry.repetition,
            }
        };
        self.entries.into_iter().map(one).collect()
    }
}
