//! What belongs into a calendar: the window, and the last day of an old name.

use super::document::{CalendarEntry, Span, Standing};
use super::sentence::{self, Desk, Promise, Touched};
use super::text::short_digest;
use crate::project::{NoticeAudience, NoticeStep};

/// The entries of a message, in the order of changes. A message about an incident has none, and the record has none.
pub(super) fn entries(desk: &Desk<'_>, touched: &Touched<'_>) -> Vec<CalendarEntry> {
    let step = desk.occasion.step;
    if desk.occasion.audience == NoticeAudience::Record || step == NoticeStep::Incident {
        return Vec::new();
    }
    let standing = if step == NoticeStep::RolledBack { Standing::Cancelled } else { Standing::Confirmed };
    let what = sentence::what(desk, touched);
    let text = [sentence::to_do(desk, touched), sentence::contact(desk, touched)].concat().join(" ");
    let mut entries = Vec::new();
    for (_, change) in touched.changes() {
        let entry = |kind: &str, key: &str, span| {
            let title = desk.phrases.say(key, &[("what", &what)]);
            let title = if standing == Standing::Cancelled { desk.phrases.say("calendar.cancelled", &[("title", &title)]) } else { title };
            CalendarEntry { uid: uid(change.key(), kind), span, title, text: text.clone(), standing }
        };
        let has_window = !matches!(step, NoticeStep::Done | NoticeStep::OldNameEnds);
        if let Some(window) = change.sidecar.and_then(|sidecar| sidecar.window).filter(|_| has_window) {
            entries.push(entry("window", "calendar.window", Span::Moments(window.start, window.end)));
        }
        if let Promise::Kept(until) = sentence::promise(change) {
            entries.push(entry("old-name", "calendar.old_name", Span::Day(until)));
        }
    }
    entries
}

/// The same for the same change, however often it is sent and to whom; it says nothing of either.
fn uid(change: &str, kind: &str) -> String {
    format!("{}@fieldgate", short_digest(&format!("{change}\n{kind}")))
}
