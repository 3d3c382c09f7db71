//! Rules over facts: the findings of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::condition::Facts;
use super::fact_type::FactValue;
use super::facts::consumers;
use super::fingerprint::{Keys, fingerprint};
use super::item::{About, Item, StepView, Told, World};
use super::rule::{Activation, LevelPlan, Rule};
use super::sign_off::{self, Acceptance, Looked};
use super::suppression::{self, Fault, FaultKind, Suppression};
use super::world::world;
use super::{DownFacts, Finding, JudgeInput, JudgedMigration, LevelSetting, RuleSet, Suppressed, SuppressedBy};
use crate::hazard::Hazard;
use crate::impact::{Effect, EffectKind};
use crate::migrate::{Change, ChangeId, InnerStatement, StatementId, TransactionMode};
use crate::project::FileEvent;
use crate::text::Span;

/// What the rules say about a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// In the order of migrations and places; findings that do not count are among them and say so.
    pub findings: Vec<Finding>,
    /// Who agreed to each effect, in the order of the effects that were given.
    pub accepted: Vec<Option<Acceptance>>,
}

/// What the rules say about a run.
pub fn judge(rules: &RuleSet, input: &JudgeInput<'_>) -> Judgement {
    let world = world(input);
    let numbers = input.effects.iter().enumerate().map(|(number, effect)| (std::ptr::from_ref(effect), number)).collect();
    let mut judge = Judge {
        rules,
        world: &world,
        numbers,
        found: Vec::new(),
        concerns: Vec::new(),
        accepted: vec![None; input.effects.len()],
        keys: BTreeMap::new(),
        said: BTreeSet::new(),
        told: BTreeSet::new(),
    };
    for (index, migration) in input.migrations.iter().enumerate() {
        judge.migration(u32::try_from(index).unwrap_or(u32::MAX), migration);
    }
    for event in input.file_events {
        judge.file(event, None);
    }
    let mut found = judge.found;
    found.sort_by(|one, other| {
        (one.migration, one.span.source, one.span.start, one.span.end, &one.rule, &one.message).cmp(&(
            other.migration,
            other.span.source,
            other.span.start,
            other.span.end,
            &other.rule,
            &other.message,
        ))
    });
    Judgement { findings: found, accepted: judge.accepted }
}

struct Judge<'a> {
    rules: &'a RuleSet,
    world: &'a World<'a>,
    /// Where each effect stands among all.
    numbers: BTreeMap<*const Effect, usize>,
    found: Vec<Finding>,
    /// For each finding its rule and, when it names consumers, the effects that it tells.
    concerns: Vec<(&'a Rule, Vec<usize>)>,
    accepted: Vec<Option<Acceptance>>,
    keys: Keys,
    /// What was said where, so that nothing is said twice.
    said: BTreeSet<(Arc<str>, Span, String)>,
    /// What a finding has told of a consumer: the migration, the consumer and how it is hurt.
    told: BTreeSet<(u32, Arc<str>, EffectKind)>,
}

