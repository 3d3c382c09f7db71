//! The lock table is what a real PostgreSQL does: each row's statement is run, and locks, rewrites and scans are looked at. A statement that no
//! transaction takes is run against a table that another session keeps from it, and the lock that it waits for is looked at.
//!
//! What is told of a statement is held against the server too: every statement of `lock_statements.sql` is judged on the model of the same tables.
//! `FIELDGATE_TEST_SERVERS` names more servers, other versions: connection words, separated by semicolons (`host=/tmp port=5512 user=postgres`).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fieldgate::dialect;
use fieldgate::hazard::{FIXTURE, LOCK_TABLE, LockMode, LockRow, LockSource, RunnerSettings, Scan, TableHazard, Work, assess};
use fieldgate::lineage::Session;
use fieldgate::migrate::{ScriptInput, TransactionMode, build, run as run_model};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;
use postgres::{Client, NoTls, SimpleQueryMessage};

use crate::server::server;

const RELATIONS: &str =
    "SELECT c.oid, c.relname, c.relkind, c.relfilenode FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'locks'";

/// What was seen of one relation.
#[derive(Debug, Default)]
struct Seen {
    lock: Option<LockMode>,
    rewritten: bool,
    read: bool,
    index_made: bool,
}

fn mode(name: &str) -> Option<LockMode> {
    let name = name.strip_suffix("Lock")?;
    LockMode::ALL.iter().copied().find(|mode| format!("{mode:?}") == name)
}

fn text(client: &mut Client, query: &str) -> Vec<Vec<String>> {
    let messages = client.simple_query(query).unwrap();
    messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|column| row.get(column).unwrap_or("").to_owned()).collect()),
            _ => None,
        })
        .collect()
}

/// Sequential reads so far, by table.
fn reads(client: &mut Client) -> BTreeMap<String, i64> {
    let rows = text(client, "SELECT relid::regclass::text, seq_tup_read FROM pg_stat_xact_user_tables WHERE schemaname = 'locks'");
    rows.into_iter().map(|row| (row[0].trim_start_matches("locks.").to_owned(), row[1].parse().unwrap())).collect()
}

/// A server under test, and how to reach the database that the tests use on it.
struct Target {
    words: String,
    version: u32,
}

impl Target {
    fn connect(&self) -> Client {
        let mut client = Client::connect(&self.words, NoTls).unwrap();
        client.batch_execute("SET client_min_messages TO error; SET search_path TO locks").unwrap();
        client
    }
}

/// The throw-away server, and those that are named.
fn targets(database: &str) -> Vec<Target> {
    let mut all = Vec::new();
    if let Some(server) = server() {
        server.database(database);
        all.push(format!("host={} user=postgres dbname={database}", server.socket().display()));
    }
    let named = std::env::var("FIELDGATE_TEST_SERVERS").unwrap_or_default();
    for words in named.split(';').map(str::trim).filter(|words| !words.is_empty()) {
        let mut client = Client::connect(&format!("{words} dbname=postgres"), NoTls).unwrap();
        let name = format!("fieldgate_{database}");
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        all.push(format!("{words} dbname={name}"));
    }
    let target = |words: String| {
        let mut client = Client::connect(&words, NoTls).unwrap();
        let version: u32 = text(&mut client, "SHOW server_version_num")[0][0].parse().unwrap();
        Target { words, version: version / 10_000 }
    };
    all.into_iter().map(target).collect()
}

fn prepare(client: &mut Client, given: &str) {
    client.batch_execute("DROP SCHEMA IF EXISTS locks CASCADE; CREATE SCHEMA locks; SET search_path TO locks; RESET TimeZone").unwrap();
    client.batch_execute(FIXTURE).unwrap();
    client.batch_execute(given).unwrap_or_else(|error| panic!("{given}: {error}"));
}

fn run(client: &mut Client, given: &str, statement: &str) -> BTreeMap<String, Seen> {
    prepare(client, given);
    let before = text(client, RELATIONS);
    let names: BTreeMap<String, String> = before.iter().map(|one| (one[0].clone(), one[1].clone())).collect();
    client.batch_execute("BEGIN").unwrap();
    let read_before = reads(client);
    client.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for lock in text(client, "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted") {
        if let Some(name) = names.get(&lock[0]) {
            let own = seen.entry(name.clone()).or_default();
            own.lock = own.lock.max(mode(&lock[1]));
        }
    }
    let after = text(
        client,
        "SELECT oid, relname, relkind, relfilenode FROM pg_class WHERE relnamespace = 'locks'::regnamespace OR relnamespace = 'public'::regnamespace",
    );
    for now in &after {
        if let Some(then) = before.iter().find(|then| then[0] == now[0]) {
            seen.entry(then[1].clone()).or_default().rewritten = then[3] != now[3];
        }
    }
    for (name, count) in reads(client) {
        seen.entry(name.clone()).or_default().read = count - read_before.get(&name).copied().unwrap_or(0) >= 900;
    }
    // An index is built when one is new, or an old one has a new file while its table has not.
    let on =
        text(client, "SELECT i.indrelid, i.indexrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'locks'::regnamespace");
    for pair in on {
        let Some(table) = names.get(&pair[0]) else { continue };
        let file = |rows: &[Vec<String>]| rows.iter().find(|one| one[0] == pair[1]).map(|one| one[3].clone());
        let (then, now) = (file(&before), file(&after));
        if then != now {
            seen.entry(table.clone()).or_default().index_made = true;
        }
    }
    client.batch_execute("ROLLBACK").unwrap();
    seen
}

