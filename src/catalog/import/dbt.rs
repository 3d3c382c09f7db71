//! dbt: `manifest.json` of a project that was compiled, and `catalog.json` beside it.
//!
//! Exposures become consumers that declare the relations they stand on; models with compiled code become consumers with that SQL, since a model
//! that no longer runs is a table that no longer fills. Groups become departments. What dbt keeps beside (tests, metrics, sources) is no consumer.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::imported::{Imported, ImportedConsumer, ImportedDepartment, e_mail, id_of};
use super::importer::Importer;
use super::json;
use crate::diagnostic::Problem;

/// dbt.
pub static DBT: Importer = Importer {
    name: "dbt",
    title: "dbt",
    wants: "target/manifest.json after `dbt compile`, and target/catalog.json after `dbt docs generate` if there is one",
    id_prefixes: &["dbt-exposure-", "dbt-model-"],
    read,
};

fn read(paths: &[PathBuf]) -> Result<Imported, Vec<Problem>> {
    let files = json::files(paths, "json").map_err(|problem| vec![problem])?;
    let mut manifests = Vec::new();
    let mut catalogs = Vec::new();
    let mut problems = Vec::new();
    for path in &files {
        match json::read(path) {
            Ok(value) if value.get("exposures").is_some() && value.get("nodes").is_some() => manifests.push(value),
            Ok(value) if value.get("nodes").is_some() && value.get("sources").is_some() => catalogs.push(value),
            Ok(_) if paths.contains(path) => {
                problems.push(Problem::error("import-not-dbt", format!("{} is neither manifest.json nor catalog.json of dbt", path.display())).of(path));
            }
            Ok(_) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if manifests.is_empty() && problems.is_empty() {
        problems.push(
            Problem::error("import-not-dbt", "there is no manifest.json of dbt among these files").help("run `dbt compile` and name target/manifest.json"),
        );
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut imported = Imported::default();
    for manifest in &manifests {
        Project { manifest, catalogs: &catalogs }.import(&mut imported);
    }
    Ok(imported)
}

struct Project<'m> {
    manifest: &'m Value,
    catalogs: &'m [Value],
}

impl Project<'_> {
    fn import(&self, imported: &mut Imported) {
        for (name, group) in json::members(self.manifest, "groups") {
            let group_name = json::text(group, "name").unwrap_or_else(|| name.clone());
            let contact = group.get("owner").and_then(owner);
            imported.departments.insert(id_of("", &group_name), ImportedDepartment { name: group_name, contact });
        }
        for (key, exposure) in json::members(self.manifest, "exposures") {
            self.exposure(key, exposure, imported);
        }
        for (key, node) in json::members(self.manifest, "nodes") {
            if matches!(node.get("resource_type").and_then(Value::as_str), Some("model" | "snapshot")) {
                self.model(key, node, imported);
            }
        }
    }

    fn exposure(&self, key: &str, exposure: &Value, imported: &mut Imported) {
        let Some(name) = json::text(exposure, "name") else { return imported.skip(key, "it has no name") };
        let mut reads = BTreeSet::new();
        let mut missing = Vec::new();
        self.relations_below(exposure, &mut reads, &mut missing, 0);
        if !missing.is_empty() {
            imported.skip(format!("exposure {name}"), format!("what it depends on is not in the manifest: {}", missing.join(", ")));
        }
        if reads.is_empty() {
            return imported.skip(format!("exposure {name}"), "it depends on nothing that has a relation");
        }
        let kind = match exposure.get("type").and_then(Value::as_str) {
            Some("dashboard") => "dashboard",
            Some("application") => "app",
            Some("ml") => "model",
            _ => "report",
        };
        let consumer = ImportedConsumer {
            name: json::text(exposure, "label").unwrap_or_else(|| name.clone()),
            kind,
            tool: Some(String::from("dbt exposure")),
            department: department_of(exposure, imported),
            owner: exposure.get("owner").and_then(owner),
            description: json::text(exposure, "description"),
            url: json::text(exposure, "url"),
            reads: reads.into_iter().collect(),
            ..ImportedConsumer::default()
        };
        imported.consumers.insert(id_of("dbt-exposure-", &name), consumer);
    }

    fn model(&self, key: &str, node: &Value, imported: &mut Imported) {
        let Some(name) = json::text(node, "name") else { return imported.skip(key, "it has no name") };
        let materialized = node.get("config").and_then(|config| json::text(config, "materialized"));
        if materialized.as_deref() == Some("ephemeral") {
            // Its text stands inside the models that use it.
            return;
        }
        let is_python = node.get("language").and_then(Value::as_str) == Some("python");
        let sql = json::text(node, "compiled_code").or_else(|| json::text(node, "compiled_sql")).filter(|_| !is_python);
        let mut reads = BTreeSet::new();
        if sql.is_none() {
            let mut missing = Vec::new();
            self.relations_below(node, &mut reads, &mut missing, 0);
            let why = if is_python { "a Python model has no SQL" } else { "it is not compiled (`dbt compile` keeps the code)" };
            imported.skip(format!("the code of model {name}"), format!("{why}; the relations it depends on are declared instead"));
            if reads.is_empty() {
                return;
            }
        }
        let own = node.get("meta").or_else(|| node.get("config").and_then(|config| config.get("meta")));
        let consumer = ImportedConsumer {
            name: format!("dbt model {name}"),
            kind: "model",
            tool: Some(String::from("dbt")),
            department: department_of(node, imported),
            owner: own.and_then(|meta| meta.get("owner")).and_then(owner),
            description: json::text(node, "description"),
            sql,
            reads: reads.into_iter().collect(),
            ..ImportedConsumer::default()
        };
        imported.consumers.insert(id_of("dbt-model-", &name), consumer);
    }

    /// The relations that a node stands on; ephemeral models have none, what they stand on counts.
    fn relations_below(&self, node: &Value, reads: &mut BTreeSet<String>, missing: &mut Vec<String>, depth: usize) {
        let Some(below) = node.get("depends_on") else { return };
        for key in json::list(below, "nodes").filter_map(Value::as_str) {
            let found = ["nodes", "sources"].iter().find_map(|section| self.manifest.get(section)?.get(key));
            let Some(found) = found else {
                missing.push(key.to_owned());
                continue;
            };
            let ephemeral = found.get("config").and_then(|config| config.get("materialized")).and_then(Value::as_str) == Some("ephemeral");
            match self.relation(key, found) {
                Some(relation) if !ephemeral => _ = reads.insert(relation),
                _ if depth < 64 => self.relations_below(found, reads, missing, depth + 1),
                _ => missing.push(key.to_owned()),
            }
        }
    }

    /// `schema.name`, as the warehouse has it: the catalog saw it there.
    fn relation(&self, key: &str, node: &Value) -> Option<String> {
        let seen = self.catalogs.iter().find_map(|catalog| ["nodes", "sources"].iter().find_map(|section| catalog.get(section)?.get(key)?.get("metadata")));
        let seen = seen.and_then(|metadata| Some((json::text(metadata, "schema")?, json::text(metadata, "name")?)));
        let (schema, name) = match seen {
            Some(seen) => seen,
            None => {
                let name = ["alias", "identifier", "name"].iter().find_map(|word| json::text(node, word))?;
                (json::text(node, "schema")?, name)
            }
        };
        Some(format!("{}.{}", quoted(&schema), quoted(&name)))
    }
}

/// A name as a catalog writes it.
fn quoted(name: &str) -> String {
    let plain = name.chars().all(|letter| letter == '_' || letter.is_ascii_lowercase() || letter.is_ascii_digit())
        && name.chars().next().is_some_and(|first| !first.is_ascii_digit());
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn department_of(node: &Value, imported: &Imported) -> Option<String> {
    let group = json::text(node, "group").or_else(|| json::text(node.get("config")?, "group"))?;
    let id = id_of("", &group);
    imported.departments.contains_key(&id).then_some(id)
}

/// `{name, email}`, where the address may be a list, or a bare text.
fn owner(value: &Value) -> Option<(String, Option<String>)> {
    if let Some(text) = value.as_str().map(str::trim).filter(|text| !text.is_empty()) {
        return Some((text.to_owned(), e_mail(text)));
    }
    let first = match value.get("email") {
        Some(Value::Array(all)) => all.iter().find_map(Value::as_str).and_then(e_mail),
        Some(Value::String(one)) => e_mail(one),
        _ => None,
    };
    let name = json::text(value, "name").or_else(|| first.clone())?;
    Some((name, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"{
      "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"},
      "groups": {"group.shop.care": {"name": "Care team", "owner": {"name": "Ana Ruiz", "email": ["ana@example.org", "care@example.org"]}}},
      "nodes": {
        "model.shop.meals": {"resource_type": "model", "name": "meals", "schema": "mart", "alias": "meals", "group": "Care team",
          "config": {"materialized": "table", "meta": {"owner": "Li Wei"}}, "compiled_code": "SELECT id FROM app.meals", "depends_on": {"nodes": []}},
        "model.shop.step": {"resource_type": "model", "name": "step", "schema": "mart", "config": {"materialized": "ephemeral"},
          "depends_on": {"nodes": ["source.shop.app.clients"]}},
        "model.shop.raw": {"resource_type": "model", "name": "raw", "schema": "mart", "config": {"materialized": "view"},
          "raw_code": "select * from {{ ref('meals') }}", "depends_on": {"nodes": ["model.shop.meals"]}},
        "test.shop.unique": {"resource_type": "test", "name": "unique"}
      },
      "sources": {"source.shop.app.clients": {"schema": "app", "name": "clients", "identifier": "Clients"}},
      "exposures": {"exposure.shop.board": {"name": "board", "label": "Board report", "type": "dashboard", "url": "https://bi.example.org/1",
        "owner": {"email": "ana@example.org"}, "depends_on": {"nodes": ["model.shop.meals", "model.shop.step"]}},
        "exposure.shop.lost": {"name": "lost", "type": "notebook", "depends_on": {"nodes": ["model.shop.gone"]}}}
    }"#;

    fn imported(files: &[(&str, &str)]) -> Imported {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        read(&[folder.path().to_owned()]).unwrap()
    }

    #[test]
    fn exposures_stand_on_relations_through_ephemeral_models() {
        let found = imported(&[("manifest.json", MANIFEST)]);
        let board = &found.consumers["dbt-exposure-board"];
        assert_eq!(board.reads, ["app.\"Clients\"", "mart.meals"]);
        assert_eq!((board.kind, board.owner.as_ref().unwrap().0.as_str()), ("dashboard", "ana@example.org"));
    }

    #[test]
    fn a_catalog_says_how_the_warehouse_spells_it() {
        let catalog = r#"{"nodes": {"model.shop.meals": {"metadata": {"schema": "MART", "name": "MEALS", "type": "TABLE"}, "columns": {}}}, "sources": {}}"#;
        let found = imported(&[("catalog.json", catalog), ("manifest.json", MANIFEST)]);
        assert!(found.consumers["dbt-exposure-board"].reads.contains(&String::from("\"MART\".\"MEALS\"")));
    }

    #[test]
    fn compiled_models_have_their_sql_others_what_they_depend_on() {
        let found = imported(&[("manifest.json", MANIFEST)]);
        let meals = &found.consumers["dbt-model-meals"];
        assert_eq!((meals.sql.as_deref(), meals.department.as_deref()), (Some("SELECT id FROM app.meals"), Some("care-team")));
        assert_eq!(found.consumers["dbt-model-raw"].reads, ["mart.meals"]);
        assert!(!found.consumers.contains_key("dbt-model-step"));
        assert_eq!(found.departments["care-team"].contact, Some((String::from("Ana Ruiz"), Some(String::from("ana@example.org")))));
    }

    #[test]
    fn what_is_left_out_is_named() {
        let found = imported(&[("manifest.json", MANIFEST)]);
        let names: Vec<&str> = found.skipped.iter().map(|skipped| skipped.what.as_str()).collect();
        assert_eq!(names, ["exposure lost", "exposure lost", "the code of model raw"]);
    }
}
