//! A rule file as written: YAML, every value with its place, unknown keys refused.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::text::Spanned;
use crate::yaml::Entries;

/// A rule, in a file of its own whose name is the rule's.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// What the rule is about, in a few words.
    pub title: Spanned<String>,
    /// `contract`: consumers, data, meaning. `operation`: locks, rewrites, failures, transactions.
    pub family: Spanned<String>,
    /// `off` for a rule that only speaks when the configuration gives it a level.
    pub default: Option<Spanned<String>>,
    /// How bad it is, always.
    pub level: Option<Spanned<String>>,
    /// How bad it is, by the words of a fact.
    pub level_by: Option<LevelChoice>,
    /// What the rule looks at.
    #[serde(rename = "for")]
    pub subject: Spanned<String>,
    /// Which kinds of it; all when there is no list.
    #[serde(default)]
    pub kinds: Vec<Spanned<String>>,
    /// The condition, in CEL over the facts of docs/facts.md; always when there is none.
    pub when: Option<Spanned<String>>,
    /// What is the matter, with `{facts}` filled in.
    pub message: Spanned<String>,
    /// What to do about it, with `{facts}` filled in.
    pub help: Option<Spanned<String>>,
    /// Why it matters.
    pub why: Spanned<String>,
    /// The safe way as SQL, with `{facts}` filled in.
    pub safe: Option<Spanned<String>>,
    /// The vendor's page.
    pub link: Option<Spanned<String>>,
    /// Cases that show it: at least one that is flagged and one that is clean.
    #[serde(default)]
    pub examples: Vec<ExampleFile>,
}

/// How bad a finding is, by the words of a fact.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelChoice {
    /// The fact whose words decide.
    pub fact: Spanned<String>,
    /// The level for each of its words.
    pub levels: Entries<Spanned<String>>,
}

/// A case that shows a rule.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleFile {
    /// What it shows, as a claim.
    pub name: Spanned<String>,
    /// The schema before, as DDL; `-- rows: app.clients 2400000` tells sizes.
    #[serde(default)]
    pub schema: String,
    /// Consumers: name to SQL.
    #[serde(default)]
    pub queries: Entries<String>,
    /// The migration.
    pub migration: Spanned<String>,
    /// The way back, when one is written.
    pub down: Option<String>,
    /// What is done to the migration's file: a word of `file.event`; by one of `file.standing` behind a blank, else `waiting`.
    pub file: Option<Spanned<String>>,
    /// `each_statement` when the runner puts no transaction around it.
    pub transaction: Option<Spanned<String>>,
    /// The lines of the migration, from 1, that the rule flags; none when it is clean.
    #[serde(default)]
    pub flagged: Vec<u32>,
    /// The level of the findings, when it is worth telling.
    pub level: Option<Spanned<String>>,
}
