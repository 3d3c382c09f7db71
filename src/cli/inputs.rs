//! Everything a judgement needs, read from what settings and arguments name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::base::{BaseArguments, Compared, Proposed, Trusted};
use super::base_catalog::catalog_events;
use super::console::Console;
use super::environment::Environment;
use super::failure::Failure;
use super::settings::{self, CatalogArguments, ClockArguments, SettingsArguments};
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::gate::{Inputs, NotJudgedItem};
use crate::lineage::Session;
use crate::migrate::{ScriptInput, build, run};
use crate::name::{Name, Quoting};
use crate::notice::Templates;
use crate::project::{self, Config, FileEvent, LevelWord, Migration, MigrationsEntry, NoticeLog, Wanted, discover, numbering, split_applied};
use crate::rules::{self, Family, LevelSetting, LevelTable, Levels, RuleSet};
use crate::schema::Schema;
use crate::snapshot::{self, Provenance, Snapshot};
use crate::sql::{read_script, read_script_part};
use crate::text::{MAX_SOURCE_BYTES, Sources};

/// Where the schema before comes from.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct SchemaArguments {
    /// Snapshot file of the warehouse as it is; instead of the one in the settings
    #[arg(long, value_name = "FILE", help_heading = "Inputs", conflicts_with = "ddl")]
    pub snapshot: Option<PathBuf>,
    /// DDL that builds the warehouse as it is; a `pg_dump --schema-only` file is fine (can be repeated)
    #[arg(long, value_name = "FILE", help_heading = "Inputs")]
    pub ddl: Vec<PathBuf>,
    /// Schemas where names without a schema are looked for, with commas between them
    #[arg(long, value_name = "SCHEMAS", value_delimiter = ',', help_heading = "Settings")]
    pub search_path: Vec<String>,
}

/// What a command judges.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct JudgementArguments {
    /// Migration files, folders or globs; `-` is stdin; without one those of the settings that the snapshot does not know yet
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub schema: SchemaArguments,
    #[command(flatten)]
    pub catalog: CatalogArguments,
    #[command(flatten)]
    pub settings: SettingsArguments,
    #[command(flatten)]
    pub clock: ClockArguments,
    #[command(flatten)]
    pub base: BaseArguments,
    /// File or folder of rules of your own, beside the built-in ones (can be repeated)
    #[arg(long, value_name = "PATH", help_heading = "Inputs")]
    pub rules: Vec<PathBuf>,
    /// Also judge migrations that the snapshot says are applied
    #[arg(long, help_heading = "Inputs")]
    pub all: bool,
}

/// Reads everything.
///
/// # Errors
/// Every fault of the input that keeps it from being judged.
pub(super) fn inputs(
    arguments: &JudgementArguments,
    environment: &Environment,
    mut sources: Sources,
    console: &mut Console<'_, '_>,
) -> Result<Inputs, (Failure, Sources)> {
    match gather(arguments, environment, &mut sources, console) {
        Ok(gathered) => Ok(Inputs {
            sources,
            folder_in_repository: environment.folder_in_repository(),
            config: gathered.config,
            schema: gathered.schema,
            gaps: gathered.gaps,
            session: gathered.session,
            migrations: gathered.migrations,
            file_events: gathered.file_events,
            trusted_allowances: gathered.trusted_allowances,
            catalog: gathered.catalog,
            rules: gathered.rules,
            levels: gathered.levels,
            templates: gathered.templates,
            told: gathered.told,
            existing: gathered.existing,
            baseline: None,
            today: gathered.today,
        }),
        Err(failure) => Err((failure, sources)),
    }
}

struct Gathered {
    config: Config,
    schema: Schema,
    gaps: Vec<NotJudgedItem>,
    session: Session,
    migrations: Vec<Migration>,
    file_events: Vec<FileEvent>,
    trusted_allowances: Option<Trusted>,
    catalog: crate::catalog::Catalog,
    rules: Arc<RuleSet>,
    levels: Levels,
    templates: Templates,
    told: NoticeLog,
    existing: Option<BTreeSet<String>>,
    today: jiff::civil::Date,
}

