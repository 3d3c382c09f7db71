//! The binary as a person meets it: bad input is shown at its place, with the way out and the right exit code.

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
        allowed here: dialect, migrations, snapshot, catalog, rules, search_path, gate, levels,
        runner, organisation",
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
    for kind in ["config", "catalog", "change"] {
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
