//! An import as the text of a catalog file: two levels of mappings, one line for each small thing, SQL as blocks.

use serde_json::{Map, Value};

/// The text of a catalog file. `head` are comment lines without their marks.
pub fn document(head: &[String], catalog: &Value) -> String {
    let mut text = String::new();
    for line in head {
        text.push_str(&format!("# {}\n", line.replace('\n', " ")));
    }
    for section in ["departments", "fields", "consumers"] {
        let Some(entries) = catalog.get(section).and_then(Value::as_object).filter(|entries| !entries.is_empty()) else { continue };
        text.push_str(&format!("{section}:\n"));
        for (id, entry) in entries {
            text.push_str(&format!("  {}:\n", scalar(id)));
            if let Some(entry) = entry.as_object() {
                entry_lines(&mut text, entry);
            }
        }
    }
    text
}

fn entry_lines(text: &mut String, entry: &Map<String, Value>) {
    for (key, value) in entry {
        match value {
            Value::String(long) if long.contains('\n') && fits_a_block(long) => {
                text.push_str(&format!("    {key}: |{}\n", if long.ends_with('\n') { "" } else { "-" }));
                for line in long.trim_end_matches('\n').split('\n') {
                    let indent = if line.is_empty() { "" } else { "      " };
                    text.push_str(&format!("{indent}{line}\n"));
                }
            }
            Value::Array(items) if !items.is_empty() => {
                text.push_str(&format!("    {key}:\n"));
                for item in items {
                    text.push_str(&format!("      - {}\n", flow(item)));
                }
            }
            other => text.push_str(&format!("    {key}: {}\n", flow(other))),
        }
    }
}

/// A literal block begins with a letter, ends with at most one line end and holds no control characters: then it reads back as it was.
fn fits_a_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    !body.starts_with([' ', '\n', '\t'])
        && !body.ends_with('\n')
        && !text
            .chars()
            .any(|letter| letter != '\n' && letter != '\t' && (letter.is_control() || matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')))
}

fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => format!("{{ {} }}", map.iter().map(|(key, value)| format!("{key}: {}", flow(value))).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Bare where no reader of YAML could take it for anything else; in JSON's quotes, which are YAML's, otherwise.
fn scalar(text: &str) -> String {
    let plain = text.chars().next().is_some_and(|first| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/' | ' ' | '@'))
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let catalog = serde_json::json!({"consumers": {"a-1": {"name": "No: 1", "kind": "report", "sql": "SELECT 1\n\nFROM t -- {{x}}\n", "reads": ["app.\"T\"", "app.u"],
            "owner": {"name": "yes", "email": "a@example.org"}, "description": "  odd\nstart"}}});
        let text = document(&[String::from("made by a test")], &catalog);
        let back: Value = serde_yaml::from_str(&text).unwrap();
        assert_eq!(back, catalog);
    }
}
