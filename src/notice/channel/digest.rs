//! At most 300 characters, for a text message.

use super::record::Channel;
use crate::notice::Notice;
use crate::notice::text::{clean, cut, fitting};

/// A text message.
pub(super) static DIGEST: Channel =
    Channel { name: "digest", about: "at most 300 characters, for a text message", ending: "digest.txt", between: Some("\n"), render };

/// Longer is cut by who carries it.
const MOST: usize = 300;

#[expect(clippy::unnecessary_wraps, reason = "one signature for all channels")]
fn render(notice: &Notice) -> Option<String> {
    Some(format!("{}\n", digest(notice)))
}

/// The first sentences that fit, and how many do not.
pub(super) fn digest(notice: &Notice) -> String {
    let lines: Vec<String> = notice.digest.iter().map(|line| clean(line)).collect();
    let sizes: Vec<usize> = lines.iter().enumerate().map(|(index, line)| line.chars().count() + usize::from(index > 0)).collect();
    let rest = |left_out: usize| clean(&notice.shortening.say(left_out));
    let room = rest(lines.len()).chars().count() + 1;
    let count = fitting(&sizes, MOST, room);
    let text = lines.get(..count).unwrap_or_default().join(" ");
    if count == lines.len() {
        return text;
    }
    if count > 0 {
        return format!("{text} {}", rest(lines.len() - count));
    }
    // Not even the first fits: its beginning, and what is missing.
    let first = lines.first().map(|line| cut(line, MOST.saturating_sub(room))).unwrap_or_default();
    cut(&format!("{first} {}", rest(lines.len())), MOST)
}
