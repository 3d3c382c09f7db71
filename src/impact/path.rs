//! The way from a changed thing to a consumer, through views and functions.

use std::collections::{BTreeMap, VecDeque};

use super::effect::PathStep;
use super::understanding::Understanding;
use crate::schema::{Address, Object, ObjectBody, ObjectId, Part, Schema, TableKind};
use crate::sql::tree::ViewKind;

/// A thing for people: `app.clients.phone`, `app.clients`, the bare name of what has no schema.
pub(super) fn label(schema: &Schema, address: Address) -> String {
    let object = schema
        .qualified_name(address.object)
        .map_or_else(|| schema.get(address.object).map_or_else(|| String::from("(gone)"), |object| object.name.to_string()), |name| name.to_string());
    match address.part {
        Part::Whole => object,
        Part::Column(number) | Part::Default(number) => match schema.column(address.object, number) {
            Some(column) => format!("{object}.{}", column.name),
            None => object,
        },
    }
}

/// The steps from the changed thing to the consumer, in the schema before the change; only those two when no way is known.
pub(super) fn path(schema: &Schema, changed: Address, understanding: &Understanding, consumer: &str) -> Vec<PathStep> {
    let mut steps = Vec::new();
    if matches!(changed.part, Part::Column(_)) {
        steps.push(PathStep { kind: "column", label: label(schema, changed) });
    }
    let named: Vec<ObjectId> =
        understanding.bindings.iter().flat_map(|binding| &binding.depends_on).chain(understanding.direct.keys()).map(|address| address.object).collect();
    let way = way_down(schema, understanding, &named, changed.object).unwrap_or_else(|| vec![changed.object]);
    for id in way.iter().rev() {
        if matches!(changed.part, Part::Column(_)) && *id == changed.object {
            continue;
        }
        if let Some(object) = schema.get(*id) {
            steps.push(PathStep { kind: kind_word(object), label: label(schema, Address::whole(*id)) });
        }
    }
    steps.push(PathStep { kind: "consumer", label: consumer.to_owned() });
    steps
}

/// From what the consumer names down to the target: the shortest way, first found in the order of identities.
fn way_down(schema: &Schema, understanding: &Understanding, from: &[ObjectId], target: ObjectId) -> Option<Vec<ObjectId>> {
    let mut came_from: BTreeMap<ObjectId, Option<ObjectId>> = BTreeMap::new();
    let mut open: VecDeque<ObjectId> = VecDeque::new();
    for start in from {
        if came_from.insert(*start, None).is_none() {
            open.push_back(*start);
        }
    }
    while let Some(id) = open.pop_front() {
        if id == target {
            let mut way = vec![id];
            let mut at = id;
            while let Some(Some(previous)) = came_from.get(&at) {
                way.insert(0, *previous);
                at = *previous;
            }
            return Some(way);
        }
        for need in understanding.below(schema, id) {
            if !came_from.contains_key(&need) {
                came_from.insert(need, Some(id));
                open.push_back(need);
            }
        }
    }
    None
}

fn kind_word(object: &Object) -> &'static str {
    match &object.body {
        ObjectBody::Table(table) if table.kind == TableKind::Foreign => "foreign table",
        ObjectBody::Table(_) => "table",
        ObjectBody::View(view) => match view.kind {
            ViewKind::Plain => "view",
            ViewKind::Materialized => "materialized view",
        },
        ObjectBody::Function(_) => "function",
        ObjectBody::Type(_) => "type",
        ObjectBody::Sequence(_) => "sequence",
        ObjectBody::Constraint(_) => "constraint",
        ObjectBody::Index(_) => "index",
        ObjectBody::Schema => "schema",
        ObjectBody::Trigger(_) => "trigger",
        ObjectBody::Policy(_) => "policy",
        ObjectBody::Rule(_) => "rule",
        ObjectBody::Extension(_) => "extension",
        ObjectBody::Other(_) => "object",
    }
}
