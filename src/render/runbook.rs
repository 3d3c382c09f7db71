//! A rollback plan on paper: the undo script, and the runbook around it.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::catalog::Consumer;
use crate::dialect::DdlTransactions;
use crate::gate::{Answer, JudgedMigration};
use crate::hazard::{Hazard, Scan, TableAge, TableHazard, Work};
use crate::rollback::{Check, Plan, PlanStep, Proof, ServerOutcome, ServerProof, StepLoad};
use crate::server::RowStyle;

/// Statements as one script: in a transaction where the database has one for them, so that a way back is gone whole or not at all.
pub fn script(steps: &[PlanStep], transactions: DdlTransactions) -> String {
    match transactions {
        _ if steps.is_empty() => String::new(),
        DdlTransactions::Transactional => format!("BEGIN;\n{}\nCOMMIT;\n", steps_text(steps)),
        DdlTransactions::AutoCommit => {
            format!("-- Each statement commits by itself here: when one fails, those before it stand, and the rest is still to be run.\n{}", steps_text(steps))
        }
    }
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
        for load in &step.loads {
            text.push_str(&format!("-- {}\n", load_words(load)));
        }
        text.push_str(&step.sql);
        text.push_str(";\n");
    }
    text
}

/// Lock, work and size of one statement on one table.
fn load_words(load: &StepLoad) -> String {
    let rows = load.rows.map_or_else(String::new, |rows| format!(", about {rows} rows"));
    let bytes = load.bytes.map_or_else(String::new, |bytes| format!(", {} MB", bytes.div_ceil(1 << 20)));
    format!("{} on {}: {}{rows}{bytes}", load.lock.as_str(), load.table, load.work)
}

/// Queries with their answers, as a file; empty when there are none.
pub fn checks_script(title: &str, checks: &[Check]) -> String {
    if checks.is_empty() {
        return String::new();
    }
    let each: Vec<String> =
        checks.iter().map(|check| format!("\n-- {}: must give {}\n{};\n", check.purpose, check.expected.replace('\n', " "), check.sql)).collect();
    format!("-- {title}\n{}", each.concat())
}

/// The script that removes what is saved, with the day before which it must not run.
pub fn clean_up_script(answer: &Answer, migration: usize) -> String {
    let Some(judged) = answer.migrations.get(migration).filter(|judged| !judged.plan.clean_up.is_empty()) else { return String::new() };
    format!(
        "-- not before {}: after this there is no way back to what was saved\n{}",
        keep_until(answer, judged),
        script(&judged.plan.clean_up, answer.first.dialect.ddl_transactions)
    )
}

/// Days for which what is saved is kept, when the change's own file names no last moment of the way back.
const KEPT_DAYS: i32 = 60;

/// The runbook of one migration, by index, in Markdown.
pub fn runbook(answer: &Answer, migration: usize) -> String {
    let Some(judged) = answer.migrations.get(migration) else { return String::new() };
    let (name, plan) = (&judged.migration.name, &judged.plan);
    let mut text = format!("# The way back: {name}\n\n**{}**, {}.\n", plan.reversibility.words(), proven(plan));
    who_decides(&mut text, answer, judged);
    list(&mut text, "Read this first", plan.advice.iter().cloned());
    let lead =
        "Save what would be lost. Run it right before the migration, while nobody writes to these tables: what is written between the two is not in the copy.";
    part(&mut text, answer, "Before the migration", lead, &plan.prepare);
    if let Some(statement) = plan.point_of_no_return {
        let saved = if plan.prepare.is_empty() { "nothing brings back what was there" } else { "only saved data brings back what was there" };
        text.push_str(&format!("\n> **Point of no return**: after statement {} of the migration {saved}.\n", statement + 1));
    }
    statements(&mut text, answer, migration);
    checks(&mut text, "Verify the migration", &plan.verify_migration);
    let meanwhile = plan.in_between.iter().map(|meanwhile| {
        let query = meanwhile.count_query.as_ref().map_or_else(String::new, |query| format!(": how many, tells `{query}`"));
        format!("{}: {}{query}", meanwhile.what, meanwhile.fate)
    });
    list(&mut text, "What is written meanwhile", meanwhile);
    part(&mut text, answer, "Undo", "Reports and applications go back first, the schema last.", &plan.undo);
    checks(&mut text, "Verify the way back", &plan.verify);
    list(
        &mut text,
        "What does not come back",
        plan.loses.iter().map(|loss| {
            let rows = loss.rows.map_or_else(String::new, |rows| format!(" (about {rows} rows)"));
            let query = loss.count_query.as_ref().map_or_else(String::new, |query| format!("; now: `{query}`"));
            format!("{}: {}{rows}{query}", loss.what, loss.why)
        }),
    );
    moved(&mut text, answer, plan);
    list(&mut text, "What could not be planned", plan.not_planned.iter().cloned());
    part(&mut text, answer, "A draft that does not run as it stands", "For a person to go on from.", &plan.draft);
    proof(&mut text, plan, judged.on_server.as_ref());
    hand_written(&mut text, judged);
    let lead = format!("When nobody wants to go back any more: not before {}.", keep_until(answer, judged));
    part(&mut text, answer, "Clean up", &lead, &plan.clean_up);
    text
}

