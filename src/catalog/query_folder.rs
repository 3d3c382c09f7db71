//! A folder of queries: each file is a consumer, named by its stem, with what its head says of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::front_matter::{FrontMatter, front_matter};
use super::model::{Catalog, Consumer, ConsumerSql, Department, Owner};
use super::word::{Cadence, ConsumerKind, Criticality};
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources, Span, Spanned};
use crate::yaml;

/// Endings of files that hold SQL.
const ENDINGS: [&str; 4] = ["sql", "psql", "pgsql", "query"];

/// Adds the queries of a folder (and of folders in it) to a catalog.
pub fn read_query_folder(folder: &Path, catalog: &mut Catalog, sources: &mut Sources) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    if let Err(reason) = collect(folder, &mut files) {
        let missing = reason.kind() == std::io::ErrorKind::NotFound;
        let code = if missing { "file-not-found" } else { "folder-not-readable" };
        problems.push(Problem::error(code, format!("cannot read the folder {}: {reason}", folder.display())).of(folder));
        return problems;
    }
    if files.is_empty() {
        let problem = Problem::warning("query-folder-empty", format!("there is no query in the folder {}", folder.display())).of(folder);
        problems.push(problem.help("queries are .sql files, each named as its consumer"));
    }
    // Where the catalog declares departments, a query has to name one of them; without any, its word is taken.
    let declared = if catalog.departments.is_empty() { Departments::AsNamed } else { Departments::Declared };
    for file in files {
        match sources.load(&file) {
            Ok(id) => add(&file, id, declared, catalog, sources, &mut problems),
            Err(error) => problems.push(error.into()),
        }
    }
    problems
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Departments {
    Declared,
    AsNamed,
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_query = path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)));
        if hidden {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if is_query {
            files.push(path);
        }
    }
    Ok(())
}

fn add(file: &Path, source: SourceId, departments: Departments, catalog: &mut Catalog, sources: &Sources, problems: &mut Vec<Problem>) {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let id: Arc<str> = stem.as_str().into();
    let head = Span::new(source, 0, 0);
    if let Some(first) = catalog.consumers.get(&id) {
        let problem = Problem::error("catalog-id-twice", format!("the consumer `{id}` is declared twice")).at(head).label(first.span, "first here");
        problems.push(problem.help("a query in a folder is a consumer with the name of its file"));
        return;
    }
    let front = front_matter(source, sources);
    for (word, near) in &front.slips {
        problems.push(Problem::warning("front-matter-unknown-key", format!("`{}` is not read; did you mean `{near}`?", word.value)).at(word.span));
    }
    let department = last(&front, "department").and_then(|word| department(word, departments, catalog, problems));
    let email = last(&front, "email").and_then(|address| yaml::e_mail(address, problems));
    let owner = last(&front, "owner").map(|name| Owner { name: name.value.clone(), email: email.clone(), slack: None });
    let text = |key: &str| last(&front, key).map(|value| value.value.clone());
    let kind = word_of(&front, "kind", &ConsumerKind::ALL, ConsumerKind::as_str, problems);
    let consumer = Consumer {
        id: id.clone(),
        span: head,
        name: text("name").or_else(|| text("report")).unwrap_or(stem),
        kind: kind.unwrap_or(ConsumerKind::Report),
        tool: text("tool"),
        department,
        owner: owner.or_else(|| email.map(|email| Owner { name: email.clone(), email: Some(email), slack: None })),
        criticality: word_of(&front, "criticality", &Criticality::ALL, Criticality::as_str, problems),
        cadence: word_of(&front, "cadence", &Cadence::ALL, Cadence::as_str, problems),
        last_checked: last(&front, "last_checked").and_then(|day| yaml::date(day, problems).map(|date| Spanned::new(date, day.span))),
        fixed_by: None,
        description: text("description"),
        url: text("url"),
        recipients: Vec::new(),
        sql: Some(ConsumerSql { part: sources.whole(source) }),
        reads: Vec::new(),
        reads_by_position: Vec::new(),
        writes: Vec::new(),
        search_path: None,
        role: None,
    };
    catalog.consumers.insert(id, consumer);
}

fn last<'f>(front: &'f FrontMatter, key: &str) -> Option<&'f Spanned<String>> {
    front.lines.iter().rev().find(|line| line.key == key && !line.value.value.is_empty()).map(|line| &line.value)
}

/// A word of a closed list; another one is a problem.
fn word_of<T: Copy>(front: &FrontMatter, key: &str, all: &[T], word: fn(T) -> &'static str, problems: &mut Vec<Problem>) -> Option<T> {
    let value = last(front, key)?;
    let plain = value.value.to_ascii_lowercase().replace(['-', ' '], "_");
    let found = all.iter().copied().find(|candidate| word(*candidate) == plain);
    if found.is_none() {
        let problem = Problem::error("yaml-unknown-word", format!("`{}` is not known here", value.value)).at(value.span);
        problems.push(problem.allowed(&value.value, all.iter().map(|candidate| word(*candidate))));
    }
    found
}

/// A department by id or by name.
fn department(word: &Spanned<String>, departments: Departments, catalog: &mut Catalog, problems: &mut Vec<Problem>) -> Option<Arc<str>> {
    let same = |department: &&Department| department.id.eq_ignore_ascii_case(&word.value) || department.name.eq_ignore_ascii_case(&word.value);
    if let Some(found) = catalog.departments.values().find(same) {
        return Some(found.id.clone());
    }
    if departments == Departments::Declared {
        let problem = Problem::error("catalog-unknown-department", format!("there is no department `{}`", word.value)).at(word.span);
        problems.push(problem.allowed(&word.value, catalog.departments.keys().map(AsRef::as_ref)));
        return None;
    }
    let id: String = word.value.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let id: Arc<str> = id.into();
    let department = Department { id: id.clone(), span: None, name: word.value.clone(), contacts: Vec::new(), language: None };
    catalog.departments.entry(id.clone()).or_insert(department);
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &str)]) -> (Catalog, Vec<Problem>) {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut catalog = Catalog::default();
        let problems = read_query_folder(folder.path(), &mut catalog, &mut Sources::default());
        (catalog, problems)
    }

    #[test]
    fn each_file_is_a_consumer_with_what_its_head_says() {
        let (catalog, problems) = read(&[
            ("month_end.sql", "-- name: Month end\n-- department: Client Services\n-- kind: dashboard\n-- cadence: monthly\nSELECT 1"),
            ("deep/plain.sql", "SELECT 2"),
            ("notes.md", "no"),
        ]);
        assert_eq!(problems, []);
        let month_end = &catalog.consumers["month_end"];
        assert_eq!((month_end.name.as_str(), month_end.kind, month_end.cadence), ("Month end", ConsumerKind::Dashboard, Some(Cadence::Monthly)));
        assert_eq!(catalog.department_of(month_end).map(|department| department.name.as_str()), Some("Client Services"));
        assert_eq!(catalog.consumers["plain"].kind, ConsumerKind::Report);
    }

    #[test]
    fn one_name_in_two_folders_is_a_problem() {
        let (catalog, problems) = read(&[("a/x.sql", ""), ("b/x.sql", "")]);
        assert_eq!((catalog.consumers.len(), problems[0].code.0), (1, "catalog-id-twice"));
        assert_eq!(read(&[("x.sql", "-- kind: reprot\n")]).1[0].code.0, "yaml-unknown-word");
        assert_eq!(read(&[]).1[0].code.0, "query-folder-empty");
    }
}
