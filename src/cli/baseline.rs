//! `--baseline` and `--write-baseline`: findings that were there before anybody looked.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::failure::Failure;
use super::output::{OutputFile, write_files};
use crate::diagnostic::Problem;
use crate::gate::{Answer, Inputs};
use crate::project::FailOn;
use crate::rules::{Baseline, Level};

/// Arguments about the baseline.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct BaselineArguments {
    /// File of findings that are known and do not block; instead of `baseline:` in the settings
    #[arg(long, value_name = "FILE", help_heading = "Inputs")]
    pub baseline: Option<PathBuf>,
    /// Write the baseline: a first one with everything that is found, or the one there is without what is gone
    #[arg(long, help_heading = "Output")]
    pub write_baseline: bool,
}

/// Whether there is a baseline file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BaselineFound {
    /// None is named.
    None,
    /// This one is to be written.
    New(PathBuf),
    /// This one is there, and what is gone of it may be taken out.
    There(PathBuf),
}

/// Reads the baseline, when one is named.
///
/// # Errors
/// When it is missing and not to be written, or cannot be read.
pub(super) fn read(arguments: &BaselineArguments, inputs: &mut Inputs) -> Result<BaselineFound, Failure> {
    let named = inputs.config.baseline.clone();
    let Some(path) = arguments.baseline.clone().or_else(|| named.as_ref().map(|named| named.value.clone())) else {
        if arguments.write_baseline {
            let problem = Problem::error("baseline-without-name", "nothing says which file the baseline is");
            return Err(problem.help("name it with --baseline FILE, or `baseline:` in fieldgate.yml").into());
        }
        return Ok(BaselineFound::None);
    };
    if !path.exists() {
        if arguments.write_baseline {
            return Ok(BaselineFound::New(path));
        }
        let mut problem = Problem::error("baseline-missing", format!("there is no baseline at {}", path.display())).of(&path);
        if let (None, Some(named)) = (&arguments.baseline, &named) {
            problem = problem.at(named.span);
        }
        return Err(problem.help("`fieldgate check --all --write-baseline` writes it").into());
    }
    let source = inputs.sources.load(&path).map_err(Problem::from)?;
    inputs.baseline = Some(Baseline::read(&inputs.sources, source)?);
    Ok(BaselineFound::There(path))
}

/// Whether a first baseline was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// What was found is known from now on.
    Yes,
    /// The verdict stands.
    No,
}

/// Writes the baseline, when that is asked for.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(
    arguments: &BaselineArguments,
    found: BaselineFound,
    before: Option<Baseline>,
    answer: &Answer,
    console: &mut Console<'_, '_>,
) -> Result<Begun, Failure> {
    let (path, baseline, begun) = match (found, before) {
        (BaselineFound::New(path), _) => {
            let names: Vec<&str> = answer.migrations.iter().map(|judged| judged.migration.name.as_str()).collect();
            let least = if answer.config.gate.contract == FailOn::Info || answer.config.gate.operation == FailOn::Info { Level::Info } else { Level::Warning };
            let baseline = Baseline::of(&answer.findings, &names, least, answer.today);
            let count = many(baseline.entries.len(), "finding is", "findings are");
            console.say(&format!("{count} in the new baseline {}: from the next run on they do not block", path.display()));
            (path, baseline, Begun::Yes)
        }
        (BaselineFound::There(path), Some(before)) if arguments.write_baseline => {
            let gone = answer.baseline.as_ref().map(|report| report.gone.clone()).unwrap_or_default();
            console.say(&format!("{} gone and taken out of {}; nothing is put in", many(gone.len(), "entry is", "entries are"), path.display()));
            (path, before.without(&gone), Begun::No)
        }
        (BaselineFound::None | BaselineFound::There(_), _) => return Ok(Begun::No),
    };
    write_files(&[OutputFile { path, bytes: baseline.print().into_bytes() }])?;
    Ok(begun)
}

fn many(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
