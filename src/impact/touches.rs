//! Which relations each consumer rests on and writes to, as things are: for those who ask who waits for a lock.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::subject::Subject;
use super::understanding::{Understanding, closure};
use crate::lineage::{Role, written};
use crate::schema::{ObjectId, Schema};

/// What one consumer touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touches {
    /// The consumer's id.
    pub consumer: Arc<str>,
    /// Everything it rests on, through views, functions and triggers; what it writes to is among them.
    pub rests_on: BTreeSet<ObjectId>,
    /// What it writes to, itself or through triggers, with what lies under it.
    pub writes: BTreeSet<ObjectId>,
}

/// What each consumer touches, in the order of the subjects.
pub fn touches(schema: &Schema, subjects: &[Subject]) -> Vec<Touches> {
    let touched = subjects.iter().map(|subject| {
        let understanding = Understanding::of(schema, subject);
        let stated = subject.statements.iter().flat_map(|statement| written(schema, &subject.session, statement)).map(|(table, _)| table);
        let by_column = understanding.direct.iter().filter(|(_, roles)| roles.contains(&Role::Write)).map(|(address, _)| address.object);
        let in_bodies = understanding.bodies.values().flat_map(|body| &body.parts).flat_map(|part| &part.writes).map(|(table, _)| *table);
        let writes = closure(schema, stated.chain(by_column).chain(in_bodies).collect());
        let mut rests_on: BTreeSet<ObjectId> = understanding.objects.union(&understanding.behind).copied().collect();
        rests_on.extend(&writes);
        Touches { consumer: subject.id.clone(), rests_on, writes }
    });
    touched.collect()
}
