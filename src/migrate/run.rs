//! Whole migrations applied in order, and a schema built from a DDL file.
//!
//! In: a schema and scripts. Out: a [`Run`]: every statement with the schema before it and its outcome, and the schema after all.

use crate::dialect::Dialect;
use crate::lineage::Session;
use crate::name::Name;
use crate::schema::{ObjectBody, Schema};
use crate::sql::tree::Statement;
use crate::text::Sources;

use super::{Outcome, Simulation, StatementId};

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
    let mut simulation = Simulation::new(schema, session.clone());
    let mut steps = Vec::new();
    for script in scripts {
        if script.transaction_mode == TransactionMode::Wrapped {
            simulation.begin();
        }
        for (index, statement) in script.statements.iter().enumerate() {
            let id = StatementId { migration: script.migration, statement: u32::try_from(index).unwrap_or(u32::MAX) };
            let step = step(&mut simulation, id, statement, sources);
            let refused = step.outcome.refusal.is_some();
            steps.push(step);
            if refused {
                simulation.rollback();
                return Run { after: simulation.schema().clone(), steps };
            }
        }
        // A runner's connection may or may not be new for each migration; a block left open by the script is its own fault and ends here.
        simulation.commit();
        simulation = simulation.with_new_session(session.clone());
    }
    Run { after: simulation.schema().clone(), steps }
}

fn step(simulation: &mut Simulation, id: StatementId, statement: &Statement, sources: &Sources) -> Step {
    let (before, session) = (simulation.schema().clone(), simulation.session().clone());
    let outcome = simulation.apply(id, statement, sources);
    Step { id, before, session, outcome }
}

/// Applies the statements of a DDL file (`pg_dump --schema-only` too) to an empty database in which only the schema `public` exists.
/// A refused or unread statement does not end it: each is in the steps, and what it speaks of is unknown.
pub fn build(statements: &[Statement], dialect: &'static Dialect, sources: &Sources) -> Run {
    let mut schema = Schema::new(dialect);
    for name in dialect.search_path {
        schema.insert(Name::stored(*name), None, ObjectBody::Schema);
    }
    let session = Session::new(&schema);
    let mut simulation = Simulation::new(schema, session);
    let mut steps = Vec::new();
    for (index, statement) in statements.iter().enumerate() {
        let id = StatementId { migration: 0, statement: u32::try_from(index).unwrap_or(u32::MAX) };
        steps.push(step(&mut simulation, id, statement, sources));
        if steps.last().is_some_and(|step| step.outcome.refusal.is_some()) && simulation.is_in_transaction() {
            simulation.forgive();
        }
    }
    simulation.commit();
    let mut after = simulation.schema().clone();
    // A description of a warehouse says nothing about its rows.
    let tables: Vec<_> =
        after.objects().filter(|object| matches!(&object.body, ObjectBody::Table(table) if table.known_empty)).map(|object| object.id).collect();
    for table in tables {
        after.update_table(table, |table| table.known_empty = false);
    }
    Run { after, steps }
}
