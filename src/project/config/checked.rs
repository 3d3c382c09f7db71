//! The settings as the program works with them: every word known, every path joined, every default filled in.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::dialect::Dialect;
use crate::name::Name;
use crate::project::layout::Layout;
use crate::text::{SourceId, Span, Spanned};

/// From which level up findings block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailOn {
    /// Every finding blocks.
    Info,
    /// Warnings and errors block.
    Warning,
    /// Errors block.
    Error,
    /// Nothing blocks.
    Never,
}

/// What it means that something was not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotJudgedLevel {
    /// It is listed, and that is all.
    Off,
    /// It is listed, and the verdict is at least *warn*.
    Warning,
    /// The gate does not pass: exit code 3.
    Error,
}

/// The level of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelWord {
    /// No findings.
    Off,
    /// For the record.
    Info,
    /// Look at it.
    Warning,
    /// Do not ship it.
    Error,
}

impl LevelWord {
    /// All words, from the least.
    pub const ALL: [Self; 4] = [Self::Off, Self::Info, Self::Warning, Self::Error];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How the runner sends a migration, in the words of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunnerTransaction {
    /// Each migration in a transaction of its own.
    PerMigration,
    /// Each statement by itself.
    PerStatement,
    /// The whole file in one message, without a transaction of the runner's.
    None,
}

/// What blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Findings of the family *contract* block from here up.
    pub contract: FailOn,
    /// Findings of the family *operation* block from here up.
    pub operation: FailOn,
    /// What it means that something was not judged.
    pub not_judged: NotJudgedLevel,
}

impl Default for Gate {
    fn default() -> Self {
        Self { contract: FailOn::Error, operation: FailOn::Error, not_judged: NotJudgedLevel::Error }
    }
}

/// Levels by name of a rule or of a family, in the order of the file. The names are checked by who knows the rules.
pub type LevelTable = Vec<(Spanned<String>, LevelWord)>;

/// What the settings say about levels.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// For all migrations.
    pub everywhere: LevelTable,
    /// For migrations whose path matches the glob, in the order of the file.
    pub paths: Vec<(Spanned<String>, LevelTable)>,
}

/// One entry of `migrations:`.
#[derive(Clone, Debug)]
pub struct MigrationsEntry {
    /// Folder, file or glob, joined to the folder of the settings.
    pub path: PathBuf,
    /// The layout, when it is named.
    pub layout: Option<&'static Layout>,
    /// Values of the runner's placeholders.
    pub placeholders: Vec<(String, String)>,
    /// Where it stands; `None` when it came from the command line.
    pub span: Option<Span>,
}

impl MigrationsEntry {
    /// A path of the command line.
    pub fn of_path(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), layout: None, placeholders: Vec::new(), span: None }
    }
}

/// How migrations are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Runner {
    /// `None`: as the layout's tool does.
    pub transaction: Option<RunnerTransaction>,
    /// `lock_timeout` of its session in milliseconds; `None` when none is set.
    pub lock_timeout_ms: Option<u64>,
    /// `statement_timeout` of its session in milliseconds; `None` when none is set.
    pub statement_timeout_ms: Option<u64>,
}

/// Where people turn to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpContacts {
    /// An e-mail address.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// A Slack channel.
    pub slack: Option<String>,
}

/// Who writes to the departments.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    /// Its name.
    pub name: Option<String>,
    /// The zone of all times that people read.
    pub time_zone: Option<jiff::tz::TimeZone>,
    /// Who signs.
    pub sender: Option<String>,
    /// Where people turn to.
    pub help: HelpContacts,
    /// The language of notices; `None` is English.
    pub language: Option<String>,
}

/// How departments are told.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// The folder with the organisation's own layouts and sentences; `None`: the built-in ones.
    pub templates: Option<Spanned<PathBuf>>,
    /// The log of who was told; `None` when none is named.
    pub log: Option<Spanned<PathBuf>>,
}

/// All settings of a run that come from `fieldgate.yml`.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file, when there is one.
    pub source: Option<SourceId>,
    /// The folder that paths are relative to; empty for the working folder.
    pub folder: PathBuf,
    /// The database.
    pub dialect: &'static Dialect,
    /// Where migrations are.
    pub migrations: Vec<MigrationsEntry>,
    /// The snapshot.
    pub snapshot: Option<Spanned<PathBuf>>,
    /// Files and folders of the catalog.
    pub catalog: Vec<Spanned<PathBuf>>,
    /// Files and folders of the organisation's rules.
    pub rules: Vec<Spanned<PathBuf>>,
    /// The file of findings that were there before anybody looked.
    pub baseline: Option<Spanned<PathBuf>>,
    /// Where names without a schema are looked for; `None`: as the dialect does.
    pub search_path: Option<Vec<Name>>,
    /// What blocks.
    pub gate: Gate,
    /// Levels.
    pub levels: Levels,
    /// How migrations are run.
    pub runner: Runner,
    /// Who writes to the departments.
    pub organisation: Organisation,
    /// How they are told.
    pub notices: Notices,
}

impl Config {
    /// What holds when there is no file.
    pub fn without_file(dialect: &'static Dialect) -> Self {
        Self {
            source: None,
            folder: PathBuf::new(),
            dialect,
            migrations: Vec::new(),
            snapshot: None,
            catalog: Vec::new(),
            rules: Vec::new(),
            baseline: None,
            search_path: None,
            gate: Gate::default(),
            levels: Levels::default(),
            runner: Runner::default(),
            organisation: Organisation::default(),
            notices: Notices::default(),
        }
    }
}
