//! `docs/locks.md`, printed from the lock table.

use std::fmt::Write as _;

use super::{LOCK_TABLE, LockMode, LockRow, LockSource, OLDEST, Scan, Work};

/// The page about locks.
pub fn locks_page() -> String {
    let mut page = String::from(
        "# What statements lock, read and write\n\n\
         Measured on PostgreSQL 12, 13, 14, 15, 16, 17 and 18, which agree but for what is said: `tests/postgres/locks.rs` runs each statement on a real\n\
         server, with tables of 1,000 rows, and looks at `pg_locks`, at the files behind the tables and at the counters of sequential reads. Where no\n\
         transaction takes a statement, another session keeps the table from it and the test looks at the lock that it waits for; what it reads and\n\
         writes is then the manual's. The same test judges the statements of `tests/postgres/lock_statements.sql` and holds what is told of them against\n\
         the server. On 18, `GRANT` takes ACCESS SHARE, which is in nobody's way. This page is printed from `src/hazard/lock_table.rs`; the relations are made by `src/hazard/lock_fixture.sql`.\n\n\
         A lock that a statement takes is held until its transaction ends.\n\n\
         | mode | who waits |\n|---|---|\n",
    );
    for mode in LockMode::ALL {
        let _ = writeln!(page, "| {} | {} |", mode.as_str(), who_waits(*mode));
    }
    page.push_str("\n## Statements\n\n| work | example | lock | reads | writes | other tables | source |\n|---|---|---|---|---|---|---|\n");
    for row in LOCK_TABLE {
        let _ = writeln!(page, "{}", line(row));
    }
    page
}

fn who_waits(mode: LockMode) -> &'static str {
    match mode {
        LockMode::AccessExclusive => "everybody, `SELECT` too",
        LockMode::Exclusive | LockMode::ShareRowExclusive | LockMode::Share => "whoever writes",
        LockMode::ShareUpdateExclusive => "other schema changes, `VACUUM`, `ANALYZE`",
        LockMode::AccessShare | LockMode::RowShare | LockMode::RowExclusive => "only stronger locks",
    }
}

fn line(row: &LockRow) -> String {
    let lock = row.lock.map_or("none", LockMode::as_str);
    let reads = match row.scan {
        Scan::None => "–",
        Scan::Full => "all rows",
    };
    let writes = match row.work {
        Work::CatalogOnly => "–",
        Work::BuildsIndex => "an index",
        Work::Rewrites => "table and indexes",
    };
    let partners: Vec<String> = row
        .partners
        .iter()
        .map(|partner| {
            let read = if partner.scan == Scan::Full { ", all rows read" } else { "" };
            format!("{} `{}`: {}{read}", partner.partner.title(), partner.relation, partner.lock.as_str())
        })
        .collect();
    let others = if partners.is_empty() { String::from("–") } else { partners.join("; ") };
    let given = if row.given.is_empty() { String::new() } else { format!(" after `{}`", row.given) };
    let source = match row.source {
        LockSource::Measured => String::from("measured"),
        LockSource::MeasuredWaiting(page) => format!("lock measured; [manual](https://www.postgresql.org/docs/15/{page}.html)"),
        LockSource::Manual(page) => format!("[manual](https://www.postgresql.org/docs/15/{page}.html)"),
    };
    let versions = match (row.since > OLDEST, row.weaker_before > OLDEST) {
        (true, _) => format!("; from {}", row.since),
        (false, true) => format!("; before {} the other table is locked less", row.weaker_before),
        (false, false) => String::new(),
    };
    format!(
        "| {} | `{}`{given} | {lock} | {reads} | {writes} | {others} | {source}{versions} |",
        row.operation.title().replace('|', "\\|"),
        row.statement.replace('|', "\\|")
    )
}
