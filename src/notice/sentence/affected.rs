//! Reports, exports and forms by name: what the reader will see, and who mends it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Back, Desk, Hit, Touched};
use crate::catalog::{Consumer, FixedBy, Owner};
use crate::impact::{Cause, EffectKind};
use crate::notice::facts::{Wait, Waiting};
use crate::notice::sentence::{Promise, promise};
use crate::project::NoticeStep;

/// One thing of a department that is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::notice) struct Affected {
    /// Its name.
    pub name: String,
    /// What the reader sees, and who mends it, in sentences.
    pub what: String,
    /// Who looks after it and how to reach them.
    pub owner: String,
}

/// What can be seen of a consumer, for readers who decide by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::notice) enum Seen {
    /// It goes on and is wrong.
    Silent,
    /// It stops.
    Broken,
    /// Nobody knows yet.
    Open,
    /// It goes on until a day.
    Later,
    /// It waits for a while, and then goes on as before.
    Waits,
}

/// Of which kind a hit is.
pub(in crate::notice) fn seen(hit: Hit<'_>) -> Seen {
    match hit {
        Hit::Now(EffectKind::ChangesSilently, _) => Seen::Silent,
        Hit::Now(EffectKind::Breaks, _) => Seen::Broken,
        Hit::Now(EffectKind::MayFail | EffectKind::Unknown, _) => Seen::Open,
        Hit::Later(_) => Seen::Later,
        Hit::Waits(_) => Seen::Waits,
    }
}

/// The recipient's consumers that a message speaks of, in the order of how bad it is.
pub(in crate::notice) fn hit<'a>(desk: &Desk<'_>, touched: &Touched<'a>) -> Vec<(&'a Consumer, Hit<'a>)> {
    let mut hit = touched.hit();
    match desk.occasion.step {
        NoticeStep::Announce | NoticeStep::Reminder | NoticeStep::Done => {}
        NoticeStep::OldNameEnds => hit.retain(|(_, hit)| seen(*hit) == Seen::Later),
        // What goes on until a day has not stopped, and what waited goes on: neither needs taking back.
        NoticeStep::RolledBack | NoticeStep::Incident => hit.retain(|(_, hit)| !matches!(seen(*hit), Seen::Later | Seen::Waits)),
    }
    hit
}

