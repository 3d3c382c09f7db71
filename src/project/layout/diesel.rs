//! Diesel: a folder for each migration with `up.sql`, `down.sql` and perhaps `metadata.toml`.
//!
//! Source: diesel_migrations 2 (`run_in_transaction` in the metadata; the version is the folder's name up to `_`, without dashes).

use super::record::{FileRole, Layout, Part, Place, Recognised, Records, RunMode, Script, ScriptFault, Texts};

/// Diesel.
pub(super) static DIESEL: Layout = Layout {
    name: "diesel",
    title: "Diesel",
    recognised: Recognised::ByPath(|path| role(path).is_some_and(|role| role.part == Part::Up)),
    role,
    scripts,
    plan: None,
    run: RunMode::Wrapped,
    placeholders: None,
    records: Records::Each,
};

fn role(path: &str) -> Option<FileRole> {
    let (folder, file) = path.rsplit_once('/')?;
    let part = match file {
        "up.sql" => Part::Up,
        "down.sql" => Part::Down,
        "metadata.toml" => Part::Settings,
        _ => return None,
    };
    let name = folder.rsplit_once('/').map_or(folder, |(_, name)| name);
    let version = name.split('_').next().unwrap_or(name).replace('-', "");
    Some(FileRole { id: version, name: name.to_owned(), order: folder.to_owned(), part, repeatable: false })
}

#[expect(clippy::unnecessary_wraps, reason = "stands where other layouts can fail")]
fn scripts(texts: &Texts<'_>) -> Result<Vec<Script>, ScriptFault> {
    let run = texts.settings.filter(|text| switches_off(text)).map(|_| RunMode::OneMessage);
    let down = texts.down.map(|_| Place::Down);
    Ok(vec![Script { id: None, up: Place::InUp(0..texts.up.len()), down, run, down_run: run }])
}

fn switches_off(metadata: &str) -> bool {
    metadata.lines().any(|line| {
        let line = line.split('#').next().unwrap_or("");
        line.split_once('=').is_some_and(|(key, value)| key.trim() == "run_in_transaction" && value.trim() == "false")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_can_switch_the_transaction_off() {
        let texts = Texts { up: "CREATE INDEX CONCURRENTLY i ON t (a)", down: Some("DROP INDEX i"), settings: Some("# why\nrun_in_transaction = false\n") };
        let scripts = scripts(&texts).unwrap();
        assert_eq!((scripts[0].run, scripts[0].down_run), (Some(RunMode::OneMessage), Some(RunMode::OneMessage)));
        assert_eq!(role("2024-01-02-030405_add_zip/up.sql").map(|role| role.id), Some(String::from("20240102030405")));
    }
}
