//! Flyway: `V1_2__title.sql`, its way back `U1_2__title.sql`, repeatable `R__title.sql`, baselines `B5__title.sql`, placeholders `${…}`.
//!
//! Source: Flyway documentation, "Migrations", "Script configuration", "executeInTransaction"; a script that holds a statement which PostgreSQL
//! refuses inside a transaction is run without one.

use super::record::{FileRole, Layout, Part, Place, Recognised, Records, RunMode, Script, ScriptFault, Texts};

/// Flyway.
pub(super) static FLYWAY: Layout = Layout {
    name: "flyway",
    title: "Flyway",
    recognised: Recognised::ByPath(|path| role(path).is_some_and(|role| matches!(role.part, Part::Up | Part::Beside))),
    role,
    scripts,
    plan: None,
    run: RunMode::Wrapped,
    placeholders: Some(("${", "}")),
    records: Records::Each,
};

fn role(path: &str) -> Option<FileRole> {
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    let (stem, is_settings) = match (file.strip_suffix(".sql.conf"), file.strip_suffix(".sql")) {
        (Some(stem), _) => (stem, true),
        (None, Some(stem)) => (stem, false),
        (None, None) => return None,
    };
    let (prefix, title) = stem.split_once("__")?;
    let (kind, version) = prefix.split_at_checked(1)?;
    let version = version.replace('_', ".");
    let is_version = !version.is_empty() && version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let part = match (kind, is_version) {
        ("V", true) => Part::Up,
        ("U", true) => Part::Down,
        ("B", true) => Part::Beside,
        ("R", false) if version.is_empty() => Part::Up,
        _ => return None,
    };
    let part = if is_settings { Part::Settings } else { part };
    if kind == "R" {
        return Some(FileRole { id: stem.to_owned(), name: stem.to_owned(), order: title.to_owned(), part, repeatable: true });
    }
    // A way back is named like its way there.
    let name = if kind == "U" { format!("V{}", stem.get(1..).unwrap_or("")) } else { stem.to_owned() };
    Some(FileRole::new(version, name, part))
}

#[expect(clippy::unnecessary_wraps, reason = "stands where other layouts can fail")]
fn scripts(texts: &Texts<'_>) -> Result<Vec<Script>, ScriptFault> {
    let settings = texts.settings.and_then(setting);
    let run = settings.or_else(|| cannot_be_wrapped(texts.up).then_some(RunMode::EachStatement));
    let down_run = texts.down.and_then(|text| cannot_be_wrapped(text).then_some(RunMode::EachStatement));
    let down = texts.down.map(|_| Place::Down);
    Ok(vec![Script { id: None, up: Place::InUp(0..texts.up.len()), down, run, down_run }])
}

/// `executeInTransaction=false` in the script's own settings.
fn setting(text: &str) -> Option<RunMode> {
    text.lines().find_map(|line| match line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
        Some(("executeInTransaction", "false")) => Some(RunMode::EachStatement),
        Some(("executeInTransaction", "true")) => Some(RunMode::Wrapped),
        _ => None,
    })
}

/// Whether a statement is among those that the server refuses inside a transaction: an index built or dropped CONCURRENTLY, VACUUM.
fn cannot_be_wrapped(text: &str) -> bool {
    text.split(';').any(|statement| {
        let words: Vec<String> =
            statement.lines().map(|line| line.split("--").next().unwrap_or("")).flat_map(str::split_whitespace).take(6).map(str::to_ascii_uppercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        matches!(
            words.as_slice(),
            ["CREATE" | "DROP", "INDEX", "CONCURRENTLY", ..]
                | ["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY", ..]
                | ["REINDEX", _, "CONCURRENTLY", ..]
                | ["VACUUM", ..]
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_version_way_and_kind() {
        let role = |path: &str| role(path).map(|role| (role.id, role.name, role.part, role.repeatable));
        assert_eq!(role("a/V1_2__x.sql"), Some(("1.2".into(), "V1_2__x".into(), Part::Up, false)));
        assert_eq!(role("U1.2__x.sql"), Some(("1.2".into(), "V1.2__x".into(), Part::Down, false)));
        assert_eq!(role("R__views.sql"), Some(("R__views".into(), "R__views".into(), Part::Up, true)));
        assert_eq!(role("B7__base.sql").map(|role| role.2), Some(Part::Beside));
        assert_eq!(role("V1__x.sql.conf").map(|role| role.2), Some(Part::Settings));
        for path in ["V__x.sql", "v1__x.sql", "V1_x.sql", "R1__x.sql", "x.sql"] {
            assert_eq!(role(path), None, "{path}");
        }
    }

    #[test]
    fn a_concurrent_index_is_run_without_a_transaction() {
        assert!(cannot_be_wrapped("-- why\nCREATE INDEX CONCURRENTLY i ON t (a);"));
        assert!(!cannot_be_wrapped("-- CREATE INDEX CONCURRENTLY\nCREATE INDEX i ON t (a);"));
        assert_eq!(setting("executeInTransaction = false"), Some(RunMode::EachStatement));
    }
}
