//! What a recipient's changes come to, over all statements and migrations: a column that is made under another name and renamed is one thing,
//! not three.

use std::collections::{BTreeMap, BTreeSet};

use super::Touched;
use super::promise::is_relation;
use crate::impact::Effect;
use crate::migrate::{Change, ChangeKind, ColumnChange, DataChange, ObjectChange, Step};
use crate::notice::facts::NoticeFacts;
use crate::schema::{Column, ColumnNumber, ObjectId, Schema};

/// One thing that changes, as people would say it.
#[derive(Clone, Debug)]
pub(super) enum NetChange<'a> {
    /// A field with another name.
    Renamed { relation: ObjectId, column: ColumnNumber },
    /// A field that is gone.
    Dropped { relation: ObjectId, column: ColumnNumber },
    /// A field that is gone, and another one of its name.
    Replaced { relation: ObjectId, before: &'a Column, after: &'a Column },
    /// A field of another type.
    Retyped { relation: ObjectId, before: &'a Column, after: &'a Column },
    /// A new field.
    Added { relation: ObjectId, column: ColumnNumber },
    /// Something else about a field, by the word of the change.
    Column { relation: ObjectId, column: ColumnNumber, word: &'static str },
    /// A list that is gone.
    ListDropped { relation: ObjectId },
    /// A list that is gone, and another one of its name, without these columns of the old one.
    ListRemade { relation: ObjectId, without: Vec<ColumnNumber> },
    /// Something else about a list, by the word of the change.
    List { relation: ObjectId, word: &'static str },
    /// Rows.
    Rows { relation: ObjectId, word: &'static str },
    /// Nobody can say which change does it.
    Unknown,
}

/// What the recipient's effects come from, in the order in which it happens, each once.
pub(super) fn net_changes<'a>(touched: &Touched<'a>) -> Vec<NetChange<'a>> {
    let facts = touched.facts;
    let mut all: BTreeMap<(u8, u32, String), NetChange<'a>> = BTreeMap::new();
    for effect in &touched.effects {
        let causes = causes(facts, effect);
        if causes.is_empty() {
            all.insert((1, 0, String::new()), NetChange::Unknown);
        }
        let after = facts.changes.get(effect.migration as usize).map_or(facts.last, |change| change.after);
        for (step, change) in causes {
            if let Some(net) = net(facts, step, after, change) {
                all.entry((0, change.id.0, String::new())).or_insert(net);
            }
        }
    }
    let mut told = BTreeSet::new();
    all.into_values().filter(|net| told.insert(net.identity())).collect()
}

/// The change of an effect; what the same statement takes along on the way to the consumer; or, when none is named, what touches the path.
fn causes<'a>(facts: &NoticeFacts<'a>, effect: &Effect) -> Vec<(&'a Step, &'a Change)> {
    let labels: BTreeSet<&str> = effect.path.iter().map(|step| step.label.as_str()).collect();
    let on_path = |step: &Step, change: &Change| label(&step.before, &change.kind).is_some_and(|label| labels.contains(label.as_str()));
    if let Some((step, change)) = facts.cause(effect) {
        let dropped = |other: &&Change| matches!(other.kind, ChangeKind::Object(_, ObjectChange::Dropped)) && on_path(step, other);
        let along = step.outcome.changes.iter().filter(|other| other.id != change.id).filter(dropped);
        return std::iter::once(change).chain(along).map(|change| (step, change)).collect();
    }
    let steps = facts.changes.get(effect.migration as usize).map_or(&[][..], |change| change.steps);
    let each = steps.iter().flat_map(|step| step.outcome.changes.iter().map(move |change| (step, change)));
    each.filter(|(step, change)| on_path(step, change)).collect()
}

fn label(schema: &Schema, kind: &ChangeKind) -> Option<String> {
    let table = schema.qualified_name(kind.object())?;
    match kind {
        ChangeKind::Column(relation, column, _) => schema.column(*relation, *column).map(|column| format!("{table}.{}", column.name)),
        ChangeKind::Object(..) | ChangeKind::Data(..) => Some(table.to_string()),
    }
}

