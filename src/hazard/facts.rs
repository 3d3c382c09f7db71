//! What is known of one statement's work.

use super::operation::Operation;
use crate::migrate::{Certainty, Repetition, StatementId};
use crate::schema::ObjectId;
use crate::text::Span;

/// PostgreSQL's table locks, weakest first (manual 13.3.1, 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as the manual names it")]
pub enum LockMode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl LockMode {
    /// All of them, weakest first.
    pub const ALL: &'static [Self] = &[
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    /// As the manual writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// Whether `SELECT` has to wait.
    pub fn blocks_reads(self) -> bool {
        self == Self::AccessExclusive
    }

    /// Whether `INSERT`, `UPDATE` and `DELETE` have to wait.
    pub fn blocks_writes(self) -> bool {
        self >= Self::Share
    }
}

/// How much of a table is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scan {
    /// Nothing.
    None,
    /// All rows.
    Full,
}

/// What is done to the table's storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// Only the catalog.
    CatalogOnly,
    /// An index is built.
    BuildsIndex,
    /// Table and indexes are written again.
    Rewrites,
}

/// Since when the table is there; nobody waits for one that nobody sees yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableAge {
    /// Before the run.
    Before,
    /// Made by an earlier transaction of this run.
    ThisRun,
    /// Made in the transaction that is still open: no other session can see it.
    ThisTransaction,
}

/// What one statement does to one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableHazard {
    /// The table (or view, or index).
    pub table: ObjectId,
    /// `schema.name` as it was called before the statement.
    pub name: String,
    /// The kinds of work, in the order of the statement.
    pub operations: Vec<Operation>,
    /// The strongest lock taken on it.
    pub lock: LockMode,
    /// What is read.
    pub scan: Scan,
    /// What is written.
    pub work: Work,
    /// Why, in a few words: `type change from integer to bigint`.
    pub reason: String,
    /// Since when it is there.
    pub age: TableAge,
    /// Rows by the snapshot; `None` when unknown, 0 when known to be empty.
    pub rows: Option<u64>,
    /// Bytes by the snapshot.
    pub bytes: Option<u64>,
}

/// What one statement does to the running database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// The statement.
    pub statement: StatementId,
    /// The action in it.
    pub span: Span,
    /// Each table that existed before.
    pub tables: Vec<TableHazard>,
    /// The command that the server refuses inside a transaction block, when this statement is one and stands in one: `CREATE INDEX CONCURRENTLY`.
    pub refused_in_transaction: Option<&'static str>,
    /// Whether a transaction is open around the statement, by the runner or by the script.
    pub in_transaction: bool,
    /// Tables locked by earlier statements of the same transaction that stay locked while this one works, with their lock.
    pub held: imbl::OrdMap<ObjectId, LockMode>,
    /// `lock_timeout` in force, in milliseconds; `None` when none is set.
    pub lock_timeout_ms: Option<u64>,
    /// `statement_timeout` in force, in milliseconds; `None` when none is set.
    pub statement_timeout_ms: Option<u64>,
    /// Whether it is sure to run; only what runs inside another statement may be not.
    pub certainty: Certainty,
    /// How often it runs.
    pub repetition: Repetition,
    /// What the statements do that run inside it, in their order; their `statement` is the outer one.
    pub inner: Vec<Hazard>,
}

impl Hazard {
    /// It, and all that run inside it.
    pub fn with_inner(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.inner)
    }
}
