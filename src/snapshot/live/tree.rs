//! Rows of catalog queries put together to the tree of the snapshot file.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Puts a body at a path, making the mappings on the way.
pub(super) fn put(tree: &mut Map<String, Value>, path: &[&str], body: Value) {
    match path {
        [] => {}
        [last] => {
            // Something may be there already: constraints come after their table.
            match (tree.get_mut(*last), body) {
                (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
                (_, body) => {
                    tree.insert((*last).to_owned(), body);
                }
            }
        }
        [first, rest @ ..] => {
            let inner = tree.entry((*first).to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, body);
            }
        }
    }
}

/// Adds a body to the list at a path.
pub(super) fn push(tree: &mut Map<String, Value>, path: &[&str], body: Value) {
    match path {
        [] => {}
        [last] => match tree.entry((*last).to_owned()).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(items) => items.push(body),
            _ => {}
        },
        [first, rest @ ..] => {
            let inner = tree.entry((*first).to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                push(inner, rest, body);
            }
        }
    }
}

/// The owner of most things is named once for the file and left out below.
pub(super) fn name_owner_once(tree: &mut Map<String, Value>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    count_owners(tree, &mut counts);
    let Some(most) = counts.values().copied().max() else { return };
    let Some((owner, _)) = counts.into_iter().find(|(_, count)| *count == most) else { return };
    if let Some(Value::Object(schemas)) = tree.get_mut("schemas") {
        remove_owner(schemas, &owner);
    }
    for list in ["event_triggers", "other_objects"] {
        match tree.get_mut(list) {
            Some(Value::Object(map)) => remove_owner(map, &owner),
            Some(Value::Array(items)) => items.iter_mut().filter_map(Value::as_object_mut).for_each(|map| remove_owner(map, &owner)),
            _ => {}
        }
    }
    tree.insert(String::from("owner"), Value::String(owner));
}

fn count_owners(map: &Map<String, Value>, counts: &mut BTreeMap<String, usize>) {
    for (key, value) in map {
        match value {
            Value::String(owner) if key == "owner" => *counts.entry(owner.clone()).or_default() += 1,
            Value::Object(inner) => count_owners(inner, counts),
            Value::Array(items) => items.iter().filter_map(Value::as_object).for_each(|inner| count_owners(inner, counts)),
            _ => {}
        }
    }
}

fn remove_owner(map: &mut Map<String, Value>, owner: &str) {
    if map.get("owner").and_then(Value::as_str) == Some(owner) {
        map.remove("owner");
    }
    for value in map.values_mut() {
        match value {
            Value::Object(inner) => remove_owner(inner, owner),
            Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).for_each(|inner| remove_owner(inner, owner)),
            _ => {}
        }
    }
}

/// Keys that are plain columns without options become `columns`, in the short form.
pub(super) fn shorten_keys(body: &mut Value) {
    let Some(map) = body.as_object_mut() else { return };
    let Some(Value::Array(keys)) = map.get("keys") else { return };
    let plain: Option<Vec<Value>> = keys
        .iter()
        .map(|key| match key.as_object() {
            Some(key) if key.len() == 1 => key.get("column").cloned(),
            _ => None,
        })
        .collect();
    if let Some(columns) = plain {
        map.remove("keys");
        map.insert(String::from("columns"), Value::Array(columns));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_owner_of_most_things_is_named_once() {
        let mut tree = json!({ "schemas": { "app": { "owner": "a", "tables": { "t": { "owner": "a", "columns": { "owner": { "type": "text" } } }, "u": { "owner": "b" } } } } });
        let map = tree.as_object_mut().unwrap();
        name_owner_once(map);
        assert_eq!(
            tree,
            json!({ "schemas": { "app": { "tables": { "t": { "columns": { "owner": { "type": "text" } } }, "u": { "owner": "b" } } } }, "owner": "a" })
        );
    }
}
