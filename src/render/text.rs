//! Text for a terminal: findings with their SQL underlined, effects by department, the way back, and what to do next.

use std::collections::BTreeMap;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use miette::Severity;

use super::format::{Format, Looks};
use super::snippet::{Snippet, snippet};
use super::words::{acceptance, by_department, consumer_name, count, department_and_owner, effect_standing, effect_words, verdict_sentence};
use crate::gate::Answer;
use crate::impact::{Effect, EffectKind};
use crate::rollback::{Plan, Proof};
use crate::rules::{BaselineEntry, Finding, Level, SuppressedBy};

/// `--format text`.
pub(super) static TEXT: Format = Format { name: "text", about: "for people at a terminal (the default)", ending: "txt", render };

fn render(answer: &Answer, looks: Looks) -> String {
    let mut text = String::new();
    let (shown, hidden): (Vec<&Finding>, Vec<&Finding>) =
        answer.findings.iter().partition(|finding| looks.verbose || (finding.level > Level::Info && finding.suppressed.is_none()));
    for finding in &shown {
        text.push_str(&finding_text(answer, finding, looks));
    }
    section(&mut text, &effects_table(answer, looks), "Who is hit");
    section(&mut text, &not_judged_list(answer), "Not judged");
    section(&mut text, &broken_list(answer), "Did not work before");
    section(&mut text, &ways_back_table(answer, looks), "The way back");
    if !hidden.is_empty() {
        text.push_str(&format!("{} (-v shows them).\n\n", hidden_words(&hidden)));
    }
    text.push_str(&baseline_text(answer));
    text.push_str(&verdict_sentence(answer));
    text.push('\n');
    text
}

/// `3 findings for the record, none allowed by a comment, 1 accepted by departments`.
fn hidden_words(hidden: &[&Finding]) -> String {
    let by = |wanted: SuppressedBy| hidden.iter().filter(|finding| finding.suppressed.as_ref().is_some_and(|own| own.by == wanted)).count();
    let open = hidden.iter().filter(|finding| finding.suppressed.is_none()).count();
    let allowed = by(SuppressedBy::Comment);
    let allowed = if allowed == 0 { String::from("none") } else { allowed.to_string() };
    let mut parts = vec![format!("{} for the record", count(open, "finding")), format!("{allowed} allowed by a comment")];
    for (number, words) in [(by(SuppressedBy::SignOff), "accepted by departments"), (by(SuppressedBy::Baseline), "known in the baseline")] {
        if number > 0 {
            parts.push(format!("{number} {words}"));
        }
    }
    parts.join(", ")
}

/// What of the baseline is gone, or has become worse.
fn baseline_text(answer: &Answer) -> String {
    let Some(report) = &answer.baseline else { return String::new() };
    let lines = |entries: &[BaselineEntry]| {
        let lines = entries.iter().map(|entry| {
            let place = answer.sources.place(entry.span);
            format!("  {}:{}: {} of {}: {}\n", place.file, place.start.line, entry.rule, entry.migration, entry.message)
        });
        lines.collect::<String>()
    };
    let mut text = String::new();
    if !report.worse.is_empty() {
        text.push_str(&format!("Worse than in the baseline, so that it counts again\n\n{}\n", lines(&report.worse)));
    }
    if !report.gone.is_empty() {
        text.push_str(&format!("No longer found: `fieldgate check --write-baseline` takes it out of the baseline\n\n{}\n", lines(&report.gone)));
    }
    text
}

fn section(text: &mut String, body: &str, title: &str) {
    if !body.is_empty() {
        text.push_str(&format!("{title}\n\n{body}\n\n"));
    }
}

fn finding_text(answer: &Answer, finding: &Finding, looks: Looks) -> String {
    let severity = match finding.level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info => Severity::Advice,
    };
    let code = format!("{}[{}]", finding.level.as_str(), finding.rule);
    let message = match &finding.suppressed {
        Some(allowed) => format!("{} ({})", finding.message, allowed.words()),
        None => finding.message.clone(),
    };
    let label = finding.sqlstate.map(|sqlstate| format!("SQLSTATE {sqlstate}")).unwrap_or_default();
    let said = Snippet { code: &code, message: &message, help: finding.help.as_deref(), url: None, severity, places: vec![(finding.span, label)] };
    let mut text = snippet(&answer.sources, &said, looks);
    text.push('\n');
    text
}

fn table(header: &[&str], looks: Looks) -> Table {
    let mut table = Table::new();
    table.load_style(if looks.unicode { presets::UTF8_HORIZONTAL_ONLY } else { presets::ASCII_HORIZONTAL_ONLY });
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(looks.width).unwrap_or(100));
    table.set_header(header.iter().copied());
    table
}

