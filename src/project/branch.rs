//! What a branch does to migrations: which it proposes, which were there before it and still wait, and what it does to files that it should leave alone.
//!
//! In: migrations as they stand, and the files that the branch touches. Out: a [`Branch`]. What the events mean is a matter of rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::applied::{is_recorded, split_applied};
use super::layout::{FALLBACK, Records};
use super::migration::{Migration, MigrationKind};
use super::natural_order::natural;
use crate::git::{FileChange, FileStatus};
use crate::text::{Sources, Span};

/// What is done to the file of a migration, or beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileEventKind {
    /// The base has another text of it.
    Edited,
    /// The base has it under another name.
    Renamed,
    /// The base has it, the branch does not.
    Deleted,
    /// It is new, and stands before one that the base has.
    OutOfOrder,
    /// Numbers before it are not there.
    NumberMissing,
    /// Another has its version.
    NumberTwice,
    /// It allows rules by itself, and only what the base allows counts.
    AllowedByBranch,
    /// Its record holds a sign-off that the base does not have.
    SignedByBranch,
    /// The branch takes a consumer out of the catalog.
    ConsumerTakenOut,
    /// The branch says something else of what a consumer reads or writes.
    ConsumerRedefined,
}

/// Whether the warehouse has a migration already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// By the snapshot it does.
    Applied,
    /// By the snapshot it does not.
    Waiting,
    /// The snapshot records nothing.
    Unknown,
}

/// Something that is done to the file of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEvent {
    /// What.
    pub kind: FileEventKind,
    /// The migration's name.
    pub name: Arc<str>,
    /// Its path as the user would type it.
    pub path: Arc<str>,
    /// Where it is shown.
    pub span: Span,
    /// Whether the warehouse has it.
    pub standing: Standing,
    /// The other file or migration that it is about; empty when there is none.
    pub other: String,
    /// Whether its runner would never apply it, because it only knows the last version.
    pub passed_over: bool,
}

/// Migrations as a branch sees them.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// What the branch adds or edits, and is not applied.
    pub proposed: Vec<Migration>,
    /// What the base has and is not applied: it runs before.
    pub earlier: Vec<Migration>,
    /// What is done to files, in the order of migrations.
    pub events: Vec<FileEvent>,
}

/// What is known besides the migrations.
#[derive(Clone, Copy, Debug)]
pub struct BranchFacts<'a> {
    /// Files that the branch touches, as paths that a user would type, like the names of sources.
    pub changes: &'a [FileChange],
    /// What the snapshot records as applied.
    pub recorded: &'a [String],
    /// All texts.
    pub sources: &'a Sources,
}

/// Sorts migrations by what the branch does to them.
pub fn branch(migrations: Vec<Migration>, facts: &BranchFacts<'_>) -> Branch {
    let touched: BTreeMap<&str, &FileStatus> = facts.changes.iter().map(|change| (change.path.as_str(), &change.status)).collect();
    let file_of = |migration: &Migration| facts.sources.get(migration.up.source).map_or("", |source| source.name());
    let last_of_base = migrations
        .iter()
        .filter(|migration| {
            migration.kind == MigrationKind::Versioned && !matches!(touched.get(file_of(migration)), Some(FileStatus::Added | FileStatus::Renamed(_)))
        })
        .max_by(|one, other| natural(&one.id, &other.id))
        .map(|migration| (migration.id.clone(), migration.name.clone()));
    let applied: BTreeSet<String> = split_applied(migrations.clone(), facts.recorded).applied.into_iter().map(|migration| migration.name).collect();
    let mut branch = Branch::default();
    for migration in migrations {
        let standing = match (facts.recorded.is_empty(), applied.contains(&migration.name)) {
            (true, _) => Standing::Unknown,
            (false, true) => Standing::Applied,
            (false, false) => Standing::Waiting,
        };
        let status = touched.get(file_of(&migration)).copied();
        branch.events.extend(events(&migration, status, standing, last_of_base.as_ref(), facts.sources));
        match (status, standing) {
            // A migration that is applied runs no more, whatever its text is now; the rules tell of it. One that runs again with each text is judged.
            (Some(FileStatus::Edited), Standing::Applied) => {}
            (Some(_), _) => branch.proposed.push(migration),
            (None, Standing::Waiting) => branch.earlier.push(migration),
            // Without records the snapshot is taken for the warehouse as the base has it.
            (None, Standing::Applied | Standing::Unknown) => {}
        }
    }
    branch
}

fn events(migration: &Migration, status: Option<&FileStatus>, standing: Standing, last: Option<&(String, String)>, sources: &Sources) -> Vec<FileEvent> {
    let event = |kind, other: String| event(migration, kind, standing, other, sources);
    match status {
        // What is applied whenever its text changes is meant to be edited.
        Some(FileStatus::Edited) if migration.kind == MigrationKind::Versioned => vec![event(FileEventKind::Edited, String::new())],
        Some(FileStatus::Renamed(old)) => vec![event(FileEventKind::Renamed, old.clone())],
        Some(FileStatus::Added) if migration.kind == MigrationKind::Versioned => match last {
            Some((id, name)) if natural(&migration.id, id).is_lt() => vec![event(FileEventKind::OutOfOrder, name.clone())],
            Some(_) | None => Vec::new(),
        },
        Some(FileStatus::Edited | FileStatus::Added | FileStatus::Deleted) | None => Vec::new(),
    }
}

