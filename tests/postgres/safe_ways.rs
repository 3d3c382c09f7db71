//! The safe way of each rule is SQL that a real PostgreSQL takes, in the case that the rule flags: before the migration, or after it.

use std::sync::Arc;

use fieldgate::dialect;
use fieldgate::gate::answer_example;
use fieldgate::rules::{ExampleFile, Rule, RuleSet, load};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;
use postgres::Client;

use crate::server::server;

/// The first finding's safe way, with its facts filled in.
fn safe_way(rules: &Arc<RuleSet>, rule: &Rule, example: &ExampleFile) -> String {
    let (answer, _) = answer_example(rules, rule, example, dialect::DEFAULT).unwrap();
    let finding = answer.findings.iter().find(|finding| finding.rule == rule.id).unwrap_or_else(|| panic!("{}: {}", rule.id, example.name.value));
    finding.safe.clone().unwrap_or_else(|| panic!("{}: {}: the safe way is empty", rule.id, example.name.value))
}

/// Runs a script statement by statement, each by itself.
fn run(client: &mut Client, text: &str) -> Result<(), String> {
    let mut sources = Sources::default();
    let source = sources.add("safe.sql", text);
    let script = read_script(&sources, source, dialect::DEFAULT);
    assert!(!script.statements.is_empty(), "there is no statement in\n{text}");
    for statement in &script.statements {
        let text = sources.slice(statement.span);
        client
            .batch_execute(text)
            .map_err(|error| format!("{text}: {}", error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())))?;
    }
    Ok(())
}

/// A database with the example's schema, and after its migration when that is wanted.
fn prepared(name: &str, example: &ExampleFile, migrated: bool) -> Client {
    let server = server().unwrap();
    server.database(name);
    let mut client = server.connect(name);
    client.batch_execute(&example.schema).unwrap();
    if migrated {
        run(&mut client, &example.migration.value).unwrap();
    }
    client
}

#[test]
fn the_safe_way_of_every_rule_runs() {
    if server().is_none() {
        return;
    }
    let rules = Arc::new(load(&mut Sources::default(), &[]).unwrap());
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for rule in rules.iter().filter(|rule| rule.safe_text.is_some()) {
        for example in rule.examples.iter().filter(|example| !example.flagged.is_empty()) {
            tried += 1;
            let safe = safe_way(&rules, rule, example);
            let Err(before) = run(&mut prepared(&format!("safe_{tried}"), example, false), &safe) else { continue };
            if let Err(after) = run(&mut prepared(&format!("safe_{tried}_after"), example, true), &safe) {
                wrong.push(format!("{}: {}\n{safe}\nbefore the migration: {before}\nafter it: {after}", rule.id, example.name.value));
            }
        }
    }
    assert!(tried > 30, "{tried} safe ways were tried");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
