//! `init` in a folder that nobody has set up, and `investigate` when somebody says that something is broken.

use std::path::Path;
use std::process::Command;

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn fieldgate(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fieldgate")).args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn check_works_right_after_init_wherever_the_migrations_are() {
    const UP: &str = "CREATE TABLE clients (id bigint PRIMARY KEY, phone text);\n";
    const DOWN: &str = "DROP TABLE clients;\n";
    // Files of one tool, with what stands around the two directions.
    let own: &[(&str, &str, &str)] = &[
        ("dbmate", "db/migrations/20260101000000_start.sql", "-- migrate:up\n{up}-- migrate:down\n{down}"),
        ("goose", "migrations/00001_start.sql", "-- +goose Up\n{up}-- +goose Down\n{down}"),
        ("Liquibase", "db/changelog/001.sql", "--liquibase formatted sql\n--changeset ann:1\n{up}--rollback {down}"),
        ("sqlx", "migrations/20260101000000_start.up.sql", "{up}"),
        ("Sqitch", "deploy/start.sql", "BEGIN;\n{up}COMMIT;\n"),
    ];
    for (name, file, text) in own {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), file, &text.replace("{up}", UP).replace("{down}", DOWN));
        if *name == "Sqitch" {
            write(folder.path(), "sqitch.plan", "%syntax-version=1.0.0\n%project=w\n\nstart 2026-01-01T00:00:00Z Ann <ann@example.org> # start\n");
            write(folder.path(), "revert/start.sql", DOWN);
        }
        let (code, _, said) = fieldgate(folder.path(), &["init"]);
        assert_eq!(code, 0, "{name}: {said}");
        let (code, out, said) = fieldgate(folder.path(), &["check"]);
        assert_eq!(code, 0, "{name}: {out}{said}");
        assert!(std::fs::read_to_string(folder.path().join("warehouse/snapshot.yml")).unwrap().contains("clients"), "{name}");
    }
    let layouts: &[(&str, &[&str])] = &[
        ("nothing at all", &[]),
        ("golang-migrate", &["db/migrations/0001_start.up.sql", "db/migrations/0001_start.down.sql"]),
        ("Flyway", &["src/main/resources/db/migration/V1__start.sql"]),
        ("Diesel", &["migrations/2026-01-01-000000_start/up.sql", "migrations/2026-01-01-000000_start/down.sql"]),
        ("Prisma", &["prisma/migrations/20260101000000_start/migration.sql"]),
        ("a path with blanks", &["the warehouse/migrations/0001_start.sql"]),
    ];
    for (name, files) in layouts {
        let folder = tempfile::tempdir().unwrap();
        for file in *files {
            write(
                folder.path(),
                file,
                if file.contains("down") { "DROP TABLE clients;\n" } else { "CREATE TABLE clients (id bigint PRIMARY KEY, phone text);\n" },
            );
        }
        let (code, _, said) = fieldgate(folder.path(), &["init"]);
        assert_eq!(code, 0, "{name}: {said}");
        let (code, out, said) = fieldgate(folder.path(), &["check"]);
        assert_eq!(code, 0, "{name}: {out}{said}");
        let snapshot = std::fs::read_to_string(folder.path().join("warehouse/snapshot.yml")).unwrap();
        assert_eq!(snapshot.contains("clients"), !files.is_empty(), "{name}: {snapshot}");
        let (code, _, said) = fieldgate(folder.path(), &["init"]);
        assert_eq!(code, 2, "{name}: it begins only once: {said}");
    }
}

