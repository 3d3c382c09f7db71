//! Notices put together: for each department that a change touches, what it needs and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::document::{Affected, Headings, Notice};
use super::facts::NoticeFacts;
use super::phrases::Phrases;
use crate::catalog::{Consumer, Department, FixedBy};
use crate::diagnostic::Problem;
use crate::impact::{Effect, EffectKind};
use crate::migrate::{ChangeKind, ColumnChange};
use crate::project::Sidecar;
use crate::rollback::Reversibility;
use crate::schema::{ColumnNumber, ObjectId, Schema};

/// One notice for each department that is touched, in the order of departments' ids; and what kept a sentence from being plain.
pub fn compose(facts: &NoticeFacts<'_>) -> (Vec<Notice>, Vec<Problem>) {
    let mut by_department: BTreeMap<&Arc<str>, Vec<&Effect>> = BTreeMap::new();
    for effect in facts.effects {
        let consumer = facts.catalog.consumers.get(&effect.consumer);
        if let Some(department) = consumer.and_then(|consumer| consumer.department.as_ref()) {
            by_department.entry(department).or_default().push(effect);
        }
    }
    let mut problems = BTreeMap::new();
    let mut notices = Vec::new();
    for (id, effects) in by_department {
        if let Some(department) = facts.catalog.departments.get(id) {
            notices.push(Composer::new(facts, department, &effects, &mut problems).notice());
        }
    }
    (notices, problems.into_values().collect())
}

struct Composer<'a, 'p> {
    facts: &'a NoticeFacts<'a>,
    department: &'a Department,
    effects: &'a [&'a Effect],
    phrases: Phrases,
    zone: TimeZone,
    problems: &'p mut BTreeMap<String, Problem>,
}

impl<'a, 'p> Composer<'a, 'p> {
    fn new(facts: &'a NoticeFacts<'a>, department: &'a Department, effects: &'a [&'a Effect], problems: &'p mut BTreeMap<String, Problem>) -> Self {
        let language = department.language.as_deref().or(facts.organisation.language.as_deref()).unwrap_or("en");
        let zone = facts.organisation.time_zone.clone().unwrap_or(TimeZone::UTC);
        Self { facts, department, effects, phrases: Phrases::of(language), zone, problems }
    }

    fn notice(mut self) -> Notice {
        let changes = self.changes();
        let affected = self.affected();
        let phrases = &self.phrases;
        let headings = Headings {
            to_do: phrases.say("heading.to_do", &[]),
            changes: phrases.say("heading.changes", &[]),
            when: phrases.say("heading.when", &[]),
            affected: phrases.say("heading.affected", &[("department", &self.department.name)]),
            unchanged: phrases.say("heading.unchanged", &[]),
            why: phrases.say("heading.why", &[]),
            trouble: phrases.say("heading.trouble", &[]),
        };
        Notice {
            department: self.department.id.clone(),
            department_name: self.department.name.clone(),
            language: phrases.language.clone(),
            subject: self.subject(),
            to_do: self.to_do(),
            when: self.when(),
            unchanged: self.unchanged(),
            why: self.sidecars().filter_map(|sidecar| sidecar.reason.as_ref()).map(|reason| reason.value.clone()).collect(),
            trouble: self.trouble(),
            sender: self.facts.organisation.sender.clone(),
            headings,
            changes,
            affected,
        }
    }

    /// The change records of the migrations that touch this department, in order.
    fn sidecars(&self) -> impl Iterator<Item = &'a Sidecar> {
        let touched: BTreeSet<u32> = self.effects.iter().map(|effect| effect.migration).collect();
        let changes = self.facts.changes;
        touched.into_iter().filter_map(move |migration| changes.get(migration as usize)?.sidecar)
    }

    /// The plain name of a field, or a problem that says where to add it.
    fn plain_name(&mut self, schema: &Schema, relation: ObjectId, column: ColumnNumber) -> String {
        let table = schema.qualified_name(relation).map(|name| name.to_string()).unwrap_or_default();
        let Some(name) = schema.column(relation, column).map(|column| column.name.to_string()) else { return String::new() };
        let key = format!("{table}.{name}");
        match self.facts.catalog.fields.get(&key) {
            Some(field) => match &field.list {
                Some(list) => format!("\"{}\" ({list})", field.label),
                None => format!("\"{}\"", field.label),
            },
            None => {
                let problem = Problem::warning("notice-field-without-plain-name", format!("{key} has no plain name, and a notice speaks of it"))
                    .help(format!("add to a file of the catalog:\nfields:\n  {key}: {{ label: …, list: … }}"));
                self.problems.entry(key).or_insert(problem);
                format!("\"{}\"", name.replace('_', " "))
            }
        }
    }

