//! Notices put together: for each department that a change touches, what it needs and nothing else; one text for the help desk; one record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use minijinja::value::{Serde, Value};
use serde_json::json;

use super::calendar::entries;
use super::document::{Mailbox, Notice, Section, Shortening};
use super::facts::{NoticeFacts, Occasion, Wait};
use super::sentence::{self, Desk, Moments, PlainNames, Promise, Touched};
use super::template::{Phrases, Templates};
use crate::catalog::Department;
use crate::diagnostic::Problem;
use crate::project::{NoticeAudience, NoticeStep};

/// What was put together.
#[derive(Clone, Debug, Default)]
pub struct Composed {
    /// In the order of departments' ids.
    pub notices: Vec<Notice>,
    /// What kept a sentence from being plain or true; with an error among them the notices are not fit to be sent.
    pub problems: Vec<Problem>,
}

/// One notice for each recipient that is touched.
pub fn compose(facts: &NoticeFacts<'_>, occasion: &Occasion, templates: &Templates) -> Composed {
    let names = PlainNames::new(facts);
    let mut composer = Composer { facts, occasion, templates, names: &names, notices: Vec::new(), problems: BTreeMap::new() };
    match occasion.audience {
        NoticeAudience::Staff => composer.departments(),
        NoticeAudience::Helpdesk => composer.one("helpdesk", Touched::all(facts)),
        NoticeAudience::Record => composer.one("record", Touched::all(facts)),
    }
    composer.check_promises();
    composer.check_settings();
    let Composer { notices, problems, .. } = composer;
    Composed { notices, problems: problems.into_values().chain(names.missing()).collect() }
}

struct Composer<'a> {
    facts: &'a NoticeFacts<'a>,
    occasion: &'a Occasion,
    templates: &'a Templates,
    names: &'a PlainNames<'a>,
    notices: Vec<Notice>,
    problems: BTreeMap<String, Problem>,
}

impl<'a> Composer<'a> {
    fn departments(&mut self) {
        let mut touched: BTreeMap<Arc<str>, Touched<'a>> = BTreeMap::new();
        let facts = self.facts;
        let all = Touched::all(facts);
        let department = |id: &str| facts.catalog.consumers.get(id).and_then(|consumer| consumer.department.clone());
        let effects = all.effects.iter().copied().chain(all.later.iter().map(|(_, effect)| *effect)).map(|effect| &effect.consumer);
        let hit: BTreeSet<Arc<str>> = effects.filter_map(|consumer| department(consumer)).collect();
        let waiting = all.waits.iter().filter_map(|wait| Some((department(&wait.consumer)?, *wait)));
        let (known, unknown): (Vec<_>, Vec<_>) = waiting.partition(|(_, wait)| wait.seconds.is_some());
        self.unknown_waits(unknown.iter().map(|(_, wait)| *wait));
        for id in hit.into_iter().chain(known.into_iter().map(|(id, _)| id)).collect::<BTreeSet<_>>() {
            let own = Touched::of(facts, |consumer| department(consumer).as_ref() == Some(&id));
            touched.insert(id, own);
        }
        for (id, touched) in touched {
            if let Some(department) = facts.catalog.departments.get(&id) {
                self.department(department, &touched);
            }
        }
    }

