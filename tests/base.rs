//! `--base`: what a branch proposes, and whose settings judge it, in repositories that are made for each test.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("these tests need git");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

const SETTINGS: &str = "migrations: [db migrations]\nsnapshot: snapshot.yml\ncatalog: [catalog.yml]\nrules: [rules]\n";

const SNAPSHOT: &str = "version: 1
source: { kind: postgres, applied: [0001_start] }
schemas:
  public:
    tables:
      clients:
        columns:
          id: { type: bigint, not_null: true }
          phone: { type: text }
";

const CATALOG: &str = "consumers:
  weekly:
    name: Weekly report
    kind: report
    sql: SELECT phone FROM clients
";

/// A repository with a base on `main`, and `work` checked out.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "-q"]);
    write(root, "fieldgate.yml", SETTINGS);
    write(root, "snapshot.yml", SNAPSHOT);
    write(root, "catalog.yml", CATALOG);
    write(root, "rules/no-fax.yml", RULE);
    write(root, "db migrations/0001_start.up.sql", "CREATE TABLE clients (id bigint NOT NULL, phone text);\n");
    write(root, "db migrations/0002_email.up.sql", "ALTER TABLE clients ADD COLUMN email text;\n");
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "base"]);
    git(root, &["checkout", "-qb", "work"]);
    folder
}

const RULE: &str = "title: Fax numbers are over
family: contract
for: change
kinds: [column_added]
when: column.name == 'fax'
level: error
message: '{column.name} is added'
help: Leave it out.
why: Nobody sends faxes.
examples:
  - name: a fax number
    schema: CREATE TABLE clients (id bigint PRIMARY KEY);
    migration: ALTER TABLE clients ADD COLUMN fax text;
    flagged: [1]
  - name: something else
    schema: CREATE TABLE clients (id bigint PRIMARY KEY);
    migration: ALTER TABLE clients ADD COLUMN nickname text;
";

