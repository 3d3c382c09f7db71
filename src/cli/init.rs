//! `init`: looks at a repository and writes what is missing: settings, a first snapshot, a first catalog, a workflow. What is there is never touched.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::output::{OutputFile, write_files};
use crate::diagnostic::Problem;
use crate::dialect;
use crate::lineage::Session;
use crate::migrate::{ScriptInput, build, run as apply};
use crate::project::{FILE_NAMES, MigrationsEntry, Repository, Service, Wanted, discover, look};
use crate::snapshot::{Provenance, Snapshot, write_yaml};
use crate::sql::{read_script, read_script_part};
use crate::text::Sources;

/// Arguments of `init`.
#[derive(Clone, Debug, Args)]
pub(super) struct InitArguments {
    /// Which CI a workflow is written for; without it the one that is seen
    #[arg(long, value_name = "WHERE", help_heading = "Output")]
    ci: Option<Ci>,
    /// Say what would be written, and write nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Ci {
    /// GitHub Actions
    Github,
    /// GitLab
    Gitlab,
    /// None
    None,
}

const SNAPSHOT: &str = "warehouse/snapshot.yml";
const CATALOG: &str = "warehouse/catalog/catalog.yml";
const GITHUB_WORKFLOW: &str = include_str!("../../docs/workflows/github.yml");
const GITLAB_WORKFLOW: &str = include_str!("../../docs/workflows/gitlab.yml");

/// Runs `init`.
///
/// # Errors
/// When there are settings already, or a file cannot be written.
pub(super) fn run(arguments: &InitArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let root = &environment.working_folder;
    if let Some(there) = FILE_NAMES.iter().find(|name| root.join(name).exists()) {
        let problem = Problem::error("init-done", format!("{there} is there already")).of(Path::new(there));
        return Err(problem.help("init writes only what is missing, and begins with the settings; `fieldgate check` is the next step").into());
    }
    let seen = look(Path::new(""))?;
    for line in told(&seen) {
        console.say(&line);
    }
    let (snapshot, gaps) = first_snapshot(&seen, sources)?;
    let mut files =
        vec![file(FILE_NAMES.first().copied().unwrap_or("fieldgate.yml"), settings(&seen)), file(SNAPSHOT, snapshot), file(CATALOG, catalog(&seen))];
    if seen.migrations.is_empty() {
        files.push(file(
            "migrations/0001_first_change.sql",
            String::from("-- The first change goes here; the file may have any name that sorts behind the one before.\n"),
        ));
    }
    let service = match (arguments.ci, seen.service) {
        (Some(Ci::None), _) | (None, None) => None,
        (Some(Ci::Github), _) | (None, Some(Service::Github)) => Some((".github/workflows/fieldgate.yml", GITHUB_WORKFLOW)),
        (Some(Ci::Gitlab), _) | (None, Some(Service::Gitlab)) => Some((".gitlab/fieldgate.yml", GITLAB_WORKFLOW)),
    };
    files.extend(service.map(|(path, text)| file(path, text.to_owned())));
    let (there, missing): (Vec<OutputFile>, Vec<OutputFile>) = files.into_iter().partition(|file| root.join(&file.path).exists());
    for file in &there {
        console.say(&format!("is there already and stays as it is: {}", file.path.display()));
    }
    for file in &missing {
        console.say(&format!("{}: {}", if arguments.dry_run { "would write" } else { "written" }, file.path.display()));
    }
    if !arguments.dry_run {
        write_files(&missing)?;
    }
    for gap in &gaps {
        console.say(gap);
    }
    console.say(&next(&gaps, service.map(|(path, _)| path)));
    Ok(ExitStatus::Clean)
}

fn file(path: &str, text: String) -> OutputFile {
    OutputFile { path: PathBuf::from(path), bytes: text.into_bytes() }
}

/// What was seen, in a line each.
fn told(seen: &Repository) -> Vec<String> {
    let mut lines = Vec::new();
    for (folder, layout) in &seen.migrations {
        lines.push(format!("migrations of {} in {}", layout.title, folder.display()));
    }
    if seen.migrations.is_empty() {
        lines.push(String::from("no migrations are here yet"));
    }
    lines.extend(seen.schema_dump.iter().map(|path| format!("a dump of the schema in {}", path.display())));
    lines.extend(seen.dbt.iter().map(|path| format!("a dbt project in {}", path.display())));
    lines
}

