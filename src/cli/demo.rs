//! `demo`: the built-in example, judged.

use std::path::{Path, PathBuf};

use clap::Args;

use super::check::{self, CheckArguments};
use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::output::{OutputFile, write_files};
use crate::text::Sources;

/// The files of the example: their paths in it, and their texts.
static EXAMPLE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/example.rs"));

/// Arguments of `demo`.
#[derive(Clone, Debug, Args)]
pub(super) struct DemoArguments {
    /// Write the example's files into this folder, to try things with, and judge nothing
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

/// Runs `demo`.
///
/// # Errors
/// When the files cannot be written.
pub(super) fn run(arguments: &DemoArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    if let Some(folder) = &arguments.output_dir {
        unpack(folder)?;
        console.say(&format!("the example is in {}: begin with README.md, then run `fieldgate check` there", folder.display()));
        return Ok(ExitStatus::Clean);
    }
    let unwritable = |path: &Path, reason| Failure::Write { path: path.to_path_buf(), reason };
    let folder = tempfile::Builder::new().prefix("fieldgate-demo-").tempdir().map_err(|error| unwritable(Path::new("a temporary folder"), error))?;
    unpack(folder.path())?;
    // Files are shown as in the example's own folder, so that is where the run stands.
    std::env::set_current_dir(folder.path()).map_err(|error| unwritable(folder.path(), error))?;
    let environment = Environment { working_folder: PathBuf::from("."), ..environment.clone() };
    console.say("A food-and-nutrition non-profit has ten migrations waiting. This is what `fieldgate check` says of them.\n");
    let status = check::run(&CheckArguments::default(), &environment, sources, console)?;
    console.say("\n`fieldgate demo --output-dir DIR` writes the files of this example, to try things with.");
    // The example is meant to be blocked; the demonstration itself went well.
    Ok(if status == ExitStatus::Unusable { status } else { ExitStatus::Clean })
}

fn unpack(folder: &Path) -> Result<(), Failure> {
    let files = EXAMPLE.iter().map(|(name, text)| OutputFile { path: folder.join(name), bytes: text.as_bytes().to_vec() });
    write_files(&files.collect::<Vec<_>>())
}
