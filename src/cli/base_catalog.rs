//! What a branch does to the catalog: who was in it on the base and is no longer, and whose entry says something else now.
//!
//! A change that breaks a report passes as soon as nobody knows of the report. So with the policy of the base an entry that the branch takes out is
//! still judged, as the base has it; whatever the policy is, it is told.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::base::{Compared, Policy};
use super::failure::Failure;
use crate::catalog::{self, Catalog, Consumer, Reference};
use crate::diagnostic::Problem;
use crate::project::{Config, FileEvent, FileEventKind, Standing};
use crate::text::{SourceId, Sources};

/// Tells what the branch does to entries of the catalog, and takes those that it removes back in when the base's policy is wanted.
///
/// # Errors
/// When git does not say, or the catalog of the base cannot be written where it can be read.
pub(super) fn catalog_events(compared: &Compared, config: &Config, catalog: &mut Catalog, sources: &mut Sources) -> Result<Vec<FileEvent>, Failure> {
    let unwritable = |reason| Failure::Write { path: PathBuf::from("a temporary folder"), reason };
    let folder = tempfile::Builder::new().prefix("fieldgate-catalog-").tempdir().map_err(unwritable)?;
    let mut paths = Vec::new();
    for path in &config.catalog {
        let Some(inside) = compared.inside(&path.value) else { continue };
        let files = compared.export(&inside, folder.path())?;
        for file in &files {
            for query in queries(&folder.path().join(file)) {
                let at = Path::new(file).parent().unwrap_or(Path::new("")).join(query);
                if let Some(inside) = plain(&at) {
                    compared.export(&inside, folder.path())?;
                }
            }
        }
        if !files.is_empty() {
            paths.push((folder.path().join(&inside), None));
        }
    }
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let first_new = sources.iter().count();
    let (of_base, problems) = catalog::read(&paths, config.dialect, sources);
    shown_as_typed(first_new, folder.path(), compared, sources);
    if problems.iter().any(Problem::is_error) {
        let problem = Problem::error("catalog-of-base-unreadable", "the catalog of the base cannot be read, so nobody can say whom the branch takes out of it");
        return Err(problem.help(problems.first().map_or_else(String::new, |problem| problem.message.clone())).into());
    }
    let mut events = Vec::new();
    for (id, consumer) in of_base.consumers {
        match catalog.consumers.get(&id) {
            Some(own) if says_the_same(own, &consumer, sources) => {}
            Some(own) => events.push(event(FileEventKind::ConsumerRedefined, own, sources)),
            None => {
                events.push(event(FileEventKind::ConsumerTakenOut, &consumer, sources));
                if compared.policy() == Policy::Base {
                    if let Some((id, department)) = consumer.department.as_ref().and_then(|id| of_base.departments.get_key_value(id)) {
                        catalog.departments.entry(id.clone()).or_insert_with(|| department.clone());
                    }
                    catalog.consumers.insert(id, consumer);
                }
            }
        }
    }
    Ok(events)
}

/// The files that `sql_file:` names in a file of the catalog, as far as they are inside of the repository.
fn queries(file: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let after = text.split("sql_file").skip(1).filter_map(|rest| rest.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':'));
    let ends = |letter: char| matches!(letter, '\n' | '\r' | ',' | '}' | '#');
    let named = after.filter_map(|rest| rest.trim_start().split(ends).next());
    named.map(|name| name.trim().trim_matches(['"', '\'']).to_owned()).filter(|name| !name.is_empty()).collect()
}

/// A path without `.` and `..`; `None` when it leads out.
fn plain(path: &Path) -> Option<String> {
    let text = path.to_str()?.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// Texts of the base are shown under the names that they have in the repository.
fn shown_as_typed(first: usize, folder: &Path, compared: &Compared, sources: &mut Sources) {
    let prefix = format!("{}/", folder.display().to_string().replace('\\', "/"));
    let names: Vec<(SourceId, String)> =
        sources.iter().skip(first).filter_map(|(id, source)| Some((id, compared.typed(&plain(Path::new(source.name().strip_prefix(&prefix)?))?)))).collect();
    for (id, name) in names {
        sources.rename(id, name);
    }
}

fn says_the_same(one: &Consumer, other: &Consumer, sources: &Sources) -> bool {
    let sql = |consumer: &Consumer| consumer.sql.map(|sql| sources.slice(sql.part).trim().to_owned());
    let names = |all: &[Reference]| all.iter().map(|reference| (reference.parts.clone(), reference.extent)).collect::<Vec<_>>();
    let told = |consumer: &Consumer| (names(&consumer.reads), names(&consumer.reads_by_position), names(&consumer.writes));
    sql(one) == sql(other) && told(one) == told(other)
}

fn event(kind: FileEventKind, consumer: &Consumer, sources: &Sources) -> FileEvent {
    FileEvent {
        kind,
        name: consumer.id.clone(),
        path: Arc::from(sources.get(consumer.span.source).map_or("", |source| source.name())),
        span: consumer.span,
        standing: Standing::Unknown,
        other: consumer.name.clone(),
        passed_over: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_found_however_they_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yml");
        std::fs::write(&file, "a: { sql_file: ../q/a b.sql, kind: report }\nb:\n  \"sql_file\": 'q/b.sql' # why\n  sql: SELECT 1\n").unwrap();
        assert_eq!(queries(&file), BTreeSet::from([String::from("../q/a b.sql"), String::from("q/b.sql")]));
        assert_eq!((plain(Path::new("w/c/../q/a.sql")), plain(Path::new("../a"))), (Some(String::from("w/q/a.sql")), None));
    }
}
