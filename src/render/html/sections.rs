//! The parts of the report under the verdict: who is hit, findings with their SQL, what was not judged, the way back, notices.

use super::super::remark::{Remark, remarks};
use super::super::runbook::script;
use super::super::words::{by_department, consumer_name, count, department_and_owner, effect_standing};
use super::markup::escaped;
use crate::gate::Answer;
use crate::impact::{Effect, EffectKind};
use crate::notice::{Occasion, compose};
use crate::rollback::{Plan, Proof};
use crate::rules::Level;
use crate::text::Span;

/// Lines of SQL that are shown at a finding.
const SHOWN_LINES: u32 = 12;

/// Who is hit, by department.
pub(super) fn effects(answer: &Answer) -> String {
    if answer.effects.is_empty() {
        return String::new();
    }
    let mut text = String::from("<section aria-labelledby=\"hit\"><h2 id=\"hit\">Who is hit</h2>\n");
    for (number, (department, effects)) in by_department(answer).into_iter().enumerate() {
        let name = escaped(&department);
        text.push_str(&format!(
            "<div class=\"department\" data-department=\"{name}\"><h3 id=\"department-{number}\">{name}</h3>\n\
             <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"department-{number}\"><table>\
             <thead><tr><th scope=\"col\">Consumer</th><th scope=\"col\">Effect</th><th scope=\"col\">Why</th><th scope=\"col\">Owner</th></tr></thead>\n<tbody>\n"
        ));
        for effect in effects {
            text.push_str(&row(answer, effect, &name));
        }
        text.push_str("</tbody></table></div></div>\n");
    }
    text.push_str("</section>\n");
    text
}

fn row(answer: &Answer, effect: &Effect, department: &str) -> String {
    let (_, owner) = department_and_owner(answer, &effect.consumer);
    let path: Vec<&str> = effect.path.iter().map(|step| step.label.as_str()).collect();
    let path = if path.len() > 2 { format!("<br><span class=\"path\">{}</span>", escaped(&path.join(" → "))) } else { String::new() };
    let sqlstate = effect.evidence.sqlstate.map(|sqlstate| format!(" <span class=\"code\">{sqlstate}</span>")).unwrap_or_default();
    let migration = answer.migrations.get(effect.migration as usize).map_or("", |judged| judged.migration.name.as_str());
    format!(
        "<tr data-item data-department=\"{department}\"><th scope=\"row\">{}</th><td><span class=\"tag {}\">{} {}</span></td><td>{}{sqlstate}{path}<br><span class=\"path\">{}</span></td><td>{}</td></tr>\n",
        escaped(consumer_name(answer, &effect.consumer)),
        effect_class(effect.kind),
        effect_mark(effect.kind),
        effect_standing(answer, effect),
        escaped(&effect.message),
        escaped(migration),
        escaped(&owner),
    )
}

fn effect_class(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::Breaks | EffectKind::ChangesSilently => "error",
        EffectKind::MayFail => "warning",
        EffectKind::Unknown => "unknown",
    }
}

fn effect_mark(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::Breaks => "✖",
        EffectKind::ChangesSilently => "≠",
        EffectKind::MayFail => "!",
        EffectKind::Unknown => "?",
    }
}

/// Findings with their SQL; what counts first, then what is for the record or allowed.
pub(super) fn findings(answer: &Answer) -> String {
    let all = remarks(answer);
    let (counted, recorded): (Vec<&Remark<'_>>, Vec<&Remark<'_>>) =
        all.iter().filter(|remark| remark.finding.is_some()).partition(|remark| remark.suppressed.is_none() && (remark.level > Level::Info || remark.blocks));
    let mut text = String::new();
    if !counted.is_empty() {
        text.push_str("<section aria-labelledby=\"findings\"><h2 id=\"findings\">Findings</h2>\n");
        counted.iter().for_each(|remark| text.push_str(&article(answer, remark)));
        text.push_str("</section>\n");
    }
    if !recorded.is_empty() {
        text.push_str(&format!(
            "<section aria-labelledby=\"record\"><h2 id=\"record\">For the record</h2>\n<details><summary>{}</summary>\n",
            count(recorded.len(), "finding")
        ));
        recorded.iter().for_each(|remark| text.push_str(&article(answer, remark)));
        text.push_str("</details></section>\n");
    }
    text
}

