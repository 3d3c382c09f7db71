//! The binary as a person meets it: bad input is shown at its place, with the way out and the right exit code.

#[path = "cli/imports.rs"]
mod imports;

use std::path::Path;
use std::process::{Command, Output};

/// A folder of files to run in.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("", arguments)
    }

    fn run_in(&self, inside: &str, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fieldgate"));
        command.current_dir(self.path().join(inside)).args(arguments);
        for variable in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "SOURCE_DATE_EPOCH"] {
            command.env_remove(variable);
        }
        Ran::of(command.output().unwrap())
    }
}

/// What came out.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    fn ends_with(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(self.err.contains(part), "`{part}` is not in stderr:\n{}", self.err);
        }
        self
    }

    #[track_caller]
    fn err_is(&self, expected: &str) -> &Self {
        assert_eq!(self.err.trim_end(), expected.trim_end(), "stderr was:\n{}", self.err);
        self
    }

    #[track_caller]
    fn out_is(&self, expected: &str) -> &Self {
        assert_eq!(self.out, expected);
        self
    }
}

const CATALOG: &str = "departments:\n  care: { name: Client Care }\nconsumers:\n  weekly: { kind: report, department: care, reads: app.clients.phone }\n";

#[test]
fn help_and_version_go_to_stdout() {
    let folder = Folder::new(&[]);
    let help = folder.run(&["--help"]);
    help.ends_with(0).err_is("");
    assert!(help.out.contains("Exit codes:"));
    folder.run(&["--version"]).ends_with(0).out_is(concat!("fieldgate ", env!("CARGO_PKG_VERSION"), "\n"));
    folder.run(&[]).ends_with(2).out_is("");
    folder.run(&["catalog", "validat"]).ends_with(2).says(&["a similar subcommand exists: 'validate'"]);
}

