//! The simulation and a real PostgreSQL take the same statements: each is accepted or refused by both, with the same SQLSTATE,
//! and after every sequence both have the same schema (`schema::difference` of the model and of a live snapshot).
//!
//! Sequences are written by hand (`tests/differential/*.sql`, one file a topic) or made by chance out of a grammar (`tests/differential/grammar.txt`);
//! what the versions of the server take differently stands in `versions.sql` and is run on each version that is here. What is known to differ stands
//! in its file with a reason; a statement fails when it no longer differs. `FIELDGATE_DIFFERENTIAL_ONLY=views` takes the files whose name has that
//! word, `FIELDGATE_DIFFERENTIAL_EACH=1` compares the schemas after each statement where they differ at the end, `FIELDGATE_DIFFERENTIAL_TRACE=1`
//! shows the statements as they run.
//!
//! Without a PostgreSQL on the machine these tests fail, and say how to install one; `FIELDGATE_TESTS_WITHOUT_POSTGRES=1` lets them pass unrun.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test fails by panicking")]

#[path = "differential/comparison.rs"]
mod comparison;
#[path = "differential/generated.rs"]
mod generated;
#[path = "differential/grammar.rs"]
mod grammar;
#[path = "differential/sequence.rs"]
mod sequence;
#[path = "postgres/server.rs"]
mod server;
#[path = "differential/texts.rs"]
mod texts;
#[path = "differential/versions.rs"]
mod versions;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use comparison::Bench;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential");
    let only = std::env::var("FIELDGATE_DIFFERENTIAL_ONLY").unwrap_or_default();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql") && file.to_string_lossy().contains(&only));
    files.sort();
    files
}

#[test]
fn written_sequences_are_taken_as_the_server_takes_them() {
    let Some(server) = server::server() else { return };
    let (mut report, mut statements, mut unjudged) = (String::new(), 0, 0);
    for file in files() {
        let name = file.file_stem().unwrap().to_string_lossy().replace('-', "_");
        let mut bench = Bench::new(server, &format!("differential_{name}"));
        for sequence in sequence::read(&file) {
            let result = bench.run(&sequence);
            statements += sequence.statements.len();
            unjudged += result.unjudged;
            if !result.differences.is_empty() {
                let differences: Vec<String> = result.differences.iter().map(ToString::to_string).collect();
                writeln!(report, "{name}: {}\n{}", sequence.name, differences.join("\n")).unwrap();
            }
        }
        bench.finish();
    }
    eprintln!("{statements} statements, {unjudged} not judged");
    assert!(report.is_empty(), "{report}");
}

#[test]

fn generated_sequences_are_taken_as_the_server_takes_them() {
    // A server of its own: roles are shared by the databases of one.
    let Some(server) = server::Server::start() else { return };
    // The model takes a role that it does not know for one that may be there: those of the grammar are.
    server.connect("postgres").batch_execute("CREATE ROLE kept_1; CREATE ROLE kept_2; CREATE ROLE kept_3").unwrap();
    let mut bench = Bench::new(&server, "generated");
    let report = generated::run(&mut bench, &generated::Cases::asked(80));
    let refused = report.statements - report.accepted;
    eprintln!("{} statements, {} accepted, {} refused for another of several faults", report.statements, report.accepted, report.other_faults);
    assert!(report.text.is_empty(), "{}", report.text);
    assert!(report.other_faults * 10 < refused, "{} of {refused} refused statements are refused for another fault", report.other_faults);
}

/// What the versions of the server take differently: `versions.sql` in full; with `FIELDGATE_DIFFERENTIAL_VERSIONS=all` every file. Each version that is
/// on the machine, or that `tests/run` has fetched, is asked; the others are named.
#[test]
fn written_sequences_are_taken_as_other_versions_take_them() {
    let takes_all = std::env::var_os("FIELDGATE_DIFFERENTIAL_VERSIONS").is_some_and(|value| value == "all");
    let mut report = String::new();
    for version in versions::ASKED {
        let Some(binaries) = versions::binaries(version) else {
            eprintln!("NOT TESTED: PostgreSQL {version} is not here");
            continue;
        };
        let server = server::Server::of(binaries);
        let mut statements = 0;
        for file in files() {
            let name = file.file_stem().unwrap().to_string_lossy().replace('-', "_");
            if !takes_all && name != "versions" {
                continue;
            }
            let mut bench = Bench::new(&server, &format!("differential_{name}"));
            for sequence in sequence::read_for(&file, version) {
                let result = bench.run(&sequence);
                statements += result.statements;
                if !result.differences.is_empty() {
                    let differences: Vec<String> = result.differences.iter().map(ToString::to_string).collect();
                    writeln!(report, "PostgreSQL {version}, {name}: {}\n{}", sequence.name, differences.join("\n")).unwrap();
                }
            }
            bench.finish();
        }
        eprintln!("PostgreSQL {version}: {statements} statements");
    }
    assert!(report.is_empty(), "{report}");
}