fn article(answer: &Answer, remark: &Remark<'_>) -> String {
    let (class, mark) = match remark.level {
        Level::Error => ("error", "✖"),
        Level::Warning => ("warning", "!"),
        Level::Info => ("info", "i"),
    };
    let departments: Vec<String> = remark.finding.map_or_else(Vec::new, |finding| {
        let mut all: Vec<String> = finding.consumers.iter().map(|id| department_and_owner(answer, id).0).filter(|name| !name.is_empty()).collect();
        all.sort();
        all.dedup();
        all
    });
    let place = remark.span.map(|span| answer.sources.place(span));
    let place = place.map(|place| format!("<p class=\"path\">{}:{}:{}</p>\n", escaped(&place.file), place.start.line, place.start.column)).unwrap_or_default();
    let allowed = remark.suppressed.map(|allowed| format!("<p>{}</p>\n", escaped(&allowed.words()))).unwrap_or_default();
    let help = remark.help.map(|help| format!("<details open><summary>What to do</summary><pre>{}</pre></details>\n", escaped(help))).unwrap_or_default();
    let link =
        remark.link.map(|link| format!("<p><a href=\"{}\" rel=\"noreferrer\">More on {}</a></p>\n", escaped(link), escaped(remark.rule))).unwrap_or_default();
    format!(
        "<article data-item data-level=\"{class}\" data-department=\"{}\"><h3><span class=\"tag {class}\">{mark} {}</span> {}</h3>\n<p class=\"path\">{}</p>\n{place}{}{allowed}{help}{link}</article>\n",
        escaped(&departments.join("\u{1f}").replace('\u{1f}', "|")),
        remark.level.as_str(),
        escaped(remark.message),
        escaped(remark.rule),
        remark.span.map(|span| sql(answer, span)).unwrap_or_default(),
    )
}

/// The lines of a place, numbered, with the very place marked.
fn sql(answer: &Answer, span: Span) -> String {
    let Some(source) = answer.sources.get(span.source) else { return String::new() };
    let place = answer.sources.place(span);
    let first = place.start.line.saturating_sub(1).max(1);
    let last = place.end.line.min(first.saturating_add(SHOWN_LINES));
    let mut text = String::from("<pre class=\"sql\" tabindex=\"0\">");
    for line in first..=last {
        let Some(words) = source.lines().line(source.text(), line) else { break };
        let letters: Vec<char> = words.chars().collect();
        let from = if line == place.start.line { place.start.column as usize - 1 } else { 0 };
        let to = if line == place.end.line { place.end.column as usize - 1 } else { letters.len() };
        let inside = line >= place.start.line && line <= place.end.line;
        let part = |from: usize, to: usize| {
            escaped(&letters.get(from.min(letters.len())..to.min(letters.len()).max(from.min(letters.len()))).unwrap_or_default().iter().collect::<String>())
        };
        let shown = if inside { format!("{}<mark>{}</mark>{}", part(0, from), part(from, to), part(to, letters.len())) } else { part(0, letters.len()) };
        text.push_str(&format!("<span class=\"number\">{line:>4} </span>{shown}\n"));
    }
    if last < place.end.line {
        text.push_str("     …\n");
    }
    text.push_str("</pre>\n");
    text
}

/// What was not understood.
pub(super) fn not_judged(answer: &Answer) -> String {
    if answer.not_judged.is_empty() {
        return String::new();
    }
    let mut text =
        String::from("<section aria-labelledby=\"unknown\"><h2 id=\"unknown\">Not judged</h2>\n<p>What was not understood is not called safe.</p>\n<ul>\n");
    for item in &answer.not_judged {
        let place = item.span.map(|span| answer.sources.place(span));
        let place = place.map(|place| format!("<span class=\"path\">{}:{}</span> ", escaped(&place.file), place.start.line)).unwrap_or_default();
        let consumer = item.consumer.as_ref().map(|id| format!("{}: ", escaped(consumer_name(answer, id)))).unwrap_or_default();
        text.push_str(&format!("<li data-item data-level=\"unknown\">{place}{consumer}{}</li>\n", escaped(&item.reason)));
    }
    text.push_str("</ul></section>\n");
    text
}

