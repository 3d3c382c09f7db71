//! `check`: the main job.

use std::path::PathBuf;

use clap::Args;

use super::baseline::{self, BaselineArguments, Begun};
use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{JudgementArguments, inputs};
use super::output::{OutputFile, write_files};
use crate::diagnostic::Problem;
use crate::gate::{self, Verdict};
use crate::project::{FailOn, NotJudgedLevel};
use crate::render::{self, Format};
use crate::text::Sources;

/// Arguments of `check`.
#[derive(Clone, Debug, Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    judgement: JudgementArguments,
    #[command(flatten)]
    baseline: BaselineArguments,
    /// What blocks: findings from this level up (never, error, warning, info)
    #[arg(long, value_name = "LEVEL", value_parser = fail_on, help_heading = "Settings")]
    fail_on: Option<FailOn>,
    /// What it means that something was not judged (error, warning, off)
    #[arg(long, value_name = "LEVEL", value_parser = not_judged, help_heading = "Settings")]
    not_judged: Option<NotJudgedLevel>,
    /// What goes to stdout: text, json, md, comment, html, sarif, github, gitlab, junit, rdjson; without it `github` on GitHub Actions, else `text`
    #[arg(long, value_name = "FORMAT", value_parser = format, help_heading = "Output")]
    format: Option<&'static Format>,
    /// Also write a file in a format, as `sarif=gate.sarif` (can be repeated)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = format_and_file, help_heading = "Output")]
    output: Vec<(&'static Format, PathBuf)>,
}

fn format(word: &str) -> Result<&'static Format, String> {
    render::named(word).ok_or_else(|| format!("the formats are {}", render::ALL.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")))
}

fn format_and_file(text: &str) -> Result<(&'static Format, PathBuf), String> {
    let (word, path) = text.split_once('=').ok_or("write it as FORMAT=FILE, for example json=gate.json")?;
    if path.is_empty() {
        return Err(String::from("a file name is missing behind `=`"));
    }
    Ok((format(word)?, PathBuf::from(path)))
}

fn fail_on(word: &str) -> Result<FailOn, String> {
    match word {
        "never" => Ok(FailOn::Never),
        "error" => Ok(FailOn::Error),
        "warning" => Ok(FailOn::Warning),
        "info" => Ok(FailOn::Info),
        _ => Err(String::from("the levels are never, error, warning, info")),
    }
}

fn not_judged(word: &str) -> Result<NotJudgedLevel, String> {
    match word {
        "error" => Ok(NotJudgedLevel::Error),
        "warning" => Ok(NotJudgedLevel::Warning),
        "off" => Ok(NotJudgedLevel::Off),
        _ => Err(String::from("the levels are error, warning, off")),
    }
}

impl Default for CheckArguments {
    fn default() -> Self {
        Self {
            judgement: JudgementArguments::default(),
            baseline: BaselineArguments::default(),
            fail_on: None,
            not_judged: None,
            format: Some(render::TEXT),
            output: Vec::new(),
        }
    }
}

/// Runs `check`.
///
/// # Errors
/// Every fault of the input, and outputs that cannot be written.
pub(super) fn run(arguments: &CheckArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let mut inputs = inputs(&arguments.judgement, environment, std::mem::take(sources), console).map_err(|(failure, read)| {
        *sources = read;
        failure
    })?;
    if let Some(level) = arguments.fail_on {
        inputs.config.gate.contract = level;
        inputs.config.gate.operation = level;
    }
    if let Some(level) = arguments.not_judged {
        inputs.config.gate.not_judged = level;
    }
    if inputs.migrations.is_empty() {
        let problem = match &arguments.judgement.base.base {
            Some(base) => Problem::warning("nothing-proposed", format!("the branch brings no migration that {base} does not have")),
            None => {
                let problem = Problem::warning("nothing-proposed", "no migration is waiting: the snapshot says that all are applied");
                problem.help("--all judges them all the same")
            }
        };
        console.problems(&[problem], &inputs.sources);
    }
    let found = match baseline::read(&arguments.baseline, &mut inputs) {
        Ok(found) => found,
        Err(failure) => {
            *sources = inputs.sources;
            return Err(failure);
        }
    };
    let before = inputs.baseline.clone();
    let answer = gate::check(inputs);
    let begun = baseline::write(&arguments.baseline, found, before, &answer, console)?;
    let files: Vec<OutputFile> = arguments
        .output
        .iter()
        .map(|(format, path)| OutputFile {
            path: path.clone(),
            bytes: (format.render)(&answer, render::Looks { verbose: true, ..render::Looks::default() }).into_bytes(),
        })
        .collect();
    write_files(&files)?;
    let format = arguments.format.unwrap_or_else(|| environment.usual_format());
    console.data((format.render)(&answer, console.out).as_bytes())?;
    let fails_not_judged = !answer.not_judged.is_empty() && answer.config.gate.not_judged == NotJudgedLevel::Error;
    Ok(match answer.verdict {
        // Everything that was found is in the baseline now; what was not judged is not.
        Verdict::Block if begun == Begun::Yes => {
            if fails_not_judged {
                ExitStatus::NotJudged
            } else {
                ExitStatus::Clean
            }
        }
        Verdict::Pass | Verdict::Warn => ExitStatus::Clean,
        Verdict::NotJudged => ExitStatus::NotJudged,
        Verdict::Block => ExitStatus::Blocked,
    })
}
