//! A schema (namespace).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::function::FunctionEntry;
use super::object::OtherEntry;
use super::sequence::SequenceEntry;
use super::table::TableEntry;
use super::user_type::{BaseEntry, CompositeEntry, DomainEntry, EnumEntry, RangeEntry};
use super::view::ViewEntry;
use super::word::{Grants, Text, is_nothing};
use crate::yaml::{Brief, Entries};

/// A schema and what lives in it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NamespaceEntry {
    /// `COMMENT ON`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// Its owner, when it is not the file's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// Privileges by role.
    #[serde(skip_serializing_if = "is_nothing")]
    pub grants: Grants,
    /// Enums.
    #[serde(skip_serializing_if = "is_nothing")]
    pub enums: Entries<Brief<EnumEntry>>,
    /// Domains.
    #[serde(skip_serializing_if = "is_nothing")]
    pub domains: Entries<Brief<DomainEntry>>,
    /// Composite types.
    #[serde(skip_serializing_if = "is_nothing")]
    pub composites: Entries<CompositeEntry>,
    /// Range types.
    #[serde(skip_serializing_if = "is_nothing")]
    pub ranges: Entries<RangeEntry>,
    /// Base and shell types.
    #[serde(skip_serializing_if = "is_nothing")]
    pub base_types: Entries<BaseEntry>,
    /// Sequences that are no identity's.
    #[serde(skip_serializing_if = "is_nothing")]
    pub sequences: Entries<SequenceEntry>,
    /// Tables.
    #[serde(skip_serializing_if = "is_nothing")]
    pub tables: Entries<TableEntry>,
    /// Views.
    #[serde(skip_serializing_if = "is_nothing")]
    pub views: Entries<ViewEntry>,
    /// Materialized views.
    #[serde(skip_serializing_if = "is_nothing")]
    pub materialized_views: Entries<ViewEntry>,
    /// Routines, by name and types of input arguments.
    #[serde(skip_serializing_if = "is_nothing")]
    pub functions: Entries<FunctionEntry>,
    /// What is known by the statement that makes it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_objects: Vec<OtherEntry>,
}
