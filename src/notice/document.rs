//! One message, in sentences, before any channel lays it out: [`Notice`].

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::project::{NoticeAudience, NoticeStep};

/// One line under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A paragraph.
    Paragraph(String),
    /// One of several things.
    Item(String),
    /// One of several things that follow each other.
    Step(String),
}

impl Line {
    /// Its words.
    pub fn text(&self) -> &str {
        match self {
            Self::Paragraph(text) | Self::Item(text) | Self::Step(text) => text,
        }
    }
}

/// A heading with what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// What stands under it, in order; not empty.
    pub lines: Vec<Line>,
}

/// A person or list with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Who.
    pub name: String,
    /// The address; `None` when the catalog has none.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// A Slack channel or name.
    pub slack: Option<String>,
}

/// Whether a calendar entry is to come, or to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Confirmed,
    /// It was taken back.
    Cancelled,
}

/// When a calendar entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// From a moment to a moment.
    Moments(Timestamp, Timestamp),
    /// A whole day.
    Day(Date),
}

/// One entry for a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The same for the same entry, however often it is sent.
    pub uid: String,
    /// When.
    pub span: Span,
    /// Its title.
    pub title: String,
    /// What it is about, in sentences.
    pub text: String,
    /// Whether it holds.
    pub standing: Standing,
}

/// Short sentences that channels need when they have to leave something out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortening {
    pattern: String,
}

impl Shortening {
    /// Where the number goes.
    pub(super) const NUMBER: &str = "{0}";

    /// From a sentence with [`Shortening::NUMBER`] in it.
    pub fn new(pattern: impl Into<String>) -> Self {
        Self { pattern: pattern.into() }
    }

    /// `3 more lines are left out here …`.
    pub fn say(&self, left_out: usize) -> String {
        self.pattern.replace(Self::NUMBER, &left_out.to_string())
    }
}

/// What one department is told. Every text is plain: nothing in it is markup, and none has a line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whom it goes to, as an id: the department's, `helpdesk` or `record`.
    pub recipient: Arc<str>,
    /// The same as people say it.
    pub recipient_name: String,
    /// For whom it is written.
    pub audience: NoticeAudience,
    /// Which message of the series.
    pub step: NoticeStep,
    /// The changes it speaks of: ids of their records, or names of migrations.
    pub changes: Vec<String>,
    /// The language of its sentences, as a tag (`en`).
    pub language: String,
    /// The subject line.
    pub subject: String,
    /// Headings and sentences, in order.
    pub sections: Vec<Section>,
    /// The most important sentences, from the first on, for channels that hold only a few.
    pub digest: Vec<String>,
    /// Who signs.
    pub sender: Option<String>,
    /// The address that it comes from, and that answers go to.
    pub from: Mailbox,
    /// Who reads it.
    pub to: Vec<Mailbox>,
    /// When it is written.
    pub written_at: Timestamp,
    /// What belongs into a calendar.
    pub entries: Vec<CalendarEntry>,
    /// What is said when a channel leaves something out.
    pub shortening: Shortening,
}

impl Notice {
    /// A name for files: `client-services`, `client-services.reminder`, `helpdesk.done`.
    pub fn file_stem(&self) -> String {
        let who: String = self.recipient.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' }).collect();
        match self.step {
            NoticeStep::Announce => who,
            NoticeStep::Reminder | NoticeStep::Done | NoticeStep::OldNameEnds | NoticeStep::RolledBack | NoticeStep::Incident => {
                format!("{who}.{}", self.step.as_str())
            }
        }
    }
}
