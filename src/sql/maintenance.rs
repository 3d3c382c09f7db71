//! `VACUUM`, `ANALYZE`, `REINDEX`, `CLUSTER`, `LOCK`, `TRUNCATE`: work on storage and locks.

use super::clause;
use super::cursor::Cursor;
use super::token::Kind;
use super::tree::{DropBehavior, Ident, Maintenance, ObjectName, RefusalCode, StatementKind, Unread, UnreadReason};

/// The options of `VACUUM` (manual, VACUUM, 12 to 18).
const OF_VACUUM: &[&str] = &[
    "FULL",
    "FREEZE",
    "VERBOSE",
    "ANALYZE",
    "ANALYSE",
    "DISABLE_PAGE_SKIPPING",
    "SKIP_LOCKED",
    "INDEX_CLEANUP",
    "PROCESS_MAIN",
    "PROCESS_TOAST",
    "TRUNCATE",
    "PARALLEL",
    "SKIP_DATABASE_STATS",
    "ONLY_DATABASE_STATS",
    "BUFFER_USAGE_LIMIT",
];

/// Behind `VACUUM`.
pub(crate) fn vacuum(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let analyzes;
    let full = if cursor.is_symbol(&Kind::LParen) {
        let options = options(cursor, "VACUUM", OF_VACUUM)?;
        analyzes = options.iter().any(|(name, on)| matches!(name.as_str(), "ANALYZE" | "ANALYSE") && *on);
        options.iter().any(|(name, on)| name == "FULL" && *on)
    } else {
        let full = cursor.take_keyword("FULL");
        cursor.take_keyword("FREEZE");
        cursor.take_keyword("VERBOSE");
        analyzes = cursor.take_any_keyword(&["ANALYZE", "ANALYSE"]).is_some();
        full
    };
    let verb = if full { "VACUUM FULL" } else { "VACUUM" };
    let targets = tables_with_columns(cursor)?;
    if !analyzes && !targets.1.is_empty() {
        let message = "ANALYZE option must be specified when a column list is provided";
        return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::FeatureNotSupported), message));
    }
    Ok(maintenance(verb, false, targets))
}

/// Behind `ANALYZE`.
pub(crate) fn analyze(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    if cursor.is_symbol(&Kind::LParen) {
        options(cursor, "ANALYZE", &["VERBOSE", "SKIP_LOCKED", "BUFFER_USAGE_LIMIT"])?;
    } else {
        cursor.take_keyword("VERBOSE");
    }
    let targets = tables_with_columns(cursor)?;
    Ok(maintenance("ANALYZE", false, targets))
}

/// Behind `REINDEX`.
pub(crate) fn reindex(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let mut concurrently = false;
    if cursor.is_symbol(&Kind::LParen) {
        concurrently = options(cursor, "REINDEX", &["VERBOSE", "CONCURRENTLY", "TABLESPACE"])?.iter().any(|(name, on)| name == "CONCURRENTLY" && *on);
    }
    let kind = clause::one_of(cursor, &["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"])?;
    concurrently |= cursor.take_keyword("CONCURRENTLY");
    // The name of the database may be left out since PostgreSQL 16.
    let may_be_bare = matches!(kind, "DATABASE" | "SYSTEM") && cursor.is_at_end();
    let targets = if may_be_bare { Vec::new() } else { vec![cursor.object_name()?] };
    Ok(maintenance(&format!("REINDEX {kind}"), concurrently, (targets, Vec::new())))
}

/// Behind `CLUSTER`.
pub(crate) fn cluster(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    if cursor.is_symbol(&Kind::LParen) {
        options(cursor, "CLUSTER", &["VERBOSE"])?;
    } else {
        cursor.take_keyword("VERBOSE");
    }
    let mut found = Maintenance { verb: String::from("CLUSTER"), concurrently: false, targets: Vec::new(), columns: Vec::new(), index: None };
    if !cursor.is_at_end() {
        let first = cursor.object_name()?;
        if cursor.take_keyword("ON") {
            // `CLUSTER index ON table`, the form before PostgreSQL 8.3.
            found.index = Some(first.name);
            found.targets.push(cursor.object_name()?);
        } else {
            found.targets.push(first);
            if cursor.take_keyword("USING") {
                found.index = Some(cursor.ident()?);
            }
        }
    }
    Ok(StatementKind::Maintenance(found))
}

fn maintenance(verb: &str, concurrently: bool, (targets, columns): Targets) -> StatementKind {
    StatementKind::Maintenance(Maintenance { verb: verb.to_owned(), concurrently, targets, columns, index: None })
}

/// Each option with whether it is on.
fn options(cursor: &mut Cursor<'_>, verb: &str, known: &[&str]) -> Result<Vec<(String, bool)>, Unread> {
    let options = clause::utility_options(cursor)?;
    if let Some((wrong, _)) = options.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        let message = format!("unrecognized {verb} option \"{}\"", wrong.to_ascii_lowercase());
        return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), message));
    }
    Ok(options.into_iter().map(|(name, value)| (name, !matches!(value.as_str(), "false" | "off" | "0" | "no"))).collect())
}

/// The tables, and the columns behind each.
type Targets = (Vec<ObjectName>, Vec<(usize, Ident)>);

fn tables_with_columns(cursor: &mut Cursor<'_>) -> Result<Targets, Unread> {
    let mut columns = Vec::new();
    if cursor.is_at_end() {
        return Ok((Vec::new(), columns));
    }
    let mut position = 0;
    let targets = cursor.comma_separated(|cursor| {
        let (name, _) = clause::relation(cursor)?;
        if cursor.is_symbol(&Kind::LParen) {
            columns.extend(cursor.idents_in_parentheses()?.into_iter().map(|column| (position, column)));
        }
        position += 1;
        Ok(name)
    })?;
    Ok((targets, columns))
}

/// Behind `TRUNCATE`.
pub(crate) fn truncate(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    cursor.take_keyword("TABLE");
    let mut alone = Vec::new();
    let tables = cursor.comma_separated(|cursor| {
        let (name, only) = clause::relation(cursor)?;
        if only {
            alone.push(name.clone());
        }
        Ok(name)
    })?;
    let restart_identity = cursor.take_keywords(&["RESTART", "IDENTITY"]);
    if !restart_identity {
        cursor.take_keywords(&["CONTINUE", "IDENTITY"]);
    }
    let cascade = clause::drop_behavior(cursor) == DropBehavior::Cascade;
    Ok(StatementKind::Truncate { tables, alone, cascade, restart_identity })
}

/// Behind `LOCK`.
pub(crate) fn lock(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    const MODES: &[&[&str]] = &[
        &["ACCESS", "SHARE"],
        &["ACCESS", "EXCLUSIVE"],
        &["ROW", "SHARE"],
        &["ROW", "EXCLUSIVE"],
        &["SHARE", "UPDATE", "EXCLUSIVE"],
        &["SHARE", "ROW", "EXCLUSIVE"],
        &["SHARE"],
        &["EXCLUSIVE"],
    ];
    cursor.take_keyword("TABLE");
    let tables = cursor.comma_separated(|cursor| clause::relation(cursor).map(|(name, _)| name))?;
    let mut mode = String::from("ACCESS EXCLUSIVE");
    if cursor.take_keyword("IN") {
        let words = MODES.iter().find(|words| cursor.is_keywords(words)).ok_or_else(|| cursor.expected("a lock mode"))?;
        cursor.skip(words.len());
        mode = words.join(" ");
        cursor.expect_keyword("MODE")?;
    }
    cursor.take_keyword("NOWAIT");
    Ok(StatementKind::Lock { tables, mode })
}
