//! What only some messages of the series say: what happened, who is affected and who is not, what we do now.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::affected::{Seen, seen};
use super::when::translation;
use super::{Back, Desk, Touched, code, hit, what};
use crate::project::{Incident, NoticeStep, RawTranslation};
use crate::rollback::Reversibility;

/// When nothing else is said, people hear more after so long.
const NEXT_UPDATE: SignedDuration = SignedDuration::from_hours(1);

/// What happened: done, taken back, went wrong. Empty before it happens.
pub(in crate::notice) fn happened(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let today = desk.moments.day(desk.moments.today);
    match desk.occasion.step {
        NoticeStep::Announce | NoticeStep::Reminder | NoticeStep::OldNameEnds => Vec::new(),
        NoticeStep::Done => {
            let windows = touched.sidecars().filter_map(|sidecar| sidecar.window);
            let last = windows.map(|window| window.start).filter(|start| *start <= desk.occasion.now).max();
            vec![desk.say("happened.done", &[("date", &last.map_or(today, |start| desk.moments.day_of(start)))])]
        }
        NoticeStep::RolledBack => {
            let lossy = touched.changes().any(|(_, change)| change.plan.reversibility >= Reversibility::Lossy)
                || touched.hit().iter().any(|(consumer, _)| touched.back(consumer) != Back::Whole);
            vec![desk.say(if lossy { "happened.rolled_back_lossy" } else { "happened.rolled_back" }, &[("date", &today)])]
        }
        NoticeStep::Incident => {
            let what = what(desk, touched);
            let since = incidents(touched).filter_map(|incident| incident.since).min();
            let windows = touched.sidecars().filter_map(|sidecar| sidecar.window).map(|window| window.start);
            let since = since.or_else(|| windows.filter(|start| *start <= desk.occasion.now).min());
            vec![match since {
                Some(since) => desk.say(
                    "happened.incident",
                    &[("date", &desk.moments.day_of(since)), ("time", &desk.moments.time(since)), ("zone", &desk.moments.zone(since)), ("what", &what)],
                ),
                None => desk.say("happened.incident_open", &[("what", &what)]),
            }]
        }
    }
}

fn incidents<'a>(touched: &Touched<'a>) -> impl Iterator<Item = &'a Incident> {
    touched.sidecars().filter_map(|sidecar| sidecar.incident.as_ref())
}

/// Which departments are affected, which are not, and of which nobody knows yet.
pub(in crate::notice) fn scope(desk: &Desk<'_>) -> Vec<String> {
    let all = Touched::all(desk.facts);
    let hit = hit(desk, &all);
    let of = |wanted: fn(Seen) -> bool| -> BTreeSet<&str> {
        hit.iter().filter(|(_, hit)| wanted(seen(*hit))).filter_map(|(consumer, _)| consumer.department.as_deref()).collect()
    };
    let affected = of(|seen| seen != Seen::Open);
    let open: BTreeSet<&str> = of(|seen| seen == Seen::Open).difference(&affected).copied().collect();
    let departments = &desk.facts.catalog.departments;
    let names = |wanted: &dyn Fn(&str) -> bool| -> Vec<&str> {
        departments.values().filter(|department| wanted(&department.id)).map(|department| department.name.as_str()).collect()
    };
    let groups: [(&str, Vec<&str>); 3] = [
        ("scope.affected", names(&|id| affected.contains(id))),
        ("scope.not_known", names(&|id| open.contains(id))),
        ("scope.not_affected", names(&|id| !affected.contains(id) && !open.contains(id))),
    ];
    groups.into_iter().filter(|(_, names)| !names.is_empty()).map(|(key, names)| desk.say(key, &[("departments", &desk.list(&names))])).collect()
}

/// What we do about it now.
pub(in crate::notice) fn doing(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let said = recorded(desk, touched, |incident| &incident.doing, |translation| &translation.doing);
    if said.is_empty() { vec![desk.say("doing.default", &[])] } else { said }
}

/// What people can do meanwhile.
pub(in crate::notice) fn meanwhile(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let mut sentences = recorded(desk, touched, |incident| &incident.meanwhile, |translation| &translation.meanwhile);
    let hit = hit(desk, touched);
    for (wanted, key) in [(Seen::Silent, "meanwhile.silent"), (Seen::Broken, "meanwhile.breaks")] {
        let names: Vec<&str> = hit.iter().filter(|(_, hit)| seen(*hit) == wanted).map(|(consumer, _)| consumer.name.as_str()).collect();
        if !names.is_empty() {
            sentences.push(desk.say(key, &[("names", &desk.short_list(&names, 3))]));
        }
    }
    sentences
}

fn recorded(desk: &Desk<'_>, touched: &Touched<'_>, own: fn(&Incident) -> &Vec<String>, translated: fn(&RawTranslation) -> &Vec<String>) -> Vec<String> {
    let lines = touched.sidecars().filter_map(|sidecar| {
        let incident = sidecar.incident.as_ref()?;
        let translated = translation(desk, sidecar).map(translated).filter(|lines| !lines.is_empty());
        Some(translated.unwrap_or(own(incident)).clone())
    });
    lines.flatten().collect()
}

/// By when people hear more, even if there is no news: as the record says, else within the hour, at a full quarter.
pub(super) fn next_update(desk: &Desk<'_>, touched: &Touched<'_>) -> String {
    let recorded = incidents(touched).filter_map(|incident| incident.next_update).filter(|next| *next > desk.occasion.now).min();
    let next = recorded.unwrap_or_else(|| quarter(desk.occasion.now.saturating_add(NEXT_UPDATE).unwrap_or(desk.occasion.now)));
    let (time, date, zone) = (desk.moments.time(next), desk.moments.day_of(next), desk.moments.zone(next));
    desk.say("incident.next", &[("time", &time), ("date", &date), ("zone", &zone)])
}

/// The last full quarter of an hour at or before a moment: we promise an hour at most.
fn quarter(moment: Timestamp) -> Timestamp {
    let seconds = moment.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(900)).unwrap_or(moment)
}

/// How much it is, in short.
pub(in crate::notice) fn summary(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let ids: BTreeSet<&str> = hit(desk, touched).iter().filter_map(|(consumer, _)| consumer.department.as_deref()).collect();
    let names: Vec<&str> = desk.facts.catalog.departments.values().filter(|one| ids.contains(&*one.id)).map(|one| one.name.as_str()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    vec![desk.say("summary.departments", &[("number", &names.len().to_string()), ("departments", &desk.list(&names))])]
}

/// What to tell people who call.
pub(in crate::notice) fn answer(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let known = match code(desk, touched) {
        Some(code) => desk.say("answer.known", &[("code", &code)]),
        None => desk.say("answer.known_open", &[]),
    };
    vec![known, desk.say("answer.listed", &[]), desk.say("answer.not_listed", &[])]
}
