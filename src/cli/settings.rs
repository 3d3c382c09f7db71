//! Settings and catalog of a run: the file, then what the arguments say otherwise.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::console::Console;
use super::environment::Environment;
use super::failure::Failure;
use crate::catalog::{self, Catalog};
use crate::diagnostic::Problem;
use crate::dialect;
use crate::project::{self, Config};
use crate::text::Sources;

/// Where settings come from. Part of every command that reads a repository.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct SettingsArguments {
    /// Settings file; without it the nearest fieldgate.yml at or above the working folder
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    pub config: Option<PathBuf>,
    /// Database whose SQL this is
    #[arg(long, value_name = "NAME", help_heading = "Settings")]
    pub dialect: Option<String>,
}

/// Where the catalog comes from.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct CatalogArguments {
    /// Catalog file or folder; instead of those in the settings (can be repeated)
    #[arg(long, value_name = "PATH", help_heading = "Inputs")]
    pub catalog: Vec<PathBuf>,
    /// Folder of queries, beside the catalog: each file is a consumer, named by its stem (can be repeated)
    #[arg(long, value_name = "DIR", help_heading = "Inputs")]
    pub query_dir: Vec<PathBuf>,
}

/// Which moment a run calls now.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ClockArguments {
    /// Day or moment to call now, for output that can be repeated; else `SOURCE_DATE_EPOCH`, else the clock
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = "Settings")]
    pub now: Option<Timestamp>,
}

impl ClockArguments {
    /// The moment a run calls now.
    ///
    /// # Errors
    /// When `SOURCE_DATE_EPOCH` is no number of seconds.
    pub(super) fn moment(&self, environment: &Environment) -> Result<Timestamp, Failure> {
        if let Some(now) = self.now {
            return Ok(now);
        }
        let Some(text) = environment.variables.get("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) else { return Ok(environment.clock) };
        let seconds = text.parse::<i64>().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        seconds.ok_or_else(|| {
            let problem = Problem::error("invalid-source-date-epoch", format!("SOURCE_DATE_EPOCH is `{text}`, and a number of seconds since 1970 is needed"));
            problem.into()
        })
    }

    /// The day it is, where the organisation is.
    ///
    /// # Errors
    /// As [`ClockArguments::moment`].
    pub(super) fn today(&self, environment: &Environment, config: &Config) -> Result<Date, Failure> {
        let zone = config.organisation.time_zone.clone().unwrap_or(TimeZone::UTC);
        Ok(self.moment(environment)?.to_zoned(zone).date())
    }
}

/// A day or a moment on the command line.
fn moment(text: &str) -> Result<Timestamp, String> {
    // Noon in UTC is the same day nearly everywhere; midnight is yesterday in all of America.
    let day = || text.parse::<Date>().ok().and_then(|day| day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()).map(|noon| noon.timestamp());
    text.parse::<Timestamp>().ok().or_else(day).ok_or_else(|| String::from("write it as 2026-11-22 or 2026-11-22T18:00:00Z"))
}

/// Finds, reads and checks the settings, and lays the arguments over them.
///
/// # Errors
/// Every fault that was found.
pub(super) fn settings(
    arguments: &SettingsArguments,
    environment: &Environment,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<Config, Failure> {
    let path = settings_path(arguments, environment);
    let config = if let Some(path) = &path {
        console.note(&format!("settings: {}", path.display()));
        let (config, warnings) = project::load(path, sources)?;
        console.problems(&warnings, sources);
        config
    } else {
        console.note("settings: none found");
        Config::without_file(dialect::DEFAULT)
    };
    laid_over(arguments, config)
}

/// Where the settings are, from the working folder; `None` when there are none.
pub(super) fn settings_path(arguments: &SettingsArguments, environment: &Environment) -> Option<PathBuf> {
    arguments.config.clone().or_else(|| project::find(&environment.working_folder))
}

/// Lays the arguments over settings that were read elsewhere.
///
/// # Errors
/// When the dialect is not known.
pub(super) fn laid_over(arguments: &SettingsArguments, mut config: Config) -> Result<Config, Failure> {
    if let Some(word) = &arguments.dialect {
        config.dialect = dialect::named(word).ok_or_else(|| {
            let problem = Problem::error("config-unknown-dialect", format!("the dialect `{word}` is not known"));
            problem.allowed(word, dialect::ALL.iter().map(|dialect| dialect.name))
        })?;
    }
    Ok(config)
}

/// Reads the catalog that settings and arguments name, and tells its warnings. Empty when none is named.
///
/// # Errors
/// Every fault that was found.
pub(super) fn catalog(arguments: &CatalogArguments, config: &Config, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<Catalog, Failure> {
    let (catalog, problems) = catalog::read(&catalog_paths(arguments, config), config.dialect, sources);
    with_queries(catalog, problems, arguments, sources, console)
}

/// The catalog to which a file is about to be added: that its folder is empty, or not there yet, is no fault.
///
/// # Errors
/// What cannot be read.
pub(super) fn catalog_to_fill(
    arguments: &CatalogArguments,
    config: &Config,
    output: Option<&Path>,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<Catalog, Failure> {
    let mut paths = catalog_paths(arguments, config);
    let is_made = |path: &Path| !path.exists() && output.is_some_and(|output| absolute(output).starts_with(absolute(path)));
    paths.retain(|(path, _)| !is_made(path));
    let (catalog, mut problems) = catalog::read(&paths, config.dialect, sources);
    problems.retain(|problem| problem.code.0 != "catalog-empty");
    with_queries(catalog, problems, arguments, sources, console)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn catalog_paths(arguments: &CatalogArguments, config: &Config) -> Vec<(PathBuf, Option<crate::text::Span>)> {
    if arguments.catalog.is_empty() {
        return catalog::named_in_settings(&config.catalog);
    }
    arguments.catalog.iter().map(|path| (path.clone(), None)).collect()
}

fn with_queries(
    mut catalog: Catalog,
    mut problems: Vec<Problem>,
    arguments: &CatalogArguments,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<Catalog, Failure> {
    for folder in &arguments.query_dir {
        problems.extend(catalog::read_query_folder(folder, &mut catalog, sources));
    }
    if problems.iter().any(Problem::is_error) {
        return Err(problems.into());
    }
    console.problems(&problems, sources);
    console.note(&format!("catalog: {} consumers, {} departments, {} fields", catalog.consumers.len(), catalog.departments.len(), catalog.fields.len()));
    Ok(catalog)
}