fn event(migration: &Migration, kind: FileEventKind, standing: Standing, other: String, sources: &Sources) -> FileEvent {
    FileEvent {
        kind,
        name: Arc::from(migration.name.as_str()),
        path: Arc::from(sources.get(migration.up.source).map_or("", |source| source.name())),
        span: first_line(migration.up, sources),
        standing,
        other,
        passed_over: migration.layout.records == Records::Last,
    }
}

/// The first line of a part that says something.
fn first_line(part: Span, sources: &Sources) -> Span {
    let text = sources.slice(part);
    let blank = text.len() - text.trim_start().len();
    let line = text.trim_start().lines().next().map_or(0, |line| line.trim_end().len());
    let offset = |bytes: usize| part.start.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
    Span::new(part.source, offset(blank), offset(blank + line))
}

/// A migration of the base that the branch deletes, shown in its old text.
pub fn deleted(path: &str, text: Span, recorded: &[String], sources: &Sources) -> FileEvent {
    let file = path.rsplit('/').next().unwrap_or(path);
    let name = match (file, path.rsplit('/').nth(1)) {
        // A folder for each migration.
        ("up.sql" | "migration.sql", Some(folder)) => folder,
        _ => file.strip_suffix(".sql").map_or(file, |stem| stem.strip_suffix(".up").unwrap_or(stem)),
    };
    let standing = match (recorded.is_empty(), is_recorded(name, recorded)) {
        (true, _) => Standing::Unknown,
        (false, true) => Standing::Applied,
        (false, false) => Standing::Waiting,
    };
    FileEvent {
        kind: FileEventKind::Deleted,
        name: Arc::from(name),
        path: Arc::from(path),
        span: first_line(text, sources),
        standing,
        other: String::new(),
        passed_over: false,
    }
}

/// Gaps and duplicates in the numbering, where what is proposed makes them. `gaps` are the names before and after each.
pub fn numbering(all: &[Migration], proposed: &[Migration], gaps: &[(String, String)], sources: &Sources) -> Vec<FileEvent> {
    let own: BTreeMap<&str, &Migration> = proposed.iter().map(|migration| (migration.name.as_str(), migration)).collect();
    let mut events = Vec::new();
    for (before, after) in gaps {
        if let Some(migration) = own.get(after.as_str()) {
            events.push(event(migration, FileEventKind::NumberMissing, Standing::Waiting, before.clone(), sources));
        }
    }
    let mut seen: BTreeMap<&str, &Migration> = BTreeMap::new();
    for migration in all.iter().filter(|migration| migration.kind == MigrationKind::Versioned && migration.layout != FALLBACK) {
        let Some(first) = seen.insert(migration.id.as_str(), migration) else { continue };
        let (late, other) = if own.contains_key(migration.name.as_str()) { (migration, first) } else { (first, migration) };
        if own.contains_key(late.name.as_str()) && late.name != other.name {
            events.push(event(late, FileEventKind::NumberTwice, Standing::Waiting, other.name.clone(), sources));
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{MigrationsEntry, Wanted, discover};

    fn seen(files: &[&str], changes: &[(&str, FileStatus)], recorded: &[&str]) -> (Vec<String>, Vec<String>, Vec<(FileEventKind, String, Standing)>) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(folder.path().join(file), "SELECT 1;").unwrap();
        }
        let mut sources = Sources::default();
        let found = discover(&Wanted { entries: &[MigrationsEntry::of_path(folder.path())], ..Wanted::default() }, &mut sources);
        let path = |file: &str| folder.path().join(file).display().to_string();
        let changes: Vec<FileChange> = changes.iter().map(|(file, status)| FileChange { path: path(file), status: status.clone() }).collect();
        let recorded: Vec<String> = recorded.iter().map(|record| (*record).to_owned()).collect();
        let branch = branch(found.migrations, &BranchFacts { changes: &changes, recorded: &recorded, sources: &sources });
        let names = |all: &[Migration]| all.iter().map(|migration| migration.name.clone()).collect::<Vec<_>>();
        let events = branch.events.iter().map(|event| (event.kind, event.name.to_string(), event.standing)).collect();
        (names(&branch.proposed), names(&branch.earlier), events)
    }

    #[test]
    fn what_the_branch_adds_is_proposed_and_what_waits_runs_before() {
        let (proposed, earlier, events) = seen(&["0001_a.up.sql", "0002_b.up.sql", "0003_c.up.sql"], &[("0003_c.up.sql", FileStatus::Added)], &["0001_a"]);
        assert_eq!((proposed, earlier, events), (vec![String::from("0003_c")], vec![String::from("0002_b")], vec![]));
    }

    #[test]
    fn an_edited_migration_is_told_and_only_judged_when_it_still_waits() {
        let changes = [("0001_a.up.sql", FileStatus::Edited), ("0002_b.up.sql", FileStatus::Edited)];
        let (proposed, _, events) = seen(&["0001_a.up.sql", "0002_b.up.sql"], &changes, &["0001_a"]);
        assert_eq!(proposed, ["0002_b"]);
        let edited = |name: &str, standing| (FileEventKind::Edited, name.to_owned(), standing);
        assert_eq!(events, [edited("0001_a", Standing::Applied), edited("0002_b", Standing::Waiting)]);
    }

    #[test]
    fn a_number_before_one_of_the_base_is_out_of_order() {
        let (proposed, _, events) = seen(&["0001_a.up.sql", "0002_b.up.sql"], &[("0001_a.up.sql", FileStatus::Added)], &["0002_b"]);
        assert_eq!(events, [(FileEventKind::OutOfOrder, String::from("0001_a"), Standing::Applied)].map(|(kind, name, _)| (kind, name, events[0].2)));
        assert_eq!(proposed, ["0001_a"]);
    }
}
