//! What GitHub's runner reads from a log: the report for whoever opens the log, then annotations at their lines.
//!
//! The runner keeps ten annotations of each kind for a step and 4,096 characters of each, in the order in which they are printed; so the worst come
//! first, what stands on one line is one annotation, and the last place says how many more there are.
//! A line of the log that begins with `::` is a command. The report quotes SQL that anybody may have written, so commands are stopped around it.

use std::collections::BTreeMap;

use super::format::{Format, Looks};
use super::remark::{Remark, Spot, counted_remarks, fingerprint, spot};
use super::text::TEXT;
use super::words::count;
use crate::gate::Answer;
use crate::rules::Level;

/// `--format github`.
pub(super) static GITHUB: Format =
    Format { name: "github", about: "the report and annotations, for the log of GitHub Actions (the default there)", ending: "txt", render };

/// Annotations of one kind that the runner keeps for a step.
const MOST_OF_A_KIND: usize = 10;

/// Characters of a message that the runner keeps.
const LONGEST_MESSAGE: usize = 4096;

fn render(answer: &Answer, looks: Looks) -> String {
    let report = (TEXT.render)(answer, looks);
    // Nobody can write a text that holds the hash of itself, so no line of the report switches commands on again.
    let token = format!("fieldgate-{}", fingerprint(&[&report]));
    format!("::stop-commands::{token}\n{report}\n::{token}::\n{}", annotations(answer))
}

/// Remarks of one line and one level.
struct Line<'a> {
    level: Level,
    spot: Option<Spot>,
    remarks: Vec<Remark<'a>>,
}

/// The annotations alone.
pub fn annotations(answer: &Answer) -> String {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut known: BTreeMap<(Level, String, u32), usize> = BTreeMap::new();
    for remark in counted_remarks(answer) {
        let spot = remark.span.and_then(|span| spot(answer, span));
        let key = spot.as_ref().map(|spot| (remark.level, spot.path.clone(), spot.line));
        let line = key.as_ref().and_then(|key| known.get(key)).and_then(|index| lines.get_mut(*index));
        match line {
            Some(line) => line.remarks.push(remark),
            None => {
                known.extend(key.map(|key| (key, lines.len())));
                lines.push(Line { level: remark.level, spot, remarks: vec![remark] });
            }
        }
    }
    let mut text = String::new();
    for (level, word) in [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Info, "notice")] {
        let own: Vec<&Line<'_>> = lines.iter().filter(|line| line.level == level).collect();
        let shown = if own.len() > MOST_OF_A_KIND { MOST_OF_A_KIND - 1 } else { own.len() };
        for line in own.iter().take(shown) {
            text.push_str(&annotation(word, line));
        }
        let rest: usize = own.iter().skip(shown).map(|line| line.remarks.len()).sum();
        if rest > 0 {
            text.push_str(&format!("::{word} title=fieldgate::{}: the job summary and the report have them all\n", count(rest, &format!("more {word}"))));
        }
    }
    text
}

fn annotation(word: &str, line: &Line<'_>) -> String {
    let mut properties = Vec::new();
    if let Some(spot) = &line.spot {
        properties.push(format!("file={}", property(&spot.path)));
        properties.push(format!("line={}", spot.line));
        // Columns are dropped by the runner unless they are of one line, and several remarks have none in common.
        let one = line.remarks.len() == 1;
        if one && spot.line == spot.end_line && spot.column < spot.end_column {
            properties.push(format!("endLine={}", spot.end_line));
            properties.push(format!("col={}", spot.column));
            properties.push(format!("endColumn={}", spot.end_column));
        } else if one && spot.end_line > spot.line {
            properties.push(format!("endLine={}", spot.end_line));
        }
    }
    properties.push(format!("title={}", property(&title(&line.remarks))));
    let messages: Vec<String> = line.remarks.iter().map(|remark| said(remark)).collect();
    format!("::{word} {}::{}\n", properties.join(","), data(&cut(&messages.join("\n\n"))))
}

/// The title of the only rule, or the names of several.
fn title(remarks: &[Remark<'_>]) -> String {
    match remarks {
        [one] if !one.title.is_empty() => format!("{} ({})", one.title, one.rule),
        several => {
            let mut rules: Vec<&str> = several.iter().map(|remark| remark.rule).collect();
            rules.dedup();
            format!("fieldgate: {}", rules.join(", "))
        }
    }
}

fn said(remark: &Remark<'_>) -> String {
    match remark.help {
        Some(help) => format!("{}\n{help}", remark.message),
        None => remark.message.to_owned(),
    }
}

fn cut(text: &str) -> String {
    // Escapes are counted by the runner after they are read.
    if text.chars().count() <= LONGEST_MESSAGE {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST_MESSAGE - 2).collect();
    format!("{kept} …")
}

/// One command without a place: `error`, `warning` or `notice`.
pub fn github_command(word: &str, title: &str, message: &str) -> String {
    format!("::{word} title={}::{}\n", property(title), data(&cut(message)))
}

/// The text of a command, escaped as the runner reads it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_end_its_command() {
        assert_eq!(property("a:b,c\r\n100%"), "a%3Ab%2Cc%0D%0A100%25");
        assert_eq!(data("::error::x\n::y"), "::error::x%0A::y");
    }

    #[test]
    fn a_message_is_cut_where_the_runner_would() {
        assert_eq!(cut(&"ä".repeat(5000)).chars().count(), LONGEST_MESSAGE);
        assert_eq!(cut("short"), "short");
    }
}
