//! What the judge is given: everything known of a run, by reference.
//!
//! Filled in by the gate. Nothing here is computed; what rules can ask of it is in `fact_table.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Levels, RecordFacts};
use crate::hazard::Hazard;
use crate::impact::Effect;
use crate::migrate::{Run, TransactionMode};
use crate::project::FileEvent;
use crate::sql::tree::Statement;
use crate::text::{SourceId, Sources, Span};

/// Everything known of a run.
#[derive(Clone, Copy, Debug)]
pub struct JudgeInput<'a> {
    /// All texts.
    pub sources: &'a Sources,
    /// The migrations in the order of application; the n-th has index n.
    pub migrations: &'a [JudgedMigration<'a>],
    /// What came of their statements.
    pub run: &'a Run,
    /// One for each step of the run, in its order.
    pub hazards: &'a [Hazard],
    /// What the migrations do to consumers.
    pub effects: &'a [Effect],
    /// What is done to files of migrations.
    pub file_events: &'a [FileEvent],
    /// Who could be hit.
    pub catalog: &'a CatalogSummary,
    /// What the configuration says about levels.
    pub levels: &'a Levels,
    /// The day on which suppressions are held against their expiry.
    pub today: jiff::civil::Date,
}

/// One migration.
#[derive(Clone, Debug)]
pub struct JudgedMigration<'a> {
    /// Its name without folder and ending, the same on every machine: `0047_contact_phone`.
    pub name: Arc<str>,
    /// Its path as the user would type it, with `/`.
    pub path: Arc<str>,
    /// Its text.
    pub source: SourceId,
    /// The part of the text that is run (a single file can hold up and down).
    pub part: Span,
    /// Comments in it, in order.
    pub comments: &'a [Span],
    /// Its statements in order.
    pub statements: &'a [Statement],
    /// How it is run.
    pub transaction_mode: TransactionMode,
    /// What is known of its way back.
    pub down: DownFacts,
    /// What its change record says.
    pub record: RecordFacts,
}

/// What is known of a migration's way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownFacts {
    /// Where the hand-written way back stands; `None` when there is none.
    pub written: Option<Span>,
    /// What does not come back with it, one line each; empty when all does, or when there is none.
    pub lost: Vec<String>,
    /// Why the way back itself would be refused.
    pub refused: Option<String>,
    /// What of the change no way back can restore (dropped rows, rounded values), one line each.
    pub irreversible: Vec<String>,
}

/// Who could be hit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogSummary {
    /// Consumers by id.
    pub consumers: BTreeMap<Arc<str>, ConsumerSummary>,
    /// The oldest day on which an entry was last checked, as `YYYY-MM-DD`; `None` when no entry says.
    pub last_checked: Option<String>,
}

/// What rules and messages say of a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerSummary {
    /// Its name for people.
    pub name: String,
    /// `report`, `export` …
    pub kind: String,
    /// The department's name for people; empty when it has none.
    pub department: String,
    /// The department's id; empty when it has none.
    pub department_id: Arc<str>,
    /// `low`, `medium`, `high`; empty when not said.
    pub criticality: String,
}
