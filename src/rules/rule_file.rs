//! A rule file as written: YAML, every value with its place, unknown keys refused.

use schemars::JsonSchema;
use serde::Deserialize;

use super::facts::file;
use crate::project::{FileEventKind, RawSidecar, Standing};
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
    /// A fact that is a list: the rule is asked for each of its elements, which is then `each.value`.
    pub each: Option<Spanned<String>>,
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
    /// What is to be known of consumers, by the name of their query: department, kind, criticality, columns they take by their place.
    #[serde(default)]
    pub consumers: Entries<ExampleConsumer>,
    /// A migration that runs before it and is judged together with it; what is found in it is not asked for.
    pub earlier: Option<String>,
    /// The migration.
    pub migration: Spanned<String>,
    /// The change record beside the migration, as in NAME.fieldgate.yml.
    pub record: Option<RawSidecar>,
    /// The day of the check; 2026-11-22 when none is given.
    pub today: Option<Spanned<String>>,
    /// The organisation's time zone; UTC when none is given.
    pub time_zone: Option<Spanned<String>>,
    /// The way back, when one is written.
    pub down: Option<String>,
    /// What is done to the migration's file: a word of `file.event`; by one of `file.standing` behind a blank, else `waiting`.
    pub file: Option<Spanned<String>>,
    /// `each_statement` when the runner puts no transaction around it.
    pub transaction: Option<Spanned<String>>,
    /// The day on which each department was first told of the change: id to day.
    #[serde(default)]
    pub told: Entries<Spanned<String>>,
    /// The lines of the migration (or its way back), from 1, that the rule flags, 0 for the change record; none when it is clean.
    #[serde(default)]
    pub flagged: Vec<u32>,
    /// The level of the findings, when it is worth telling.
    pub level: Option<Spanned<String>>,
}

/// What an example says of a consumer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleConsumer {
    /// The department's id.
    pub department: Option<Spanned<String>>,
    /// `report`, `export` …
    pub kind: Option<Spanned<String>>,
    /// `low`, `medium` or `high`.
    pub criticality: Option<Spanned<String>>,
    /// Relations of which it takes columns by their place.
    #[serde(default)]
    pub reads_by_position: Vec<Spanned<String>>,
}

impl ExampleFile {
    /// What is done to the migration's file, as `file:` says it; `None` when it says nothing that is known.
    pub fn file_event(&self) -> Option<(FileEventKind, Standing)> {
        let written = self.file.as_ref()?.value.as_str();
        let (event, standing) = written.split_once(' ').unwrap_or((written, "waiting"));
        let (kind, _) = file::KINDS.iter().find(|(_, word)| *word == event)?;
        let (standing, _) = file::STANDINGS.iter().find(|(_, word)| *word == standing)?;
        Some((*kind, *standing))
    }
}