    /// Nobody is told of a wait that may be none; whoever plans the change is.
    fn unknown_waits<'w>(&mut self, waits: impl Iterator<Item = &'w Wait>) {
        if !matches!(self.occasion.step, NoticeStep::Announce | NoticeStep::Reminder) {
            return;
        }
        for wait in waits {
            let Some(change) = self.facts.changes.get(wait.migration as usize) else { continue };
            let names = self.facts.waits.iter().filter(|other| other.migration == wait.migration && other.seconds.is_none());
            let names: Vec<&str> = names.filter_map(|other| self.facts.catalog.consumers.get(&other.consumer)).map(|one| one.name.as_str()).collect();
            let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            let more = names.len().checked_sub(4).map(|more| format!(" and {} more", more + 1)).unwrap_or_default();
            let message = format!("{}: nobody can say how long {shown}{more} will wait for its locks, because the snapshot has no sizes", change.name);
            let problem = Problem::warning("notice-wait-unknown", message);
            let problem = problem.help("`fieldgate snapshot take` brings the sizes; who waits for seconds or more is then told");
            self.problems.insert(format!("wait {}", change.id), problem);
        }
    }

    fn department(&mut self, department: &'a Department, touched: &Touched<'a>) {
        let Some(phrases) = self.language(department.language.as_deref(), Some(department)) else { return };
        let desk = self.desk(phrases);
        if sentence::hit(&desk, touched).is_empty() {
            return;
        }
        let layout = format!("{}.j2", self.occasion.step.as_str());
        let values = staff_values(&desk, touched, department);
        let notice = Notice {
            recipient: department.id.clone(),
            recipient_name: department.name.clone(),
            to: readers(department, touched),
            ..self.frame(&desk, touched, &layout, values)
        };
        self.notices.push(notice);
    }

    fn one(&mut self, recipient: &str, touched: Touched<'a>) {
        let Some(phrases) = self.language(None, None) else { return };
        let desk = self.desk(phrases);
        let is_record = self.occasion.audience == NoticeAudience::Record;
        if !is_record && sentence::hit(&desk, &touched).is_empty() {
            return;
        }
        let values = if is_record { record_values(&desk, &touched) } else { helpdesk_values(&desk, &touched) };
        let organisation = self.facts.organisation;
        let name = organisation.name.clone().unwrap_or_else(|| recipient.to_owned());
        let help = &organisation.help;
        let to = if is_record {
            let approvers = touched.sidecars().filter_map(|sidecar| sidecar.approver.as_ref());
            approvers.map(|person| Mailbox { name: person.name.clone(), email: person.email.clone(), phone: None, slack: None }).collect()
        } else {
            vec![Mailbox { name, email: help.email.clone(), phone: help.phone.clone(), slack: help.slack.clone() }]
        };
        let layout = format!("{recipient}.j2");
        let notice = Notice { recipient: recipient.into(), recipient_name: recipient.to_owned(), to, ..self.frame(&desk, &touched, &layout, values) };
        self.notices.push(notice);
    }

    fn desk(&self, phrases: Arc<Phrases>) -> Desk<'a> {
        let zone = self.facts.organisation.time_zone.clone().unwrap_or(TimeZone::UTC);
        let moments = Moments::new(phrases.clone(), zone, self.occasion.now);
        Desk { facts: self.facts, occasion: self.occasion, phrases, moments, names: self.names }
    }

    /// What is the same for all recipients.
    fn frame(&mut self, desk: &Desk<'a>, touched: &Touched<'a>, layout: &str, values: Value) -> Notice {
        let sections: Vec<Section> = self.templates.layouts.fill(layout, &desk.phrases, values).unwrap_or_else(|problem| {
            self.problems.insert(format!("layout {layout}"), *problem);
            Vec::new()
        });
        for problem in desk.phrases.faults() {
            self.problems.insert(format!("phrase {}", problem.message), problem);
        }
        let organisation = self.facts.organisation;
        let subject = sentence::subject(desk, touched);
        let from = organisation.sender.clone().or_else(|| organisation.name.clone()).unwrap_or_default();
        let help = &organisation.help;
        Notice {
            recipient: "".into(),
            recipient_name: String::new(),
            audience: self.occasion.audience,
            step: self.occasion.step,
            changes: touched.changes().map(|(_, change)| change.key().to_owned()).collect(),
            language: desk.phrases.language.clone(),
            digest: digest(desk, touched, &subject),
            entries: entries(desk, touched),
            subject,
            sections,
            sender: organisation.sender.clone(),
            from: Mailbox { name: from, email: help.email.clone(), phone: help.phone.clone(), slack: help.slack.clone() },
            to: Vec::new(),
            written_at: self.occasion.now,
            shortening: Shortening::new(desk.phrases.say("list.left_out", &[("number", Shortening::NUMBER)])),
        }
    }

    /// The sentences of a department's language, or of the organisation's; `None`, and a problem, when there are none.
    fn language(&mut self, own: Option<&str>, department: Option<&Department>) -> Option<Arc<Phrases>> {
        let tag = own.or(self.facts.organisation.language.as_deref()).unwrap_or("en");
        let found = self.templates.language(tag).cloned();
        if found.is_none() {
            let mut problem = Problem::error("notice-unknown-language", format!("there are no sentences for notices in the language `{tag}`"));
            if let Some(span) = department.filter(|_| own.is_some()).and_then(|department| department.span) {
                problem = problem.at(span);
            }
            let help = format!("write them into a file named {tag}.yml, in the folder that `notices.templates` of fieldgate.yml names");
            self.problems.insert(format!("language {tag}"), problem.allowed(tag, self.templates.tags()).help(help));
        }
        found
    }

    /// A record that promises what the change does not keep.
    fn check_promises(&mut self) {
        for change in self.facts.changes {
            if let Promise::Broken(gone) = sentence::promise(change) {
                self.problems.insert(format!("promise {}", change.id), gone.problem);
            }
        }
        for change in self.facts.changes.iter().filter(|_| self.occasion.step == NoticeStep::RolledBack) {
            if let Some(first) = change.down_loses.first() {
                let message =
                    format!("{}: the hand-written way back does not bring everything back, and the notice speaks of the planned one: {first}", change.name);
                let problem = Problem::warning("notice-way-back-not-the-planned-one", message);
                self.problems.insert(format!("way back {}", change.id), problem.help("`fieldgate plan` prints the planned one"));
            }
        }
        for end in self.facts.old_names {
            if let Some(reason) = &end.not_judged {
                let message = format!("who is hit when the old name {} ends cannot be judged: {reason}", end.old);
                self.problems.insert(format!("old name {}", end.old), Problem::warning("notice-old-name-not-judged", message));
            }
        }
    }

    /// What readers ask back when nobody has said it.
    fn check_settings(&mut self) {
        if self.notices.is_empty() {
            return;
        }
        let help = &self.facts.organisation.help;
        if help.email.is_none() && help.phone.is_none() && help.slack.is_none() {
            let problem = Problem::warning("notice-without-contact", "a notice does not say whom to turn to");
            self.problems.insert(String::from("contact"), problem.help("add to fieldgate.yml:\norganisation: { help: { email: …, phone: … } }"));
        }
        let before = matches!(self.occasion.step, NoticeStep::Announce | NoticeStep::Reminder);
        let windows = self.facts.changes.iter().filter_map(|change| change.sidecar?.window);
        if self.facts.organisation.time_zone.is_none() && windows.count() > 0 {
            let problem = Problem::warning("notice-without-time-zone", "nothing says where the organisation is, so a notice gives its times in UTC");
            self.problems.insert(String::from("zone"), problem.help("add to fieldgate.yml:\norganisation: { time_zone: America/New_York }"));
        }
        let told: BTreeSet<&str> = self.notices.iter().flat_map(|notice| &notice.changes).map(String::as_str).collect();
        for change in self.facts.changes.iter().filter(|change| before && told.contains(change.key())) {
            let missing = match change.sidecar {
                Some(sidecar) if sidecar.reason.is_none() && sidecar.window.is_none() => "why it is made and when",
                Some(sidecar) if sidecar.reason.is_none() => "why it is made",
                Some(sidecar) if sidecar.window.is_none() => "when it is made",
                Some(_) => continue,
                None => "why it is made and when",
            };
            let problem = Problem::warning("notice-people-will-ask", format!("{}: nothing says {missing}, and people will ask", change.name));
            let help = "write it beside the migration, into NAME.fieldgate.yml:\nreason: …\nwindow: { start: 2026-12-08T18:00, end: 2026-12-08T18:30, work_goes_on: true }";
            self.problems.insert(format!("ask {}", change.id), problem.help(help));
        }
        for sidecar in self.facts.changes.iter().filter_map(|change| change.sidecar).filter(|_| before) {
            if sidecar.window.is_some_and(|window| window.work_goes_on.is_none()) {
                let path = self.facts.sources.get(sidecar.source).map(|source| source.name().to_owned()).unwrap_or_default();
                let message = format!("{path} does not say whether people can go on working during the window");
                let problem = Problem::warning("notice-without-work-goes-on", message).of(std::path::Path::new(&path));
                self.problems.insert(format!("work {path}"), problem.help("add `work_goes_on: true` or `false` to `window:`"));
            }
        }
    }
}

