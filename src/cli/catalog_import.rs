//! `catalog import`: entries out of what other tools know.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value};

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::output::{OutputFile, write_files};
use super::settings::{self, CatalogArguments, SettingsArguments};
use crate::catalog::import::{self, ImportedConsumer, Merged, document, merge};
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::gate::unread_reason;
use crate::text::Sources;
use crate::yaml::{self, Node, NodeKind};

/// Arguments of `catalog import`.
#[derive(Clone, Debug, Args)]
pub(super) struct ImportArguments {
    /// Which tool the files are from: dbt, metabase or sql
    #[arg(value_name = "TOOL")]
    tool: String,
    /// Files of the tool, or folders of them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Catalog file to write or update; without it the file goes to stdout
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingsArguments,
    #[command(flatten)]
    catalog: CatalogArguments,
}

/// Runs `catalog import`.
///
/// # Errors
/// Every fault of the input.
pub(super) fn run(arguments: &ImportArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let importer = import::named(&arguments.tool).ok_or_else(|| {
        let problem = Problem::error("import-unknown-tool", format!("nothing is known of the tool `{}`", arguments.tool));
        Failure::from(problem.allowed(&arguments.tool, import::ALL.iter().map(|importer| importer.name)))
    })?;
    let config = settings::settings(&arguments.settings, environment, sources, console)?;
    let output = arguments.output.as_deref();
    let catalog = settings::catalog_to_fill(&arguments.catalog, &config, output, sources, console)?;
    let is_output = |span: crate::text::Span| {
        let name = sources.get(span.source).map_or("", |source| source.name());
        output.is_some_and(|output| same_file(Path::new(name), output))
    };
    let consumers = catalog.consumers.values().filter(|consumer| !is_output(consumer.span)).map(|consumer| consumer.id.to_string());
    let departments = catalog.departments.values().filter(|department| department.span.is_none_or(|span| !is_output(span)));
    let elsewhere: BTreeSet<String> = consumers.chain(departments.map(|department| department.id.to_string())).collect();
    let before = match output.filter(|output| output.exists()) {
        Some(path) => {
            let id = sources.load(path).map_err(|error| Failure::from(Problem::from(error)))?;
            yaml::parse(sources, id).map(|node| value(&node)).map_err(Failure::from)?
        }
        None => Value::Null,
    };
    let mut imported = (importer.read)(&arguments.paths).map_err(Failure::from)?;
    let unread = unread(&imported, config.dialect, sources);
    let folder = output.and_then(Path::parent).unwrap_or(Path::new(""));
    for consumer in imported.consumers.values_mut() {
        point_from(consumer, folder, &environment.working_folder);
    }
    let merged = merge(&imported, &before, &elsewhere, importer.id_prefixes);
    let head = [
        format!("Written by `fieldgate catalog import {}`. The next import updates its entries and keeps what you add to them:", importer.name),
        String::from("department, kind, criticality, cadence, last_checked, recipients. Entries of other files are never touched."),
    ];
    let text = document(&head, &merged.catalog);
    match output {
        Some(path) => write_files(&[OutputFile { path: path.to_owned(), bytes: text.into_bytes() }])?,
        None => console.data(text.as_bytes())?,
    }
    let not_read: Vec<&import::Skipped> = imported.skipped.iter().chain(&unread).collect();
    report(&merged, &not_read, importer.title, console);
    Ok(if not_read.is_empty() { ExitStatus::Clean } else { ExitStatus::NotJudged })
}

/// Entries whose SQL is there and is not understood: they stay in the catalog, and a check says of each that it is not judged.
fn unread(imported: &import::Imported, dialect: &'static Dialect, sources: &mut Sources) -> Vec<import::Skipped> {
    let mut found = Vec::new();
    for (id, consumer) in &imported.consumers {
        let source = match (&consumer.sql, &consumer.sql_file) {
            (Some(sql), _) => sources.add(format!("<{id}>"), sql.as_str()),
            (None, Some(file)) => match sources.load(Path::new(file)) {
                Ok(source) => source,
                Err(_) => continue,
            },
            (None, None) => continue,
        };
        if let Some(why) = unread_reason(consumer.tool.as_deref(), sources.whole(source), sources, dialect) {
            found.push(import::Skipped { what: format!("the SQL of {id}"), why });
        }
    }
    found
}

fn report(merged: &Merged, skipped: &[&import::Skipped], title: &str, console: &mut Console<'_, '_>) {
    let counts = [(&merged.added, "new"), (&merged.updated, "changed"), (&merged.removed, "gone"), (&merged.elsewhere, "left to another file")];
    let told: Vec<String> = counts.iter().filter(|(ids, _)| !ids.is_empty()).map(|(ids, word)| format!("{} {word}", ids.len())).collect();
    let told = if told.is_empty() { String::from("nothing new") } else { told.join(", ") };
    console.say(&format!("{title}: {told}; {} not read", skipped.len()));
    for one in &merged.removed {
        console.say(&format!("  gone: {one}"));
    }
    for one in skipped {
        console.say(&format!("  not read: {}: {}", one.what, one.why));
    }
}

/// `sql_file` is relative to the catalog file.
fn point_from(consumer: &mut ImportedConsumer, folder: &Path, working_folder: &Path) {
    let Some(file) = &consumer.sql_file else { return };
    let absolute = |path: &Path| if path.is_absolute() { path.to_owned() } else { working_folder.join(path) };
    let (from, to) = (absolute(folder), absolute(Path::new(file)));
    let plain = |path: &Path| {
        path.components().filter(|part| !matches!(part, std::path::Component::CurDir)).map(|part| part.as_os_str().to_owned()).collect::<Vec<_>>()
    };
    let (from, to) = (plain(&from), plain(&to));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(shared).map(|_| String::from(".."));
    let down = to.iter().skip(shared).map(|part| part.to_string_lossy().into_owned());
    consumer.sql_file = Some(up.chain(down).collect::<Vec<_>>().join("/"));
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// A tree of YAML as values; what is written without quotes is text here, as everything in a catalog is.
fn value(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Scalar { text, .. } => Value::from(text.as_str()),
        NodeKind::Sequence(items) => items.iter().map(value).collect(),
        NodeKind::Mapping(entries) => Value::Object(entries.iter().map(|entry| (entry.key.clone(), value(&entry.value))).collect::<Map<_, _>>()),
    }
}
