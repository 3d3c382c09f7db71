//! What else happens to the rows that a subject writes: triggers that run, rules that write something else instead, rows of other tables
//! that refer to them.
//!
//! In: the tables a subject writes to, and how; the schema before and after. Out: what came, went or is another now. What a trigger does is
//! not run here: one that comes *may* change or refuse the rows; one that goes, or has another body, makes other rows of the same writes.
//!
//! Source: PostgreSQL manual 39.1 (triggers), 41.4 (rules), 5.4.5 (foreign keys), 15.

use std::collections::BTreeMap;

use super::difference::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use super::path::label;
use super::understanding::sets_off;
use crate::lineage::WriteKind;
use crate::name::Name;
use crate::schema::{Address, ConstraintKind, ForeignKey, ObjectBody, ObjectId, Rule, Schema, Trigger};
use crate::sql::tree::{ForeignKeyAction, TriggerState};

/// Something that acts on written rows, with all that decides what it does.
struct Actor {
    id: ObjectId,
    does: String,
    replaces: bool,
}

type Actors = BTreeMap<(&'static str, Name), Actor>;

/// What acts on the rows now and did not before, and the other way round.
pub(super) fn company_changes(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    for (table, kind) in &before.understanding.writes {
        if after.schema.get(*table).is_none() {
            continue;
        }
        let name = label(after.schema, Address::whole(*table));
        let (old, new) = (actors(before.schema, *table, *kind), actors(after.schema, *table, *kind));
        for ((word, own), actor) in &new {
            match old.get(&(*word, own.clone())) {
                None if actor.replaces => {
                    found.push(said(EffectKind::ChangesSilently, format!("the {word} {own} does something else instead of writing to {name}"), actor.id))
                }
                None => found.push(said(
                    EffectKind::MayFail,
                    format!("the {word} {own} runs now for rows it writes to {name}, and can change or refuse them"),
                    actor.id,
                )),
                Some(was) if was.does != actor.does => {
                    found.push(said(EffectKind::ChangesSilently, format!("the {word} {own} does something else now with rows it writes to {name}"), actor.id));
                }
                Some(_) => {}
            }
        }
        for ((word, own), actor) in old.iter().filter(|(key, _)| !new.contains_key(key)) {
            found.push(said(EffectKind::ChangesSilently, format!("the {word} {own} no longer runs for rows it writes to {name}"), actor.id));
        }
        if *kind == WriteKind::Delete {
            found.extend(new_references(before.schema, after.schema, *table, &name));
        }
    }
    found
}

fn said(kind: EffectKind, message: String, about: ObjectId) -> Difference {
    let evidence = Evidence { message: message.clone(), ..Evidence::default() };
    Difference { kind, cause: Cause::Writes, message, about: vec![Address::whole(about)], evidence }
}

fn actors(schema: &Schema, table: ObjectId, kind: WriteKind) -> Actors {
    let mut actors = Actors::new();
    for id in schema.on_table(table) {
        let Some(object) = schema.get(id) else { continue };
        match &object.body {
            ObjectBody::Trigger(trigger) if sets_off(trigger, kind) => {
                let does = format!("{} {}", trigger.definition.print(schema), bodies(schema, trigger));
                actors.insert(("trigger", object.name.clone()), Actor { id, does, replaces: false });
            }
            ObjectBody::Rule(rule) if acts_on(rule, schema, kind) => {
                let does = rule.definition.print(schema);
                let replaces = has_words(&does, "DO INSTEAD");
                actors.insert(("rule", object.name.clone()), Actor { id, does, replaces });
            }
            _ => {}
        }
    }
    actors
}

/// What the functions of a trigger do, as far as it is written in them.
fn bodies(schema: &Schema, trigger: &Trigger) -> String {
    let body = |id: ObjectId| match &schema.get(id)?.body {
        ObjectBody::Function(function) => function.body.as_deref(),
        _ => None,
    };
    trigger.definition.needs().iter().filter_map(|need| body(need.object)).collect::<Vec<_>>().join("\n")
}

fn acts_on(rule: &Rule, schema: &Schema, kind: WriteKind) -> bool {
    let text = rule.definition.print(schema);
    let events: &[&str] = match kind {
        WriteKind::Insert => &["ON INSERT TO"],
        WriteKind::Update => &["ON UPDATE TO"],
        WriteKind::Delete => &["ON DELETE TO"],
        WriteKind::Upsert => &["ON INSERT TO", "ON UPDATE TO"],
        WriteKind::Any => &["ON INSERT TO", "ON UPDATE TO", "ON DELETE TO"],
    };
    !matches!(rule.state, TriggerState::Disabled | TriggerState::Replica) && events.iter().any(|event| has_words(&text, event))
}

/// Whether words follow each other in a text, whatever blanks are between them.
fn has_words(text: &str, words: &str) -> bool {
    let spaced: Vec<String> = text.split_whitespace().map(str::to_ascii_uppercase).collect();
    let wanted: Vec<&str> = words.split(' ').collect();
    spaced.windows(wanted.len()).any(|window| window.iter().zip(&wanted).all(|(own, word)| own == word))
}

/// Tables that refer now to rows that the subject deletes.
fn new_references(before: &Schema, after: &Schema, table: ObjectId, name: &str) -> Vec<Difference> {
    let old = references(before, table);
    let mut found = Vec::new();
    for (constraint, owner, key) in references(after, table) {
        let same = |was: &(ObjectId, ObjectId, &ForeignKey)| was.1 == owner && was.2.columns == key.columns && was.2.on_delete == key.on_delete;
        if old.iter().any(same) {
            continue;
        }
        let other = label(after, Address::whole(owner));
        // Nobody misses rows of a table that was not there.
        if before.get(owner).is_none() && !matches!(key.on_delete, ForeignKeyAction::NoAction | ForeignKeyAction::Restrict) {
            continue;
        }
        let (kind, message) = match key.on_delete {
            ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {
                (EffectKind::MayFail, format!("rows of {name} that {other} refers to can no longer be deleted"))
            }
            ForeignKeyAction::Cascade => (EffectKind::ChangesSilently, format!("deleting rows of {name} now deletes rows of {other} too")),
            ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault => {
                (EffectKind::ChangesSilently, format!("deleting rows of {name} now changes rows of {other} too"))
            }
        };
        found.push(said(kind, message, constraint));
    }
    found
}

fn references(schema: &Schema, table: ObjectId) -> Vec<(ObjectId, ObjectId, &ForeignKey)> {
    let mut found: Vec<(ObjectId, ObjectId, &ForeignKey)> = Vec::new();
    for dependency in schema.dependencies().on_object(table) {
        let id = dependency.dependent.object;
        let Some(constraint) = schema.constraint(id) else { continue };
        if let ConstraintKind::ForeignKey(key) = &constraint.kind
            && key.references == table
            && !found.iter().any(|(seen, ..)| *seen == id)
        {
            found.push((id, constraint.owner, key));
        }
    }
    found
}
