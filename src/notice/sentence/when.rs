//! When it is done, whether work goes on meanwhile, why, and what stays.

use super::{Desk, Hit, Promise, Touched, promise};
use crate::impact::EffectKind;
use crate::project::{NoticeStep, Sidecar, Window};

/// Days and times, in order; each window once.
pub(in crate::notice) fn when(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    if !matches!(desk.occasion.step, NoticeStep::Announce | NoticeStep::Reminder) {
        return Vec::new();
    }
    let mut windows: Vec<Window> = touched.sidecars().filter_map(|sidecar| sidecar.window).collect();
    windows.sort_by_key(|window| (window.start, window.end));
    windows.dedup_by_key(|window| (window.start, window.end, window.work_goes_on));
    let stops = touched.effects.iter().any(|effect| effect.kind == EffectKind::Breaks);
    let waits = touched.hit().iter().any(|(_, hit)| matches!(hit, Hit::Waits(_)));
    let mut sentences = Vec::new();
    for window in &windows {
        sentences.push(self::window(desk, window));
        match window.work_goes_on {
            // Whoever wrote the record did not know what stops.
            Some(true) if stops => sentences.push(desk.say("when.work_goes_on_but", &[])),
            Some(true) if waits => sentences.push(desk.say("when.work_goes_on_waits", &[])),
            Some(true) => sentences.push(desk.say("when.work_goes_on", &[])),
            Some(false) => sentences.push(desk.say("when.work_stops", &[])),
            None => {}
        }
    }
    let open = touched.changes().any(|(_, change)| change.sidecar.and_then(|sidecar| sidecar.window).is_none());
    if open {
        sentences.push(desk.say(if windows.is_empty() { "when.open" } else { "when.rest_open" }, &[]));
    }
    sentences.extend(old_name(desk, touched));
    sentences
}

fn window(desk: &Desk<'_>, window: &Window) -> String {
    let moments = &desk.moments;
    let (start, end, zone) = (moments.time(window.start), moments.time(window.end), moments.zone(window.start));
    let (date, end_date) = (moments.day_of(window.start), moments.day_of(window.end));
    let values = [("date", date.as_str()), ("start", &start), ("end", &end), ("zone", &zone)];
    if date == end_date {
        return desk.say("when.window", &values);
    }
    desk.say("when.window_days", &[values.as_slice(), &[("end_date", end_date.as_str())]].concat())
}

/// Until when old names work; what a record promises and the change does not keep is said as it is.
pub(in crate::notice) fn old_name(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for (migration, change) in touched.changes() {
        // With what ends by name, that sentence says it.
        if touched.later.iter().any(|(end, _)| end.migration == migration) {
            continue;
        }
        let sentence = match promise(change) {
            Promise::None => continue,
            Promise::Kept(until) => desk.say("when.old_name", &[("date", &desk.moments.day(until))]),
            Promise::Broken(gone) => {
                let start = change.steps.first().map_or(desk.facts.first, |step| &step.before);
                let what = match gone.column {
                    Some(column) => desk.names.field(&desk.phrases, start, gone.relation, column),
                    None => desk.names.list(&desk.phrases, start, gone.relation),
                };
                let is_done = desk.occasion.step == NoticeStep::Done;
                desk.say(if is_done { "when.old_name_gone" } else { "when.old_name_at_once" }, &[("what", &what)])
            }
        };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

/// Why it is done, in the reader's language where the record has it.
pub(in crate::notice) fn why(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let reasons = touched.sidecars().filter_map(|sidecar| {
        let translated = translation(desk, sidecar).and_then(|translation| translation.reason.as_ref());
        translated.or(sidecar.reason.as_ref()).map(|reason| reason.value.clone())
    });
    once(reasons)
}

/// What stays the same.
pub(in crate::notice) fn unchanged(desk: &Desk<'_>, touched: &Touched<'_>, department: Option<&str>) -> Vec<String> {
    let said = touched.sidecars().flat_map(|sidecar| {
        let translated = translation(desk, sidecar).map(|translation| &translation.stays_the_same).filter(|lines| !lines.is_empty());
        translated.unwrap_or(&sidecar.stays_the_same).clone()
    });
    let mut sentences = once(said);
    let hit = touched.hit();
    let untouched = desk.facts.catalog.consumers.values().filter(|consumer| {
        consumer.department.as_deref() == department
            && department.is_some()
            && !consumer.is_opaque()
            && !desk.facts.unsettled.contains(&*consumer.id)
            && !hit.iter().any(|(other, _)| other.id == consumer.id)
    });
    let names: Vec<&str> = untouched.map(|consumer| consumer.name.as_str()).collect();
    if !names.is_empty() {
        sentences.push(desk.say("unchanged.items", &[("names", &desk.short_list(&names, 3))]));
    }
    sentences.push(desk.say("unchanged.default", &[]));
    sentences
}

/// What the record says in the reader's language, or in the language it is a form of.
pub(super) fn translation<'s>(desk: &Desk<'_>, sidecar: &'s Sidecar) -> Option<&'s crate::project::RawTranslation> {
    let own = desk.phrases.language.as_str();
    sidecar.translations.iter().find(|(language, _)| language.value == own).map(|(_, translation)| translation)
}

/// Each sentence once, in order.
fn once(sentences: impl Iterator<Item = String>) -> Vec<String> {
    let mut all = Vec::new();
    for sentence in sentences {
        if !all.contains(&sentence) {
            all.push(sentence);
        }
    }
    all
}
