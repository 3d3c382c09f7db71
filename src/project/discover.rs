//! What `migrations:` and the command line name → migrations in the order of application.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::config::{MigrationsEntry, Runner, RunnerTransaction};
use super::groups::{Group, Groups, groups, order_by_plan};
use super::layout::{self, FALLBACK, Layout, Place, RunMode, Script, ScriptFault, Texts, recognise};
use super::migration::{Migration, MigrationKind};
use super::placeholder::fill;
use super::roots::{Extent, Root, has_sql_ending, roots};
use super::sidecar;
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources, Span};

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Folders, files and globs in their order.
    pub entries: &'a [MigrationsEntry],
    /// A text that was piped in: a migration by itself, after the others.
    pub stdin: Option<SourceId>,
    /// How migrations are run.
    pub runner: Runner,
    /// The zone of times in sidecars that do not say theirs.
    pub time_zone: Option<&'a jiff::tz::TimeZone>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// In the order of application.
    pub migrations: Vec<Migration>,
    /// Files that cannot be read, and what a person should know: versions that stand twice, files that the runner passes over.
    pub problems: Vec<Problem>,
    /// Numbers that are not there, as the names before and after the gap.
    pub gaps: Vec<(String, String)>,
}

/// Finds and reads migrations.
pub fn discover(wanted: &Wanted<'_>, sources: &mut Sources) -> Discovery {
    let mut found = Discovery::default();
    for root in roots(wanted.entries, &mut found.problems) {
        let before = found.migrations.len();
        read_root(&root, wanted, sources, &mut found);
        let read = found.migrations.get(before..).unwrap_or(&[]);
        told_twice(read, &mut found.problems);
        if root.extent == Extent::Folder {
            let gaps = gaps(read);
            found.gaps.extend(gaps);
        }
    }
    if let Some(id) = wanted.stdin {
        found.migrations.push(of_stdin(id, wanted, sources));
    }
    found
}

fn read_root(root: &Root, wanted: &Wanted<'_>, sources: &mut Sources, found: &mut Discovery) {
    let mut texts: BTreeMap<String, SourceId> = BTreeMap::new();
    for file in root.wanted.iter().filter(|file| has_sql_ending(file) || root.extent == Extent::Files) {
        match sources.load(&root.path(file)) {
            Ok(id) => {
                texts.insert(file.clone(), id);
            }
            Err(error) => found.problems.push(error.into()),
        }
    }
    let layout = root.layout.unwrap_or_else(|| {
        let signs: Vec<&str> = root.wanted.iter().map(String::as_str).chain(root.files.contains("sqitch.plan").then_some("sqitch.plan")).collect();
        recognise(&signs, &texts.values().map(|id| sources.text(*id)).collect::<Vec<_>>())
    });
    let mut grouped = groups(root, layout);
    if root.extent == Extent::Files {
        // A file that was named is meant, whatever it is called.
        let strangers = std::mem::take(&mut grouped.strangers);
        let named = groups(&Root { files: strangers.iter().cloned().collect(), ..root.clone() }, FALLBACK);
        grouped.all.extend(named.all);
    }
    let mut reader = Reader { root, layout, wanted, sources, texts, problems: &mut found.problems };
    reader.plan(&mut grouped);
    let mut sidecars = BTreeSet::new();
    for group in &grouped.all {
        let migrations = reader.group(group);
        sidecars.extend(migrations.iter().filter_map(|migration| migration.sidecar.as_ref()).map(|sidecar| sidecar.source));
        found.migrations.extend(migrations);
    }
    reader.left_over(&grouped, &sidecars);
    if grouped.all.is_empty() && root.extent == Extent::Folder && found.problems.iter().all(|problem| !problem.is_error()) {
        let problem = Problem::error("no-migrations", format!("there is no migration of {} in {}", layout.title, root.folder.display())).of(&root.folder);
        found.problems.push(problem.help("name the layout in fieldgate.yml: migrations: [{ path: …, layout: … }]"));
    }
}

