//! Markdown, for a pull request's summary or comment.

use super::format::{Format, Looks};
use super::words::{by_department, consumer_name, department_and_owner, effect_words, verdict_sentence};
use crate::gate::{Answer, Verdict};
use crate::rules::{Finding, Level};

/// `--format md`.
pub(super) static MARKDOWN: Format = Format { name: "md", about: "Markdown, for a pull request's summary or comment", render };

fn render(answer: &Answer, _: Looks) -> String {
    let mark = match answer.verdict {
        Verdict::Pass => "✅",
        Verdict::Warn => "⚠️",
        Verdict::NotJudged => "❓",
        Verdict::Block => "⛔",
    };
    let mut text = format!("## {mark} fieldgate\n\n{}\n", verdict_sentence(answer));
    effects(answer, &mut text);
    findings(answer, &mut text);
    not_judged(answer, &mut text);
    ways_back(answer, &mut text);
    text
}

/// Text of the user inside Markdown: nothing in it becomes a tag, a table cell, a mention or an issue number.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' => out.push_str("\\|"),
            '@' | '#' => {
                // A character of no width behind it keeps GitHub from seeing a mention.
                out.push(character);
                out.push('\u{200b}');
            }
            '*' | '_' | '`' | '[' | ']' | '\\' | '~' => {
                out.push('\\');
                out.push(character);
            }
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// A code block whose fence is longer than any run of backticks in it.
fn fenced(text: &str, language: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

fn effects(answer: &Answer, text: &mut String) {
    if answer.effects.is_empty() {
        return;
    }
    text.push_str("\n### Who is hit\n");
    for (department, effects) in by_department(answer) {
        text.push_str(&format!("\n**{}**\n\n| Consumer | Effect | Why | Owner |\n|---|---|---|---|\n", safe(&department)));
        for effect in effects {
            let (_, owner) = department_and_owner(answer, &effect.consumer);
            let path: Vec<&str> = effect.path.iter().map(|step| step.label.as_str()).collect();
            let path = if path.len() > 2 { format!("<br>{}", safe(&path.join(" → "))) } else { String::new() };
            let sqlstate = effect.evidence.sqlstate.map(|sqlstate| format!(" ({sqlstate})")).unwrap_or_default();
            text.push_str(&format!(
                "| {} | {} | {}{sqlstate}{path} | {} |\n",
                safe(consumer_name(answer, &effect.consumer)),
                effect_words(effect.kind),
                safe(&effect.message),
                safe(&owner)
            ));
        }
    }
}

fn findings(answer: &Answer, text: &mut String) {
    let counted: Vec<&Finding> = answer.findings.iter().filter(|finding| finding.level > Level::Info && finding.suppressed.is_none()).collect();
    if counted.is_empty() {
        return;
    }
    text.push_str("\n### Findings\n\n");
    for finding in counted {
        let place = answer.sources.place(finding.span);
        text.push_str(&format!("- **{}** `{}` {}:{} {}\n", finding.level.as_str(), finding.rule, safe(&place.file), place.start.line, safe(&finding.message)));
        if let Some(help) = &finding.help {
            let block = fenced(help, "");
            let indented: Vec<String> = block.lines().map(|line| format!("  {line}")).collect();
            text.push_str(&format!("\n{}\n\n", indented.join("\n")));
        }
    }
}

fn not_judged(answer: &Answer, text: &mut String) {
    if answer.not_judged.is_empty() {
        return;
    }
    text.push_str("\n### Not judged\n\n");
    for item in &answer.not_judged {
        let place = item.span.map(|span| answer.sources.place(span)).map(|place| format!("{}:{} ", safe(&place.file), place.start.line)).unwrap_or_default();
        text.push_str(&format!("- {place}{}\n", safe(&item.reason)));
    }
}

fn ways_back(answer: &Answer, text: &mut String) {
    if answer.migrations.iter().all(|judged| judged.plan.is_empty() && judged.plan.not_planned.is_empty()) {
        return;
    }
    text.push_str("\n### The way back\n\n| Migration | Comes back | Proven |\n|---|---|---|\n");
    for judged in &answer.migrations {
        text.push_str(&format!("| {} | {} | {} |\n", safe(&judged.migration.name), judged.plan.reversibility.words(), judged.plan.proven.as_str()));
    }
}
