//! `lineage`: what a query reads, in which role, and what its outputs come from.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{SchemaArguments, schema_before, session};
use super::settings::{self, SettingsArguments};
use crate::diagnostic::Problem;
use crate::lineage::{Binding, Session, bind_statement};
use crate::render::{LineageOf, lineage_json, lineage_text};
use crate::schema::Schema;
use crate::sql::read_script;
use crate::sql::tree::{Statement, StatementKind};
use crate::text::Sources;

/// Arguments of `lineage`.
#[derive(Clone, Debug, Args)]
pub(super) struct LineageArguments {
    /// Files with queries
    #[arg(value_name = "QUERY", required = true)]
    queries: Vec<PathBuf>,
    #[command(flatten)]
    schema: SchemaArguments,
    #[command(flatten)]
    settings: SettingsArguments,
    /// What goes to stdout
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: LineageFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LineageFormat {
    /// For people
    Text,
    /// One object for each query, for programs
    Json,
}

/// Runs `lineage`.
///
/// # Errors
/// Every fault of the input.
pub(super) fn run(
    arguments: &LineageArguments,
    environment: &Environment,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<ExitStatus, Failure> {
    let config = settings::settings(&arguments.settings, environment, sources, console)?;
    let (snapshot, _) = schema_before(&arguments.schema, &config, sources, console)?;
    let session = session(&arguments.schema, &config, &snapshot.schema);
    let mut found: Vec<(String, Binding)> = Vec::new();
    for path in &arguments.queries {
        let id = sources.load(path).map_err(|error| Failure::from(Problem::from(error)))?;
        let name = sources.get(id).map_or_else(String::new, |source| source.name().to_owned());
        let script = read_script(sources, id, config.dialect);
        for statement in &script.statements {
            found.push((name.clone(), bind(&snapshot.schema, &session, statement)));
        }
    }
    let all: Vec<LineageOf<'_>> = found.iter().map(|(query, binding)| LineageOf { query, binding }).collect();
    let text = match arguments.format {
        LineageFormat::Text => lineage_text(&all, &snapshot.schema, sources),
        LineageFormat::Json => lineage_json(&all, &snapshot.schema, sources),
    };
    console.data(text.as_bytes())?;
    let unresolved = found.iter().any(|(_, binding)| !binding.unresolved.is_empty() || !binding.errors.is_empty());
    Ok(if unresolved { ExitStatus::NotJudged } else { ExitStatus::Clean })
}

/// A statement that cannot be read is unresolved as a whole.
fn bind(schema: &Schema, session: &Session, statement: &Statement) -> Binding {
    match &statement.kind {
        StatementKind::Unread(unread) => Binding {
            unresolved: vec![crate::lineage::Unresolved { reference: unread.head.clone(), reason: unread.message.clone(), span: unread.span }],
            ..Binding::default()
        },
        _ => bind_statement(schema, session, statement),
    }
}
