//! Snapshot files read and written: YAML for people, JSON for programs, and the JSON Schema of both.

use super::build::build;
use super::describe::describe;
use super::emit::emit;
use super::file::{Document, VERSION};
use super::{Provenance, Snapshot};
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::text::{SourceId, Sources};
use crate::yaml::{Node, NodeKind, decode, parse};

/// Reads a snapshot file (YAML or JSON).
///
/// Beside the snapshot there may be warnings: what in it is not understood is unknown in the schema, and said here.
///
/// # Errors
/// When the file is no YAML, is of another version, has unknown keys, or speaks of what is not there: every fault at its place.
pub fn read_yaml(sources: &mut Sources, id: SourceId, dialect: &'static Dialect) -> Result<(Snapshot, Vec<Problem>), Vec<Problem>> {
    let node = parse(sources, id)?;
    check_version(&node)?;
    let (document, mut problems) = decode::<Document>(&node);
    let Some(document) = document else { return Err(problems) };
    let file = sources.get(id).map(|source| source.name().to_owned()).unwrap_or_default();
    let (schema, provenance, more) = build(&document, dialect, sources, &file);
    problems.extend(more);
    problems.sort_by_key(|problem| problem.span.map_or(0, |span| span.start));
    if problems.iter().any(Problem::is_error) { Err(problems) } else { Ok((Snapshot { schema, provenance }, problems)) }
}

/// A snapshot of another version is told so before anything in it is looked at.
fn check_version(node: &Node) -> Result<(), Vec<Problem>> {
    let Some(version) = node.get("version") else {
        let what = if matches!(node.kind, NodeKind::Mapping(_)) { "`version` is missing" } else { "this is no snapshot" };
        let problem = Problem::error("snapshot-version", what).at(node.span);
        return Err(vec![problem.help(format!("a snapshot starts with `version: {VERSION}`; `fieldgate snapshot` writes one"))]);
    };
    let NodeKind::Scalar { text, .. } = &version.kind else { return Ok(()) };
    match text.parse::<u64>() {
        Ok(number) if number == u64::from(VERSION) => Ok(()),
        Ok(number) if number > u64::from(VERSION) => {
            let message = format!("this snapshot has format version {number}, and this fieldgate reads version {VERSION}");
            Err(vec![Problem::error("snapshot-version", message).at(version.span).help("install a newer fieldgate, or take the snapshot again with this one")])
        }
        _ => {
            let message = format!("`{text}` is no format version");
            Err(vec![Problem::error("snapshot-version", message).at(version.span).help(format!("write `version: {VERSION}`"))])
        }
    }
}

/// The file as YAML: sorted, stable, one line for each small thing.
pub fn write_yaml(snapshot: &Snapshot) -> String {
    document_yaml(&describe(&snapshot.schema, &snapshot.provenance))
}

/// The same structure as JSON, indented.
pub fn write_json(snapshot: &Snapshot) -> String {
    let document = describe(&snapshot.schema, &snapshot.provenance);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// A document as YAML.
pub(super) fn document_yaml(document: &Document) -> String {
    emit(&serde_json::to_value(document).unwrap_or_default())
}

/// The JSON Schema of the file.
pub fn json_schema() -> serde_json::Value {
    let mut schema = serde_json::to_value(schemars::schema_for!(Document)).unwrap_or_default();
    if let Some(map) = schema.as_object_mut() {
        map.insert(String::from("title"), serde_json::Value::from("A fieldgate snapshot"));
    }
    schema
}

/// A snapshot of a schema that was made here.
pub fn of_schema(schema: crate::schema::Schema, kind: &str) -> Snapshot {
    Snapshot { schema, provenance: Provenance { kind: kind.to_owned(), ..Provenance::default() } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect;

    fn read(text: &str) -> Result<(Snapshot, Vec<Problem>), Vec<String>> {
        let mut sources = Sources::default();
        let id = sources.add("snapshot.yml", text);
        read_yaml(&mut sources, id, dialect::named("postgres").unwrap()).map_err(|problems| {
            let show = |problem: &Problem| {
                let place = sources.place(problem.span.unwrap()).start;
                let help = problem.help.as_deref().and_then(|help| help.lines().next()).unwrap_or("");
                format!("{}:{}: {} ({help})", place.line, place.column, problem.message)
            };
            problems.iter().filter(|problem| problem.is_error()).map(show).collect()
        })
    }

    const EXAMPLE: &str = include_str!("../../fixtures/example/warehouse/snapshot.yml");

    #[test]
    fn the_example_is_read_without_a_doubt() {
        let (snapshot, warnings) = read(EXAMPLE).unwrap();
        assert_eq!(warnings.iter().map(|warning| warning.message.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
        assert_eq!(snapshot.provenance.applied, ["0041_client_zip_code"]);
    }

    #[test]
    fn what_is_written_is_read_back_as_the_same_and_written_the_same() {
        let (first, _) = read(EXAMPLE).unwrap();
        let text = write_yaml(&first);
        let (second, _) = read(&text).unwrap();
        let differences = crate::schema::difference(&first.schema, &second.schema);
        assert_eq!(differences.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
        assert_eq!(write_yaml(&second), text);
    }

    #[test]
    fn faults_are_told_at_their_place() {
        let text = "\
version: 1
schemas:
  app:
    tables:
      clients:
        columns:
          id: bigint
          phone: { type: txt, notnull: true }
        primary_key: { columns: [idd] }
      visits:
        columns:
          client: bigint
        foreign_keys:
          visits_client_fkey: { columns: [client], references: app.client }
";
        assert_eq!(
            read(text).unwrap_err(),
            [
                "8:26: type \"txt\" does not exist (write types as the server prints them: `character varying(20)`, `app.status`, `text[]`)",
                "8:31: unknown key `notnull` (did you mean `not_null`?)",
                "9:34: `app.clients` has no column `idd` (did you mean `id`?)",
                "14:64: there is no table or view `app.client` in this file (did you mean `app.clients`?)",
            ]
        );
    }

    #[test]
    fn another_version_is_said_before_anything_else() {
        assert_eq!(
            read("version: 2\nnonsense: true\n").unwrap_err(),
            [
                "1:10: this snapshot has format version 2, and this fieldgate reads version 1 (install a newer fieldgate, or take the snapshot again with this one)"
            ]
        );
        assert_eq!(read("schemas: {}\n").unwrap_err(), ["1:1: `version` is missing (a snapshot starts with `version: 1`; `fieldgate snapshot` writes one)"]);
    }

    #[test]
    fn the_schema_of_the_file_refuses_unknown_keys() {
        let schema = json_schema();
        assert_eq!(schema["additionalProperties"], serde_json::Value::Bool(false));
        assert!(schema["properties"]["schemas"].is_object());
    }
}
