//! HTML for mail programs: one column of at most 600 px, styles inline, system fonts, nothing fetched, readable without colour and at 320 px.

use super::record::Channel;
use crate::notice::text::{clean, fitting};
use crate::notice::{Line, Notice};

/// HTML for an e-mail.
pub(super) static HTML: Channel = Channel { name: "html", about: "HTML for an e-mail", ending: "html", between: None, render };

/// Gmail cuts a message off at 102 KB; ours stays well below, since the wrapping of the mail counts too.
const MOST_BYTES: usize = 96 * 1024;

const FONT: &str = "font-family: system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif;";

#[expect(clippy::unnecessary_wraps, reason = "one signature for all channels")]
fn render(notice: &Notice) -> Option<String> {
    Some(html(notice))
}

/// The whole page.
pub(super) fn html(notice: &Notice) -> String {
    let subject = escape(&notice.subject);
    let language = escape(&notice.language);
    let head = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{subject}</title>\n</head>\n<body style=\"margin: 0; padding: 0;\">\n\
         <table role=\"presentation\" align=\"center\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" \
         style=\"max-width: 600px; margin: 0 auto; border-collapse: collapse;\">\n<tr>\n\
         <td lang=\"{language}\" style=\"padding: 16px; {FONT} font-size: 16px; line-height: 1.5; overflow-wrap: break-word; word-break: break-word;\">\n\
         <h1 style=\"font-size: 24px; line-height: 1.25; margin: 0 0 16px;\">{subject}</h1>\n"
    );
    let sender = notice.sender.as_ref().map(|sender| format!("<p style=\"margin: 24px 0 0;\">{}</p>\n", escape(sender))).unwrap_or_default();
    let foot = format!("{sender}</td>\n</tr>\n</table>\n</body>\n</html>\n");
    format!("{head}{}{foot}", body(notice, MOST_BYTES.saturating_sub(head.len() + foot.len())))
}

/// As many lines as fit, and how many do not.
fn body(notice: &Notice, most: usize) -> String {
    let pieces: Vec<String> =
        notice.sections.iter().flat_map(|section| std::iter::once(heading(&section.title)).chain(section.lines.iter().map(line))).collect();
    // A list costs its two tags at most once for each line.
    let sizes: Vec<usize> = pieces.iter().map(|piece| piece.len() + LIST_COST).collect();
    let left_out = |count: usize| format!("<p style=\"margin: 16px 0 0;\">{}</p>\n", escape(&notice.shortening.say(count)));
    let count = fitting(&sizes, most, left_out(pieces.len()).len());
    let mut text = String::new();
    let mut index = 0;
    let mut dropped = 0;
    for section in &notice.sections {
        let shown = count.saturating_sub(index + 1).min(section.lines.len());
        if shown > 0 {
            text.push_str(&heading(&section.title));
            text.push_str(&lines(section.lines.get(..shown).unwrap_or_default()));
        }
        dropped += section.lines.len() - shown;
        index += 1 + section.lines.len();
    }
    if dropped > 0 {
        text.push_str(&left_out(dropped));
    }
    text
}

const LIST_COST: usize = 90;

fn heading(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!("<h2 style=\"font-size: 18px; line-height: 1.3; margin: 24px 0 8px;\">{}</h2>\n", escape(title)) }
}

fn line(line: &Line) -> String {
    match line {
        Line::Paragraph(text) => format!("<p style=\"margin: 0 0 8px;\">{}</p>\n", escape(text)),
        Line::Item(text) | Line::Step(text) => format!("<li style=\"margin: 0 0 8px;\">{}</li>\n", escape(text)),
    }
}

/// Items that follow each other are one list.
fn lines(all: &[Line]) -> String {
    let mut text = String::new();
    let mut open: Option<&str> = None;
    for one in all {
        let list = match one {
            Line::Paragraph(_) => None,
            Line::Item(_) => Some("ul"),
            Line::Step(_) => Some("ol"),
        };
        if open != list {
            text.extend(open.map(|tag| format!("</{tag}>\n")));
            text.extend(list.map(|tag| format!("<{tag} style=\"margin: 0; padding: 0 0 0 24px;\">\n")));
            open = list;
        }
        text.push_str(&line(one));
    }
    text.extend(open.map(|tag| format!("</{tag}>\n")));
    text
}

/// Text for an element or for an attribute in double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in clean(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
