//! Facts about a change and the thing that changes.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, Subject};
use super::super::item::{About, Item, owner};
use crate::migrate::{ChangeKind, ColumnChange, DataChange, Direction, ObjectChange};
use crate::schema::{ConstraintKind, GrantEntry, ObjectBody, ObjectId, Piece, Schema};
use crate::sql::tree::ObjectKind;

const ABOUT_CHANGES: &[Subject] = &[Subject::Change, Subject::Effect];
const ABOUT_THINGS: &[Subject] = &[Subject::Change, Subject::Table, Subject::Effect];

/// The words of `change.kind`.
pub(in crate::rules) const KINDS: &[&str] = &[
    "object_created",
    "object_dropped",
    "object_renamed",
    "object_moved",
    "object_owner_changed",
    "object_grants_changed",
    "object_comment_changed",
    "object_redefined",
    "column_added",
    "column_dropped",
    "column_renamed",
    "column_retyped",
    "column_not_null_set",
    "column_not_null_dropped",
    "column_generation_changed",
    "column_collation_changed",
    "column_comment_changed",
    "column_grants_changed",
    "column_moved",
    "column_options_changed",
    "rows_inserted",
    "rows_updated",
    "rows_deleted",
    "rows_truncated",
    "rows_refreshed",
    "sequence_repositioned",
    "rows_converted",
    "none",
];

const OBJECTS: &[&str] = &[
    "table",
    "foreign_table",
    "view",
    "materialized_view",
    "index",
    "sequence",
    "schema",
    "type",
    "domain",
    "function",
    "procedure",
    "aggregate",
    "extension",
    "trigger",
    "event_trigger",
    "rule",
    "policy",
    "constraint",
    "publication",
    "statistics",
    "role",
    "other",
];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("change.kind", FactType::Word(KINDS), ABOUT_CHANGES, "What changes; `none` for an effect that no single change has.", |item| {
        item.change().map_or("none", |change| change.kind.word()).into()
    }),
    fact("change.direct", FactType::Bool, ABOUT_CHANGES, "Whether the statement names it; false for what goes along.", |item| {
        item.change().is_some_and(|change| change.direction == Direction::Direct).into()
    }),
    fact("change.from", FactType::Text, ABOUT_CHANGES, "The old name, schema or definition; else empty.", |item| ends(item).0.into()),
    fact("change.to", FactType::Text, ABOUT_CHANGES, "The new name, schema or definition; else empty.", |item| ends(item).1.into()),
    fact(
        "change.what",
        FactType::Text,
        ABOUT_CHANGES,
        "What of a definition changes, in words of SQL (`query`, `body`, `row security enabled`); else empty.",
        |item| match item.change().map(|change| &change.kind) {
            Some(ChangeKind::Object(_, ObjectChange::Redefined { what, .. })) => (&**what).into(),
            _ => "".into(),
        },
    ),
    fact("change.all_rows", FactType::Bool, ABOUT_CHANGES, "Whether an `UPDATE` or `DELETE` has no `WHERE`.", |item| {
        matches!(
            item.change().map(|change| &change.kind),
            Some(ChangeKind::Data(_, DataChange::Updated { all_rows: true, .. } | DataChange::Deleted { all_rows: true, .. }))
        )
        .into()
    }),
    fact("change.takes_along", FactType::Texts, ABOUT_CHANGES, "What goes along with a drop, each with its kind; sorted.", |item| taken_along(item).into()),
    fact(
        "change.lost_guarantees",
        FactType::Texts,
        ABOUT_CHANGES,
        "Keys, checks, policies and triggers over more than the dropped column that go with it; sorted.",
        |item| lost_guarantees(item).into(),
    ),
    fact("change.old_name_kept", FactType::Bool, ABOUT_CHANGES, "Whether a view or column under the old name is made before the migration ends.", |item| {
        old_name_kept(item).into()
    }),
    fact(
        "change.new_names",
        FactType::Texts,
        ABOUT_CHANGES,
        "Names that come with it: of a new thing and, for a table, of its columns; of a new column; the new name of what is renamed. In their order, without schema.",
        |item| new_names(item).into(),
    ),
    fact(
        "change.made_again",
        FactType::Bool,
        ABOUT_CHANGES,
        "Whether a thing of the kind and name of a dropped one (a function also of its arguments) stands there when the migration ends.",
        |item| made_again(item).into(),
    ),
    fact("change.revoked", FactType::Texts, ABOUT_CHANGES, "Privileges that go, as `SELECT from reporting_reader`.", |item| grants(item, Way::Taken).into()),
    fact("change.granted", FactType::Texts, ABOUT_CHANGES, "Privileges that come, as `SELECT to PUBLIC`.", |item| grants(item, Way::Given).into()),
    fact("object.kind", FactType::Word(OBJECTS), ABOUT_THINGS, "The kind of the thing; of the table, when a column changes.", |item| {
        item.object().and_then(|(schema, id)| schema.get(id)).map_or("other", |object| word_of(object.kind())).into()
    }),
    fact("object.name", FactType::Text, ABOUT_THINGS, "`schema.name` of the thing as it was, or as it is when it is new.", |item| {
        item.object().map_or_else(String::new, |(schema, id)| name_of(schema, id)).into()
    }),
    fact("object.sql", FactType::Text, ABOUT_THINGS, "The same, quoted where SQL needs it.", |item| {
        item.object().map_or_else(String::new, |(schema, id)| sql_of(schema, id)).into()
    }),
    fact("object.bare_name", FactType::Text, ABOUT_THINGS, "Its name without schema.", |item| {
        item.object().and_then(|(schema, id)| schema.get(id)).map_or("", |object| object.name.as_str()).into()
    }),
    fact("object.schema", FactType::Text, ABOUT_THINGS, "The schema it lives in; empty when it lives in none.", |item| {
        let namespace = |(schema, id): (&Schema, _)| Some(schema.get(schema.get(id)?.namespace?)?.name.to_string());
        item.object().and_then(namespace).unwrap_or_default().into()
    }),
    fact("object.has_comment", FactType::Bool, ABOUT_THINGS, "Whether it has a comment at the end of the run.", |item| has_comment(item).into()),
    fact("object.is_new", FactType::Bool, ABOUT_THINGS, "Whether this run makes it.", |item| is_new(item).into()),
    fact("object.is_temporary", FactType::Bool, ABOUT_THINGS, "Whether it goes with the session.", |item| {
        let table = item.table().and_then(|(schema, id)| schema.table(id));
        table.is_some_and(|table| table.persistence == crate::schema::Persistence::Temporary).into()
    }),
];

