//! What was imported before, what a person added since, and what is there now, put together.
//!
//! In an entry that the import owns (its id begins with one of the importer's prefixes, or the tool knows it now) the source decides what it says, and everything else that stands there stays: a
//! person's `department`, `kind`, `criticality`, `cadence`, `last_checked`, `recipients`. Other entries of the file are not touched. An entry that another
//! file of the catalog declares is left to that file.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::imported::{Imported, ImportedConsumer, ImportedDepartment};

/// Keys in which a person's word counts more than the tool's.
const KEPT: &[&str] = &["department", "kind"];

/// A catalog file put together, and what happened to its entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// The file as a tree.
    pub catalog: Value,
    /// Ids that were not there.
    pub added: Vec<String>,
    /// Ids that say something else now.
    pub updated: Vec<String>,
    /// Ids that the source no longer has.
    pub removed: Vec<String>,
    /// Ids that another file declares.
    pub elsewhere: Vec<String>,
}

/// Puts an import into the file that it writes. `before` is that file, `elsewhere` the ids that other files of the catalog declare, and entries whose id
/// begins with a prefix go when the source no longer has them.
pub fn merge(imported: &Imported, before: &Value, elsewhere: &BTreeSet<String>, prefixes: &[&str]) -> Merged {
    let mut merged = Merged::default();
    let old = |section: &str| before.get(section).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut departments = old("departments");
    for (id, department) in &imported.departments {
        if !elsewhere.contains(id) && !departments.contains_key(id) {
            departments.insert(id.clone(), department_value(department));
        }
    }
    let mut consumers = old("consumers");
    let stale: Vec<String> =
        consumers.keys().filter(|id| prefixes.iter().any(|prefix| id.starts_with(prefix)) && !imported.consumers.contains_key(*id)).cloned().collect();
    for id in stale {
        consumers.remove(&id);
        merged.removed.push(id);
    }
    for (id, consumer) in &imported.consumers {
        if elsewhere.contains(id) {
            consumers.remove(id);
            merged.elsewhere.push(id.clone());
            continue;
        }
        let fresh = consumer_value(consumer);
        match consumers.get(id).and_then(Value::as_object) {
            None => {
                merged.added.push(id.clone());
                consumers.insert(id.clone(), Value::Object(fresh));
            }
            Some(was) => {
                let together = together(was, fresh);
                if together != *was {
                    merged.updated.push(id.clone());
                }
                consumers.insert(id.clone(), Value::Object(together));
            }
        }
    }
    let mut catalog = Map::new();
    for (section, entries) in [("departments", sorted(departments)), ("fields", old("fields")), ("consumers", sorted(consumers))] {
        if !entries.is_empty() {
            catalog.insert(section.to_owned(), Value::Object(entries));
        }
    }
    merged.catalog = Value::Object(catalog);
    merged
}

fn sorted(entries: Map<String, Value>) -> Map<String, Value> {
    let mut all: Vec<(String, Value)> = entries.into_iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.into_iter().collect()
}

/// Keys that only an import writes: they go when the source no longer says them.
const OWN: &[&str] = &["name", "tool", "owner", "description", "url", "sql", "sql_file", "reads"];

fn together(was: &Map<String, Value>, mut fresh: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in was {
        let kept = KEPT.contains(&key.as_str()) || !(fresh.contains_key(key) || OWN.contains(&key.as_str()));
        if kept {
            fresh.insert(key.clone(), value.clone());
        }
    }
    fresh
}

fn person(name: &str, email: Option<&String>) -> Value {
    let mut person = Map::new();
    person.insert(String::from("name"), Value::from(name));
    if let Some(email) = email {
        person.insert(String::from("email"), Value::from(email.as_str()));
    }
    Value::Object(person)
}

fn department_value(department: &ImportedDepartment) -> Value {
    let mut entry = Map::new();
    entry.insert(String::from("name"), Value::from(department.name.as_str()));
    if let Some((name, email)) = &department.contact {
        entry.insert(String::from("contacts"), Value::Array(vec![person(name, email.as_ref())]));
    }
    Value::Object(entry)
}

fn consumer_value(consumer: &ImportedConsumer) -> Map<String, Value> {
    let mut entry = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            entry.insert(key.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    put("name", Some(Value::from(consumer.name.as_str())));
    put("kind", Some(Value::from(consumer.kind)));
    put("tool", text(&consumer.tool));
    put("department", text(&consumer.department));
    put("owner", consumer.owner.as_ref().map(|(name, email)| person(name, email.as_ref())));
    for (key, word) in &consumer.words {
        put(key, Some(Value::from(word.as_str())));
    }
    put("description", text(&consumer.description));
    put("url", text(&consumer.url));
    put("sql_file", text(&consumer.sql_file));
    put("sql", text(&consumer.sql));
    put("reads", (!consumer.reads.is_empty()).then(|| Value::from(consumer.reads.clone())));
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imported() -> Imported {
        let consumer = ImportedConsumer { name: String::from("Board"), kind: "report", sql: Some(String::from("SELECT 1")), ..ImportedConsumer::default() };
        Imported { consumers: [(String::from("dbt-a"), consumer)].into(), ..Imported::default() }
    }

    #[test]
    fn the_same_import_twice_changes_nothing() {
        let first = merge(&imported(), &Value::Null, &BTreeSet::new(), &["dbt-"]);
        assert_eq!(first.added, ["dbt-a"]);
        let again = merge(&imported(), &first.catalog, &BTreeSet::new(), &["dbt-"]);
        assert_eq!((again.added.len(), again.updated.len(), &again.catalog), (0, 0, &first.catalog));
    }

    #[test]
    fn what_a_person_added_stays_and_what_the_source_says_is_updated() {
        let before = serde_json::json!({"consumers": {"dbt-a": {"name": "Old", "kind": "dashboard", "cadence": "yearly", "sql": "SELECT 0", "url": "gone"},
            "mine": {"kind": "app", "reads": ["x.y"]}, "dbt-gone": {"kind": "model"}}});
        let merged = merge(&imported(), &before, &BTreeSet::new(), &["dbt-"]);
        let expected = serde_json::json!({"consumers": {"dbt-a": {"name": "Board", "kind": "dashboard", "sql": "SELECT 1", "cadence": "yearly"}, "mine": {"kind": "app", "reads": ["x.y"]}}});
        assert_eq!(merged.catalog, expected);
        assert_eq!((merged.updated, merged.removed), (vec![String::from("dbt-a")], vec![String::from("dbt-gone")]));
    }

    #[test]
    fn an_entry_of_another_file_is_left_to_it() {
        let merged = merge(&imported(), &Value::Null, &BTreeSet::from([String::from("dbt-a")]), &["dbt-"]);
        assert_eq!(merged.elsewhere, ["dbt-a"]);
        assert_eq!(merged.catalog, serde_json::json!({}));
    }
}
