//! Reports as those see them who take them: GitHub's code scanning, GitLab, reviewdog, JUnit's readers, and a person with a browser.
//!
//! The shapes are checked by `check-jsonschema` against schemas of our own that say what each taker demands; the page is opened in Chromium at three
//! sizes, printed, and looked over by axe. `tests/run` installs all of it into `target/test-tools`.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A tool of `target/test-tools`, or of the PATH; `None` when the tests may pass without.
fn tool(inside: &str, names: &[&str]) -> Option<PathBuf> {
    let installed = root().join("target/test-tools").join(inside);
    let on_path = || {
        let folders: Vec<PathBuf> = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
        names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
    };
    let found = Some(installed).filter(|file| !inside.is_empty() && file.exists()).or_else(on_path);
    if found.is_none() {
        let help = format!("{} is not here: `tests/run` installs it", names.first().unwrap_or(&inside));
        let may_pass = |variable: &str| std::env::var_os(variable).is_some_and(|value| value == "1");
        assert!(
            may_pass("FIELDGATE_TESTS_WITHOUT_TOOLS") || may_pass("FIELDGATE_TESTS_WITHOUT_BROWSER"),
            "{help}; FIELDGATE_TESTS_WITHOUT_TOOLS=1 lets this test pass unrun"
        );
        eprintln!("\nNOT TESTED: {help}\n");
    }
    found
}

/// The example and a hostile case, judged and written in every format.
fn written() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let hostile = folder.path().join("hostile case");
    std::fs::create_dir_all(hostile.join("queries")).unwrap();
    std::fs::write(hostile.join("schema.sql"), "CREATE TABLE clients (id bigint PRIMARY KEY, \"</script><b>\" text);\n").unwrap();
    std::fs::write(
        hostile.join("queries/we$(id) 'ekly.sql"),
        "-- name: \"><img src=x onerror=alert(1)> @team ::error::\nSELECT \"</script><b>\" FROM clients;\n",
    )
    .unwrap();
    std::fs::write(hostile.join("up 1.sql"), "/* ]]> ::error::x ``` <!-- */ ALTER TABLE clients DROP COLUMN \"</script><b>\"; DO 'x';\n").unwrap();
    for (name, place, arguments) in
        [("example", root().join("fixtures/example"), vec![]), ("hostile", hostile, vec!["--ddl", "schema.sql", "--query-dir", "queries", "up 1.sql"])]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fieldgate"));
        command.args(["check", "--now", "2026-11-22"]).args(arguments).current_dir(place);
        for (format, ending) in
            [("sarif", "sarif.json"), ("gitlab", "gitlab.json"), ("rdjson", "rdjson.json"), ("junit", "junit.xml"), ("html", "html"), ("comment", "md")]
        {
            command.arg(format!("--output={format}={}", folder.path().join(format!("{name}.{ending}")).display()));
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    }
    folder
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}\n{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

#[test]
fn documents_have_the_shape_that_their_takers_demand() {
    let Some(checker) = tool("python/bin/check-jsonschema", &["check-jsonschema"]) else { return };
    let folder = written();
    for format in ["sarif", "gitlab", "rdjson"] {
        for case in ["example", "hostile"] {
            let schema = root().join(format!("tests/reports/{format}.schema.json"));
            succeeds(Command::new(&checker).arg("--schemafile").arg(schema).arg(folder.path().join(format!("{case}.{format}.json"))));
        }
    }
    let fingerprints = |name: &str, pointer: &str| -> Vec<String> {
        let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let list = document.pointer(pointer).unwrap().as_array().unwrap();
        list.iter().map(|one| one.get("fingerprint").or(one.pointer("/partialFingerprints/primaryLocationLineHash")).unwrap().to_string()).collect()
    };
    for (name, pointer) in [("example.gitlab.json", ""), ("example.sarif.json", "/runs/0/results"), ("hostile.gitlab.json", "")] {
        let all = fingerprints(name, pointer);
        let different: std::collections::BTreeSet<&String> = all.iter().collect();
        assert!(!all.is_empty() && different.len() == all.len(), "{name}: equal fingerprints collapse into one");
    }
}

/// What Microsoft's validator says of a document by the rules that GitHub asks for: the name of each rule that is broken.
fn broken_rules(validator: &Path, document: &Path) -> Vec<String> {
    let out = document.with_extension("validated");
    let mut command = Command::new(validator);
    command.arg("validate").arg(document).args(["--rule-kind", "Ghas", "--level", "Error;Warning;Note", "--log", "ForceOverwrite"]).arg("--output").arg(&out);
    // Its exit status is no answer: what it found stands in the file.
    let output = command.output().unwrap();
    let said = || format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&out).unwrap_or_else(|_| panic!("{}", said()));
    let found: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    assert_eq!(found["runs"][0]["tool"]["driver"]["name"], "Sarif.Multitool", "{}", said());
    let results = found["runs"][0]["results"].as_array().cloned().unwrap_or_default();
    results.iter().map(|result| result["ruleId"].as_str().unwrap_or("").to_owned()).collect()
}