/// A line for each of them.
pub(in crate::notice) fn affected(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<Affected> {
    let hit = hit(desk, touched);
    let single = single_window(touched);
    let is_back = desk.occasion.step == NoticeStep::RolledBack;
    hit.into_iter()
        .map(|(consumer, hit)| {
            let start = if single { None } else { start(touched, consumer) };
            let mut what = match touched.back(consumer) {
                Back::OtherOrder if is_back => desk.say("effect.back_order", &[]),
                Back::Lost if is_back => desk.say("effect.back_lost", &[]),
                Back::Whole | Back::OtherOrder | Back::Lost => what(desk, hit, start),
            };
            if let Some(mends) = mends(desk, consumer, hit) {
                what.push(' ');
                what.push_str(&mends);
            }
            Affected { name: consumer.name.clone(), what, owner: owner_line(desk, consumer.owner.as_ref()) }
        })
        .collect()
}

/// Whether all changes are made in one window, so that "when we start" says when.
fn single_window(touched: &Touched<'_>) -> bool {
    let windows: BTreeSet<_> = touched.changes().map(|(_, change)| change.sidecar.and_then(|sidecar| sidecar.window).map(|window| window.start)).collect();
    windows.len() <= 1
}

/// When the first change that hits a consumer is made, when that is known.
fn start(touched: &Touched<'_>, consumer: &Consumer) -> Option<Timestamp> {
    let first = touched.effects.iter().filter(|effect| *effect.consumer == *consumer.id).map(|effect| effect.migration).min()?;
    Some(touched.facts.changes.get(first as usize)?.sidecar?.window?.start)
}

/// `start` is said when several changes are made at several times.
fn what(desk: &Desk<'_>, hit: Hit<'_>, start: Option<Timestamp>) -> String {
    let key = match desk.occasion.step {
        NoticeStep::RolledBack => "effect.back",
        NoticeStep::Incident => match seen(hit) {
            Seen::Silent => "effect.now.silent",
            Seen::Broken => "effect.now.breaks",
            Seen::Open | Seen::Later | Seen::Waits => "effect.now.unknown",
        },
        NoticeStep::Done if seen(hit) == Seen::Open => "effect.now.unknown",
        NoticeStep::Announce | NoticeStep::Reminder | NoticeStep::Done | NoticeStep::OldNameEnds => match hit {
            Hit::Later(end) => {
                let change = desk.facts.changes.get(end.migration as usize);
                let until = change.map(promise).and_then(|promise| match promise {
                    Promise::Kept(until) => Some(desk.moments.day(until)),
                    Promise::None | Promise::Broken(_) => None,
                });
                return desk.say("effect.later", &[("date", &until.unwrap_or_default())]);
            }
            Hit::Waits(_) if desk.occasion.step == NoticeStep::Done => "effect.done.waits",
            Hit::Waits(wait) => return waits(desk, wait),
            Hit::Now(EffectKind::Breaks, _) if desk.occasion.step == NoticeStep::Done => "effect.done.breaks",
            Hit::Now(EffectKind::Breaks, _) => match start {
                Some(start) => return desk.say("effect.breaks_on", &[("date", &desk.moments.day_of(start)), ("time", &desk.moments.time(start))]),
                None => "effect.breaks",
            },
            Hit::Now(EffectKind::MayFail, _) => "effect.may_fail",
            Hit::Now(EffectKind::Unknown, _) => "effect.unknown",
            Hit::Now(EffectKind::ChangesSilently, cause) => silent(cause),
        },
    };
    desk.say(key, &[])
}

/// What of it waits, and how long by our estimate.
pub(super) fn waits(desk: &Desk<'_>, wait: &Wait) -> String {
    let (known, unknown) = match wait.waiting {
        Waiting::Saving => ("effect.waits.saving", "effect.waits.saving_unknown"),
        Waiting::Reading => ("effect.waits.reading", "effect.waits.reading_unknown"),
    };
    match wait.seconds {
        Some(seconds) => desk.say(known, &[("time", &duration(desk, seconds))]),
        None => desk.say(unknown, &[]),
    }
}

/// `40 seconds`, `3 minutes`: in the unit in which people count, rounded up.
fn duration(desk: &Desk<'_>, seconds: u64) -> String {
    let (key, number) = match seconds {
        0..=119 => ("duration.seconds", seconds),
        120..=7_199 => ("duration.minutes", seconds.div_ceil(60)),
        _ => ("duration.hours", seconds.div_ceil(3_600)),
    };
    desk.say(key, &[("number", &number.to_string())])
}

fn silent(cause: Cause) -> &'static str {
    match cause {
        Cause::Position => "effect.position",
        Cause::Rows | Cause::Captured => "effect.rows",
        Cause::Values | Cause::OutputType => "effect.values",
        Cause::OutputShape => "effect.shape",
        Cause::OutputNullability => "effect.empty",
        Cause::ColumnMissing
        | Cause::RelationMissing
        | Cause::TypeMismatch
        | Cause::Ambiguous
        | Cause::Grouping
        | Cause::ConflictTarget
        | Cause::ColumnCount
        | Cause::Permission
        | Cause::EnumLiteral
        | Cause::OtherRefusal
        | Cause::Writes
        | Cause::NotUnderstood => "effect.changes_silently",
    }
}

/// Who mends it; `None` when there is nothing to mend, or nobody knows yet whether there is.
fn mends(desk: &Desk<'_>, consumer: &Consumer, hit: Hit<'_>) -> Option<String> {
    if desk.occasion.step == NoticeStep::RolledBack || matches!(seen(hit), Seen::Open | Seen::Waits) {
        return None;
    }
    Some(match (consumer.fixed_by, &consumer.owner) {
        (Some(FixedBy::DataTeam), _) => desk.say("mends.data_team", &[]),
        (Some(FixedBy::Vendor), _) => desk.say("mends.vendor", &[]),
        (Some(FixedBy::Owner) | None, Some(owner)) => desk.say("mends.owner", &[("owner", &owner.name)]),
        (Some(FixedBy::Owner) | None, None) => desk.say("mends.nobody", &[]),
    })
}

/// Who looks after it and how to reach them; empty when nobody does.
pub(in crate::notice) fn owner_line(desk: &Desk<'_>, owner: Option<&Owner>) -> String {
    let Some(owner) = owner else { return String::new() };
    match owner.email.as_ref().or(owner.slack.as_ref()) {
        Some(contact) => desk.say("owner.contact", &[("owner", &owner.name), ("contact", contact)]),
        None => desk.say("owner.no_contact", &[("owner", &owner.name)]),
    }
}
