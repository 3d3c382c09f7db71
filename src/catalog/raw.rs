//! A catalog file as it is written. The JSON Schema comes from these types, so their comments are what an editor shows.

use schemars::JsonSchema;
use serde::Deserialize;

use super::word::{Cadence, ConsumerKind, Criticality, FixedBy};
use crate::text::Spanned;
use crate::yaml::{Entries, OneOrMany, WordOr};

/// Who depends on the warehouse. Any number of files; ids are unique over all of them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Catalog")]
pub struct RawCatalog {
    /// Departments by id.
    pub departments: Entries<RawDepartment>,
    /// Plain names of fields, by `schema.table.column`, for people who never see SQL.
    pub fields: Entries<RawField>,
    /// Reports, dashboards, exports, syncs, forms, apps and models, by id.
    pub consumers: Entries<RawConsumer>,
}

/// A department.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Department")]
pub struct RawDepartment {
    /// Its name, as people say it.
    pub name: String,
    /// Who reads its notices.
    #[serde(default)]
    pub contacts: Vec<RawContact>,
    /// The language of its notices, such as `en` or `es`.
    pub language: Option<String>,
}

/// A person of a department.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Contact")]
pub struct RawContact {
    /// First and last name.
    pub name: String,
    /// What they do.
    pub role: Option<String>,
    /// Where they read.
    pub email: Option<Spanned<String>>,
    /// A Slack channel.
    pub slack: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
}

/// A field's plain name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Field")]
pub struct RawField {
    /// What people call it: `Phone`.
    pub label: String,
    /// The list in which they see it: `Client list`.
    pub list: Option<String>,
    /// What it means.
    pub description: Option<String>,
}

/// Whatever depends on the warehouse.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Consumer")]
pub struct RawConsumer {
    /// Its name, as people say it; the id when nothing is said.
    pub name: Option<String>,
    /// What it is.
    pub kind: ConsumerKind,
    /// What it is made with: `metabase`, `excel`.
    pub tool: Option<String>,
    /// The department that needs it, by id.
    pub department: Option<Spanned<String>>,
    /// Who looks after it.
    pub owner: Option<WordOr<RawOwner>>,
    /// How much hangs on it.
    pub criticality: Option<Criticality>,
    /// How often it is used.
    pub cadence: Option<Cadence>,
    /// The day on which somebody last looked whether this entry is still true.
    pub last_checked: Option<Spanned<String>>,
    /// Who repairs it when the warehouse changes.
    pub fixed_by: Option<FixedBy>,
    /// What it is for.
    pub description: Option<String>,
    /// Where it is found.
    pub url: Option<String>,
    /// E-mail addresses of people beside the department who use it.
    #[serde(default)]
    pub recipients: Vec<Spanned<String>>,
    /// Its SQL.
    pub sql: Option<Spanned<String>>,
    /// The file with its SQL, relative to this file.
    pub sql_file: Option<Spanned<String>>,
    /// What it reads, as `schema.table.column`, or `schema.table` for all columns.
    #[serde(default)]
    pub reads: OneOrMany<Spanned<String>>,
    /// Tables and views of which it takes columns by their place: it breaks when they move.
    #[serde(default)]
    pub reads_by_position: OneOrMany<Spanned<String>>,
    /// What it writes, as `schema.table.column`, or `schema.table`.
    #[serde(default)]
    pub writes: OneOrMany<Spanned<String>>,
    /// Where names without a schema are looked for in its session.
    pub search_path: Option<Vec<Spanned<String>>>,
    /// The database role it works as.
    pub role: Option<String>,
}

/// Who looks after a consumer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Owner")]
pub struct RawOwner {
    /// First and last name.
    pub name: String,
    /// Where they read.
    pub email: Option<Spanned<String>>,
    /// A Slack channel or name.
    pub slack: Option<String>,
}
