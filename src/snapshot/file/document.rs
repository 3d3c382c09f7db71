//! The file as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::namespace::NamespaceEntry;
use super::object::{OtherEntry, StatementEntry};
use super::word::{Text, is_nothing};
use crate::text::Spanned;
use crate::yaml::{Brief, Entries, Short};

/// The version of the format that this program writes, and the newest it reads.
pub const VERSION: u32 = 1;

/// Where a snapshot came from.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Origin {
    /// `postgres`, `ddl`, `information_schema`, `dbt` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text>,
    /// The database's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<Text>,
    /// As the server says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_version: Option<Text>,
    /// When, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Text>,
    /// Migrations that the runner's own table says are applied, in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub applied: Vec<Text>,
    /// The runner's own table, `schema.name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_table: Option<Text>,
}

/// An extension; in short the schema its objects live in.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExtensionEntry {
    /// The schema its objects live in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Text>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Text>,
    /// Its types, each with PostgreSQL's `typcategory`; they live in its schema.
    #[serde(skip_serializing_if = "is_nothing")]
    pub types: Entries<Text>,
    /// Its functions, `name(types)`, each with what it returns.
    #[serde(skip_serializing_if = "is_nothing")]
    pub functions: Entries<Text>,
    /// `COMMENT ON EXTENSION`, when it is not the one it came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
}

impl Short for ExtensionEntry {
    type Form = Text;

    fn from_short(form: Text) -> Self {
        Self { schema: Some(form), ..Self::default() }
    }

    fn to_short(&self) -> Option<Text> {
        None
    }
}

/// A snapshot file.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of the format: 1.
    pub version: Spanned<u32>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Origin>,
    /// The owner of everything that names no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// Extensions.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub extensions: Entries<Brief<ExtensionEntry>>,
    /// Schemas (namespaces).
    #[serde(default)]
    pub schemas: Entries<NamespaceEntry>,
    /// Event triggers.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub event_triggers: Entries<Brief<StatementEntry>>,
    /// What lives in no schema and is known by the statement that makes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_objects: Vec<OtherEntry>,
}
