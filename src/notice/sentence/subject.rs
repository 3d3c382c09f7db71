//! The subject line, and what the whole is called.

use std::collections::BTreeSet;

use super::changes::things;
use super::{Desk, Promise, Touched, promise};
use crate::project::{NoticeAudience, NoticeStep};

/// So many ids of changes are read out in one sentence.
const CODES: usize = 2;

/// `"Phone" (Client list) and 2 more`.
pub(in crate::notice) fn what(desk: &Desk<'_>, touched: &Touched<'_>) -> String {
    let things = things(desk, touched);
    if things.is_empty() && touched.only_waits() {
        let names: Vec<&str> = touched.hit().into_iter().map(|(consumer, _)| consumer.name.as_str()).collect();
        return desk.short_list(&names, if names.len() == 2 { 2 } else { 1 });
    }
    if things.is_empty() {
        return desk.say("subject.your_data", &[]);
    }
    desk.short_list(&things, if things.len() == 2 { 2 } else { 1 })
}

/// The id to write when asking: of the whole set, or of the records; `None` when there is none.
pub(in crate::notice) fn code(desk: &Desk<'_>, touched: &Touched<'_>) -> Option<String> {
    if let Some(set) = &desk.occasion.change_set {
        return Some(set.clone());
    }
    let mut codes: Vec<&str> = touched.sidecars().filter_map(|sidecar| sidecar.change.as_ref()).map(|change| change.value.as_str()).collect();
    codes.dedup();
    if codes.is_empty() { None } else { Some(desk.short_list(&codes, CODES)) }
}

/// What, when, and the id of the change.
pub(in crate::notice) fn subject(desk: &Desk<'_>, touched: &Touched<'_>) -> String {
    let what = what(desk, touched);
    let step = desk.occasion.step;
    let date = match step {
        NoticeStep::Announce | NoticeStep::Reminder => {
            touched.sidecars().filter_map(|sidecar| sidecar.window).map(|window| window.start).min().map(|start| desk.moments.day_of(start))
        }
        NoticeStep::OldNameEnds => {
            let kept = touched.changes().filter_map(|(_, change)| match promise(change) {
                Promise::Kept(until) => Some(until),
                Promise::None | Promise::Broken(_) => None,
            });
            kept.min().map(|until| desk.moments.day(until))
        }
        NoticeStep::Done | NoticeStep::RolledBack | NoticeStep::Incident => None,
    };
    let open = matches!(step, NoticeStep::Announce | NoticeStep::Reminder | NoticeStep::OldNameEnds) && date.is_none();
    let starts: BTreeSet<_> = touched.changes().map(|(_, change)| change.sidecar.and_then(|sidecar| sidecar.window).map(|window| window.start)).collect();
    let form = match step {
        _ if open => "_open",
        NoticeStep::Announce | NoticeStep::Reminder if starts.len() > 1 => "_first",
        _ => "",
    };
    let values = [("what", what.as_str()), ("date", &date.unwrap_or_default())];
    let mut subject = match step {
        NoticeStep::Announce if touched.only_waits() => desk.say(&format!("subject.waits{form}"), &values),
        NoticeStep::Reminder if touched.only_waits() => {
            let subject = desk.say(&format!("subject.waits{form}"), &values);
            desk.say("subject.reminder_of", &[("subject", &subject)])
        }
        NoticeStep::Done if touched.only_waits() => desk.say("subject.waits_done", &values),
        _ => desk.say(&format!("subject.{}{form}", step.as_str()), &values),
    };
    match desk.occasion.audience {
        NoticeAudience::Staff => {}
        NoticeAudience::Helpdesk => subject = desk.say("subject.helpdesk", &[("subject", &subject)]),
        NoticeAudience::Record => subject = desk.say("subject.record", &[("subject", &subject)]),
    }
    match code(desk, touched) {
        Some(code) => desk.say("subject.coded", &[("subject", &subject), ("code", &code)]),
        None => subject,
    }
}
