//! JUnit's XML, which every CI shows. One suite for each migration, with a case for each finding and each consumer that was asked, so that a run in
//! which nothing was looked at is not green.

use std::collections::BTreeSet;

use super::format::Format;
use super::remark::{Remark, path_in_repository, remarks, spot};
use super::words::{consumer_name, effect_standing, verdict_sentence};
use crate::gate::{Answer, Verdict};
use crate::text::Span;

/// `--format junit`.
pub(super) static JUNIT: Format =
    Format { name: "junit", about: "JUnit's XML, a case for each finding and each consumer", ending: "xml", render: |answer, _| render(answer) };

#[derive(Default)]
struct Suite {
    name: String,
    cases: Vec<Case>,
}

/// How a case ended.
enum Outcome {
    Passed(String),
    Failed { kind: String, message: String, text: String },
    NotUnderstood(String),
    Allowed(String),
}

struct Case {
    class: String,
    name: String,
    file: Option<(String, u32)>,
    outcome: Outcome,
}

fn render(answer: &Answer) -> String {
    let all = remarks(answer);
    let mut suites: Vec<Suite> = (0_u32..).zip(&answer.migrations).map(|(index, _)| suite(answer, index, &all)).collect();
    suites.push(rest(answer, &all));
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!(
        "<testsuites name=\"fieldgate\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
        sum(|suite| suite.cases.len()),
        sum(failures),
        sum(errors)
    ));
    for suite in &suites {
        write_suite(suite, &mut text);
    }
    text.push_str("</testsuites>\n");
    text
}

fn failures(suite: &Suite) -> usize {
    suite.cases.iter().filter(|case| matches!(case.outcome, Outcome::Failed { .. })).count()
}

fn errors(suite: &Suite) -> usize {
    suite.cases.iter().filter(|case| matches!(case.outcome, Outcome::NotUnderstood(_))).count()
}

/// The findings of one migration, and the consumers it leaves alone.
fn suite(answer: &Answer, index: u32, all: &[Remark<'_>]) -> Suite {
    let name = answer.migrations.get(index as usize).map_or("", |judged| judged.migration.name.as_str()).to_owned();
    let own = all.iter().filter(|remark| remark.finding.is_some_and(|finding| finding.migration == index));
    let mut cases: Vec<Case> = own.map(|remark| case(answer, &name, remark)).collect();
    let hit: BTreeSet<&str> = answer.effects.iter().filter(|effect| effect.migration == index).map(|effect| &*effect.consumer).collect();
    for effect in answer.effects.iter().filter(|effect| effect.migration == index) {
        cases.push(Case {
            class: name.clone(),
            name: format!("consumer {} {}", consumer_name(answer, &effect.consumer), effect_standing(answer, effect)),
            file: None,
            // Whether it counts is said by the findings above.
            outcome: Outcome::Passed(effect.message.clone()),
        });
    }
    for consumer in answer.catalog.consumers.values().filter(|consumer| !hit.contains(&*consumer.id)) {
        cases.push(Case { class: name.clone(), name: format!("consumer {} is not hit", consumer.name), file: None, outcome: Outcome::Passed(String::new()) });
    }
    Suite { name, cases }
}

/// What belongs to no migration, and the verdict.
fn rest(answer: &Answer, all: &[Remark<'_>]) -> Suite {
    let name = String::from("fieldgate");
    let of_a_migration = |remark: &Remark<'_>| remark.finding.is_some_and(|finding| (finding.migration as usize) < answer.migrations.len());
    let mut cases: Vec<Case> = all.iter().filter(|remark| !of_a_migration(remark)).map(|remark| case(answer, &name, remark)).collect();
    let sentence = verdict_sentence(answer);
    let outcome = match answer.verdict {
        Verdict::Pass | Verdict::Warn => Outcome::Passed(sentence),
        Verdict::NotJudged => Outcome::NotUnderstood(sentence),
        Verdict::Block => Outcome::Failed { kind: String::from("verdict"), message: sentence, text: String::new() },
    };
    cases.push(Case { class: name.clone(), name: String::from("verdict"), file: None, outcome });
    Suite { name, cases }
}

fn case(answer: &Answer, class: &str, remark: &Remark<'_>) -> Case {
    let help = remark.help.unwrap_or("");
    let outcome = match (remark.suppressed, remark.blocks, remark.finding) {
        (Some(allowed), _, _) => Outcome::Allowed(allowed.words()),
        (None, true, Some(_)) => Outcome::Failed { kind: remark.rule.to_owned(), message: remark.message.to_owned(), text: help.to_owned() },
        (None, true, None) => Outcome::NotUnderstood(remark.message.to_owned()),
        (None, false, _) => Outcome::Passed(format!("{}: {}\n{help}", remark.level.as_str(), remark.message)),
    };
    let file = remark.span.map(|span: Span| {
        let place = answer.sources.place(span);
        let shown = spot(answer, span).map(|spot| spot.path).or_else(|| path_in_repository(answer, &place.file)).unwrap_or(place.file);
        (shown, place.start.line)
    });
    Case { class: class.to_owned(), name: format!("{}: {}", remark.rule, remark.message), file, outcome }
}

fn write_suite(suite: &Suite, text: &mut String) {
    text.push_str(&format!(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
        escaped(&suite.name),
        suite.cases.len(),
        failures(suite),
        errors(suite)
    ));
    for case in &suite.cases {
        let file = case.file.as_ref().map(|(file, line)| format!(" file=\"{}\" line=\"{line}\"", escaped(file))).unwrap_or_default();
        text.push_str(&format!("    <testcase classname=\"{}\" name=\"{}\"{file}>", escaped(&case.class), escaped(&case.name)));
        match &case.outcome {
            Outcome::Passed(said) if said.is_empty() => {}
            Outcome::Passed(said) => text.push_str(&format!("<system-out>{}</system-out>", escaped(said))),
            Outcome::Failed { kind, message, text: body } => {
                text.push_str(&format!("<failure type=\"{}\" message=\"{}\">{}</failure>", escaped(kind), escaped(message), escaped(body)));
            }
            Outcome::NotUnderstood(message) => text.push_str(&format!("<error type=\"not-judged\" message=\"{}\"/>", escaped(message))),
            Outcome::Allowed(reason) => text.push_str(&format!("<skipped message=\"{}\"/>", escaped(reason))),
        }
        text.push_str("</testcase>\n");
    }
    text.push_str("  </testsuite>\n");
}

/// Text inside XML 1.0, in an attribute too: what it has no character for is a question mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => out.push('?'),
            other if other.is_control() => out.push('?'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_ends_an_attribute_or_is_no_xml() {
        assert_eq!(escaped("a\"<b>&\n\u{1}]]>"), "a&quot;&lt;b&gt;&amp;&#10;?]]&gt;");
    }
}
