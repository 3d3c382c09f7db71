//! What a user sees, byte for byte. Each folder of `fixtures/` but the example is a case with a sentence for a name: `schema.sql`,
//! `migration.sql`, `queries/`, and in `expected/` what the program prints. `BLESS=1 cargo test --test fixtures` writes these again.
//!
//! On every case also: an empty migration finds nothing; the same run twice gives the same bytes; the way back gives the schema back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.join("schema.sql").is_file()).collect();
    cases.sort();
    assert!(cases.len() >= 10, "the cases were not found");
    cases
}

/// Standard output and exit code of the program in a folder.
fn fieldgate(folder: &Path, arguments: &[&str]) -> (String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_fieldgate"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let code = output.status.code().unwrap();
    assert!(code <= 3, "{}: {arguments:?} ended with {code}: {}", folder.display(), String::from_utf8_lossy(&output.stderr));
    (text, code)
}

fn check(folder: &Path, migration: &str, format: &str) -> (String, i32) {
    fieldgate(folder, &["check", "--ddl", "schema.sql", "--query-dir", "queries", "--now", "2026-11-22", "--format", format, migration])
}

#[test]
fn every_case_prints_what_is_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let (text, code) = check(&case, "migration.sql", "text");
        let (undo, _) = fieldgate(&case, &["plan", "--ddl", "schema.sql", "--now", "2026-11-22", "--format", "sql", "migration.sql"]);
        let printed = [("check.txt", format!("{text}\nexit code {code}\n")), ("undo.sql", undo)];
        let folder = case.join("expected");
        if bless {
            std::fs::create_dir_all(&folder).unwrap();
            for (name, text) in &printed {
                std::fs::write(folder.join(name), text).unwrap();
            }
        }
        let there: BTreeSet<String> = std::fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let wanted: BTreeSet<String> = printed.iter().map(|(name, _)| (*name).to_owned()).collect();
        if there != wanted {
            wrong.push(format!("{}: the expected files are {wanted:?}, and there are {there:?}", case.display()));
        }
        for (name, text) in &printed {
            let expected = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            if expected != *text {
                wrong.push(format!("{}/expected/{name}\n--- expected\n{expected}\n--- printed\n{text}", case.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n`BLESS=1 cargo test --test fixtures` writes what is printed now", wrong.join("\n\n"));
}

#[test]
fn an_empty_migration_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.sql");
    std::fs::write(&empty, "-- nothing to do\n").unwrap();
    for case in cases() {
        let (text, code) = check(&case, empty.to_str().unwrap(), "json");
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(code, 0, "{}", case.display());
        for key in ["findings", "changes", "effects", "not_judged"] {
            assert_eq!(report[key], serde_json::json!([]), "{}: {key}", case.display());
        }
    }
}

#[test]
fn twice_gives_the_same_bytes() {
    let formats = ["text", "json", "md", "comment", "html", "sarif", "github", "gitlab", "junit", "rdjson"];
    for case in cases() {
        let written = || {
            let folder = tempfile::tempdir().unwrap();
            let outputs: Vec<String> = formats.iter().map(|format| format!("--output={format}={}", folder.path().join(format).display())).collect();
            let mut arguments = vec!["check", "--ddl", "schema.sql", "--query-dir", "queries", "--now", "2026-11-22", "migration.sql"];
            arguments.extend(outputs.iter().map(String::as_str));
            fieldgate(&case, &arguments);
            formats.map(|format| std::fs::read_to_string(folder.path().join(format)).unwrap())
        };
        for ((one, other), format) in written().iter().zip(&written()).zip(formats) {
            assert_eq!(one, other, "{}: {format}", case.display());
        }
    }
}

#[test]
fn every_way_back_is_proven_or_says_why_not() {
    for case in cases() {
        let (text, _) = fieldgate(&case, &["plan", "--ddl", "schema.sql", "--format", "json", "migration.sql"]);
        let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
        let why_not = plan["migrations"][0]["not_planned"].as_array().unwrap();
        assert_eq!(plan["reversibility"] == "impossible", !why_not.is_empty(), "{}: {plan:#}", case.display());
        assert!(plan["proven"] == "model" || !why_not.is_empty(), "{}: {plan:#}", case.display());
    }
}
