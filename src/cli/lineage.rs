//! `lineage`: what a query reads, in which role, and what its outputs come from.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{SchemaArguments, schema_before, session};
use super::settings::{self, SettingsArguments};
use crate::diagnostic::Problem;
use crate::gate::{ScriptLineage, lineage_of};
use crate::render::{LineageOf, lineage_json, lineage_text};
use crate::sql::read_script;
use crate::text::Sources;

/// Arguments of `lineage`.
#[derive(Clone, Debug, Args)]
pub(super) struct LineageArguments {
    /// Files with queries
    #[arg(value_name = "QUERY", required = true)]
    queries: Vec<PathBuf>,
    #[command(flatten)]
    schema: SchemaArguments,
    #[command(flatten)]
    settings: SettingsArguments,
    /// What goes to stdout
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: LineageFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LineageFormat {
    /// For people
    Text,
    /// One object for each file, for programs
    Json,
}

/// Runs `lineage`.
///
/// # Errors
/// Every fault of the input.
pub(super) fn run(
    arguments: &LineageArguments,
    environment: &Environment,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<ExitStatus, Failure> {
    let config = settings::settings(&arguments.settings, environment, sources, console)?;
    let (snapshot, _) = schema_before(&arguments.schema, &config, sources, console)?;
    let session = session(&arguments.schema, &config, &snapshot.schema);
    let mut found: Vec<(String, ScriptLineage)> = Vec::new();
    for path in &arguments.queries {
        let id = sources.load(path).map_err(|error| Failure::from(Problem::from(error)))?;
        let name = sources.get(id).map_or_else(String::new, |source| source.name().to_owned());
        let script = read_script(sources, id, config.dialect);
        found.push((name, lineage_of(&script, &snapshot.schema, &session, sources)));
    }
    let all: Vec<LineageOf<'_>> = found.iter().map(|(query, lineage)| LineageOf { query, lineage }).collect();
    let text = match arguments.format {
        LineageFormat::Text => lineage_text(&all, sources),
        LineageFormat::Json => lineage_json(&all, sources),
    };
    console.data(text.as_bytes())?;
    let clean = found.iter().all(|(_, lineage)| lineage.is_clean());
    Ok(if clean { ExitStatus::Clean } else { ExitStatus::NotJudged })
}
