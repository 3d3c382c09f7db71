//! A tree of values as YAML that a person likes to read in a diff: one line for each small thing, one block for each large one.
//!
//! In: JSON values in their order. Out: YAML 1.2 text that older readers take for the same values. Nothing in here knows what a snapshot is
//! but the names of those mappings whose entries each get lines of their own.

use serde_json::{Map, Value};

/// Lines longer than this become blocks.
const WIDTH: usize = 160;

/// Mappings that are never written on one line, since their entries are things of the user.
const BLOCKS: &[&str] = &["source", "schemas", "extensions", "enums", "domains", "triggers", "rules", "event_triggers", "types", "functions", "columns"];

/// Mappings of which no entry is written on one line.
const BLOCKS_OF_BLOCKS: &[&str] = &["schemas", "tables", "views", "materialized_views", "functions"];

/// The text, ending with a line end.
pub(super) fn emit(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(map) => block_mapping(&mut text, map, 0, ""),
        other => {
            text.push_str(&flow(other, false));
            text.push('\n');
        }
    }
    text
}

fn block_mapping(text: &mut String, map: &Map<String, Value>, depth: usize, own_key: &str) {
    for (key, value) in map {
        indent(text, depth);
        text.push_str(&scalar(key, true));
        text.push(':');
        let must_be_block = BLOCKS.contains(&key.as_str()) || BLOCKS_OF_BLOCKS.contains(&own_key);
        after_key(text, value, depth, key, must_be_block);
    }
}

fn after_key(text: &mut String, value: &Value, depth: usize, key: &str, must_be_block: bool) {
    match value {
        Value::Object(map) if map.is_empty() => text.push_str(" {}\n"),
        Value::Object(map) => {
            let line = flow(value, true);
            if !must_be_block && is_small(value) && key.len() + line.len() + 2 * depth + 2 <= WIDTH {
                text.push(' ');
                text.push_str(&line);
                text.push('\n');
            } else {
                text.push('\n');
                block_mapping(text, map, depth + 1, key);
            }
        }
        Value::Array(items) => sequence(text, items, depth, key),
        Value::String(string) if string.contains('\n') && fits_a_block(string) => literal(text, string, depth + 1),
        other => {
            text.push(' ');
            text.push_str(&flow(other, false));
            text.push('\n');
        }
    }
}

fn sequence(text: &mut String, items: &[Value], depth: usize, key: &str) {
    let line = format!("[{}]", items.iter().map(|item| flow(item, true)).collect::<Vec<_>>().join(", "));
    let is_flat = items.iter().all(|item| !matches!(item, Value::Object(_) | Value::Array(_)));
    let has_lines = items.iter().any(|item| matches!(item, Value::String(string) if string.contains('\n')));
    if is_flat && !has_lines && key.len() + line.len() + 2 * depth + 2 <= WIDTH {
        text.push(' ');
        text.push_str(&line);
        text.push('\n');
        return;
    }
    text.push('\n');
    for item in items {
        match item {
            Value::Object(map) if !map.is_empty() && !(is_small(item) && flow(item, true).len() + 2 * depth + 4 <= WIDTH) => {
                let mut inner = String::new();
                block_mapping(&mut inner, map, depth + 2, "");
                indent(text, depth + 1);
                text.push_str("- ");
                text.push_str(inner.trim_start());
            }
            Value::String(string) if string.contains('\n') && fits_a_block(string) => {
                indent(text, depth + 1);
                text.push('-');
                literal(text, string, depth + 2);
            }
            other => {
                indent(text, depth + 1);
                text.push_str("- ");
                text.push_str(&flow(other, matches!(other, Value::Object(_) | Value::Array(_))));
                text.push('\n');
            }
        }
    }
}

/// Only scalars and lists of scalars inside, and no line ends: fit for one line.
fn is_small(value: &Value) -> bool {
    let is_leaf = |value: &Value| match value {
        Value::Object(_) => false,
        Value::Array(items) => items.iter().all(|item| !matches!(item, Value::Object(_) | Value::Array(_)) && has_no_lines(item)),
        other => has_no_lines(other),
    };
    match value {
        Value::Object(map) => map.values().all(is_leaf),
        other => is_leaf(other),
    }
}

fn has_no_lines(value: &Value) -> bool {
    !matches!(value, Value::String(string) if string.contains('\n'))
}

fn indent(text: &mut String, depth: usize) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

/// A block scalar keeps every character but these.
fn fits_a_block(string: &str) -> bool {
    string.chars().all(|character| character == '\n' || character == '\t' || !character.is_control() && !is_line_separator(character))
        && !string.trim_matches('\n').is_empty()
}

