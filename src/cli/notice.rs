//! `notice`: what each department is told.

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;

use super::console::Console;
use super::environment::Environment;
use super::exit_status::ExitStatus;
use super::failure::Failure;
use super::inputs::{JudgementArguments, inputs};
use super::output::{OutputFile, write_files};
use crate::diagnostic::Problem;
use crate::gate::{self, Answer};
use crate::notice::channel::{self, Channel};
use crate::notice::{Notice, Occasion, Written, compose, lint, told};
use crate::project::{NoticeAudience, NoticeLog, NoticeStep, Told};
use crate::text::{SourceId, Sources};

/// Arguments of `notice`.
#[derive(Clone, Debug, Args)]
pub(super) struct NoticeArguments {
    #[command(flatten)]
    judgement: JudgementArguments,
    /// Which message of the series: announce, reminder, done, old-name-ends, rolled-back, incident
    #[arg(long, value_name = "STEP", value_parser = step, default_value = "announce", help_heading = "Message")]
    step: NoticeStep,
    /// For whom: staff (one text for each department), helpdesk (managers and the help desk), record (a change board)
    #[arg(long, value_name = "AUDIENCE", value_parser = audience, default_value = "staff", help_heading = "Message")]
    audience: NoticeAudience,
    /// One name for all changes together, instead of the ids of their records
    #[arg(long, value_name = "ID", help_heading = "Message")]
    change_set: Option<String>,
    /// Only for this department, by its id (can be repeated)
    #[arg(long, value_name = "ID", help_heading = "Message")]
    department: Vec<String>,
    /// The form of the message: text, md, html, eml, slack, teams, ics, digest, csv (can be repeated); into a folder, all of them when none is named
    #[arg(long, value_name = "CHANNEL", value_parser = channel, help_heading = "Output")]
    channel: Vec<&'static Channel>,
    /// Write one file for each department and channel into this folder
    #[arg(long, visible_alias = "out", value_name = "DIR", help_heading = "Output")]
    output_dir: Option<PathBuf>,
    /// Say what is not plain, and how hard each notice is to read, instead of printing it; ends with 1 when something is not plain
    #[arg(long, help_heading = "Output")]
    lint: bool,
    /// Write down in the log of `notices.log` who is told what today
    #[arg(long, help_heading = "Output", conflicts_with = "lint")]
    record: bool,
}

fn channel(word: &str) -> Result<&'static Channel, String> {
    channel::named(word).ok_or_else(|| format!("the channels are {}", channel::ALL.iter().map(|channel| channel.name).collect::<Vec<_>>().join(", ")))
}

fn step(word: &str) -> Result<NoticeStep, String> {
    let found = NoticeStep::ALL.into_iter().find(|step| step.as_str() == word);
    found.ok_or_else(|| format!("the messages are {}", NoticeStep::ALL.map(NoticeStep::as_str).join(", ")))
}

fn audience(word: &str) -> Result<NoticeAudience, String> {
    let found = NoticeAudience::ALL.into_iter().find(|audience| audience.as_str() == word);
    found.ok_or_else(|| format!("the audiences are {}", NoticeAudience::ALL.map(NoticeAudience::as_str).join(", ")))
}

/// Runs `notice`.
///
/// # Errors
/// Every fault of the input, and outputs that cannot be written.
pub(super) fn run(arguments: &NoticeArguments, environment: &Environment, sources: &mut Sources, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let now = arguments.judgement.clock.moment(environment)?;
    let inputs = inputs(&arguments.judgement, environment, std::mem::take(sources), console).map_err(|(failure, read)| {
        *sources = read;
        failure
    })?;
    let answer = gate::check(inputs);
    let result = tell(arguments, now, &answer, console);
    *sources = answer.sources;
    result
}

fn tell(arguments: &NoticeArguments, now: jiff::Timestamp, answer: &Answer, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    known_departments(&arguments.department, answer)?;
    let occasion = Occasion { step: arguments.step, audience: arguments.audience, now, change_set: arguments.change_set.clone() };
    let composed = answer.notice_facts(|facts| compose(facts, &occasion, &answer.templates));
    if composed.problems.iter().any(Problem::is_error) {
        return Err(composed.problems.into());
    }
    console.problems(&composed.problems, &answer.sources);
    let mut notices = composed.notices;
    if !arguments.department.is_empty() {
        notices.retain(|notice| arguments.department.iter().any(|id| **id == *notice.recipient));
    }
    let log = if arguments.record { Some(log(answer)?) } else { None };
    if notices.is_empty() {
        console.say("no department is touched: there is nobody to tell");
        return Ok(ExitStatus::Clean);
    }
    if arguments.lint {
        return linted(&notices, answer, console);
    }
    let zone = answer.config.organisation.time_zone.clone().unwrap_or(TimeZone::UTC);
    let recorded = log.map(|log| recorded(log, &notices, now.to_zoned(zone).date())).transpose()?.flatten();
    match &arguments.output_dir {
        Some(folder) => {
            let all = if arguments.channel.is_empty() { channel::ALL } else { &arguments.channel };
            // The notices and the line that they were written: all or none.
            write_files(&files(folder, &notices, all).into_iter().chain(recorded).collect::<Vec<_>>())?;
        }
        None => {
            printed(&notices, arguments.channel.first().copied(), console)?;
            write_files(&recorded.into_iter().collect::<Vec<_>>())?;
        }
    }
    Ok(ExitStatus::Clean)
}

