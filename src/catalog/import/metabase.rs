//! Metabase: what its API answers, saved as JSON: cards, dashboards, collections, and the metadata of databases.
//!
//! A question in SQL becomes a consumer with that SQL, in the form of 0.56 and before (`dataset_query.native.query`) and in that of 0.57 and later
//! (`dataset_query.stages[].native`). A question made by clicking (MBQL) becomes one that declares the columns it names, when the metadata that says
//! what their numbers mean is there. On which dashboards a card stands is written into its description; its collection is its department.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use super::imported::{Imported, ImportedConsumer, ImportedDepartment, e_mail, id_of};
use super::importer::Importer;
use super::json;
use crate::diagnostic::Problem;

/// Metabase.
pub static METABASE: Importer = Importer {
    name: "metabase",
    title: "Metabase",
    wants: "answers of /api/card, /api/dashboard/:id, /api/collection and /api/database/:id/metadata, saved as .json files",
    id_prefixes: &["metabase-card-"],
    read,
};

/// Everything that was exported, by what it is.
#[derive(Default)]
struct Export {
    cards: BTreeMap<String, Value>,
    dashboards: Vec<Value>,
    collections: BTreeMap<String, Value>,
    /// Relation by number.
    tables: BTreeMap<String, String>,
    /// Relation and column by number.
    fields: BTreeMap<String, (String, String)>,
}

