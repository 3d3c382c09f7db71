//! Triggers, policies, rules, extensions, and what is kept as text.

use std::fmt::Write as _;

use super::word::quoted_name;
use crate::name::Name;
use crate::schema::{Definition, Extension, ObjectBody, ObjectId, Policy, Rule, Schema, Trigger};
use crate::sql::tree::{ObjectKind, TriggerState};

/// A statement that is kept as text, under the name that its object has now.
pub fn statement_text(schema: &Schema, id: ObjectId, definition: &Definition) -> String {
    let text = definition.print(schema);
    let Some(object) = schema.get(id) else { return text };
    let (keyword, name) = match object.kind() {
        ObjectKind::Trigger | ObjectKind::EventTrigger => ("TRIGGER", schema.dialect.quote(&object.name)),
        ObjectKind::Rule => ("RULE", schema.dialect.quote(&object.name)),
        ObjectKind::Publication => ("PUBLICATION", schema.dialect.quote(&object.name)),
        ObjectKind::Server => ("SERVER", schema.dialect.quote(&object.name)),
        ObjectKind::Statistics => ("STATISTICS", quoted_name(schema, id)),
        _ => return text,
    };
    let Some(start) = end_of_word(&text, keyword) else { return text };
    let (before, rest) = text.split_at(start);
    let rest = rest.trim_start();
    let is_condition = rest.get(..13).is_some_and(|start| start.eq_ignore_ascii_case("IF NOT EXISTS"));
    let rest = if is_condition { rest.get(13..).unwrap_or("").trim_start() } else { rest };
    let own = end_of_name(rest);
    // Statistics may have been made without a name.
    let own = if object.kind() == ObjectKind::Statistics && rest.get(..own).is_some_and(|word| word.eq_ignore_ascii_case("ON")) { 0 } else { own };
    let after = rest.get(own..).unwrap_or("");
    let gap = if after.starts_with(char::is_whitespace) { "" } else { " " };
    format!("{before} {name}{gap}{after}")
}

/// Where the first such word of the text ends.
fn end_of_word(text: &str, word: &str) -> Option<usize> {
    let upper = text.to_ascii_uppercase();
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut from = 0;
    while let Some(place) = upper.get(from..)?.find(word).map(|place| from + place) {
        let end = place + word.len();
        if !upper.get(..place)?.ends_with(is_part) && !upper.get(end..)?.starts_with(is_part) {
            return Some(end);
        }
        from = end;
    }
    None
}

/// Where a name at the front ends, quoted or not, with its schema.
fn end_of_name(text: &str) -> usize {
    let mut in_quotes = false;
    for (place, letter) in text.char_indices() {
        match letter {
            '"' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            '.' | '_' | '$' => {}
            letter if letter.is_alphanumeric() => {}
            _ => return place,
        }
    }
    text.len()
}

/// `CREATE TRIGGER …` (or `CREATE EVENT TRIGGER …`), and the statement that sets its state when it is not simply enabled.
pub fn trigger_definition(schema: &Schema, id: ObjectId, trigger: &Trigger) -> Vec<String> {
    let mut statements = vec![statement_text(schema, id, &trigger.definition)];
    let Some(object) = schema.get(id) else { return statements };
    let name = schema.dialect.quote(&object.name);
    match trigger.table {
        Some(table) => {
            if let Some(words) = state_words(trigger.state, "TRIGGER") {
                statements.push(super::alter::alter_table(schema, table, &format!("{words} {name}")));
            }
        }
        None => match trigger.state {
            TriggerState::Enabled => {}
            TriggerState::Disabled => statements.push(format!("ALTER EVENT TRIGGER {name} DISABLE")),
            TriggerState::Replica => statements.push(format!("ALTER EVENT TRIGGER {name} ENABLE REPLICA")),
            TriggerState::Always => statements.push(format!("ALTER EVENT TRIGGER {name} ENABLE ALWAYS")),
        },
    }
    statements
}

/// Whether a trigger is on a partition because it is on the partitioned table: it comes and goes with that one (manual, CREATE TRIGGER, 15).
pub fn is_inherited_trigger(schema: &Schema, id: ObjectId) -> bool {
    let Some(object) = schema.get(id) else { return false };
    let ObjectBody::Trigger(trigger) = &object.body else { return false };
    let Some(table) = trigger.table.and_then(|table| schema.table(table)).filter(|table| table.partition_bound.is_some() && trigger.for_each_row) else {
        return false;
    };
    let is_the_same = |other: &ObjectId| {
        schema.get(*other).is_some_and(|other| other.name == object.name && matches!(&other.body, ObjectBody::Trigger(other) if other.for_each_row))
    };
    table.parents.iter().any(|parent| schema.on_table(*parent).iter().any(is_the_same))
}

fn state_words(state: TriggerState, what: &str) -> Option<String> {
    match state {
        TriggerState::Enabled => None,
        TriggerState::Disabled => Some(format!("DISABLE {what}")),
        TriggerState::Replica => Some(format!("ENABLE REPLICA {what}")),
        TriggerState::Always => Some(format!("ENABLE ALWAYS {what}")),
    }
}

/// A role as a statement names it: who runs it is no name, and is not quoted.
fn role_words(schema: &Schema, role: &Name) -> String {
    match role.as_str() {
        word @ ("current_user" | "current_role" | "session_user") => word.to_ascii_uppercase(),
        _ => schema.dialect.quote(role),
    }
}

/// `CREATE POLICY …`.
pub fn policy_definition(schema: &Schema, id: ObjectId, policy: &Policy) -> String {
    let name = schema.get(id).map_or_else(|| String::from("???"), |object| schema.dialect.quote(&object.name));
    let mut text = format!("CREATE POLICY {name} ON {}", quoted_name(schema, policy.table));
    if !policy.permissive {
        text.push_str(" AS RESTRICTIVE");
    }
    if &*policy.command != "ALL" {
        let _ = write!(text, " FOR {}", policy.command);
    }
    if !policy.roles.is_empty() {
        let roles: Vec<String> = policy.roles.iter().map(|role| role_words(schema, role)).collect();
        let _ = write!(text, " TO {}", roles.join(", "));
    }
    if let Some(using) = &policy.using {
        let _ = write!(text, " USING ({})", using.print(schema));
    }
    if let Some(check) = &policy.check {
        let _ = write!(text, " WITH CHECK ({})", check.print(schema));
    }
    text
}

pub(super) fn rule_definition(schema: &Schema, id: ObjectId, rule: &Rule) -> Vec<String> {
    let mut statements = vec![statement_text(schema, id, &rule.definition).trim_end().trim_end_matches(';').to_owned()];
    if let (Some(words), Some(object)) = (state_words(rule.state, "RULE"), schema.get(id)) {
        statements.push(super::alter::alter_table(schema, rule.table, &format!("{words} {}", schema.dialect.quote(&object.name))));
    }
    statements
}

/// Without the version: a server installs the one it has.
pub(super) fn create_extension(schema: &Schema, id: ObjectId, extension: &Extension) -> String {
    let mut text = format!("CREATE EXTENSION IF NOT EXISTS {}", quoted_name(schema, id));
    if let Some(namespace) = extension.schema.and_then(|namespace| schema.get(namespace)) {
        let _ = write!(text, " WITH SCHEMA {}", schema.dialect.quote(&namespace.name));
    }
    text
}
