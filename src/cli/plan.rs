//! `plan`: the way back.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{JudgementArguments, inputs};
use super::output::{OutputFile, write_files};
use crate::gate::{self, Answer};
use crate::render::{plan_json, runbook, script};
use crate::text::Sources;

/// Arguments of `plan`.
#[derive(Clone, Debug, Args)]
pub(super) struct PlanArguments {
    #[command(flatten)]
    judgement: JudgementArguments,
    /// What goes to stdout
    #[arg(long, value_name = "FORMAT", default_value = "md", help_heading = "Output")]
    format: PlanFormat,
    /// Write for each migration a runbook and its SQL files into this folder
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    output_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PlanFormat {
    /// A runbook
    Md,
    /// The undo script alone
    Sql,
    /// For programs
    Json,
}

/// Runs `plan`.
///
/// # Errors
/// Every fault of the input, and outputs that cannot be written.
pub(super) fn run(arguments: &PlanArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let inputs = inputs(&arguments.judgement, environment, std::mem::take(sources), console).map_err(|(failure, read)| {
        *sources = read;
        failure
    })?;
    let answer = gate::check(inputs);
    if let Some(folder) = &arguments.output_dir {
        write_files(&files(&answer, folder))?;
    }
    // The way back from several migrations goes from the last to the first.
    let text = match arguments.format {
        PlanFormat::Md => answer.migrations.iter().rev().map(|judged| runbook(&judged.migration.name, &judged.plan)).collect::<Vec<_>>().join("\n"),
        PlanFormat::Sql => answer.migrations.iter().rev().map(|judged| script(&judged.plan.undo)).collect::<Vec<_>>().join("\n"),
        PlanFormat::Json => plan_json(&answer),
    };
    console.data(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}

fn files(answer: &Answer, folder: &std::path::Path) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for judged in &answer.migrations {
        let id = &judged.migration.name;
        let mut add = |ending: &str, text: String| {
            if !text.is_empty() {
                files.push(OutputFile { path: folder.join(format!("{id}.{ending}")), bytes: text.into_bytes() });
            }
        };
        add("runbook.md", runbook(id, &judged.plan));
        add("prepare.sql", script(&judged.plan.prepare));
        add("undo.sql", script(&judged.plan.undo));
        add("clean_up.sql", script(&judged.plan.clean_up));
    }
    files
}