/// Reads the groups of one folder.
struct Reader<'r> {
    root: &'r Root,
    layout: &'static Layout,
    wanted: &'r Wanted<'r>,
    sources: &'r mut Sources,
    texts: BTreeMap<String, SourceId>,
    problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    fn text(&mut self, file: &str) -> Option<SourceId> {
        if let Some(id) = self.texts.get(file) {
            return Some(*id);
        }
        let id = self.sources.load(&self.root.path(file)).map_err(|error| self.problems.push(error.into())).ok()?;
        self.texts.insert(file.to_owned(), id);
        Some(id)
    }

    fn plan(&mut self, grouped: &mut Groups) {
        let (Some(read), Some(file)) = (self.layout.plan, grouped.plan.clone()) else { return };
        let Some(id) = self.text(&file) else { return };
        let order = read(self.sources.text(id));
        for name in order_by_plan(&mut grouped.all, &order) {
            let problem = Problem::warning("migration-not-in-plan", format!("{name} is not in {file}, so the runner does not apply it; it is judged last"));
            self.problems.push(problem.at(self.sources.whole(id)));
        }
    }

    /// The text of a file with its placeholders filled in.
    fn script_text(&mut self, file: &str) -> Option<SourceId> {
        let id = self.text(file)?;
        let Some(marks) = self.layout.placeholders else { return Some(id) };
        let filled = fill(self.sources.text(id), marks, &self.root.placeholders);
        for (name, at) in &filled.missing {
            let problem = Problem::warning("placeholder-without-value", format!("the placeholder `{name}` has no value here")).at(span(id, at.start, at.end));
            self.problems.push(problem.help(format!("give it in fieldgate.yml: migrations: [{{ path: …, placeholders: {{ {name}: … }} }}]")));
        }
        if filled.text == self.sources.text(id) {
            return Some(id);
        }
        let name = self.sources.get(id).map(|source| source.name().to_owned()).unwrap_or_default();
        Some(self.sources.add(name, filled.text))
    }

    fn group(&mut self, group: &Group) -> Vec<Migration> {
        let Some(up) = self.script_text(&group.up) else { return Vec::new() };
        let down = match &group.down {
            Some(file) => match self.script_text(file) {
                Some(id) => Some(id),
                None => return Vec::new(),
            },
            None => None,
        };
        let settings = group.settings.as_ref().and_then(|file| self.text(file));
        let layout = if (self.layout.role)(&group.up).is_some() { self.layout } else { FALLBACK };
        let texts = Texts { up: self.sources.text(up), down: down.map(|id| self.sources.text(id)), settings: settings.map(|id| self.sources.text(id)) };
        match (layout.scripts)(&texts) {
            Ok(scripts) => {
                let sidecar = self.sidecar(group);
                scripts.into_iter().map(|script| self.migration(group, layout, script, up, down, sidecar.clone())).collect()
            }
            Err(fault) => {
                self.problems.push(told(fault, up));
                Vec::new()
            }
        }
    }

    fn migration(
        &mut self,
        group: &Group,
        layout: &'static Layout,
        script: Script,
        up: SourceId,
        down: Option<SourceId>,
        sidecar: Option<sidecar::Sidecar>,
    ) -> Migration {
        let run = script.run.or_else(|| configured(self.wanted.runner)).unwrap_or(layout.run);
        let down_run = script.down_run.or_else(|| configured(self.wanted.runner)).unwrap_or(layout.run);
        let name = match &script.id {
            Some(id) => format!("{}-{}", group.role.name, id.replace([':', '/', '\\', ' '], "-")),
            None => group.role.name.clone(),
        };
        Migration {
            id: script.id.clone().unwrap_or_else(|| group.role.id.clone()),
            name,
            layout,
            path: self.root.path(&group.up),
            up: self.place(script.up, up, down),
            down: script.down.map(|place| self.place(place, up, down)),
            run,
            down_run,
            kind: if group.role.repeatable { MigrationKind::Repeatable } else { MigrationKind::Versioned },
            sidecar,
        }
    }

    fn place(&mut self, place: Place, up: SourceId, down: Option<SourceId>) -> Span {
        match place {
            Place::InUp(range) => span(up, range.start, range.end),
            Place::Down => self.sources.whole(down.unwrap_or(up)),
            Place::Masked(text) => {
                let name = self.sources.get(up).map(|source| source.name().to_owned()).unwrap_or_default();
                let id = self.sources.add(name, text);
                self.sources.whole(id)
            }
        }
    }

    /// The file beside a migration: by its name, by the name of its file, or beside its folder.
    fn sidecar(&mut self, group: &Group) -> Option<sidecar::Sidecar> {
        let file = self.root.path(&group.up);
        let folder = file.parent().unwrap_or(Path::new(""));
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let named = |name: &str| format!("{name}{SIDECAR_ENDING}");
        let mut candidates = vec![folder.join(named(&group.role.name)), folder.join(named(&stem))];
        candidates.extend(folder.parent().filter(|_| group.up.contains('/')).map(|above| above.join(named(&group.role.name))));
        let path = candidates.into_iter().find(|path| path.is_file())?;
        sidecar::read(&path, self.wanted.time_zone, self.sources, self.problems)
    }

    /// What nobody took: ways back without a way there, SQL that the runner passes over, records without a migration.
    fn left_over(&mut self, grouped: &Groups, sidecars: &BTreeSet<SourceId>) {
        let layout = self.layout;
        for file in &grouped.orphans {
            let path = self.root.path(file);
            self.problems
                .push(Problem::warning("migration-down-without-up", format!("{} is a way back, and its way there is not here", path.display())).of(&path));
        }
        for file in &grouped.strangers {
            let path = self.root.path(file);
            let message = format!("{} is passed over: {} would not take it for a migration", path.display(), layout.title);
            self.problems.push(Problem::warning("migration-file-not-recognised", message).of(&path).help("it is not judged; rename it, or move it elsewhere"));
        }
        if self.root.extent == Extent::Files {
            return;
        }
        let used: BTreeSet<PathBuf> = sidecars.iter().filter_map(|id| self.sources.get(*id)).map(|source| PathBuf::from(source.name())).collect();
        let unread: BTreeSet<PathBuf> = self.problems.iter().filter_map(|problem| self.file_of(problem)).collect();
        for file in self.root.files.iter().filter(|file| file.ends_with(SIDECAR_ENDING)) {
            let path = self.root.path(file);
            if used.contains(&path) || unread.contains(&path) {
                continue;
            }
            let stem = file.strip_suffix(SIDECAR_ENDING).unwrap_or(file);
            let problem = Problem::warning("sidecar-without-migration", format!("{} stands beside no migration", path.display())).of(&path);
            self.problems.push(problem.allowed(stem, grouped.all.iter().map(|group| group.role.name.as_str())));
        }
    }

    fn file_of(&self, problem: &Problem) -> Option<PathBuf> {
        let source = problem.span.and_then(|span| self.sources.get(span.source));
        source.map(|source| PathBuf::from(source.name())).or_else(|| problem.path.clone())
    }
}