    fn changes(&mut self) -> Vec<String> {
        let mut sentences = Vec::new();
        for effect in self.effects {
            let sentence = self.change_sentence(effect);
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
        sentences
    }

    fn change_sentence(&mut self, effect: &Effect) -> String {
        let Some((step, change)) = self.facts.cause(effect) else { return self.phrases.say("change.other", &[]) };
        let after = self.facts.changes.get(effect.migration as usize).map_or(&step.before, |change| change.after);
        match &change.kind {
            ChangeKind::Column(relation, column, what) => {
                let schema = if step.before.column(*relation, *column).is_some() { &step.before } else { after };
                let field = self.plain_name(schema, *relation, *column);
                let new = match what {
                    ColumnChange::Renamed { .. } => self.plain_name(after, *relation, *column),
                    _ => String::new(),
                };
                let key = format!("change.{}", change.kind.word());
                let key = if self.phrases.has(&key) { key } else { String::from("change.other") };
                self.phrases.say(&key, &[("field", &field), ("new", &new)])
            }
            ChangeKind::Object(..) => {
                let key = format!("change.{}", change.kind.word());
                let key = if self.phrases.has(&key) { key } else { String::from("change.other") };
                self.phrases.say(&key, &[])
            }
            ChangeKind::Data(relation, _) => {
                let list = self.list_of(&step.before, *relation);
                self.phrases.say("change.rows", &[("field", &list)])
            }
        }
    }

    /// The list in which people see a table's fields, when the catalog says so.
    fn list_of(&self, schema: &Schema, relation: ObjectId) -> String {
        let table = schema.qualified_name(relation).map(|name| format!("{name}.")).unwrap_or_default();
        let mut fields = self.facts.catalog.fields.iter().filter(|(key, _)| key.starts_with(&table));
        let list = fields.find_map(|(_, field)| field.list.clone());
        list.unwrap_or_else(|| schema.get(relation).map(|object| object.name.as_str().replace('_', " ")).unwrap_or_default())
    }

    /// Consumers with the worst that happens to each, in the order of how bad.
    fn hit(&self) -> Vec<(&'a Consumer, &'a Effect)> {
        let mut worst: BTreeMap<&str, &'a Effect> = BTreeMap::new();
        for effect in self.effects {
            let entry = worst.entry(&effect.consumer).or_insert(effect);
            if effect.kind < entry.kind {
                *entry = effect;
            }
        }
        let mut all: Vec<_> = worst.into_iter().filter_map(|(id, effect)| Some((self.facts.catalog.consumers.get(id)?, effect))).collect();
        all.sort_by_key(|(consumer, effect)| (effect.kind, consumer.name.clone()));
        all
    }

    fn affected(&self) -> Vec<Affected> {
        let hit = self.hit().into_iter();
        hit.map(|(consumer, effect)| {
            let what = self.phrases.say(&format!("effect.{}", effect.kind.as_str()), &[]);
            let mends = if matches!(effect.kind, EffectKind::Unknown | EffectKind::MayFail) { String::new() } else { format!(" {}", self.mends(consumer)) };
            Affected { name: consumer.name.clone(), what: format!("{what}{mends}") }
        })
        .collect()
    }

    fn mends(&self, consumer: &Consumer) -> String {
        match (consumer.fixed_by, &consumer.owner) {
            (Some(FixedBy::DataTeam), _) => self.phrases.say("mends.data_team", &[]),
            (Some(FixedBy::Vendor), _) => self.phrases.say("mends.vendor", &[]),
            (Some(FixedBy::Owner) | None, Some(owner)) => self.phrases.say("mends.owner", &[("owner", &owner.name)]),
            (Some(FixedBy::Owner) | None, None) => self.phrases.say("mends.nobody", &[]),
        }
    }

    fn to_do(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let until = self.sidecars().find_map(|sidecar| sidecar.window.as_ref()).map(|window| self.day(window.start.to_zoned(self.zone.clone()).date()));
        for (consumer, effect) in self.hit() {
            let by_owner = matches!(consumer.fixed_by, Some(FixedBy::Owner) | None) && matches!(effect.kind, EffectKind::Breaks | EffectKind::ChangesSilently);
            if let (true, Some(owner)) = (by_owner, &consumer.owner) {
                sentences.push(match &until {
                    Some(until) => self.phrases.say("to_do.owner", &[("owner", &owner.name), ("name", &consumer.name), ("until", until)]),
                    None => self.phrases.say("to_do.owner_open", &[("owner", &owner.name), ("name", &consumer.name)]),
                });
            }
        }
        let silent: Vec<&str> =
            self.hit().into_iter().filter(|(_, effect)| effect.kind == EffectKind::ChangesSilently).map(|(consumer, _)| consumer.name.as_str()).collect();
        if !silent.is_empty() {
            sentences.push(self.phrases.say("to_do.check", &[("names", &silent.join(", "))]));
        }
        if sentences.is_empty() {
            sentences.push(self.phrases.say("to_do.nothing", &[]));
        }
        if let Some(date) = self.sidecars().find_map(|sidecar| sidecar.object_until) {
            sentences.push(self.phrases.say("to_do.object", &[("date", &self.day(date))]));
        }
        sentences
    }

    fn when(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        for sidecar in self.sidecars() {
            if let Some(window) = &sidecar.window {
                let (start, end) = (window.start.to_zoned(self.zone.clone()), window.end.to_zoned(self.zone.clone()));
                let clock = |time: &jiff::Zoned| time.strftime("%-I:%M %P").to_string();
                let zone = start.strftime("%Z").to_string();
                let date = self.day(start.date());
                sentences.push(self.phrases.say("when.window", &[("date", &date), ("start", &clock(&start)), ("end", &clock(&end)), ("zone", &zone)]));
                match window.work_goes_on {
                    Some(true) => sentences.push(self.phrases.say("when.work_goes_on", &[])),
                    Some(false) => sentences.push(self.phrases.say("when.work_stops", &[])),
                    None => {}
                }
            }
            if let Some(until) = &sidecar.old_name_until {
                sentences.push(self.phrases.say("when.old_name", &[("date", &self.day(until.value))]));
            }
        }
        if sentences.is_empty() {
            sentences.push(self.phrases.say("when.open", &[]));
        }
        sentences
    }

    fn unchanged(&self) -> Vec<String> {
        let mut sentences: Vec<String> = self.sidecars().flat_map(|sidecar| sidecar.stays_the_same.clone()).collect();
        sentences.push(self.phrases.say("unchanged.default", &[]));
        sentences
    }

    fn trouble(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let help = &self.facts.organisation.help;
        let contacts: Vec<&str> = [&help.email, &help.phone, &help.slack].into_iter().flatten().map(String::as_str).collect();
        if !contacts.is_empty() {
            sentences.push(self.phrases.say("trouble.tell", &[("contacts", &contacts.join(", "))]));
        }
        let codes: Vec<&str> = self.sidecars().filter_map(|sidecar| sidecar.change.as_ref()).map(|change| change.value.as_str()).collect();
        if !codes.is_empty() {
            sentences.push(self.phrases.say("trouble.code", &[("code", &codes.join(", "))]));
        }
        sentences.push(self.undo());
        sentences.push(match self.sidecars().find_map(|sidecar| sidecar.next_message) {
            Some(date) => self.phrases.say("trouble.next", &[("date", &self.day(date))]),
            None => self.phrases.say("trouble.next_open", &[]),
        });
        sentences
    }

    /// Whether it can be put back, by the plan: never more than what is planned.
    fn undo(&self) -> String {
        let touched: BTreeSet<u32> = self.effects.iter().map(|effect| effect.migration).collect();
        let worst = touched.iter().filter_map(|migration| self.facts.changes.get(*migration as usize)).map(|change| change.reversibility).max();
        if worst.is_some_and(|worst| worst >= Reversibility::Lossy) {
            return self.phrases.say("trouble.undo_not", &[]);
        }
        match self.sidecars().find_map(|sidecar| sidecar.undo_until) {
            Some(until) => self.phrases.say("trouble.undo", &[("date", &self.day(until.to_zoned(self.zone.clone()).date()))]),
            None => self.phrases.say("trouble.undo_open", &[]),
        }
    }

    fn subject(&mut self) -> String {
        let mut fields: Vec<String> = Vec::new();
        for effect in self.effects {
            let Some((step, change)) = self.facts.cause(effect) else { continue };
            if let ChangeKind::Column(relation, column, _) = &change.kind
                && step.before.column(*relation, *column).is_some()
            {
                let name = self.plain_name(&step.before, *relation, *column);
                if !fields.contains(&name) {
                    fields.push(name);
                }
            }
        }
        let what = match fields.as_slice() {
            [] => self.phrases.say("subject.general", &[]),
            [one] => self.phrases.say("subject.field", &[("fields", one)]),
            [first, second] => {
                self.phrases.say("subject.field", &[("fields", &[first.as_str(), second].join(&format!(" {} ", self.phrases.say("list.and", &[]))))])
            }
            [first, rest @ ..] => {
                let more = self.phrases.say("list.more", &[("number", &rest.len().to_string())]);
                self.phrases.say("subject.field", &[("fields", &[first.as_str(), &more].join(&format!(" {} ", self.phrases.say("list.and", &[]))))])
            }
        };
        match self.sidecars().find_map(|sidecar| sidecar.window.as_ref()) {
            Some(window) => {
                let date = self.day(window.start.to_zoned(self.zone.clone()).date());
                self.phrases.say("subject.dated", &[("what", &what), ("date", &date)])
            }
            None => self.phrases.say("subject.open", &[("what", &what)]),
        }
    }

    /// `Tuesday, December 8`, with the year when it is not the change's own.
    fn day(&self, date: Date) -> String {
        date.strftime("%A, %B %-d, %Y").to_string()
    }
}
