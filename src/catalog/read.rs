//! Files and folders of a catalog → [`Catalog`].

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::crossing::Merger;
use super::model::Catalog;
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::text::{Sources, Spanned};

/// Endings of catalog files. JSON is YAML.
const ENDINGS: [&str; 3] = ["yml", "yaml", "json"];

/// Reads all files, in order of their names, into one catalog. Beside problems there is still what could be read.
///
/// A path has a place when it comes from the settings: a missing one is shown there.
pub fn read(paths: &[(PathBuf, Option<crate::text::Span>)], dialect: &'static Dialect, sources: &mut Sources) -> (Catalog, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for (path, named_at) in paths {
        let result = if path.is_dir() { files_of(path, &mut files) } else { is_there(path).map(|()| files.push(path.clone())) };
        if let Err(problem) = result {
            problems.push(match named_at {
                Some(span) => problem.at(*span),
                None => problem,
            });
        }
    }
    let mut read_before = BTreeSet::new();
    let mut merger = Merger::new(dialect, sources, &mut problems);
    for file in files {
        if read_before.insert(file.clone()) {
            merger.file(&file);
        }
    }
    let catalog = merger.finish();
    (catalog, problems)
}

/// Paths of the settings in the form that [`read`] takes.
pub fn named_in_settings(paths: &[Spanned<PathBuf>]) -> Vec<(PathBuf, Option<crate::text::Span>)> {
    paths.iter().map(|path| (path.value.clone(), Some(path.span))).collect()
}

fn is_there(path: &Path) -> Result<(), Problem> {
    if path.exists() {
        return Ok(());
    }
    Err(Problem::error("file-not-found", format!("there is no catalog at {}", path.display())).of(path))
}

fn files_of(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let before = files.len();
    collect(folder, files)
        .map_err(|reason| Problem::error("folder-not-readable", format!("cannot read the folder {}: {reason}", folder.display())).of(folder))?;
    if files.len() == before {
        let problem = Problem::error("catalog-empty", format!("there is no catalog file in {}", folder.display())).of(folder);
        return Err(problem.help("a catalog file ends in .yml, .yaml or .json"));
    }
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let ends_well = path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)));
        if hidden {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if ends_well {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_files(files: &[(&str, &str)]) -> (Sources, Catalog, Vec<Problem>) {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut sources = Sources::default();
        let (catalog, problems) = read(&[(folder.path().to_path_buf(), None)], crate::dialect::DEFAULT, &mut sources);
        (sources, catalog, problems)
    }

    #[test]
    fn files_are_merged_and_refer_to_each_other() {
        let (sources, catalog, problems) = read_files(&[
            ("a.yml", "consumers:\n  weekly: { kind: report, department: care, sql_file: q/w.sql, owner: Ann, cadence: on_demand }\n"),
            (
                "b/d.yml",
                "departments:\n  care: { name: Care, contacts: [{ name: Ann, email: ann@example.org }] }\nfields:\n  App.Clients.phone: { label: Phone }\n",
            ),
            ("q/w.sql", "SELECT 1"),
        ]);
        assert_eq!(problems, []);
        let weekly = &catalog.consumers["weekly"];
        assert_eq!(catalog.department_of(weekly).unwrap().name, "Care");
        assert_eq!(sources.slice(weekly.sql.unwrap().part), "SELECT 1");
        assert_eq!(catalog.fields["app.clients.phone"].label, "Phone");
    }

    #[test]
    fn two_consumers_with_one_id_are_shown_at_both_places() {
        let (sources, catalog, problems) =
            read_files(&[("a.yml", "consumers:\n  x: { kind: report, reads: app.t }\n"), ("b.yml", "\nconsumers:\n  x: { kind: export, reads: [app.t] }\n")]);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code.0, "catalog-id-twice");
        assert_eq!(sources.place(problems[0].span.unwrap()).start.line, 3);
        assert_eq!(sources.place(problems[0].labels[0].span).start.line, 2);
        assert_eq!(catalog.consumers.len(), 1);
    }

    #[test]
    fn every_fault_of_a_file_is_told_at_its_line() {
        let text = "departments:\n  care: { name: Care, contacts: [{ name: Ann, email: ann }] }\nconsumers:\n  a: { kind: reprot, reads: [t] }\n  b: { kind: report, department: caer, last_checked: 2026-02-30, sql_file: no.sql }\n  c: { kind: report }\n";
        let (sources, _, problems) = read_files(&[("a.yml", text)]);
        let mut told: Vec<_> = problems.iter().map(|problem| (sources.place(problem.span.unwrap()).start.line, problem.code.0)).collect();
        told.sort_unstable();
        assert_eq!(
            told,
            [
                (2, "value-not-an-e-mail"),
                (4, "yaml-unknown-word"),
                (5, "catalog-unknown-department"),
                (5, "file-not-found"),
                (5, "value-not-a-date"),
                (6, "catalog-consumer-says-nothing"),
            ]
        );
        let department = problems.iter().find(|problem| problem.code.0 == "catalog-unknown-department").unwrap();
        assert!(department.help.as_deref().unwrap().starts_with("did you mean `care`?"));
    }

    #[test]
    fn a_folder_without_files_is_a_problem() {
        assert_eq!(read_files(&[("notes.txt", "")]).2[0].code.0, "catalog-empty");
    }
}
