//! Which change of a migration does it.
//!
//! The schemas between the statements are kept, so the first statement after which the subject is worse off is found by halving;
//! of that statement's changes the one that touches what the difference is about is named, and what the statement said itself before
//! what only went along.

use std::collections::{BTreeMap, BTreeSet};

use super::bodies::broken_bodies;
use super::company::company_changes;
use super::compare::compare;
use super::difference::{Difference, Side};
use super::effect::{Cause, EffectKind};
use super::subject::Subject;
use super::understanding::Understanding;
use crate::migrate::{Change, Direction, Step};
use crate::schema::{Address, ObjectBody, ObjectId, Part, Schema};

/// The search for the changes behind the differences of one subject in one migration. What the subject means between two statements is found once,
/// however many differences ask for it.
pub(super) struct Attribution<'a> {
    steps: &'a [Step],
    after: &'a Schema,
    subject: &'a Subject,
    before: Side<'a>,
    seen: BTreeMap<usize, BTreeSet<(EffectKind, Cause)>>,
}

impl<'a> Attribution<'a> {
    /// A search in which nothing is known yet.
    pub(super) fn new(steps: &'a [Step], after: &'a Schema, subject: &'a Subject, before: Side<'a>) -> Self {
        Self { steps, after, subject, before, seen: BTreeMap::new() }
    }

    /// Finds the change, or `None` when no statement alone does it.
    pub(super) fn culprit(&mut self, difference: &Difference) -> Option<&'a Change> {
        let index = match self.direct_hit(difference) {
            Some(index) => index,
            None => self.first_worse(difference)?,
        };
        let step = self.steps.get(index)?;
        best_change(&step.outcome.changes, self.before, difference)
    }

    /// A statement that changes just what the difference is about, when there is only one: a column, or something that hangs on a table.
    fn direct_hit(&self, difference: &Difference) -> Option<usize> {
        let is_precise = |address: &Address| {
            let body = self.after.get(address.object).or_else(|| self.before.schema.get(address.object)).map(|object| &object.body);
            address.part != Part::Whole || matches!(body, Some(ObjectBody::Trigger(_) | ObjectBody::Rule(_) | ObjectBody::Constraint(_)))
        };
        let about: BTreeSet<Address> = difference.about.iter().copied().filter(is_precise).collect();
        if about.is_empty() {
            return None;
        }
        let mut hits = self.steps.iter().enumerate().filter(|(_, step)| step.outcome.changes.iter().any(|change| about.contains(&change.kind.address())));
        let (index, _) = hits.next()?;
        hits.next().is_none().then_some(index)
    }

    /// The first step after which the same difference shows, by halving.
    fn first_worse(&mut self, difference: &Difference) -> Option<usize> {
        let (mut low, mut high) = (0, self.steps.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.found_after(middle).contains(&(difference.kind, difference.cause)) { high = middle } else { low = middle + 1 }
        }
        (low < self.steps.len()).then_some(low)
    }

    fn found_after(&mut self, index: usize) -> &BTreeSet<(EffectKind, Cause)> {
        let (steps, after, subject, before) = (self.steps, self.after, self.subject, self.before);
        self.seen.entry(index).or_insert_with(|| {
            let schema = steps.get(index + 1).map_or(after, |next| &next.before);
            let understanding = Understanding::of(schema, subject);
            let after = Side { schema, understanding: &understanding };
            let mut found = compare(before, after);
            found.extend(broken_bodies(before, after));
            found.extend(company_changes(before, after));
            found.iter().map(|found| (found.kind, found.cause)).collect()
        })
    }
}

fn best_change<'a>(changes: &'a [Change], before: Side<'_>, difference: &Difference) -> Option<&'a Change> {
    let about: BTreeSet<Address> = difference.about.iter().copied().collect();
    let objects: BTreeSet<ObjectId> = about.iter().map(|address| address.object).collect();
    let rank = |change: &Change| {
        let address = change.kind.address();
        let close = if about.contains(&address) {
            0
        } else if objects.contains(&address.object) {
            1
        } else if before.understanding.objects.contains(&address.object) {
            2
        } else {
            3
        };
        (change.direction == Direction::Consequence, close, change.id)
    };
    changes.iter().min_by_key(|change| rank(change))
}