#[test]
fn a_sound_catalog_is_counted() {
    let folder = Folder::new(&[("fieldgate.yml", "catalog: [catalog]\n"), ("catalog/all.yml", CATALOG), ("deep/in/here.txt", "")]);
    folder.run(&["catalog", "validate"]).ends_with(0).err_is("").out_is("1 departments, 0 fields, 1 consumers: no fault\n");
    // The settings are found from below, and their paths are theirs.
    folder.run_in("deep/in", &["catalog", "validate"]).ends_with(0).out_is("1 departments, 0 fields, 1 consumers: no fault\n");
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_word() {
    let folder = Folder::new(&[("fieldgate.yml", "dialect: postgres\ncatlog: [catalog]\n")]);
    folder.run(&["catalog", "validate"]).ends_with(2).out_is("").err_is(
        "yaml-unknown-key

  × unknown key `catlog`
   ╭─[fieldgate.yml:2:1]
 1 │ dialect: postgres
 2 │ catlog: [catalog]
   · ──────
   ╰────
  help: did you mean `catalog`?
        allowed here: dialect, migrations, snapshot, catalog, rules, baseline, search_path, gate,
        levels, runner, organisation, notices",
    );
}

#[test]
fn every_setting_is_checked_at_its_place() {
    let text = "dialect: postgress\nmigrations: [{ path: m, layout: flywya }]\ngate: { fail_on: errors }\nlevels: { a: of, \"[\": { b: error } }\n\
                runner: { lock_timeout: 5 sec, transaction: one }\norganisation: { time_zone: America/New_Yorc, language: en_US, help: { email: x } }\n";
    let folder = Folder::new(&[("fieldgate.yml", text)]);
    folder.run(&["catalog", "validate"]).ends_with(2).says(&[
        "the dialect `postgress` is not known",
        "did you mean `postgres`?",
        "the layout `flywya` is not known",
        "did you mean `flyway`?",
        "`of` is no level",
        "`[` is no path pattern",
        "`errors` is not known here",
        "fieldgate.yml:3:18",
        "`one` is not known here",
        "the time zone `America/New_Yorc` is not known",
        "`en_US` is no language tag",
        "`x` is no e-mail address",
        "9 problems: nothing was judged",
    ]);
}

#[test]
fn a_length_of_time_needs_a_unit_that_the_server_knows() {
    let folder = Folder::new(&[("fieldgate.yml", "runner: { lock_timeout: 5 sec }\n")]);
    folder.run(&["catalog", "validate"]).ends_with(2).says(&["`5 sec` is no length of time", "fieldgate.yml:1:25", "500ms, 5s, 15min, 1h"]);
}

#[test]
fn invalid_yaml_is_shown_where_it_breaks() {
    let folder = Folder::new(&[("fieldgate.yml", "dialect: postgres\ncatalog: [a, b\ngate: {}\n")]);
    folder.run(&["catalog", "validate"]).ends_with(2).out_is("").says(&["yaml-invalid", "fieldgate.yml:3:"]);
}

#[test]
fn a_missing_settings_file_is_named() {
    let folder = Folder::new(&[]);
    folder.run(&["catalog", "validate", "--config", "nowhere.yml"]).ends_with(2).says(&["file-not-found", "cannot read nowhere.yml"]);
    folder.run(&["catalog", "validate"]).ends_with(2).says(&["there is no catalog to look at", "--catalog PATH"]);
}

#[test]
fn a_missing_catalog_is_shown_where_it_is_named() {
    let folder = Folder::new(&[("fieldgate.yml", "catalog: [gone]\n")]);
    folder.run(&["catalog", "validate"]).ends_with(2).says(&["there is no catalog at gone", "fieldgate.yml:1:11"]);
    let folder = Folder::new(&[("fieldgate.yml", "catalog: c.yml\n"), ("c.yml", "consumers:\n  a: { kind: report, sql_file: q/a.sql }\n")]);
    folder.run(&["catalog", "validate"]).ends_with(2).says(&["cannot read q/a.sql", "c.yml:2:32", "relative to the folder of this catalog file"]);
}

#[test]
fn an_unknown_department_is_refused_with_the_nearest_one() {
    let folder = Folder::new(&[("c.yml", &CATALOG.replace("department: care", "department: crae"))]);
    folder.run(&["catalog", "validate", "--catalog", "c.yml"]).ends_with(2).err_is(
        "catalog-unknown-department

  × there is no department `crae`
   ╭─[c.yml:4:39]
 3 │ consumers:
 4 │   weekly: { kind: report, department: crae, reads: app.clients.phone }
   ·                                       ────
   ╰────
  help: did you mean `care`?
        allowed here: care
        departments are declared under `departments:` in any file of the catalog",
    );
}

#[test]
fn two_consumers_with_one_id_are_shown_at_both_places() {
    let folder = Folder::new(&[("c/a.yml", CATALOG), ("c/b.yml", "consumers:\n  weekly: { kind: export, reads: app.gifts }\n")]);
    folder.run(&["catalog", "validate", "--catalog", "c"]).ends_with(2).says(&[
        "the consumer `weekly` is declared twice",
        "c/b.yml:2:3",
        "first here",
        "c/a.yml:4:3",
    ]);
    let folder = Folder::new(&[("c.yml", "consumers:\n  x: { kind: report, reads: a.b }\n  x: { kind: report, reads: a.b }\n")]);
    folder.run(&["catalog", "validate", "--catalog", "c.yml"]).ends_with(2).says(&["`x` stands twice", "c.yml:3:3", "first here"]);
}

#[test]
fn a_text_that_is_not_utf_8_is_refused() {
    let folder = Folder::new(&[]);
    folder.write("c.yml", b"departments:\n  caf\xe9: { name: x }\n");
    folder
        .run(&["catalog", "validate", "--catalog", "c.yml"])
        .ends_with(2)
        .says(&["c.yml is not UTF-8 text: byte 18 (0-based) on line 2", "save the file as UTF-8"]);
}

#[test]
fn a_file_of_a_hundred_megabytes_is_refused_and_not_read() {
    let folder = Folder::new(&[]);
    let file = std::fs::File::create(folder.path().join("c.yml")).unwrap();
    file.set_len(100 * 1024 * 1024).unwrap();
    folder.run(&["catalog", "validate", "--catalog", "c.yml"]).ends_with(2).says(&["c.yml is too large: 104857600 bytes", "fieldgate reads at most 67108864"]);
}

#[test]
fn queries_in_a_folder_are_consumers() {
    let folder = Folder::new(&[("q/one.sql", "-- department: Finance\n-- ownr: x\nSELECT 1;\n"), ("q/two.sql", "SELECT 2;\n")]);
    folder
        .run(&["catalog", "validate", "--query-dir", "q"])
        .ends_with(0)
        .says(&["`ownr` is not read; did you mean `owner`?"])
        .out_is("1 departments, 0 fields, 2 consumers: no fault\n");
    folder.run(&["-q", "catalog", "validate", "--query-dir", "q"]).ends_with(0).err_is("");
    folder.run(&["catalog", "validate", "--query-dir", "none"]).ends_with(2).says(&["cannot read the folder none"]);
}

#[test]
fn coverage_is_the_same_on_every_day_that_is_called_now() {
    let text = "departments: { care: { name: Care } }\nconsumers:\n  old: { kind: report, department: care, reads: a.b, last_checked: 2026-01-01 }\n";
    let folder = Folder::new(&[("c.yml", text)]);
    let run = |now: &str| folder.run(&["catalog", "coverage", "--catalog", "c.yml", "--format", "json", "--now", now]);
    let seen: serde_json::Value = serde_json::from_str(&run("2026-11-22").ends_with(0).out).unwrap();
    assert_eq!(seen["stale"], serde_json::json!([{ "consumer": "old", "days": 325 }]));
    let seen: serde_json::Value = serde_json::from_str(&run("2026-01-02T00:00:00Z").ends_with(0).out).unwrap();
    assert_eq!(seen["stale"], serde_json::json!([]));
    run("yesterday").ends_with(2).says(&["invalid value 'yesterday'"]);
}

#[test]
fn colour_comes_when_it_is_asked_for() {
    let folder = Folder::new(&[("fieldgate.yml", "x: 1\n")]);
    assert!(folder.run(&["catalog", "validate", "--color", "always"]).ends_with(2).err.contains('\u{1b}'));
    assert!(!folder.run(&["catalog", "validate"]).ends_with(2).err.contains('\u{1b}'));
}

#[test]
fn schemas_completions_and_pages_are_printed() {
    let folder = Folder::new(&[]);
    for kind in ["config", "catalog", "change", "snapshot", "rule", "report"] {
        let schema = folder.run(&["schema", kind]);
        assert!(serde_json::from_str::<serde_json::Value>(&schema.ends_with(0).out).is_ok());
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(folder.run(&["completions", shell]).ends_with(0).out.contains("fieldgate"));
    }
    assert!(folder.run(&["man"]).ends_with(0).out.contains(".TH"));
    folder.run(&["man", "--output-dir", "pages"]).ends_with(0);
    assert!(folder.path().join("pages/fieldgate-catalog.1").is_file());
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = Folder::new(&[("taken", "")]);
    folder.run(&["schema", "config", "--output", "out/config.schema.json"]).ends_with(0).out_is("");
    assert!(folder.path().join("out/config.schema.json").is_file());
    folder.run(&["schema", "config", "--output", "taken/config.schema.json"]).ends_with(2).says(&["error: cannot write taken/config.schema.json"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left behind");
}

const SNAPSHOT: &str = "version: 1
source: { kind: postgres, database: warehouse, applied: [0001_first] }
schemas:
  app:
    tables:
      clients:
        columns:
          id: { type: bigint, not_null: true }
          phone: { type: text }
";

const SETTINGS: &str = "migrations: [migrations]\nsnapshot: snapshot.yml\ncatalog: [catalog.yml]\n";

/// A small repository with the migrations that are given.
fn repository(migrations: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(&[("fieldgate.yml", SETTINGS), ("snapshot.yml", SNAPSHOT), ("catalog.yml", CATALOG)]);
    for (path, text) in migrations {
        folder.write(&format!("migrations/{path}"), text.as_bytes());
    }
    folder
}

#[test]
fn a_harmless_change_passes() {
    let folder = repository(&[
        ("0002_add.up.sql", "ALTER TABLE app.clients ADD COLUMN zip text;\n"),
        ("0002_add.down.sql", "ALTER TABLE app.clients DROP COLUMN zip;\n"),
    ]);
    folder.run(&["check"]).ends_with(0);
    // From below, the same; the paths are those of the settings.
    folder.run_in("migrations", &["check"]).ends_with(0);
}

#[test]
fn a_broken_consumer_blocks_and_every_output_is_written() {
    let folder = repository(&[("0002_drop.up.sql", "ALTER TABLE app.clients DROP COLUMN phone;\n")]);
    let ran = folder.run(&["check", "--format", "json", "--output", "text=out/gate.txt", "--output", "md=out/gate.md"]);
    let report: serde_json::Value = serde_json::from_str(&ran.ends_with(1).out).unwrap();
    assert_eq!((&report["verdict"], &report["effects"][0]["consumer"], &report["effects"][0]["effect"]), (&"block".into(), &"weekly".into(), &"breaks".into()));
    assert_eq!(std::fs::read_dir(folder.path().join("out")).unwrap().count(), 2);
    folder.run(&["check", "--output", "html"]).ends_with(2);
    folder.run(&["check", "--output", "jsn=x"]).ends_with(2);
    folder.run(&["check", "--fail-on", "never", "-q"]).ends_with(0);
}

#[test]
fn a_migration_that_is_empty_or_only_comments_finds_nothing() {
    for text in ["", "\n\n", "-- nothing yet\n/* later */\n", "\u{feff}-- with a mark\r\n"] {
        let folder = repository(&[("0002_later.up.sql", text)]);
        let ran = folder.run(&["check", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&ran.ends_with(0).out).unwrap();
        assert_eq!(report["changes"], serde_json::json!([]), "{text:?}");
    }
}

#[test]
fn migrations_that_cannot_be_read_end_the_run() {
    let folder = repository(&[("notes.md", "")]);
    folder.run(&["check"]).ends_with(2).out_is("").says(&["no-migrations", "there is no migration in the folder migrations", "fieldgate.yml:1:14"]);
    folder.run(&["check", "gone.sql"]).ends_with(2).says(&["there is no file or folder gone.sql"]);
    folder.run(&["check", "migrations/*.sql"]).ends_with(2).says(&["no file matches migrations/*.sql"]);
    folder.write("latin.sql", b"-- caf\xe9\nSELECT 1;\n");
    folder.run(&["check", "latin.sql"]).ends_with(2).says(&["latin.sql is not UTF-8 text: byte 6 (0-based) on line 1"]);
    folder.write("binary.sql", b"SELECT 1;\0\n");
    folder.run(&["check", "binary.sql"]).ends_with(2).says(&["binary.sql holds a NUL character"]);
    std::fs::File::create(folder.path().join("huge.sql")).unwrap().set_len(100 * 1024 * 1024).unwrap();
    folder.run(&["check", "huge.sql"]).ends_with(2).says(&["huge.sql is too large: 104857600 bytes", "keep schema changes in a file of their own"]);
}

#[test]
fn a_snapshot_that_cannot_be_used_ends_the_run() {
    let change = [("0002_add.up.sql", "ALTER TABLE app.clients ADD COLUMN zip text;\n")];
    let folder = repository(&change);
    folder.write("snapshot.yml", SNAPSHOT.replace("version: 1", "version: 2").as_bytes());
    folder.run(&["check"]).ends_with(2).out_is("").says(&[
        "this snapshot has format version 2, and this fieldgate reads version 1",
        "snapshot.yml:1:10",
        "install a newer fieldgate",
    ]);
    folder.write("snapshot.yml", SNAPSHOT.replace("not_null", "notnull").as_bytes());
    folder.run(&["check"]).ends_with(2).says(&["unknown key `notnull`", "snapshot.yml:8:31", "did you mean `not_null`?"]);
    std::fs::remove_file(folder.path().join("snapshot.yml")).unwrap();
    folder.run(&["check"]).ends_with(2).says(&["cannot read snapshot.yml", "fieldgate.yml:2:11"]);
    folder.write("fieldgate.yml", b"migrations: [migrations]\n");
    folder.run(&["check"]).ends_with(2).says(&["no-schema", "--snapshot FILE", "--ddl"]);
}

#[test]
fn a_change_record_is_checked_like_everything_else() {
    let folder =
        repository(&[("0002_add.up.sql", "SELECT 1;\n"), ("0002_add.fieldgate.yml", "change: CHG-2\nsign_offs: { caer: { name: Ann, on: 2026-11-01 } }\n")]);
    folder.run(&["check"]).ends_with(2).says(&["there is no department `caer`", "migrations/0002_add.fieldgate.yml:2:14", "did you mean `care`?"]);
    folder.write("migrations/0002_add.fieldgate.yml", b"change: CHG-2\nreson: because\nwindow: { start: 2026-12-08 18:00, end: soon }\n");
    folder.run(&["check"]).ends_with(2).says(&["unknown key `reson`", "did you mean `reason`?"]);
    folder.write("migrations/0002_add.fieldgate.yml", b"window: { start: 2026-12-08 18:00, end: soon }\n");
    folder.run(&["check"]).ends_with(2).says(&["does not say in which time zone", "`soon` is no date and time", "0002_add.fieldgate.yml:1:41"]);
    std::fs::remove_file(folder.path().join("migrations/0002_add.fieldgate.yml")).unwrap();
    folder.write("migrations/0002_ad.fieldgate.yml", b"change: CHG-2\n");
    folder.run(&["check"]).ends_with(0).says(&["stands beside no migration", "did you mean `0002_add`?"]);
}

#[test]
fn a_rule_that_does_not_exist_is_refused_with_the_nearest_one() {
    let folder = repository(&[("0002_add.up.sql", "SELECT 1;\n")]);
    folder.write("fieldgate.yml", format!("{SETTINGS}levels: {{ column-droped: off }}\n").as_bytes());
    folder.run(&["check"]).ends_with(2).says(&["there is no rule `column-droped`", "fieldgate.yml:4:11", "did you mean `column-dropped`?"]);
}

#[test]
fn what_is_applied_is_left_out_unless_it_is_asked_for() {
    let folder = repository(&[
        ("0001_first.up.sql", "ALTER TABLE app.clients DROP COLUMN phone;\n"),
        ("0002_add.up.sql", "ALTER TABLE app.clients ADD COLUMN zip text;\n"),
    ]);
    folder.run(&["check"]).ends_with(0);
    folder.run(&["check", "--all"]).ends_with(1);
    folder.run(&["check", "migrations/0001_first.up.sql"]).ends_with(1);
}

#[test]
fn what_is_not_understood_is_never_passed_over() {
    let folder = repository(&[("0002_odd.up.sql", "ALTER TABLE app.clients FROBNICATE COLUMN phone;\n")]);
    folder.run(&["check"]).ends_with(3);
    folder.run(&["check", "--not-judged", "off"]).ends_with(0);
    let deep = format!("CREATE VIEW app.v AS SELECT {}1{};\n", "(".repeat(10_000), ")".repeat(10_000));
    let folder = repository(&[("0002_deep.up.sql", &deep)]);
    folder.run(&["check"]).ends_with(3);
    // A schema that is only half understood is no ground to stand on.
    let folder = Folder::new(&[
        ("ddl.sql", "CREATE SCHEMA app;\nCREATE TABLE app.t (a int);\nALTER TABLE app.t FROBNICATE;\n"),
        ("up.sql", "ALTER TABLE app.t ADD COLUMN b int;\n"),
    ]);
    folder.run(&["check", "--ddl", "ddl.sql", "up.sql"]).ends_with(3).says(&["ddl-not-understood", "ddl.sql:3:1"]);
    folder.run(&["snapshot", "build", "--ddl", "ddl.sql"]).ends_with(3);
}

#[test]
fn a_consumer_that_did_not_work_before_is_not_blamed_on_the_migration() {
    let folder =
        Folder::new(&[("ddl.sql", "CREATE TABLE t (a int);\n"), ("q/old.sql", "SELECT gone FROM t;\n"), ("up.sql", "ALTER TABLE t ADD COLUMN b int;\n")]);
    let ran = folder.run(&["check", "--ddl", "ddl.sql", "--query-dir", "q", "--format", "json", "up.sql"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((report["effects"].as_array().map(Vec::len), &report["broken_before"][0]["consumer"]), (Some(0), &"old".into()), "{}", ran.out);
}

#[test]
fn a_snapshot_is_built_from_ddl_and_migrations() {
    let folder =
        Folder::new(&[("before.sql", "CREATE TABLE public.t (a integer NOT NULL);\n"), ("0001_b/up.sql", "ALTER TABLE t ADD COLUMN b varchar(20);\n")]);
    let ran = folder.run(&["snapshot", "build", "--ddl", "before.sql", "--apply", "0001_b/up.sql", "--format", "json"]);
    let built: serde_json::Value = serde_json::from_str(&ran.ends_with(0).out).unwrap();
    let columns = &built["schemas"]["public"]["tables"]["t"]["columns"];
    assert_eq!((&columns["a"]["not_null"], &columns["b"]["type"]), (&true.into(), &"character varying(20)".into()));
    folder.run(&["snapshot", "build", "--ddl", "before.sql", "--output", "w/snapshot.yml"]).ends_with(0).out_is("");
    // What is written can be read.
    folder.run(&["check", "--snapshot", "w/snapshot.yml", "0001_b/up.sql"]).ends_with(0);
    folder.run(&["snapshot", "build", "--ddl", "none.sql"]).ends_with(2).says(&["cannot read none.sql"]);
}

const KNOWN_SCHEMA: &str = "CREATE SCHEMA app;\nCREATE TABLE app.clients (id bigint PRIMARY KEY, phone text, fax text);\n";
const TWO_DEPARTMENTS: &str = "departments: { client-services: { name: Client Services }, finance: { name: Finance } }\nconsumers:\n  \
    call-list: { name: Call list, kind: report, department: client-services, sql: \"SELECT id, phone FROM app.clients\" }\n  \
    feed: { name: Feed, kind: export, department: finance, sql: \"SELECT fax FROM app.clients\" }\n";

fn two_departments(settings: &str, migration: &str) -> Folder {
    Folder::new(&[
        ("fieldgate.yml", &format!("catalog: [catalog]\nmigrations: [migrations]\n{settings}")),
        ("schema.sql", KNOWN_SCHEMA),
        ("catalog/all.yml", TWO_DEPARTMENTS),
        ("migrations/0001_a.sql", migration),
    ])
}

const CHECK: &[&str] = &["check", "--ddl", "schema.sql", "--now", "2026-11-22"];

#[test]
fn a_baseline_holds_what_was_there_and_only_shrinks() {
    let folder = two_departments("baseline: known.yml\n", "ALTER TABLE app.clients DROP COLUMN phone;\n");
    assert!(folder.run(CHECK).ends_with(2).err.contains("--write-baseline"), "a missing baseline says how to write it");
    let write: Vec<&str> = CHECK.iter().copied().chain(["--write-baseline"]).collect();
    folder.run(&write).ends_with(0);
    assert!(folder.run(CHECK).ends_with(0).out.contains("1 known in the baseline"));
    // A new finding blocks, and writing again does not take it in.
    folder.write("migrations/0002_b.sql", b"ALTER TABLE app.clients DROP COLUMN fax;\n");
    folder.run(CHECK).ends_with(1);
    folder.run(&write).ends_with(1);
    folder.run(CHECK).ends_with(1);
    // What is gone is told, and taken out.
    std::fs::remove_file(folder.path().join("migrations/0002_b.sql")).unwrap();
    folder.write("migrations/0001_a.sql", b"-- nothing\n");
    assert!(folder.run(CHECK).ends_with(0).out.contains("No longer found"));
    folder.run(&write).ends_with(0);
    assert!(std::fs::read_to_string(folder.path().join("known.yml")).unwrap().ends_with("findings: []\n"));
}

#[test]
fn departments_accept_what_hits_them_and_nothing_else() {
    let folder = two_departments("", "ALTER TABLE app.clients DROP COLUMN phone, DROP COLUMN fax;\n");
    folder.run(CHECK).ends_with(1);
    folder.write("migrations/0001_a.fieldgate.yml", b"sign_offs:\n  client-services: { name: Maria Lopez, on: 2026-11-19 }\n");
    let one = folder.run(CHECK);
    assert!(one.ends_with(1).out.contains("accepted: Maria Lopez for Client Services on 2026-11-19"), "{}", one.out);
    let both = "sign_offs:\n  client-services: { name: Maria Lopez, on: 2026-11-19 }\n  finance: { name: Ann Bee, on: 2026-11-20, effects: [{ consumer: feed, field: FIELD }] }\n";
    folder.write("migrations/0001_a.fieldgate.yml", both.replace("FIELD", "app.clients.phone").as_bytes());
    assert!(folder.run(CHECK).ends_with(1).out.contains("sign-off-for-nothing"));
    folder.write("migrations/0001_a.fieldgate.yml", both.replace("FIELD", "app.clients.fax").as_bytes());
    assert!(folder.run(CHECK).ends_with(0).out.contains("2 accepted by departments"));
    // One that is dated ahead lifts nothing.
    folder.write("migrations/0001_a.fieldgate.yml", both.replace("FIELD", "app.clients.fax").replace("2026-11-20", "2026-12-20").as_bytes());
    folder.run(CHECK).ends_with(1);
}

#[test]
fn own_rules_are_tried_and_a_wrong_example_is_told_with_what_was_found() {
    let rule = "title: T\nfamily: contract\nfor: change\nkinds: [column_dropped]\nlevel: warning\nmessage: \"{column.name} goes\"\nwhy: |\n  W.\nexamples:\n  \
        - name: a column goes\n    schema: |\n      CREATE TABLE t (a int, b int);\n    migration: |\n      ALTER TABLE t DROP COLUMN b;\n    flagged: [1]\n  \
        - name: nothing goes\n    migration: |\n      CREATE TABLE t (a int);\n";
    let folder = Folder::new(&[("rules/own-column-goes.yml", rule), ("wrong/own-column-goes.yml", &rule.replace("flagged: [1]", "flagged: [2]"))]);
    assert!(folder.run(&["rules", "test", "rules"]).ends_with(0).out.contains("1 of 1 rule do what"));
    let wrong = folder.run(&["rules", "test", "wrong"]);
    assert!(wrong.ends_with(1).out.contains("line 2 is to be flagged, and line 1 is"), "{}", wrong.out);
    assert!(wrong.out.contains("column-dropped"), "everything that was found is told: {}", wrong.out);
}
