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
    /// The whole script is one transaction: a refusal undoes all of it. A statement that no transaction takes is told and judged outside of it.
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
        let mut runner_opened = script.transaction_mode == TransactionMode::Wrapped;
        if runner_opened {
            simulation.begin();
        }
        for (index, statement) in script.statements.iter().enumerate() {
            let id = StatementId { migration: script.migration, statement: u32::try_from(index).unwrap_or(u32::MAX) };
            runner_opened &= simulation.is_in_transaction();
            let mut step = step(&mut simulation, id, statement, sources);
            if runner_opened && step.outcome.refusal.as_ref().is_some_and(|refusal| ONLY_IN_ANOTHER_TRANSACTION.contains(&refusal.sqlstate)) {
                step = outside(&mut simulation, step, statement, sources);
            } else if !simulation.is_in_transaction() && step.outcome.refusal.as_ref().is_some_and(|refusal| refusal.sqlstate == ONLY_IN_A_TRANSACTION) {
                step = inside(&mut simulation, step, statement, sources);
            }
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

/// `ERRCODE_ACTIVE_SQL_TRANSACTION`, the statement is taken only outside of a transaction block; `ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE`, a label is
/// usable only after the transaction that adds it (PostgreSQL manual, appendix A and sql-altertype, 15).
const ONLY_IN_ANOTHER_TRANSACTION: [&str; 2] = ["25001", "55P04"];

/// `ERRCODE_NO_ACTIVE_SQL_TRANSACTION`: `LOCK TABLE`, `SAVEPOINT` and what belongs to it are taken in a transaction block only (appendix A, 15).
const ONLY_IN_A_TRANSACTION: &str = "25P01";

/// The same statement in a transaction that stays open for what follows: a script that locks a table counts on one, and a file alone does not say
/// how it will be sent. That by itself it is refused is said all the same.
fn inside(simulation: &mut Simulation, alone: Step, statement: &Statement, sources: &Sources) -> Step {
    simulation.begin();
    let mut step = step(simulation, alone.id, statement, sources);
    if step.outcome.refusal.is_none() {
        step.outcome.refused_as_sent = alone.outcome.refusal;
    }
    step
}

/// The same statement, with the runner's transaction ended before it and opened again after it.
///
/// Whether a runner opens one is often told by a setting that is not here. That it must not is said; what the statement does,
/// and what comes after it, is judged all the same, because that is what will happen once the setting is right.
fn outside(simulation: &mut Simulation, inside: Step, statement: &Statement, sources: &Sources) -> Step {
    simulation.forgive();
    simulation.commit();
    let mut step = step(simulation, inside.id, statement, sources);
    step.outcome.refused_as_sent = inside.outcome.refusal;
    simulation.begin();
    step
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
    // `pg_dump --schema-only` writes WITH NO DATA for every materialized view: whether it is filled, only the rows would tell.
    let views: Vec<_> = after.objects().filter(|object| matches!(&object.body, ObjectBody::View(view) if !view.populated)).map(|object| object.id).collect();
    for view in views {
        after.update(view, |object| {
            if let ObjectBody::View(view) = &mut object.body {
                view.populated = true;
            }
        });
    }
    Run { after, steps }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect;
    use crate::sql::read_script;

    fn ran(before: &str, migration: &str) -> Run {
        ran_as(TransactionMode::Wrapped, before, migration)
    }

    fn ran_as(transaction_mode: TransactionMode, before: &str, migration: &str) -> Run {
        let mut sources = Sources::default();
        let [before, migration] = [before, migration].map(|text| {
            let source = sources.add("script.sql", text);
            read_script(&sources, source, dialect::DEFAULT)
        });
        let schema = build(&before.statements, dialect::DEFAULT, &sources).after;
        let session = Session::new(&schema);
        run(schema, session, &[ScriptInput { migration: 0, statements: &migration.statements, transaction_mode }], &sources)
    }

    #[test]
    fn what_the_runners_transaction_refuses_is_told_and_judged_outside_of_it() {
        let run = ran("CREATE TABLE t (a integer);", "CREATE INDEX CONCURRENTLY i ON t (a); ALTER TABLE t ADD COLUMN b text; ALTER TABLE t DROP COLUMN c;");
        let told: Vec<_> = run.steps.iter().map(|step| step.outcome.refused_as_sent.as_ref().map(|refusal| refusal.sqlstate)).collect();
        assert_eq!(told, [Some("25001"), None, None]);
        assert!(run.steps[0].outcome.refusal.is_none() && !run.steps[0].outcome.changes.is_empty());
        let refused: Vec<_> = run.steps.iter().filter_map(|step| step.outcome.refusal.as_ref().map(|refusal| refusal.sqlstate)).collect();
        assert_eq!(refused, ["42703"], "a transaction is open again for what follows");
        assert!(run.after.objects().any(|object| object.name.as_str() == "i"), "what ran outside stays when the rest is undone");
    }

    #[test]
    fn what_needs_a_transaction_is_told_and_judged_in_one() {
        let run = ran_as(TransactionMode::EachStatement, "CREATE TABLE t (a integer);", "LOCK TABLE t; ALTER TABLE t ADD COLUMN b text; LOCK TABLE nothing;");
        let told: Vec<_> = run.steps.iter().map(|step| step.outcome.refused_as_sent.as_ref().map(|refusal| refusal.sqlstate)).collect();
        assert_eq!(told, [Some("25P01"), None, None]);
        assert_eq!(run.steps.last().and_then(|step| step.outcome.refusal.as_ref()).map(|refusal| refusal.sqlstate), Some("42P01"));
        let run = ran_as(TransactionMode::EachStatement, "CREATE TABLE t (a integer);", "LOCK TABLE nothing;");
        assert!(run.steps.iter().all(|step| step.outcome.refused_as_sent.is_none()), "one refusal is enough");
    }

    #[test]
    fn a_transaction_of_the_scripts_own_is_the_scripts_own_fault() {
        let run = ran("CREATE TABLE t (a integer);", "COMMIT; BEGIN; CREATE INDEX CONCURRENTLY i ON t (a);");
        assert_eq!(run.steps.last().and_then(|step| step.outcome.refusal.as_ref()).map(|refusal| refusal.sqlstate), Some("25001"));
    }
}
