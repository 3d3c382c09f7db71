//! `plan`: the way back.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{JudgementArguments, inputs};
use super::output::{OutputFile, write_files};
use super::proof_place::{ProofPlace, is_address, place};
use crate::gate::{self, Answer, DatedSafePlan, prove_on_server, safe_way};
use crate::render::{checks_script, clean_up_script, plan_json, runbook, safe_file_name, safe_json, safe_runbook, safe_script, script};
use crate::text::Sources;

/// Arguments of `plan`.
#[derive(Clone, Debug, Args)]
pub(super) struct PlanArguments {
    #[command(flatten)]
    judgement: JudgementArguments,
    /// Run migration and way back on a real PostgreSQL, with generated rows: on a throw-away server of the installed programs, or in a database of
    /// its own on the server of this address (nothing else there is touched)
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "", help_heading = "Proof")]
    prove: Option<String>,
    /// Instead of the way back, the same change without a break: expand, backfill in batches, verify, contract after the notice window, each a script
    /// with its own way back
    #[arg(long, conflicts_with = "prove")]
    safe: bool,
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
    let (wanted, judgement) = proof_and_paths(arguments, environment)?;
    let inputs = inputs(&judgement, environment, std::mem::take(sources), console).map_err(|(failure, read)| {
        *sources = read;
        failure
    })?;
    let mut answer = gate::check(inputs);
    if let Some(wanted) = wanted {
        let place = place(wanted, &answer, environment, console)?;
        prove_on_server(&mut answer, &place, |name| console.note(&format!("on the server: {name}")));
    }
    if arguments.safe {
        return safe(arguments, &answer, console);
    }
    if let Some(folder) = &arguments.output_dir {
        write_files(&files(&answer, folder))?;
    }
    // The way back from several migrations goes from the last to the first.
    let text = match arguments.format {
        PlanFormat::Md => (0..answer.migrations.len()).rev().map(|index| runbook(&answer, index)).collect::<Vec<_>>().join("\n"),
        PlanFormat::Sql => {
            answer.migrations.iter().rev().map(|judged| script(&judged.plan.undo, answer.first.dialect.ddl_transactions)).collect::<Vec<_>>().join("\n")
        }
        PlanFormat::Json => plan_json(&answer),
    };
    console.data(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}

/// `--safe`.
fn safe(arguments: &PlanArguments, answer: &Answer, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let plans: Vec<(String, DatedSafePlan)> =
        answer.migrations.iter().enumerate().filter_map(|(index, judged)| Some((judged.migration.name.clone(), safe_way(answer, index)?))).collect();
    if let Some(folder) = &arguments.output_dir {
        let mut files = Vec::new();
        for (name, plan) in &plans {
            files.push(OutputFile { path: folder.join(format!("{name}.safe.md")), bytes: safe_runbook(name, plan).into_bytes() });
            for way in &plan.plan.ways {
                let of_way = way.files.iter().map(|file| OutputFile {
                    path: folder.join(format!("{name}.{}", safe_file_name(way, file))),
                    bytes: safe_script(plan, way, file).into_bytes(),
                });
                files.extend(of_way);
            }
        }
        write_files(&files)?;
    }
    let text = match arguments.format {
        PlanFormat::Md => plans.iter().map(|(name, plan)| safe_runbook(name, plan)).collect::<Vec<_>>().join("\n"),
        PlanFormat::Sql => plans
            .iter()
            .flat_map(|(_, plan)| plan.plan.ways.iter().flat_map(|way| way.files.iter().map(|file| safe_script(plan, way, file))))
            .collect::<Vec<_>>()
            .join("\n"),
        PlanFormat::Json => safe_json(&plans),
    };
    console.data(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}

/// `--prove` takes an address or none: a word that is no address is the first path.
fn proof_and_paths(arguments: &PlanArguments, environment: &Environment) -> Result<(Option<ProofPlace>, JudgementArguments), Failure> {
    let mut judgement = arguments.judgement.clone();
    let wanted = match arguments.prove.as_deref() {
        None => None,
        Some("") => Some(ProofPlace::ThrowAway),
        Some(word) if is_address(word) => Some(ProofPlace::named(word, environment)?),
        Some(path) => {
            judgement.paths.insert(0, PathBuf::from(path));
            Some(ProofPlace::ThrowAway)
        }
    };
    Ok((wanted, judgement))
}

/// For each migration a runbook and its SQL files.
pub(super) fn files(answer: &Answer, folder: &std::path::Path) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for (index, judged) in answer.migrations.iter().enumerate() {
        let id = &judged.migration.name;
        let mut add = |ending: &str, text: String| {
            if !text.is_empty() {
                files.push(OutputFile { path: folder.join(format!("{id}.{ending}")), bytes: text.into_bytes() });
            }
        };
        add("runbook.md", runbook(answer, index));
        add("prepare.sql", script(&judged.plan.prepare, answer.first.dialect.ddl_transactions));
        add("undo.sql", script(&judged.plan.undo, answer.first.dialect.ddl_transactions));
        add("verify_migration.sql", checks_script("After the migration", &judged.plan.verify_migration));
        add("verify_undo.sql", checks_script("After the way back", &judged.plan.verify));
        add("clean_up.sql", clean_up_script(answer, index));
    }
    files
}
