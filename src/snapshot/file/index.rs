//! Indexes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word::{Text, is_false, is_nothing};
use crate::yaml::{Brief, Entries, Short};

/// Where NULL stands in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NullsWord {
    /// `NULLS FIRST`.
    First,
    /// `NULLS LAST`.
    Last,
}

/// An index; in short its columns.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IndexEntry {
    /// The columns in order, when all keys are plain ones …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Text>,
    /// … or all keys in order.
    #[serde(alias = "expressions", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Brief<KeyPart>>,
    /// `UNIQUE`.
    #[serde(skip_serializing_if = "is_false")]
    pub unique: bool,
    /// `btree` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Text>,
    /// `INCLUDE`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<Text>,
    /// `WHERE` as SQL.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub predicate: Option<Text>,
    /// `NULLS NOT DISTINCT`.
    #[serde(skip_serializing_if = "is_false")]
    pub nulls_not_distinct: bool,
    /// Storage parameters of the index.
    #[serde(skip_serializing_if = "is_nothing")]
    pub parameters: Entries<Text>,
    /// Tablespace of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<Text>,
    /// Whether it cannot be used: a concurrent build failed, or a partition has none.
    #[serde(skip_serializing_if = "is_false")]
    pub invalid: bool,
    /// `ON ONLY`: not built on partitions.
    #[serde(skip_serializing_if = "is_false")]
    pub only: bool,
    /// `schema.name` of the index of the partitioned table that it is attached to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Text>,
    /// `COMMENT ON INDEX`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
}

impl Short for IndexEntry {
    type Form = Vec<Text>;

    fn from_short(form: Vec<Text>) -> Self {
        Self { columns: form, ..Self::default() }
    }

    fn to_short(&self) -> Option<Vec<Text>> {
        None
    }
}

/// One key; in short a column or an expression.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeyPart {
    /// A column …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Text>,
    /// … or an expression as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<Text>,
    /// `COLLATE`, when it is not the column's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<Text>,
    /// The operator class, when it is not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_class: Option<Text>,
    /// `DESC`.
    #[serde(skip_serializing_if = "is_false")]
    pub descending: bool,
    /// `NULLS FIRST` or `LAST`, when it is not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nulls: Option<NullsWord>,
}

impl Short for KeyPart {
    type Form = Text;

    fn from_short(form: Text) -> Self {
        Self { expression: Some(form), ..Self::default() }
    }

    fn to_short(&self) -> Option<Text> {
        let plain = self.collation.is_none() && self.operator_class.is_none() && !self.descending && self.nulls.is_none();
        if plain { self.column.clone().or_else(|| self.expression.clone()) } else { None }
    }
}
