//! Types that people define.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::ColumnEntry;
use super::constraint::CheckEntry;
use super::word::{Grants, Text, is_false, is_nothing};
use crate::yaml::{Brief, Entries, Short};

/// An enum; in short its labels.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnumEntry {
    /// In their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Text>,
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

impl Short for EnumEntry {
    type Form = Vec<Text>;

    fn from_short(form: Vec<Text>) -> Self {
        Self { labels: form, ..Self::default() }
    }

    fn to_short(&self) -> Option<Vec<Text>> {
        let plain = self.comment.is_none() && self.owner.is_none() && self.grants.0.is_empty();
        plain.then(|| self.labels.clone())
    }
}

/// A domain; in short the type below.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DomainEntry {
    /// The type below.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub data_type: Option<Text>,
    /// `NOT NULL`.
    #[serde(skip_serializing_if = "is_false")]
    pub not_null: bool,
    /// The default as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Text>,
    /// `COLLATE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<Text>,
    /// Conditions on `VALUE`.
    #[serde(skip_serializing_if = "is_nothing")]
    pub checks: Entries<Brief<CheckEntry>>,
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

impl Short for DomainEntry {
    type Form = Text;

    fn from_short(form: Text) -> Self {
        Self { data_type: Some(form), ..Self::default() }
    }

    fn to_short(&self) -> Option<Text> {
        None
    }
}

/// A composite type.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompositeEntry {
    /// Its attributes in order.
    #[serde(skip_serializing_if = "is_nothing")]
    pub attributes: Entries<Brief<ColumnEntry>>,
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

/// A range type.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RangeEntry {
    /// What it is a range of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtype: Option<Text>,
    /// The name of its multirange type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multirange: Option<Text>,
    /// `subtype_opclass`, `collation`, `canonical`, `subtype_diff`.
    #[serde(skip_serializing_if = "is_nothing")]
    pub options: Entries<Text>,
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

/// A base type, of which only the name is known; without a category a shell.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BaseEntry {
    /// PostgreSQL's `typcategory`, one letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Text>,
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
