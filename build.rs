//! Lists the rule files and the files of the example, so that one is added by adding a file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let rules = files(&root.join("rules")).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "yml"));
    write_list("rules.rs", rules.filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path))));
    let example = root.join("fixtures/example");
    let parts = files(&example).into_iter().filter_map(|path| Some((path.strip_prefix(&example).ok()?.to_str()?.replace('\\', "/"), path)));
    write_list("example.rs", parts);
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=fixtures/example");
}

/// All files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Writes `&[(name, text), …]` where the sources include it.
fn write_list(name: &str, entries: impl Iterator<Item = (String, PathBuf)>) {
    let mut text = String::from("&[\n");
    for (name, path) in entries {
        let _ = writeln!(text, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    text.push_str("]\n");
    let target = Path::new(&std::env::var("OUT_DIR").unwrap_or_default()).join(name);
    if let Err(error) = std::fs::write(&target, text) {
        println!("cargo::error=cannot write {}: {error}", target.display());
    }
}
