//! Reading the JSON files of other tools: whole files with their faults, and members that may be missing.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::diagnostic::Problem;

/// Exports larger than this are refused: they would be read whole.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// The JSON in a file.
pub(super) fn read(path: &Path) -> Result<Value, Problem> {
    let refused = |code: &'static str, message: String| Problem::error(code, message).of(path);
    let length = std::fs::metadata(path).map_err(|error| refused("file-not-found", format!("cannot read {}: {error}", path.display())))?.len();
    if length > MOST_BYTES {
        return Err(refused("import-too-large", format!("{} is larger than {MOST_BYTES} bytes", path.display())));
    }
    let bytes = std::fs::read(path).map_err(|error| refused("file-not-readable", format!("cannot read {}: {error}", path.display())))?;
    serde_json::from_slice(&bytes).map_err(|error| refused("import-not-json", format!("{} is no JSON: {error}", path.display())))
}

/// The files that are named, and those with the ending in folders that are named, sorted.
pub(super) fn files(paths: &[PathBuf], ending: &str) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Vec::new();
    for path in paths {
        collect(path, ending, &mut found).map_err(|error| Problem::error("file-not-found", format!("cannot read {}: {error}", path.display())).of(path))?;
    }
    Ok(found)
}

fn collect(path: &Path, ending: &str, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        std::fs::metadata(path)?;
        found.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let fits = entry.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        if !hidden && (entry.is_dir() || fits) {
            collect(&entry, ending, found)?;
        }
    }
    Ok(())
}

/// A text that is not empty.
pub(super) fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A number or a text as text: ids are both.
pub(super) fn id(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

/// The entries of a list, or of nothing.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The entries of a mapping, or of nothing.
pub(super) fn members<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}
