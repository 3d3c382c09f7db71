//! Markdown (GFM), for a wiki or a pull request.

use super::record::Channel;
use crate::notice::text::clean;
use crate::notice::{Line, Notice};

/// Markdown.
pub(super) static MARKDOWN: Channel = Channel { name: "md", about: "Markdown", ending: "md", between: Some("\n---\n\n"), render };

#[expect(clippy::unnecessary_wraps, reason = "one signature for all channels")]
fn render(notice: &Notice) -> Option<String> {
    let mut text = format!("# {}\n", escape(&notice.subject));
    for section in &notice.sections {
        if !section.title.is_empty() {
            text.push_str(&format!("\n## {}\n\n", escape(&section.title)));
        }
        let mut number = 0;
        let mut in_list = false;
        for line in &section.lines {
            let words = escape(line.text());
            match line {
                Line::Paragraph(_) => {
                    // Without a blank line before it, it would be part of the item above.
                    text.push_str(&format!("{}{words}\n", if in_list { "\n" } else { "" }));
                    in_list = false;
                }
                Line::Item(_) => {
                    text.push_str(&format!("- {words}\n"));
                    in_list = true;
                }
                Line::Step(_) => {
                    number += 1;
                    text.push_str(&format!("{number}. {words}\n"));
                    in_list = true;
                }
            }
        }
    }
    if let Some(sender) = &notice.sender {
        text.push_str(&format!("\n{}\n", escape(sender)));
    }
    Some(text)
}

/// Text stays text: no tags, no emphasis, no links, no mentions, no list or heading at the start of a line.
pub(super) fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let mut letters = text.chars().enumerate().peekable();
    while let Some((index, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let inside = out.ends_with(char::is_alphanumeric);
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '|' | '!' | '$' => out.extend(['\\', letter]),
            '#' | '-' | '+' | '=' if index == 0 => out.extend(['\\', letter]),
            '.' | ')' if index == digits && digits > 0 => out.extend(['\\', letter]),
            // GitHub makes a mention of a word after `@` and a link of a number after `#`; an empty comment between them makes neither.
            '@' if !inside => out.push_str("@<!-- -->"),
            '#' if !inside && next.is_some_and(|next| next.is_ascii_digit()) => out.push_str("#<!-- -->"),
            other => out.push(other),
        }
    }
    // Bare addresses become links by themselves.
    out.replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn signs_lose_their_meaning() {
        assert_eq!(escape("<b>*x*</b>"), "&lt;b&gt;\\*x\\*&lt;/b&gt;");
        assert_eq!(escape("1. no list"), "1\\. no list");
        assert_eq!(escape("# no heading"), "\\# no heading");
        assert_eq!(escape("@channel #12 [a](http://b)"), "@<!-- -->channel #<!-- -->12 \\[a\\](http:<!-- -->//b)");
        assert_eq!(escape("plain 3.5 text-like a@b.org"), "plain 3.5 text-like a@b.org");
    }
}
