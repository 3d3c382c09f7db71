//! golang-migrate: `{version}_{title}.up.sql` and `.down.sql`, sent as one message; its table holds one version.
//!
//! Source: MIGRATIONS.md and database/postgres/README.md of golang-migrate 4.

use super::record::{FileRole, Layout, Part, Recognised, Records, RunMode, direct, numbered, whole_files};

/// golang-migrate.
pub(super) static GOLANG_MIGRATE: Layout = Layout {
    name: "golang-migrate",
    title: "golang-migrate",
    recognised: Recognised::ByPath(|path| role(path).is_some()),
    role,
    scripts: whole_files,
    plan: None,
    run: RunMode::OneMessage,
    placeholders: None,
    records: Records::Last,
};

fn role(path: &str) -> Option<FileRole> {
    let stem = direct(path)?.strip_suffix(".sql")?;
    let (name, part) = match (stem.strip_suffix(".up"), stem.strip_suffix(".down")) {
        (Some(name), _) => (name, Part::Up),
        (None, Some(name)) => (name, Part::Down),
        (None, None) => return None,
    };
    let (version, _) = numbered(name)?;
    Some(FileRole::new(version, name, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_of_a_pair_have_one_id() {
        let ids: Vec<_> = ["0042_add_zip.up.sql", "0042_add_zip.down.sql"].into_iter().filter_map(role).map(|role| (role.id, role.part)).collect();
        assert_eq!(ids, [(String::from("0042"), Part::Up), (String::from("0042"), Part::Down)]);
        assert_eq!(role("add_zip.up.sql"), None);
    }
}
