//! `snapshot`: the warehouse's schema as a file.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use miette::Diagnostic;

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{SchemaArguments, schema_before, session};
use super::output::{OutputFile, write_files};
use super::settings::{self, ClockArguments, SettingsArguments};
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::migrate::{ScriptInput, TransactionMode, run as apply};
use crate::project::{MigrationsEntry, Wanted, discover};
use crate::snapshot::{Snapshot, live, read_yaml, write_json, write_yaml};
use crate::sql::read_script_part;
use crate::text::Sources;

/// Arguments of `snapshot`.
#[derive(Clone, Debug, Args)]
pub(super) struct SnapshotCommand {
    #[command(subcommand)]
    action: SnapshotAction,
}

#[derive(Clone, Debug, Subcommand)]
enum SnapshotAction {
    /// Take a snapshot of a live PostgreSQL: one read-only connection, and no table of yours is read
    #[command(
        after_help = "Examples:\n  fieldgate snapshot take postgresql://reader@db.example.org/warehouse --output warehouse/snapshot.yml\n  PGHOST=/var/run/postgresql PGDATABASE=warehouse fieldgate snapshot take\n\nThe password comes from the URL, PGPASSWORD or ~/.pgpass, and is never printed."
    )]
    Take(TakeArguments),
    /// Build a snapshot from DDL or from another snapshot, and apply migrations to it
    #[command(
        after_help = "Example: pg_dump --schema-only warehouse > before.sql\n         fieldgate snapshot build --ddl before.sql > warehouse/snapshot.yml"
    )]
    Build(BuildArguments),
}

#[derive(Clone, Debug, Args)]
struct BuildArguments {
    #[command(flatten)]
    schema: SchemaArguments,
    #[command(flatten)]
    settings: SettingsArguments,
    /// Migration to apply (can be repeated; in this order)
    #[arg(long, value_name = "FILE", help_heading = "Inputs")]
    apply: Vec<PathBuf>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "yaml", help_heading = "Output")]
    format: SnapshotFormat,
    /// Write it into a file instead of stdout
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
struct TakeArguments {
    /// Where the database is; without it PGHOST, PGPORT, PGUSER and PGDATABASE say so
    #[arg(value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    settings: SettingsArguments,
    #[command(flatten)]
    clock: ClockArguments,
    /// Write it into a file instead of stdout
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SnapshotFormat {
    /// The file that `snapshot:` names
    Yaml,
    /// The same, for programs
    Json,
}

/// Runs `snapshot`.
///
/// # Errors
/// Every fault of the input; a migration that a server would refuse, or that is not understood.
pub(super) fn run(command: &SnapshotCommand, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    match &command.action {
        SnapshotAction::Take(arguments) => take(arguments, environment, sources, console),
        SnapshotAction::Build(arguments) => build(arguments, environment, sources, console),
    }
}

fn take(arguments: &TakeArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let config = settings::settings(&arguments.settings, environment, sources, console)?;
    let taken_at = arguments.clock.moment(environment)?.to_string();
    let (_, text) = live_snapshot(arguments.url.as_deref(), &taken_at, config.dialect, environment, sources, console)?;
    write(text, arguments.output.as_ref(), console)?;
    Ok(ExitStatus::Clean)
}

/// A snapshot of the live database, and its text. What was written down must be read again as it is: a snapshot that cannot be judged by is none.
///
/// # Errors
/// When the database cannot be reached or read.
pub(super) fn live_snapshot(
    url: Option<&str>,
    taken_at: &str,
    dialect: &'static Dialect,
    environment: &Environment,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<(Snapshot, String), Failure> {
    let settings = live::Settings::new(url, &environment.of_connections()).map_err(|error| problem(&error))?;
    let text = live::take(&settings, live::Limits::default(), Some(taken_at)).map_err(|error| problem(&error))?;
    let id = sources.add("<snapshot>", text.as_str());
    let (snapshot, warnings) = read_yaml(sources, id, dialect)?;
    console.problems(&warnings, sources);
    Ok((snapshot, text))
}

fn problem(error: &live::LiveError) -> Failure {
    let problem = Problem::error("database-unreadable", error.to_string());
    match error.help() {
        Some(help) => problem.help(help.to_string()).into(),
        None => problem.into(),
    }
}

fn write(text: String, output: Option<&PathBuf>, console: &mut Console<'_, '_>) -> Result<(), Failure> {
    match output {
        Some(path) => write_files(&[OutputFile { path: path.clone(), bytes: text.into_bytes() }]),
        None => console.data(text.as_bytes()),
    }
}

fn build(arguments: &BuildArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let config = settings::settings(&arguments.settings, environment, sources, console)?;
    let (mut snapshot, gaps) = schema_before(&arguments.schema, &config, sources, console)?;
    let session = session(&arguments.schema, &config, &snapshot.schema);
    let entries: Vec<MigrationsEntry> = arguments.apply.iter().map(MigrationsEntry::of_path).collect();
    let mut judged = gaps.is_empty();
    for entry in &entries {
        let wanted = Wanted { entries: std::slice::from_ref(entry), stdin: None, runner: config.runner, time_zone: None };
        let found = discover(&wanted, sources);
        if found.problems.iter().any(Problem::is_error) {
            return Err(found.problems.into());
        }
        for migration in &found.migrations {
            let script = read_script_part(sources, migration.up.source, migration.up, config.dialect);
            let mode = migration.run.transaction_mode(script.statements.len());
            let run = apply(
                snapshot.schema.clone(),
                session.clone(),
                &[ScriptInput { migration: 0, statements: &script.statements, transaction_mode: mode }],
                sources,
            );
            let (mut problems, mut outside) = (Vec::new(), Vec::new());
            for step in &run.steps {
                if let Some(refusal) = &step.outcome.refusal {
                    let problem = Problem::error("migration-fails", format!("a server would refuse this ({}): {}", refusal.sqlstate, refusal.message));
                    problems.push(problem.at(refusal.span));
                }
                if let Some(refusal) = &step.outcome.refused_as_sent {
                    let problem = Problem::warning("refused-as-sent", refusal.message.clone()).at(refusal.span);
                    outside.push(problem.help(match mode {
                        TransactionMode::Wrapped => "Applied outside of one; the tool that runs it must not open one either.",
                        TransactionMode::EachStatement => "Applied in one; the tool that runs it must open one too.",
                    }));
                }
                problems.extend(step.outcome.not_judged.iter().map(|gap| Problem::warning("not-judged", gap.reason.clone()).at(gap.span)));
            }
            if problems.iter().any(Problem::is_error) {
                return Err(problems.into());
            }
            judged &= problems.is_empty();
            problems.append(&mut outside);
            console.problems(&problems, sources);
            snapshot.schema = run.after;
            snapshot.provenance.applied.push(migration.name.clone());
        }
    }
    let text = match arguments.format {
        SnapshotFormat::Yaml => write_yaml(&snapshot),
        SnapshotFormat::Json => write_json(&snapshot),
    };
    write(text, arguments.output.as_ref(), console)?;
    Ok(if judged { ExitStatus::Clean } else { ExitStatus::NotJudged })
}
