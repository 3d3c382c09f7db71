//! A message for Slack (Block Kit). Limits: 150 characters of a header, 3000 of a section, 50 blocks, and, undocumented, about 13,200 characters of
//! blocks in all.

use serde_json::{Value, json};

use super::digest::digest;
use super::record::Channel;
use crate::notice::text::{clean, cut, fitting};
use crate::notice::{Line, Notice, Section};

/// A message for Slack.
pub(super) static SLACK: Channel = Channel { name: "slack", about: "a message for Slack (Block Kit JSON)", ending: "slack.json", between: None, render };

const HEADER: usize = 150;
const SECTION: usize = 2900;
const BLOCKS: usize = 45;
const TOTAL: usize = 12_000;
/// What the JSON of a block costs beside its text.
const BLOCK_COST: usize = 80;

fn render(notice: &Notice) -> Option<String> {
    let mut blocks = vec![json!({ "type": "header", "text": { "type": "plain_text", "emoji": false, "text": cut(&clean(&notice.subject), HEADER) } })];
    let pieces: Vec<Piece> = notice.sections.iter().flat_map(pieces).collect();
    let last = notice.shortening.say(notice.sections.iter().map(|section| section.lines.len()).sum());
    let room = TOTAL.saturating_sub(size(&blocks) + notice.sender.as_ref().map_or(0, |sender| escape(sender).len() + BLOCK_COST));
    let sizes: Vec<usize> = pieces.iter().map(|piece| json_length(&piece.text) + BLOCK_COST).collect();
    let count = fitting(&sizes, room, json_length(&escape(&last)) + BLOCK_COST);
    let count = if pieces.len() > BLOCKS { count.min(BLOCKS) } else { count };
    blocks.extend(pieces.iter().take(count).map(|piece| section(&piece.text)));
    let left_out: usize = pieces.iter().skip(count).map(|piece| piece.lines).sum();
    if left_out > 0 {
        blocks.push(context(&escape(&notice.shortening.say(left_out))));
    }
    blocks.extend(notice.sender.as_ref().map(|sender| context(&escape(sender))));
    let message = json!({ "text": escape(&digest(notice)), "unfurl_links": false, "unfurl_media": false, "blocks": blocks });
    serde_json::to_string_pretty(&message).ok().map(|text| text + "\n")
}

fn section(text: &str) -> Value {
    // Verbatim: names of people and channels in it are not made into links.
    json!({ "type": "section", "text": { "type": "mrkdwn", "verbatim": true, "text": text } })
}

fn context(text: &str) -> Value {
    json!({ "type": "context", "elements": [{ "type": "mrkdwn", "verbatim": true, "text": cut(text, SECTION) }] })
}

fn size(blocks: &[Value]) -> usize {
    blocks.iter().map(|block| block.to_string().chars().count()).sum()
}

/// Characters of a text in JSON.
fn json_length(text: &str) -> usize {
    Value::from(text).to_string().chars().count()
}

/// The text of one block, and how many lines of the notice it holds.
struct Piece {
    text: String,
    lines: usize,
}

/// A heading with its lines, in as many blocks as their length asks for.
fn pieces(of: &Section) -> Vec<Piece> {
    let title = if of.title.is_empty() { String::new() } else { format!("*{}*", escape(&of.title)) };
    let mut all = Vec::new();
    let mut own = Piece { text: cut(&title, SECTION), lines: 0 };
    let mut number = 0;
    for line in &of.lines {
        let words = escape(line.text());
        let line = match line {
            Line::Paragraph(_) => words,
            Line::Item(_) => format!("• {words}"),
            Line::Step(_) => {
                number += 1;
                format!("{number}. {words}")
            }
        };
        let line = cut_escaped(&line, SECTION);
        if own.text.chars().count() + 1 + line.chars().count() > SECTION {
            all.push(std::mem::replace(&mut own, Piece { text: String::new(), lines: 0 }));
        }
        if !own.text.is_empty() {
            own.text.push('\n');
        }
        own.text.push_str(&line);
        own.lines += 1;
    }
    all.push(own);
    all.retain(|piece| !piece.text.is_empty());
    all
}

/// A cut that leaves no half of `&amp;`.
fn cut_escaped(text: &str, most: usize) -> String {
    let short = cut(text, most);
    match short.rfind('&') {
        Some(start) if short.ends_with('…') && !short.get(start..).unwrap_or("").contains(';') => format!("{}…", short.get(..start).unwrap_or("")),
        _ => short,
    }
}

/// Three characters are escaped, which ends mentions (`<!channel>`, `<@U…>`) and links too. Signs of emphasis have no escape: a word joiner
/// beside them, which cannot be seen, keeps them signs.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in clean(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '*' | '_' | '~' | '`' => {
                out.push('\u{2060}');
                out.push(character);
                out.push('\u{2060}');
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called() {
        assert_eq!(escape("<!channel> <@U1> a&b"), "&lt;!channel&gt; &lt;@U1&gt; a&amp;b");
    }

    #[test]
    fn no_half_of_an_escape_is_left() {
        assert_eq!(cut_escaped("aaaa &amp; bbbb", 8), "aaaa…");
    }
}
