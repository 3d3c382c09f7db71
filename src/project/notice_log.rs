//! Who was told: the log of notices that stands in the repository, read, asked, and added to.
//!
//! In: the file that `notices.log` names. Out: [`NoticeLog`] with what was told to whom on which day, and the file's text with more lines.
//! One line for each change, department and message, so that a difference of the file says what was sent. Writing the file is left to others.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources, Span, Spanned};
use crate::yaml;

/// A message of the series that goes with a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeStep {
    /// The change is told, with time to object.
    Announce,
    /// It comes soon.
    Reminder,
    /// It was made.
    Done,
    /// The old name stops working soon.
    OldNameEnds,
    /// It was taken back.
    RolledBack,
    /// Something does not work because of it.
    Incident,
}

impl NoticeStep {
    /// All messages, in the order in which they come.
    pub const ALL: [Self; 6] = [Self::Announce, Self::Reminder, Self::Done, Self::OldNameEnds, Self::RolledBack, Self::Incident];

    /// The word in files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Announce => "announce",
            Self::Reminder => "reminder",
            Self::Done => "done",
            Self::OldNameEnds => "old-name-ends",
            Self::RolledBack => "rolled-back",
            Self::Incident => "incident",
        }
    }

    /// Whether it tells of something that is still to come, so that it counts as notice.
    pub fn comes_before(self) -> bool {
        match self {
            Self::Announce | Self::Reminder => true,
            Self::Done | Self::OldNameEnds | Self::RolledBack | Self::Incident => false,
        }
    }
}

/// Whom a text is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeAudience {
    /// The people of a department.
    #[default]
    Staff,
    /// Who leads them, and who answers when they call.
    Helpdesk,
    /// A change board: the technical record.
    Record,
}

impl NoticeAudience {
    /// All audiences, in the order in which they are listed to a user.
    pub const ALL: [Self; 3] = [Self::Staff, Self::Helpdesk, Self::Record];

    /// The word in files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Helpdesk => "helpdesk",
            Self::Record => "record",
        }
    }
}

/// The log as it is written.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Who was told")]
pub struct RawNoticeLog {
    /// The form of this file: 1.
    pub version: Option<Spanned<u32>>,
    /// One entry for each change, department and message.
    pub told: Vec<RawTold>,
}

/// A message that was sent, as it is written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Told")]
pub struct RawTold {
    /// The change: the id of its record, or the name of the migration.
    pub change: Spanned<String>,
    /// The department, by id.
    pub department: String,
    /// Which message.
    pub step: NoticeStep,
    /// For whom it was written.
    #[serde(default)]
    pub audience: NoticeAudience,
    /// On which day.
    pub on: Spanned<String>,
    /// The SHA-256 of the plain text, in hexadecimal.
    pub text: String,
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// The change: the id of its record, or the name of the migration.
    pub change: String,
    /// The department, by id.
    pub department: String,
    /// Which message.
    pub step: NoticeStep,
    /// For whom it was written.
    pub audience: NoticeAudience,
    /// On which day.
    pub on: Date,
    /// The SHA-256 of the plain text, in hexadecimal.
    pub text: String,
}

impl Told {
    /// Its line in the file.
    fn line(&self) -> String {
        let (change, department, text) = (scalar(&self.change), scalar(&self.department), scalar(&self.text));
        let (step, audience) = (self.step.as_str(), self.audience.as_str());
        format!("  - {{ change: {change}, department: {department}, step: {step}, audience: {audience}, on: {}, text: {text} }}\n", self.on)
    }
}

