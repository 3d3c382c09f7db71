//! `notice`: what each department is told.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{JudgementArguments, inputs};
use super::output::{OutputFile, write_files};
use crate::gate;
use crate::notice::channel::{self, Channel};
use crate::notice::compose;
use crate::text::Sources;

/// Arguments of `notice`.
#[derive(Clone, Debug, Args)]
pub(super) struct NoticeArguments {
    #[command(flatten)]
    judgement: JudgementArguments,
    /// Only for this department, by its id (can be repeated)
    #[arg(long, value_name = "ID", help_heading = "Output")]
    department: Vec<String>,
    /// The form of the message: text, md
    #[arg(long, value_name = "CHANNEL", value_parser = channel, default_value = "text", help_heading = "Output")]
    channel: &'static Channel,
    /// Write one file for each department and channel into this folder
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    output_dir: Option<PathBuf>,
}

fn channel(word: &str) -> Result<&'static Channel, String> {
    channel::named(word).ok_or_else(|| format!("the channels are {}", channel::ALL.iter().map(|channel| channel.name).collect::<Vec<_>>().join(", ")))
}

/// Runs `notice`.
///
/// # Errors
/// Every fault of the input, and outputs that cannot be written.
pub(super) fn run(arguments: &NoticeArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let inputs = inputs(&arguments.judgement, environment, std::mem::take(sources), console).map_err(|(failure, read)| {
        *sources = read;
        failure
    })?;
    let answer = gate::check(inputs);
    let (mut notices, problems) = answer.notice_facts(compose);
    console.problems(&problems, &answer.sources);
    if !arguments.department.is_empty() {
        notices.retain(|notice| arguments.department.iter().any(|id| **id == *notice.department));
    }
    if notices.is_empty() {
        console.say("no department is touched: there is nobody to tell");
        return Ok(ExitStatus::Clean);
    }
    if let Some(folder) = &arguments.output_dir {
        let files = notices.iter().flat_map(|notice| {
            channel::ALL.iter().map(|channel| OutputFile {
                path: folder.join(format!("{}.{}", notice.department, channel.ending)),
                bytes: (channel.render)(notice).into_bytes(),
            })
        });
        write_files(&files.collect::<Vec<_>>())?;
    } else {
        let texts: Vec<String> = notices.iter().map(|notice| (arguments.channel.render)(notice)).collect();
        console.data(texts.join("\n----------------------------------------------------------------\n\n").as_bytes())?;
    }
    Ok(ExitStatus::Clean)
}
