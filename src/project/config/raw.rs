//! `fieldgate.yml` as it is written. The JSON Schema comes from these types, so their comments are what an editor shows.

use schemars::JsonSchema;
use serde::Deserialize;

use super::checked::{FailOn, NotJudgedLevel, RunnerTransaction};
use crate::text::Spanned;
use crate::yaml::{Entries, Lenient, OneOrMany, WordOr};

/// Settings of a repository that fieldgate looks after. Paths are relative to this file.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "fieldgate.yml")]
pub struct RawConfig {
    /// The database: its grammar, its names, its rules. `postgres` when nothing is said.
    pub dialect: Option<Spanned<String>>,
    /// Folders, files or globs that hold migrations. The layout is recognised from names and contents unless it is named.
    pub migrations: OneOrMany<WordOr<RawMigrations>>,
    /// The snapshot of the warehouse's schema.
    pub snapshot: Option<Spanned<String>>,
    /// Files or folders with departments, plain names and consumers.
    pub catalog: OneOrMany<Spanned<String>>,
    /// Files or folders with the organisation's own rules, beside the built-in ones.
    pub rules: OneOrMany<Spanned<String>>,
    /// Findings that were there before anybody looked: they are counted and do not block. `check --write-baseline` writes it.
    pub baseline: Option<Spanned<String>>,
    /// Where names without a schema are looked for.
    pub search_path: Option<Vec<Spanned<String>>>,
    /// What blocks.
    pub gate: Lenient<RawGate>,
    /// Levels: for a rule, for a family (`contract`, `operation`), or for the migrations under a path.
    #[schemars(with = "std::collections::BTreeMap<String, LevelSchema>")]
    pub levels: Entries<WordOr<Entries<Spanned<String>>>>,
    /// How migrations are run.
    pub runner: Lenient<RawRunner>,
    /// Who writes to the departments.
    pub organisation: Lenient<RawOrganisation>,
    /// How departments are told.
    pub notices: Lenient<RawNotices>,
}

/// A level, or levels for the migrations under a path.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "only its schema is used: levels are read with their places")]
enum LevelSchema {
    /// A level.
    Word(super::checked::LevelWord),
    /// Levels for the migrations whose path matches the glob.
    Path(std::collections::BTreeMap<String, super::checked::LevelWord>),
}

/// Migrations in one place.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Migrations")]
pub struct RawMigrations {
    /// A folder, a file or a glob.
    pub path: Spanned<String>,
    /// The layout, when it should not be recognised: flyway, golang-migrate, diesel, sqlx, dbmate, goose, prisma, liquibase, sqitch, refinery, plain.
    pub layout: Option<Spanned<String>>,
    /// Values of the runner's placeholders, such as Flyway's `${…}`.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, String>")]
    pub placeholders: Entries<String>,
}

/// What blocks.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "Gate")]
pub struct RawGate {
    /// Findings from this level up block.
    pub fail_on: Option<FailOn>,
    /// What it means that something was not judged.
    pub not_judged: Option<NotJudgedLevel>,
    /// Findings about consumers, data and meaning block from this level up; as `fail_on` when nothing is said.
    pub contract: Option<FailOn>,
    /// Findings about locks, rewrites and failures block from this level up; as `fail_on` when nothing is said.
    pub operation: Option<FailOn>,
}

/// How migrations are run.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "Runner")]
pub struct RawRunner {
    /// Whether the runner puts a transaction around each migration; what the layout's tool does when nothing is said.
    pub transaction: Option<RunnerTransaction>,
    /// `lock_timeout` of the runner's session: `5s`, `500ms`, or milliseconds.
    pub lock_timeout: Option<Spanned<String>>,
    /// `statement_timeout` of the runner's session: `15min`, `30s`, or milliseconds.
    pub statement_timeout: Option<Spanned<String>>,
}

/// Who writes to the departments.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "Organisation")]
pub struct RawOrganisation {
    /// Its name.
    pub name: Option<String>,
    /// The time zone of all times that people read, such as `America/New_York`.
    pub time_zone: Option<Spanned<String>>,
    /// Who signs notices: name and role.
    pub sender: Option<String>,
    /// Where people turn to.
    pub help: RawHelp,
    /// The language of notices, such as `en`.
    pub language: Option<Spanned<String>>,
}

/// How departments are told.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "Notices")]
pub struct RawNotices {
    /// A folder with the organisation's own layouts (`announce.j2`) and sentences (`en.yml`), laid over the built-in ones.
    pub templates: Option<Spanned<String>>,
    /// The language of notices, such as `en`, unless a department has its own; the same as `organisation.language`.
    pub language: Option<Spanned<String>>,
    /// The file in which `notice --record` writes down who was told.
    pub log: Option<Spanned<String>>,
}

/// Where people turn to.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "Help")]
pub struct RawHelp {
    /// An e-mail address that somebody reads.
    pub email: Option<Spanned<String>>,
    /// A telephone number.
    pub phone: Option<String>,
    /// A Slack channel.
    pub slack: Option<String>,
}