fn proven(plan: &Plan) -> String {
    match &plan.proven {
        Proof::No => String::from("not proven"),
        Proof::Model => String::from("proven on the model"),
        Proof::Server(version) => format!("proven on PostgreSQL {version}"),
        Proof::Failed(_) => String::from("tried, and it does not give back what was there"),
    }
}

/// The first day on which what is saved may go.
pub(super) fn keep_until(answer: &Answer, judged: &JudgedMigration) -> Date {
    let zone = answer.config.organisation.time_zone.clone().unwrap_or(TimeZone::UTC);
    let until = judged.migration.sidecar.as_ref().and_then(|sidecar| sidecar.undo_until).map(|moment| moment.to_zoned(zone).date());
    until.unwrap_or_else(|| answer.today.checked_add(KEPT_DAYS.days()).unwrap_or(answer.today))
}

/// The last day on which the warehouse itself can bring things back.
pub(super) fn recoverable_until(answer: &Answer, plan: &Plan) -> Option<Date> {
    answer.today.checked_add(plan.recovery.as_ref()?.days?.days()).ok()
}

fn who_decides(text: &mut String, answer: &Answer, judged: &JudgedMigration) {
    let sidecar = judged.migration.sidecar.as_ref();
    let mut lines = vec![format!("Planned on {}; what is saved is kept until {}.", answer.today, keep_until(answer, judged))];
    if let Some(recovery) = &judged.plan.recovery {
        let until = recoverable_until(answer, &judged.plan).map_or_else(String::new, |day| format!(" When it is applied today, until {day}."));
        lines.push(format!("The warehouse: {}.{until} Source: {}", recovery.words, recovery.source));
    }
    if let Some(person) = sidecar.and_then(|sidecar| sidecar.approver.as_ref()) {
        let email = person.email.as_ref().map_or_else(String::new, |email| format!(" ({email})"));
        lines.push(format!("Who decides: {}{email}.", person.name));
    }
    lines.push(String::from("Go back when a verify query gives another answer than the expected one, when a statement waits for a lock longer than the window allows, or when a department reports that something is gone."));
    text.push('\n');
    for line in lines {
        text.push_str(&format!("- {line}\n"));
    }
}

/// What each statement of the migration does to the running database, and what of it comes back.
fn statements(text: &mut String, answer: &Answer, migration: usize) {
    let Some(judged) = answer.migrations.get(migration) else { return };
    let own: Vec<&Hazard> = answer.hazards.iter().filter(|hazard| hazard.statement.migration as usize == migration).flat_map(Hazard::with_inner).collect();
    let lines = judged.plan.statements.iter().map(|claim| {
        let tables = own.iter().filter(|hazard| hazard.statement.statement == claim.statement).flat_map(|hazard| &hazard.tables);
        let loads: Vec<String> = tables.filter(|table| table.age == TableAge::Before).map(hazard_words).collect();
        let because = if claim.reasons.is_empty() { String::new() } else { format!(" ({})", claim.reasons.join("; ")) };
        let loads = if loads.is_empty() { String::new() } else { format!("; {}", loads.join("; ")) };
        let sql = statement_text(answer, judged, claim.statement);
        format!("statement {} `{sql}`: {}{because}{loads}", claim.statement + 1, claim.reversibility.words())
    });
    list(text, "What each statement does, and what of it comes back", lines);
}

/// The beginning of a statement, in one line.
pub(super) fn statement_text(answer: &Answer, judged: &JudgedMigration, statement: u32) -> String {
    let text = judged.script.statements.get(statement as usize).map_or("", |statement| answer.sources.slice(statement.span));
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    if line.chars().count() <= 90 { line } else { format!("{}…", line.chars().take(89).collect::<String>()) }
}