/// The files in which people wrote sentences of their own.
fn written(answer: &Answer) -> Written<'_> {
    let catalog = &answer.catalog;
    let records = answer.migrations.iter().filter_map(|judged| judged.migration.sidecar.as_ref()).map(|sidecar| sidecar.source);
    let entries = catalog.consumers.values().map(|consumer| consumer.span).chain(catalog.departments.values().filter_map(|department| department.span));
    let fields = catalog.fields.values().map(|field| field.reference.span);
    let folder = answer.config.notices.templates.as_ref().map(|folder| folder.value.clone());
    let words = answer.sources.iter().filter(|(_, source)| folder.as_ref().is_some_and(|folder| std::path::Path::new(source.name()).starts_with(folder)));
    let mut files: Vec<SourceId> = words.map(|(id, _)| id).chain(records).chain(entries.chain(fields).map(|span| span.source)).collect();
    let mut known = std::collections::BTreeSet::new();
    files.retain(|file| known.insert(*file));
    Written { sources: &answer.sources, files }
}

/// A mistyped department would be told nothing, and nobody would notice.
fn known_departments(ids: &[String], answer: &Answer) -> Result<(), Failure> {
    let departments = &answer.catalog.departments;
    match ids.iter().find(|id| !departments.contains_key(id.as_str())) {
        None => Ok(()),
        Some(id) => {
            let problem = Problem::error("notice-unknown-department", format!("there is no department `{id}`"));
            Err(problem.allowed(id, departments.keys().map(AsRef::as_ref)).into())
        }
    }
}

/// One file for each department, audience and channel.
pub(super) fn files(folder: &std::path::Path, notices: &[Notice], channels: &[&'static Channel]) -> Vec<OutputFile> {
    let each = notices.iter().flat_map(|notice| channels.iter().map(move |channel| (notice, channel)));
    each.filter_map(|(notice, channel)| {
        let text = (channel.render)(notice)?;
        Some(OutputFile { path: folder.join(format!("{}.{}", notice.file_stem(), channel.ending)), bytes: text.into_bytes() })
    })
    .collect()
}

fn printed(notices: &[Notice], channel: Option<&'static Channel>, console: &mut Console<'_, '_>) -> Result<(), Failure> {
    let Some(channel) = channel.or_else(|| channel::ALL.first().copied()) else { return Ok(()) };
    let texts: Vec<String> = notices.iter().filter_map(channel.render).collect();
    match (channel.between, texts.as_slice()) {
        (_, []) => console.say(&format!("the channel {} has nothing to say of this message", channel.name)),
        (Some(between), texts) => console.data(texts.join(between).as_bytes())?,
        (None, [text]) => console.data(text.as_bytes())?,
        (None, texts) => {
            let message = format!("{} notices of the channel {} cannot be printed one after the other", texts.len(), channel.name);
            return Err(Problem::error("notice-needs-files", message)
                .help("name one department with --department ID, or a folder with --output-dir DIR")
                .into());
        }
    }
    Ok(())
}

fn linted(notices: &[Notice], answer: &Answer, console: &mut Console<'_, '_>) -> Result<ExitStatus, Failure> {
    let catalog = &answer.catalog;
    let written = written(answer);
    let names = catalog.consumers.values().map(|consumer| &consumer.name).chain(catalog.departments.values().map(|department| &department.name));
    let labels = catalog.fields.values().flat_map(|field| std::iter::once(&field.label).chain(&field.list));
    let mut names: Vec<&str> = names.chain(labels).map(String::as_str).collect();
    // The longest first: a name can be part of another.
    names.sort_by_key(|name| (std::cmp::Reverse(name.len()), *name));
    names.dedup();
    let mut report = String::new();
    let mut count = 0;
    for notice in notices {
        // The record is for technicians.
        if notice.audience == NoticeAudience::Record {
            continue;
        }
        let (measured, problems) = lint(notice, &answer.templates, &written, &names);
        report.push_str(&format!("{} ({}, {}): {}\n", notice.recipient, notice.language, notice.step.as_str(), measured.words()));
        count += problems.len();
        console.problems(&problems, &answer.sources);
    }
    console.data(report.as_bytes())?;
    if count > 0 {
        console.fail(&format!("{count} places are not plain"));
    }
    Ok(if count > 0 { ExitStatus::Blocked } else { ExitStatus::Clean })
}

/// The log as it is, and where it is kept.
struct Log {
    path: PathBuf,
    text: String,
}

fn log(answer: &Answer) -> Result<Log, Failure> {
    let Some(log) = &answer.config.notices.log else {
        let problem = Problem::error("notice-without-log", "nothing says where to write down who was told");
        return Err(problem.help("add to fieldgate.yml:\nnotices: { log: notices.yml }").into());
    };
    let mut sources = Sources::default();
    let text = if log.value.exists() {
        let id = sources.load(&log.value).map_err(|error| Failure::from(Problem::from(error).at(log.span)))?;
        sources.text(id).to_owned()
    } else {
        String::new()
    };
    Ok(Log { path: log.value.clone(), text })
}

/// The log with what is told now; `None` when it says so already.
fn recorded(log: Log, notices: &[Notice], on: jiff::civil::Date) -> Result<Option<OutputFile>, Failure> {
    let entries: Vec<Told> = notices.iter().flat_map(|notice| told(notice, on)).collect();
    let after = NoticeLog::added(&log.text, &entries).map_err(|problem| Failure::from(problem.of(&log.path)))?;
    Ok((after != log.text).then(|| OutputFile { path: log.path, bytes: after.into_bytes() }))
}