/// The people of a department, those who look after what is hit, and others who use it; each once.
fn readers(department: &Department, touched: &Touched<'_>) -> Vec<Mailbox> {
    let mut all: Vec<Mailbox> = Vec::new();
    for contact in &department.contacts {
        all.push(Mailbox { name: contact.name.clone(), email: contact.email.clone(), phone: contact.phone.clone(), slack: contact.slack.clone() });
    }
    for (consumer, _) in touched.hit() {
        let owner = consumer.owner.iter().map(|owner| (owner.name.clone(), owner.email.clone(), owner.slack.clone()));
        let others = consumer.recipients.iter().map(|address| (address.clone(), Some(address.clone()), None));
        for (name, email, slack) in owner.chain(others) {
            if !all.iter().any(|known| known.name == name || (known.email.is_some() && known.email == email)) {
                all.push(Mailbox { name, email, phone: None, slack });
            }
        }
    }
    all
}

fn staff_values(desk: &Desk<'_>, touched: &Touched<'_>, department: &Department) -> Value {
    let affected: Vec<_> = sentence::affected(desk, touched).into_iter().map(|one| json!({ "name": one.name, "what": one.what })).collect();
    Value::from(Serde(json!({
        "department": department.name,
        "to_do": sentence::to_do(desk, touched),
        "changes": sentence::changes(desk, touched),
        "when": sentence::when(desk, touched),
        "affected": affected,
        "unchanged": sentence::unchanged(desk, touched, Some(&department.id)),
        "why": sentence::why(desk, touched),
        "old_name": sentence::old_name(desk, touched),
        "happened": sentence::happened(desk, touched),
        "scope": sentence::scope(desk),
        "doing": sentence::doing(desk, touched),
        "meanwhile": sentence::meanwhile(desk, touched),
        "lost": sentence::lost(desk, touched),
        "contact": sentence::contact(desk, touched),
        "undo": sentence::undo(desk, touched),
        "next": sentence::next(desk, touched),
    })))
}