fn disagreements(row: &LockRow, version: u32, seen: &BTreeMap<String, Seen>) -> Vec<String> {
    let mut wrong = Vec::new();
    let nothing = Seen::default();
    let own = seen.get(row.relation).unwrap_or(&nothing);
    let mut differ = |what: String, table: String, server: String| {
        if table != server {
            wrong.push(format!("{version}: {}: {what}: the table says {table}, the server does {server}", row.statement));
        }
    };
    differ(
        format!("lock on {}", row.relation),
        format!("{:?}", row.lock),
        format!("{:?}", own.lock.filter(|lock| row.lock.is_some() || *lock > LockMode::AccessShare)),
    );
    differ("rewrite".into(), (row.work == Work::Rewrites).to_string(), own.rewritten.to_string());
    // A rewrite reads the table, whatever the counters say of it.
    if row.work != Work::Rewrites {
        differ("scan".into(), (row.scan == Scan::Full).to_string(), own.read.to_string());
    }
    let built = own.index_made && !own.rewritten;
    if row.scan == Scan::Full && row.work != Work::Rewrites {
        differ("index built".into(), (row.work == Work::BuildsIndex).to_string(), built.to_string());
    }
    for partner in row.partners {
        let other = seen.get(partner.relation).unwrap_or(&nothing);
        let weaker = version < row.weaker_before && other.lock.is_some_and(|lock| lock < partner.lock);
        if !weaker {
            differ(format!("lock on {}", partner.relation), format!("{:?}", Some(partner.lock)), format!("{:?}", other.lock));
        }
        differ(format!("scan of {}", partner.relation), (partner.scan == Scan::Full).to_string(), other.read.to_string());
    }
    // No other table may be locked against writers without a word in the table.
    for (name, other) in seen {
        let named = name == row.relation || row.partners.iter().any(|partner| partner.relation == name);
        let is_index = name.ends_with("_idx") || name.ends_with("_pkey") || name.ends_with("_seq") || name.ends_with("_key");
        if !named && !is_index && other.lock.is_some_and(LockMode::blocks_writes) {
            wrong.push(format!("{}: the server locks {name} too: {:?}", row.statement, other.lock));
        }
    }
    wrong
}

/// The lock that a statement asks for, which no transaction takes: another session keeps the table meanwhile from everybody who does more than
/// look (`VACUUM` looks before it works).
fn asked_for(target: &Target, row: &LockRow) -> Option<LockMode> {
    let mut client = target.connect();
    prepare(&mut client, row.given);
    let mut holder = target.connect();
    holder.batch_execute(&format!("BEGIN; LOCK TABLE {} IN EXCLUSIVE MODE", row.relation)).unwrap();
    let process = text(&mut client, "SELECT pg_backend_pid()")[0][0].clone();
    let statement = row.statement;
    let runner = std::thread::spawn(move || client.batch_execute(statement).map_err(|error| error.to_string()));
    let query = format!(
        "SELECT l.mode FROM pg_locks l WHERE l.pid = {process} AND l.locktype = 'relation' AND l.relation = 'locks.{}'::regclass AND NOT l.granted",
        row.relation
    );
    let mut observer = target.connect();
    let until = Instant::now() + Duration::from_secs(20);
    let mut found = None;
    while found.is_none() && Instant::now() < until && !runner.is_finished() {
        found = text(&mut observer, &query).first().and_then(|line| mode(&line[0]));
        std::thread::sleep(Duration::from_millis(5));
    }
    observer.batch_execute(&format!("SELECT pg_cancel_backend({process})")).unwrap();
    let _ = runner.join().unwrap();
    holder.batch_execute("ROLLBACK").unwrap();
    found
}

