//! Triggers, rules, policies, and what is kept as a statement.

use super::grants::Context;
use crate::schema::{Object, ObjectBody, ObjectId, OtherObject, Policy, Schema, Trigger, ddl};
use crate::snapshot::file::{OtherEntry, PolicyEntry, StateWord, StatementEntry, text};
use crate::sql::tree::TriggerState;
use crate::yaml::{Brief, Entries};

/// What hangs on a table or view besides columns, constraints and indexes.
pub(super) struct OnTable {
    pub(super) triggers: Entries<Brief<StatementEntry>>,
    pub(super) rules: Entries<Brief<StatementEntry>>,
    pub(super) policies: Entries<PolicyEntry>,
}

/// Triggers, rules and policies of a table, each sorted by name.
pub(super) fn on_table(schema: &Schema, table: ObjectId) -> OnTable {
    let mut all: Vec<&Object> = schema.on_table(table).into_iter().filter_map(|id| schema.get(id)).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    let mut parts = OnTable { triggers: Entries::default(), rules: Entries::default(), policies: Entries::default() };
    for object in all {
        let name = text(object.name.as_str());
        match &object.body {
            ObjectBody::Trigger(_) if ddl::is_inherited_trigger(schema, object.id) => {}
            ObjectBody::Trigger(trigger) => parts.triggers.0.push((name, Brief(trigger_entry(schema, object, trigger)))),
            ObjectBody::Rule(rule) => {
                let definition = ddl::statement_text(schema, object.id, &rule.definition);
                let definition = Some(text(definition.trim().trim_end_matches(';')));
                parts
                    .rules
                    .0
                    .push((name, Brief(StatementEntry { definition, state: state_word(rule.state), comment: Context::comment_of(object), owner: None })));
            }
            ObjectBody::Policy(policy) => parts.policies.0.push((name, policy_entry(schema, object, policy))),
            _ => {}
        }
    }
    parts
}

/// A trigger or event trigger.
pub(super) fn trigger_entry(schema: &Schema, object: &Object, trigger: &Trigger) -> StatementEntry {
    StatementEntry {
        definition: Some(text(ddl::statement_text(schema, object.id, &trigger.definition).trim().trim_end_matches(';'))),
        state: state_word(trigger.state),
        comment: Context::comment_of(object),
        owner: None,
    }
}

fn state_word(state: TriggerState) -> Option<StateWord> {
    match state {
        TriggerState::Enabled => None,
        TriggerState::Disabled => Some(StateWord::Disabled),
        TriggerState::Replica => Some(StateWord::Replica),
        TriggerState::Always => Some(StateWord::Always),
    }
}

fn policy_entry(schema: &Schema, object: &Object, policy: &Policy) -> PolicyEntry {
    PolicyEntry {
        command: (&*policy.command != "ALL").then(|| text(&*policy.command)),
        restrictive: !policy.permissive,
        roles: policy.roles.iter().map(|role| text(role.as_str())).collect(),
        using: policy.using.as_ref().map(|using| text(using.print(schema))),
        check: policy.check.as_ref().map(|check| text(check.print(schema))),
        comment: Context::comment_of(object),
    }
}

/// What is known by the statement that makes it.
pub(super) fn other_entry(context: &Context<'_>, object: &Object, other: &OtherObject) -> OtherEntry {
    OtherEntry {
        kind: Some(text(ddl::kind_words(other.kind).to_ascii_lowercase())),
        name: Some(text(object.name.as_str())),
        table: other.table.map(|table| text(ddl::quoted_name(context.schema, table))),
        definition: Some(text(ddl::statement_text(context.schema, object.id, &other.definition).trim().trim_end_matches(';'))),
        comment: Context::comment_of(object),
        owner: context.owner_of(object),
        grants: context.grants_of(object),
    }
}
