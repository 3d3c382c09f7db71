//! A message for Microsoft Teams: an Adaptive Card, as a Workflows webhook takes it. 28 KB is the limit of a message; ours stays below 20 KB, since
//! what carries it counts too.

use serde_json::{Value, json};

use super::record::Channel;
use crate::notice::text::{clean, cut, fitting};
use crate::notice::{Line, Notice};

/// A message for Microsoft Teams.
pub(super) static TEAMS: Channel =
    Channel { name: "teams", about: "a message for Microsoft Teams (Adaptive Card JSON)", ending: "teams.json", between: None, render };

const MOST_BYTES: usize = 20 * 1024;
/// The longest single text; more is nothing that anybody reads in a chat.
const TEXT: usize = 2000;

#[expect(clippy::unnecessary_wraps, reason = "one signature for all channels")]
fn render(notice: &Notice) -> Option<String> {
    let mut elements: Vec<(Value, usize)> = Vec::new();
    for section in &notice.sections {
        if !section.title.is_empty() {
            elements.push((heading(&section.title, "Medium"), 0));
        }
        let mut number = 0;
        for line in &section.lines {
            let words = clean(line.text());
            let words = match line {
                Line::Paragraph(_) => words,
                Line::Item(_) => format!("• {words}"),
                Line::Step(_) => {
                    number += 1;
                    format!("{number}. {words}")
                }
            };
            elements.push((text(&words), 1));
        }
    }
    let head = heading(&notice.subject, "Large");
    let sender = notice.sender.as_ref().map(|sender| text(sender));
    let empty = message(notice, vec![head.clone()].into_iter().chain(sender.clone()).collect());
    // With a comma, and indented as we write it.
    let room = MOST_BYTES.saturating_sub(length(&empty));
    let sizes: Vec<usize> = elements.iter().map(|(element, _)| length(element) + 1).collect();
    let rest = |count: usize| text(&notice.shortening.say(count));
    let count = fitting(&sizes, room, length(&rest(elements.len())) + 1);
    // A heading without anything under it says nothing.
    let count = (0..=count).rev().find(|count| count.checked_sub(1).and_then(|last| elements.get(last)).is_none_or(|(_, lines)| *lines > 0)).unwrap_or(0);
    let left_out: usize = elements.iter().skip(count).map(|(_, lines)| lines).sum();
    let shown = elements.into_iter().take(count).map(|(element, _)| element);
    let last = (left_out > 0).then(|| rest(left_out));
    let body: Vec<Value> = std::iter::once(head).chain(shown).chain(last).chain(sender).collect();
    Some(format!("{}\n", message(notice, body)))
}

fn message(notice: &Notice, body: Vec<Value>) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "lang": notice.language,
                "fallbackText": cut(&calm(&notice.subject), TEXT),
                "msteams": { "width": "Full" },
                "body": body,
            },
        }],
    })
}

/// A heading: large and bold, since the style of headings came only with version 1.5. Markdown works in it, so signs of Markdown are escaped.
fn heading(words: &str, size: &str) -> Value {
    json!({ "type": "TextBlock", "text": markdown_free(&cut(&clean(words), TEXT)), "size": size, "weight": "Bolder", "wrap": true })
}

/// Text in which no Markdown works.
fn text(words: &str) -> Value {
    json!({ "type": "RichTextBlock", "inlines": [{ "type": "TextRun", "text": cut(&calm(words), TEXT) }] })
}

/// `{{DATE(…)}}` and its like are filled in by the client: the braces are set apart.
fn calm(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in clean(words).chars() {
        if letter == '{' && out.ends_with('{') {
            out.push(' ');
        }
        out.push(letter);
    }
    out
}

fn markdown_free(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for character in calm(words).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '<' | '>' | '!' | '~' | '|') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn length(value: &Value) -> usize {
    value.to_string().len()
}
