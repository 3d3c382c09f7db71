//! What the reader has to do, and by when. "Nothing" is an answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::affected::{Seen, hit, seen};
use super::{Back, Desk, Hit, Promise, Touched, promise};
use crate::catalog::{Consumer, FixedBy};
use crate::project::NoticeStep;

/// So many names are read out; of more, the number.
const NAMED: usize = 2;

/// What to do, at least one sentence.
pub(in crate::notice) fn to_do(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<String> {
    let hit = hit(desk, touched);
    let mut sentences = match desk.occasion.step {
        NoticeStep::RolledBack => changed_back(desk, touched, &hit),
        NoticeStep::Incident => Vec::new(),
        NoticeStep::Announce | NoticeStep::Reminder | NoticeStep::Done | NoticeStep::OldNameEnds => {
            let mut sentences = owners(desk, touched, &hit);
            let nobody: Vec<&str> = hit.iter().filter(|(consumer, hit)| is_owners(consumer, *hit) && consumer.owner.is_none()).map(name).collect();
            if !nobody.is_empty() {
                sentences.push(desk.say("to_do.nobody", &[("names", &names(desk, &nobody, "list.some_items"))]));
            }
            let silent: Vec<&str> = hit.iter().filter(|(_, hit)| seen(*hit) == Seen::Silent).map(name).collect();
            if !silent.is_empty() {
                let key = if desk.occasion.step == NoticeStep::Done { "to_do.check_now" } else { "to_do.check" };
                sentences.push(desk.say(key, &[("names", &names(desk, &silent, "list.some_items"))]));
            }
            sentences.extend(save_before(desk, touched, &hit));
            sentences
        }
    };
    if sentences.is_empty() {
        let open = hit.iter().any(|(_, hit)| seen(*hit) == Seen::Open);
        let key = match desk.occasion.step {
            NoticeStep::RolledBack => "to_do.nothing_at_all",
            _ if touched.only_waits() => "to_do.nothing_at_all",
            _ if open => "to_do.nothing_yet",
            _ => "to_do.nothing",
        };
        sentences.push(desk.say(key, &[]));
    }
    if matches!(desk.occasion.step, NoticeStep::Announce | NoticeStep::Reminder)
        && let Some(date) = touched.sidecars().filter_map(|sidecar| sidecar.object_until).filter(|date| *date >= desk.moments.today).min()
    {
        sentences.push(desk.say("to_do.object", &[("date", &desk.moments.day(date))]));
    }
    sentences
}

/// Whoever has something open when saving waits should have saved it before.
fn save_before(desk: &Desk<'_>, touched: &Touched<'_>, hit: &[(&Consumer, Hit<'_>)]) -> Option<String> {
    if desk.occasion.step == NoticeStep::Done || !hit.iter().any(|(_, hit)| seen(*hit) == Seen::Waits) {
        return None;
    }
    let windows = touched.waits.iter().filter_map(|wait| desk.facts.changes.get(wait.migration as usize)?.sidecar?.window);
    let start = windows.map(|window| window.start).min()?;
    Some(desk.say("to_do.save_before", &[("date", &desk.moments.day_of(start)), ("time", &desk.moments.time(start))]))
}

fn name<'a>((consumer, _): &(&'a Consumer, Hit<'_>)) -> &'a str {
    &consumer.name
}

/// Whether its owner has to do something.
fn is_owners(consumer: &Consumer, hit: Hit<'_>) -> bool {
    matches!(consumer.fixed_by, Some(FixedBy::Owner) | None) && !matches!(seen(hit), Seen::Open | Seen::Waits)
}

/// When something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// After a window.
    After(Timestamp),
    /// Between two days, both included.
    Between(Date, Date),
    /// Until a day.
    Until(Date),
    /// At once.
    Now,
    /// On a day that nobody knows.
    Open,
}

/// One sentence for each owner and time: a person with five reports reads one sentence.
fn owners(desk: &Desk<'_>, touched: &Touched<'_>, hit: &[(&Consumer, Hit<'_>)]) -> Vec<String> {
    let mut groups: BTreeMap<(&str, When), Vec<&str>> = BTreeMap::new();
    for (consumer, hit) in hit.iter().filter(|(consumer, hit)| is_owners(consumer, *hit)) {
        let Some(owner) = &consumer.owner else { continue };
        groups.entry((&owner.name, when(desk, touched, consumer, *hit))).or_default().push(&consumer.name);
    }
    groups.into_iter().map(|((owner, when), items)| sentence(desk, owner, when, &names(desk, &items, "list.own_items"))).collect()
}

fn sentence(desk: &Desk<'_>, owner: &str, when: When, names: &str) -> String {
    let moments = &desk.moments;
    let person = [("owner", owner), ("names", names)];
    let say = |key: &str, more: &[(&str, &str)]| desk.say(key, &[person.as_slice(), more].concat());
    match when {
        When::After(end) => say("to_do.owner_after", &[("date", &moments.day_of(end)), ("time", &moments.time(end))]),
        When::Between(start, end) => say("to_do.owner_between", &[("start", &moments.day(start)), ("end", &moments.day(end))]),
        When::Until(date) => say("to_do.owner_until", &[("date", &moments.day(date))]),
        When::Now => say("to_do.owner_now", &[]),
        When::Open => say("to_do.owner_open", &[]),
    }
}

fn when(desk: &Desk<'_>, touched: &Touched<'_>, consumer: &Consumer, hit: Hit<'_>) -> When {
    let change = |migration: u32| desk.facts.changes.get(migration as usize);
    if let Hit::Later(end) = hit {
        let Some(change) = change(end.migration) else { return When::Open };
        let Promise::Kept(until) = promise(change) else { return When::Open };
        let start = change.sidecar.and_then(|sidecar| sidecar.window).map(|window| desk.moments.here(window.end).date());
        return match start {
            Some(start) if start >= desk.moments.today => When::Between(start, until),
            _ => When::Until(until),
        };
    }
    if desk.occasion.step == NoticeStep::Done {
        return When::Now;
    }
    // The first change that hits it is the one to be ready for.
    let first = touched.effects.iter().filter(|effect| *effect.consumer == *consumer.id).map(|effect| effect.migration).min();
    let window = first.and_then(change).and_then(|change| change.sidecar).and_then(|sidecar| sidecar.window);
    window.map_or(When::Open, |window| When::After(window.end))
}

/// Those who updated something for a change that was taken back have to change it back; what is not as before is to be checked.
fn changed_back(desk: &Desk<'_>, touched: &Touched<'_>, hit: &[(&Consumer, Hit<'_>)]) -> Vec<String> {
    let own: Vec<&str> = hit.iter().filter(|(consumer, hit)| is_owners(consumer, *hit)).map(name).collect();
    let not_whole: Vec<&str> = hit.iter().filter(|(consumer, _)| touched.back(consumer) != Back::Whole).map(name).collect();
    let groups = [("to_do.change_back", own), ("to_do.check_now", not_whole)];
    let groups = groups.into_iter().filter(|(_, items)| !items.is_empty());
    groups.map(|(key, items)| desk.say(key, &[("names", &names(desk, &items, "list.some_items"))])).collect()
}

fn names(desk: &Desk<'_>, items: &[&str], many: &str) -> String {
    if items.len() > NAMED { desk.say(many, &[("number", &items.len().to_string())]) } else { desk.list(items) }
}
