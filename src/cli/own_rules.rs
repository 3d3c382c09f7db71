//! `rules`: which rules there are, and whether the organisation's own do what their examples say.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use miette::Severity;

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::settings::{self, SettingsArguments};
use crate::diagnostic::Problem;
use crate::gate::{ExampleFault, try_examples};
use crate::project::Config;
use crate::render::{Snippet, snippet};
use crate::rules::{self, Activation, Origin, Rule, RuleSet};
use crate::text::Sources;

/// Where the organisation's own rules come from.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct OwnRulesArguments {
    #[command(flatten)]
    settings: SettingsArguments,
    /// File or folder of rules of your own, beside those of the settings (can be repeated)
    #[arg(long, value_name = "PATH", help_heading = "Inputs")]
    rules: Vec<PathBuf>,
}

/// Arguments of `rules`.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct RulesCommand {
    #[command(subcommand)]
    action: Option<RulesAction>,
    #[command(flatten)]
    own: OwnRulesArguments,
}

#[derive(Clone, Debug, Subcommand)]
enum RulesAction {
    /// Try rules of your own: does each find what its examples say, and nothing else?
    #[command(after_help = "Exit codes: 0 every example shows what it says · 1 one does not · 2 a file cannot be read as a rule")]
    Test(TestArguments),
}

#[derive(Clone, Debug, Args)]
struct TestArguments {
    /// Files or folders of rules; without one those of the settings
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    settings: SettingsArguments,
}

/// Runs `rules`.
///
/// # Errors
/// When a rule cannot be read.
pub(super) fn run(command: &RulesCommand, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    match &command.action {
        Some(RulesAction::Test(arguments)) => test(arguments, environment, sources, console),
        None => list(&all(&command.own, environment, sources, console)?, console),
    }
}

/// The built-in rules, those of the settings and those that are named.
///
/// # Errors
/// When the settings or a rule cannot be read.
pub(super) fn all(arguments: &OwnRulesArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<RuleSet, Failure> {
    let config = settings::settings(&arguments.settings, environment, sources, console)?;
    Ok(rules::load(sources, &paths(&config, &arguments.rules))?)
}

fn paths(config: &Config, named: &[PathBuf]) -> Vec<PathBuf> {
    config.rules.iter().map(|path| path.value.clone()).chain(named.iter().cloned()).collect()
}

fn list(rules: &RuleSet, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let line = |rule: &Rule| {
        let off = if rule.activation == Activation::OptIn { " (off)" } else { "" };
        let own = if rule.origin == Origin::Own { " (own)" } else { "" };
        format!("{:width$}  {:9}  {}{off}{own}\n", rule.id, rule.family.as_str(), rule.title)
    };
    console.data(rules.iter().map(line).collect::<String>().as_bytes())?;
    Ok(ExitStatus::Clean)
}

fn test(arguments: &TestArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let config = settings::settings(&arguments.settings, environment, sources, console)?;
    let paths = if arguments.paths.is_empty() { paths(&config, &[]) } else { arguments.paths.clone() };
    if paths.is_empty() {
        let problem = Problem::error("no-own-rules", "nothing says which rules are to be tried");
        return Err(problem.help("name files or folders as arguments, or `rules:` in fieldgate.yml").into());
    }
    let rules = Arc::new(rules::load(sources, &paths)?);
    let own: Vec<&Rule> = rules.iter().filter(|rule| rule.origin == Origin::Own).collect();
    if own.is_empty() {
        return Err(Problem::error("no-own-rules", "there is no rule in what is named").help("a rule is a file that ends in .yml or .yaml").into());
    }
    let mut text = String::new();
    let mut failed = 0;
    for rule in &own {
        let mut faults = try_examples(&rules, rule, config.dialect);
        faults.extend(missing(rule));
        failed += usize::from(!faults.is_empty());
        let count = rule.examples.len();
        let examples = if count == 1 { String::from("1 example") } else { format!("{count} examples") };
        text.push_str(&format!("{} {} ({examples})\n", if faults.is_empty() { "ok    " } else { "FAILED" }, rule.id));
        for fault in &faults {
            text.push_str(&told(sources, rule, fault, console));
        }
    }
    let passed = own.len() - failed;
    text.push_str(&format!(
        "{passed} of {} do what their examples say.\n",
        if own.len() == 1 { String::from("1 rule") } else { format!("{} rules", own.len()) }
    ));
    console.data(text.as_bytes())?;
    Ok(if failed == 0 { ExitStatus::Clean } else { ExitStatus::Blocked })
}

/// A rule that nobody saw fire, or stay silent, has not been tried.
fn missing(rule: &Rule) -> Option<ExampleFault> {
    let flagged = rule.examples.iter().any(|example| !example.flagged.is_empty());
    let clean = rule.examples.iter().any(|example| example.flagged.is_empty());
    let message = match (flagged, clean) {
        (true, true) => return None,
        (false, true) => "no example is flagged, so nobody has seen it fire",
        (true, false) => "no example is clean, so nobody has seen it stay silent",
        (false, false) => "it has no example: show one case that is flagged and one that is clean",
    };
    Some(ExampleFault { example: String::from("examples"), message: message.to_owned(), span: rule.file })
}

fn told(sources: &Sources, rule: &Rule, fault: &ExampleFault, console: &Console<'_, '_>) -> String {
    let span = if fault.span == rule.file { crate::text::Span::new(rule.file.source, 0, 0) } else { fault.span };
    let (first, rest) = fault.message.split_once('\n').unwrap_or((&fault.message, ""));
    let help = (!rest.is_empty()).then_some(rest);
    let said = Snippet {
        code: &rule.id,
        message: &format!("{}: {first}", fault.example),
        help,
        url: None,
        severity: Severity::Error,
        places: vec![(span, String::new())],
    };
    snippet(sources, &said, console.out)
}
