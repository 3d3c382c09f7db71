//! What comes of a check on a kind that is kept by text: what the object depends on, or a refusal.

use super::work::Stop;
use super::written::{Word, Written};
use crate::schema::Address;

/// A refusal that has no place of its own in the tree, or one found elsewhere.
pub(super) enum Refused {
    /// With this SQLSTATE and message.
    With(&'static str, String),
    /// Found by another rule.
    Stop(Stop),
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// The addresses that the object depends on.
pub(super) type Checked = Result<Vec<Address>, Refused>;

/// The server refuses it.
pub(super) fn refuse<T>(sqlstate: &'static str, message: impl Into<String>) -> Result<T, Refused> {
    Err(Refused::With(sqlstate, message.into()))
}

/// `WITH (a = b, …)` from a place on: refused when the server does not know one.
pub(super) fn options_are_known(written: &Written, place: usize, known: &[&str], what: &str) -> Result<Vec<(String, Vec<Word>)>, Refused> {
    let options = written.options_from(place);
    match options.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((wrong, _)) => refuse("42601", format!("unrecognized {what} parameter: \"{wrong}\"")),
        None => Ok(options),
    }
}