fn gather(arguments: &JudgementArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<Gathered, Failure> {
    let mut compared = Compared::find(&arguments.base, environment)?;
    let named = settings::settings_path(&arguments.settings, environment);
    let of_base = compared.as_ref().map(|compared| compared.settings(named.as_deref(), sources, console)).transpose()?.flatten();
    let config = match of_base {
        Some(config) => settings::laid_over(&arguments.settings, config)?,
        None => settings::settings(&arguments.settings, environment, sources, console)?,
    };
    let today = arguments.clock.today(environment, &config)?;
    let mut catalog = settings::catalog(&arguments.catalog, &config, sources, console)?;
    let catalog_events = match &compared {
        Some(compared) if arguments.catalog.catalog.is_empty() => catalog_events(compared, &config, &mut catalog, sources)?,
        Some(_) | None => Vec::new(),
    };
    let (mut snapshot, mut gaps) = schema_before_branch(&arguments.schema, &config, compared.as_ref(), sources, console)?;
    let session = session(&arguments.schema, &config, &snapshot.schema);
    let (Proposed { migrations, earlier, mut events, trusted }, existing) = proposed(arguments, &config, &snapshot, compared.as_ref(), sources, console)?;
    events.extend(catalog_events);
    gaps.extend(apply_earlier(&earlier, &mut snapshot, &session, sources, console));
    sign_offs_are_of_departments(&migrations, &catalog)?;
    let own: Vec<PathBuf> = config.rules.iter().map(|path| path.value.clone()).chain(arguments.rules.iter().cloned()).collect();
    let own = match &mut compared {
        Some(compared) => compared.policy_paths(own)?,
        None => own,
    };
    let rules = rules::load(sources, &own)?;
    let levels = levels(&config, &rules)?;
    let templates = Templates::load(config.notices.templates.as_ref(), sources)?;
    let told = told(&config, sources)?;
    Ok(Gathered {
        config,
        schema: snapshot.schema,
        gaps,
        session,
        migrations,
        file_events: events,
        trusted_allowances: trusted,
        catalog,
        rules: Arc::new(rules),
        levels,
        templates,
        told,
        existing,
        today,
    })
}

/// Who was told so far; nobody, when the log that is named was not begun yet.
fn told(config: &Config, sources: &mut Sources) -> Result<NoticeLog, Failure> {
    let Some(path) = config.notices.log.as_ref().filter(|path| path.value.exists()) else { return Ok(NoticeLog::default()) };
    let id = sources.load(&path.value).map_err(|error| Failure::from(Problem::from(error).at(path.span)))?;
    Ok(NoticeLog::read(sources, id)?)
}

/// A sign-off of a department that nobody knows would be taken for an agreement of somebody.
fn sign_offs_are_of_departments(migrations: &[Migration], catalog: &crate::catalog::Catalog) -> Result<(), Failure> {
    let sign_offs = migrations.iter().filter_map(|migration| migration.sidecar.as_ref()).flat_map(|sidecar| &sidecar.sign_offs);
    let unknown = sign_offs.map(|sign_off| &sign_off.department).filter(|word| !catalog.departments.contains_key(word.value.as_str()));
    let problems: Vec<Problem> = unknown
        .map(|word| {
            let problem = Problem::error("sidecar-unknown-department", format!("there is no department `{}`", word.value)).at(word.span);
            problem.allowed(&word.value, catalog.departments.keys().map(AsRef::as_ref))
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// The schema before: DDL, a snapshot that is named, or the one of the settings; and what of it was not understood, so that something may be missing.
///
/// # Errors
/// When nothing is named, or it cannot be read.
pub(super) fn schema_before(arguments: &SchemaArguments, config: &Config, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<Before, Failure> {
    if !arguments.ddl.is_empty() {
        return from_ddl(&arguments.ddl, config, sources, console);
    }
    let named = arguments.snapshot.clone().or_else(|| config.snapshot.as_ref().map(|path| path.value.clone()));
    let Some(path) = named else {
        let problem = Problem::error("no-schema", "nothing says what the warehouse looks like now");
        return Err(problem
            .help("name a snapshot with --snapshot FILE or `snapshot:` in fieldgate.yml, or DDL with --ddl FILE (a pg_dump --schema-only file is fine)")
            .into());
    };
    let id = sources.load(&path).map_err(|error| {
        let mut problem = Problem::from(error);
        if let (Some(place), None) = (&config.snapshot, &arguments.snapshot) {
            problem = problem.at(place.span);
        }
        Failure::from(problem)
    })?;
    let (snapshot, warnings) = snapshot::read_yaml(sources, id, config.dialect)?;
    console.problems(&warnings, sources);
    console.note(&format!("snapshot: {}", path.display()));
    let gaps = warnings.iter().map(gap).collect();
    Ok((snapshot, gaps))
}

/// The same, as the base of a branch has it when its policy is wanted.
fn schema_before_branch(
    arguments: &SchemaArguments,
    config: &Config,
    compared: Option<&Compared>,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<Before, Failure> {
    if let (Some(compared), Some(path), None, true) = (compared, &config.snapshot, &arguments.snapshot, arguments.ddl.is_empty())
        && let Some(id) = compared.policy_file(&path.value, sources)?
    {
        let (snapshot, warnings) = snapshot::read_yaml(sources, id, config.dialect)?;
        console.problems(&warnings, sources);
        console.note(&format!("snapshot: {} as the base has it", path.value.display()));
        return Ok((snapshot, warnings.iter().map(gap).collect()));
    }
    schema_before(arguments, config, sources, console)
}

/// Applies what runs before the branch's own migrations; what is refused or not understood there leaves a gap.
fn apply_earlier(earlier: &[Migration], snapshot: &mut Snapshot, session: &Session, sources: &Sources, console: &mut Console<'_, '_>) -> Vec<NotJudgedItem> {
    let mut gaps = Vec::new();
    for migration in earlier {
        console.note(&format!("runs before: {}", migration.name));
        let script = read_script_part(sources, migration.up.source, migration.up, snapshot.schema.dialect);
        let transaction_mode = migration.run.transaction_mode(script.statements.len());
        let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode };
        let run = run(snapshot.schema.clone(), session.clone(), &[input], sources);
        for step in &run.steps {
            let refused = step.outcome.refusal.as_ref().map(|refusal| (refusal.span, format!("a server would refuse this: {}", refusal.message)));
            let unread = step.outcome.not_judged.iter().map(|not_judged| (not_judged.span, not_judged.reason.clone()));
            gaps.extend(refused.into_iter().chain(unread).map(|(span, reason)| NotJudgedItem {
                migration: None,
                consumer: None,
                span: Some(span),
                reason: format!("{} runs before what is proposed, and {reason}", migration.name),
            }));
        }
        snapshot.schema = run.after;
    }
    gaps
}

/// A schema, and what was not understood of where it comes from.
type Before = (Snapshot, Vec<NotJudgedItem>);

fn gap(warning: &Problem) -> NotJudgedItem {
    NotJudgedItem { migration: None, consumer: None, span: warning.span, reason: warning.message.clone() }
}

/// Builds a schema from DDL files, one after the other. What they hold that is not understood is told, and what it names is unknown.
///
/// # Errors
/// When a file cannot be read.
fn from_ddl(paths: &[PathBuf], config: &Config, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<Before, Failure> {
    let mut statements = Vec::new();
    for path in paths {
        let id = sources.load(path).map_err(|error| Failure::from(Problem::from(error)))?;
        statements.extend(read_script(sources, id, config.dialect).statements);
    }
    let run = build(&statements, config.dialect, sources);
    let mut warnings = Vec::new();
    for step in &run.steps {
        if let Some(refusal) = &step.outcome.refusal {
            let message = format!("a server would refuse this statement of the DDL ({}): {}", refusal.sqlstate, refusal.message);
            warnings.push(Problem::warning("ddl-refused", message).at(refusal.span));
        }
        for not_judged in &step.outcome.not_judged {
            let message = format!("this statement of the DDL is not understood: {}", not_judged.reason);
            warnings.push(Problem::warning("ddl-not-understood", message).at(not_judged.span));
        }
    }
    console.problems(&warnings, sources);
    console.note(&format!("ddl: {} statements, {} of them refused or not understood", statements.len(), warnings.len()));
    let provenance = Provenance { kind: String::from("ddl"), ..Provenance::default() };
    Ok((Snapshot { schema: run.after, provenance }, warnings.iter().map(gap).collect()))
}

/// The session that migrations and consumers start in.
pub(super) fn session(arguments: &SchemaArguments, config: &Config, schema: &Schema) -> Session {
    let mut session = Session::new(schema);
    if !arguments.search_path.is_empty() {
        session.search_path = arguments.search_path.iter().map(|word| schema_name(word.trim(), schema.dialect)).collect();
    } else if let Some(path) = &config.search_path {
        session.search_path.clone_from(path);
    }
    session.search_path.retain(|name: &Name| !name.as_str().is_empty());
    session
}

/// A name as it is typed: in quotes it is kept as it is.
fn schema_name(word: &str, dialect: &Dialect) -> Name {
    match word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => dialect.fold(&inner.replace("\"\"", "\""), Quoting::Quoted),
        None => dialect.fold(word, Quoting::Bare),
    }
}

/// What is to be judged, and what is known of its files.
fn proposed(
    arguments: &JudgementArguments,
    config: &Config,
    snapshot: &Snapshot,
    compared: Option<&Compared>,
    sources: &mut Sources,
    console: &mut Console<'_, '_>,
) -> Result<(Proposed, Option<BTreeSet<String>>), Failure> {
    let stdin = if arguments.paths.iter().any(|path| path == Path::new("-")) { Some(from_stdin(sources, console)?) } else { None };
    let named: Vec<MigrationsEntry> = arguments.paths.iter().filter(|path| *path != Path::new("-")).map(MigrationsEntry::of_path).collect();
    let entries = if arguments.paths.is_empty() { config.migrations.as_slice() } else { named.as_slice() };
    if entries.is_empty() && stdin.is_none() {
        let problem = Problem::error("no-migrations", "nothing says which migrations are proposed");
        return Err(problem.help("name files or folders as arguments, or `migrations:` in fieldgate.yml").into());
    }
    let wanted = Wanted { entries, stdin, runner: config.runner, time_zone: config.organisation.time_zone.as_ref() };
    let found = discover(&wanted, sources);
    if found.problems.iter().any(Problem::is_error) {
        return Err(found.problems.into());
    }
    console.problems(&found.problems, sources);
    for migration in &found.migrations {
        console.note(&format!("migration: {} ({})", migration.name, migration.layout.title));
    }
    for (before, after) in &found.gaps {
        console.note(&format!("numbers are missing between {before} and {after}"));
    }
    let existing = arguments.paths.is_empty().then(|| found.migrations.iter().map(|migration| migration.name.clone()).collect());
    let recorded = &snapshot.provenance.applied;
    if let Some(compared) = compared {
        let mut proposed = compared.branch(&found, entries, recorded, config.dialect, sources)?;
        proposed.events.extend(numbering(&found.migrations, &proposed.migrations, &found.gaps, sources));
        return Ok((proposed, existing));
    }
    if arguments.all || !arguments.paths.is_empty() {
        return Ok((Proposed { migrations: found.migrations, ..Proposed::default() }, existing));
    }
    let split = split_applied(found.migrations.clone(), recorded);
    if !split.applied.is_empty() {
        console.note(&format!("{} migrations are applied already, by the snapshot", split.applied.len()));
    }
    let events = numbering(&found.migrations, &split.pending, &found.gaps, sources);
    Ok((Proposed { migrations: split.pending, events, ..Proposed::default() }, existing))
}

fn from_stdin(sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<crate::text::SourceId, Failure> {
    let refused = |message: String| Failure::from(Problem::error("stdin-unreadable", message));
    let bytes = console.stdin(MAX_SOURCE_BYTES + 1).map_err(|error| refused(format!("stdin cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_SOURCE_BYTES {
        return Err(refused(format!("stdin is larger than {MAX_SOURCE_BYTES} bytes")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| refused(format!("stdin is not UTF-8 text: byte {} (0-based) cannot be decoded", error.utf8_error().valid_up_to())))?;
    if text.contains('\0') {
        return Err(refused(String::from("stdin holds a NUL character, which no database accepts in SQL")));
    }
    Ok(sources.add("<stdin>", text.strip_prefix('\u{feff}').unwrap_or(&text)))
}

/// Levels of the settings, with every name checked against the rules.
fn levels(config: &Config, rules: &RuleSet) -> Result<Levels, Failure> {
    let mut problems = Vec::new();
    let everywhere = level_table(&config.levels.everywhere, rules, &mut problems);
    let mut paths = Vec::new();
    for (pattern, table) in &config.levels.paths {
        let table = level_table(table, rules, &mut problems);
        match rules::PathLevels::new(&pattern.value, table) {
            Ok(levels) => paths.push(levels),
            Err(error) => problems.push(Problem::error("config-invalid-glob", format!("`{}` is no pattern of paths: {error}", pattern.value)).at(pattern.span)),
        }
    }
    if problems.is_empty() { Ok(Levels { everywhere, paths, folder: folder(&config.folder) }) } else { Err(problems.into()) }
}

/// The folder of the settings as paths of migrations begin with it.
fn folder(folder: &Path) -> String {
    let text = folder.to_string_lossy().replace('\\', "/");
    let text = text.strip_prefix("./").unwrap_or(&text).trim_end_matches('/');
    if text.is_empty() || text == "." { String::new() } else { format!("{text}/") }
}

fn level_table(table: &project::LevelTable, rules: &RuleSet, problems: &mut Vec<Problem>) -> LevelTable {
    let mut checked = LevelTable::default();
    for (name, word) in table {
        let setting = match word {
            LevelWord::Off => LevelSetting::Off,
            other => LevelSetting::from_word(other.as_str()).unwrap_or(LevelSetting::Off),
        };
        let family = [Family::Contract, Family::Operation].into_iter().find(|family| family.as_str() == name.value);
        match (family, rules.get(&name.value)) {
            (Some(family), _) => {
                checked.families.insert(family, setting);
            }
            (None, Some(rule)) => {
                checked.rules.insert(rule.id.clone(), setting);
            }
            (None, None) => {
                let problem = Problem::error("config-unknown-rule", format!("there is no rule `{}`", name.value)).at(name.span);
                problems.push(problem.allowed(&name.value, rules.ids().into_iter().chain(["contract", "operation"])));
            }
        }
    }
    checked
}
