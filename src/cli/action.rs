//! `action`: the job of the GitHub Action in `action.yml`, in one run: which migrations a pull request brings, the check, annotations, the summary of
//! the job, reports as files, the comment, and the outputs.
//!
//! Everything comes out of the environment, as the runner sets it: nothing that somebody proposes is ever part of a command line.

use std::path::{Path, PathBuf};

use clap::Args;

use super::action_outputs::{append, outputs};
use super::base::{BaseArguments, Policy};
use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{JudgementArguments, inputs};
use super::output::{OutputFile, write_files};
use super::settings::SettingsArguments;
use super::{notice, plan};
use crate::diagnostic::Problem;
use crate::gate::{self, Answer, Verdict};
use crate::git::{self, Base};
use crate::github::{self, Api, Bases, Event, Needed, Posted};
use crate::notice::{Occasion, channel, compose};
use crate::render::{self, Format, Looks};
use crate::text::Sources;

/// Arguments of `action`: there are none.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = "It reads GITHUB_EVENT_NAME, GITHUB_EVENT_PATH, GITHUB_BASE_REF, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, GITHUB_API_URL and \
GITHUB_REPOSITORY as GitHub's runner sets them, and the inputs of the action as FIELDGATE_CONFIG, FIELDGATE_BASE, FIELDGATE_POLICY, \
FIELDGATE_FAIL, FIELDGATE_OUTPUT_DIR, FIELDGATE_COMMENT, FIELDGATE_COMMENT_KEY, FIELDGATE_COMMENT_AUTHOR and FIELDGATE_TOKEN.")]
pub(super) struct ActionArguments {}

/// Runs `action`.
///
/// # Errors
/// Every fault of the input, and outputs that cannot be written.
pub(super) fn run(_: &ActionArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    // What is said from here on may quote anybody, so the runner is told to take no commands until the word is said that nobody can guess.
    let token = unguessable();
    console.data(format!("::stop-commands::{token}\n").as_bytes())?;
    match judge(environment, sources, console) {
        Ok(answer) => {
            console.data(format!("\n::{token}::\n").as_bytes())?;
            tell(&answer, environment, console)
        }
        Err(failure) => {
            if let Failure::Problems(problems) = &failure {
                console.problems(problems, sources);
            }
            console.data(format!("\n::{token}::\n").as_bytes())?;
            let said = match &failure {
                Failure::Problems(problems) => problems.iter().filter(|problem| problem.is_error()).map(|problem| problem.message.as_str()).collect(),
                _ => Vec::new(),
            };
            let said = if said.is_empty() { failure.to_string() } else { said.join("; ") };
            console.data(render::github_command("error", "fieldgate: nothing was judged", &said).as_bytes())?;
            append(environment, "GITHUB_STEP_SUMMARY", &render::unusable_summary(&said))?;
            append(environment, "GITHUB_OUTPUT", &outputs(&[("verdict", "unusable"), ("exit-code", "2")]))?;
            Ok(ExitStatus::Unusable)
        }
    }
}

fn judge(environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<Answer, Failure> {
    let event = event(environment)?;
    let base = base(&event, environment)?;
    match &base {
        Some(base) => console.note(&format!("compared with {base}")),
        None => console.note("compared with nothing: everything that waits is judged"),
    }
    let policy = match (input(environment, "POLICY"), &base) {
        (None | Some("base"), Some(_)) => Policy::Base,
        (None | Some("base" | "branch"), _) => Policy::Branch,
        (Some(other), _) => return Err(Problem::error("action-input", format!("the input `policy` is `{other}`")).allowed(other, ["base", "branch"]).into()),
    };
    let arguments = JudgementArguments {
        settings: SettingsArguments { config: input(environment, "CONFIG").map(PathBuf::from), dialect: None },
        base: BaseArguments { base, policy },
        ..JudgementArguments::default()
    };
    let inputs = inputs(&arguments, environment, std::mem::take(sources), console).map_err(|(failure, read)| {
        *sources = read;
        failure
    })?;
    let answer = gate::check(inputs);
    console.data((render::TEXT.render)(&answer, Looks { width: 120, ..console.out }).as_bytes())?;
    Ok(answer)
}

/// An input of the action; `None` when it is empty.
fn input<'e>(environment: &'e Environment, name: &str) -> Option<&'e str> {
    environment.variables.get(&format!("FIELDGATE_{name}")).map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn variable<'e>(environment: &'e Environment, name: &str) -> Option<&'e str> {
    environment.variables.get(name).map(String::as_str).filter(|text| !text.is_empty())
}

