//! `--base` and `--policy`: what a branch proposes, and whose settings judge it.
//!
//! With the policy of the base, settings, rules, snapshot and allowances are read as the base has them, so that a branch cannot switch off its own gate.
//! Migrations and the catalog are always the branch's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use miette::Diagnostic;
use tempfile::TempDir;

use super::console::Console;
use super::environment::Environment;
use super::failure::Failure;
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::git::{Base, FileChange, FileStatus, GitError};
use crate::project::{self, BranchFacts, Config, Discovery, FileEvent, FileEventKind, Migration, SignOff, Standing};
use crate::sql::read_script_part;
use crate::text::{Source, SourceId, Sources, Span};

/// What a branch is compared with.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct BaseArguments {
    /// Judge only the migrations that this branch adds or edits since it left REF (a branch, tag or commit; read with git)
    #[arg(long, value_name = "REF", help_heading = "Inputs", conflicts_with = "all")]
    pub base: Option<String>,
    /// Whose settings, rules, snapshot and allowances judge a branch: its own, or those of its base
    #[arg(long, value_name = "WHOSE", default_value = "branch", requires = "base", help_heading = "Settings")]
    pub policy: Policy,
}

/// Whose settings judge a branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Policy {
    /// Its own
    #[default]
    Branch,
    /// Those of the base, so that a branch cannot switch off its own gate
    Base,
}

/// The base of a run, as it was found.
#[derive(Debug)]
pub(super) struct Compared {
    base: Base,
    policy: Policy,
    /// The working folder in the repository, `warehouse/`.
    folder: String,
    /// Files as the base has them, for rooms that read files by path.
    exported: Option<TempDir>,
}

impl Compared {
    /// Finds the base; `None` when none is named.
    ///
    /// # Errors
    /// Without git, outside a repository, and when the base is not there.
    pub(super) fn find(arguments: &BaseArguments, environment: &Environment) -> Result<Option<Self>, Failure> {
        let Some(name) = &arguments.base else { return Ok(None) };
        let base = Base::find(&environment.working_folder, name).map_err(problem)?;
        Ok(Some(Self { base, policy: arguments.policy, folder: environment.folder_in_repository(), exported: None }))
    }

