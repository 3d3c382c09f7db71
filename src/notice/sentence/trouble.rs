//! Whom to turn to, whether it can be put back, and when the next message comes.

use super::affected::{Seen, hit, seen};
use super::{Back, Desk, Promise, Touched, code, promise};
use crate::project::NoticeStep;
use crate::rollback::Reversibility;

/// How to reach us, and what to write.
pub(in crate::notice) fn contact(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let help = &desk.facts.organisation.help;
    let ways = [("contact.email", "email", &help.email), ("contact.phone", "phone", &help.phone), ("contact.slack", "slack", &help.slack)];
    let ways: Vec<String> = ways.into_iter().filter_map(|(key, hole, value)| Some(desk.say(key, &[(hole, value.as_deref()?)]))).collect();
    let mut sentences = Vec::new();
    if !ways.is_empty() {
        sentences.push(desk.say("trouble.tell", &[("contacts", &ways.join(", "))]));
    }
    if let Some(code) = code(desk, touched) {
        sentences.push(desk.say("trouble.code", &[("code", &code)]));
    }
    sentences
}

/// Whether and until when it can be put back, by the plans: never more than is planned.
pub(in crate::notice) fn undo(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    if matches!(desk.occasion.step, NoticeStep::OldNameEnds | NoticeStep::RolledBack) {
        return Vec::new();
    }
    let is_before = matches!(desk.occasion.step, NoticeStep::Announce | NoticeStep::Reminder);
    let Some(worst) = touched.changes().map(|(_, change)| change.plan.reversibility).max() else { return Vec::new() };
    // A day holds for all only when each record names one.
    let days: Option<Vec<_>> = touched.changes().map(|(_, change)| change.sidecar.and_then(|sidecar| sidecar.undo_until)).collect();
    let until = days.and_then(|days| days.into_iter().min());
    let can_be_undone = matches!(worst, Reversibility::Exact | Reversibility::ExactWithSavedData);
    // A day that is over is no promise any more.
    if let Some(over) = until.filter(|until| can_be_undone && *until < desk.occasion.now) {
        return vec![desk.say("undo.over", &[("date", &desk.moments.day_of(over))])];
    }
    let until = until.map(|until| desk.moments.day_of(until));
    let with_day = |key: &str, open: &str| match &until {
        Some(date) => desk.say(key, &[("date", date)]),
        None => desk.say(open, &[]),
    };
    let order = touched.hit().iter().any(|(consumer, _)| touched.back(consumer) == Back::OtherOrder);
    let mut sentences = vec![match worst {
        Reversibility::Exact | Reversibility::ExactWithSavedData if order => with_day("undo.order_until", "undo.order_open"),
        Reversibility::ExactWithSavedData if is_before => with_day("undo.saved_until", "undo.saved_open"),
        Reversibility::Exact | Reversibility::ExactWithSavedData => with_day("undo.until", "undo.open"),
        Reversibility::Lossy => desk.say(if is_before { "undo.not" } else { "undo.not_now" }, &[]),
        Reversibility::Impossible => desk.say(if is_before { "undo.unknown" } else { "undo.unknown_now" }, &[]),
    }];
    sentences.extend(lost(desk, touched));
    sentences
}

/// What does not come back, by plain names; empty when all of it does.
pub(in crate::notice) fn lost(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for loss in touched.changes().flat_map(|(_, change)| &change.plan.loses) {
        let name = if loss.what.matches('.').count() >= 2 {
            desk.names.by_key(&desk.phrases, &loss.what)
        } else {
            let known = desk.facts.first.objects().find(|object| {
                super::promise::is_relation(desk.facts.first, object.id)
                    && desk.facts.first.qualified_name(object.id).is_some_and(|name| name.to_string() == loss.what)
            });
            known.map_or_else(|| loss.what.clone(), |object| desk.names.list(&desk.phrases, desk.facts.first, object.id))
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { Vec::new() } else { vec![desk.say("undo.lost", &[("names", &desk.short_list(&names, 3))])] }
}

/// When the reader hears from us next.
pub(in crate::notice) fn next(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let day = touched.sidecars().filter_map(|sidecar| sidecar.next_message).filter(|day| *day > desk.moments.today).min();
    if let (Some(day), true) = (day, desk.occasion.step != NoticeStep::Incident) {
        let is_before = matches!(desk.occasion.step, NoticeStep::Announce | NoticeStep::Reminder);
        return vec![desk.say(if is_before { "next.date_and_done" } else { "next.date" }, &[("date", &desk.moments.day(day))])];
    }
    let key = match desk.occasion.step {
        NoticeStep::Announce | NoticeStep::Reminder => "next.after_done",
        NoticeStep::Done => {
            let is_broken = hit(desk, touched).iter().any(|(_, hit)| seen(*hit) == Seen::Broken);
            let kept = touched.changes().any(|(_, change)| matches!(promise(change), Promise::Kept(until) if until >= desk.moments.today));
            match (is_broken, kept) {
                (true, _) => "next.updated",
                (false, true) => "next.old_name",
                (false, false) => "next.last",
            }
        }
        NoticeStep::OldNameEnds => "next.last",
        NoticeStep::RolledBack => "next.new_day",
        NoticeStep::Incident => return vec![super::series::next_update(desk, touched)],
    };
    vec![desk.say(key, &[])]
}
