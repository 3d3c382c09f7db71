//! The two schemas, sorted into what stays, what is gone and what is new; and the script as it grows.

use std::collections::BTreeSet;

use super::plan::PlanStep;
use crate::schema::{Definition, ObjectBody, ObjectId, Persistence, Schema};

/// Everything a part of the planner needs.
pub(super) struct Workspace<'a> {
    /// The schema to come back to.
    pub(super) before: &'a Schema,
    /// The schema to start from.
    pub(super) after: &'a Schema,
    /// The schema after, as the statements so far have left it: names move here.
    pub(super) now: Schema,
    /// In both.
    pub(super) kept: BTreeSet<ObjectId>,
    /// Only before: to be made again.
    pub(super) gone: BTreeSet<ObjectId>,
    /// Only after: to be removed.
    pub(super) made: BTreeSet<ObjectId>,
    /// In both, but taken down for the work and made again as they were.
    pub(super) rebuilt: BTreeSet<ObjectId>,
    /// The script.
    pub(super) script: Vec<PlanStep>,
    /// What cannot be planned.
    pub(super) not_planned: Vec<String>,
}

impl<'a> Workspace<'a> {
    /// Sorts the objects. Temporary ones went with their session and count on neither side.
    pub(super) fn new(before: &'a Schema, after: &'a Schema) -> Self {
        let ids = |schema: &Schema| schema.objects().filter(|object| !is_temporary(schema, object.id)).map(|object| object.id).collect::<BTreeSet<_>>();
        let (first, last) = (ids(before), ids(after));
        Self {
            before,
            after,
            now: after.clone(),
            kept: first.intersection(&last).copied().collect(),
            gone: first.difference(&last).copied().collect(),
            made: last.difference(&first).copied().collect(),
            rebuilt: BTreeSet::new(),
            script: Vec::new(),
            not_planned: Vec::new(),
        }
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, sql: impl Into<String>, purpose: &str) {
        self.script.push(PlanStep::new(sql, purpose));
    }

    /// Adds statements for one purpose.
    pub(super) fn extend(&mut self, statements: impl IntoIterator<Item = String>, purpose: &str) {
        for sql in statements {
            self.push(sql, purpose);
        }
    }

    /// Whether the object differs between the two schemas in anything.
    pub(super) fn differs(&self, id: ObjectId) -> bool {
        self.before.get(id) != self.after.get(id)
    }

    /// What is taken down: new, or rebuilt.
    pub(super) fn is_removed(&self, id: ObjectId) -> bool {
        self.made.contains(&id) || self.rebuilt.contains(&id)
    }
}

/// Whether the object, or the table it hangs on, lives only in a session.
fn is_temporary(schema: &Schema, id: ObjectId) -> bool {
    let owner = match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Table(table)) => return table.persistence == Persistence::Temporary,
        Some(ObjectBody::Sequence(sequence)) => return sequence.persistence == Persistence::Temporary,
        Some(ObjectBody::Index(index)) => Some(index.table),
        Some(ObjectBody::Constraint(constraint)) => Some(constraint.owner),
        Some(ObjectBody::Trigger(trigger)) => trigger.table,
        Some(ObjectBody::Policy(policy)) => Some(policy.table),
        Some(ObjectBody::Rule(rule)) => Some(rule.table),
        Some(ObjectBody::Other(other)) => other.table,
        Some(ObjectBody::Schema | ObjectBody::View(_) | ObjectBody::Type(_) | ObjectBody::Function(_) | ObjectBody::Extension(_)) | None => None,
    };
    owner.is_some_and(|owner| owner != id && is_temporary(schema, owner))
}

/// Whether a default takes its value from a sequence.
pub(super) fn calls_a_sequence(schema: &Schema, default: &Definition) -> bool {
    default.print(schema).to_ascii_lowercase().contains("nextval(")
}
