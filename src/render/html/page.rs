//! The page: head, verdict, filter, and the sections in the order of who reads them.

use std::collections::BTreeSet;

use super::super::format::Format;
use super::super::words::{by_department, count, counted, verdict_sentence};
use super::drawing::drawing;
use super::markup::{escaped, policy_hash};
use super::sections;
use crate::gate::{Answer, Verdict};
use crate::impact::EffectKind;
use crate::rules::Level;

/// `--format html`.
pub(in crate::render) static HTML: Format =
    Format { name: "html", about: "a report in one file, for people: offline, on a phone, on paper", ending: "html", render: |answer, _| page(answer) };

const STYLE: &str = include_str!("style.css");
const FILTER: &str = include_str!("filter.js");

fn page(answer: &Answer) -> String {
    let (class, mark, word) = match answer.verdict {
        Verdict::Pass => ("pass", "✔", "Passed"),
        Verdict::Warn => ("warning", "!", "Passed, with warnings"),
        Verdict::NotJudged => ("unknown", "?", "Not judged"),
        Verdict::Block => ("error", "✖", "Blocked"),
    };
    let organisation = answer.config.organisation.name.as_deref().map(|name| format!("{} · ", escaped(name))).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; img-src data:; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        policy_hash(STYLE),
        policy_hash(FILTER)
    );
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<meta name=\"color-scheme\" content=\"light\">\n\
         <title>{word}: {organisation}fieldgate</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">To the report</a>\n\
         <header><p class=\"path\">{organisation}{}</p>\n<h1><span class=\"tag {class}\">{mark} {word}</span></h1>\n<p class=\"lead\">{}</p>\n{}</header>\n\
         {}<main id=\"content\">\n{}{}{}{}{}{}</main>\n\
         <footer><p>Written by fieldgate {}. What was not understood is listed, and never called safe.</p></footer>\n<script>{FILTER}</script>\n</body>\n</html>\n",
        answer.today,
        escaped(&verdict_sentence(answer)),
        numbers(answer),
        filter(answer),
        sections::effects(answer),
        drawing(answer),
        sections::findings(answer),
        sections::not_judged(answer),
        sections::ways_back(answer),
        sections::notices(answer),
        env!("CARGO_PKG_VERSION"),
    )
}

/// The counts, and which migrations they are of.
fn numbers(answer: &Answer) -> String {
    let departments = by_department(answer).len();
    let consumers: BTreeSet<&str> = answer.effects.iter().filter(|effect| effect.kind != EffectKind::Unknown).map(|effect| &*effect.consumer).collect();
    let parts = [
        count(counted(answer, Level::Error), "error"),
        count(counted(answer, Level::Warning), "warning"),
        format!("{} hit", count(consumers.len(), "consumer")),
        count(departments, "department"),
        format!("{} not judged", count(answer.not_judged.len(), "thing")),
    ];
    let parts: Vec<String> = parts.iter().map(|part| format!("<li>{part}</li>")).collect();
    let names: Vec<String> = answer.migrations.iter().map(|judged| escaped(&judged.migration.name)).collect();
    format!("<ul class=\"numbers\">{}</ul>\n<p class=\"path\">{}: {}</p>\n", parts.concat(), count(names.len(), "migration"), names.join(", "))
}

/// The filter; without a script it stays hidden, and everything is shown.
fn filter(answer: &Answer) -> String {
    let departments: Vec<String> = by_department(answer).into_iter().map(|(name, _)| format!("<option value=\"{0}\">{0}</option>", escaped(&name))).collect();
    format!(
        "<form id=\"filter\" role=\"search\" aria-label=\"Filter the report\" hidden>\n\
         <label>Department <select id=\"department\"><option value=\"\">all</option>{}</select></label>\n\
         <label>Words <input id=\"words\" type=\"search\" autocomplete=\"off\"></label>\n\
         <label><input id=\"errors\" type=\"checkbox\"> only errors</label>\n<output id=\"shown\" for=\"department words errors\"></output>\n</form>\n",
        departments.concat()
    )
}
