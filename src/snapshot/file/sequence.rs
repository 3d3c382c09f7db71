//! A sequence, alone or behind an identity column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word::{Grants, Text, is_false, is_nothing};

/// A sequence; what is left out is as `CREATE SEQUENCE` has it by itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SequenceEntry {
    /// Only behind an identity column: `schema.name`, when it is not `table_column_seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// `smallint`, `integer` or `bigint` (the default).
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub data_type: Option<Text>,
    /// The first value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<i64>,
    /// The lowest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    /// The highest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// How many values a session takes at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<i64>,
    /// Whether it starts again at its end.
    #[serde(skip_serializing_if = "is_false")]
    pub cycle: bool,
    /// `schema.table.column` that it goes with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<Text>,
    /// `UNLOGGED`.
    #[serde(skip_serializing_if = "is_false")]
    pub unlogged: bool,
    /// The last value given out, when a live database was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_value: Option<i64>,
    /// `COMMENT ON`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// Its owner, when it is not the file's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// Privileges by role.
    #[serde(skip_serializing_if = "is_nothing")]
    pub grants: Grants,
}
