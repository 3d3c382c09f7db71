//! What is written beside a migration, checked: [`Sidecar`].

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::raw_sidecar::{ChangeType, RawIncident, RawPerson, RawSidecar, RawTranslation, RawWindow, Risk};
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources, Spanned};
use crate::yaml::{self, WordOr};

/// A person by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonNamed {
    /// First and last name.
    pub name: String,
    /// Where they read.
    pub email: Option<String>,
    /// What they do.
    pub role: Option<String>,
}

/// When a change is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its beginning.
    pub start: Timestamp,
    /// Its end, after the beginning.
    pub end: Timestamp,
    /// Whether people can go on working meanwhile; `None` when nobody said.
    pub work_goes_on: Option<bool>,
}

/// A department's agreement.
#[derive(Clone, Debug)]
pub struct SignOff {
    /// The department's id, to be held against the catalog.
    pub department: Spanned<String>,
    /// Who agreed.
    pub name: String,
    /// On which day.
    pub on: Date,
    /// Fingerprints of the findings that were agreed to.
    pub findings: Vec<Spanned<String>>,
    /// Effects that were agreed to: a consumer, and perhaps one field. With no finding and no effect, whatever hits the department.
    pub effects: Vec<SignedEffect>,
}

/// An effect that a department agreed to.
#[derive(Clone, Debug)]
pub struct SignedEffect {
    /// The consumer's id, to be held against the catalog.
    pub consumer: Spanned<String>,
    /// `schema.table.column`; `None`: all effects on the consumer.
    pub field: Option<Spanned<String>>,
}

/// A trial run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestRun {
    /// Who tried it.
    pub name: String,
    /// On which day.
    pub on: Date,
    /// What was tried, and what came of it.
    pub what: String,
}

/// What went wrong with a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incident {
    /// Since when.
    pub since: Option<Timestamp>,
    /// What is done about it now, in plain sentences.
    pub doing: Vec<String>,
    /// What people can do meanwhile, in plain sentences.
    pub meanwhile: Vec<String>,
    /// When people hear more.
    pub next_update: Option<Timestamp>,
}

/// What is written beside a migration.
#[derive(Clone, Debug)]
pub struct Sidecar {
    /// The file.
    pub source: SourceId,
    /// The id of the change.
    pub change: Option<Spanned<String>>,
    /// Where it is discussed.
    pub link: Option<String>,
    /// Who asked for it.
    pub requester: Option<PersonNamed>,
    /// Why, in one plain sentence.
    pub reason: Option<Spanned<String>>,
    /// What happens when it is not done.
    pub if_not_done: Option<String>,
    /// How bad, and how likely.
    pub risk: Option<Risk>,
    /// How it is decided on.
    pub change_type: Option<ChangeType>,
    /// When it is applied.
    pub window: Option<Window>,
    /// Who approved it.
    pub approver: Option<PersonNamed>,
    /// The last day on which the old name still works.
    pub old_name_until: Option<Spanned<Date>>,
    /// Old field and the field that takes its place, as written.
    pub replaced_by: Vec<(Spanned<String>, Spanned<String>)>,
    /// Until when a department can object.
    pub object_until: Option<Date>,
    /// Until when everything can be put back.
    pub undo_until: Option<Timestamp>,
    /// When the next message comes.
    pub next_message: Option<Date>,
    /// What stays the same, in plain sentences.
    pub stays_the_same: Vec<String>,
    /// What is said in other languages, by language.
    pub translations: Vec<(Spanned<String>, RawTranslation)>,
    /// What went wrong with it.
    pub incident: Option<Incident>,
    /// Departments that agreed.
    pub sign_offs: Vec<SignOff>,
    /// Who tried it.
    pub tests: Vec<TestRun>,
}

/// Reads a sidecar; what is wrong is written down, and nothing is given when it cannot be used.
pub(super) fn read(path: &Path, zone: Option<&TimeZone>, sources: &mut Sources, problems: &mut Vec<Problem>) -> Option<Sidecar> {
    let id = sources.load(path).map_err(|error| problems.push(error.into())).ok()?;
    let raw: RawSidecar = yaml::read(sources, id).map_err(|more| problems.extend(more)).ok()?;
    Some(check_record(raw, id, zone, problems))
}

