//! One proposed change as its runner sees it: which text goes there and back, and how it is sent.

use std::path::PathBuf;

use super::layout::{Layout, RunMode};
use super::sidecar::Sidecar;
use crate::migrate::TransactionMode;
use crate::text::Span;

/// How often the runner applies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MigrationKind {
    /// Once, in the order of versions.
    Versioned,
    /// Whenever its text changes, after all versioned ones.
    Repeatable,
}

/// One migration.
#[derive(Clone, Debug)]
pub struct Migration {
    /// What the runner's own table records: a version, a folder's name, `author:id`.
    pub id: String,
    /// For people: the file or folder without ending, `0047_contact_phone`.
    pub name: String,
    /// The conventions it follows.
    pub layout: &'static Layout,
    /// The file (or, for a folder of up and down, the file of the way there).
    pub path: PathBuf,
    /// The text that is run.
    pub up: Span,
    /// The hand-written way back.
    pub down: Option<Span>,
    /// How the way there is sent.
    pub run: RunMode,
    /// How the way back is sent.
    pub down_run: RunMode,
    /// How often it is applied.
    pub kind: MigrationKind,
    /// What is written beside it.
    pub sidecar: Option<Sidecar>,
}

impl RunMode {
    /// What a run mode comes to for a script of so many statements.
    ///
    /// Several statements in one message are one transaction of the server's own, a single one is by itself (PostgreSQL manual 55.2.2.1, 15).
    pub fn transaction_mode(self, statements: usize) -> TransactionMode {
        match self {
            Self::Wrapped => TransactionMode::Wrapped,
            Self::OneMessage if statements > 1 => TransactionMode::Wrapped,
            Self::EachStatement | Self::OneMessage => TransactionMode::EachStatement,
        }
    }
}