impl<'a> Judge<'a> {
    fn migration(&mut self, index: u32, migration: &'a JudgedMigration<'a>) {
        let input = self.world.input;
        let first = self.found.len();
        let start = input.run.steps.partition_point(|step| step.id.migration < index);
        let end = input.run.steps.partition_point(|step| step.id.migration <= index);
        let item = |about, step| Item { world: self.world, migration, migration_index: index, step, about, each: None };
        let mut items: Vec<Item<'a>> = Vec::new();
        for at in start..end {
            let Some(view) = self.view(at, migration) else { continue };
            let Some(outcome) = input.run.steps.get(at).map(|step| &step.outcome) else { continue };
            let inner = inner_views(view, &outcome.inner);
            // A change that a statement inside makes is seen as that statement sees it.
            let made_inside: BTreeMap<ChangeId, &StepView<'a>> =
                inner.iter().rev().flat_map(|view| view.changes.iter().map(move |change| (change.id, view))).collect();
            let view_of = |change: &Change| made_inside.get(&change.id).map_or(view, |inner| **inner);
            items.push(item(About::Statement, Some(view)));
            items.extend(outcome.changes.iter().map(|change| item(About::Change(change), Some(view_of(change)))));
            for view in std::iter::once(&view).chain(&inner) {
                items.extend(view.inner.map(|_| item(About::Statement, Some(*view))));
                items.extend(view.hazard.into_iter().flat_map(|hazard| &hazard.tables).map(|table| item(About::Table(table), Some(*view))));
            }
            // That a statement must stand outside has a rule of its own.
            let elsewhere = outcome.refused_as_sent.iter().filter(|refusal| refusal.sqlstate != "25001");
            items.extend(elsewhere.chain(&outcome.refusal).map(|refusal| item(About::Refusal(refusal), Some(view))));
            items.extend(outcome.may_fail.iter().map(|may_fail| item(About::MayFail(may_fail), Some(view))));
            items.extend(outcome.not_judged.iter().map(|not_judged| item(About::NotJudged(not_judged), Some(view))));
        }
        items.push(item(About::Migration, None));
        items.extend(migration.down.written.map(|_| item(About::WayBack, None)));
        for one in items {
            self.ask(one);
        }
        self.effects(index, migration);
        for event in input.file_events.iter().filter(|event| is_of(event, migration)) {
            self.file(event, Some((index, migration)));
        }
        let steps = input.run.steps.get(start..end).unwrap_or_default();
        let looked = if steps.iter().filter(|step| step.outcome.refusal.is_none()).count() == migration.statements.len() {
            Looked::Everywhere
        } else {
            Looked::NotEverywhere
        };
        self.sign_offs(index, migration, first, looked);
        self.suppressions(index, migration, first, looked);
    }

