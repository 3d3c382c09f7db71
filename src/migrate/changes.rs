//! What two moments of one schema differ in, as typed changes.
//!
//! In: the schema before and after. Out: the kinds of change, ordered by object; whatever the code of a statement did is found here, so nothing is forgotten.

use std::sync::Arc;

use super::{ChangeKind, ColumnChange, ObjectChange};
use crate::schema::{Column, ConstraintKind, IndexState, Object, ObjectBody, ObjectId, Schema, UserType};

/// Every change from `before` to `after`.
pub(super) fn changed_kinds(before: &Schema, after: &Schema) -> Vec<ChangeKind> {
    let mut kinds = Vec::new();
    for pair in after.changed_since(before) {
        match pair {
            (None, Some(new)) => kinds.push(ChangeKind::Object(new.id, ObjectChange::Created)),
            (Some(old), None) => kinds.push(ChangeKind::Object(old.id, ObjectChange::Dropped)),
            (Some(old), Some(new)) => Pair { before, after, old, new }.compare(&mut kinds),
            (None, None) => {}
        }
    }
    kinds
}

struct Pair<'s> {
    before: &'s Schema,
    after: &'s Schema,
    old: &'s Object,
    new: &'s Object,
}

impl Pair<'_> {
    fn compare(&self, kinds: &mut Vec<ChangeKind>) {
        let (old, new) = (self.old, self.new);
        let mut push = |change| kinds.push(ChangeKind::Object(new.id, change));
        if old.name != new.name {
            push(ObjectChange::Renamed { from: old.name.clone(), to: new.name.clone() });
        }
        if old.namespace != new.namespace
            && let (Some(from), Some(to)) = (namespace_name(self.before, old), namespace_name(self.after, new))
        {
            push(ObjectChange::Moved { from, to });
        }
        if old.owner != new.owner {
            push(ObjectChange::OwnerChanged);
        }
        if old.grants != new.grants {
            push(ObjectChange::GrantsChanged);
        }
        if old.comment != new.comment {
            push(ObjectChange::CommentChanged);
        }
        if old.body != new.body {
            self.compare_columns(kinds);
            for (what, was, is) in redefinitions(&old.body, &new.body) {
                kinds.push(ChangeKind::Object(new.id, ObjectChange::Redefined { what: Arc::from(what), before: was.into(), after: is.into() }));
            }
        }
    }

    fn compare_columns(&self, kinds: &mut Vec<ChangeKind>) {
        let (old, new) = (columns(&self.old.body), columns(&self.new.body));
        let id = self.new.id;
        let mut push = |column: &Column, change| kinds.push(ChangeKind::Column(id, column.number, change));
        for column in old {
            if !new.iter().any(|other| other.number == column.number) {
                push(column, ColumnChange::Dropped(Box::new(column.clone())));
            }
        }
        let kept = |columns: &[Column], others: &[Column]| -> Vec<_> {
            columns.iter().map(|column| column.number).filter(|number| others.iter().any(|other| other.number == *number)).collect()
        };
        let (old_order, new_order) = (kept(old, new), kept(new, old));
        for column in new {
            let Some(was) = old.iter().find(|other| other.number == column.number) else {
                push(column, ColumnChange::Added);
                continue;
            };
            for change in column_changes(was, column) {
                push(column, change);
            }
            if old_order != new_order {
                let place = |order: &[_]| order.iter().position(|number| *number == column.number).unwrap_or(0);
                let (from, to) = (place(&old_order), place(&new_order));
                if from != to {
                    push(column, ColumnChange::Moved { from, to });
                }
            }
        }
    }
}

fn namespace_name(schema: &Schema, object: &Object) -> Option<crate::name::Name> {
    schema.get(object.namespace?).map(|namespace| namespace.name.clone())
}

fn columns(body: &ObjectBody) -> &[Column] {
    match body {
        ObjectBody::Table(table) => &table.columns,
        ObjectBody::View(view) => &view.columns,
        ObjectBody::Type(UserType::Composite { attributes, .. }) => attributes,
        _ => &[],
    }
}

fn column_changes(old: &Column, new: &Column) -> Vec<ColumnChange> {
    let mut changes = Vec::new();
    let both = || (Box::new(old.clone()), Box::new(new.clone()));
    if old.name != new.name {
        changes.push(ColumnChange::Renamed { from: old.name.clone(), to: new.name.clone() });
    }
    if old.data_type != new.data_type {
        let (before, after) = both();
        changes.push(ColumnChange::Retyped { before, after });
    }
    match (old.not_null, new.not_null) {
        (false, true) => changes.push(ColumnChange::NotNullSet),
        (true, false) => changes.push(ColumnChange::NotNullDropped),
        (true, true) | (false, false) => {}
    }
    if old.generation != new.generation {
        let (before, after) = both();
        changes.push(ColumnChange::GenerationChanged { before, after });
    }
    if old.collation != new.collation {
        changes.push(ColumnChange::CollationChanged);
    }
    if old.comment != new.comment {
        changes.push(ColumnChange::CommentChanged);
    }
    if old.grants != new.grants {
        changes.push(ColumnChange::GrantsChanged);
    }
    if old.options != new.options {
        changes.push(ColumnChange::OptionsChanged);
    }
    changes
}