#[test]
fn each_row_is_what_the_server_does() {
    let mut wrong = Vec::new();
    for target in targets("locks") {
        let mut client = target.connect();
        for row in LOCK_TABLE.iter().filter(|row| row.since <= target.version) {
            match row.source {
                LockSource::Measured => {
                    let seen = run(&mut client, row.given, row.statement);
                    wrong.extend(disagreements(row, target.version, &seen));
                }
                LockSource::MeasuredWaiting(_) => {
                    let asked = asked_for(&target, row);
                    if asked != row.lock {
                        wrong.push(format!("{}: {}: the table says {:?}, the server asks for {asked:?}", target.version, row.statement, row.lock));
                    }
                }
                LockSource::Manual(_) => {}
            }
        }
        client.batch_execute("DROP SCHEMA IF EXISTS locks CASCADE").unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A statement of the file: from which version on, what has to be so before, and the statement.
struct Case {
    since: u32,
    given: String,
    statement: String,
}

/// `-- from 13` and `-- given: …` stand before a statement.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let (mut since, mut given) = (0, String::new());
    for line in include_str!("lock_statements.sql").lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(version) = line.strip_prefix("-- from ") {
            since = version.parse().unwrap();
        } else if let Some(text) = line.strip_prefix("-- given: ") {
            text.clone_into(&mut given);
        } else if !line.starts_with("--") {
            cases.push(Case { since: std::mem::take(&mut since), given: std::mem::take(&mut given), statement: line.trim_end_matches(';').to_owned() });
        }
    }
    cases
}

/// What is told of a statement on the model of the same tables.
fn told(version: u32, given: &str, statement: &str) -> BTreeMap<String, TableHazard> {
    let dialect = dialect::DEFAULT;
    let mut sources = Sources::default();
    let ddl = sources.add("fixture.sql", format!("CREATE SCHEMA locks; SET search_path TO locks;\n{FIXTURE}\n{given};"));
    let up = sources.add("statement.sql", format!("SET search_path TO locks; {statement};"));
    let built = build(&read_script(&sources, ddl, dialect).statements, dialect, &sources);
    let refused: Vec<_> = built.steps.iter().filter_map(|step| step.outcome.refusal.as_ref()).collect();
    assert!(refused.is_empty(), "{given}: {refused:?}");
    let mut schema = built.after;
    schema.server.major_version = Some(u16::try_from(version).unwrap().into());
    let session = Session::new(&schema);
    let script = read_script(&sources, up, dialect);
    let inputs = [ScriptInput { migration: 0, statements: &script.statements, transaction_mode: TransactionMode::Wrapped }];
    let run = run_model(schema, session, &inputs, &sources);
    let refused: Vec<_> = run.steps.iter().filter_map(|step| step.outcome.refusal.as_ref()).collect();
    assert!(refused.is_empty(), "{statement}: {refused:?}");
    let hazards = assess(&inputs, &run, RunnerSettings::default());
    let all = hazards.iter().flat_map(|hazard| hazard.with_inner()).flat_map(|hazard| &hazard.tables);
    let mut found: BTreeMap<String, TableHazard> = BTreeMap::new();
    for table in all {
        let own = found.entry(table.name.trim_start_matches("locks.").to_owned()).or_insert_with(|| table.clone());
        own.lock = own.lock.max(table.lock);
        own.scan = own.scan.max(table.scan);
        own.work = own.work.max(table.work);
    }
    found
}

#[test]
fn what_is_told_of_a_statement_is_what_the_server_does() {
    let mut wrong = Vec::new();
    for target in targets("lock_statements") {
        let mut client = target.connect();
        for case in cases().iter().filter(|case| case.since <= target.version) {
            let seen = run(&mut client, &case.given, &case.statement);
            let told = told(target.version, &case.given, &case.statement);
            let relations =
                text(&mut client, "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'locks'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v')");
            for name in relations.into_iter().map(|row| row[0].clone()) {
                // Who only reads is in nobody's way.
                let of_server = seen.get(&name).and_then(|seen| seen.lock).filter(|lock| *lock > LockMode::RowShare);
                let own = told.get(&name);
                let of_model = own.map(|hazard| hazard.lock).filter(|lock| *lock > LockMode::RowShare);
                if of_server != of_model {
                    wrong.push(format!("{}: {}: {name}: told {of_model:?}, the server takes {of_server:?}", target.version, case.statement));
                }
                let rewritten = seen.get(&name).is_some_and(|seen| seen.rewritten);
                if rewritten != own.is_some_and(|hazard| hazard.work == Work::Rewrites) {
                    wrong.push(format!("{}: {}: {name}: rewritten on the server: {rewritten}, told otherwise", target.version, case.statement));
                }
                let read = seen.get(&name).is_some_and(|seen| seen.read);
                if read && !rewritten && own.is_none_or(|hazard| hazard.scan == Scan::None) {
                    wrong.push(format!("{}: {}: {name} is read on the server, and that is not told", target.version, case.statement));
                }
            }
        }
        client.batch_execute("DROP SCHEMA IF EXISTS locks CASCADE").unwrap();
    }
    assert!(wrong.is_empty(), "{} disagreements\n{}", wrong.len(), wrong.join("\n"));
}