#[test]
fn code_scanning_takes_the_document_by_its_own_rules() {
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    let Some(validator) = tool(&format!("node/node_modules/@microsoft/sarif-multitool-{system}/Sarif.Multitool"), &["Sarif.Multitool"]) else { return };
    let folder = written();
    for case in ["example", "hostile"] {
        // The validator wants the ending.
        let path = folder.path().join(format!("{case}.sarif"));
        std::fs::copy(folder.path().join(format!("{case}.sarif.json")), &path).unwrap();
        assert_eq!(broken_rules(&validator, &path), Vec::<String>::new(), "{case}");
    }
    let path = folder.path().join("without-help.sarif");
    let text = std::fs::read_to_string(folder.path().join("example.sarif.json")).unwrap().replace("\"help\":", "\"hlp\":");
    std::fs::write(&path, text).unwrap();
    assert!(broken_rules(&validator, &path).contains(&String::from("GH2012")), "a validator that finds nothing would be seen");
}

#[test]
fn a_checker_that_finds_nothing_would_be_seen() {
    let Some(checker) = tool("python/bin/check-jsonschema", &["check-jsonschema"]) else { return };
    let folder = written();
    let path = folder.path().join("example.sarif.json");
    let text = std::fs::read_to_string(&path).unwrap().replace("\"primaryLocationLineHash\"", "\"other\"");
    std::fs::write(&path, text).unwrap();
    let output = Command::new(checker).arg("--schemafile").arg(root().join("tests/reports/sarif.schema.json")).arg(&path).output().unwrap();
    assert!(!output.status.success());
}

#[test]
fn junit_is_read_by_a_reader_of_xml() {
    let Some(python) = tool("python/bin/python", &["python3"]) else { return };
    let folder = written();
    for case in ["example", "hostile"] {
        succeeds(Command::new(&python).arg(root().join("tests/reports/junit.py")).arg(folder.path().join(format!("{case}.junit.xml"))));
    }
}

#[test]
fn the_page_is_sound_in_a_browser() {
    let (Some(node), Some(chromium)) = (tool("", &["node"]), tool("", &["chromium", "chromium-browser", "google-chrome"])) else { return };
    let Some(modules) = tool("node/node_modules", &["node_modules with axe-core and puppeteer-core"]) else { return };
    let folder = written();
    for case in ["example", "hostile"] {
        let script = root().join("tests/reports/browser.cjs");
        succeeds(Command::new(&node).arg(script).arg(folder.path().join(format!("{case}.html"))).arg(&chromium).env("NODE_PATH", &modules));
    }
}

#[test]
fn workflows_and_the_action_are_sound() {
    let folder = root();
    let workflows = [".github/workflows/ci.yml", ".github/workflows/release.yml", "docs/workflows/github.yml"];
    if let Some(checker) = tool("python/bin/check-jsonschema", &["check-jsonschema"]) {
        succeeds(Command::new(&checker).args(["--builtin-schema", "vendor.github-actions", "action.yml"]).current_dir(&folder));
        succeeds(Command::new(&checker).args(["--builtin-schema", "vendor.github-workflows"]).args(workflows).current_dir(&folder));
        succeeds(Command::new(&checker).args(["--builtin-schema", "vendor.gitlab-ci", "docs/workflows/gitlab.yml"]).current_dir(&folder));
    }
    if let Some(actionlint) = tool("python/bin/actionlint", &["actionlint"]) {
        succeeds(Command::new(actionlint).arg("-oneline").args(workflows).current_dir(&folder));
    }
    if let Some(zizmor) = tool("python/bin/zizmor", &["zizmor"]) {
        succeeds(Command::new(zizmor).args(["--offline", "action.yml"]).args(workflows).current_dir(&folder));
    }
}

/// Nothing of what is given to the action stands in the text of a command.
#[test]
fn inputs_reach_the_program_only_through_the_environment() {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let runs: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with("run:")).collect();
    assert_eq!(runs.len(), 3);
    assert!(runs.iter().all(|line| !line.contains("${{")), "{runs:?}");
    assert!(!text.contains("pull_request_target:") && Path::new(&root()).join("action/checksums.txt").is_file());
}