#[test]
fn init_writes_for_the_ci_it_sees_and_never_over_anything() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".github/dependabot.yml", "");
    write(folder.path(), "warehouse/catalog/catalog.yml", "# mine\n");
    write(folder.path(), "dbt/dbt_project.yml", "name: x\n");
    write(folder.path(), "dbt/models/a.sql", "SELECT 1\n");
    let (_, _, dry) = fieldgate(folder.path(), &["init", "--dry-run"]);
    assert!(dry.contains("would write: fieldgate.yml") && !folder.path().join("fieldgate.yml").exists(), "{dry}");
    let (code, _, said) = fieldgate(folder.path(), &["init"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("stays as it is: warehouse/catalog/catalog.yml") && said.contains("a dbt project in dbt/dbt_project.yml"), "{said}");
    assert_eq!(std::fs::read_to_string(folder.path().join("warehouse/catalog/catalog.yml")).unwrap(), "# mine\n");
    assert!(folder.path().join(".github/workflows/fieldgate.yml").is_file());
    assert!(said.contains("in place of OWNER/fieldgate@v0"), "{said}");

    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".gitlab-ci.yml", "");
    fieldgate(folder.path(), &["init"]);
    assert!(folder.path().join(".gitlab/fieldgate.yml").is_file() && !folder.path().join(".github").exists());
}

const CATALOG: &str = "departments: { intake: { name: Intake } }
consumers:
  weekly: { name: Weekly report, kind: report, department: intake, owner: { name: Maria Lopez }, sql: SELECT phone FROM public.clients }
  daily: { name: Daily list, kind: report, sql: SELECT id FROM public.clients }
";

fn repository(applied: &str, columns: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "fieldgate.yml", "migrations: [migrations]\nsnapshot: snapshot.yml\ncatalog: [catalog.yml]\n");
    write(root, "migrations/0001_start.up.sql", "CREATE TABLE public.clients (id bigint NOT NULL, phone text);\n");
    write(root, "migrations/0002_contact.up.sql", "ALTER TABLE public.clients RENAME COLUMN phone TO contact_phone;\n");
    write(root, "catalog.yml", CATALOG);
    let head = format!("version: 1\nsource: {{ kind: postgres, applied: [{applied}] }}\nschemas:\n  public:\n    tables:\n      clients:\n        columns:\n");
    write(root, "snapshot.yml", &format!("{head}          id: {{ type: bigint, not_null: true }}\n          {columns}: {{ type: text }}\n"));
    folder
}

#[test]
fn a_field_that_was_renamed_is_found_with_who_is_hit_and_the_way_back() {
    let folder = repository("0001_start, 0002_contact", "contact_phone");
    let (code, out, said) = fieldgate(folder.path(), &["investigate", "public.clients.phone"]);
    assert_eq!(code, 0, "{said}");
    for part in [
        "is not in the snapshot",
        "0002_contact: column public.clients.phone is renamed to contact_phone (migrations/0002_contact.up.sql:1)",
        "Weekly report (Intake, Maria Lopez): ",
        "RENAME COLUMN contact_phone TO phone",
        "We have heard that",
    ] {
        assert!(out.contains(part), "{part} in\n{out}");
    }
}

#[test]
fn a_broken_report_leads_to_the_migration() {
    let folder = repository("0001_start, 0002_contact", "contact_phone");
    let (code, out, said) = fieldgate(folder.path(), &["investigate", "weekly report"]);
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("It is real: by the snapshot Weekly report") && out.contains("0002_contact: column public.clients.phone is renamed"), "{out}");
}

#[test]
fn what_waits_is_told_as_waiting() {
    let folder = repository("0001_start", "phone");
    let (_, out, said) = fieldgate(folder.path(), &["investigate", "public.clients.phone"]);
    assert!(out.contains("is in the snapshot, with the type text") && out.contains("renamed to contact_phone (it waits, by the snapshot)"), "{out}{said}");
    assert!(out.contains("- Weekly report (Intake, Maria Lopez)\n") && !out.contains("- Daily list"), "{out}");
    let (_, out, _) = fieldgate(folder.path(), &["investigate", "weekly"]);
    assert!(out.contains("By the snapshot Weekly report") && out.contains("0002_contact: column public.clients.phone is renamed"), "{out}");
    let (code, _, said) = fieldgate(folder.path(), &["investigate", "weeekly"]);
    assert_eq!(code, 2);
    assert!(said.contains("did you mean `weekly`?"), "{said}");
}