    /// The settings as the base has them, when its policy is wanted and it has any; `named` is where they are, from the working folder.
    ///
    /// # Errors
    /// When git does not say, or they cannot be used.
    pub(super) fn settings(&self, named: Option<&Path>, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<Option<Config>, Failure> {
        if self.policy == Policy::Branch {
            return Ok(None);
        }
        let here = named.map(Path::to_path_buf).into_iter().chain(self.candidates());
        for path in here {
            if let Some(id) = self.source(&path, sources)? {
                let (config, warnings) = project::read(&path, id, sources)?;
                console.problems(&warnings, sources);
                console.note(&format!("settings: {} as {} has it", path.display(), self.base.name));
                return Ok(Some(config));
            }
        }
        let problem = Problem::warning("policy-not-in-base", format!("{} has no settings, so those of the branch judge it", self.base.name));
        console.problems(&[problem.help("once they are on the base, a branch cannot change them for itself")], sources);
        Ok(None)
    }

    /// Where settings may be, from the working folder up.
    fn candidates(&self) -> Vec<PathBuf> {
        let depth = self.folder.matches('/').count();
        let up = (0..=depth).map(|steps| std::iter::repeat_n("..", steps).collect::<PathBuf>());
        up.flat_map(|folder| project::FILE_NAMES.iter().map(move |name| folder.join(name))).collect()
    }

    /// A file as the base has it, when its policy is wanted.
    ///
    /// # Errors
    /// When git does not say.
    pub(super) fn policy_file(&self, path: &Path, sources: &mut Sources) -> Result<Option<SourceId>, Failure> {
        match self.policy {
            Policy::Branch => Ok(None),
            Policy::Base => self.source(path, sources),
        }
    }

    fn source(&self, path: &Path, sources: &mut Sources) -> Result<Option<SourceId>, Failure> {
        let shown = path.display().to_string().replace('\\', "/");
        let Some(inside) = self.in_repository(&shown) else { return Ok(None) };
        let Some(bytes) = self.base.read(&inside).map_err(problem)? else { return Ok(None) };
        let text = String::from_utf8(bytes).map_err(|_| Problem::error("file-not-utf8", format!("{shown} of {} is not UTF-8 text", self.base.name)))?;
        Ok(Some(sources.add(shown, text.strip_prefix('\u{feff}').unwrap_or(&text))))
    }

    /// Files and folders as the base has them, written where they can be read by path; what the base does not have is left out.
    ///
    /// # Errors
    /// When git does not say, or they cannot be written.
    pub(super) fn policy_paths(&mut self, paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, Failure> {
        if self.policy == Policy::Branch || paths.is_empty() {
            return Ok(paths);
        }
        let unwritable = |reason| Failure::Write { path: PathBuf::from("a temporary folder"), reason };
        let folder = tempfile::Builder::new().prefix("fieldgate-base-").tempdir().map_err(unwritable)?;
        let mut exported = Vec::new();
        for path in &paths {
            let shown = path.display().to_string().replace('\\', "/");
            let Some(inside) = self.in_repository(&shown) else {
                // Outside the repository nothing is the branch's.
                exported.push(path.clone());
                continue;
            };
            if !self.export(&inside, folder.path())?.is_empty() {
                exported.push(folder.path().join(&inside));
            }
        }
        self.exported = Some(folder);
        Ok(exported)
    }

    /// Writes what the base has at or under a path of the repository into a folder, under the same paths; which files those are.
    ///
    /// # Errors
    /// When git does not say, or they cannot be written.
    pub(super) fn export(&self, inside: &str, folder: &Path) -> Result<Vec<String>, Failure> {
        let unwritable = |reason| Failure::Write { path: PathBuf::from("a temporary folder"), reason };
        let files = self.base.files_under(inside).map_err(problem)?;
        for file in &files {
            let Some(bytes) = self.base.read(file).map_err(problem)? else { continue };
            let target = folder.join(file);
            std::fs::create_dir_all(target.parent().unwrap_or(folder)).map_err(unwritable)?;
            std::fs::write(&target, bytes).map_err(unwritable)?;
        }
        Ok(files)
    }

    /// Whose settings judge.
    pub(super) fn policy(&self) -> Policy {
        self.policy
    }

    /// A path of the working folder, from the root of the repository; `None` outside it.
    pub(super) fn inside(&self, path: &Path) -> Option<String> {
        self.in_repository(&path.display().to_string().replace('\\', "/"))
    }

    /// A path of the repository, as it is typed in the working folder.
    pub(super) fn typed(&self, path: &str) -> String {
        self.as_typed(path)
    }

    /// Sorts what was found by what the branch does to it.
    ///
    /// # Errors
    /// When git does not say.
    pub(super) fn branch(
        &self,
        found: &Discovery,
        entries: &[project::MigrationsEntry],
        recorded: &[String],
        dialect: &'static Dialect,
        sources: &mut Sources,
    ) -> Result<Proposed, Failure> {
        let changes = self.base.changes().map_err(problem)?;
        // A file that is taken away, or has another name now, is no longer there to be read.
        let gone: Vec<&str> = changes.iter().filter(|change| change.status == FileStatus::Deleted).map(|change| change.path.as_str()).collect();
        let mut deleted = Vec::new();
        for path in gone {
            let shown = self.as_typed(path);
            let folders = entries.iter().filter_map(|entry| self.in_repository(&entry.path.display().to_string().replace('\\', "/")));
            if !is_way_there(path, folders) {
                continue;
            }
            if let Some(id) = self.source(Path::new(&shown), sources)? {
                deleted.push(project::deleted(&shown, sources.whole(id), recorded, sources));
            }
        }
        // By the names that migrations were read under: a path can be typed in more than one way.
        let status: BTreeMap<&str, &FileStatus> = changes.iter().map(|change| (change.path.as_str(), &change.status)).collect();
        let names: BTreeSet<&str> = found.migrations.iter().filter_map(|migration| sources.get(migration.up.source)).map(Source::name).collect();
        let typed: Vec<FileChange> = names
            .into_iter()
            .filter_map(|name| {
                let status = status.get(self.in_repository(name)?.as_str())?;
                Some(FileChange { path: name.to_owned(), status: (*status).clone() })
            })
            .collect();
        let facts = BranchFacts { changes: &typed, recorded, sources };
        let branch = project::branch(found.migrations.clone(), &facts);
        let mut events = branch.events;
        events.extend(deleted);
        let trusted = match self.policy {
            Policy::Branch => None,
            Policy::Base => Some(self.trusted(&branch.proposed, sources)?),
        };
        if let Some(trusted) = &trusted {
            events.extend(branch.proposed.iter().flat_map(|migration| allowances(migration, trusted, dialect, sources)));
            for sidecar in branch.proposed.iter().filter_map(|migration| migration.sidecar.as_ref()) {
                let path = sources.get(sidecar.source).map_or("", |source| source.name());
                let of_base = self.in_repository(path).map(|inside| self.base.read(&inside)).transpose().map_err(problem)?.flatten();
                if of_base.as_deref() != Some(sources.text(sidecar.source).as_bytes()) {
                    events.extend(sidecar.sign_offs.iter().map(|sign_off| signed(sign_off, path)));
                }
            }
        }
        Ok(Proposed { migrations: branch.proposed, earlier: branch.earlier, events, trusted })
    }

    /// Lines with allowances that the base has, by the file they stand in now.
    fn trusted(&self, proposed: &[Migration], sources: &mut Sources) -> Result<Trusted, Failure> {
        let mut trusted = Trusted::new();
        let names: BTreeSet<String> = proposed.iter().filter_map(|migration| sources.get(migration.up.source)).map(|source| source.name().to_owned()).collect();
        for name in names {
            let Some(inside) = self.in_repository(&name) else { continue };
            let text = self.base.read(&inside).map_err(problem)?.unwrap_or_default();
            let lines = String::from_utf8_lossy(&text).lines().filter(|line| line.contains("fieldgate:")).map(|line| line.trim().to_owned()).collect();
            trusted.insert(Arc::from(name), lines);
        }
        Ok(trusted)
    }

    /// A path of the working folder, from the root of the repository; `None` outside it.
    fn in_repository(&self, typed: &str) -> Option<String> {
        if Path::new(typed).is_absolute() {
            let inside = Path::new(typed).strip_prefix(&self.base.root).ok()?;
            return Some(inside.display().to_string().replace('\\', "/"));
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.folder.split('/').chain(typed.split('/')) {
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

    /// A path of the repository, as it is typed in the working folder.
    fn as_typed(&self, path: &str) -> String {
        let folder: Vec<&str> = self.folder.split('/').filter(|part| !part.is_empty()).collect();
        let file: Vec<&str> = path.split('/').collect();
        let same = folder.iter().zip(&file).take_while(|(one, other)| one == other).count();
        let up = std::iter::repeat_n("..", folder.len() - same);
        up.chain(file.into_iter().skip(same)).collect::<Vec<_>>().join("/")
    }
}

/// Allowances that count, by file.
pub(super) type Trusted = BTreeMap<Arc<str>, BTreeSet<String>>;

/// What a branch proposes.
#[derive(Debug, Default)]
pub(super) struct Proposed {
    /// What is judged.
    pub migrations: Vec<Migration>,
    /// What runs before it.
    pub earlier: Vec<Migration>,
    /// What is done to files.
    pub events: Vec<FileEvent>,
    /// Allowances that count; `None`: all.
    pub trusted: Option<Trusted>,
}

/// The comments of a migration that allow rules and are not of the base.
fn allowances(migration: &Migration, trusted: &Trusted, dialect: &'static Dialect, sources: &Sources) -> Vec<FileEvent> {
    let path = sources.get(migration.up.source).map_or("", |source| source.name());
    let known = trusted.get(path);
    let script = read_script_part(sources, migration.up.source, migration.up, dialect);
    let own = script.comments.iter().map(|comment| comment.span).filter(|span| {
        let text = sources.slice(*span).trim();
        text.contains("fieldgate:") && !known.is_some_and(|lines| lines.iter().any(|line| line.contains(text)))
    });
    own.map(|span: Span| FileEvent {
        kind: FileEventKind::AllowedByBranch,
        name: Arc::from(migration.name.as_str()),
        path: Arc::from(path),
        span,
        standing: Standing::Waiting,
        other: sources.slice(span).trim().to_owned(),
        passed_over: false,
    })
    .collect()
}

/// A sign-off that the branch brings along: whoever reviews it sees to it that the department agrees.
fn signed(sign_off: &SignOff, path: &str) -> FileEvent {
    FileEvent {
        kind: FileEventKind::SignedByBranch,
        name: Arc::from(sign_off.department.value.as_str()),
        path: Arc::from(path),
        span: sign_off.department.span,
        standing: Standing::Waiting,
        other: format!("{} ({})", sign_off.department.value, sign_off.name),
        passed_over: false,
    }
}

/// Whether a file that is gone was the way there of a migration: SQL in a folder of migrations, and no way back.
fn is_way_there(path: &str, mut folders: impl Iterator<Item = String>) -> bool {
    let lower = path.to_ascii_lowercase();
    let is_sql = lower.rsplit_once('.').is_some_and(|(_, ending)| ending == "sql");
    let is_back = lower.ends_with(".down.sql") || lower.ends_with("/down.sql") || lower.contains("/revert/") || lower.contains("/verify/");
    let is_inside = |folder: String| {
        let glob = globset::GlobBuilder::new(&folder).literal_separator(true).build().ok().map(|glob| glob.compile_matcher());
        Path::new(path).starts_with(Path::new(folder.trim_end_matches('/'))) || glob.is_some_and(|glob| glob.is_match(path))
    };
    is_sql && !is_back && folders.any(is_inside)
}

/// What git could not say, for the user.
pub(super) fn problem(error: GitError) -> Problem {
    let problem = Problem::error("base-not-found", error.to_string());
    match error.help() {
        Some(help) => problem.help(help.to_string()),
        None => problem,
    }
}
