//! The files under a folder: names only, sorted, without what no migration can be in.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::Problem;

/// Folders inside folders are looked into so deep.
const DEEPEST: usize = 12;

/// Folders that hold other people's files.
const FOREIGN: &[&str] = &["node_modules", "target", "vendor", "__pycache__"];

/// All files under a folder as paths relative to it, with `/`, sorted. Hidden ones are left out.
///
/// # Errors
/// When the folder, or one in it, cannot be read.
pub(super) fn files_under(folder: &Path) -> Result<Vec<String>, Problem> {
    let mut files = Vec::new();
    collect(folder, "", 0, &mut files)?;
    files.sort();
    Ok(files)
}

/// The files directly in a folder, sorted; none when it cannot be read.
pub(super) fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(readable(folder))
        .map(|entries| entries.flatten().filter(|entry| entry.path().is_file()).filter_map(|entry| entry.file_name().into_string().ok()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

/// The empty path is the working folder.
pub(super) fn readable(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_path_buf() }
}

fn collect(folder: &Path, below: &str, depth: usize, files: &mut Vec<String>) -> Result<(), Problem> {
    let refused = |reason: std::io::Error| Problem::error("folder-not-readable", format!("cannot read the folder {}: {reason}", folder.display())).of(folder);
    for entry in fs::read_dir(readable(folder)).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let inside = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let path = entry.path();
        if !path.is_dir() {
            files.push(inside);
        } else if depth < DEEPEST && !FOREIGN.contains(&name.as_str()) {
            collect(&path, &inside, depth + 1, files)?;
        }
    }
    Ok(())
}