/// One table for each department; what is unknown for the same reason stands in one row.
fn effects_table(answer: &Answer, looks: Looks) -> String {
    let mut parts = Vec::new();
    for (department, effects) in by_department(answer) {
        let mut table = table(&["Consumer", "Effect", "Why", "Migration", "Owner"], looks);
        let (unknown, known): (Vec<&Effect>, Vec<&Effect>) = effects.into_iter().partition(|effect| effect.kind == EffectKind::Unknown);
        for effect in known {
            let (_, owner) = department_and_owner(answer, &effect.consumer);
            let sqlstate = effect.evidence.sqlstate.map(|sqlstate| format!(" ({sqlstate})")).unwrap_or_default();
            let accepted = acceptance(answer, effect).map(|accepted| format!("\naccepted: {}", accepted.words())).unwrap_or_default();
            let why = format!("{}{sqlstate}{accepted}", effect.message);
            table.add_row([consumer_name(answer, &effect.consumer), effect_standing(answer, effect), &why, migration_name(answer, effect), &owner]);
        }
        let mut together: BTreeMap<(u32, &str), Vec<&str>> = BTreeMap::new();
        for effect in &unknown {
            together.entry((effect.migration, effect.message.as_str())).or_default().push(consumer_name(answer, &effect.consumer));
        }
        for ((migration, why), names) in together {
            let id = answer.migrations.get(migration as usize).map_or("", |judged| judged.migration.name.as_str());
            table.add_row([names.join(", ").as_str(), effect_words(EffectKind::Unknown), why, id, ""]);
        }
        for (column, width) in [(1, 17), (3, 24), (4, 14)] {
            if let Some(column) = table.column_mut(column) {
                column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(width)));
            }
        }
        parts.push(format!("{department}\n{table}"));
    }
    parts.join("\n\n")
}

fn migration_name<'a>(answer: &'a Answer, effect: &Effect) -> &'a str {
    answer.migrations.get(effect.migration as usize).map_or("", |judged| judged.migration.name.as_str())
}

fn not_judged_list(answer: &Answer) -> String {
    let lines = answer.not_judged.iter().map(|item| {
        let place = item.span.map(|span| answer.sources.place(span));
        let place = place.map(|place| format!("{}:{}:{}: ", place.file, place.start.line, place.start.column)).unwrap_or_default();
        let consumer = item.consumer.as_ref().map(|consumer| format!("{}: ", consumer_name(answer, consumer))).unwrap_or_default();
        format!("  {place}{consumer}{}", item.reason)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn broken_list(answer: &Answer) -> String {
    let refused = answer.broken_before.iter().filter_map(|broken| Some((broken, broken.sqlstate?)));
    let lines = refused.map(|(broken, sqlstate)| {
        let place = broken.span.map(|span| answer.sources.place(span));
        let place = place.map(|place| format!("{}:{}:{}: ", place.file, place.start.line, place.start.column)).unwrap_or_default();
        format!("  {place}{}: {} ({sqlstate})", consumer_name(answer, &broken.consumer), broken.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn ways_back_table(answer: &Answer, looks: Looks) -> String {
    if answer.migrations.iter().all(|judged| judged.plan.is_empty() && judged.plan.not_planned.is_empty()) {
        return String::new();
    }
    let mut table = table(&["Migration", "Comes back", "Proven", "What does not"], looks);
    for judged in &answer.migrations {
        let plan = &judged.plan;
        let proven = match &plan.proven {
            Proof::No => String::from("no"),
            Proof::Model => String::from("on the model"),
            Proof::Server(version) => format!("on PostgreSQL {version}"),
            Proof::Failed(_) => String::from("tried, and it fails"),
        };
        table.add_row([judged.migration.name.as_str(), plan.reversibility.words(), &proven, &what_does_not(plan)]);
    }
    table.to_string()
}

fn what_does_not(plan: &Plan) -> String {
    let losses = plan.loses.iter().map(|loss| format!("{}: {}", loss.what, loss.why));
    let moved = plan.moved.iter().map(|moved| format!("{} comes back at place {} instead of {}", moved.column, moved.after, moved.before));
    let mut all: Vec<String> = losses.chain(plan.not_planned.iter().cloned()).chain(moved).collect();
    let more = all.len().saturating_sub(3);
    all.truncate(3);
    if more > 0 {
        all.push(format!("and {more} more"));
    }
    all.join("\n")
}