fn event(environment: &Environment) -> Result<Event, Failure> {
    let name = variable(environment, "GITHUB_EVENT_NAME").unwrap_or("");
    let payload = match variable(environment, "GITHUB_EVENT_PATH") {
        Some(path) => {
            let mut sources = Sources::default();
            let id = sources.load(Path::new(path)).map_err(|error| Failure::from(Problem::from(error)))?;
            let unreadable = |error: serde_json::Error| Problem::error("action-event", format!("the event in {path} cannot be read: {error}"));
            serde_json::from_str(sources.text(id)).map_err(unreadable)?
        }
        None => serde_json::Value::Null,
    };
    Ok(Event::read(name, &payload, variable(environment, "GITHUB_BASE_REF")))
}

/// The name of the commit that the changes are compared with.
fn base(event: &Event, environment: &Environment) -> Result<Option<String>, Failure> {
    if let Some(named) = input(environment, "BASE") {
        return Ok(Some(named.to_owned()));
    }
    let folder = &environment.working_folder;
    let told = |error: git::GitError| Failure::from(super::base::problem(error));
    match &event.bases {
        Bases::Everything => Ok(None),
        Bases::Refused(why) => Err(Problem::error("action-event", *why).help("use the event pull_request").into()),
        Bases::Of { head, names } => {
            if let Some(head) = head
                && git::commit(folder, "HEAD^2").map_err(told)?.as_deref() == Some(head)
            {
                return Ok(Some(String::from("HEAD^1")));
            }
            let mut last = Problem::error("action-event", "the event does not say what its changes are compared with");
            for name in names {
                match Base::find(folder, name) {
                    Ok(_) => return Ok(Some(name.clone())),
                    Err(error) => last = super::base::problem(error),
                }
            }
            Err(last.into())
        }
    }
}

/// Annotations, files, summary, comment and outputs of an answer.
fn tell(answer: &Answer, environment: &Environment, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    console.data(render::annotations(answer).as_bytes())?;
    let folder = output_folder(environment);
    let reports = reports(answer, &folder);
    let composed = answer.notice_facts(|facts| compose(facts, &Occasion::announcement(answer.today, facts.organisation), &answer.templates));
    for problem in composed.problems.iter().filter(|problem| problem.is_error()) {
        console.data(render::github_command("warning", "fieldgate: a notice could not be written", &problem.message).as_bytes())?;
    }
    let notices = composed.notices;
    let mut files: Vec<OutputFile> = reports.iter().map(|(_, file)| file.clone()).collect();
    files.extend(notice::files(&folder.join("notices"), &notices, channel::ALL));
    files.extend(plan::files(answer, &folder.join("rollback")));
    write_files(&files)?;
    let looks = Looks { verbose: true, ..Looks::default() };
    let summary = (render::MARKDOWN.render)(answer, looks);
    let posted = comment(answer, environment, console)?;
    append(environment, "GITHUB_STEP_SUMMARY", &summary)?;
    let status = match answer.verdict {
        Verdict::Pass | Verdict::Warn => ExitStatus::Clean,
        Verdict::NotJudged => ExitStatus::NotJudged,
        Verdict::Block => ExitStatus::Blocked,
    };
    let departments = serde_json::Value::from(notices.iter().map(|notice| notice.recipient.to_string()).collect::<Vec<_>>()).to_string();
    let (errors, warnings) = render::counts(answer);
    let path = |path: &Path| path.display().to_string();
    let mut all = vec![
        (String::from("verdict"), answer.verdict.as_str().to_owned()),
        (String::from("errors"), errors.to_string()),
        (String::from("warnings"), warnings.to_string()),
        (String::from("not-judged"), answer.not_judged.len().to_string()),
        (String::from("departments"), departments),
        (String::from("comment"), posted.to_owned()),
        (String::from("exit-code"), status.code().to_string()),
        (String::from("output-dir"), path(&folder)),
        (String::from("notices"), path(&folder.join("notices"))),
        (String::from("rollback"), path(&folder.join("rollback"))),
    ];
    all.extend(reports.iter().map(|(name, file)| ((*name).to_owned(), path(&file.path))));
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    append(environment, "GITHUB_OUTPUT", &outputs(&all))?;
    match input(environment, "FAIL") {
        None | Some("true") => Ok(status),
        Some("false") => Ok(ExitStatus::Clean),
        Some(other) => Err(Problem::error("action-input", format!("the input `fail` is `{other}`")).allowed(other, ["true", "false"]).into()),
    }
}

