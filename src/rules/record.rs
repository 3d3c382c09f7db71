//! What rules ask of the change record beside a migration: who agreed, when it is applied, what it replaces.
//!
//! In: a [`Sidecar`] and the organisation's time zone. Out: [`RecordFacts`], empty where nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::project::{ChangeType, NoticeLog, Risk, Sidecar, SignOff, Told};

/// What rules ask of a change record.
#[derive(Clone, Debug, Default)]
pub struct RecordFacts {
    /// Whether there is one.
    pub written: bool,
    /// The id of the change; empty when none is given.
    pub change: String,
    /// Why, in one plain sentence; empty when nobody says.
    pub reason: String,
    /// Who asked for it; empty when nobody says.
    pub requester: String,
    /// Who approved it; empty when nobody did.
    pub approver: String,
    /// How bad, and how likely.
    pub risk: Option<Risk>,
    /// How it is decided on.
    pub change_type: Option<ChangeType>,
    /// How often it was tried.
    pub tests: usize,
    /// The last day on which the old name still works.
    pub old_name_until: Option<Date>,
    /// Old fields for which the record names one that takes their place.
    pub replaced: Vec<String>,
    /// When it is applied, where the organisation is: beginning and end.
    pub window: Option<(Zoned, Zoned)>,
    /// Departments that agreed.
    pub sign_offs: Vec<SignOff>,
    /// The day on which each department was first told, by id.
    pub told: BTreeMap<String, Date>,
}

impl RecordFacts {
    /// What a record says; times as they are read in `zone`.
    pub fn of(sidecar: &Sidecar, zone: &TimeZone) -> Self {
        let name = |person: &Option<crate::project::PersonNamed>| person.as_ref().map(|person| person.name.clone()).unwrap_or_default();
        let here = |moment: jiff::Timestamp| moment.to_zoned(zone.clone());
        Self {
            written: true,
            change: sidecar.change.as_ref().map(|change| change.value.clone()).unwrap_or_default(),
            reason: sidecar.reason.as_ref().map(|reason| reason.value.clone()).unwrap_or_default(),
            requester: name(&sidecar.requester),
            approver: name(&sidecar.approver),
            risk: sidecar.risk,
            change_type: sidecar.change_type,
            tests: sidecar.tests.len(),
            old_name_until: sidecar.old_name_until.as_ref().map(|day| day.value),
            replaced: sidecar.replaced_by.iter().map(|(old, _)| old.value.clone()).collect(),
            window: sidecar.window.map(|window| (here(window.start), here(window.end))),
            sign_offs: sidecar.sign_offs.clone(),
            told: BTreeMap::new(),
        }
    }

    /// With what the log of notices says of the change, which it knows by the record's id or the migration's name.
    #[must_use]
    pub fn with_notices(mut self, log: &NoticeLog, migration: &str) -> Self {
        let own = |told: &&Told| told.change == migration || (!self.change.is_empty() && told.change == self.change);
        let departments: BTreeSet<&str> = log.told.iter().filter(own).map(|told| told.department.as_str()).collect();
        let first = |department: &str| [self.change.as_str(), migration].into_iter().filter_map(|change| log.first_told(change, department)).min();
        self.told = departments.into_iter().filter_map(|department| Some((department.to_owned(), first(department)?))).collect();
        self
    }
}
