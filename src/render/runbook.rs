//! A rollback plan on paper: the undo script, and the runbook around it.

use crate::gate::JudgedMigration;
use crate::rollback::{Plan, PlanStep, Proof, ServerOutcome, ServerProof};
use crate::server::RowStyle;

/// Statements as one script. In a transaction, so that a way back is gone whole or not at all.
pub fn script(steps: &[PlanStep]) -> String {
    if steps.is_empty() {
        return String::new();
    }
    format!("BEGIN;\n{}\nCOMMIT;\n", steps_text(steps))
}

/// Statements, each group under what it is for.
pub(super) fn steps_text(steps: &[PlanStep]) -> String {
    let mut text = String::new();
    let mut purpose = "";
    for step in steps {
        if step.purpose != purpose {
            text.push_str(&format!("\n-- {}\n", step.purpose));
            purpose = &step.purpose;
        }
        text.push_str(&step.sql);
        text.push_str(";\n");
    }
    text
}

/// The runbook in Markdown.
pub fn runbook(judged: &JudgedMigration) -> String {
    let (name, plan) = (&judged.migration.name, &judged.plan);
    let proven = match &plan.proven {
        Proof::No => String::from("not proven"),
        Proof::Model => String::from("proven on the model"),
        Proof::Server(version) => format!("proven on PostgreSQL {version}"),
        Proof::Failed(_) => String::from("tried, and it does not give back what was there"),
    };
    let mut text = format!("# The way back: {name}\n\n**{}**, {proven}.\n", plan.reversibility.words());
    part(&mut text, "Before the migration", "Save what would be lost.", &plan.prepare);
    if let Some(statement) = plan.point_of_no_return {
        text.push_str(&format!("\n> After statement {} of the migration only saved data brings back what was there.\n", statement + 1));
    }
    part(&mut text, "Undo", "", &plan.undo);
    if !plan.verify.is_empty() {
        text.push_str("\n## Verify\n\n");
        for check in &plan.verify {
            text.push_str(&format!("- {}: must give `{}`\n\n  ```sql\n  {};\n  ```\n", check.purpose, check.expected, check.sql));
        }
    }
    list(&mut text, "What does not come back", plan.loses.iter().map(|loss| format!("{}: {}", loss.what, loss.why)));
    list(
        &mut text,
        "Columns that come back at another place",
        plan.moved.iter().map(|moved| format!("{}: place {} instead of {}", moved.column, moved.after, moved.before)),
    );
    list(&mut text, "What could not be planned", plan.not_planned.iter().cloned());
    proof(&mut text, plan, judged.on_server.as_ref());
    hand_written(&mut text, judged);
    part(&mut text, "Clean up", "When nobody wants to go back any more.", &plan.clean_up);
    text
}

fn part(text: &mut String, title: &str, lead: &str, steps: &[PlanStep]) {
    if !steps.is_empty() {
        let lead = if lead.is_empty() { String::new() } else { format!("{lead}\n\n") };
        text.push_str(&format!("\n## {title}\n\n{lead}```sql\n{}```\n", script(steps)));
    }
}

fn list(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.map(|line| format!("- {line}\n")).collect();
    if !lines.is_empty() {
        text.push_str(&format!("\n## {title}\n\n{}", lines.concat()));
    }
}

/// Which level of proof was reached, on which rows, and what differed.
fn proof(text: &mut String, plan: &Plan, on_server: Option<&ServerProof>) {
    let Some(server) = on_server else { return };
    text.push_str("\n## Proof\n\n");
    if matches!(plan.proven, Proof::Model | Proof::Server(_)) {
        text.push_str("- Model: migration and way back applied, and the schema is the one before.\n");
    }
    text.push_str(&format!("- {}\n", said_of(server)));
    for refused in &server.refused_on_rows {
        text.push_str(&format!("- On other rows the migration was refused, so these were made simpler: {refused}\n"));
    }
    for (table, reason) in &server.filling.empty {
        text.push_str(&format!("- No rows could be made for {table}: {reason}\n"));
    }
}

fn said_of(server: &ServerProof) -> String {
    let rows = match server.row_style {
        RowStyle::None => String::from("without rows"),
        RowStyle::Varied | RowStyle::Fitting => format!("with {} generated rows in {} tables", server.filling.rows, server.filling.filled),
    };
    let at = format!("PostgreSQL {}, {rows}", server.version);
    match &server.outcome {
        ServerOutcome::Restored => format!("{at}: schema and rows are as they were."),
        ServerOutcome::SchemaOnly(differences) => format!("{at}: the schema is as it was, the rows are not: {}.", differences.join("; ")),
        ServerOutcome::NotRestored(differences) => format!("{at}: **not restored**: {}.", differences.join("; ")),
        ServerOutcome::NotTried(reason) => format!("Not tried on a server: {reason}."),
    }
}

/// The hand-written way back beside this one, where it falls short.
fn hand_written(text: &mut String, judged: &JudgedMigration) {
    let down = &judged.down;
    if down.written.is_none() {
        return;
    }
    let refused = down.refused.iter().map(|refused| format!("it would be refused: {refused}"));
    let mut lines: Vec<String> = refused.chain(down.lost.iter().cloned()).collect();
    if let Some(server) = &judged.down_on_server {
        lines.push(said_of(server));
    }
    let falls_short =
        down.refused.is_some() || !down.lost.is_empty() || judged.down_on_server.as_ref().is_some_and(|server| server.outcome != ServerOutcome::Restored);
    if !falls_short {
        text.push_str("\n## The hand-written way back\n\nIt gives back what was there, too.\n");
        return;
    }
    list(text, "The hand-written way back falls short", lines.into_iter());
}