/// `after` is the schema after the change's own migration.
fn net<'a>(facts: &NoticeFacts<'a>, step: &'a Step, after: &Schema, change: &'a Change) -> Option<NetChange<'a>> {
    let (first, last) = (facts.first, facts.last);
    match &change.kind {
        ChangeKind::Column(relation, column, what) => {
            let relation = *relation;
            let word = change.kind.word();
            match (first.column(relation, *column), last.column(relation, *column)) {
                (Some(before), Some(after)) if before.name != after.name => Some(NetChange::Renamed { relation, column: *column }),
                (Some(before), Some(after)) => match what {
                    ColumnChange::Retyped { .. } => Some(NetChange::Retyped { relation, before, after }),
                    ColumnChange::Added
                    | ColumnChange::Dropped(_)
                    | ColumnChange::Renamed { .. }
                    | ColumnChange::NotNullSet
                    | ColumnChange::NotNullDropped
                    | ColumnChange::GenerationChanged { .. }
                    | ColumnChange::CollationChanged
                    | ColumnChange::CommentChanged
                    | ColumnChange::GrantsChanged
                    | ColumnChange::Moved { .. }
                    | ColumnChange::OptionsChanged => Some(NetChange::Column { relation, column: *column, word }),
                },
                (Some(before), None) => Some(match named(last, relation, before) {
                    Some(after) => NetChange::Replaced { relation, before, after },
                    None => NetChange::Dropped { relation, column: *column },
                }),
                (None, Some(after)) => Some(match named(first, relation, after) {
                    Some(before) => NetChange::Replaced { relation, before, after },
                    None => NetChange::Added { relation, column: *column },
                }),
                // Made and taken away again on the way.
                (None, None) => None,
            }
        }
        ChangeKind::Object(object, what) => object_change(facts, (&step.before, after), *object, what, change.kind.word()),
        ChangeKind::Data(relation, what) => match what {
            // The type of the column says it; a sequence is seen by nobody.
            DataChange::Converted { .. } | DataChange::Repositioned => None,
            DataChange::Inserted | DataChange::Updated { .. } | DataChange::Deleted { .. } | DataChange::Truncated | DataChange::Refreshed => {
                Some(NetChange::Rows { relation: *relation, word: change.kind.word() })
            }
        },
    }
}

fn object_change<'a>(
    facts: &NoticeFacts<'a>,
    (before, after): (&Schema, &Schema),
    object: ObjectId,
    what: &ObjectChange,
    word: &'static str,
) -> Option<NetChange<'a>> {
    let (first, last) = (facts.first, facts.last);
    if is_relation(first, object) && last.get(object).is_none() {
        let now = first.qualified_name(object).and_then(|name| last.relation(&name));
        return Some(match now {
            None => NetChange::ListDropped { relation: object },
            Some(now) => NetChange::ListRemade { relation: object, without: without(first, object, last, now) },
        });
    }
    if is_relation(last, object) && first.get(object).is_none() {
        // New; told when it takes the place of an old one.
        let old = last.qualified_name(object).and_then(|name| first.relation(&name))?;
        return Some(NetChange::ListRemade { relation: old, without: without(first, old, last, object) });
    }
    if first.get(object).is_none() && last.get(object).is_none() {
        // Made here and taken away later: what is left of the list that had its name.
        let passing = [after, before].into_iter().find(|schema| is_relation(schema, object));
        if let Some(name) = passing.and_then(|schema| schema.qualified_name(object)) {
            let old = first.relation(&name)?;
            return Some(match last.relation(&name) {
                None => NetChange::ListDropped { relation: old },
                Some(now) => NetChange::ListRemade { relation: old, without: without(first, old, last, now) },
            });
        }
    }
    if is_relation(first, object) {
        return match what {
            ObjectChange::CommentChanged => None,
            ObjectChange::Created
            | ObjectChange::Dropped
            | ObjectChange::Renamed { .. }
            | ObjectChange::Moved { .. }
            | ObjectChange::OwnerChanged
            | ObjectChange::GrantsChanged
            | ObjectChange::Redefined { .. } => Some(NetChange::List { relation: object, word }),
        };
    }
    // An index, a constraint, a function: people know the list it belongs to, if any.
    let table = [before, last]
        .into_iter()
        .find_map(|schema| schema.constraint(object).map(|constraint| constraint.owner).or_else(|| schema.index(object).map(|index| index.table)));
    Some(table.map_or(NetChange::Unknown, |relation| NetChange::List { relation, word: "object_other" }))
}

fn named<'s>(schema: &'s Schema, relation: ObjectId, like: &Column) -> Option<&'s Column> {
    schema.columns(relation).iter().find(|column| column.name == like.name)
}

fn without(first: &Schema, old: ObjectId, last: &Schema, new: ObjectId) -> Vec<ColumnNumber> {
    let kept: BTreeSet<&str> = last.columns(new).iter().map(|column| column.name.as_str()).collect();
    first.columns(old).iter().filter(|column| !kept.contains(column.name.as_str())).map(|column| column.number).collect()
}

impl NetChange<'_> {
    /// The same for two ways of coming to the same thing.
    fn identity(&self) -> (u8, Option<ObjectId>, Option<ColumnNumber>, &'static str) {
        match self {
            Self::Renamed { relation, column } => (0, Some(*relation), Some(*column), ""),
            Self::Dropped { relation, column } => (1, Some(*relation), Some(*column), ""),
            Self::Replaced { relation, before, .. } => (2, Some(*relation), Some(before.number), ""),
            Self::Retyped { relation, before, .. } => (3, Some(*relation), Some(before.number), ""),
            Self::Added { relation, column } => (4, Some(*relation), Some(*column), ""),
            Self::Column { relation, column, word } => (5, Some(*relation), Some(*column), word),
            Self::ListDropped { relation } => (6, Some(*relation), None, ""),
            Self::ListRemade { relation, .. } => (7, Some(*relation), None, ""),
            Self::List { relation, word } => (8, Some(*relation), None, word),
            Self::Rows { relation, word } => (9, Some(*relation), None, word),
            Self::Unknown => (10, None, None, ""),
        }
    }
}
