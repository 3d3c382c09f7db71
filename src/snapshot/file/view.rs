//! Views and materialized views.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::ColumnEntry;
use super::index::IndexEntry;
use super::object::StatementEntry;
use super::word::{Grants, Text, is_false, is_nothing};
use crate::yaml::{Brief, Entries};

/// `WITH CHECK OPTION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckOptionWord {
    /// This view only.
    Local,
    /// And those below.
    Cascaded,
}

/// A view.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ViewEntry {
    /// `COMMENT ON`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// Its owner, when it is not the file's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// The planner's estimate of a materialized view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// On disk, of a materialized view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Output columns in their order, with their types.
    #[serde(skip_serializing_if = "is_nothing")]
    pub columns: Entries<Brief<ColumnEntry>>,
    /// The query as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<Text>,
    /// `WITH CHECK OPTION`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_option: Option<CheckOptionWord>,
    /// Whether a materialized view holds no data.
    #[serde(skip_serializing_if = "is_false")]
    pub not_populated: bool,
    /// `WITH NO SCHEMA BINDING` (Redshift).
    #[serde(skip_serializing_if = "is_false")]
    pub late_binding: bool,
    /// `WITH (…)`.
    #[serde(skip_serializing_if = "is_nothing")]
    pub parameters: Entries<Text>,
    /// `cluster_on`, `tablespace` of a materialized view.
    #[serde(skip_serializing_if = "is_nothing")]
    pub options: Entries<Text>,
    /// Indexes of a materialized view.
    #[serde(skip_serializing_if = "is_nothing")]
    pub indexes: Entries<Brief<IndexEntry>>,
    /// Triggers.
    #[serde(skip_serializing_if = "is_nothing")]
    pub triggers: Entries<Brief<StatementEntry>>,
    /// Rewrite rules.
    #[serde(skip_serializing_if = "is_nothing")]
    pub rules: Entries<Brief<StatementEntry>>,
    /// Privileges by role.
    #[serde(skip_serializing_if = "is_nothing")]
    pub grants: Grants,
}
