//! A rollback plan on paper: the undo script, and the runbook around it.

use crate::rollback::{Plan, PlanStep, Proof};

/// Statements as one script. In a transaction, so that a way back is gone whole or not at all.
pub fn script(steps: &[PlanStep]) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let mut text = String::from("BEGIN;\n");
    let mut purpose = "";
    for step in steps {
        if step.purpose != purpose {
            text.push_str(&format!("\n-- {}\n", step.purpose));
            purpose = &step.purpose;
        }
        text.push_str(&step.sql);
        text.push_str(";\n");
    }
    text.push_str("\nCOMMIT;\n");
    text
}

/// The runbook in Markdown.
pub fn runbook(name: &str, plan: &Plan) -> String {
    let proven = match &plan.proven {
        Proof::No => String::from("not proven"),
        Proof::Model => String::from("proven on the model"),
        Proof::Server(version) => format!("proven on PostgreSQL {version}"),
        Proof::Failed(_) => String::from("tried on the model, and it does not give the schema back"),
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
