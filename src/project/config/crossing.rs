//! Raw settings → checked settings: the one place where words become values and faults become problems.

use std::path::{Path, PathBuf};

use super::checked::{Config, Gate, HelpContacts, LevelTable, LevelWord, Levels, MigrationsEntry, Notices, Organisation, Runner};
use super::duration::milliseconds;
use super::raw::{RawConfig, RawGate, RawMigrations, RawOrganisation, RawRunner};
use crate::diagnostic::Problem;
use crate::dialect::{self, Dialect};
use crate::name::{Name, Quoting};
use crate::project::layout;
use crate::text::{SourceId, Spanned};
use crate::yaml::{self, Entries, WordOr};

/// Checks everything that can be checked without looking at other files, and writes down what is wrong.
pub(super) fn cross(raw: RawConfig, source: SourceId, folder: &Path, problems: &mut Vec<Problem>) -> Config {
    let dialect = dialect_of(raw.dialect.as_ref(), problems);
    let joined = |path: &Spanned<String>| Spanned::new(join(folder, &path.value), path.span);
    let notices = raw.notices.0.unwrap_or_default();
    let language = notices.language.as_ref().and_then(|tag| language(tag, problems));
    let migrations = raw.migrations.into_vec().into_iter().filter_map(|entry| migrations_entry(entry, folder, problems)).collect();
    Config {
        source: Some(source),
        folder: folder.to_path_buf(),
        dialect,
        migrations,
        snapshot: raw.snapshot.as_ref().map(joined),
        catalog: raw.catalog.into_vec().iter().map(joined).collect(),
        rules: raw.rules.into_vec().iter().map(joined).collect(),
        baseline: raw.baseline.as_ref().map(joined),
        search_path: raw.search_path.map(|names| search_path(&names, dialect, problems)),
        gate: gate(&raw.gate.0.unwrap_or_default()),
        levels: levels(raw.levels, problems),
        runner: runner(&raw.runner.0.unwrap_or_default(), problems),
        organisation: organisation(raw.organisation.0.unwrap_or_default(), language, problems),
        notices: Notices { templates: notices.templates.as_ref().map(joined), log: notices.log.as_ref().map(joined) },
    }
}

/// A path of the file, from the working folder.
fn join(folder: &Path, path: &str) -> PathBuf {
    let path = path.strip_prefix("./").unwrap_or(path);
    if folder.as_os_str().is_empty() || folder == Path::new(".") { PathBuf::from(path) } else { folder.join(path) }
}

fn dialect_of(word: Option<&Spanned<String>>, problems: &mut Vec<Problem>) -> &'static Dialect {
    let default = dialect::DEFAULT;
    let Some(word) = word else { return default };
    dialect::named(&word.value).unwrap_or_else(|| {
        let problem = Problem::error("config-unknown-dialect", format!("the dialect `{}` is not known", word.value)).at(word.span);
        problems.push(problem.allowed(&word.value, dialect::ALL.iter().map(|dialect| dialect.name)));
        default
    })
}

fn migrations_entry(entry: WordOr<RawMigrations>, folder: &Path, problems: &mut Vec<Problem>) -> Option<MigrationsEntry> {
    let entry = match entry {
        WordOr::Word(path) => RawMigrations { path, layout: None, placeholders: Entries::default() },
        WordOr::Fields(fields) => fields,
    };
    if entry.path.value.trim().is_empty() {
        problems.push(Problem::error("config-empty-path", "an empty path names no folder").at(entry.path.span));
        return None;
    }
    let layout = entry.layout.as_ref().and_then(|word| {
        let found = layout::named(&word.value);
        if found.is_none() {
            let problem = Problem::error("config-unknown-layout", format!("the layout `{}` is not known", word.value)).at(word.span);
            problems.push(problem.allowed(&word.value, layout::ALL.iter().map(|layout| layout.name)));
        }
        found
    });
    let placeholders = entry.placeholders.0.into_iter().map(|(name, value)| (name.value, value)).collect();
    Some(MigrationsEntry { path: join(folder, &entry.path.value), layout, placeholders, span: Some(entry.path.span) })
}

