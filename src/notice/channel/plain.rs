//! Plain text, for e-mail and anything else.

use super::record::Channel;
use crate::notice::text::clean;
use crate::notice::{Line, Notice};

/// Plain text.
pub(super) static PLAIN: Channel = Channel {
    name: "text",
    about: "plain text",
    ending: "txt",
    between: Some("\n----------------------------------------------------------------\n\n"),
    render: |notice| Some(plain_text(notice)),
};

/// The subject, then each heading with its lines.
pub fn plain_text(notice: &Notice) -> String {
    let mut text = format!("{}\n", clean(&notice.subject));
    for section in &notice.sections {
        let title = clean(&section.title);
        text.push_str(&if title.is_empty() { String::from("\n") } else { format!("\n{title}\n") });
        let mut number = 0;
        for line in &section.lines {
            let words = clean(line.text());
            match line {
                Line::Paragraph(_) => text.push_str(&format!("{words}\n")),
                Line::Item(_) => text.push_str(&format!("- {words}\n")),
                Line::Step(_) => {
                    number += 1;
                    text.push_str(&format!("{number}. {words}\n"));
                }
            }
        }
    }
    if let Some(sender) = &notice.sender {
        text.push_str(&format!("\n{}\n", clean(sender)));
    }
    text
}
