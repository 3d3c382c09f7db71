//! The technical record: what a change board asks for, out of what is known and recorded. What is not recorded is said to be missing.

use super::{Desk, Touched};
use crate::notice::facts::ProposedChange;
use crate::project::{ChangeType, PersonNamed, Risk};

/// A heading of the record, by the name of its sentence, and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::notice) struct RecordPart {
    /// The name of its title among the sentences.
    pub title: &'static str,
    /// In order; not empty.
    pub lines: Vec<String>,
}

/// The whole record.
pub(in crate::notice) fn record(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<RecordPart> {
    let changes: Vec<&ProposedChange<'_>> = touched.changes().map(|(_, change)| change).collect();
    let part = |title, lines| RecordPart { title, lines };
    vec![
        part("record.change", identity(desk, touched, &changes)),
        part("record.why", reasons(desk, &changes)),
        part("record.risk", risks(desk, &changes)),
        part("record.systems", systems(desk, touched)),
        part("record.implementation", implementation(desk, &changes)),
        part("record.tests", tests(desk, &changes)),
        part("record.back_out", back_out(desk, &changes)),
        part("record.approval", approval(desk, touched, &changes)),
        part("record.review", vec![desk.say("record.actual", &[]), desk.say("record.outcome", &[])]),
    ]
}

fn identity(desk: &Desk<'_>, touched: &Touched<'_>, changes: &[&ProposedChange<'_>]) -> Vec<String> {
    let names: Vec<&str> = changes.iter().map(|change| change.name).collect();
    let missing = desk.say("record.not_recorded", &[]);
    let code = super::code(desk, touched).unwrap_or(missing);
    let mut lines = vec![desk.say("record.id", &[("code", &code), ("migrations", &names.join(", "))])];
    for sidecar in changes.iter().filter_map(|change| change.sidecar) {
        lines.extend(sidecar.link.as_ref().map(|link| desk.say("record.link", &[("link", link)])));
        lines.extend(sidecar.requester.as_ref().map(|who| desk.say("record.requester", &[("person", &person(who))])));
    }
    lines
}

fn person(who: &PersonNamed) -> String {
    let more: Vec<&str> = [&who.role, &who.email].into_iter().flatten().map(String::as_str).collect();
    if more.is_empty() { who.name.clone() } else { format!("{} ({})", who.name, more.join(", ")) }
}

fn reasons(desk: &Desk<'_>, changes: &[&ProposedChange<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for sidecar in changes.iter().filter_map(|change| change.sidecar) {
        lines.extend(sidecar.reason.as_ref().map(|reason| reason.value.clone()));
        lines.extend(sidecar.if_not_done.as_ref().map(|text| desk.say("record.if_not_done", &[("text", text)])));
    }
    if lines.is_empty() { vec![desk.say("record.no_reason", &[])] } else { lines }
}

fn risks(desk: &Desk<'_>, changes: &[&ProposedChange<'_>]) -> Vec<String> {
    let missing = desk.say("record.not_recorded", &[]);
    let risk = changes.iter().filter_map(|change| change.sidecar?.risk).max().map_or(missing.as_str(), |risk| match risk {
        Risk::Low => "low",
        Risk::Medium => "medium",
        Risk::High => "high",
    });
    let kind = changes.iter().filter_map(|change| change.sidecar?.change_type).max().map_or(missing.as_str(), |kind| match kind {
        ChangeType::Standard => "standard",
        ChangeType::Normal => "normal",
        ChangeType::Emergency => "emergency",
    });
    vec![desk.say("record.risk_type", &[("risk", risk), ("type", kind)])]
}

fn systems(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let catalog = desk.facts.catalog;
    let later = touched.later.iter().map(|(_, effect)| *effect);
    let waits = touched.waits.iter().filter_map(|wait| {
        let consumer = catalog.consumers.get(&wait.consumer)?;
        let department = catalog.department_of(consumer).map_or_else(|| desk.say("record.no_department", &[]), |one| one.name.clone());
        let values = [("consumer", consumer.name.as_str()), ("department", &department), ("what", &super::affected::waits(desk, wait))];
        Some(desk.say("record.wait", &values))
    });
    let lines: Vec<String> = touched
        .effects
        .iter()
        .copied()
        .chain(later)
        .filter_map(|effect| {
            let consumer = catalog.consumers.get(&effect.consumer)?;
            let department = catalog.department_of(consumer).map_or_else(|| desk.say("record.no_department", &[]), |one| one.name.clone());
            let message = format!("{}: {}", effect.kind.as_str(), effect.message);
            let values = [("consumer", consumer.name.as_str()), ("department", &department), ("kind", consumer.kind.as_str()), ("message", &message)];
            Some(desk.say("record.effect", &values))
        })
        .chain(waits)
        .collect();
    if lines.is_empty() { vec![desk.say("record.no_effect", &[])] } else { lines }
}

