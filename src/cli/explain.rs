//! `explain`: what a rule means, why, and the safe way.

use std::fmt::Write as _;

use clap::Args;

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::own_rules::{self, OwnRulesArguments};
use crate::diagnostic::Problem;
use crate::rules::Rule;
use crate::text::Sources;

/// Arguments of `explain`.
#[derive(Clone, Debug, Args)]
pub(super) struct ExplainArguments {
    /// The rule's name
    rule: String,
    #[command(flatten)]
    own: OwnRulesArguments,
}

/// Explains a rule.
///
/// # Errors
/// When there is no such rule.
pub(super) fn explain(
    arguments: &ExplainArguments,
    environment: &Environment,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<ExitStatus, Failure> {
    let rules = own_rules::all(&arguments.own, environment, sources, console)?;
    let Some(rule) = rules.get(&arguments.rule) else {
        let problem = Problem::error("unknown-rule", format!("there is no rule `{}`", arguments.rule));
        return Err(problem.allowed(&arguments.rule, rules.ids()).into());
    };
    console.data(text(rule).as_bytes())?;
    Ok(ExitStatus::Clean)
}

fn text(rule: &Rule) -> String {
    let mut text = format!("{}: {}\n\nFamily: {}\nLevel: {}\n\n{}\n", rule.id, rule.title, rule.family.as_str(), rule.level_phrase(), rule.why.trim());
    let parts = [("What to do", &rule.help_text), ("The safe way", &rule.safe_text), ("When", &rule.condition_text), ("Read more", &rule.link)];
    for (title, part) in parts {
        if let Some(part) = part {
            let _ = write!(text, "\n{title}:\n{}\n", indented(part));
        }
    }
    for example in &rule.examples {
        let _ = write!(text, "\nExample: {}\n{}\n", example.name.value, indented(&example.migration.value));
    }
    let _ = write!(text, "\nTo allow it at one place, with a reason and a last day:\n  -- fieldgate: allow {} until YYYY-MM-DD: why\n", rule.id);
    text
}

fn indented(text: &str) -> String {
    text.trim().lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
