//! A notice as an entry of the log of who was told.

use jiff::civil::Date;

use super::channel;
use super::document::Notice;
use super::text::digest;
use crate::project::Told;

/// An entry for each change that a notice speaks of. The digest is that of the plain text, so that an entry can be held against what was sent.
pub fn told(notice: &Notice, on: Date) -> Vec<Told> {
    let text = digest(&channel::plain_text(notice));
    let entry = |change: &String| Told {
        change: change.clone(),
        department: notice.recipient.to_string(),
        step: notice.step,
        audience: notice.audience,
        on,
        text: text.clone(),
    };
    notice.changes.iter().map(entry).collect()
}