    fn view(&self, at: usize, migration: &'a JudgedMigration<'a>) -> Option<StepView<'a>> {
        let input = self.world.input;
        let step = input.run.steps.get(at)?;
        let statement = migration.statements.get(step.id.statement as usize)?;
        let after = input.run.steps.get(at + 1).map_or(&input.run.after, |next| &next.before);
        Some(StepView {
            id: step.id,
            statement,
            text: input.sources.slice(statement.span),
            span: statement.span,
            before: &step.before,
            after,
            session: &step.session,
            changes: &step.outcome.changes,
            notices: &step.outcome.notices,
            hazard: hazard_of(input.hazards, step.id),
            inner: None,
        })
    }

    /// Effects are asked about last, when it is known which of them a finding has told already.
    fn effects(&mut self, index: u32, migration: &'a JudgedMigration<'a>) {
        let own = self.world.effects_of.get(&index).map_or(&[][..], Vec::as_slice);
        for (_, effect) in own {
            let known = self.told.contains(&(index, effect.consumer.clone(), effect.kind));
            let at = effect.change.and_then(|change| self.world.changes.get(&change)).map(|(at, _)| *at);
            let step = at.and_then(|at| self.view(at, migration));
            let about = About::Effect(effect, if known { Told::Yes } else { Told::No });
            self.ask(Item { world: self.world, migration, migration_index: index, step, about, each: None });
        }
    }

    /// Sign-offs lift what all departments agreed to that a finding names.
    fn sign_offs(&mut self, index: u32, migration: &'a JudgedMigration<'a>, first: usize, looked: Looked) {
        let sign_offs = &migration.record.sign_offs;
        if sign_offs.is_empty() {
            return;
        }
        let input = self.world.input;
        let effects = self.world.effects_of.get(&index).map_or(&[][..], Vec::as_slice);
        let told: Vec<sign_off::Told<'_>> =
            self.found.iter().zip(&self.concerns).skip(first).map(|(finding, (_, effects))| sign_off::Told { finding, effects }).collect();
        let told: Vec<sign_off::Told<'_>> = told.into_iter().filter(|told| !told.effects.is_empty()).collect();
        let (accepted, faults) = sign_off::accept(sign_offs, effects, &told, input.catalog, (input.today, looked));
        for (number, acceptance) in accepted {
            if let Some(own) = self.accepted.get_mut(number) {
                own.get_or_insert(acceptance);
            }
        }
        let named: BTreeSet<&str> =
            sign_offs.iter().filter(|sign_off| sign_off.on <= input.today).flat_map(|sign_off| &sign_off.findings).map(|one| one.value.as_str()).collect();
        for (finding, (rule, effects)) in self.found.iter_mut().zip(&self.concerns).skip(first) {
            let agreed: Vec<&Acceptance> = effects.iter().filter_map(|number| self.accepted.get(*number)?.as_ref()).collect();
            let open: Vec<EffectKind> = effects
                .iter()
                .filter(|number| self.accepted.get(**number).is_some_and(Option::is_none))
                .filter_map(|number| input.effects.get(*number))
                .map(|effect| effect.kind)
                .collect();
            lift(finding, rule, &agreed, &open, named.contains(finding.fingerprint.as_str()));
        }
        for fault in &faults {
            self.ask_fault(index, migration, About::SignOff(fault));
        }
    }

    fn suppressions(&mut self, index: u32, migration: &'a JudgedMigration<'a>, first: usize, looked: Looked) {
        let today = self.world.input.today;
        let (suppressions, mut faults) = suppression::read(self.world.input.sources, migration, &self.rules.ids());
        let mut used: BTreeSet<(usize, &str)> = BTreeSet::new();
        for finding in self.found.iter_mut().skip(first) {
            let next = migration.statements.partition_point(|statement| statement.span.end <= finding.span.start);
            let statement = migration.statements.get(next).filter(|statement| statement.span.contains(finding.span)).map(|_| next);
            for (at, suppression) in suppressions.iter().enumerate().filter(|(_, one)| one.covers(&finding.rule, statement)) {
                if let Some(rule) = suppression.rules.iter().find(|rule| **rule == finding.rule) {
                    used.insert((at, rule));
                }
                if !suppression.is_expired(today) {
                    finding.suppressed.get_or_insert_with(|| suppression.as_suppressed());
                }
            }
        }
        for (at, suppression) in suppressions.iter().enumerate() {
            faults.extend(suppression.rules.iter().filter_map(|rule| fault_of(suppression, rule, used.contains(&(at, rule)), looked, today)));
        }
        for fault in &faults {
            self.ask_fault(index, migration, About::Suppression(fault));
        }
    }

    /// What is done to a file, as part of its migration; one of a migration that is not judged comes after all others.
    fn file(&mut self, event: &FileEvent, judged: Option<(u32, &JudgedMigration<'_>)>) {
        let input = self.world.input;
        let is_judged = input.migrations.iter().any(|migration| is_of(event, migration));
        if judged.is_none() && is_judged {
            return;
        }
        let alone = JudgedMigration {
            name: event.name.clone(),
            path: event.path.clone(),
            source: event.span.source,
            part: event.span,
            comments: &[],
            statements: &[],
            transaction_mode: TransactionMode::Wrapped,
            down: DownFacts::default(),
            record: super::RecordFacts::default(),
        };
        let (index, migration) = judged.unwrap_or((u32::try_from(input.migrations.len()).unwrap_or(u32::MAX), &alone));
        self.ask_fault(index, migration, About::File(event));
    }

    fn ask_fault(&mut self, index: u32, migration: &JudgedMigration<'_>, about: About<'_>) {
        let item = Item { world: self.world, migration, migration_index: index, step: None, about, each: None };
        let rules = self.rules;
        let facts = Facts::new(item);
        for rule in rules.about(item.subject(), &[]) {
            if let Some(finding) = finding(rule, &facts, &mut self.keys) {
                self.found.push(finding);
                self.concerns.push((rule, Vec::new()));
            }
        }
    }

    fn ask(&mut self, item: Item<'a>) {
        let kinds: Vec<&str> = match item.about {
            About::Change(change) => vec![change.kind.word()],
            About::Statement => vec![super::facts::statement::kind(&item)],
            About::Table(table) => table.operations.iter().map(|operation| operation.as_str()).collect(),
            About::Effect(..)
            | About::Migration
            | About::WayBack
            | About::Refusal(_)
            | About::MayFail(_)
            | About::NotJudged(_)
            | About::Suppression(_)
            | About::File(_)
            | About::SignOff(_) => Vec::new(),
        };
        let rules = self.rules.about(item.subject(), &kinds);
        if rules.is_empty() {
            return;
        }
        let facts = Facts::new(item);
        for rule in rules {
            match rule.each.map(|list| facts.find(list)) {
                None => {
                    let finding = finding(rule, &facts, &mut self.keys);
                    self.keep(rule, &item, finding);
                }
                Some(FactValue::Texts(elements)) => {
                    for element in &elements {
                        let finding = finding(rule, &Facts::new(Item { each: Some(element), ..item }), &mut self.keys);
                        self.keep(rule, &item, finding);
                    }
                }
                // A rule goes through lists only: that is checked when it is read.
                Some(FactValue::Bool(_) | FactValue::Int(_) | FactValue::Text(_)) => {}
            }
        }
    }

    fn keep(&mut self, rule: &'a Rule, item: &Item<'a>, finding: Option<Finding>) {
        let Some(finding) = finding else { return };
        let effects = if rule.names_consumers() { item.effects() } else { Vec::new() };
        self.told.extend(effects.iter().map(|effect| (effect.migration, effect.consumer.clone(), effect.kind)));
        let numbers = effects.iter().filter_map(|effect| self.numbers.get(&std::ptr::from_ref(*effect)).copied());
        // The turns of a loop, and the partitions of a table, often have the same said of them at the same place.
        if self.said.insert((finding.rule.clone(), finding.span, finding.message.clone())) {
            self.concerns.push((rule, numbers.collect()));
            self.found.push(finding);
        }
    }
}

