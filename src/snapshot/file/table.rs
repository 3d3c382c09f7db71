//! Tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::ColumnEntry;
use super::constraint::{CheckEntry, ExclusionEntry, ForeignKeyEntry, KeyEntry, NotNullEntry};
use super::index::IndexEntry;
use super::object::{PolicyEntry, StatementEntry};
use super::word::{Grants, Text, is_false, is_nothing};
use crate::yaml::{Brief, Entries};

/// Row-level security.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowSecurityWord {
    /// `ENABLE ROW LEVEL SECURITY`.
    Enabled,
    /// `ENABLE` and `FORCE`.
    Forced,
    /// `FORCE` without `ENABLE`: no effect yet.
    ForcedButDisabled,
}

/// Where the rows of a foreign table live.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ForeignEntry {
    /// `SERVER`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<Text>,
    /// `OPTIONS (…)`, the parentheses included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Text>,
}

/// A table.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TableEntry {
    /// `COMMENT ON`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// Its owner, when it is not the file's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// The planner's estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// On disk, with indexes and TOAST.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// `UNLOGGED`.
    #[serde(skip_serializing_if = "is_false")]
    pub unlogged: bool,
    /// `OF`: `schema.name` of the composite type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_type: Option<Text>,
    /// Parents, `schema.name`, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<Text>,
    /// `schema.name` of the table that it is a partition of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<Text>,
    /// `FOR VALUES …` or `DEFAULT`, when it is a partition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<Text>,
    /// `RANGE (…)`, `LIST (…)` or `HASH (…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<Text>,
    /// When its rows live elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign: Option<ForeignEntry>,
    /// Columns in their order.
    #[serde(skip_serializing_if = "is_nothing")]
    pub columns: Entries<Brief<ColumnEntry>>,
    /// The primary key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<Brief<KeyEntry>>,
    /// Unique constraints.
    #[serde(skip_serializing_if = "is_nothing")]
    pub unique: Entries<Brief<KeyEntry>>,
    /// Not-null constraints whose name is not `table_column_not_null` (PostgreSQL 18).
    #[serde(skip_serializing_if = "is_nothing")]
    pub not_nulls: Entries<Brief<NotNullEntry>>,
    /// Checks.
    #[serde(skip_serializing_if = "is_nothing")]
    pub checks: Entries<Brief<CheckEntry>>,
    /// References to other tables.
    #[serde(skip_serializing_if = "is_nothing")]
    pub foreign_keys: Entries<ForeignKeyEntry>,
    /// Exclusion constraints.
    #[serde(skip_serializing_if = "is_nothing")]
    pub exclusions: Entries<ExclusionEntry>,
    /// Indexes that stand behind no constraint.
    #[serde(skip_serializing_if = "is_nothing")]
    pub indexes: Entries<Brief<IndexEntry>>,
    /// Triggers.
    #[serde(skip_serializing_if = "is_nothing")]
    pub triggers: Entries<Brief<StatementEntry>>,
    /// Rewrite rules.
    #[serde(skip_serializing_if = "is_nothing")]
    pub rules: Entries<Brief<StatementEntry>>,
    /// Row-security policies.
    #[serde(skip_serializing_if = "is_nothing")]
    pub policies: Entries<PolicyEntry>,
    /// Row-level security.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_security: Option<RowSecurityWord>,
    /// `full`, `nothing` or the name of an index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica_identity: Option<Text>,
    /// `WITH (…)`.
    #[serde(skip_serializing_if = "is_nothing")]
    pub parameters: Entries<Text>,
    /// `using` (access method), `tablespace`, `cluster_on`.
    #[serde(skip_serializing_if = "is_nothing")]
    pub options: Entries<Text>,
    /// Privileges by role.
    #[serde(skip_serializing_if = "is_nothing")]
    pub grants: Grants,
}
