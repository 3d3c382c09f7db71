//! Constraints of a table or a domain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::index::NullsWord;
use super::word::{Text, is_false, is_nothing, is_zero};
use crate::yaml::{Entries, Short};

/// When a deferrable constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeferrableWord {
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    Immediate,
    /// `DEFERRABLE INITIALLY DEFERRED`.
    Deferred,
}

/// What happens to referring rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionWord {
    /// Refused at the end; the default.
    NoAction,
    /// Refused at once.
    Restrict,
    /// They follow.
    Cascade,
    /// Their columns become NULL.
    SetNull,
    /// Their columns take their defaults.
    SetDefault,
}

/// How a reference of several columns treats NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchWord {
    /// One NULL is enough; the default.
    Simple,
    /// All or none.
    Full,
}

/// A primary key or a unique constraint, with its index; in short its columns.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeyEntry {
    /// Only of a primary key: its name, when it is not `table_pkey`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The columns in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Text>,
    /// `INCLUDE`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<Text>,
    /// `NULLS NOT DISTINCT`.
    #[serde(skip_serializing_if = "is_false")]
    pub nulls_not_distinct: bool,
    /// When it is checked, if not at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<DeferrableWord>,
    /// Storage parameters of the index.
    #[serde(skip_serializing_if = "is_nothing")]
    pub parameters: Entries<Text>,
    /// Tablespace of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<Text>,
    /// `schema.name` of the index of the partitioned table that its index is attached to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Text>,
    /// Whether the index cannot be used.
    #[serde(skip_serializing_if = "is_false")]
    pub invalid: bool,
    /// From how many parents it comes.
    #[serde(skip_serializing_if = "is_zero")]
    pub inherited: u16,
    /// `false` when it is only inherited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<bool>,
    /// `COMMENT ON CONSTRAINT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// `COMMENT ON INDEX`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_comment: Option<Text>,
}

impl Short for KeyEntry {
    type Form = Vec<Text>;

    fn from_short(form: Vec<Text>) -> Self {
        Self { columns: form, ..Self::default() }
    }

    fn to_short(&self) -> Option<Vec<Text>> {
        None
    }
}

/// A check; in short its expression.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CheckEntry {
    /// The condition as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<Text>,
    /// `NO INHERIT`.
    #[serde(skip_serializing_if = "is_false")]
    pub no_inherit: bool,
    /// `NOT VALID`.
    #[serde(skip_serializing_if = "is_false")]
    pub not_valid: bool,
    /// `NOT ENFORCED` (PostgreSQL 18).
    #[serde(skip_serializing_if = "is_false")]
    pub not_enforced: bool,
    /// From how many parents it comes.
    #[serde(skip_serializing_if = "is_zero")]
    pub inherited: u16,
    /// `false` when it is only inherited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<bool>,
    /// `COMMENT ON CONSTRAINT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
}

impl Short for CheckEntry {
    type Form = Text;

    fn from_short(form: Text) -> Self {
        Self { expression: Some(form), ..Self::default() }
    }

    fn to_short(&self) -> Option<Text> {
        None
    }
}

/// A not-null constraint with a name of its own (PostgreSQL 18); in short its column.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NotNullEntry {
    /// The column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Text>,
    /// `NOT VALID`.
    #[serde(skip_serializing_if = "is_false")]
    pub not_valid: bool,
    /// From how many parents it comes.
    #[serde(skip_serializing_if = "is_zero")]
    pub inherited: u16,
    /// `false` when it is only inherited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<bool>,
    /// `COMMENT ON CONSTRAINT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
}

impl Short for NotNullEntry {
    type Form = Text;

    fn from_short(form: Text) -> Self {
        Self { column: Some(form), ..Self::default() }
    }

    fn to_short(&self) -> Option<Text> {
        None
    }
}

/// A reference to another table.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ForeignKeyEntry {
    /// This side.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Text>,
    /// The other table, `schema.name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Text>,
    /// Its columns; its primary key when left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub referenced_columns: Vec<Text>,
    /// `MATCH`.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub matching: Option<MatchWord>,
    /// `ON DELETE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<ActionWord>,
    /// `ON DELETE SET NULL (…)`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_delete_columns: Vec<Text>,
    /// `ON UPDATE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ActionWord>,
    /// When it is checked, if not at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<DeferrableWord>,
    /// `NOT VALID`.
    #[serde(skip_serializing_if = "is_false")]
    pub not_valid: bool,
    /// `NOT ENFORCED` (PostgreSQL 18).
    #[serde(skip_serializing_if = "is_false")]
    pub not_enforced: bool,
    /// Name of the constraint of the partitioned table that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Text>,
    /// From how many parents it comes.
    #[serde(skip_serializing_if = "is_zero")]
    pub inherited: u16,
    /// `false` when it is only inherited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<bool>,
    /// `COMMENT ON CONSTRAINT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
}

/// An exclusion constraint, with its index.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExclusionEntry {
    /// `gist` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Text>,
    /// Each key with its operator.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<ExclusionElement>,
    /// `INCLUDE`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<Text>,
    /// `WHERE` as SQL.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub predicate: Option<Text>,
    /// When it is checked, if not at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<DeferrableWord>,
    /// Storage parameters of the index.
    #[serde(skip_serializing_if = "is_nothing")]
    pub parameters: Entries<Text>,
    /// Tablespace of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<Text>,
    /// Whether the index cannot be used.
    #[serde(skip_serializing_if = "is_false")]
    pub invalid: bool,
    /// From how many parents it comes.
    #[serde(skip_serializing_if = "is_zero")]
    pub inherited: u16,
    /// `false` when it is only inherited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<bool>,
    /// `COMMENT ON CONSTRAINT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// `COMMENT ON INDEX`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_comment: Option<Text>,
}

/// One key of an exclusion constraint.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExclusionElement {
    /// A column …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Text>,
    /// … or an expression as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<Text>,
    /// The operator that may not hold between two rows.
    #[serde(rename = "with", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Text>,
    /// `COLLATE`.
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
