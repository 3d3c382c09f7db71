//! What departments agreed to: a sign-off in the change record lifts a finding about their consumers to *accepted*.
//!
//! In: the sign-offs of a migration, the effects on consumers, and the findings with the effects they tell. Out: who accepted each effect, and
//! a [`SignOffFault`] for each agreement to something that is not there. A sign-off that names nothing covers every effect on the department.

use std::sync::Arc;

use jiff::civil::Date;

use super::{CatalogSummary, Finding};
use crate::impact::Effect;
use crate::project::SignOff;
use crate::text::{Span, Spanned};

/// Who agreed to an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The department's name.
    pub department: String,
    /// The person's name.
    pub name: String,
    /// The day.
    pub on: Date,
    /// Where it is written.
    pub span: Span,
}

impl Acceptance {
    /// `Maria Lopez for Client Services on 2026-11-19`.
    pub fn words(&self) -> String {
        format!("{} for {} on {}", self.name, self.department, self.on)
    }
}

/// What is wrong with a sign-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum SignOffFaultKind {
    /// It agrees to what does not happen.
    Nothing,
    /// It is given for consumers of another department.
    OtherDepartment,
    /// Its day is still to come.
    Ahead,
}

impl SignOffFaultKind {
    pub const WORDS: &'static [&'static str] = &["nothing", "other_department", "ahead"];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::OtherDepartment => "other_department",
            Self::Ahead => "ahead",
        }
    }
}

/// A sign-off that is at fault.
#[derive(Clone, Debug)]
pub(super) struct SignOffFault {
    pub kind: SignOffFaultKind,
    pub span: Span,
    pub department: String,
    /// What is wrong, in a few words.
    pub message: String,
}

/// Whether every statement of the migration was looked at, so that what is not found is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Looked {
    Everywhere,
    NotEverywhere,
}

/// One finding and the effects it tells, by their numbers.
pub(super) struct Told<'f> {
    pub finding: &'f Finding,
    pub effects: &'f [usize],
}

/// Holds the sign-offs of one migration against its effects: who accepted which (by number), and what is wrong.
pub(super) fn accept(
    sign_offs: &[SignOff],
    effects: &[(usize, &Effect)],
    told: &[Told<'_>],
    catalog: &CatalogSummary,
    (today, looked): (Date, Looked),
) -> (Vec<(usize, Acceptance)>, Vec<SignOffFault>) {
    let (mut accepted, mut faults) = (Vec::new(), Vec::new());
    for sign_off in sign_offs {
        let mut one = OneSignOff { sign_off, effects, told, catalog, looked, covered: Vec::new(), faults: &mut faults };
        if sign_off.on > today {
            let message = format!("it is dated {}, and today is {today}", sign_off.on);
            one.fault(SignOffFaultKind::Ahead, sign_off.department.span, message);
            continue;
        }
        one.cover();
        let covered = std::mem::take(&mut one.covered);
        accepted.extend(covered.into_iter().map(|(effect, span)| (effect, acceptance(sign_off, catalog, span))));
    }
    (accepted, faults)
}

fn acceptance(sign_off: &SignOff, catalog: &CatalogSummary, span: Span) -> Acceptance {
    let id = sign_off.department.value.as_str();
    let known = catalog.consumers.values().find(|consumer| &*consumer.department_id == id);
    let department = known.map_or_else(|| id.to_owned(), |consumer| consumer.department.clone());
    Acceptance { department, name: sign_off.name.clone(), on: sign_off.on, span }
}

struct OneSignOff<'a, 'f> {
    sign_off: &'a SignOff,
    effects: &'a [(usize, &'a Effect)],
    told: &'a [Told<'a>],
    catalog: &'a CatalogSummary,
    looked: Looked,
    covered: Vec<(usize, Span)>,
    faults: &'f mut Vec<SignOffFault>,
}

impl OneSignOff<'_, '_> {
    fn cover(&mut self) {
        let department = self.sign_off.department.clone();
        if self.sign_off.findings.is_empty() && self.sign_off.effects.is_empty() {
            let own: Vec<usize> = self.effects.iter().filter(|(_, effect)| self.is_own(&effect.consumer)).map(|(number, _)| *number).collect();
            self.covered.extend(own.into_iter().map(|number| (number, department.span)));
            return;
        }
        for fingerprint in &self.sign_off.findings {
            self.cover_finding(fingerprint);
        }
        for signed in &self.sign_off.effects {
            self.cover_consumer(&signed.consumer, signed.field.as_ref());
        }
    }

    fn is_own(&self, consumer: &str) -> bool {
        self.catalog.consumers.get(consumer).is_some_and(|known| *known.department_id == *self.sign_off.department.value)
    }

    fn cover_finding(&mut self, fingerprint: &Spanned<String>) {
        let Some(told) = self.told.iter().find(|told| told.finding.fingerprint == fingerprint.value) else {
            let message = format!("no finding of this migration about a consumer has the fingerprint {}", fingerprint.value);
            self.fault(SignOffFaultKind::Nothing, fingerprint.span, message);
            return;
        };
        let at = |number: &usize| self.effects.binary_search_by_key(number, |(own, _)| *own).ok().and_then(|at| self.effects.get(at));
        let consumer = |number: &usize| at(number).map(|(_, effect)| effect.consumer.clone());
        let own: Vec<usize> = told.effects.iter().copied().filter(|number| consumer(number).is_some_and(|id| self.is_own(&id))).collect();
        if own.is_empty() {
            let message = format!("the finding {} hits no consumer of the department", fingerprint.value);
            self.fault(SignOffFaultKind::OtherDepartment, fingerprint.span, message);
        }
        self.covered.extend(own.into_iter().map(|number| (number, fingerprint.span)));
    }

    fn cover_consumer(&mut self, consumer: &Spanned<String>, field: Option<&Spanned<String>>) {
        let id: Arc<str> = consumer.value.as_str().into();
        if !self.catalog.consumers.contains_key(&id) {
            self.fault(SignOffFaultKind::Nothing, consumer.span, format!("there is no consumer `{id}` in the catalog"));
            return;
        }
        if !self.is_own(&id) {
            self.fault(SignOffFaultKind::OtherDepartment, consumer.span, format!("the consumer `{id}` belongs to another department"));
            return;
        }
        let about = |effect: &Effect| field.is_none_or(|field| effect.path.iter().any(|step| step.label == field.value));
        let found: Vec<usize> = self.effects.iter().filter(|(_, effect)| effect.consumer == id && about(effect)).map(|(number, _)| *number).collect();
        if found.is_empty() {
            let through = field.map_or_else(String::new, |field| format!(" through {}", field.value));
            self.fault(SignOffFaultKind::Nothing, field.map_or(consumer.span, |field| field.span), format!("nothing happens to `{id}`{through}"));
        }
        self.covered.extend(found.into_iter().map(|number| (number, consumer.span)));
    }

    fn fault(&mut self, kind: SignOffFaultKind, span: Span, message: String) {
        // Behind a refused statement nobody looked, so nobody can say that the agreement is about nothing.
        if kind == SignOffFaultKind::Nothing && self.looked == Looked::NotEverywhere {
            return;
        }
        self.faults.push(SignOffFault { kind, span, department: self.sign_off.department.value.clone(), message });
    }
}
