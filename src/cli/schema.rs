//! `schema`: the JSON Schema of a file format, out of the types that read it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};

use super::console::Console;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::output::{OutputFile, write_files};
use crate::catalog::RawCatalog;
use crate::project::{RawConfig, RawNoticeLog, RawSidecar};
use crate::render::Report;
use crate::rules::RuleFile;
use crate::snapshot::file::Document;

/// The file formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaKind {
    /// fieldgate.yml
    Config,
    /// Departments, fields and consumers
    Catalog,
    /// The change record beside a migration, NAME.fieldgate.yml
    Change,
    /// Who was told, as `notice --record` writes it
    Notices,
    /// The schema of a warehouse at one moment
    Snapshot,
    /// A rule of the organisation
    Rule,
    /// What `check --format json` prints
    Report,
}

/// Arguments of `schema`.
#[derive(Clone, Debug, Args)]
pub(super) struct SchemaArguments {
    /// Which file format
    #[arg(value_name = "KIND")]
    kind: SchemaKind,
    /// File to write to, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Prints a schema.
///
/// # Errors
/// When it cannot be written.
pub(super) fn run(arguments: &SchemaArguments, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let bytes = schema(arguments.kind).into_bytes();
    match &arguments.output {
        Some(path) => write_files(&[OutputFile { path: path.clone(), bytes }])?,
        None => console.data(&bytes)?,
    }
    Ok(ExitStatus::Clean)
}

fn schema(kind: SchemaKind) -> String {
    let schema = match kind {
        SchemaKind::Config => of::<RawConfig>(),
        SchemaKind::Catalog => of::<RawCatalog>(),
        SchemaKind::Change => of::<RawSidecar>(),
        SchemaKind::Notices => of::<RawNoticeLog>(),
        SchemaKind::Snapshot => of::<Document>(),
        SchemaKind::Rule => of::<RuleFile>(),
        SchemaKind::Report => of::<Report>(),
    };
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Draft 7: editors read it, and newer ones not everywhere.
fn of<T: JsonSchema>() -> Schema {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    RecursiveTransform(refuse_unknown_keys).transform(&mut schema);
    schema
}

/// As our reader does.
fn refuse_unknown_keys(schema: &mut Schema) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema.insert(String::from("additionalProperties"), false.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_knows_its_keys_and_no_others() {
        for kind in SchemaKind::value_variants() {
            let schema: serde_json::Value = serde_json::from_str(&schema(*kind)).unwrap();
            assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#", "{kind:?}");
            assert_eq!(schema["additionalProperties"], false, "{kind:?}");
            assert!(!schema.to_string().contains("$fieldgate"), "{kind:?}: inner names show");
        }
    }
}
