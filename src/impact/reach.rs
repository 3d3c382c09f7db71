//! Which subjects a migration can reach, found without looking at the others.
//!
//! An index from objects and from bare names to subjects. A subject is listed under every object it rests on, and under every name its
//! SQL uses, since a new object of that name may be found first, and a name that nothing had may be found now.

use std::collections::{BTreeMap, BTreeSet};

use super::bodies::body_words;
use super::subject::Subject;
use super::understanding::Understanding;
use crate::migrate::{ChangeKind, ObjectChange, Step};
use crate::name::Name;
use crate::schema::{ConstraintKind, ObjectBody, ObjectId, Schema};

/// The index.
#[derive(Debug, Default)]
pub(super) struct Reach {
    by_object: BTreeMap<ObjectId, BTreeSet<usize>>,
    by_name: BTreeMap<Name, BTreeSet<usize>>,
    listed: BTreeMap<usize, (BTreeSet<ObjectId>, BTreeSet<Name>)>,
}

impl Reach {
    /// Lists a subject anew under what it rests on in this schema.
    pub(super) fn list(&mut self, index: usize, subject: &Subject, schema: &Schema, understanding: &Understanding, words: &BTreeSet<Name>) {
        if let Some((objects, names)) = self.listed.remove(&index) {
            for object in objects {
                self.by_object.get_mut(&object).map(|listed| listed.remove(&index));
            }
            for name in names {
                self.by_name.get_mut(&name).map(|listed| listed.remove(&index));
            }
        }
        let mut names = words.clone();
        let objects: BTreeSet<ObjectId> = understanding.objects.union(&understanding.behind).copied().collect();
        names.extend(objects.iter().filter_map(|object| schema.get(*object)).map(|object| object.name.clone()));
        names.extend(objects.iter().flat_map(|object| body_words(schema, *object)));
        names.extend(subject.reads.iter().chain(&subject.writes).map(|declared| declared.relation.clone()));
        names.extend(subject.positions.iter().map(|declared| declared.relation.clone()));
        // Without a right to the schema nothing in it is found.
        let spaces: BTreeSet<ObjectId> = objects.iter().filter_map(|object| schema.get(*object)?.namespace).collect();
        for object in objects.iter().chain(&spaces) {
            self.by_object.entry(*object).or_default().insert(index);
        }
        for name in &names {
            self.by_name.entry(name.clone()).or_default().insert(index);
        }
        self.listed.insert(index, (objects.into_iter().chain(spaces).collect(), names));
    }

    /// The subjects that these steps can reach; `after` is the schema after the last of them.
    pub(super) fn reached_by(&self, steps: &[Step], after: &Schema) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        for step in steps {
            for change in &step.outcome.changes {
                let object = change.kind.object();
                let tables = [&step.before, after].into_iter().flat_map(|schema| [table_of(schema, object), referred_by(schema, object)]).flatten();
                // A sequence is drawn on by the tables whose defaults name it.
                let is_sequence = matches!(step.before.get(object).map(|object| &object.body), Some(ObjectBody::Sequence(_)));
                let drawing = if is_sequence { step.before.dependencies().on_object(object) } else { Vec::new() };
                for object in std::iter::once(object).chain(tables).chain(drawing.iter().map(|one| one.dependent.object)) {
                    reached.extend(self.by_object.get(&object).into_iter().flatten());
                }
                let own = step.before.get(object).map(|object| object.name.clone());
                for name in new_names(&change.kind, object, &step.before, after).into_iter().chain(own) {
                    reached.extend(self.by_name.get(&name).into_iter().flatten());
                }
            }
            for not_judged in &step.outcome.not_judged {
                if not_judged.touches.is_empty() {
                    reached.extend(self.listed.keys());
                }
                for touched in &not_judged.touches {
                    let bare = touched.rsplit('.').next().unwrap_or(touched);
                    reached.extend(self.by_name.get(bare).into_iter().flatten());
                }
            }
        }
        reached
    }
}

/// The table (or domain) that a constraint, policy, rule, trigger or index hangs on: who reads the one is hit through the other.
fn table_of(schema: &Schema, object: ObjectId) -> Option<ObjectId> {
    match &schema.get(object)?.body {
        ObjectBody::Constraint(constraint) => Some(constraint.owner),
        ObjectBody::Policy(policy) => Some(policy.table),
        ObjectBody::Rule(rule) => Some(rule.table),
        ObjectBody::Index(index) => Some(index.table),
        ObjectBody::Trigger(trigger) => trigger.table,
        ObjectBody::Other(other) => other.table,
        ObjectBody::Schema
        | ObjectBody::Table(_)
        | ObjectBody::View(_)
        | ObjectBody::Sequence(_)
        | ObjectBody::Type(_)
        | ObjectBody::Function(_)
        | ObjectBody::Extension(_) => None,
    }
}

/// The table whose rows a foreign key keeps from being deleted.
fn referred_by(schema: &Schema, object: ObjectId) -> Option<ObjectId> {
    match &schema.constraint(object)?.kind {
        ConstraintKind::ForeignKey(key) => Some(key.references),
        _ => None,
    }
}

/// Names under which something can be found after the change that was not there before.
fn new_names(kind: &ChangeKind, object: ObjectId, before: &Schema, after: &Schema) -> Vec<Name> {
    match kind {
        ChangeKind::Object(_, ObjectChange::Created | ObjectChange::Moved { .. }) => {
            [after.get(object), before.get(object)].into_iter().flatten().map(|object| object.name.clone()).collect()
        }
        ChangeKind::Object(_, ObjectChange::Renamed { from, to }) => vec![from.clone(), to.clone()],
        ChangeKind::Object(..) | ChangeKind::Column(..) | ChangeKind::Data(..) => Vec::new(),
    }
}