fn implementation(desk: &Desk<'_>, changes: &[&ProposedChange<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for change in changes {
        let count: usize = change.steps.iter().map(|step| step.outcome.changes.len()).sum();
        let (statements, count) = (change.statements.to_string(), count.to_string());
        lines.push(desk.say("record.migration", &[("file", change.name), ("statements", &statements), ("changes", &count)]));
        for outcome in change.steps.iter().map(|step| &step.outcome) {
            lines.extend(outcome.refusal.as_ref().map(|refusal| {
                let message = format!("{} ({})", refusal.message, refusal.sqlstate);
                desk.say("record.refused", &[("file", change.name), ("message", &message)])
            }));
            lines.extend(outcome.not_judged.iter().map(|one| desk.say("record.not_judged", &[("file", change.name), ("reason", &one.reason)])));
        }
        let window = change.sidecar.and_then(|sidecar| sidecar.window);
        lines.extend(window.map(|window| {
            let moment = |at| format!("{} {}", desk.moments.day_of(at), desk.moments.time(at));
            desk.say("record.window", &[("start", &moment(window.start)), ("end", &moment(window.end)), ("zone", &desk.moments.zone(window.start))])
        }));
    }
    if changes.iter().all(|change| change.sidecar.and_then(|sidecar| sidecar.window).is_none()) {
        lines.push(desk.say("record.no_window", &[]));
    }
    lines
}

fn tests(desk: &Desk<'_>, changes: &[&ProposedChange<'_>]) -> Vec<String> {
    let tests = changes.iter().filter_map(|change| change.sidecar).flat_map(|sidecar| &sidecar.tests);
    let lines: Vec<String> =
        tests.map(|test| desk.say("record.test", &[("person", &test.name), ("date", &desk.moments.day(test.on)), ("what", &test.what)])).collect();
    if lines.is_empty() { vec![desk.say("record.no_test", &[])] } else { lines }
}

fn back_out(desk: &Desk<'_>, changes: &[&ProposedChange<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for change in changes {
        let plan = change.plan;
        let (steps, prepare) = (plan.undo.len().to_string(), plan.prepare.len().to_string());
        let values = [
            ("migration", change.name),
            ("reversibility", plan.reversibility.words()),
            ("steps", &steps),
            ("prepare", &prepare),
            ("proof", plan.proven.as_str()),
        ];
        lines.push(desk.say("record.plan", &values));
        lines.extend(plan.loses.iter().map(|loss| desk.say("record.loses", &[("migration", change.name), ("what", &loss.what), ("why", &loss.why)])));
        lines.extend(plan.not_planned.iter().map(|what| desk.say("record.not_planned", &[("migration", change.name), ("what", what)])));
        let until = change.sidecar.and_then(|sidecar| sidecar.undo_until);
        lines.extend(until.map(|until| desk.say("record.undo_until", &[("date", &desk.moments.day_of(until))])));
    }
    lines
}

fn approval(desk: &Desk<'_>, touched: &Touched<'_>, changes: &[&ProposedChange<'_>]) -> Vec<String> {
    let sidecars = || changes.iter().filter_map(|change| change.sidecar);
    let mut lines: Vec<String> =
        sidecars().filter_map(|sidecar| sidecar.approver.as_ref()).map(|who| desk.say("record.approver", &[("person", &person(who))])).collect();
    if lines.is_empty() {
        lines.push(desk.say("record.no_approver", &[]));
    }
    let hit: std::collections::BTreeSet<_> = touched.hit().into_iter().filter_map(|(consumer, _)| consumer.department.clone()).collect();
    for department in desk.facts.catalog.departments.values().filter(|department| hit.contains(&department.id)) {
        let agreed = sidecars().flat_map(|sidecar| &sidecar.sign_offs).find(|sign_off| *sign_off.department.value == *department.id);
        lines.push(match agreed {
            Some(sign_off) => {
                desk.say("record.sign_off", &[("department", &department.name), ("person", &sign_off.name), ("date", &desk.moments.day(sign_off.on))])
            }
            None => desk.say("record.no_sign_off", &[("department", &department.name)]),
        });
    }
    lines
}
