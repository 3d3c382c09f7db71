//! The safe way on paper: one script for each phase, a runbook, and a document for programs.

use serde_json::{Value, json};

use super::runbook::steps_text;
use crate::gate::DatedSafePlan;
use crate::migrate::TransactionMode;
use crate::rollback::{Phase, SafeFile, SafeWay};

/// The name of a script's file, `clients_contact_phone.4_contract.sql`.
pub fn safe_file_name(way: &SafeWay, file: &SafeFile) -> String {
    let number = way.files.iter().position(|other| other.phase == file.phase).map_or(0, |place| place + 1);
    format!("{}.{number}_{}.sql", way.slug, file.phase.word())
}

/// One script.
pub fn safe_script(plan: &DatedSafePlan, way: &SafeWay, file: &SafeFile) -> String {
    let mut text = format!("-- {}\n-- {}\n", way.subject, file.phase.words());
    if let Some(day) = day(plan, file.phase) {
        text.push_str(&format!("-- not before {day}\n"));
    }
    match file.transaction_mode {
        TransactionMode::Wrapped => text.push_str(&format!("BEGIN;\n{}\nCOMMIT;\n", steps_text(&file.steps))),
        TransactionMode::EachStatement if file.steps.is_empty() => {}
        TransactionMode::EachStatement => text.push_str(&format!("-- run outside a transaction\n{}", steps_text(&file.steps))),
    }
    for check in &file.checks {
        text.push_str(&format!("\n-- {}: {}\n{};\n", check.purpose, check.expected, check.sql));
    }
    text
}

fn day(plan: &DatedSafePlan, phase: Phase) -> Option<jiff::civil::Date> {
    match phase {
        Phase::Contract => Some(plan.contract_from),
        Phase::Remove => Some(plan.remove_from),
        Phase::Expand | Phase::Backfill | Phase::Verify | Phase::UndoBeforeContract | Phase::UndoAfterContract => None,
    }
}

/// The runbook in Markdown.
pub fn safe_runbook(name: &str, plan: &DatedSafePlan) -> String {
    let mut text = format!("# The safe way: {name}\n");
    if plan.plan.ways.is_empty() && plan.plan.without.is_empty() {
        if plan.plan.not_judged.is_empty() {
            text.push_str("\nNothing in this migration breaks a name or holds a long lock: it can be run as it is.\n");
        }
        not_judged(&mut text, plan);
        return text;
    }
    text.push_str(&format!(
        "\nThe old form ends on {} at the earliest ({}); what is kept for the way back may go from {}.\n",
        plan.contract_from, plan.because, plan.remove_from
    ));
    for way in &plan.plan.ways {
        text.push_str(&format!("\n## {}\n", way.subject));
        for file in &way.files {
            text.push_str(&format!("\n### {}\n", file.phase.words()));
            if file.phase == Phase::Remove {
                text.push_str("\n> Point of no return: after this only a backup helps.\n");
            }
            text.push_str(&format!("\n`{}`\n\n```sql\n{}```\n", safe_file_name(way, file), safe_script(plan, way, file)));
        }
        if !way.notes.is_empty() {
            text.push('\n');
            for note in &way.notes {
                text.push_str(&format!("- {note}\n"));
            }
        }
    }
    if !plan.plan.without.is_empty() {
        text.push_str("\n## No safe way is written for\n\n");
        for without in &plan.plan.without {
            text.push_str(&format!("- {}: {}\n", without.subject, without.reason));
        }
    }
    if !plan.as_they_are.is_empty() {
        text.push_str("\n## Statements of the migration that no script here replaces\n\nRun them as they are, in their order, with the phase whose objects they speak of.\n\n");
        for (number, statement) in &plan.as_they_are {
            text.push_str(&format!("- statement {number}: `{}`\n", statement.replace('`', "'")));
        }
    }
    not_judged(&mut text, plan);
    text
}

fn not_judged(text: &mut String, plan: &DatedSafePlan) {
    if !plan.plan.not_judged.is_empty() {
        text.push_str("\n## Not judged\n\n");
        for (number, reason) in &plan.plan.not_judged {
            text.push_str(&format!("- statement {}: {reason}\n", number + 1));
        }
    }
}

/// The document for programs.
pub fn safe_json(plans: &[(String, DatedSafePlan)]) -> String {
    let migrations: Vec<Value> = plans
        .iter()
        .map(|(name, plan)| {
            let ways: Vec<Value> = plan.plan.ways.iter().map(|way| way_json(plan, way)).collect();
            let without: Vec<Value> = plan.plan.without.iter().map(|without| json!({ "subject": without.subject, "reason": without.reason })).collect();
            json!({
                "migration": name,
                "contract_from": plan.contract_from.to_string(),
                "remove_from": plan.remove_from.to_string(),
                "ways": ways,
                "without": without,
                "as_they_are": plan.as_they_are.iter().map(|(number, sql)| json!({ "statement": number - 1, "sql": sql })).collect::<Vec<_>>(),
                "not_judged": plan.plan.not_judged.iter().map(|(number, reason)| json!({ "statement": number, "reason": reason })).collect::<Vec<_>>(),
            })
        })
        .collect();
    let document = json!({ "schema_version": 1, "migrations": migrations });
    format!("{document:#}\n")
}

fn way_json(plan: &DatedSafePlan, way: &SafeWay) -> Value {
    let files: Vec<Value> = way
        .files
        .iter()
        .map(|file| {
            let steps: Vec<Value> = file.steps.iter().map(|step| json!({ "sql": format!("{};", step.sql), "purpose": step.purpose })).collect();
            let checks: Vec<Value> =
                file.checks.iter().map(|check| json!({ "sql": format!("{};", check.sql), "expected": check.expected, "purpose": check.purpose })).collect();
            json!({
                "phase": file.phase.word(),
                "file": safe_file_name(way, file),
                "in_transaction": file.transaction_mode == TransactionMode::Wrapped,
                "not_before": day(plan, file.phase).map(|day| day.to_string()),
                "steps": steps,
                "verify": checks,
            })
        })
        .collect();
    json!({ "subject": way.subject, "files": files, "notes": way.notes })
}