fn check(folder: &Path, arguments: &[&str]) -> (serde_json::Value, i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fieldgate"))
        .args(["check", "--now", "2026-11-22", "--format", "json"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    (serde_json::from_slice(&output.stdout).unwrap_or_default(), output.status.code().unwrap(), error)
}

fn names(report: &serde_json::Value, list: &str, key: &str) -> Vec<String> {
    let all = report[list].as_array().unwrap_or_else(|| panic!("{report:#}"));
    all.iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

#[test]
fn only_what_the_branch_adds_is_judged_after_what_still_waits() {
    let folder = repository();
    write(folder.path(), "db migrations/0003_both.up.sql", "ALTER TABLE clients DROP COLUMN email, DROP COLUMN phone;\n");
    let (report, code, error) = check(folder.path(), &["--base", "main"]);
    assert_eq!(names(&report, "migrations", "id"), ["0003_both"], "{error}");
    assert_eq!(code, 1);
    assert!(!names(&report, "findings", "rule").contains(&String::from("migration-fails")), "email comes from 0002, which runs before: {report:#}");
    assert_eq!(names(&report, "effects", "consumer"), ["weekly"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "work"]);
    let (committed, ..) = check(folder.path(), &["--base", "main"]);
    assert_eq!(committed, report, "committed or not, it is the same change");
    let (below, ..) = check(&folder.path().join("db migrations"), &["--base", "main"]);
    assert_eq!(names(&below, "migrations", "id"), ["0003_both"]);
}

#[test]
fn edited_deleted_and_renamed_migrations_are_told() {
    let folder = repository();
    let root = folder.path();
    write(root, "db migrations/0001_start.up.sql", "CREATE TABLE clients (id bigint NOT NULL, phone text, fax text);\n");
    let (report, code, error) = check(root, &["--base", "main"]);
    assert_eq!((names(&report, "findings", "rule"), code), (vec![String::from("migration-edited")], 1), "{error}");
    assert_eq!(report["findings"][0]["level"], "error");

    git(root, &["checkout", "-q", "--", "."]);
    std::fs::remove_file(root.join("db migrations/0001_start.up.sql")).unwrap();
    let (report, code, _) = check(root, &["--base", "main"]);
    assert_eq!((names(&report, "findings", "rule"), code), (vec![String::from("migration-deleted")], 1));
    assert_eq!(report["findings"][0]["file"], "db migrations/0001_start.up.sql");

    git(root, &["checkout", "-q", "--", "."]);
    git(root, &["mv", "db migrations/0002_email.up.sql", "db migrations/0005_email.up.sql"]);
    let (report, ..) = check(root, &["--base", "main"]);
    let rules = names(&report, "findings", "rule");
    assert!(rules.contains(&String::from("migration-renamed")) && rules.contains(&String::from("migration-number-missing")), "{rules:?}");
}

#[test]
fn numbers_out_of_line_are_told() {
    let folder = repository();
    write(folder.path(), "db migrations/0002_other.up.sql", "ALTER TABLE clients ADD COLUMN city text;\n");
    let (report, code, _) = check(folder.path(), &["--base", "main"]);
    assert_eq!((names(&report, "findings", "rule").contains(&String::from("migration-number-twice")), code), (true, 1), "{report:#}");
}

#[test]
fn a_branch_cannot_switch_off_its_own_gate() {
    let folder = repository();
    let root = folder.path();
    write(root, "fieldgate.yml", &format!("{SETTINGS}gate: {{ fail_on: never, not_judged: off }}\nlevels: {{ consumer-breaks: off }}\n"));
    std::fs::remove_file(root.join("rules/no-fax.yml")).unwrap();
    write(root, "rules/empty.txt", "");
    write(root, "snapshot.yml", &SNAPSHOT.replace("          phone: { type: text }\n", ""));
    let sql = "-- fieldgate: allow-file column-dropped, consumer-breaks until 2027-01-31: trust me\nALTER TABLE clients DROP COLUMN phone;\nALTER TABLE clients ADD COLUMN fax text;\n";
    write(root, "db migrations/0003_phone.up.sql", sql);
    let (_, lax, _) = check(root, &["--base", "main"]);
    assert_eq!(lax, 0, "by its own settings nothing blocks");
    let (report, code, error) = check(root, &["--base", "main", "--policy", "base"]);
    let rules = names(&report, "findings", "rule");
    assert_eq!(code, 1, "{error}");
    for rule in ["column-dropped", "no-fax", "suppression-from-branch"] {
        assert!(rules.contains(&rule.to_owned()), "{rule} in {rules:?}");
    }
    assert!(report["findings"].as_array().unwrap().iter().all(|finding| finding["suppressed"].is_null()));
}

#[test]
fn a_base_that_is_not_there_is_told_with_the_way_out() {
    let folder = repository();
    let (_, code, error) = check(folder.path(), &["--base", "origin/main"]);
    assert_eq!(code, 2);
    assert!(error.contains("there is no commit `origin/main`") && error.contains("brings it"), "{error}");

    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "more"]);
    let shallow = tempfile::tempdir().unwrap();
    git(shallow.path(), &["clone", "-q", "--depth", "1", &format!("file://{}", folder.path().display()), "clone"]);
    let (_, code, error) = check(&shallow.path().join("clone"), &["--base", "HEAD^1"]);
    assert_eq!(code, 2);
    assert!(error.contains("only a part of the history") && error.contains("fetch-depth: 2"), "{error}");

    let outside = tempfile::tempdir().unwrap();
    let (_, code, error) = check(outside.path(), &["--base", "main"]);
    assert_eq!(code, 2);
    assert!(error.contains("in no git repository"), "{error}");

    let without =
        Command::new(env!("CARGO_BIN_EXE_fieldgate")).args(["check", "--base", "main"]).current_dir(folder.path()).env("PATH", "/nowhere").output().unwrap();
    assert_eq!(without.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&without.stderr).contains("the program git was not found"));
}

#[test]
fn a_merge_checkout_of_depth_two_is_enough() {
    let folder = repository();
    let root = folder.path();
    write(root, "db migrations/0003_phone.up.sql", "ALTER TABLE clients DROP COLUMN phone;\n");
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "work"]);
    git(root, &["checkout", "-q", "main"]);
    git(root, &["commit", "-q", "--allow-empty", "-m", "meanwhile"]);
    git(root, &["merge", "-q", "--no-ff", "-m", "merge", "work"]);
    let shallow = tempfile::tempdir().unwrap();
    git(shallow.path(), &["clone", "-q", "--depth", "2", &format!("file://{}", root.display()), "clone"]);
    let (report, code, error) = check(&shallow.path().join("clone"), &["--base", "HEAD^1", "--policy", "base"]);
    assert_eq!((names(&report, "migrations", "id"), code), (vec![String::from("0003_phone")], 1), "{error}");
}