pub(in crate::rules) fn word_of(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Table => "table",
        ObjectKind::ForeignTable => "foreign_table",
        ObjectKind::View => "view",
        ObjectKind::MaterializedView => "materialized_view",
        ObjectKind::Index => "index",
        ObjectKind::Sequence => "sequence",
        ObjectKind::Schema => "schema",
        ObjectKind::Type => "type",
        ObjectKind::Domain => "domain",
        ObjectKind::Function => "function",
        ObjectKind::Procedure => "procedure",
        ObjectKind::Aggregate => "aggregate",
        ObjectKind::Extension => "extension",
        ObjectKind::Trigger => "trigger",
        ObjectKind::EventTrigger => "event_trigger",
        ObjectKind::Rule => "rule",
        ObjectKind::Policy => "policy",
        ObjectKind::Constraint => "constraint",
        ObjectKind::Publication => "publication",
        ObjectKind::Statistics => "statistics",
        ObjectKind::Role => "role",
        _ => "other",
    }
}

pub(in crate::rules) fn name_of(schema: &Schema, id: crate::schema::ObjectId) -> String {
    schema.qualified_name(id).map_or_else(|| schema.get(id).map_or_else(String::new, |object| object.name.to_string()), |name| name.to_string())
}

pub(in crate::rules) fn sql_of(schema: &Schema, id: crate::schema::ObjectId) -> String {
    match schema.qualified_name(id) {
        Some(name) => schema.dialect.quote_qualified(&name),
        None => schema.get(id).map_or_else(String::new, |object| schema.dialect.quote(&object.name)),
    }
}

fn ends(item: &Item<'_>) -> (String, String) {
    match item.change().map(|change| &change.kind) {
        Some(ChangeKind::Object(_, ObjectChange::Renamed { from, to } | ObjectChange::Moved { from, to }))
        | Some(ChangeKind::Column(_, _, ColumnChange::Renamed { from, to })) => (from.to_string(), to.to_string()),
        Some(ChangeKind::Object(_, ObjectChange::Redefined { before, after, .. })) => (before.to_string(), after.to_string()),
        Some(ChangeKind::Column(_, _, ColumnChange::Moved { from, to })) => ((from + 1).to_string(), (to + 1).to_string()),
        _ => (String::new(), String::new()),
    }
}

