//! What a notice is made of, by reference.

use crate::catalog::Catalog;
use crate::impact::Effect;
use crate::migrate::{Change, Step};
use crate::project::{Organisation, Sidecar};
use crate::rollback::Reversibility;
use crate::schema::Schema;

/// One migration, as far as departments care.
#[derive(Clone, Copy, Debug)]
pub struct ProposedChange<'a> {
    /// Its name.
    pub id: &'a str,
    /// What is written beside it.
    pub sidecar: Option<&'a Sidecar>,
    /// Its statements.
    pub steps: &'a [Step],
    /// The schema after it.
    pub after: &'a Schema,
    /// How much can be put back.
    pub reversibility: Reversibility,
}

/// Everything that notices are made of.
#[derive(Clone, Copy, Debug)]
pub struct NoticeFacts<'a> {
    /// Who depends on the warehouse.
    pub catalog: &'a Catalog,
    /// Who writes.
    pub organisation: &'a Organisation,
    /// The migrations in order; effects name them by index.
    pub changes: &'a [ProposedChange<'a>],
    /// Who is hit.
    pub effects: &'a [Effect],
}

impl<'a> NoticeFacts<'a> {
    /// The change that an effect comes from, with its step.
    pub(super) fn cause(&self, effect: &Effect) -> Option<(&'a Step, &'a Change)> {
        let id = effect.change?;
        let steps = self.changes.get(effect.migration as usize)?.steps;
        steps.iter().find_map(|step| step.outcome.changes.iter().find(|change| change.id == id).map(|change| (step, change)))
    }
}
