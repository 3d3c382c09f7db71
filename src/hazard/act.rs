//! One piece of work of a statement on one relation, and how relations of a statement are found.

use super::LockMode;
use super::operation::{Operation, Partner};
use crate::lineage::{Session, resolve_relation};
use crate::migrate::Change;
use crate::schema::{ConstraintKind, ObjectBody, ObjectId, Schema};
use crate::sql::tree::ObjectName;

/// One piece of work on one relation.
#[derive(Clone, Debug)]
pub(super) struct Act {
    /// Which.
    pub operation: Operation,
    /// On what; `None` when only partners are touched.
    pub relation: Option<ObjectId>,
    /// The other tables.
    pub partners: Vec<(Partner, ObjectId)>,
    /// What makes it so, in a few words; the operation's own title when `None`.
    pub reason: Option<String>,
    /// Whether children and partitions are worked on in the same way.
    pub descends: bool,
    /// The mode of a `LOCK TABLE`.
    pub lock: Option<LockMode>,
}

impl Act {
    /// Work on a relation.
    pub fn on(operation: Operation, relation: ObjectId) -> Self {
        Self { operation, relation: Some(relation), partners: Vec::new(), reason: None, descends: false, lock: None }
    }

    /// Work on nothing but partners.
    pub fn elsewhere(operation: Operation, partner: Partner, relation: ObjectId) -> Self {
        Self { relation: None, ..Self::on(operation, relation) }.with(partner, relation)
    }

    /// Another table that is touched.
    pub fn with(mut self, partner: Partner, relation: ObjectId) -> Self {
        self.partners.push((partner, relation));
        self
    }

    /// Other tables that are touched.
    pub fn with_all(mut self, partner: Partner, relations: impl IntoIterator<Item = ObjectId>) -> Self {
        self.partners.extend(relations.into_iter().map(|relation| (partner, relation)));
        self
    }

    /// What makes it so.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Children and partitions too, unless `ONLY` is written.
    pub fn descending(mut self) -> Self {
        self.descends = true;
        self
    }
}

/// What the classification looks at.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    /// The schema before the statement.
    pub before: &'a Schema,
    /// And after it.
    pub after: &'a Schema,
    /// The session before it.
    pub session: &'a Session,
    /// What it changes.
    pub changes: &'a [Change],
}

impl Scene<'_> {
    /// The relation of a name before the statement.
    pub fn find(&self, name: &ObjectName) -> Option<ObjectId> {
        resolve_relation(self.before, self.session, name).ok()
    }

    /// Tables that inherit from the table or are its partitions, at any depth, in the order of creation.
    pub fn descendants(&self, table: ObjectId) -> Vec<ObjectId> {
        let mut found = Vec::new();
        let mut open = vec![table];
        while let Some(parent) = open.pop() {
            for child in children(self.before, parent) {
                if child != table && !found.contains(&child) {
                    found.push(child);
                    open.push(child);
                }
            }
        }
        found.sort();
        found
    }

    /// The partition that takes what no other does.
    pub fn default_partition(&self, table: ObjectId) -> Option<ObjectId> {
        children(self.before, table).into_iter().find(|child| {
            self.before.table(*child).and_then(|table| table.partition_bound.as_deref()).is_some_and(|bound| bound.eq_ignore_ascii_case("default"))
        })
    }

    /// The tables that foreign keys of the table point to, as far as `wanted` lets them.
    pub fn referenced_by(&self, table: ObjectId, wanted: impl Fn(&crate::schema::ForeignKey) -> bool) -> Vec<ObjectId> {
        let keys = self.before.on_table(table).into_iter().filter_map(|id| match &self.before.constraint(id)?.kind {
            ConstraintKind::ForeignKey(key) if wanted(key) => Some(key.references),
            _ => None,
        });
        keys.filter(|other| *other != table).collect()
    }
}

fn children(schema: &Schema, parent: ObjectId) -> Vec<ObjectId> {
    let mut found: Vec<ObjectId> = schema
        .dependencies()
        .on_object(parent)
        .into_iter()
        .map(|dependency| dependency.dependent.object)
        .filter(|id| matches!(schema.get(*id).map(|object| &object.body), Some(ObjectBody::Table(table)) if table.parents.contains(&parent)))
        .collect();
    found.dedup();
    found
}
