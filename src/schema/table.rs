//! A table.

use std::sync::Arc;

use super::{Column, ColumnNumber, Definition, ObjectId};
use crate::name::Name;

/// Kinds of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Holds rows.
    Ordinary,
    /// Rows live elsewhere.
    Foreign,
    /// Rows live in its partitions.
    Partitioned,
}

/// How long it lives and how safely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persistence {
    /// Stays, crash-safe.
    Permanent,
    /// Stays, emptied by a crash.
    Unlogged,
    /// Goes with the session.
    Temporary,
}

/// How a partitioned table spreads its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partitioning {
    /// `range`, `list` or `hash`.
    pub strategy: Arc<str>,
    /// Key columns; `None` where the key is an expression.
    pub columns: Vec<Option<ColumnNumber>>,
    /// The whole key as text.
    pub key: Definition,
}

/// The planner's estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub rows: u64,
    /// Bytes on disk with indexes and TOAST, when known.
    pub bytes: Option<u64>,
}

/// A table. Its name, owner, comment and grants are the [`super::Object`]'s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Which kind.
    pub kind: TableKind,
    /// How long it lives.
    pub persistence: Persistence,
    /// Live columns in their order (the order of `SELECT *`).
    pub columns: Vec<Column>,
    /// The number the next added column gets.
    pub next_column: u16,
    /// Parents of inheritance, in order; of a partition too.
    pub parents: Vec<ObjectId>,
    /// The bound, when it is a partition (`FOR VALUES IN ('a')`, `DEFAULT`).
    pub partition_bound: Option<Arc<str>>,
    /// How it is partitioned.
    pub partitioning: Option<Partitioning>,
    /// `OF type`.
    pub of_type: Option<ObjectId>,
    /// `WITH (…)`, sorted by name.
    pub parameters: Vec<(Arc<str>, Arc<str>)>,
    /// Access method when it is not the default, tablespace, foreign server, `CLUSTER ON`, dialect options; name upper case, then value.
    pub options: Vec<(Arc<str>, Arc<str>)>,
    /// `ENABLE ROW LEVEL SECURITY`.
    pub row_security: bool,
    /// `FORCE ROW LEVEL SECURITY`.
    pub force_row_security: bool,
    /// `REPLICA IDENTITY` when it is not the default: `FULL`, `NOTHING` or `USING INDEX name`.
    pub replica_identity: Option<super::Address>,
    /// `FULL` or `NOTHING`.
    pub replica_identity_word: Option<Arc<str>>,
    /// The planner's estimates; `None` when the snapshot has none.
    pub size: Option<Size>,
    /// Made by a migration of this run and never written to since: known to be empty.
    pub known_empty: bool,
}

impl Table {
    /// An ordinary, permanent table without columns.
    pub fn new() -> Self {
        Self {
            kind: TableKind::Ordinary,
            persistence: Persistence::Permanent,
            columns: Vec::new(),
            next_column: 1,
            parents: Vec::new(),
            partition_bound: None,
            partitioning: None,
            of_type: None,
            parameters: Vec::new(),
            options: Vec::new(),
            row_security: false,
            force_row_security: false,
            replica_identity: None,
            replica_identity_word: None,
            size: None,
            known_empty: false,
        }
    }

    /// The live column of that name.
    pub fn column_named(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    /// The live column of that number.
    pub fn column(&self, number: ColumnNumber) -> Option<&Column> {
        self.columns.iter().find(|column| column.number == number)
    }

    /// The same, to change it.
    pub fn column_mut(&mut self, number: ColumnNumber) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.number == number)
    }

    /// The number for a new column; each is given once.
    pub fn take_column_number(&mut self) -> ColumnNumber {
        let number = ColumnNumber(self.next_column);
        self.next_column = self.next_column.saturating_add(1);
        number
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::new()
    }
}
