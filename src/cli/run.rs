//! From arguments to an exit status.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, ValueEnum};

use super::arguments::{Arguments, CommandArguments, CommonArguments};
use super::console::{Console, Log, Streams, Verbosity};
use super::environment::{ColourChoice, Environment};
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::{action, catalog, check, completions, demo, drift, explain, init, investigate, lineage, manual, notice, own_rules, plan, schema, snapshot, uses};
use crate::render::Looks;
use crate::text::Sources;

/// Runs a command. `arguments` begin with the name of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>, environment: &Environment) -> ExitStatus {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match Arguments::try_parse_from(&arguments) {
        Ok(parsed) => {
            let mut console = console(&parsed.common, streams, environment);
            let mut sources = Sources::default();
            match command(parsed.command, environment, &mut sources, &mut console) {
                Ok(status) => status,
                Err(failure) => ended(failure, &sources, &mut console),
            }
        }
        Err(error) => not_run(&error, &arguments, streams, environment),
    }
}

fn command(command: CommandArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    match command {
        CommandArguments::Check(arguments) => check::run(&arguments, environment, sources, console),
        CommandArguments::Demo(arguments) => demo::run(&arguments, environment, sources, console),
        CommandArguments::Plan(arguments) => plan::run(&arguments, environment, sources, console),
        CommandArguments::Notice(arguments) => notice::run(&arguments, environment, sources, console),
        CommandArguments::Snapshot(command) => snapshot::run(&command, environment, sources, console),
        CommandArguments::Lineage(arguments) => lineage::run(&arguments, environment, sources, console),
        CommandArguments::Explain(arguments) => explain::explain(&arguments, environment, sources, console),
        CommandArguments::Rules(command) => own_rules::run(&command, environment, sources, console),
        CommandArguments::Uses(arguments) => uses::run(&arguments, environment, sources, console),
        CommandArguments::Catalog(arguments) => catalog::run(&arguments, environment, sources, console),
        CommandArguments::Schema(arguments) => schema::run(&arguments, console),
        CommandArguments::Completions(arguments) => completions::run(&arguments, Arguments::command(), console),
        CommandArguments::Drift(arguments) => drift::run(&arguments, environment, sources, console),
        CommandArguments::Init(arguments) => init::run(&arguments, environment, sources, console),
        CommandArguments::Investigate(arguments) => investigate::run(&arguments, environment, sources, console),
        CommandArguments::Action(arguments) => action::run(&arguments, environment, sources, console),
        CommandArguments::Man(arguments) => manual::run(&arguments, Arguments::command(), console),
    }
}

fn console<'c, 's>(common: &CommonArguments, streams: &'c mut Streams<'s>, environment: &Environment) -> Console<'c, 's> {
    let verbosity = match (common.quiet, common.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, true) => Verbosity::Verbose,
        (false, false) => Verbosity::Normal,
    };
    let looks = |receiver| Looks { verbose: common.verbose, ..environment.looks(common.color, receiver) };
    let log = if environment.is_on_github_actions() { Log::TakesCommands } else { Log::Plain };
    Console::new(streams, looks(environment.stdout), looks(environment.stderr), verbosity, log)
}

fn ended(failure: Failure, sources: &Sources, console: &mut Console<'_, '_>) -> ExitStatus {
    match failure {
        Failure::Problems(problems) => {
            console.problems(&problems, sources);
            let errors = problems.iter().filter(|problem| problem.is_error()).count();
            if errors > 1 {
                console.fail(&format!("{errors} problems: nothing was judged"));
            }
            ExitStatus::Unusable
        }
        Failure::Write { .. } | Failure::Stream(_) => {
            console.fail(&format!("error: {failure}"));
            ExitStatus::Unusable
        }
        // The reader has seen enough (`fieldgate … | head`); that is as good an end as any.
        Failure::Closed => ExitStatus::Clean,
    }
}

/// Help, the version, or arguments that make no sense.
fn not_run(error: &clap::Error, arguments: &[OsString], streams: &mut Streams<'_>, environment: &Environment) -> ExitStatus {
    let (receiver, status) = if error.use_stderr() { (environment.stderr, ExitStatus::Unusable) } else { (environment.stdout, ExitStatus::Clean) };
    let rendered = error.render();
    let color = environment.looks(colour_asked_for(arguments), receiver).color;
    let text = if color { rendered.ansi().to_string() } else { rendered.to_string() };
    let stream = if error.use_stderr() { &mut *streams.stderr } else { &mut *streams.stdout };
    // Nobody can be told that nobody listens.
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    status
}

/// `--color` of arguments that could not be read as a whole.
fn colour_asked_for(arguments: &[OsString]) -> ColourChoice {
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let joined = words.iter().find_map(|word| word.strip_prefix("--color="));
    let apart = words.iter().position(|word| *word == "--color").and_then(|at| words.get(at + 1)).copied();
    joined.or(apart).and_then(|word| ColourChoice::from_str(word, true).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_hold_together() {
        Arguments::command().debug_assert();
    }
}