fn read(paths: &[PathBuf]) -> Result<Imported, Vec<Problem>> {
    let files = json::files(paths, "json").map_err(|problem| vec![problem])?;
    let mut export = Export::default();
    let mut imported = Imported::default();
    let mut problems = Vec::new();
    for path in &files {
        match json::read(path) {
            Ok(value) => {
                if !export.take(value) {
                    imported.skip(path.display().to_string(), "it holds no cards, dashboards, collections or metadata");
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if export.cards.is_empty() && export.dashboards.is_empty() {
        return Err(vec![Problem::error("import-not-metabase", "there are no cards of Metabase among these files").help(METABASE.wants)]);
    }
    let shown_on = export.shown_on();
    for (id, card) in &export.cards {
        export.card(id, card, &shown_on, &mut imported);
    }
    Ok(imported)
}

impl Export {
    /// Sorts a file into what it holds; whether it held anything.
    fn take(&mut self, value: Value) -> bool {
        match value {
            Value::Array(all) => all.into_iter().map(|one| self.take(one)).fold(false, |any, one| any | one),
            Value::Object(_) if value.get("dataset_query").is_some() => {
                let id = json::id(&value, "id").or_else(|| json::id(&value, "entity_id"));
                id.is_some_and(|id| {
                    self.cards.insert(id, value);
                    true
                })
            }
            Value::Object(_) if value.get("dashcards").is_some() || value.get("ordered_cards").is_some() => {
                for placed in json::list(&value, "dashcards").chain(json::list(&value, "ordered_cards")) {
                    if let Some(card) = placed.get("card").filter(|card| card.get("dataset_query").is_some())
                        && let Some(id) = json::id(card, "id")
                    {
                        self.cards.entry(id).or_insert_with(|| card.clone());
                    }
                }
                self.dashboards.push(value);
                true
            }
            Value::Object(_) if value.get("tables").is_some() => {
                self.metadata(&value);
                true
            }
            Value::Object(_) if value.get("location").is_some() || value.get("slug").is_some() => {
                let id = json::id(&value, "id");
                id.is_some_and(|id| {
                    self.collections.insert(id, value);
                    true
                })
            }
            Value::Object(mut object) => match object.remove("data") {
                Some(data @ Value::Array(_)) => self.take(data),
                _ => false,
            },
            _ => false,
        }
    }

    fn metadata(&mut self, database: &Value) {
        for table in json::list(database, "tables") {
            let (Some(id), Some(name)) = (json::id(table, "id"), json::text(table, "name")) else { continue };
            let relation = match json::text(table, "schema") {
                Some(schema) => format!("{}.{}", quoted(&schema), quoted(&name)),
                None => quoted(&name),
            };
            for field in json::list(table, "fields") {
                if let (Some(id), Some(name)) = (json::id(field, "id"), json::text(field, "name")) {
                    self.fields.insert(id, (relation.clone(), quoted(&name)));
                }
            }
            self.tables.insert(id, relation);
        }
    }

    /// Names of the dashboards that show a card.
    fn shown_on(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for dashboard in self.dashboards.iter().filter(|dashboard| !is_archived(dashboard)) {
            let Some(name) = json::text(dashboard, "name") else { continue };
            for placed in json::list(dashboard, "dashcards").chain(json::list(dashboard, "ordered_cards")) {
                let more = json::list(placed, "series").filter_map(|card| json::id(card, "id"));
                for id in json::id(placed, "card_id").into_iter().chain(more) {
                    shown.entry(id).or_default().insert(name.clone());
                }
            }
        }
        shown
    }

    fn card(&self, id: &str, card: &Value, shown_on: &BTreeMap<String, BTreeSet<String>>, imported: &mut Imported) {
        let name = json::text(card, "name").unwrap_or_else(|| format!("card {id}"));
        let what = format!("card {id} ({name})");
        if is_archived(card) {
            return imported.skip(what, "it is archived");
        }
        let Some(query) = card.get("dataset_query") else { return imported.skip(what, "it has no query") };
        let sql = native(query);
        let mut reads = BTreeSet::new();
        if sql.is_none() {
            if let Err(why) = self.declared(query, &mut reads) {
                return imported.skip(what, why);
            }
            if reads.is_empty() {
                return imported.skip(what, "it has neither SQL nor columns");
            }
        } else if let Err(why) = self.filtered(query, &mut reads) {
            imported.skip(format!("a filter of {what}"), why);
        }
        let dashboards = shown_on.get(id).map(|names| names.iter().cloned().collect::<Vec<_>>().join(", "));
        let shown = dashboards.as_ref().map(|names| format!("Shown on: {names}"));
        let description = [json::text(card, "description"), shown].into_iter().flatten().collect::<Vec<_>>().join("\n");
        let consumer = ImportedConsumer {
            name,
            kind: if dashboards.is_some() { "dashboard" } else { "report" },
            tool: Some(String::from("metabase")),
            department: self.department(card, imported),
            owner: card.get("creator").and_then(creator),
            description: Some(description).filter(|text| !text.is_empty()),
            sql,
            reads: reads.into_iter().collect(),
            ..ImportedConsumer::default()
        };
        imported.consumers.insert(id_of("metabase-card-", id), consumer);
    }

    /// The outermost collection around a card.
    fn department(&self, card: &Value, imported: &mut Imported) -> Option<String> {
        let own = self.collections.get(&json::id(card, "collection_id")?)?;
        let outermost = json::text(own, "location")
            .and_then(|location| location.split('/').find(|part| !part.is_empty()).map(str::to_owned))
            .and_then(|id| self.collections.get(&id))
            .unwrap_or(own);
        let is_personal = outermost.get("personal_owner_id").is_some_and(|owner| !owner.is_null());
        let name = json::text(outermost, "name").filter(|_| !is_personal)?;
        let id = id_of("", &name);
        if id.is_empty() {
            return None;
        }
        imported.departments.entry(id.clone()).or_insert(ImportedDepartment { name, contact: None });
        Some(id)
    }

    /// Columns and relations that a clicked query names.
    fn declared(&self, query: &Value, reads: &mut BTreeSet<String>) -> Result<(), String> {
        let mut named_columns = BTreeSet::new();
        let mut relations = BTreeSet::new();
        self.walk(query, &mut named_columns, &mut relations)?;
        let covered: BTreeSet<&String> = named_columns.iter().map(|(relation, _)| relation).collect();
        // Without a list of columns a question shows all of them.
        reads.extend(relations.iter().filter(|relation| !covered.contains(relation) || !has_columns(query)).cloned());
        reads.extend(named_columns.iter().map(|(relation, column)| format!("{relation}.{column}")));
        Ok(())
    }

    /// Columns behind the field filters of a question in SQL: their text stands nowhere in it, Metabase puts the condition in when it runs.
    fn filtered(&self, query: &Value, reads: &mut BTreeSet<String>) -> Result<(), String> {
        let tagged = query.get("native").into_iter().chain(json::list(query, "stages")).filter_map(|part| part.get("template-tags"));
        let mut columns = BTreeSet::new();
        for tags in tagged {
            let each: Vec<&Value> = match tags {
                Value::Object(named) => named.values().collect(),
                Value::Array(listed) => listed.iter().collect(),
                _ => Vec::new(),
            };
            for dimension in each.into_iter().filter_map(|tag| tag.get("dimension")).filter(|dimension| !dimension.is_null()) {
                self.walk(dimension, &mut columns, &mut BTreeSet::new())?;
            }
        }
        reads.extend(columns.iter().map(|(relation, column)| format!("{relation}.{column}")));
        Ok(())
    }

    fn walk(&self, value: &Value, columns: &mut BTreeSet<(String, String)>, relations: &mut BTreeSet<String>) -> Result<(), String> {
        match value {
            Value::Array(items) => {
                if let [Value::String(head), rest @ ..] = items.as_slice()
                    && matches!(head.as_str(), "field" | "field-id")
                {
                    return self.field(rest, columns);
                }
                items.iter().try_for_each(|item| self.walk(item, columns, relations))
            }
            Value::Object(object) => {
                for (key, inner) in object {
                    match (key.as_str(), inner) {
                        ("source-table", Value::String(text)) if text.starts_with("card__") => {
                            return Err(String::from("it builds on another question, whose columns have no names here"));
                        }
                        ("source-card", id) if !id.is_null() => return Err(String::from("it builds on another question, whose columns have no names here")),
                        ("source-table", Value::Array(path)) => relations.extend(portable(path)),
                        ("source-table", Value::Number(id)) => match self.tables.get(&id.to_string()) {
                            Some(relation) => _ = relations.insert(relation.clone()),
                            None => return Err(format!("which table number {id} is, is not known: save /api/database/:id/metadata beside it")),
                        },
                        _ => self.walk(inner, columns, relations)?,
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// `["field", 12, {…}]`, `["field", {…}, 12]`, or a path of names in the place of the number; a name alone is a column of the question itself.
    fn field(&self, rest: &[Value], columns: &mut BTreeSet<(String, String)>) -> Result<(), String> {
        for part in rest {
            match part {
                Value::Number(id) => {
                    let found = self.fields.get(&id.to_string());
                    let found = found.ok_or_else(|| format!("which column number {id} is, is not known: save /api/database/:id/metadata beside it"))?;
                    columns.insert(found.clone());
                }
                Value::Array(path) => {
                    if let Some((column, before)) = path.split_last()
                        && let (Some(column), Some(relation)) = (column.as_str(), portable(before))
                    {
                        columns.insert((relation, quoted(column)));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// `[database, schema, table]`, as exports that can be moved write it.
fn portable(path: &[Value]) -> Option<String> {
    let table = path.last()?.as_str()?;
    match path.iter().rev().nth(1).and_then(Value::as_str).filter(|_| path.len() > 2) {
        Some(schema) => Some(format!("{}.{}", quoted(schema), quoted(table))),
        None => Some(quoted(table)),
    }
}

fn quoted(name: &str) -> String {
    let plain = name.chars().all(|letter| letter == '_' || letter.is_ascii_lowercase() || letter.is_ascii_digit())
        && name.chars().next().is_some_and(|first| !first.is_ascii_digit());
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Whether a query says which columns it shows.
fn has_columns(query: &Value) -> bool {
    let says =
        |part: &Value| ["fields", "aggregation", "breakout"].iter().any(|key| part.get(key).and_then(Value::as_array).is_some_and(|all| !all.is_empty()));
    query.get("query").is_some_and(says) || json::list(query, "stages").any(says)
}

/// The SQL of a question, in either form.
fn native(query: &Value) -> Option<String> {
    let old = query.get("native").and_then(|native| json::text(native, "query"));
    old.or_else(|| json::list(query, "stages").find_map(|stage| json::text(stage, "native")))
}

fn is_archived(value: &Value) -> bool {
    value.get("archived").and_then(Value::as_bool) == Some(true)
}

fn creator(value: &Value) -> Option<(String, Option<String>)> {
    let email = json::text(value, "email").and_then(|text| e_mail(&text));
    let name = json::text(value, "common_name").or_else(|| email.clone())?;
    Some((name, email))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imported(files: &[(&str, &str)]) -> Imported {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        read(&[folder.path().to_owned()]).unwrap()
    }

    const CARDS: &str = r#"[
      {"id": 7, "name": "Intakes by week", "collection_id": 3, "creator": {"email": "ana@example.org", "common_name": "Ana Ruiz"},
       "dataset_query": {"type": "native", "database": 1, "native": {"query": "SELECT week FROM app.intakes WHERE site = {{site}}"}}},
      {"id": 8, "name": "New form", "dataset_query": {"lib/type": "mbql/query", "stages": [{"lib/type": "mbql.stage/native", "native": "SELECT 1"}]}},
      {"id": 9, "name": "Clicked", "dataset_query": {"type": "query", "query": {"source-table": 11,
        "aggregation": [["count"]], "breakout": [["field", 101, null]], "filter": ["=", ["field", 102, null], "x"]}}},
      {"id": 10, "name": "On a question", "dataset_query": {"type": "query", "query": {"source-table": "card__7"}}},
      {"id": 12, "name": "Old", "archived": true, "dataset_query": {"type": "native", "native": {"query": "SELECT 2"}}}
    ]"#;
    const METADATA: &str =
        r#"{"id": 1, "tables": [{"id": 11, "schema": "app", "name": "clients", "fields": [{"id": 101, "name": "site"}, {"id": 102, "name": "State"}]}]}"#;
    const DASHBOARD: &str = r#"{"id": 1, "name": "Monday", "dashcards": [{"id": 1, "card_id": 7}]}"#;
    const COLLECTIONS: &str = r#"[{"id": 2, "name": "Client Services", "slug": "client_services", "location": "/"}, {"id": 3, "name": "Intake", "slug": "intake", "location": "/2/"}]"#;

    #[test]
    fn questions_in_sql_are_read_in_both_forms() {
        let found = imported(&[("cards.json", CARDS), ("dash.json", DASHBOARD), ("collections.json", COLLECTIONS), ("db.json", METADATA)]);
        let week = &found.consumers["metabase-card-7"];
        assert_eq!(week.sql.as_deref(), Some("SELECT week FROM app.intakes WHERE site = {{site}}"));
        assert_eq!((week.kind, week.department.as_deref(), week.description.as_deref()), ("dashboard", Some("client-services"), Some("Shown on: Monday")));
        assert_eq!(found.consumers["metabase-card-8"].sql.as_deref(), Some("SELECT 1"));
    }

    #[test]
    fn clicked_questions_declare_the_columns_they_name() {
        let found = imported(&[("cards.json", CARDS), ("db.json", METADATA)]);
        assert_eq!(found.consumers["metabase-card-9"].reads, ["app.clients.\"State\"", "app.clients.site"]);
    }

    #[test]
    fn a_field_filter_reads_its_column() {
        let card = r#"{"id": 5, "name": "Filtered", "dataset_query": {"type": "native", "native": {"query": "SELECT count(*) FROM app.clients WHERE {{where}}",
          "template-tags": {"where": {"name": "where", "type": "dimension", "dimension": ["field", 102, null]}}}}}"#;
        let found = imported(&[("card.json", card), ("db.json", METADATA)]);
        assert_eq!(found.consumers["metabase-card-5"].reads, ["app.clients.\"State\""]);
        let found = imported(&[("card.json", card)]);
        assert_eq!(found.skipped[0].what, "a filter of card 5 (Filtered)");
        assert!(found.consumers["metabase-card-5"].sql.is_some());
    }

    #[test]
    fn what_is_left_out_is_named() {
        let found = imported(&[("cards.json", CARDS)]);
        let names: Vec<&str> = found.skipped.iter().map(|skipped| skipped.what.as_str()).collect();
        assert_eq!(names, ["card 10 (On a question)", "card 12 (Old)", "card 9 (Clicked)"]);
    }
}