/// The way back of each migration, with its SQL.
pub(super) fn ways_back(answer: &Answer) -> String {
    if answer.migrations.iter().all(|judged| judged.plan.is_empty() && judged.plan.not_planned.is_empty()) {
        return String::new();
    }
    let mut text = String::from("<section aria-labelledby=\"back\"><h2 id=\"back\">The way back</h2>\n");
    for judged in answer.migrations.iter().rev() {
        let plan = &judged.plan;
        text.push_str(&format!("<h3>{}</h3>\n<p>{}, {}.</p>\n", escaped(&judged.migration.name), capital(plan.reversibility.words()), proof(plan)));
        let losses = plan.loses.iter().map(|loss| format!("{}: {}", loss.what, loss.why));
        let missing: Vec<String> = losses.chain(plan.not_planned.iter().cloned()).map(|line| format!("<li>{}</li>", escaped(&line))).collect();
        if !missing.is_empty() {
            text.push_str(&format!("<p>What does not come back:</p><ul>{}</ul>\n", missing.concat()));
        }
        for (title, steps) in [("Before the migration: save what would be lost", &plan.prepare), ("Undo", &plan.undo), ("Clean up later", &plan.clean_up)] {
            if !steps.is_empty() {
                text.push_str(&format!(
                    "<details><summary>{title}</summary><pre class=\"sql\" tabindex=\"0\">{}</pre></details>\n",
                    escaped(&script(steps, answer.first.dialect.ddl_transactions))
                ));
            }
        }
        if !plan.verify.is_empty() {
            let checks: Vec<String> = plan
                .verify
                .iter()
                .map(|check| {
                    format!(
                        "<li>{}: must give <code>{}</code><pre class=\"sql\" tabindex=\"0\">{};</pre></li>",
                        escaped(&check.purpose),
                        escaped(&check.expected),
                        escaped(&check.sql)
                    )
                })
                .collect();
            text.push_str(&format!("<details><summary>Verify</summary><ul>{}</ul></details>\n", checks.concat()));
        }
    }
    text.push_str("</section>\n");
    text
}

fn proof(plan: &Plan) -> String {
    match &plan.proven {
        Proof::No => String::from("not proven"),
        Proof::Model => String::from("proven on the model"),
        Proof::Server(version) => format!("proven on PostgreSQL {}", escaped(version)),
        Proof::Failed(_) => String::from("tried on the model, and it does not give the schema back"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What each department is told.
pub(super) fn notices(answer: &Answer) -> String {
    let notices = answer.notice_facts(|facts| compose(facts, &Occasion::announcement(answer.today, facts.organisation), &answer.templates)).notices;
    if notices.is_empty() {
        return String::new();
    }
    let mut text = String::from("<section aria-labelledby=\"told\"><h2 id=\"told\">What each department is told</h2>\n");
    for notice in &notices {
        let name = escaped(&notice.recipient_name);
        text.push_str(&format!(
            "<details class=\"notice\" data-item data-department=\"{name}\" lang=\"{}\"><summary>{name}: {}</summary>\n",
            escaped(&notice.language),
            escaped(&notice.subject)
        ));
        for section in &notice.sections {
            let lines: Vec<String> = section.lines.iter().map(|line| format!("<li>{}</li>", escaped(line.text()))).collect();
            text.push_str(&format!("<h3>{}</h3><ul>{}</ul>\n", escaped(&section.title), lines.concat()));
        }
        if let Some(sender) = &notice.sender {
            text.push_str(&format!("<p>{}</p>\n", escaped(sender)));
        }
        text.push_str("</details>\n");
    }
    text.push_str("</section>\n");
    text
}
