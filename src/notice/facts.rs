//! What a notice is made of, by reference; and what a run is asked to say.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::catalog::Catalog;
use crate::impact::Effect;
use crate::migrate::{Change, Step};
use crate::project::{NoticeAudience, NoticeStep, Organisation, Sidecar};
use crate::rollback::Plan;
use crate::schema::Schema;
use crate::text::Sources;

/// One migration, as far as departments care.
#[derive(Clone, Copy, Debug)]
pub struct ProposedChange<'a> {
    /// What the runner records of it.
    pub id: &'a str,
    /// Its name for people: the file without ending.
    pub name: &'a str,
    /// What is written beside it.
    pub sidecar: Option<&'a Sidecar>,
    /// Its statements, as far as they were run.
    pub steps: &'a [Step],
    /// How many statements it has.
    pub statements: usize,
    /// The schema after it.
    pub after: &'a Schema,
    /// The way back.
    pub plan: &'a Plan,
    /// What the hand-written way back, when there is one, does not bring back.
    pub down_loses: &'a [String],
}

impl ProposedChange<'_> {
    /// How the change is called in the log of notices: the id of its record, or the name of the migration.
    pub fn key(&self) -> &str {
        self.sidecar.and_then(|sidecar| sidecar.change.as_ref()).map_or(self.name, |change| &change.value)
    }
}

/// What happens when an old name, kept beside the new one for a while, ends.
#[derive(Clone, Debug)]
pub struct OldNameEnd {
    /// The migration whose record promises the old name, by index.
    pub migration: u32,
    /// The old name, as the record has it: `app.clients.phone`.
    pub old: String,
    /// The name that takes its place.
    pub new: String,
    /// Who is hit when it ends.
    pub effects: Vec<Effect>,
    /// Why nobody can say who is hit.
    pub not_judged: Option<String>,
}

/// What of a consumer waits. Who cannot read cannot save either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Waiting {
    /// What is saved waits; what is read does not.
    Saving,
    /// Reading waits too.
    Reading,
}

/// A consumer that waits while a migration keeps something locked and works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The migration, by index.
    pub migration: u32,
    /// The consumer's id in the catalog.
    pub consumer: Arc<str>,
    /// What of it waits.
    pub waiting: Waiting,
    /// How long at most, by the range of the work; `None` when nobody knows. An estimate, never a promise.
    pub seconds: Option<u64>,
}

/// Everything that notices are made of.
#[derive(Clone, Copy, Debug)]
pub struct NoticeFacts<'a> {
    /// All texts, to say where something is to be added.
    pub sources: &'a Sources,
    /// Who depends on the warehouse.
    pub catalog: &'a Catalog,
    /// Who writes.
    pub organisation: &'a Organisation,
    /// The schema before all changes.
    pub first: &'a Schema,
    /// The schema after all changes.
    pub last: &'a Schema,
    /// The migrations in order; effects name them by index.
    pub changes: &'a [ProposedChange<'a>],
    /// Who is hit.
    pub effects: &'a [Effect],
    /// Who is hit when old names end.
    pub old_names: &'a [OldNameEnd],
    /// Who only waits.
    pub waits: &'a [Wait],
    /// Consumers of which it is not known whether they go on: never said to stay as they are.
    pub unsettled: &'a BTreeSet<&'a str>,
}

impl<'a> NoticeFacts<'a> {
    /// The change that an effect comes from, with its step.
    pub(super) fn cause(&self, effect: &Effect) -> Option<(&'a Step, &'a Change)> {
        let id = effect.change?;
        let steps = self.changes.get(effect.migration as usize)?.steps;
        steps.iter().find_map(|step| step.outcome.changes.iter().find(|change| change.id == id).map(|change| (step, change)))
    }
}

/// What is to be said.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// Which message of the series.
    pub step: NoticeStep,
    /// For whom.
    pub audience: NoticeAudience,
    /// When it is written.
    pub now: Timestamp,
    /// One name for all changes together, instead of the ids of their records.
    pub change_set: Option<String>,
}

impl Occasion {
    /// The first message to the people of each department, written on a day.
    pub fn announcement(day: Date, organisation: &Organisation) -> Self {
        let zone = organisation.time_zone.clone().unwrap_or(TimeZone::UTC);
        let noon = day.at(12, 0, 0, 0).to_zoned(zone).map_or(Timestamp::UNIX_EPOCH, |noon| noon.timestamp());
        Self { step: NoticeStep::Announce, audience: NoticeAudience::Staff, now: noon, change_set: None }
    }
}