/// A value as YAML: bare when it cannot be anything but a text, else in double quotes as JSON writes it.
fn scalar(text: &str) -> String {
    let bare = text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/'))
        && !matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n");
    if bare { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// Everything that was told, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeLog {
    /// The messages.
    pub told: Vec<Told>,
}

/// The text of a log that holds nothing yet.
const HEAD: &str =
    "# Who was told what, and when. `fieldgate notice --record` adds a line for each message; `fieldgate check` reads them.\nversion: 1\ntold:\n";

impl NoticeLog {
    /// Reads a log.
    ///
    /// # Errors
    /// All faults that were found.
    pub fn read(sources: &Sources, id: SourceId) -> Result<Self, Vec<Problem>> {
        let raw: RawNoticeLog = yaml::read(sources, id)?;
        let mut problems = Vec::new();
        if let Some(version) = raw.version.filter(|version| version.value != 1) {
            let message = format!("this log has format version {}, and this fieldgate reads version 1", version.value);
            problems.push(Problem::error("notice-log-version", message).at(version.span));
        }
        let mut told = Vec::new();
        for entry in raw.told {
            if let Some(on) = yaml::date(&entry.on, &mut problems) {
                let (change, department, text) = (entry.change.value, entry.department, entry.text);
                told.push(Told { change, department, step: entry.step, audience: entry.audience, on, text });
            }
        }
        if problems.is_empty() { Ok(Self { told }) } else { Err(problems) }
    }

    /// The first day on which a department was told of a change that was still to come; `None` when it never was.
    pub fn first_told(&self, change: &str, department: &str) -> Option<Date> {
        let own = self.told.iter().filter(|told| told.step.comes_before() && told.audience == NoticeAudience::Staff);
        own.filter(|told| told.change == change && told.department == department).map(|told| told.on).min()
    }

    /// Days between the first notice and the day of the change; negative when the notice came after it; `None` when there was none.
    pub fn days_of_notice(&self, change: &str, department: &str, day: Date) -> Option<i64> {
        let told = self.first_told(change, department)?;
        Some(i64::from(told.until(day).ok()?.get_days()))
    }

    /// The text of the file with messages added at its end; those that stand there already are left out, and so is a second one of the same kind.
    ///
    /// # Errors
    /// When the file ends in a way that a line cannot be added to (`told: []`), or cannot be read at all.
    pub fn added(before: &str, messages: &[Told]) -> Result<String, Box<Problem>> {
        let known = Self::of_text(before)?;
        let mut new: Vec<&Told> = Vec::new();
        for message in messages {
            if !known.told.contains(message) && !new.contains(&message) {
                new.push(message);
            }
        }
        let mut text = if before.trim().is_empty() { String::from(HEAD) } else { before.to_owned() };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.extend(new.iter().map(|message| message.line()));
        let after = Self::of_text(&text);
        if after.is_ok_and(|after| after.told.len() == known.told.len() + new.len()) {
            return Ok(text);
        }
        let problem = Problem::error("notice-log-not-appendable", "a line at the end of the log of notices would not belong to `told:`");
        Err(Box::new(problem.help("let the file end with the list `told:`, one `- { … }` a line")))
    }

    fn of_text(text: &str) -> Result<Self, Box<Problem>> {
        let mut sources = Sources::default();
        let id = sources.add("notices", text);
        let unreadable = || Problem::error("notice-log-unreadable", "the log of notices cannot be read");
        // The place would be one of the copy here: the caller has read the file before, with its places.
        Self::read(&sources, id).map_err(|problems| {
            let first = problems.into_iter().next().unwrap_or_else(unreadable);
            Box::new(Problem { span: None::<Span>, labels: Vec::new(), ..first })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(change: &str, step: NoticeStep, on: &str) -> Told {
        let department = String::from("client-services");
        Told { change: change.to_owned(), department, step, audience: NoticeAudience::Staff, on: on.parse().unwrap(), text: String::from("0ab1") }
    }

    #[test]
    fn what_is_added_is_read_again() {
        let hostile = "CHG: {1}\n- x: \"y\" # 2";
        let first = NoticeLog::added("", &[told("CHG-1", NoticeStep::Announce, "2026-11-24"), told(hostile, NoticeStep::OldNameEnds, "2026-11-25")]).unwrap();
        let second = NoticeLog::added(&first, &[told("CHG-1", NoticeStep::Announce, "2026-11-24"), told("no", NoticeStep::Done, "2026-12-08")]).unwrap();
        assert!(second.starts_with(&first), "only added to");
        let log = NoticeLog::of_text(&second).unwrap();
        assert_eq!(log.told.iter().map(|told| told.change.as_str()).collect::<Vec<_>>(), ["CHG-1", hostile, "no"]);
        assert_eq!(NoticeLog::added(&second, &[]).unwrap(), second);
    }

    #[test]
    fn days_count_from_the_first_notice_that_came_before() {
        let text = NoticeLog::added(
            "",
            &[
                told("CHG-1", NoticeStep::Reminder, "2026-12-07"),
                told("CHG-1", NoticeStep::Announce, "2026-11-24"),
                told("CHG-1", NoticeStep::Done, "2026-01-01"),
            ],
        );
        let log = NoticeLog::of_text(&text.unwrap()).unwrap();
        let day = "2026-12-08".parse().unwrap();
        assert_eq!(log.days_of_notice("CHG-1", "client-services", day), Some(14));
        assert_eq!(log.days_of_notice("CHG-2", "client-services", day), None);
        assert_eq!(log.days_of_notice("CHG-1", "finance", day), None);
    }

    #[test]
    fn a_file_that_cannot_be_added_to_is_told() {
        let refused = NoticeLog::added("told: []\n", &[told("CHG-1", NoticeStep::Done, "2026-12-08")]).unwrap_err();
        assert_eq!(refused.code.0, "notice-log-not-appendable");
        let refused = NoticeLog::added("tolled:\n", &[]).unwrap_err();
        assert!(refused.message.contains("tolled"));
    }

    #[test]
    fn a_day_that_is_none_is_a_fault_at_its_place() {
        let mut sources = Sources::default();
        let id = sources.add("n.yml", "told:\n  - { change: C, department: d, step: announce, on: 2026-02-30, text: a }\n");
        let problems = NoticeLog::read(&sources, id).unwrap_err();
        assert_eq!((problems[0].code.0, sources.place(problems[0].span.unwrap()).start.line), ("value-not-a-date", 2));
    }
}
