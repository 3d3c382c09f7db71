//! Triggers, policies, rules, and what is kept as a statement.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word::{Grants, Text, is_false, is_nothing};
use crate::yaml::Short;

/// When a trigger or rule fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateWord {
    /// Normally; the default.
    Enabled,
    /// Never.
    Disabled,
    /// On a replica only.
    Replica,
    /// On a replica too.
    Always,
}

/// A trigger, rule or event trigger: the statement that makes it; in short that alone.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StatementEntry {
    /// `CREATE TRIGGER …` as the server prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Text>,
    /// When it fires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<StateWord>,
    /// `COMMENT ON`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// Its owner, when it is not the file's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
}

impl Short for StatementEntry {
    type Form = Text;

    fn from_short(form: Text) -> Self {
        Self { definition: Some(form), ..Self::default() }
    }

    fn to_short(&self) -> Option<Text> {
        let plain = self.state.is_none() && self.comment.is_none() && self.owner.is_none();
        if plain { self.definition.clone() } else { None }
    }
}

/// A row-security policy.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyEntry {
    /// `ALL` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Text>,
    /// `AS RESTRICTIVE`.
    #[serde(skip_serializing_if = "is_false")]
    pub restrictive: bool,
    /// `TO`; everybody when left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Text>,
    /// `USING` as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<Text>,
    /// `WITH CHECK` as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<Text>,
    /// `COMMENT ON POLICY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
}

/// An object that is known by the statement that makes it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OtherEntry {
    /// In the words of `DROP`, lower case: `statistics`, `publication`, `collation` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text>,
    /// Its name without its schema; for casts and operators the text that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// `schema.name` of the table it hangs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Text>,
    /// The statement that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Text>,
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