#[test]
fn who_is_taken_out_of_the_catalog_is_still_judged_and_told() {
    let folder = repository();
    let root = folder.path();
    write(root, "catalog.yml", "consumers: {}\n");
    write(root, "db migrations/0003_phone.up.sql", "-- the report is gone, honestly\nALTER TABLE clients DROP COLUMN phone;\n");
    let (report, code, error) = check(root, &["--base", "main", "--policy", "base"]);
    let rules = names(&report, "findings", "rule");
    assert!(rules.contains(&String::from("consumer-taken-out")), "{rules:?} {error}");
    assert_eq!((names(&report, "effects", "consumer"), code), (vec![String::from("weekly")], 1));
    let told = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "consumer-taken-out").unwrap();
    assert_eq!((&told["file"], &told["line"]), (&serde_json::json!("catalog.yml"), &serde_json::json!(2)));
    let (report, ..) = check(root, &["--base", "main"]);
    assert!(names(&report, "findings", "rule").contains(&String::from("consumer-taken-out")), "by its own policy it is told too");
    assert!(names(&report, "effects", "consumer").is_empty());
}

#[test]
fn an_entry_that_says_something_else_is_told() {
    let folder = repository();
    let root = folder.path();
    write(root, "catalog.yml", &CATALOG.replace("SELECT phone", "SELECT id"));
    write(root, "db migrations/0003_phone.up.sql", "ALTER TABLE clients DROP COLUMN phone;\n");
    let (report, _, error) = check(root, &["--base", "main", "--policy", "base"]);
    assert!(names(&report, "findings", "rule").contains(&String::from("consumer-redefined")), "{report:#} {error}");
    write(root, "catalog.yml", &format!("# another comment\n{CATALOG}"));
    let (report, ..) = check(root, &["--base", "main", "--policy", "base"]);
    assert!(!names(&report, "findings", "rule").contains(&String::from("consumer-redefined")), "{report:#}");
}

#[test]
fn a_query_in_a_file_of_its_own_is_read_as_the_base_has_it() {
    let folder = repository();
    let root = folder.path();
    git(root, &["checkout", "-q", "main"]);
    write(root, "queries/weekly.sql", "SELECT phone FROM clients;\n");
    write(root, "catalog.yml", "consumers:\n  weekly: { name: Weekly report, kind: report, sql_file: queries/weekly.sql }\n");
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "a file"]);
    git(root, &["checkout", "-qB", "work"]);
    std::fs::remove_file(root.join("queries/weekly.sql")).unwrap();
    write(root, "catalog.yml", "consumers: {}\n");
    write(root, "db migrations/0003_phone.up.sql", "ALTER TABLE clients DROP COLUMN phone;\n");
    let (report, code, error) = check(root, &["--base", "main", "--policy", "base"]);
    assert_eq!((names(&report, "effects", "consumer"), code), (vec![String::from("weekly")], 1), "{error}");
}

#[test]
fn a_sign_off_that_the_branch_writes_itself_is_told() {
    let folder = repository();
    let root = folder.path();
    write(
        root,
        "catalog.yml",
        &format!("departments: {{ care: {{ name: Care }} }}\n{}", CATALOG.replace("    kind: report\n", "    kind: report\n    department: care\n")),
    );
    write(root, "db migrations/0003_phone.up.sql", "ALTER TABLE clients DROP COLUMN phone;\n");
    write(root, "db migrations/0003_phone.fieldgate.yml", "sign_offs: { care: { name: Ann, on: 2026-11-20 } }\n");
    let (report, _, error) = check(root, &["--base", "main", "--policy", "base"]);
    let told = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "sign-off-from-branch");
    assert!(told.is_some_and(|told| told["message"].as_str().unwrap().contains("care (Ann)")), "{report:#} {error}");
}

#[test]
fn nothing_that_is_said_beside_the_report_is_a_command() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "schema.sql", "CREATE TABLE t (id bigint);\n");
    write(folder.path(), "::error::x.sql", "SELECT 1;\n");
    write(folder.path(), "fieldgate.yml", "dialect: \"x\\n::error::y ##[error]z\"\n");
    let output = Command::new(env!("CARGO_BIN_EXE_fieldgate"))
        .args(["check", "--ddl", "schema.sql", "::error::x.sql"])
        .current_dir(folder.path())
        .env("GITHUB_ACTIONS", "true")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.is_empty() && !said.contains("##[") && !said.lines().any(|line| line.trim_start().starts_with("::")), "{said}");
}
