//! What a rule says about a place.

use std::sync::Arc;

use crate::migrate::ChangeId;
use crate::text::Span;

/// How bad. `Off` findings are not made at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For the record.
    Info,
    /// Look at it.
    Warning,
    /// Do not ship it.
    Error,
}

impl Level {
    /// The word in configuration and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a rule is about; the two are gated apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Consumers, data, meaning.
    Contract,
    /// Locks, rewrites, failures, transactions.
    Operation,
}

impl Family {
    /// The word in configuration and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Operation => "operation",
        }
    }
}

/// Who says that a finding does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuppressedBy {
    /// A comment in the migration.
    Comment,
    /// The departments that it hits, in the change record.
    SignOff,
    /// The baseline: it was there before anybody looked.
    Baseline,
}

impl SuppressedBy {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::SignOff => "sign_off",
            Self::Baseline => "baseline",
        }
    }
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// Who says so.
    pub by: SuppressedBy,
    /// The reason given; who agreed and when; since when it is known.
    pub reason: String,
    /// The last day it holds, as `YYYY-MM-DD`; empty when no day is named.
    pub until: String,
    /// Where it is said.
    pub span: Span,
}

impl Suppressed {
    /// In a few words, for people: `allowed until 2027-01-31: …`, `accepted: …`, `known: …`.
    pub fn words(&self) -> String {
        match self.by {
            SuppressedBy::Comment => format!("allowed until {}: {}", self.until, self.reason),
            SuppressedBy::SignOff => format!("accepted: {}", self.reason),
            SuppressedBy::Baseline => format!("known: {}", self.reason),
        }
    }
}

/// What a rule says about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: Arc<str>,
    /// Its family.
    pub family: Family,
    /// How bad, after `levels:`.
    pub level: Level,
    /// Where in the migration.
    pub span: Span,
    /// What is the matter.
    pub message: String,
    /// What to do, with SQL filled in; may have several lines.
    pub help: Option<String>,
    /// The SQL of the safe way alone, filled in; `help` ends with it.
    pub safe: Option<String>,
    /// The vendor's or our own page.
    pub link: Option<String>,
    /// The same for the same fault when lines move: hex of a hash over rule, migration, object and what is said.
    pub fingerprint: String,
    /// The migration, by index.
    pub migration: u32,
    /// The change it is about.
    pub change: Option<ChangeId>,
    /// Consumers it is about, by id, sorted.
    pub consumers: Vec<Arc<str>>,
    /// The server's code, for a refusal.
    pub sqlstate: Option<&'static str>,
    /// When it is allowed.
    pub suppressed: Option<Suppressed>,
}