/// What the name of a file beside a migration ends in.
const SIDECAR_ENDING: &str = ".fieldgate.yml";

fn told(fault: ScriptFault, source: SourceId) -> Problem {
    Problem::error("migration-not-readable", fault.message).at(span(source, fault.at.start, fault.at.end)).help(fault.help)
}

fn configured(runner: Runner) -> Option<RunMode> {
    runner.transaction.map(|transaction| match transaction {
        RunnerTransaction::PerMigration => RunMode::Wrapped,
        RunnerTransaction::PerStatement => RunMode::EachStatement,
        RunnerTransaction::None => RunMode::OneMessage,
    })
}

fn span(source: SourceId, start: usize, end: usize) -> Span {
    let offset = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
    Span::new(source, offset(start), offset(end))
}

fn of_stdin(id: SourceId, wanted: &Wanted<'_>, sources: &Sources) -> Migration {
    let run = configured(wanted.runner).unwrap_or(layout::FALLBACK.run);
    Migration {
        id: String::from("stdin"),
        name: String::from("stdin"),
        layout: FALLBACK,
        path: PathBuf::from("-"),
        up: sources.whole(id),
        down: None,
        run,
        down_run: run,
        kind: MigrationKind::Versioned,
        sidecar: None,
    }
}

/// Versions that stand twice: the runner refuses them, or applies only one.
fn told_twice(migrations: &[Migration], problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<&str, &Migration> = BTreeMap::new();
    for migration in migrations.iter().filter(|migration| migration.kind == MigrationKind::Versioned && migration.layout != FALLBACK) {
        match seen.get(migration.id.as_str()) {
            None => {
                seen.insert(&migration.id, migration);
            }
            Some(first) => {
                let message = format!("the version {} stands twice: {} and {}", migration.id, first.name, migration.name);
                let head = |migration: &Migration| Span::new(migration.up.source, migration.up.start, migration.up.start);
                let problem = Problem::warning("migration-version-twice", message).at(head(migration)).label(head(first), "first here");
                problems.push(problem.help(format!("{} refuses this, or applies only one of the two: give one a new version", migration.layout.title)));
            }
        }
    }
}

