//! Indexes as written.

use super::{Expr, Ident, ObjectName, StorageParameter};

/// `CREATE INDEX`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateIndex {
    /// `UNIQUE`.
    pub unique: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// Its name; the server chooses one when there is none.
    pub name: Option<Ident>,
    /// The table or materialized view.
    pub table: ObjectName,
    /// `ON ONLY t`.
    pub only: bool,
    /// `USING method`.
    pub method: Option<Ident>,
    /// The keys.
    pub elements: Vec<IndexElement>,
    /// `INCLUDE (…)`.
    pub include: Vec<Ident>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WITH (…)`.
    pub parameters: Vec<StorageParameter>,
    /// `TABLESPACE`.
    pub tablespace: Option<Ident>,
    /// `WHERE`.
    pub predicate: Option<Expr>,
}

/// One key of an index, an exclusion constraint or a partition key.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexElement {
    /// A column or an expression.
    pub expr: Expr,
    /// `COLLATE`.
    pub collation: Option<ObjectName>,
    /// The operator class.
    pub operator_class: Option<ObjectName>,
    /// Its parameters.
    pub operator_class_parameters: Vec<StorageParameter>,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` (true) or `LAST` (false) when written.
    pub nulls_first: Option<bool>,
}

/// `ALTER INDEX`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterIndex {
    /// The index.
    pub name: ObjectName,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// What happens.
    pub action: AlterIndexAction,
}

/// What can happen to an index.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterIndexAction {
    /// `RENAME TO`.
    Rename(Ident),
    /// `SET SCHEMA`: refused by the server, read all the same.
    SetSchema(Ident),
    /// `ATTACH PARTITION i`.
    AttachPartition(ObjectName),
    /// `SET (…)`.
    SetParameters(Vec<StorageParameter>),
    /// `RESET (…)`.
    ResetParameters(Vec<StorageParameter>),
    /// `SET TABLESPACE`, `ALTER COLUMN n SET STATISTICS`, `DEPENDS ON EXTENSION`: its words.
    Physical(String),
}
