//! `drift`: the snapshot against the live database. Migrations that wait are no drift, so what they explain is said apart.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{JudgementArguments, inputs};
use super::snapshot::live_snapshot;
use crate::gate::{self, Answer};
use crate::schema::{Difference, Schema, difference};
use crate::text::Sources;

/// Arguments of `drift`.
#[derive(Clone, Debug, Args)]
pub(super) struct DriftArguments {
    /// Where the database is; without it PGHOST, PGPORT, PGUSER and PGDATABASE say so
    #[arg(long, value_name = "URL", help_heading = "Inputs")]
    database: Option<String>,
    #[command(flatten)]
    judgement: JudgementArguments,
    /// What goes to stdout
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: DriftFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DriftFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What differs, and why.
struct Drift {
    /// In what the database differs from the snapshot.
    unexplained: Vec<Difference>,
    /// The migrations that bring the database's schema about when they are applied to the snapshot: from the first that waits to the last.
    applied_since: Vec<String>,
}

/// Runs `drift`.
///
/// # Errors
/// Every fault of the input, and when the database cannot be read.
pub(super) fn run(arguments: &DriftArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let inputs = inputs(&arguments.judgement, environment, std::mem::take(sources), console).map_err(|(failure, read)| {
        *sources = read;
        failure
    })?;
    let answer = gate::check(inputs);
    *sources = answer.sources.clone();
    let moment = arguments.judgement.clock.moment(environment)?;
    let (live, _) = live_snapshot(arguments.database.as_deref(), &moment.to_string(), answer.config.dialect, environment, sources, console)?;
    let drift = explained(&answer, &live.schema);
    let text = match arguments.format {
        DriftFormat::Text => in_words(&drift),
        DriftFormat::Json => as_json(&drift),
    };
    console.data(text.as_bytes())?;
    Ok(if drift.unexplained.is_empty() { ExitStatus::Clean } else { ExitStatus::Blocked })
}

/// Compares with the snapshot as it is, and with what it is after each waiting migration; the one that explains most is taken.
fn explained(answer: &Answer, live: &Schema) -> Drift {
    let mut best = Drift { unexplained: difference(&answer.first, live), applied_since: Vec::new() };
    let mut applied = Vec::new();
    for (index, judged) in (0_u32..).zip(&answer.migrations) {
        applied.push(judged.migration.name.clone());
        if best.unexplained.is_empty() {
            break;
        }
        let left = difference(answer.after(index), live);
        if left.len() < best.unexplained.len() {
            best = Drift { unexplained: left, applied_since: applied.clone() };
        }
    }
    best
}

fn in_words(drift: &Drift) -> String {
    let mut text = String::new();
    for difference in &drift.unexplained {
        text.push_str(&format!("{difference}\n"));
    }
    if !drift.applied_since.is_empty() {
        text.push_str(&format!("\nSince the snapshot was taken these migrations were applied: {}.\n", drift.applied_since.join(", ")));
    }
    text.push_str(&match (drift.unexplained.len(), drift.applied_since.is_empty()) {
        (0, true) => String::from("No drift: the database is what the snapshot says.\n"),
        (0, false) => String::from("No drift beside them; take a new snapshot with `fieldgate snapshot take`.\n"),
        (1, _) => String::from("\nDrift: 1 difference that no migration explains. Who did it by hand? Write a migration for it, or undo it.\n"),
        (many, _) => format!("\nDrift: {many} differences that no migration explains. Who did it by hand? Write a migration for them, or undo them.\n"),
    });
    text
}

fn as_json(drift: &Drift) -> String {
    let differences: Vec<_> = drift.unexplained.iter().map(|difference| json!({ "object": difference.name, "message": difference.to_string() })).collect();
    let document = json!({ "schema_version": 1, "differences": differences, "applied_since": drift.applied_since });
    format!("{document:#}\n")
}
