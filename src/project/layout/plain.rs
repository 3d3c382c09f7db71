//! Any SQL file, run as `psql -f` runs it: one statement after the other, each by itself.

use super::record::{FileRole, Layout, Part, Recognised, Records, RunMode, numbered, whole_files};

/// Endings by which a file says that it is the way back.
const BACK: &[&str] = &[".down", ".undo", ".rollback", ".revert", "_down", "_undo", "_rollback", "_revert"];
/// Endings by which a file says that it is the way there.
const THERE: &[&str] = &[".up", "_up"];

/// Any SQL file.
pub(super) static PLAIN: Layout = Layout {
    name: "plain",
    title: "plain SQL files",
    recognised: Recognised::Always,
    role,
    scripts: whole_files,
    plan: None,
    run: RunMode::EachStatement,
    placeholders: None,
    records: Records::Each,
};

fn role(path: &str) -> Option<FileRole> {
    let stem = path.strip_suffix(".sql")?;
    let stripped = |endings: &[&str]| endings.iter().find_map(|ending| stem.strip_suffix(ending)).filter(|rest| !rest.is_empty() && !rest.ends_with('/'));
    let (name, part) = match (stripped(BACK), stripped(THERE)) {
        (Some(name), _) => (name, Part::Down),
        (None, Some(name)) => (name, Part::Up),
        (None, None) => match stem.rsplit_once('/') {
            Some((folder, "down")) => (folder, Part::Down),
            Some((folder, "up")) => (folder, Part::Up),
            Some(_) | None if stem == "down" => (stem, Part::Down),
            Some(_) | None => (stem, Part::Up),
        },
    };
    let file = name.rsplit_once('/').map_or(name, |(_, file)| file);
    let id = numbered(file).map_or(file, |(version, _)| version);
    Some(FileRole { id: id.to_owned(), name: file.to_owned(), order: name.to_owned(), part, repeatable: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_back_is_never_taken_for_a_way_there() {
        for path in ["1_a.down.sql", "1_a_rollback.sql", "a/down.sql", "down.sql", "1_a.undo.sql"] {
            assert_eq!(role(path).map(|role| role.part), Some(Part::Down), "{path}");
        }
        assert_eq!(role("0042_add_zip.sql").map(|role| (role.id, role.name, role.part)), Some(("0042".into(), "0042_add_zip".into(), Part::Up)));
        assert_eq!(role("notes.txt"), None);
    }
}