/// Checks a record that was read; what is wrong is written down.
pub fn check_record(raw: RawSidecar, source: SourceId, zone: Option<&TimeZone>, problems: &mut Vec<Problem>) -> Sidecar {
    let day = |text: Option<&Spanned<String>>, problems: &mut Vec<Problem>| text.and_then(|text| yaml::date(text, problems));
    let sign_offs = raw.sign_offs.0.into_iter().filter_map(|(department, entry)| {
        let on = yaml::date(&entry.on, problems)?;
        let effects = entry.effects.into_iter().map(|effect| SignedEffect { consumer: effect.consumer, field: effect.field });
        Some(SignOff { department, name: entry.name, on, findings: entry.findings, effects: effects.collect() })
    });
    let sign_offs = sign_offs.collect();
    let tests = raw.tests.into_iter().filter_map(|test| Some(TestRun { name: test.name, on: yaml::date(&test.on, problems)?, what: test.what })).collect();
    Sidecar {
        source,
        change: raw.change,
        link: raw.link,
        requester: raw.requester.map(|who| person(who, problems)),
        reason: raw.reason,
        if_not_done: raw.if_not_done,
        risk: raw.risk,
        change_type: raw.change_type,
        window: raw.window.and_then(|window| self::window(&window, zone, problems)),
        approver: raw.approver.map(|who| person(who, problems)),
        old_name_until: raw.old_name_until.as_ref().and_then(|text| yaml::date(text, problems).map(|day| Spanned::new(day, text.span))),
        replaced_by: raw.replaced_by.0,
        object_until: day(raw.object_until.as_ref(), problems),
        undo_until: raw.undo_until.as_ref().and_then(|text| yaml::moment(text, zone, problems)),
        next_message: day(raw.next_message.as_ref(), problems),
        stays_the_same: raw.stays_the_same,
        translations: raw.translations.0,
        incident: raw.incident.map(|incident| self::incident(incident, zone, problems)),
        sign_offs,
        tests,
    }
}

fn person(raw: WordOr<RawPerson>, problems: &mut Vec<Problem>) -> PersonNamed {
    match raw {
        WordOr::Word(name) => PersonNamed { name: name.value, email: None, role: None },
        WordOr::Fields(person) => {
            let email = person.email.and_then(|address| yaml::e_mail(&address, problems));
            PersonNamed { name: person.name, email, role: person.role }
        }
    }
}

fn incident(raw: RawIncident, zone: Option<&TimeZone>, problems: &mut Vec<Problem>) -> Incident {
    let mut moment = |text: Option<Spanned<String>>| text.and_then(|text| yaml::moment(&text, zone, problems));
    Incident { since: moment(raw.since), doing: raw.doing, meanwhile: raw.meanwhile, next_update: moment(raw.next_update) }
}

fn window(raw: &RawWindow, zone: Option<&TimeZone>, problems: &mut Vec<Problem>) -> Option<Window> {
    let start = yaml::moment(&raw.start, zone, problems);
    let end = yaml::moment(&raw.end, zone, problems);
    let (start, end) = (start?, end?);
    if end <= start {
        let problem = Problem::error("sidecar-window-ends-first", "the window ends before it begins").at(raw.end.span);
        problems.push(problem.label(raw.start.span, "its beginning"));
        return None;
    }
    Some(Window { start, end, work_goes_on: raw.work_goes_on })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Option<Sidecar>, Vec<Problem>) {
        let mut sources = Sources::default();
        let id = sources.add("0047_x.fieldgate.yml", text);
        let mut problems = Vec::new();
        let raw = yaml::read::<RawSidecar>(&sources, id).map_err(|more| problems.extend(more)).ok();
        (raw.map(|raw| check_record(raw, id, None, &mut problems)), problems)
    }

    #[test]
    fn a_change_record_is_read_whole() {
        let text = "change: CHG-1\nreason: One clear name.\ntype: normal\nrisk: low\nwindow: { start: 2026-12-08T18:00:00-05:00, end: 2026-12-08T18:30:00-05:00 }\n\
                    approver: { name: Tess Okoro, email: tess@example.org }\nold_name_until: 2027-01-29\nsign_offs:\n  client-services: { name: Maria Lopez, on: 2026-11-19 }\n";
        let (sidecar, problems) = read_text(text);
        assert_eq!(problems, []);
        let sidecar = sidecar.unwrap();
        assert_eq!(sidecar.window.unwrap().start.to_string(), "2026-12-08T23:00:00Z");
        assert_eq!((sidecar.risk, sidecar.change_type), (Some(Risk::Low), Some(ChangeType::Normal)));
        assert_eq!(sidecar.sign_offs[0].department.value, "client-services");
    }

    #[test]
    fn a_window_that_ends_first_is_refused() {
        let (_, problems) = read_text("window: { start: 2026-12-08T18:00:00Z, end: 2026-12-08T17:00:00Z }\n");
        assert_eq!(problems[0].code.0, "sidecar-window-ends-first");
    }

    #[test]
    fn an_empty_record_is_no_fault() {
        assert!(read_text("# nothing yet\n").0.is_some());
    }
}