fn output_folder(environment: &Environment) -> PathBuf {
    let named = input(environment, "OUTPUT_DIR").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| variable(environment, "RUNNER_TEMP").map_or_else(std::env::temp_dir, PathBuf::from).join("fieldgate"));
    if folder.is_absolute() { folder } else { environment.working_folder.join(folder) }
}

/// The reports, by the names of their outputs.
fn reports(answer: &Answer, folder: &Path) -> Vec<(&'static str, OutputFile)> {
    let looks = Looks { verbose: true, ..Looks::default() };
    let formats: [(&'static str, &str, &Format); 5] = [
        ("sarif", "fieldgate.sarif", render::SARIF),
        ("html", "report.html", render::HTML),
        ("json", "report.json", render::JSON),
        ("summary", "summary.md", render::MARKDOWN),
        ("junit", "junit.xml", render::JUNIT),
    ];
    let file = |name: &str, format: &Format| OutputFile { path: folder.join(name), bytes: (format.render)(answer, looks).into_bytes() };
    formats.into_iter().map(|(output, name, format)| (output, file(name, format))).collect()
}

/// Keeps the comment up to date; what it could not do it says, and goes on: the summary says the same.
fn comment(answer: &Answer, environment: &Environment, console: &mut Console<'_, '_>) -> Result<&'static str, Failure> {
    match input(environment, "COMMENT") {
        None | Some("true") => {}
        Some("false") => return Ok("off"),
        Some(other) => return Err(Problem::error("action-input", format!("the input `comment` is `{other}`")).allowed(other, ["true", "false"]).into()),
    }
    let Some(pull_request) = event(environment)?.pull_request else { return Ok("no pull request") };
    let api = Api {
        url: variable(environment, "GITHUB_API_URL").unwrap_or("https://api.github.com").to_owned(),
        repository: variable(environment, "GITHUB_REPOSITORY").unwrap_or("").to_owned(),
        token: input(environment, "TOKEN").unwrap_or("").to_owned(),
    };
    let settings = answer.config.source.and_then(|id| answer.sources.get(id)).map_or("fieldgate.yml", |source| source.name());
    let usual = format!("{}{settings}", answer.folder_in_repository);
    let key = input(environment, "COMMENT_KEY").unwrap_or(&usual);
    let author = input(environment, "COMMENT_AUTHOR").unwrap_or("github-actions[bot]");
    let text = (render::COMMENT.render)(answer, Looks::default());
    // A pull request that brings no migration needs no comment; one that no longer does gets its old one put right.
    let needed = if answer.migrations.is_empty() && answer.findings.is_empty() && answer.not_judged.is_empty() { Needed::OnlyToChange } else { Needed::Yes };
    match github::comment(&api, pull_request, key, author, &text, needed) {
        Ok(Posted::Made) => Ok("made"),
        Ok(Posted::Changed) => Ok("changed"),
        Ok(Posted::Same) => Ok("same"),
        Ok(Posted::NotNeeded) => Ok("not needed"),
        Err(error) => {
            let said = format!("{error}. The summary of the job says the same.");
            console.data(render::github_command("notice", "fieldgate: no comment", &said).as_bytes())?;
            Ok("not written")
        }
    }
}

/// A word that nobody knows beforehand.
fn unguessable() -> String {
    use std::hash::{BuildHasher, Hasher};
    // The standard library seeds each of these from the system's source of randomness.
    let part = || std::hash::RandomState::new().build_hasher().finish();
    format!("fieldgate-{:016x}{:016x}", part(), part())
}
