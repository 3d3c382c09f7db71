//! Markdown: the summary of a job, with room for everything, and the comment on a pull request, with less.

use super::format::Format;
use super::markdown_text::{Page, fenced, safe};
use super::mermaid::mermaid;
use super::remark::{Remark, counted_remarks};
use super::words::{acceptance, by_department, consumer_name, count, department_and_owner, effect_standing, verdict_sentence};
use crate::gate::{Answer, Verdict};
use crate::impact::Effect;

/// `--format md`.
pub(super) static MARKDOWN: Format = Format {
    name: "md",
    about: "Markdown, for the summary of a job",
    ending: "md",
    render: |answer, _| document(answer, SUMMARY_BYTES, "The JSON and HTML reports have them all."),
};

/// `--format comment`.
pub(super) static COMMENT: Format = Format {
    name: "comment",
    about: "Markdown short enough for a comment on a pull request",
    ending: "md",
    render: |answer, _| document(answer, COMMENT_BYTES, "The summary of the job has them all."),
};

/// GitHub drops a step's summary of more than 1 MiB (1,048,576 bytes).
const SUMMARY_BYTES: usize = 1_000_000;

/// GitHub refuses a comment of more than 65,536 characters; some room is left for what is put around it.
const COMMENT_BYTES: usize = 64_000;

fn document(answer: &Answer, most_bytes: usize, elsewhere: &str) -> String {
    let mark = match answer.verdict {
        Verdict::Pass => "✅",
        Verdict::Warn => "⚠️",
        Verdict::NotJudged => "❓",
        Verdict::Block => "⛔",
    };
    let mut page = Page::new(most_bytes);
    page.part(&format!("## {mark} fieldgate\n\n{}\n", verdict_sentence(answer)));
    page.part(&judged(answer));
    effects(answer, &mut page);
    if let Some(diagram) = mermaid(answer) {
        page.part(&format!("\n<details><summary>How it gets there</summary>\n\n{diagram}\n</details>\n"));
    }
    let remarks = counted_remarks(answer);
    page.list("\n### Findings\n\n", remarks.iter().filter(|remark| remark.finding.is_some()).map(|remark| entry(answer, remark)));
    page.list("\n### Not judged\n\n", answer.not_judged.iter().map(|item| not_judged(answer, item)));
    ways_back(answer, &mut page);
    page.finish(elsewhere)
}

/// The summary of a job that could judge nothing.
pub fn unusable_summary(why: &str) -> String {
    format!("## ⛔ fieldgate\n\nNothing was judged: {}\n", safe(why))
}

/// Which migrations it is about.
fn judged(answer: &Answer) -> String {
    let names: Vec<String> = answer.migrations.iter().take(10).map(|judged| safe(&judged.migration.name)).collect();
    let more = answer.migrations.len().saturating_sub(names.len());
    match (names.is_empty(), more) {
        (true, _) => String::from("\nNo migration is proposed.\n"),
        (false, 0) => format!("\n{}: {}\n", count(names.len(), "migration"), names.join(", ")),
        (false, more) => format!("\n{}: {} and {more} more\n", count(answer.migrations.len(), "migration"), names.join(", ")),
    }
}

fn effects(answer: &Answer, page: &mut Page) {
    if answer.effects.is_empty() {
        return;
    }
    page.part("\n### Who is hit\n");
    for (department, effects) in by_department(answer) {
        let head = format!("\n**{}**\n\n| Consumer | Effect | Why | Owner |\n|---|---|---|---|\n", safe(&department));
        page.list(&head, effects.into_iter().map(|effect| row(answer, effect)));
    }
}

fn row(answer: &Answer, effect: &Effect) -> String {
    let (_, owner) = department_and_owner(answer, &effect.consumer);
    let path: Vec<&str> = effect.path.iter().map(|step| step.label.as_str()).collect();
    let path = if path.len() > 2 { format!("<br>{}", safe(&path.join(" → "))) } else { String::new() };
    let sqlstate = effect.evidence.sqlstate.map(|sqlstate| format!(" ({sqlstate})")).unwrap_or_default();
    let name = safe(consumer_name(answer, &effect.consumer));
    let accepted = acceptance(answer, effect).map(|accepted| format!("<br>accepted: {}", safe(&accepted.words()))).unwrap_or_default();
    format!("| {name} | {} | {}{sqlstate}{path}{accepted} | {} |\n", effect_standing(answer, effect), safe(&effect.message), safe(&owner))
}

fn entry(answer: &Answer, remark: &Remark<'_>) -> String {
    let place = remark.span.map(|span| answer.sources.place(span)).map(|place| format!("{}:{} ", safe(&place.file), place.start.line)).unwrap_or_default();
    let mut text = format!("- **{}** `{}` {place}{}\n", remark.level.as_str(), remark.rule, safe(remark.message));
    if let Some(help) = remark.help {
        let block = fenced(help, "");
        let indented: Vec<String> = block.lines().map(|line| format!("  {line}")).collect();
        text.push_str(&format!("  <details><summary>What to do</summary>\n\n{}\n\n  </details>\n", indented.join("\n")));
    }
    text
}

fn not_judged(answer: &Answer, item: &crate::gate::NotJudgedItem) -> String {
    let place = item.span.map(|span| answer.sources.place(span)).map(|place| format!("{}:{} ", safe(&place.file), place.start.line)).unwrap_or_default();
    let consumer = item.consumer.as_ref().map(|consumer| format!("{}: ", safe(consumer_name(answer, consumer)))).unwrap_or_default();
    format!("- {place}{consumer}{}\n", safe(&item.reason))
}

fn ways_back(answer: &Answer, page: &mut Page) {
    if answer.migrations.iter().all(|judged| judged.plan.is_empty() && judged.plan.not_planned.is_empty()) {
        return;
    }
    let rows = answer
        .migrations
        .iter()
        .map(|judged| format!("| {} | {} | {} |\n", safe(&judged.migration.name), judged.plan.reversibility.words(), judged.plan.proven.as_str()));
    page.list("\n### The way back\n\n| Migration | Comes back | Proven |\n|---|---|---|\n", rows);
}
