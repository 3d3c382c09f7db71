//! What a safe way holds.

use std::collections::BTreeSet;

use crate::migrate::TransactionMode;
use crate::rollback::plan::{Check, PlanStep};
use crate::schema::Address;

/// The phases, in the order in which they are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Both forms are there; nobody has to change anything yet.
    Expand,
    /// Rows that are there already are brought along, without a long lock.
    Backfill,
    /// Whether everything is ready.
    Verify,
    /// The old form goes, when the notice window is over.
    Contract,
    /// What is left goes for good.
    Remove,
    /// Back to the beginning, before the old form is gone.
    UndoBeforeContract,
    /// Back to the beginning, after it is gone and before the rest is removed.
    UndoAfterContract,
}

impl Phase {
    /// The word in names of files and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Expand => "expand",
            Self::Backfill => "backfill",
            Self::Verify => "verify",
            Self::Contract => "contract",
            Self::Remove => "remove",
            Self::UndoBeforeContract => "undo_before_contract",
            Self::UndoAfterContract => "undo_after_contract",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Expand => "Expand: both forms work from here on",
            Self::Backfill => "Backfill: rows that are there already",
            Self::Verify => "Verify: go on only when every answer is the expected one",
            Self::Contract => "Contract: the old form ends",
            Self::Remove => "Remove: what is left goes for good",
            Self::UndoBeforeContract => "Undo, as long as the old form is there",
            Self::UndoAfterContract => "Undo, when the old form is gone",
        }
    }
}

/// One script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeFile {
    /// Which phase it is.
    pub phase: Phase,
    /// Whether it is one transaction; statements that commit by themselves or build indexes concurrently cannot be in one.
    pub transaction_mode: TransactionMode,
    /// Its statements.
    pub steps: Vec<PlanStep>,
    /// Its questions, with the answers that are expected.
    pub checks: Vec<Check>,
}

/// One change the safe way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeWay {
    /// What changes: `app.clients.phone becomes app.clients.contact_phone`.
    pub subject: String,
    /// A short word for names of files: `clients_contact_phone`.
    pub slug: String,
    /// The scripts in order.
    pub files: Vec<SafeFile>,
    /// What to know besides.
    pub notes: Vec<String>,
}

/// A change for which there are no scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSafeWay {
    /// What changes.
    pub subject: String,
    /// Why there are none, and what to do instead.
    pub reason: String,
}

/// All of a migration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafePlan {
    /// Changes with scripts.
    pub ways: Vec<SafeWay>,
    /// Changes without.
    pub without: Vec<NoSafeWay>,
    /// Objects and columns that these two speak of.
    pub covers: BTreeSet<Address>,
    /// Statements, 0-based, of which no script here does anything: they are run as they are, before or after.
    pub as_they_are: Vec<u32>,
    /// Statements of which nobody knows what they do, with the reason.
    pub not_judged: Vec<(u32, String)>,
}

/// A way as it is put together.
pub(super) struct WayBuilder {
    way: SafeWay,
}

impl WayBuilder {
    pub(super) fn new(subject: String, slug: &str) -> Self {
        let slug: String = slug.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
        Self { way: SafeWay { subject, slug, files: Vec::new(), notes: Vec::new() } }
    }

    /// Adds a script that is one transaction; a lock is waited for briefly, so that nobody queues behind it.
    pub(super) fn wrapped(&mut self, phase: Phase, steps: Vec<PlanStep>) {
        let mut all = vec![PlanStep::new("SET LOCAL lock_timeout = '3s'", "give up rather than make everybody wait; then try again")];
        all.extend(steps);
        self.push(phase, TransactionMode::Wrapped, all);
    }

    /// Adds a script whose statements commit by themselves.
    pub(super) fn one_by_one(&mut self, phase: Phase, steps: Vec<PlanStep>) {
        let mut all = vec![PlanStep::new("SET lock_timeout = '3s'", "give up rather than make everybody wait; then try again")];
        all.extend(steps);
        self.push(phase, TransactionMode::EachStatement, all);
    }

    fn push(&mut self, phase: Phase, transaction_mode: TransactionMode, steps: Vec<PlanStep>) {
        self.way.files.push(SafeFile { phase, transaction_mode, steps, checks: Vec::new() });
    }

    /// Adds the questions.
    pub(super) fn verify(&mut self, checks: Vec<Check>) {
        self.way.files.push(SafeFile { phase: Phase::Verify, transaction_mode: TransactionMode::EachStatement, steps: Vec::new(), checks });
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.way.notes.push(note.into());
    }

    pub(super) fn done(mut self) -> SafeWay {
        self.way.files.sort_by_key(|file| file.phase);
        self.way
    }
}