/// What the same statement takes away along the way. What hangs on the dropped table or column itself goes without `CASCADE` and is no news.
fn taken_along(item: &Item<'_>) -> Vec<String> {
    let Some(own) = item.change().map(|change| change.kind.object()) else { return Vec::new() };
    gone_along(item, |before, id| owner(before, id) != Some(own))
}

/// Keys, foreign keys, checks, policies and triggers that go with a column although they are about more than that column.
fn lost_guarantees(item: &Item<'_>) -> Vec<String> {
    let Some(ChangeKind::Column(table, number, _)) = item.change().map(|change| &change.kind) else { return Vec::new() };
    gone_along(item, |before, id| {
        let others = |columns: &[crate::schema::ColumnNumber]| columns.iter().any(|column| column != number);
        match before.get(id).map(|object| &object.body) {
            Some(ObjectBody::Constraint(constraint)) => match &constraint.kind {
                ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => true,
                ConstraintKind::ForeignKey(key) => constraint.owner != *table || others(&key.columns),
                ConstraintKind::Check { expression, .. } => {
                    expression.pieces().iter().any(|piece| matches!(piece, Piece::Column { column, .. } if column != number))
                }
                ConstraintKind::NotNull { .. } | ConstraintKind::Trigger => false,
            },
            Some(ObjectBody::Index(index)) => index.unique && !is_behind_a_constraint(before, index.table, id),
            Some(ObjectBody::Policy(_) | ObjectBody::Trigger(_)) => true,
            _ => false,
        }
    })
}

fn is_behind_a_constraint(schema: &Schema, table: ObjectId, index: ObjectId) -> bool {
    schema.on_table(table).into_iter().filter_map(|id| schema.constraint(id)).any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { index: own, .. } | ConstraintKind::Unique { index: own, .. } | ConstraintKind::Exclude { index: own, .. } => *own == index,
        ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Trigger => false,
    })
}

/// What a statement drops without naming it, as far as wanted, each with its kind; sorted.
fn gone_along(item: &Item<'_>, wanted: impl Fn(&Schema, ObjectId) -> bool) -> Vec<String> {
    let (Some(change), Some(step)) = (item.change(), item.step) else { return Vec::new() };
    let before = step.before;
    let own = change.kind.object();
    let consequences = step.changes.iter().filter(|other| other.direction == Direction::Consequence);
    let mut along: Vec<String> = consequences
        .filter_map(|other| match &other.kind {
            ChangeKind::Object(id, ObjectChange::Dropped) if *id != own && wanted(before, *id) => Some(described(before, *id)),
            ChangeKind::Column(id, _, ColumnChange::Dropped(column)) if *id != own => Some(format!("column {}.{}", name_of(before, *id), column.name)),
            _ => None,
        })
        .collect();
    along.sort();
    along.dedup();
    along
}

/// `view reporting.active_clients`, `constraint deliveries_pkey of app.deliveries`.
fn described(schema: &Schema, id: ObjectId) -> String {
    let Some(object) = schema.get(id) else { return String::new() };
    let unique = matches!(&object.body, ObjectBody::Index(index) if index.unique);
    let kind = if unique { "unique index".to_owned() } else { word_of(object.kind()).replace('_', " ") };
    match owner(schema, id) {
        Some(table) => format!("{kind} {} of {}", object.name, name_of(schema, table)),
        None => format!("{kind} {}", name_of(schema, id)),
    }
}

/// Whether something of the old name stands in the old place when the migration ends: a view over a renamed table, a column made again.
fn old_name_kept(item: &Item<'_>) -> bool {
    let (Some(change), Some(step)) = (item.change(), item.step) else { return false };
    let before = step.before;
    let end = item.end_of_migration();
    match &change.kind {
        ChangeKind::Object(id, ObjectChange::Renamed { .. } | ObjectChange::Moved { .. }) => {
            before.qualified_name(*id).is_some_and(|name| end.relation(&name).is_some_and(|there| there != *id))
        }
        ChangeKind::Column(id, number, ColumnChange::Renamed { from, .. }) => {
            end.columns(*id).iter().any(|column| column.name == *from && column.number != *number)
        }
        _ => false,
    }
}