/// The snapshot to begin with: of a dump when there is one, else of all migrations replayed. Everything that is there counts as applied.
fn first_snapshot(seen: &Repository, sources: &mut Sources) -> Result<(String, Vec<String>), Failure> {
    let dialect = dialect::DEFAULT;
    let entries: Vec<MigrationsEntry> = seen.migrations.iter().map(|(folder, _)| MigrationsEntry::of_path(folder)).collect();
    let found = discover(&Wanted { entries: &entries, ..Wanted::default() }, sources);
    if found.problems.iter().any(Problem::is_error) {
        return Err(found.problems.into());
    }
    let mut gaps = Vec::new();
    let schema = if let Some(dump) = &seen.schema_dump {
        let id = sources.load(dump).map_err(|error| Failure::from(Problem::from(error)))?;
        let run = build(&read_script(sources, id, dialect).statements, dialect, sources);
        gaps.extend(gap(&run.steps, &dump.display().to_string()));
        run.after
    } else {
        let mut schema = build(&[], dialect, sources).after;
        for migration in &found.migrations {
            let script = read_script_part(sources, migration.up.source, migration.up, dialect);
            let transaction_mode = migration.run.transaction_mode(script.statements.len());
            let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode };
            let run = apply(schema.clone(), Session::new(&schema), &[input], sources);
            gaps.extend(gap(&run.steps, &migration.name));
            schema = run.after;
        }
        schema
    };
    let kind = if seen.schema_dump.is_some() { "ddl" } else { "migrations" };
    let applied = found.migrations.iter().map(|migration| migration.name.clone()).collect();
    let provenance = Provenance { kind: String::from(kind), applied, ..Provenance::default() };
    Ok((write_yaml(&Snapshot { schema, provenance }), gaps))
}

/// What of a script did not come into the snapshot.
fn gap(steps: &[crate::migrate::Step], name: &str) -> Option<String> {
    let first = steps.iter().find_map(|step| {
        let refused = step.outcome.refusal.as_ref().map(|refusal| refusal.message.clone());
        refused.or_else(|| step.outcome.not_judged.first().map(|not_judged| not_judged.reason.clone()))
    })?;
    Some(format!("not all of {name} is in the snapshot: {first}"))
}

fn settings(seen: &Repository) -> String {
    let folders: Vec<String> = seen.migrations.iter().map(|(folder, _)| quoted(&folder.display().to_string().replace('\\', "/"))).collect();
    let folders = if folders.is_empty() { String::from("migrations") } else { folders.join(", ") };
    let layouts: Vec<&str> = seen.migrations.iter().map(|(_, layout)| layout.title).collect();
    let layouts = if layouts.is_empty() { String::from("plain files until a tool is seen") } else { layouts.join(", ") };
    format!(
        "# Settings of fieldgate. `fieldgate schema config` prints the JSON Schema of this file for your editor.\n\n\
         # The database whose SQL this is.\ndialect: postgres\n\n\
         # Folders, files or globs that hold migrations ({layouts}).\nmigrations: [{folders}]\n\n\
         # What the warehouse looks like now. `fieldgate snapshot take DATABASE_URL --output {SNAPSHOT}` takes it from the live database.\nsnapshot: {SNAPSHOT}\n\n\
         # Who depends on the warehouse: departments, reports, exports, forms.\ncatalog: [warehouse/catalog]\n\n\
         # Rules of your own, beside the built-in ones (`fieldgate rules` lists them).\n# rules: [warehouse/rules]\n\n\
         # What blocks. `not_judged` is about what was not understood: it is never called safe.\ngate: {{ fail_on: error, not_judged: error }}\n\n\
         # Levels for single rules, for example:\n# levels: {{ column-without-comment: warning }}\n\n\
         # Who writes to the departments, and whom they call.\n# organisation:\n#   name: Our organisation\n#   time_zone: America/New_York\n#   help: {{ email: data-help@example.org }}\n"
    )
}

fn catalog(seen: &Repository) -> String {
    let dbt = if seen.dbt.is_some() { "# There is a dbt project here: `fieldgate catalog --help` says what can be imported from it.\n" } else { "" };
    format!(
        "# Who depends on the warehouse. Begin with the report that people would miss first.\n{dbt}\n\
         departments:\n  data-team:\n    name: Data team\n    # contacts: [{{ name: First Last, email: first.last@example.org }}]\n\n\
         # Plain names of fields, for people who never see SQL:\n# fields:\n#   public.clients.phone: {{ label: Phone, list: Client list }}\n\n\
         # consumers:\n#   weekly-report:\n#     name: Weekly report\n#     kind: report            # report, dashboard, export, sync, ingest, app or model\n\
         #     department: data-team\n#     owner: {{ name: First Last }}\n#     sql: SELECT name, phone FROM public.clients\n"
    )
}

/// A YAML scalar.
fn quoted(text: &str) -> String {
    let is_plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "/_.-".contains(letter)) && !text.starts_with(['-', '.']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn next(gaps: &[String], workflow: Option<&str>) -> String {
    let snapshot = if gaps.is_empty() {
        "The snapshot was made from the files here; `fieldgate snapshot take` makes it from the live database, which is better."
    } else {
        "The snapshot is not whole, so take it from the live database: `fieldgate snapshot take DATABASE_URL --output warehouse/snapshot.yml`."
    };
    let workflow = workflow
        .map(|path| {
            let owner =
                if path.starts_with(".github") { ", put the repository and the commit of fieldgate that you trust in place of OWNER/fieldgate@v0" } else { "" };
            format!("\n3. Look at {path}{owner}, and commit it with the rest.")
        })
        .unwrap_or_default();
    format!("\nWhat to do next\n1. {snapshot}\n2. Write into {CATALOG} who would miss what; then `fieldgate check` judges what is proposed.{workflow}")
}
