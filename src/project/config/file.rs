//! The settings file: found upwards from a folder, read, and handed to the crossing.

use std::path::{Path, PathBuf};

use super::crossing::cross;
use super::{Config, RawConfig};
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources};
use crate::yaml;

/// The names the file may have, in the order in which they are looked for.
pub const FILE_NAMES: [&str; 2] = ["fieldgate.yml", "fieldgate.yaml"];

/// The nearest settings file at or above the working folder, as a path relative to it: `fieldgate.yml`, `../fieldgate.yml` …
///
/// `working` is the absolute working folder; it says how far up there is to go.
pub fn find(working: &Path) -> Option<PathBuf> {
    let mut up = PathBuf::new();
    for folder in working.ancestors() {
        for name in FILE_NAMES {
            if folder.join(name).is_file() {
                return Some(up.join(name));
            }
        }
        up.push("..");
    }
    None
}

/// Reads and checks a settings file. Paths in it are joined to its folder.
///
/// # Errors
/// All faults that were found, each at its place.
pub fn load(path: &Path, sources: &mut Sources) -> Result<(Config, Vec<Problem>), Vec<Problem>> {
    let id = sources.load(path).map_err(|error| vec![Problem::from(error)])?;
    read(path, id, sources)
}

/// Checks a settings file whose text was read already. Paths in it are joined to the folder of `path`.
///
/// # Errors
/// All faults that were found, each at its place.
pub fn read(path: &Path, id: SourceId, sources: &Sources) -> Result<(Config, Vec<Problem>), Vec<Problem>> {
    let node = yaml::parse(sources, id)?;
    let (raw, mut problems) = yaml::decode::<RawConfig>(&node);
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let config = raw.map(|raw| cross(raw, id, &folder, &mut problems));
    match config {
        Some(config) if !problems.iter().any(Problem::is_error) => Ok((config, problems)),
        Some(_) | None => {
            problems.sort_by_key(|problem| problem.span.map_or(0, |span| span.start));
            Err(problems)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_file_above_is_found() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::write(root.path().join("fieldgate.yml"), "").unwrap();
        assert_eq!(find(&deep), Some(PathBuf::from("../../fieldgate.yml")));
        fs::write(deep.join("fieldgate.yaml"), "").unwrap();
        assert_eq!(find(&deep), Some(PathBuf::from("fieldgate.yaml")));
    }
}
