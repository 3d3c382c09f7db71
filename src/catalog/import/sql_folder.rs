//! A folder of SQL files whose heads say whose they are: `-- owner: Maria Lopez`, `-- department: finance`.
//!
//! Each file becomes an entry that points at it, so that what a person adds later has a place, and the query stays where it is kept.

use std::path::{Path, PathBuf};

use super::imported::{Imported, ImportedConsumer, ImportedDepartment, e_mail, id_of};
use super::importer::Importer;
use super::json;
use crate::catalog::front_matter::front_matter;
use crate::catalog::word::{Cadence, ConsumerKind, Criticality};
use crate::diagnostic::Problem;
use crate::text::Sources;

/// Folders of SQL files.
pub static SQL_FOLDER: Importer = Importer {
    name: "sql",
    title: "Folder of SQL files",
    wants: "folders of .sql files, whose first lines may say `-- owner:`, `-- department:`, `-- kind:`, `-- cadence:` and the like",
    id_prefixes: &[],
    read,
};

fn read(paths: &[PathBuf]) -> Result<Imported, Vec<Problem>> {
    let files = json::files(paths, "sql").map_err(|problem| vec![problem])?;
    if files.is_empty() {
        return Err(vec![Problem::error("import-nothing-found", "there is no .sql file in these folders")]);
    }
    let mut imported = Imported::default();
    let mut sources = Sources::default();
    for file in files {
        match sources.load(&file) {
            Ok(id) => {
                let front = front_matter(id, &sources);
                let last =
                    |key: &str| front.lines.iter().rev().find(|line| line.key == key && !line.value.value.is_empty()).map(|line| line.value.value.clone());
                add(&file, last, &mut imported);
            }
            Err(error) => imported.skip(file.display().to_string(), error.to_string()),
        }
    }
    Ok(imported)
}

fn add(file: &Path, last: impl Fn(&str) -> Option<String>, imported: &mut Imported) {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let id = id_of("", &stem);
    if let Some(first) = imported.consumers.get(&id) {
        let why = format!("{} is called the same", first.sql_file.clone().unwrap_or_default());
        return imported.skip(file.display().to_string(), why);
    }
    let department = last("department").map(|name| {
        let id = id_of("", &name);
        imported.departments.entry(id.clone()).or_insert(ImportedDepartment { name, contact: None });
        id
    });
    let email = last("email").and_then(|text| e_mail(&text));
    let owner = last("owner").map(|name| (name, email.clone())).or_else(|| email.map(|email| (email.clone(), Some(email))));
    let mut consumer = ImportedConsumer {
        name: last("name").or_else(|| last("report")).unwrap_or(stem),
        kind: "report",
        tool: last("tool"),
        department,
        owner,
        description: last("description"),
        url: last("url"),
        sql_file: Some(file.to_string_lossy().into_owned()),
        ..ImportedConsumer::default()
    };
    let plain = |key: &str| last(key).map(|word| word.to_ascii_lowercase().replace(['-', ' '], "_"));
    let mut unknown = Vec::new();
    match plain("kind").map(|word| ConsumerKind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(word)) {
        Some(Ok(kind)) => consumer.kind = kind.as_str(),
        Some(Err(word)) => unknown.push(format!("kind: {word}")),
        None => {}
    }
    let known =
        |key: &'static str, words: Vec<&'static str>| plain(key).map(|word| words.into_iter().find(|known| *known == word).ok_or(format!("{key}: {word}")));
    let criticality = known("criticality", Criticality::ALL.into_iter().map(Criticality::as_str).collect());
    let cadence = known("cadence", Cadence::ALL.into_iter().map(Cadence::as_str).collect());
    for (key, found) in [("criticality", criticality), ("cadence", cadence)] {
        match found {
            Some(Ok(word)) => _ = consumer.words.insert(key, word.to_owned()),
            Some(Err(word)) => unknown.push(word),
            None => {}
        }
    }
    match last("last_checked").map(|day| day.parse::<jiff::civil::Date>().map_err(|_| format!("last_checked: {day}"))) {
        Some(Ok(day)) => _ = consumer.words.insert("last_checked", day.to_string()),
        Some(Err(word)) => unknown.push(word),
        None => {}
    }
    if !unknown.is_empty() {
        imported.skip(format!("{} in {}", unknown.join(", "), file.display()), "the catalog does not know the word; the rest of the file is imported");
    }
    imported.consumers.insert(id, consumer);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_become_entries_that_point_at_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("Month End.sql"),
            "-- name: Month end\n-- department: Finance\n-- owner: Li Wei  email: li@example.org\n-- cadence: monthly\n-- kind: tabel\nSELECT 1",
        )
        .unwrap();
        let found = read(&[folder.path().to_owned()]).unwrap();
        let entry = &found.consumers["month-end"];
        assert_eq!((entry.name.as_str(), entry.department.as_deref(), entry.words["cadence"].as_str()), ("Month end", Some("finance"), "monthly"));
        assert_eq!(entry.owner, Some((String::from("Li Wei"), Some(String::from("li@example.org")))));
        assert!(entry.sql_file.as_ref().unwrap().ends_with("Month End.sql"));
        assert_eq!(found.skipped.len(), 1);
    }
}