fn search_path(names: &[Spanned<String>], dialect: &Dialect, problems: &mut Vec<Problem>) -> Vec<Name> {
    let mut path = Vec::new();
    for name in names {
        let text = name.value.trim();
        if text.is_empty() || text.contains(',') {
            let problem = Problem::error("config-invalid-schema-name", format!("`{}` is not the name of one schema", name.value)).at(name.span);
            problems.push(problem.help("write each schema as an item of its own: [app, public]"));
            continue;
        }
        let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        path.push(match quoted {
            Some(inner) => dialect.fold(&inner.replace("\"\"", "\""), Quoting::Quoted),
            None => dialect.fold(text, Quoting::Bare),
        });
    }
    path
}

fn gate(raw: &RawGate) -> Gate {
    let default = Gate::default();
    Gate {
        contract: raw.contract.or(raw.fail_on).unwrap_or(default.contract),
        operation: raw.operation.or(raw.fail_on).unwrap_or(default.operation),
        not_judged: raw.not_judged.unwrap_or(default.not_judged),
    }
}

fn levels(raw: Entries<WordOr<Entries<Spanned<String>>>>, problems: &mut Vec<Problem>) -> Levels {
    let mut levels = Levels::default();
    for (name, entry) in raw.0 {
        match entry {
            WordOr::Word(word) => levels.everywhere.extend(level(&word, problems).map(|level| (name, level))),
            WordOr::Fields(table) => {
                if let Err(error) = globset::Glob::new(&name.value) {
                    let problem = Problem::error("config-invalid-glob", format!("`{}` is no path pattern: {}", name.value, error.kind())).at(name.span);
                    problems.push(problem.help("`levels:` takes rules and families with a level, and path patterns with a mapping of them"));
                }
                let table: LevelTable = table.0.into_iter().filter_map(|(rule, word)| level(&word, problems).map(|level| (rule, level))).collect();
                levels.paths.push((name, table));
            }
        }
    }
    levels
}

fn level(word: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<LevelWord> {
    let found = LevelWord::ALL.into_iter().find(|level| level.as_str() == word.value);
    if found.is_none() {
        let problem = Problem::error("config-unknown-level", format!("`{}` is no level", word.value)).at(word.span);
        problems.push(problem.allowed(&word.value, LevelWord::ALL.into_iter().map(LevelWord::as_str)));
    }
    found
}

fn runner(raw: &RawRunner, problems: &mut Vec<Problem>) -> Runner {
    let mut timeout = |text: Option<&Spanned<String>>| {
        let text = text?;
        let found = milliseconds(&text.value);
        if found.is_none() {
            let problem = Problem::error("config-invalid-duration", format!("`{}` is no length of time", text.value)).at(text.span);
            problems.push(problem.help("write a whole number with its unit: 500ms, 5s, 15min, 1h"));
        }
        // In PostgreSQL 0 switches a timeout off (manual 20.11, 15).
        found.filter(|limit| *limit > 0)
    };
    Runner { transaction: raw.transaction, lock_timeout_ms: timeout(raw.lock_timeout.as_ref()), statement_timeout_ms: timeout(raw.statement_timeout.as_ref()) }
}

fn organisation(raw: RawOrganisation, of_notices: Option<String>, problems: &mut Vec<Problem>) -> Organisation {
    let time_zone = raw.time_zone.and_then(|name| {
        let found = jiff::tz::TimeZone::get(&name.value).ok();
        if found.is_none() {
            let problem = Problem::error("config-unknown-time-zone", format!("the time zone `{}` is not known", name.value)).at(name.span);
            problems.push(problem.help("write it as region and city, for example America/New_York"));
        }
        found
    });
    let language = raw.language.and_then(|tag| language(&tag, problems));
    let email = raw.help.email.and_then(|address| yaml::e_mail(&address, problems));
    let help = HelpContacts { email, phone: raw.help.phone, slack: raw.help.slack };
    Organisation { name: raw.name, time_zone, sender: raw.sender, help, language: of_notices.or(language) }
}

fn language(tag: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<String> {
    let well_formed = tag.value.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !well_formed {
        let problem = Problem::error("config-invalid-language", format!("`{}` is no language tag", tag.value)).at(tag.span);
        problems.push(problem.help("write it as in en or es-MX"));
    }
    well_formed.then(|| tag.value.clone())
}