fn made_again(item: &Item<'_>) -> bool {
    let (Some(change), Some(step)) = (item.change(), item.step) else { return false };
    let ChangeKind::Object(dropped, ObjectChange::Dropped) = change.kind else { return false };
    let (before, end) = (step.before, item.end_of_migration());
    let Some(object) = before.get(dropped) else { return false };
    let twin = |id: &ObjectId| end.get(*id).is_some_and(|other| *id != dropped && other.kind() == object.kind() && other.name == object.name);
    let Some(table) = owner(before, dropped) else {
        return match &object.body {
            ObjectBody::Function(_) => crate::schema::ddl::name_phrase(before, dropped) == same_signature(item, dropped).unwrap_or_default(),
            _ => item.made_again(dropped).is_some(),
        };
    };
    // The table itself may have been made again too.
    let table = if end.get(table).is_some() { Some(table) } else { item.made_again(table) };
    table.is_some_and(|table| end.on_table(table).iter().any(twin))
}

/// The phrase of a function of the same name and arguments that stands there when the migration ends.
fn same_signature(item: &Item<'_>, dropped: ObjectId) -> Option<String> {
    let (before, end) = (item.step?.before, item.end_of_migration());
    let object = before.get(dropped)?;
    let phrase = crate::schema::ddl::name_phrase(before, dropped);
    let twins = end.objects().filter(|other| other.id != dropped && other.kind() == object.kind() && other.name == object.name);
    twins.map(|other| crate::schema::ddl::name_phrase(end, other.id)).find(|own| *own == phrase)
}

/// Bare names that nobody had before.
fn new_names(item: &Item<'_>) -> Vec<String> {
    let (Some(change), Some(step)) = (item.change(), item.step) else { return Vec::new() };
    match &change.kind {
        ChangeKind::Object(id, ObjectChange::Created) => {
            let own = step.after.get(*id).map(|object| object.name.to_string());
            let columns = step.after.table(*id).map_or(&[][..], |_| step.after.columns(*id));
            own.into_iter().chain(columns.iter().map(|column| column.name.to_string())).collect()
        }
        ChangeKind::Object(_, ObjectChange::Renamed { to, .. }) | ChangeKind::Column(_, _, ColumnChange::Renamed { to, .. }) => vec![to.to_string()],
        ChangeKind::Column(id, number, ColumnChange::Added) => step.after.column(*id, *number).map(|column| column.name.to_string()).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn has_comment(item: &Item<'_>) -> bool {
    let after = &item.world.input.run.after;
    match item.change().map(|change| &change.kind) {
        Some(ChangeKind::Column(id, number, _)) if matches!(item.about, About::Change(_)) => {
            after.column(*id, *number).is_some_and(|column| column.comment.is_some())
        }
        _ => item.object().and_then(|(_, id)| after.get(id)).is_some_and(|object| object.comment.is_some()),
    }
}

fn is_new(item: &Item<'_>) -> bool {
    let own = item.table().map(|(_, id)| id).into_iter().chain(item.object().map(|(_, id)| id));
    own.into_iter().any(|id| item.world.made.contains_key(&id))
}

/// Which way a privilege goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Given,
    Taken,
}

fn grants(item: &Item<'_>, way: Way) -> Vec<String> {
    let (Some(change), Some(step)) = (item.change(), item.step) else { return Vec::new() };
    let entries = |schema: &Schema| -> Vec<GrantEntry> {
        match &change.kind {
            ChangeKind::Column(id, number, _) => schema.column(*id, *number).map(|column| column.grants.clone()).unwrap_or_default(),
            ChangeKind::Object(id, _) | ChangeKind::Data(id, _) => schema.get(*id).and_then(|object| object.grants.clone()).unwrap_or_default(),
        }
    };
    let (before, after) = (entries(step.before), entries(step.after));
    let (from, minus, preposition) = match way {
        Way::Given => (after, before, "to"),
        Way::Taken => (before, after, "from"),
    };
    let gone = from.into_iter().filter(|entry| !minus.iter().any(|other| other.grantee == entry.grantee && other.privilege == entry.privilege));
    let mut words: Vec<String> =
        gone.map(|entry| format!("{} {preposition} {}", entry.privilege, entry.grantee.as_ref().map_or("PUBLIC", |role| role.as_str()))).collect();
    words.sort();
    words.dedup();
    words
}
