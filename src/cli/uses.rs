//! `uses`: who depends on a field.

use clap::{Args, ValueEnum};

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{SchemaArguments, schema_before, session};
use super::settings::{self, CatalogArguments, SettingsArguments};
use crate::catalog;
use crate::diagnostic::Problem;
use crate::gate::field_uses;
use crate::render::{uses_json, uses_markdown, uses_text};
use crate::text::{Sources, Spanned};

/// Arguments of `uses`.
#[derive(Clone, Debug, Args)]
pub(super) struct UsesArguments {
    /// Column or relation: schema.table.column, table.column, schema.table
    #[arg(value_name = "FIELD")]
    field: String,
    #[command(flatten)]
    schema: SchemaArguments,
    #[command(flatten)]
    catalog: CatalogArguments,
    #[command(flatten)]
    settings: SettingsArguments,
    /// What goes to stdout
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: UsesFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum UsesFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a page or a comment
    Markdown,
}

/// Runs `uses`.
///
/// # Errors
/// Every fault of the input, and a field that is not in the schema.
pub(super) fn run(arguments: &UsesArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let config = settings::settings(&arguments.settings, environment, sources, console)?;
    let catalog = settings::catalog(&arguments.catalog, &config, sources, console)?;
    let (snapshot, _) = schema_before(&arguments.schema, &config, sources, console)?;
    let session = session(&arguments.schema, &config, &snapshot.schema);
    let id = sources.add("<FIELD>", arguments.field.as_str());
    let mut problems = Vec::new();
    let reference = catalog::reference(&Spanned::new(arguments.field.clone(), sources.whole(id)), config.dialect, &mut problems);
    let Some(reference) = reference else { return Err(problems.into()) };
    let found = field_uses(&reference, &catalog, &snapshot.schema, &session, sources).map_err(|others| {
        let problem = Problem::error("uses-unknown-field", format!("there is no `{}` in the schema", arguments.field));
        Failure::from(problem.allowed(&arguments.field, others.iter().map(String::as_str)))
    })?;
    let text = match arguments.format {
        UsesFormat::Text => uses_text(&found, &catalog),
        UsesFormat::Json => uses_json(&found, &catalog),
        UsesFormat::Markdown => uses_markdown(&found, &catalog),
    };
    console.data(text.as_bytes())?;
    Ok(if found.uses.not_judged.is_empty() { ExitStatus::Clean } else { ExitStatus::NotJudged })
}
