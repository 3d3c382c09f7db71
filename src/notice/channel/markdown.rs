//! Markdown, for a wiki or a pull request.

use super::record::Channel;
use crate::notice::Notice;

/// Markdown.
pub(super) static MARKDOWN: Channel = Channel { name: "md", about: "Markdown", ending: "md", render };

fn render(notice: &Notice) -> String {
    let mut text = format!("# {}\n", safe(&notice.subject));
    for (title, lines) in notice.sections() {
        text.push_str(&format!("\n## {}\n\n", safe(title)));
        let mark = if lines.len() > 1 { "- " } else { "" };
        for line in lines {
            text.push_str(&format!("{mark}{}\n", safe(&line)));
        }
    }
    if let Some(sender) = &notice.sender {
        text.push_str(&format!("\n{}\n", safe(sender)));
    }
    text
}

/// Names from the catalog stay text: no tags, no emphasis, no mentions.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '|' => {
                out.push('\\');
                out.push(character);
            }
            '@' => out.push_str("@\u{200b}"),
            other => out.push(other),
        }
    }
    out
}
