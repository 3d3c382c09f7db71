//! The example against the truth that a real PostgreSQL 15 told of it (`fixtures/example/truth.yml`).
//!
//! Every consumer that the server broke or changed in a migration must be told of, by the migration that did it; none that went on
//! untouched may be said to break.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/example")
}

fn report() -> serde_json::Value {
    let output =
        Command::new(env!("CARGO_BIN_EXE_fieldgate")).args(["check", "--format", "json", "--now", "2026-11-22"]).current_dir(example()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// For each migration, by the number in front of its name: consumers and what is said of them.
fn said(report: &serde_json::Value) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut all: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for effect in report["effects"].as_array().unwrap() {
        let migration = report["migrations"][usize::try_from(effect["migration"].as_u64().unwrap()).unwrap()]["id"].as_str().unwrap();
        let kinds = all.entry(migration[..4].to_owned()).or_default().entry(effect["consumer"].as_str().unwrap().to_owned()).or_default();
        kinds.insert(effect["effect"].as_str().unwrap().to_owned());
    }
    all
}

#[test]
fn every_consumer_that_the_server_broke_or_changed_is_told_of() {
    let report = report();
    let said = said(&report);
    // Measured, in sequence (fixtures/example/README.md): consumer, and the words that are right for it.
    let truth: &[(&str, &str, &[&str])] = &[
        ("0044", "intake-queue", &["breaks"]),
        ("0046", "households-by-county", &["breaks"]),
        ("0046", "county-hunger-grant", &["breaks"]),
        ("0046", "route-planner", &["breaks"]),
        ("0047", "text-reminders", &["breaks"]),
        ("0047", "intake-form", &["breaks"]),
        ("0047", "case-manager-app", &["breaks"]),
        // Through a function whose body the server does not look into.
        ("0047", "driver-call-sheet", &["breaks"]),
        ("0048", "evening-visits", &["changes_silently"]),
        ("0049", "thank-you-letters", &["changes_silently"]),
        ("0049", "newsletter-audience", &["changes_silently"]),
        ("0049", "hudson-county-donors", &["breaks"]),
        // SQL that is made while it runs, for the tables that have rows: nobody can know, and nobody is called safe.
        ("0050", "menu-board", &["unknown"]),
        ("0050", "thank-you-letters", &["unknown"]),
        ("0051", "state-meal-billing", &["changes_silently"]),
        ("0051", "demand-forecast", &["breaks"]),
    ];
    for (migration, consumer, words) in truth {
        let kinds = said.get(*migration).and_then(|consumers| consumers.get(*consumer)).cloned().unwrap_or_default();
        assert!(kinds.iter().any(|kind| words.contains(&kind.as_str())), "{migration} {consumer}: {kinds:?}, and {words:?} is right");
    }
    // Loud or silent, nothing else may be claimed in a migration that was understood.
    for (migration, consumers) in said.iter().filter(|(migration, _)| *migration != "0050") {
        for (consumer, kinds) in consumers {
            let told = truth.iter().any(|(number, id, _)| number == migration && id == consumer);
            // Broken before, and refused at one more place from here on: whoever mends it wants to know both.
            let was_broken = said.range(..migration.clone()).any(|(_, earlier)| earlier.get(consumer).is_some_and(|kinds| kinds.contains("breaks")));
            let claimed = kinds.contains("breaks") && !was_broken || kinds.contains("changes_silently");
            assert!(told || !claimed, "{migration} {consumer}: {kinds:?}, and the server did nothing to it");
        }
    }
}

#[test]
fn the_statement_that_the_server_refuses_is_found_with_its_code() {
    let report = report();
    let refused: Vec<&serde_json::Value> = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == "migration-fails").collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0]["sqlstate"], "0A000");
    assert!(refused[0]["file"].as_str().unwrap().contains("0045"));
}

#[test]
fn what_was_not_understood_is_listed() {
    let report = report();
    let places: Vec<&str> = report["not_judged"].as_array().unwrap().iter().map(|item| item["place"]["file"].as_str().unwrap()).collect();
    assert!(places.iter().all(|place| place.contains("0050")) && !places.is_empty(), "{places:?}");
}

#[test]
fn a_department_that_is_not_touched_gets_no_notice_and_no_notice_holds_sql() {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_fieldgate"))
        .args(["notice", "--now", "2026-11-22", "--output-dir"])
        .arg(folder.path())
        .arg("migrations/0047_contact_phone.up.sql")
        .current_dir(example())
        .status()
        .unwrap();
    assert!(status.success());
    let names: BTreeSet<String> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.contains("client-services.txt") && names.contains("volunteers.md") && !names.contains("finance.txt"), "{names:?}");
    for name in &names {
        let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
        for forbidden in ["app.", "reporting.", "SELECT", "ALTER", "clients_", "42703"] {
            assert!(!text.contains(forbidden), "{name} holds {forbidden}:\n{text}");
        }
    }
}
