//! Functions, procedures and aggregates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word::{Grants, Text, is_false, is_nothing};
use crate::yaml::Entries;

/// Kinds of routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FunctionWord {
    /// The default.
    Function,
    /// `CALL`ed.
    Procedure,
    /// Over many rows.
    Aggregate,
}

/// How much a result may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VolatilityWord {
    /// At any time; the default.
    Volatile,
    /// Not within a statement.
    Stable,
    /// Never.
    Immutable,
}

/// A routine. Its key is its name with the types of its input arguments: `contact_line(bigint)`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FunctionEntry {
    /// Which kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<FunctionWord>,
    /// Its arguments with names and defaults, as `CREATE FUNCTION` lists them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Text>,
    /// `text`, `SETOF app.clients`, `TABLE(a integer, b text)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<Text>,
    /// `sql` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Text>,
    /// How much its result may change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volatility: Option<VolatilityWord>,
    /// `STRICT`.
    #[serde(skip_serializing_if = "is_false")]
    pub strict: bool,
    /// `SECURITY DEFINER`.
    #[serde(skip_serializing_if = "is_false")]
    pub security_definer: bool,
    /// `SET name TO value`.
    #[serde(skip_serializing_if = "is_nothing")]
    pub settings: Entries<Text>,
    /// `cost`, `rows`, `parallel`, `leakproof`, `support`, `window`; of an aggregate `sfunc`, `stype` …
    #[serde(skip_serializing_if = "is_nothing")]
    pub options: Entries<Text>,
    /// The body, kept as text by the server …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Text>,
    /// … or `BEGIN ATOMIC … END` or `RETURN …`, whose names the server guards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound_body: Option<Text>,
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
