//! The lock table is what a real PostgreSQL does: each row's statement is run, and locks, rewrites and scans are looked at.

use std::collections::BTreeMap;

use fieldgate::hazard::{FIXTURE, LOCK_TABLE, LockMode, LockRow, LockSource, Scan, Work};
use postgres::{Client, SimpleQueryMessage};

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

fn run(client: &mut Client, row: &LockRow) -> BTreeMap<String, Seen> {
    client.batch_execute("DROP SCHEMA IF EXISTS locks CASCADE; CREATE SCHEMA locks; SET search_path TO locks; RESET TimeZone").unwrap();
    client.batch_execute(FIXTURE).unwrap();
    client.batch_execute(row.given).unwrap();
    let before = text(client, RELATIONS);
    let names: BTreeMap<String, String> = before.iter().map(|one| (one[0].clone(), one[1].clone())).collect();
    client.batch_execute("BEGIN").unwrap();
    let read_before = reads(client);
    client.batch_execute(row.statement).unwrap_or_else(|error| panic!("{}: {error}", row.statement));
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

fn disagreements(row: &LockRow, seen: &BTreeMap<String, Seen>) -> Vec<String> {
    let mut wrong = Vec::new();
    let nothing = Seen::default();
    let own = seen.get(row.relation).unwrap_or(&nothing);
    let mut differ = |what: String, table: String, server: String| {
        if table != server {
            wrong.push(format!("{}: {what}: the table says {table}, the server does {server}", row.statement));
        }
    };
    differ(format!("lock on {}", row.relation), format!("{:?}", row.lock), format!("{:?}", own.lock));
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
        differ(format!("lock on {}", partner.relation), format!("{:?}", Some(partner.lock)), format!("{:?}", other.lock));
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

#[test]
fn each_row_is_what_the_server_does() {
    let Some(server) = server() else { return };
    server.database("locks");
    let mut client = server.connect("locks");
    client.batch_execute("SET client_min_messages TO warning").unwrap();
    let mut wrong = Vec::new();
    for row in LOCK_TABLE.iter().filter(|row| row.source == LockSource::Measured) {
        let seen = run(&mut client, row);
        wrong.extend(disagreements(row, &seen));
    }
    client.batch_execute("DROP SCHEMA IF EXISTS locks CASCADE").unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
