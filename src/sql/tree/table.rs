//! New tables as written: `CREATE TABLE`, `CREATE TABLE … AS`.

use super::{ColumnConstraint, Ident, IndexElement, ObjectName, Query, StorageParameter, TableConstraint, TemporaryKind, TypeName};
use crate::text::Span;

/// `CREATE TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTable {
    /// Its name.
    pub name: ObjectName,
    /// `TEMPORARY`, `UNLOGGED`.
    pub temporary: TemporaryKind,
    /// `FOREIGN`, `EXTERNAL`.
    pub foreign: bool,
    /// `OR REPLACE` of warehouses.
    pub or_replace: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// Columns, constraints and `LIKE`s in the order written.
    pub elements: Vec<TableElement>,
    /// `INHERITS (p, …)`.
    pub inherits: Vec<ObjectName>,
    /// `PARTITION OF p bound`.
    pub partition_of: Option<(ObjectName, PartitionBound)>,
    /// `PARTITION BY …`.
    pub partition_by: Option<PartitionBy>,
    /// `OF type`.
    pub of_type: Option<ObjectName>,
    /// `CLONE t`, `LIKE t` as the whole definition (warehouses).
    pub clone_of: Option<ObjectName>,
    /// `WITH (…)`.
    pub parameters: Vec<StorageParameter>,
    /// `USING method`.
    pub access_method: Option<Ident>,
    /// `TABLESPACE`.
    pub tablespace: Option<Ident>,
    /// `SERVER`.
    pub server: Option<Ident>,
    /// Physical options of other dialects (`ENGINE`, `CLUSTER BY`, `DISTKEY` …): the words, each with what follows.
    pub options: Vec<(String, String)>,
}

/// One thing between the parentheses.
#[derive(Clone, Debug, PartialEq)]
pub enum TableElement {
    /// A column.
    Column(ColumnDefinition),
    /// A table constraint.
    Constraint(TableConstraint),
    /// `LIKE t INCLUDING …`.
    Like(ObjectName, Vec<LikeOption>),
}

/// `INCLUDING x` (true) or `EXCLUDING x` (false); `ALL`, `DEFAULTS`, `CONSTRAINTS`, `INDEXES`, `IDENTITY`, `GENERATED`, `COMMENTS`, `STORAGE`, `COMPRESSION`, `STATISTICS`, upper case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikeOption {
    /// Whether it is included.
    pub including: bool,
    /// What.
    pub what: String,
}

/// `name type constraint…`.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: Ident,
    /// Its type; `None` in `OF type` and `PARTITION OF`, and in SQLite.
    pub data_type: Option<TypeName>,
    /// `COLLATE c`.
    pub collation: Option<ObjectName>,
    /// Its constraints in the order written.
    pub constraints: Vec<ColumnConstraint>,
    /// `STORAGE x`, `COMPRESSION x`, `COMMENT 'x'`, `ENCODE x`, `CODEC(x)` …: words upper case, then what follows.
    pub options: Vec<(String, String)>,
    /// The whole of it.
    pub span: Span,
}

/// `FOR VALUES …` or `DEFAULT`, as normalised text (`FOR VALUES IN ('a')`, `FOR VALUES FROM (1) TO (10)`, `DEFAULT`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionBound(pub String);

/// `PARTITION BY RANGE (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionBy {
    /// `range`, `list`, `hash`, lower case.
    pub strategy: String,
    /// The key.
    pub elements: Vec<IndexElement>,
}

/// `CREATE TABLE t [(a, b)] AS query`, `SELECT … INTO t`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTableAs {
    /// Its name.
    pub name: ObjectName,
    /// `TEMPORARY`, `UNLOGGED`.
    pub temporary: TemporaryKind,
    /// `OR REPLACE` of warehouses.
    pub or_replace: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// The column names.
    pub columns: Vec<Ident>,
    /// The query; `None` for `AS EXECUTE`, whose columns cannot be known here.
    pub query: Option<Box<Query>>,
    /// `WITH NO DATA` is false.
    pub with_data: bool,
    /// `WITH (…)`.
    pub parameters: Vec<StorageParameter>,
    /// `ON COMMIT`, and physical options of other dialects: the words, each with what follows.
    pub options: Vec<(String, String)>,
}
