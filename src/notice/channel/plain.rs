//! Plain text, for e-mail and anything else.

use super::record::Channel;
use crate::notice::Notice;

/// Plain text.
pub(super) static PLAIN: Channel = Channel { name: "text", about: "plain text", ending: "txt", render };

fn render(notice: &Notice) -> String {
    let mut text = format!("{}\n", one_line(&notice.subject));
    for (title, lines) in notice.sections() {
        text.push_str(&format!("\n{title}\n"));
        let mark = if lines.len() > 1 { "- " } else { "" };
        for line in lines {
            text.push_str(&format!("{mark}{}\n", one_line(&line)));
        }
    }
    if let Some(sender) = &notice.sender {
        text.push_str(&format!("\n{}\n", one_line(sender)));
    }
    text
}

/// A value of the catalog cannot start a line of its own.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