fn hazard_words(table: &TableHazard) -> String {
    let work = match (table.work, table.scan) {
        (Work::Rewrites, _) => "writes table and indexes again",
        (Work::BuildsIndex, _) => "builds an index",
        (Work::CatalogOnly, Scan::Full) => "reads all rows",
        (Work::CatalogOnly, Scan::None) => "touches no row",
    };
    let rows = table.rows.map_or_else(String::new, |rows| format!(", about {rows} rows"));
    format!("{} on {}, {work}{rows}", table.lock.as_str(), table.name)
}

fn checks(text: &mut String, title: &str, checks: &[Check]) {
    if !checks.is_empty() {
        text.push_str(&format!("\n## {title}\n\n"));
        for check in checks {
            text.push_str(&format!("- {}: must give `{}`\n\n  ```sql\n  {};\n  ```\n", check.purpose, check.expected, check.sql));
        }
    }
}

/// Columns that come back at another place, and who reads that table by position.
fn moved(text: &mut String, answer: &Answer, plan: &Plan) {
    let lines = plan.moved.iter().map(|moved| {
        let hurt = positional_consumers(answer, &moved.column);
        let hurt = if hurt.is_empty() { String::new() } else { format!("; hurts {}, which read by position", hurt.join(", ")) };
        format!("{}: place {} instead of {}{hurt}", moved.column, moved.after, moved.before)
    });
    list(text, "Columns that come back at another place", lines);
}

/// Consumers of the catalog that read the table of `schema.table.column` by position.
pub(super) fn positional_consumers(answer: &Answer, column: &str) -> Vec<String> {
    let table = column.rsplit_once('.').map_or(column, |(table, _)| table);
    let reads =
        |consumer: &Consumer| consumer.reads_by_position.iter().any(|reference| table == reference.key() || table.ends_with(&format!(".{}", reference.key())));
    answer.catalog.consumers.values().filter(|consumer| reads(consumer)).map(|consumer| consumer.name.clone()).collect()
}

fn part(text: &mut String, answer: &Answer, title: &str, lead: &str, steps: &[PlanStep]) {
    if !steps.is_empty() {
        let lead = if lead.is_empty() { String::new() } else { format!("{lead}\n\n") };
        text.push_str(&format!("\n## {title}\n\n{lead}```sql\n{}```\n", script(steps, answer.first.dialect.ddl_transactions)));
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
    let by_server = judged.down_on_server.as_ref();
    let falls_short = down.refused.is_some() || !down.lost.is_empty() || by_server.is_some_and(|server| server.outcome != ServerOutcome::Restored);
    if !falls_short {
        text.push_str("\n## The hand-written way back\n\nIt gives back what was there, too.\n");
        return;
    }
    let ours = format!("{}, {}", judged.plan.reversibility.words(), proven(&judged.plan));
    let mut rows: Vec<(String, String)> = vec![(format!("falls short in {}", counted(down.lost.len() + usize::from(down.refused.is_some()), by_server)), ours)];
    if let Some(refused) = &down.refused {
        rows.push((
            format!("it would be refused: {refused}"),
            String::from(if judged.plan.undo.is_empty() { "no script that runs" } else { "runs on the model" }),
        ));
    }
    for lost in &down.lost {
        let is_given_up = judged.plan.loses.iter().any(|loss| lost.starts_with(&loss.what)) || !judged.plan.not_planned.is_empty();
        rows.push((lost.clone(), String::from(if is_given_up { "see above: not all of it comes back" } else { "comes back" })));
    }
    if let Some(server) = by_server {
        rows.push((said_of(server), judged.on_server.as_ref().map_or_else(String::new, said_of)));
    }
    text.push_str("\n## The hand-written way back falls short\n\n| hand-written | this plan |\n|---|---|\n");
    let cell = |words: &str| words.replace('|', "\\|").replace('\n', " ");
    for (theirs, own) in rows {
        text.push_str(&format!("| {} | {} |\n", cell(&theirs), cell(&own)));
    }
}

/// `2 points on the model`, `the rows of a server`.
fn counted(on_model: usize, by_server: Option<&ServerProof>) -> String {
    match (on_model, by_server) {
        (0, Some(_)) => String::from("what a server showed"),
        (1, _) => String::from("one point on the model"),
        (number, _) => format!("{number} points on the model"),
    }
}
