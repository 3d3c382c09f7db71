//! What changes, old and new, in plain names.

use super::net_change::{NetChange, net_changes};
use super::{Desk, Promise, Touched, promise};
use crate::notice::facts::OldNameEnd;
use crate::schema::{Column, TypeIdentity};

/// A sentence for each thing that changes for the recipient.
pub(in crate::notice) fn changes(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    if touched.only_waits() {
        sentences.push(desk.say_change("waits", &[]));
    }
    for net in net_changes(touched) {
        for sentence in sentence(desk, &net) {
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
    }
    for (end, _) in &touched.later {
        let Some(sentence) = old_name_ends(desk, end) else { continue };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

/// The things that change, by name, for a subject line; each once.
pub(super) fn things(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let facts = desk.facts;
    let mut things: Vec<String> = Vec::new();
    for net in net_changes(touched) {
        let thing = match net {
            NetChange::Renamed { relation, column } | NetChange::Dropped { relation, column } => desk.names.field(&desk.phrases, facts.first, relation, column),
            NetChange::Replaced { relation, before, .. } | NetChange::Retyped { relation, before, .. } => {
                desk.names.field(&desk.phrases, facts.first, relation, before.number)
            }
            NetChange::Added { relation, column } | NetChange::Column { relation, column, .. } => desk.names.field(&desk.phrases, facts.last, relation, column),
            NetChange::ListDropped { relation }
            | NetChange::ListRemade { relation, .. }
            | NetChange::List { relation, .. }
            | NetChange::Rows { relation, .. } => desk.names.list(&desk.phrases, facts.first, relation),
            NetChange::Unknown => continue,
        };
        if !things.contains(&thing) {
            things.push(thing);
        }
    }
    for (end, _) in &touched.later {
        let thing = desk.names.by_key(&desk.phrases, &end.old);
        if !things.contains(&thing) {
            things.push(thing);
        }
    }
    things
}

/// `The old name of "Phone" (Client list) works until …`.
pub(super) fn old_name_ends(desk: &Desk<'_>, end: &OldNameEnd) -> Option<String> {
    let Promise::Kept(until) = promise(desk.facts.changes.get(end.migration as usize)?) else { return None };
    let day = desk.moments.day(until);
    let (old, new) = (desk.names.by_key(&desk.phrases, &end.old), desk.names.by_key(&desk.phrases, &end.new));
    let values = [("field", old.as_str()), ("date", &day), ("new", &new)];
    Some(if old == new { desk.say("change.old_name_open", &values) } else { desk.say("change.old_name", &values) })
}

fn sentence(desk: &Desk<'_>, net: &NetChange<'_>) -> Vec<String> {
    let (first, last) = (desk.facts.first, desk.facts.last);
    let field = |schema, relation, column| desk.names.field(&desk.phrases, schema, relation, column);
    let list = |relation| desk.names.list(&desk.phrases, first, relation);
    match net {
        NetChange::Renamed { relation, column } => {
            let (old, new) = (field(first, *relation, *column), field(last, *relation, *column));
            let key = if old == new { "column_renamed_unseen" } else { "column_renamed" };
            vec![desk.say_change(key, &[("field", &old), ("new", &new)])]
        }
        NetChange::Dropped { relation, column } => vec![desk.say_change("column_dropped", &[("field", &field(first, *relation, *column))])],
        NetChange::Replaced { relation, before, after } => {
            let name = field(first, *relation, before.number);
            let retyped = known_retype(desk, &name, before, after);
            std::iter::once(desk.say_change("column_replaced", &[("field", &name)])).chain(retyped).collect()
        }
        NetChange::Retyped { relation, before, after } => {
            let name = field(last, *relation, after.number);
            let known = known_retype(desk, &name, before, after);
            vec![known.unwrap_or_else(|| desk.say_change("column_retyped", &[("field", &name)]))]
        }
        NetChange::Added { relation, column } => vec![desk.say_change("column_added", &[("field", &field(last, *relation, *column))])],
        NetChange::Column { relation, column, word } => {
            let name = field(last, *relation, *column);
            let is_known = desk.phrases.has(&format!("change.{word}"));
            vec![if is_known { desk.say_change(word, &[("field", &name)]) } else { desk.say_change("object_other", &[("list", &name)]) }]
        }
        NetChange::ListDropped { relation } => vec![desk.say_change("object_dropped", &[("list", &list(*relation))])],
        NetChange::ListRemade { relation, without } => {
            let gone: Vec<String> = without.iter().map(|column| field(first, *relation, *column)).collect();
            if gone.is_empty() {
                return vec![desk.say_change("object_remade_alike", &[("list", &list(*relation))])];
            }
            vec![desk.say_change("object_remade", &[("list", &list(*relation)), ("fields", &desk.short_list(&gone, 3))])]
        }
        NetChange::List { relation, word } => {
            let key = if desk.phrases.has(&format!("change.{word}")) { word } else { "object_other" };
            vec![desk.say_change(key, &[("list", &list(*relation))])]
        }
        NetChange::Rows { relation, word } => {
            let deleted = matches!(*word, "rows_deleted" | "rows_truncated");
            vec![desk.say_change(if deleted { "rows_deleted" } else { "rows" }, &[("list", &list(*relation))])]
        }
        NetChange::Unknown => vec![desk.say_change("unknown", &[])],
    }
}

/// What a change of type looks like, where it can be said.
fn known_retype(desk: &Desk<'_>, field: &str, before: &Column, after: &Column) -> Option<String> {
    let (old, new) = (base(before)?, base(after)?);
    let places = |column: &Column| column.data_type.modifiers.get(1).and_then(|scale| scale.parse::<u32>().ok());
    let key = match (old, new) {
        ("timestamp", "timestamptz") => "column_retyped_zone",
        ("timestamp" | "timestamptz", "date") => "column_retyped_day",
        ("numeric", "numeric") => {
            let (before, after) = (places(before)?, places(after)?);
            let (before, after) = (before > after).then_some((before.to_string(), after.to_string()))?;
            return Some(desk.say_change("column_retyped_rounded", &[("field", field), ("before", &before), ("after", &after)]));
        }
        _ if is_number(old) && is_text(new) => "column_retyped_text",
        _ if is_text(old) && is_number(new) => "column_retyped_number",
        _ => return None,
    };
    Some(desk.say_change(key, &[("field", field)]))
}

fn base(column: &Column) -> Option<&str> {
    match &column.data_type.identity {
        TypeIdentity::Builtin(name) if !column.data_type.array => Some(name),
        TypeIdentity::Builtin(_) | TypeIdentity::Object(_) | TypeIdentity::Unknown(_) => None,
    }
}

fn is_number(name: &str) -> bool {
    matches!(name, "int2" | "int4" | "int8" | "numeric" | "float4" | "float8")
}

fn is_text(name: &str) -> bool {
    matches!(name, "text" | "varchar" | "bpchar")
}