/// Numbers that are not there, where versions are counted (and not times of day).
fn gaps(migrations: &[Migration]) -> Vec<(String, String)> {
    const COUNTED_DIGITS: usize = 6;
    let counted = |migration: &Migration| migration.id.parse::<u32>().ok().filter(|_| migration.id.len() <= COUNTED_DIGITS);
    let numbers: Vec<(u32, &str)> = migrations.iter().filter_map(|migration| counted(migration).map(|number| (number, migration.name.as_str()))).collect();
    numbers
        .iter()
        .zip(numbers.iter().skip(1))
        .filter(|((before, _), (after, _))| after.saturating_sub(*before) > 1)
        .map(|((_, before), (_, after))| ((*before).to_owned(), (*after).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Seen {
        sources: Sources,
        found: Discovery,
    }

    fn look(files: &[(&str, &str)], pick: &[&str]) -> Seen {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let entries: Vec<MigrationsEntry> = pick.iter().map(|path| MigrationsEntry::of_path(folder.path().join(path))).collect();
        let mut sources = Sources::default();
        let found = discover(&Wanted { entries: &entries, ..Wanted::default() }, &mut sources);
        Seen { sources, found }
    }

    impl Seen {
        /// Name, up, down and run mode of each.
        fn told(&self) -> Vec<(String, String, Option<String>, RunMode)> {
            let text = |span: Span| self.sources.slice(span).trim().to_owned();
            self.found.migrations.iter().map(|one| (one.name.clone(), text(one.up), one.down.map(text), one.run)).collect()
        }

        fn names(&self) -> Vec<&str> {
            self.found.migrations.iter().map(|one| one.name.as_str()).collect()
        }

        fn codes(&self) -> Vec<&str> {
            self.found.problems.iter().map(|problem| problem.code.0).collect()
        }
    }

    const PAIRS: &[(&str, &str)] = &[("0010_b.up.sql", "B"), ("0010_b.down.sql", "not b"), ("0009_a.up.sql", "A"), ("0009_a.fieldgate.yml", "change: CHG-9\n")];

    #[test]
    fn pairs_are_put_together_and_ordered_by_number() {
        let seen = look(PAIRS, &[""]);
        assert_eq!(
            seen.told(),
            [("0009_a".into(), "A".into(), None, RunMode::OneMessage), ("0010_b".into(), "B".into(), Some("not b".into()), RunMode::OneMessage)]
        );
        assert_eq!(seen.codes(), Vec::<&str>::new());
        assert_eq!(seen.found.migrations[0].sidecar.as_ref().unwrap().change.as_ref().unwrap().value, "CHG-9");
    }

    #[test]
    fn one_file_brings_its_way_back_along() {
        assert_eq!(look(PAIRS, &["0010_b.up.sql"]).told(), [("0010_b".into(), "B".into(), Some("not b".into()), RunMode::OneMessage)]);
        assert_eq!(look(PAIRS, &["*.sql"]).names(), ["0009_a", "0010_b"]);
        assert_eq!(look(PAIRS, &["0010_b.down.sql", "0010_b.up.sql"]).told().len(), 1);
    }

    #[test]
    fn a_way_back_that_is_named_alone_is_what_is_looked_at() {
        assert_eq!(look(PAIRS, &["0010_b.down.sql"]).told(), [("0010_b".into(), "not b".into(), None, RunMode::OneMessage)]);
    }

    #[test]
    fn folders_with_up_and_down_are_read_from_one_file_too() {
        let files = &[
            ("0001_a/up.sql", "A"),
            ("0001_a/down.sql", "not a"),
            ("0001_a/notes.md", ""),
            ("0002_b/up.sql", "B"),
            ("0002_b/metadata.toml", "run_in_transaction = false"),
        ];
        let seen = look(files, &[""]);
        assert_eq!(
            seen.told(),
            [("0001_a".into(), "A".into(), Some("not a".into()), RunMode::Wrapped), ("0002_b".into(), "B".into(), None, RunMode::OneMessage)]
        );
        assert_eq!(look(files, &["0001_a/up.sql"]).told(), [("0001_a".into(), "A".into(), Some("not a".into()), RunMode::Wrapped)]);
        assert_eq!(look(files, &["0002_b/up.sql"]).told()[0].3, RunMode::OneMessage);
    }

    #[test]
    fn sqitch_goes_by_its_plan() {
        let files = &[
            ("sqitch.plan", "%project=x\nzebra 2024-01-01T00:00:00Z A <a@x>\nant 2024-01-01T00:00:00Z A <a@x>\n"),
            ("deploy/ant.sql", "ANT"),
            ("deploy/zebra.sql", "ZEBRA"),
            ("revert/ant.sql", "NO ANT"),
            ("verify/ant.sql", "?"),
            ("deploy/later.sql", "LATER"),
        ];
        let seen = look(files, &[""]);
        assert_eq!(seen.names(), ["zebra", "ant", "later"]);
        assert_eq!(seen.codes(), ["migration-not-in-plan"]);
        assert_eq!(look(files, &["deploy/ant.sql"]).told(), [("ant".into(), "ANT".into(), Some("NO ANT".into()), RunMode::EachStatement)]);
    }

    #[test]
    fn flyway_pairs_by_version_and_runs_repeatable_ones_last() {
        let files = &[("V2__b.sql", "B ${who}"), ("V10__c.sql", "C"), ("U2__undo_b.sql", "not b"), ("R__a.sql", "R"), ("seed.sql", "S")];
        let seen = look(files, &[""]);
        assert_eq!(seen.names(), ["V2__b", "V10__c", "R__a"]);
        assert_eq!(seen.told()[0].2.as_deref(), Some("not b"));
        assert_eq!(seen.codes(), ["placeholder-without-value", "migration-file-not-recognised"]);
    }

    #[test]
    fn one_file_can_hold_several() {
        let text = "--liquibase formatted sql\n--changeset ann:1\nA;\n--rollback not a;\n--changeset ann:2\nB;\n";
        let seen = look(&[("changes.sql", text)], &["changes.sql"]);
        assert_eq!(seen.names(), ["changes-ann-1", "changes-ann-2"]);
        let down = seen.found.migrations[0].down.unwrap();
        assert_eq!(seen.sources.slice(down).trim(), "not a;");
        assert_eq!(seen.sources.place(Span::new(down.source, text.find("not a").unwrap() as u32, 0)).start.line, 4);
    }

    #[test]
    fn versions_that_stand_twice_and_gaps_are_told() {
        let seen = look(&[("1_a.up.sql", ""), ("1_b.up.sql", ""), ("5_c.up.sql", "")], &[""]);
        assert_eq!(seen.codes(), ["migration-version-twice"]);
        assert_eq!(seen.found.gaps, [(String::from("1_b"), String::from("5_c"))]);
    }

    #[test]
    fn what_is_not_there_is_a_problem() {
        assert_eq!(look(&[("readme.md", "")], &[""]).codes(), ["no-migrations"]);
        assert_eq!(look(&[], &["gone.sql"]).codes(), ["file-not-found"]);
        assert_eq!(look(&[], &["*.sql"]).codes(), ["no-migrations"]);
        assert_eq!(look(&[("1_a.down.sql", "")], &[""]).codes(), ["migration-down-without-up", "no-migrations"]);
    }

    #[test]
    fn a_record_beside_no_migration_is_told() {
        let seen = look(&[("1_a.up.sql", ""), ("1_aa.fieldgate.yml", "change: x\n")], &[""]);
        assert_eq!(seen.codes(), ["sidecar-without-migration"]);
        assert!(seen.found.problems[0].help.as_deref().is_some_and(|help| help.contains("did you mean `1_a`?")));
    }

    #[test]
    fn an_empty_migration_is_a_migration() {
        assert_eq!(look(&[("1_a.up.sql", "-- nothing yet\n"), ("2_b.up.sql", "")], &[""]).names(), ["1_a", "2_b"]);
    }
}
