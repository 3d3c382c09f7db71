//! Rows that are known, rows that may be there, and whether there may be others.

use std::sync::Arc;

use super::value::Datum;
use crate::name::Name;

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// One value for each column.
    pub(super) values: Vec<Datum>,
    /// Why it is not certain that the row is there; `None` when it is.
    pub(super) perhaps: Option<Arc<str>>,
}

/// The rows of a query or of a relation of the catalog.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    /// What the columns are called.
    pub(super) columns: Arc<[Name]>,
    /// The rows that are known of.
    pub(super) lines: Vec<Line>,
    /// Why there may be other rows; `None` when these are all.
    pub(super) open: Option<Arc<str>>,
}

impl Answer {
    /// No row yet, and no other.
    pub(super) fn new(columns: &[&str]) -> Self {
        Self { columns: columns.iter().map(|column| Name::stored(*column)).collect(), lines: Vec::new(), open: None }
    }

    /// Rows of which nothing is known.
    pub(super) fn unknown(columns: Arc<[Name]>, reason: impl Into<Arc<str>>) -> Self {
        Self { columns, lines: Vec::new(), open: Some(reason.into()) }
    }

    /// Adds a row that is there.
    pub(super) fn push(&mut self, values: Vec<Datum>) {
        self.lines.push(Line { values, perhaps: None });
    }

    /// Adds a row that may be there.
    pub(super) fn push_perhaps(&mut self, values: Vec<Datum>, reason: impl Into<Arc<str>>) {
        self.lines.push(Line { values, perhaps: Some(reason.into()) });
    }

    /// Why it is not known which rows there are; `None` when it is.
    pub(super) fn doubt(&self) -> Option<Arc<str>> {
        self.open.clone().or_else(|| self.lines.iter().find_map(|line| line.perhaps.clone()))
    }

    /// The rows that are there for sure.
    pub(super) fn certain(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.perhaps.is_none())
    }
}