type Redefinition = (&'static str, String, String);

/// What changed in the body besides columns; `changed` when only the kind as a whole can be named.
fn redefinitions(old: &ObjectBody, new: &ObjectBody) -> Vec<Redefinition> {
    let mut all = Vec::new();
    match (old, new) {
        (ObjectBody::Table(was), ObjectBody::Table(is)) => {
            say(&mut all, "row security", switch(was.row_security), switch(is.row_security));
            say(&mut all, "forced row security", switch(was.force_row_security), switch(is.force_row_security));
            say(&mut all, "parents", ids(&was.parents), ids(&is.parents));
            say(&mut all, "partition bound", text(was.partition_bound.as_deref()), text(is.partition_bound.as_deref()));
            say(&mut all, "persistence", format!("{:?}", was.persistence), format!("{:?}", is.persistence));
            say(&mut all, "storage parameters", pairs(&was.parameters), pairs(&is.parameters));
            say(&mut all, "options", pairs(&was.options), pairs(&is.options));
            let identity = |table: &crate::schema::Table| format!("{:?} {:?}", table.replica_identity, table.replica_identity_word);
            if was.replica_identity != is.replica_identity || was.replica_identity_word != is.replica_identity_word {
                all.push(("replica identity", identity(was), identity(is)));
            }
            if was.of_type != is.of_type {
                all.push(("type of the table", String::new(), String::new()));
            }
        }
        (ObjectBody::View(was), ObjectBody::View(is)) => {
            if was.query != is.query {
                all.push(("query", text(was.written.as_deref()), text(is.written.as_deref())));
            }
            say(&mut all, "storage parameters", pairs(&was.parameters), pairs(&is.parameters));
            say(&mut all, "populated", switch(was.populated), switch(is.populated));
            if was.check_option != is.check_option {
                all.push(("check option", format!("{:?}", was.check_option), format!("{:?}", is.check_option)));
            }
        }
        (ObjectBody::Constraint(was), ObjectBody::Constraint(is)) => {
            say(&mut all, "validated", switch(was.validated), switch(is.validated));
            say(&mut all, "enforced", switch(was.enforced), switch(is.enforced));
            if was.deferrability != is.deferrability {
                all.push(("deferrability", format!("{:?}", was.deferrability), format!("{:?}", is.deferrability)));
            }
            if is_definition_changed(&was.kind, &is.kind) {
                all.push(("definition", String::new(), String::new()));
            }
        }
        (ObjectBody::Index(was), ObjectBody::Index(is)) => {
            let state = |index: &crate::schema::Index| String::from(if index.state == IndexState::Valid { "valid" } else { "invalid" });
            say(&mut all, "state", state(was), state(is));
            say(&mut all, "storage parameters", pairs(&was.parameters), pairs(&is.parameters));
            if (&was.keys, &was.predicate, was.unique) != (&is.keys, &is.predicate, is.unique) {
                all.push(("definition", String::new(), String::new()));
            }
        }
        (ObjectBody::Type(UserType::Enum { labels: was, .. }), ObjectBody::Type(UserType::Enum { labels: is, .. })) => {
            let list = |labels: &[(u32, Arc<str>)]| labels.iter().map(|(_, label)| &**label).collect::<Vec<_>>().join(", ");
            let renamed = is.iter().any(|(number, label)| was.iter().any(|(same, other)| same == number && other != label));
            let what = if renamed { "enum label renamed" } else { "enum label added" };
            say(&mut all, what, list(was), list(is));
        }
        (ObjectBody::Function(was), ObjectBody::Function(is)) => {
            say(&mut all, "body", text(was.body.as_deref()), text(is.body.as_deref()));
            if all.is_empty() {
                all.push(("definition", String::new(), String::new()));
            }
        }
        (was, is) if columns(was).is_empty() && columns(is).is_empty() => all.push(("definition", String::new(), String::new())),
        _ => {}
    }
    all
}

fn is_definition_changed(old: &ConstraintKind, new: &ConstraintKind) -> bool {
    old != new
}

fn say(all: &mut Vec<Redefinition>, what: &'static str, old: String, new: String) {
    if old != new {
        all.push((what, old, new));
    }
}

fn switch(on: bool) -> String {
    String::from(if on { "yes" } else { "no" })
}

fn text(text: Option<&str>) -> String {
    text.unwrap_or("").to_owned()
}

fn pairs(pairs: &[(Arc<str>, Arc<str>)]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(", ")
}

fn ids(ids: &[ObjectId]) -> String {
    format!("{ids:?}")
}