/// A finding of whose effects some or all are agreed to. All: it no longer counts, when consumers are what it is about or it was named itself.
/// Some: it is as bad as what is left.
fn lift(finding: &mut Finding, rule: &Rule, agreed: &[&Acceptance], open: &[EffectKind], named: bool) {
    let Some(first) = agreed.first() else { return };
    let mut words: Vec<String> = agreed.iter().map(|acceptance| acceptance.words()).collect();
    words.sort();
    words.dedup();
    let words = words.join("; ");
    if let Some(worst) = open.iter().min() {
        let level = |kind: EffectKind| match &rule.level {
            LevelPlan::ByFact(fact, levels) if fact.name == "consumers.worst" => levels.get(kind.as_str()).copied(),
            LevelPlan::ByFact(..) | LevelPlan::Always(_) => None,
        };
        if let Some(LevelSetting::At(left)) = level(*worst) {
            finding.level = finding.level.min(left);
        }
        finding.message = format!("{}; accepted in part by {words}", finding.message);
    } else if named || rule.goes_by_consumers() {
        finding.suppressed = Some(Suppressed { by: SuppressedBy::SignOff, reason: words, until: String::new(), span: first.span });
    }
}

/// Whether the file is that of a migration; several can stand in one.
fn is_of(event: &FileEvent, migration: &JudgedMigration<'_>) -> bool {
    event.path == migration.path && event.name == migration.name
}

fn hazard_of(hazards: &[Hazard], id: StatementId) -> Option<&Hazard> {
    hazards.binary_search_by(|hazard| hazard.statement.cmp(&id)).ok().and_then(|index| hazards.get(index))
}

/// The statements that run inside one, as they are looked at.
fn inner_views<'a>(outer: StepView<'a>, inner: &'a [InnerStatement]) -> Vec<StepView<'a>> {
    let hazards = outer.hazard.map_or(&[][..], |hazard| &hazard.inner[..]);
    let hazards = hazards.iter().map(Some).chain(std::iter::repeat(None));
    let views = inner.iter().zip(hazards).map(|(inner, hazard)| StepView {
        id: outer.id,
        statement: &inner.statement,
        text: &inner.text,
        span: inner.span,
        before: &inner.before,
        after: &inner.after,
        session: &inner.session,
        changes: &inner.changes,
        notices: &[],
        hazard,
        inner: Some(inner),
    });
    views.collect()
}

