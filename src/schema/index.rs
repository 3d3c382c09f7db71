//! An index.

use std::sync::Arc;

use super::{ColumnNumber, Definition, ObjectId};

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexKey {
    /// The column, when it is a plain one.
    pub column: Option<ColumnNumber>,
    /// The key as the server prints it, without options.
    pub expression: Definition,
    /// `COLLATE`, when it is not the column's.
    pub collation: Option<Arc<str>>,
    /// The operator class, when it is not the default.
    pub operator_class: Option<Arc<str>>,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST`; the default is the same as `descending`.
    pub nulls_first: bool,
}

/// Whether an index can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexState {
    /// Yes.
    Valid,
    /// Left behind by a failed concurrent build, or not attached on all partitions.
    Invalid,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The table or materialized view.
    pub table: ObjectId,
    /// `UNIQUE`.
    pub unique: bool,
    /// `btree`, `gin` …
    pub method: Arc<str>,
    /// The keys.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE (…)`.
    pub include: Vec<ColumnNumber>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WHERE`.
    pub predicate: Option<Definition>,
    /// `WITH (…)`, sorted by name.
    pub parameters: Vec<(Arc<str>, Arc<str>)>,
    /// `TABLESPACE`.
    pub tablespace: Option<Arc<str>>,
    /// Whether it can be used.
    pub state: IndexState,
    /// The index of the partitioned table that this one is attached to.
    pub parent: Option<ObjectId>,
    /// `ON ONLY t`: not built on partitions.
    pub only: bool,
}
