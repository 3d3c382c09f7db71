//! SQLx: `{version}_{title}.sql`, or `.up.sql` and `.down.sql`; a first line `-- no-transaction` switches the transaction off.
//!
//! Source: sqlx-core 0.8 `migrate/source.rs` (names, the mark) and sqlx-postgres `migrate.rs` (without a transaction the file is one message).

use super::record::{FileRole, Layout, Part, Place, Recognised, Records, RunMode, Script, ScriptFault, Texts, direct, numbered};

/// SQLx.
pub(super) static SQLX: Layout = Layout {
    name: "sqlx",
    title: "SQLx",
    recognised: Recognised::ByText(|text| switches_off(text).is_some()),
    role,
    scripts,
    plan: None,
    run: RunMode::Wrapped,
    placeholders: None,
    records: Records::Each,
};

fn role(path: &str) -> Option<FileRole> {
    let stem = direct(path)?.strip_suffix(".sql")?;
    let (name, part) = match (stem.strip_suffix(".down"), stem.strip_suffix(".up")) {
        (Some(name), _) => (name, Part::Down),
        (None, Some(name)) => (name, Part::Up),
        (None, None) => (stem, Part::Up),
    };
    let (version, _) = numbered(name)?;
    Some(FileRole::new(version, name, part))
}

#[expect(clippy::unnecessary_wraps, reason = "stands where other layouts can fail")]
fn scripts(texts: &Texts<'_>) -> Result<Vec<Script>, ScriptFault> {
    let down = texts.down.map(|_| Place::Down);
    Ok(vec![Script { id: None, up: Place::InUp(0..texts.up.len()), down, run: switches_off(texts.up), down_run: texts.down.and_then(switches_off) }])
}

fn switches_off(text: &str) -> Option<RunMode> {
    text.starts_with("-- no-transaction").then_some(RunMode::OneMessage)
}
