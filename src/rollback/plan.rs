//! What a rollback plan holds.

use crate::hazard::LockMode;

/// How much comes back. Ordered from the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reversibility {
    /// Schema and rows, with nothing saved before.
    Exact,
    /// Schema and rows, out of what was saved before.
    ExactWithSavedData,
    /// The schema; some rows or values do not come back.
    Lossy,
    /// Not even the schema, or nobody can say.
    Impossible,
}

impl Reversibility {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::ExactWithSavedData => "exact_with_saved_data",
            Self::Lossy => "lossy",
            Self::Impossible => "impossible",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::ExactWithSavedData => "exact with saved data",
            Self::Lossy => "lossy",
            Self::Impossible => "impossible",
        }
    }
}

/// What the plan has been held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nothing yet.
    No,
    /// The script was applied to the model and gave the schema back.
    Model,
    /// The script was run on a real server; its version.
    Server(String),
    /// It was tried and does not give the schema back: what differs.
    Failed(Vec<String>),
}

impl Proof {
    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::No | Self::Failed(_) => "no",
            Self::Model => "model",
            Self::Server(_) => "postgres",
        }
    }
}

/// One statement of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// Without a semicolon.
    pub sql: String,
    /// What it is for, in a few words.
    pub purpose: String,
    /// What it does to tables that are there, as far as it is known.
    pub loads: Vec<StepLoad>,
}

/// What one statement does to one table while others use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepLoad {
    /// `schema.name` at that moment.
    pub table: String,
    /// The lock.
    pub lock: LockMode,
    /// What is done under it, in words: `reads all rows`.
    pub work: &'static str,
    /// Rows by the snapshot.
    pub rows: Option<u64>,
    /// Bytes by the snapshot.
    pub bytes: Option<u64>,
}

/// What becomes of one statement of the migration when it is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementClaim {
    /// Its index, 0-based.
    pub statement: u32,
    /// How much of what it does comes back.
    pub reversibility: Reversibility,
    /// Why not all of it, or out of what.
    pub reasons: Vec<String>,
}

impl PlanStep {
    /// A statement with its purpose.
    pub fn new(sql: impl Into<String>, purpose: impl Into<String>) -> Self {
        Self { sql: sql.into(), purpose: purpose.into(), loads: Vec::new() }
    }

    /// The same with what it does to a table.
    #[must_use]
    pub fn with_load(mut self, load: StepLoad) -> Self {
        self.loads.push(load);
        self
    }
}

/// A query and what it must give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The query, without a semicolon.
    pub sql: String,
    /// The value of its first column in its only row.
    pub expected: String,
    /// What is checked.
    pub purpose: String,
}

/// Something that does not come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What, by name: `app.clients.phone`.
    pub what: String,
    /// Why, in a sentence.
    pub why: String,
    /// How many rows, by the snapshot's estimate.
    pub rows: Option<u64>,
    /// A query that counts what would be lost now.
    pub count_query: Option<String>,
}

/// What becomes of rows and values that are written between the migration and the way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InBetween {
    /// What, by name.
    pub what: String,
    /// What becomes of it, in a sentence.
    pub fate: String,
    /// A query that counts it, to be run before the way back.
    pub count_query: Option<String>,
}

/// A column that comes back at another place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedColumn {
    /// `schema.table.column`.
    pub column: String,
    /// 1-based place before the migration.
    pub before: usize,
    /// 1-based place after the way back.
    pub after: usize,
}

/// How long the warehouse can bring back what is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryWindow {
    /// Days from the migration on, in the setting that the vendor calls the default; `None` when nothing comes back but what is saved before.
    pub days: Option<i32>,
    /// In words.
    pub words: &'static str,
    /// The vendor's page.
    pub source: &'static str,
}

/// The way back of one migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How much comes back.
    pub reversibility: Reversibility,
    /// What to run before the migration.
    pub prepare: Vec<PlanStep>,
    /// The way back itself, in order.
    pub undo: Vec<PlanStep>,
    /// What must hold after the migration.
    pub verify_migration: Vec<Check>,
    /// What must hold after the way back.
    pub verify: Vec<Check>,
    /// What to run when the way back is no longer wanted.
    pub clean_up: Vec<PlanStep>,
    /// What does not come back.
    pub loses: Vec<Loss>,
    /// What becomes of what is written meanwhile. The claim of [`Plan::reversibility`] is about what was there before.
    pub in_between: Vec<InBetween>,
    /// What to do otherwise, because of the size of a table.
    pub advice: Vec<String>,
    /// A way back that the model refuses, for a person to go on from; then there is no [`Plan::undo`].
    pub draft: Vec<PlanStep>,
    /// Columns that come back at another place.
    pub moved: Vec<MovedColumn>,
    /// What each statement of the migration comes to.
    pub statements: Vec<StatementClaim>,
    /// What could not be planned, in words; not empty only for [`Reversibility::Impossible`].
    pub not_planned: Vec<String>,
    /// The statement after which only saved data brings back what was there, as `file:line` is not known here: the index of the statement, 0-based.
    pub point_of_no_return: Option<u32>,
    /// How long the warehouse itself can bring things back; `None` where nothing of the kind is used.
    pub recovery: Option<RecoveryWindow>,
    /// What the plan has been held against.
    pub proven: Proof,
}

impl Plan {
    /// Whether there is anything to undo.
    pub fn is_empty(&self) -> bool {
        self.undo.is_empty()
    }
}
