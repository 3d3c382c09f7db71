//! `man`: manual pages out of the same definitions as the help.

use std::path::PathBuf;

use clap::{Args, Command};

use super::console::Console;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::output::{OutputFile, write_files};

/// Arguments of `man`.
#[derive(Clone, Debug, Args)]
pub(super) struct ManualArguments {
    /// Folder to write all pages into, instead of the main page to stdout
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

/// Prints the main page, or writes all pages.
///
/// # Errors
/// When they cannot be written.
pub(super) fn run(arguments: &ManualArguments, mut command: Command, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    command.build();
    let Some(folder) = &arguments.output_dir else {
        let bytes = page(&command, "fieldgate")?;
        console.data(&bytes)?;
        return Ok(ExitStatus::Clean);
    };
    let mut files = Vec::new();
    collect(&command, "fieldgate", folder, &mut files)?;
    write_files(&files)?;
    console.say(&format!("{} pages written to {}", files.len(), folder.display()));
    Ok(ExitStatus::Clean)
}

fn collect(command: &Command, name: &str, folder: &std::path::Path, files: &mut Vec<OutputFile>) -> Result<(), Failure> {
    files.push(OutputFile { path: folder.join(format!("{name}.1")), bytes: page(command, name)? });
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set() && inner.get_name() != "help") {
        collect(inner, &format!("{name}-{}", inner.get_name()), folder, files)?;
    }
    Ok(())
}

fn page(command: &Command, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // The date is left out: a page must be the same whenever it is made.
    let manual = clap_mangen::Man::new(command.clone()).date("").title(name.to_uppercase());
    manual.render(&mut bytes).map_err(Failure::of_stream)?;
    Ok(bytes)
}
