//! Triggers, policies, rules, extensions, and what is kept as text.

use std::fmt::Write as _;

use super::word::quoted_name;
use crate::schema::{Extension, ObjectBody, ObjectId, Policy, Rule, Schema, Trigger};
use crate::sql::tree::TriggerState;

/// `CREATE TRIGGER …` (or `CREATE EVENT TRIGGER …`), and the statement that sets its state when it is not simply enabled.
pub fn trigger_definition(schema: &Schema, id: ObjectId, trigger: &Trigger) -> Vec<String> {
    let mut statements = vec![trigger.definition.print(schema)];
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
        let roles: Vec<String> = policy.roles.iter().map(|role| schema.dialect.quote(role)).collect();
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
    let mut statements = vec![rule.definition.print(schema).trim_end().trim_end_matches(';').to_owned()];
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
