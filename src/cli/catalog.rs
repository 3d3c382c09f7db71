//! `catalog`: is it sound, and what does it leave out?

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::catalog_import::{self, ImportArguments};
use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::settings::{self, CatalogArguments, ClockArguments, SettingsArguments};
use crate::catalog::{self, Catalog};
use crate::diagnostic::Problem;
use crate::render::coverage_text;
use crate::text::Sources;

/// Arguments of `catalog`.
#[derive(Clone, Debug, Args)]
pub(super) struct CatalogCommand {
    #[command(subcommand)]
    action: CatalogAction,
}

#[derive(Clone, Debug, Subcommand)]
enum CatalogAction {
    /// Read all files and tell every fault at its line
    #[command(after_help = "Exit codes: 0 no fault · 2 a fault, or nothing to read")]
    Validate(ValidateArguments),
    /// List what the catalog leaves out: consumers without owner, department or SQL, and entries nobody has looked at for long
    Coverage(CoverageArguments),
    /// Make entries out of what other tools know: dbt, Metabase, a folder of SQL files
    #[command(after_help = "Examples:\n  fieldgate catalog import dbt target --output warehouse/catalog/dbt.yml\n  \
        fieldgate catalog import metabase exported --output warehouse/catalog/metabase.yml\n\n\
        Exit codes: 0 all was read · 2 nothing was written · 3 written, and some of it could not be read")]
    Import(ImportArguments),
}

#[derive(Clone, Debug, Args)]
struct ValidateArguments {
    #[command(flatten)]
    settings: SettingsArguments,
    #[command(flatten)]
    catalog: CatalogArguments,
}

#[derive(Clone, Debug, Args)]
struct CoverageArguments {
    #[command(flatten)]
    settings: SettingsArguments,
    #[command(flatten)]
    catalog: CatalogArguments,
    #[command(flatten)]
    clock: ClockArguments,
    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CoverageFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CoverageFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Runs `catalog`.
///
/// # Errors
/// Every fault of settings and catalog.
pub(super) fn run(command: &CatalogCommand, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    match &command.action {
        CatalogAction::Validate(arguments) => {
            let config = settings::settings(&arguments.settings, environment, sources, console)?;
            let catalog = settings::catalog(&arguments.catalog, &config, sources, console)?;
            some(&catalog)?;
            let line = format!("{} departments, {} fields, {} consumers: no fault\n", catalog.departments.len(), catalog.fields.len(), catalog.consumers.len());
            console.data(line.as_bytes())?;
        }
        CatalogAction::Import(arguments) => return catalog_import::run(arguments, environment, sources, console),
        CatalogAction::Coverage(arguments) => {
            let config = settings::settings(&arguments.settings, environment, sources, console)?;
            let catalog = settings::catalog(&arguments.catalog, &config, sources, console)?;
            some(&catalog)?;
            let today = arguments.clock.today(environment, &config)?;
            let coverage = catalog::coverage(&catalog, today);
            let text = match arguments.format {
                CoverageFormat::Text => coverage_text(&coverage, &catalog),
                CoverageFormat::Json => json_of(&coverage),
            };
            console.data(text.as_bytes())?;
        }
    }
    Ok(ExitStatus::Clean)
}

fn some(catalog: &Catalog) -> Result<(), Failure> {
    if !catalog.consumers.is_empty() || !catalog.departments.is_empty() || !catalog.fields.is_empty() {
        return Ok(());
    }
    let problem = Problem::error("catalog-empty", "there is no catalog to look at");
    Err(problem.help("name its files under `catalog:` in fieldgate.yml, or with --catalog PATH or --query-dir DIR").into())
}

fn json_of(coverage: &catalog::Coverage) -> String {
    let stale: Vec<_> = coverage.stale.iter().map(|(id, days)| json!({ "consumer": id, "days": days })).collect();
    let value = json!({
        "schema_version": 1,
        "consumers": coverage.consumers,
        "without_department": coverage.without_department,
        "without_owner": coverage.without_owner,
        "without_sql": coverage.without_sql,
        "opaque": coverage.opaque,
        "never_checked": coverage.never_checked,
        "stale": stale,
        "unreachable_departments": coverage.unreachable_departments,
        "departments_without_consumers": coverage.departments_without_consumers,
    });
    format!("{value:#}\n")
}