fn helpdesk_values(desk: &Desk<'_>, touched: &Touched<'_>) -> Value {
    let facts = desk.facts;
    let departments: Vec<_> = facts
        .catalog
        .departments
        .values()
        .filter_map(|department| {
            let is_own = |id: &str| facts.catalog.consumers.get(id).is_some_and(|consumer| consumer.department.as_ref() == Some(&department.id));
            let own = Touched::of(facts, is_own);
            let affected: Vec<_> =
                sentence::affected(desk, &own).into_iter().map(|one| json!({ "name": one.name, "what": one.what, "owner": one.owner })).collect();
            (!affected.is_empty()).then(|| json!({ "name": department.name, "affected": affected }))
        })
        .collect();
    Value::from(Serde(json!({
        "summary": sentence::summary(desk, touched),
        "happened": sentence::happened(desk, touched),
        "doing": if desk.occasion.step == NoticeStep::Incident { sentence::doing(desk, touched) } else { Vec::new() },
        "when": sentence::when(desk, touched),
        "changes": sentence::changes(desk, touched),
        "departments": departments,
        "scope": sentence::scope(desk),
        "answer": sentence::answer(desk, touched),
        "undo": sentence::undo(desk, touched),
        "next": sentence::next(desk, touched),
        "contact": sentence::contact(desk, touched),
    })))
}

fn record_values(desk: &Desk<'_>, touched: &Touched<'_>) -> Value {
    let parts: Vec<_> = sentence::record(desk, touched).into_iter().map(|part| json!({ "title": part.title, "lines": part.lines })).collect();
    Value::from(Serde(json!({ "parts": parts })))
}

/// The most important sentences first.
fn digest(desk: &Desk<'_>, touched: &Touched<'_>, subject: &str) -> Vec<String> {
    let mut lines = vec![format!("{subject}.")];
    lines.extend(match desk.occasion.step {
        NoticeStep::Incident => [sentence::meanwhile(desk, touched), sentence::next(desk, touched)].concat(),
        NoticeStep::RolledBack => [sentence::happened(desk, touched), sentence::to_do(desk, touched)].concat(),
        NoticeStep::Announce | NoticeStep::Reminder | NoticeStep::Done | NoticeStep::OldNameEnds => sentence::to_do(desk, touched),
    });
    // Whom to ask fits before the details, so that a short text is no dead end.
    lines.extend(sentence::contact(desk, touched));
    lines.extend(sentence::when(desk, touched));
    lines.into_iter().map(|line| super::text::clean(&line)).collect()
}
