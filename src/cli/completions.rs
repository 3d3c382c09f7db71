//! `completions`: what a shell needs to complete our arguments.

use clap::{Args, Command};
use clap_complete::Shell;

use super::console::Console;
use super::exit_status::ExitStatus;
use super::failure::Failure;

/// Arguments of `completions`.
#[derive(Clone, Debug, Args)]
pub(super) struct CompletionsArguments {
    /// Which shell
    shell: Shell,
}

/// Prints the completions of a shell.
///
/// # Errors
/// When stdout refuses.
pub(super) fn run(arguments: &CompletionsArguments, mut command: Command, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "fieldgate", &mut bytes);
    console.data(&bytes)?;
    Ok(ExitStatus::Clean)
}