fn fault_of(suppression: &Suppression, rule: &str, used: bool, looked: Looked, today: jiff::civil::Date) -> Option<Fault> {
    if used && suppression.is_expired(today) {
        return Some(Fault::about(FaultKind::Expired, suppression, rule, format!("{} is over", suppression.until)));
    }
    // A statement behind a refused one was never looked at, so nobody can say that the comment is good for nothing.
    (!used && looked == Looked::Everywhere).then(|| Fault::about(FaultKind::Unused, suppression, rule, "nothing is found here that it would allow"))
}

fn finding(rule: &Rule, facts: &Facts<'_>, keys: &mut Keys) -> Option<Finding> {
    let item = facts.item();
    let setting = item.world.input.levels.setting(&rule.id, rule.family, &item.migration.path);
    let silent = rule.activation == Activation::OptIn && !matches!(setting, Some(LevelSetting::At(_)));
    if silent || setting == Some(LevelSetting::Off) {
        return None;
    }
    let failed = match rule.when.as_ref().map(|condition| condition.holds(facts)) {
        Some(Ok(false)) => return None,
        Some(Ok(true)) | None => None,
        Some(Err(words)) => Some(words),
    };
    let planned = match &rule.level {
        LevelPlan::Always(level) => LevelSetting::At(*level),
        LevelPlan::ByFact(fact, levels) => match facts.find(fact) {
            FactValue::Text(word) => levels.get(&word).copied().unwrap_or(LevelSetting::At(super::Level::Error)),
            FactValue::Bool(_) | FactValue::Int(_) | FactValue::Texts(_) => LevelSetting::At(super::Level::Error),
        },
    };
    let LevelSetting::At(mut level) = planned else { return None };
    // A level that is set for the rule takes the place of every level of the rule but `off`; one that is worse than info must not make noise of what the rule calls info.
    if let Some(LevelSetting::At(set)) = setting
        && (matches!(rule.level, LevelPlan::Always(_)) || level > super::Level::Info)
    {
        level = set;
    }
    let mut message = match failed {
        None => rule.message.fill(|fact| facts.find(fact)).trim().to_owned(),
        Some(words) => format!("the rule {} could not be asked here: {words}", rule.id),
    };
    let circumstance = item.step.map(|step| step.circumstance()).unwrap_or_default();
    if !circumstance.is_empty() {
        message = format!("{message} ({circumstance})");
    }
    let effects = item.effects();
    Some(Finding {
        rule: rule.id.clone(),
        family: rule.family,
        level,
        span: item.span(),
        message,
        help: help(rule, facts),
        safe: rule.safe.as_ref().map(|safe| filled(safe, facts)).filter(|text| !text.is_empty()),
        link: rule.link.clone(),
        fingerprint: fingerprint(rule, facts, keys),
        migration: item.migration_index,
        change: item.change().map(|change| change.id).filter(|change| *change != ChangeId::OF_NO_STATEMENT),
        consumers: if rule.names_consumers() { consumers::ids(&effects) } else { Vec::new() },
        sqlstate: match item.about {
            About::Refusal(refusal) => Some(refusal.sqlstate),
            About::MayFail(may_fail) => Some(may_fail.sqlstate),
            _ => None,
        },
        suppressed: None,
    })
}

fn filled(template: &super::template::Template, facts: &Facts<'_>) -> String {
    template.fill(|fact| facts.find(fact)).trim().to_owned()
}

fn help(rule: &Rule, facts: &Facts<'_>) -> Option<String> {
    let parts: Vec<String> = rule.help.iter().chain(&rule.safe).map(|template| filled(template, facts)).filter(|text| !text.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}