fn is_line_separator(character: char) -> bool {
    matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn literal(text: &mut String, string: &str, depth: usize) {
    let body = string.trim_end_matches('\n');
    let chomping = match string.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let first_is_indented = string.lines().find(|line| !line.is_empty()).is_some_and(|line| line.starts_with(' '));
    text.push_str(" |");
    if first_is_indented || string.starts_with('\n') {
        text.push('2');
    }
    text.push_str(chomping);
    text.push('\n');
    for line in string.strip_suffix('\n').unwrap_or(string).split('\n') {
        if !line.is_empty() {
            indent(text, depth);
            text.push_str(line);
        }
        text.push('\n');
    }
}

/// A value on one line.
fn flow(value: &Value, is_inside: bool) -> String {
    match value {
        Value::Null => String::from("null"),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(string) => scalar(string, !is_inside),
        Value::Array(items) => format!("[{}]", items.iter().map(|item| flow(item, true)).collect::<Vec<_>>().join(", ")),
        Value::Object(map) if map.is_empty() => String::from("{}"),
        Value::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(key, value)| format!("{}: {}", scalar(key, false), flow(value, true))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

/// A text without quotes where every reader takes it for this text, else in double quotes (JSON's escapes are YAML's).
fn scalar(string: &str, in_block: bool) -> String {
    if is_plain(string, in_block) { string.to_owned() } else { Value::String(string.to_owned()).to_string() }
}

fn is_plain(string: &str, in_block: bool) -> bool {
    let Some(first) = string.chars().next() else { return false };
    let allowed = |character: char| match character {
        ',' | '[' | ']' | '{' | '}' => in_block,
        _ => character == ' ' || !character.is_control() && !character.is_whitespace() && !is_line_separator(character),
    };
    (first.is_alphanumeric() || matches!(first, '_' | '(' | '/'))
        && !string.ends_with([' ', ':'])
        && !string.contains(": ")
        && !string.contains(" #")
        && (in_block || !string.contains(':') || string.contains("::") && !string.contains(": "))
        && string.chars().all(allowed)
        && !is_a_word_of_yaml(string)
        && !looks_like_a_number(string)
}

/// Words that some version of YAML takes for something else than text.
fn is_a_word_of_yaml(string: &str) -> bool {
    matches!(string.to_ascii_lowercase().as_str(), "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n")
}

/// Numbers, and dates and times of day (YAML 1.1) but for the full form that a snapshot's own time has.
fn looks_like_a_number(string: &str) -> bool {
    if !string.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    if is_timestamp(string) {
        return false;
    }
    string.chars().all(|character| character.is_ascii_hexdigit() || matches!(character, '_' | '.' | ':' | '-' | '+' | ' ' | 'x' | 'X' | 'o' | 'T' | 'Z'))
}

fn is_timestamp(string: &str) -> bool {
    let shape: String = string.chars().map(|character| if character.is_ascii_digit() { '0' } else { character }).collect();
    shape == "0000-00-00T00:00:00Z"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::text::Sources;

    #[test]
    fn small_things_stand_on_one_line_and_large_ones_in_blocks() {
        let value = json!({
            "version": 1,
            "source": { "kind": "postgres", "server_version": "15.18", "taken_at": "2026-11-20T18:04:00Z", "applied": ["0041_add_zip", "0042"] },
            "schemas": { "app": { "enums": { "status": ["new", "no"] }, "tables": { "clients": {
                "columns": { "id": { "type": "bigint", "not_null": true }, "zip code": { "type": "numeric(10,2)", "default": "'x: y'::text" } },
                "primary_key": { "name": "clients_pkey", "columns": ["id"] },
            } }, "views": { "v": { "query": "SELECT 1\n  AS a" } } } },
        });
        let expected = "\
version: 1
source:
  kind: postgres
  server_version: \"15.18\"
  taken_at: 2026-11-20T18:04:00Z
  applied: [0041_add_zip, \"0042\"]
schemas:
  app:
    enums:
      status: [new, \"no\"]
    tables:
      clients:
        columns:
          id: { type: bigint, not_null: true }
          zip code: { type: \"numeric(10,2)\", default: \"'x: y'::text\" }
        primary_key: { name: clients_pkey, columns: [id] }
    views:
      v:
        query: |-
          SELECT 1
            AS a
";
        assert_eq!(emit(&value), expected);
    }

    fn read_back(text: &str) -> Option<Value> {
        let mut sources = Sources::default();
        let id = sources.add("a.yml", text);
        crate::yaml::read(&sources, id).ok()
    }

    proptest! {
        #[test]
        fn every_text_is_read_back_as_itself(string in "[ -~\n\t\u{e9}\u{2028}\u{85}]{0,24}", key in "[ -~]{1,12}") {
            let value = json!({ "a": string, "b": [string, "x"], "c": { "d": string, (key): 1 }, "e": [{ "f": string }] });
            prop_assert_eq!(read_back(&emit(&value)), Some(value.clone()), "{}", emit(&value));
        }

        #[test]
        fn words_and_numbers_stay_text(string in "(null|~|yes|No|true|0x1f|1_000|1e5|12:30|2026-10-01|-1|\\.5|\\.nan|=|<<|-|\\?|!x|&a|\\*b|%c|@d|`e)") {
            let value = json!({ "a": string, "b": [string] });
            prop_assert_eq!(read_back(&emit(&value)), Some(value));
        }
    }
}
