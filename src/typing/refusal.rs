//! Why the server would refuse, or why it is not known whether it would.

use std::sync::Arc;

/// No operator, function, common type or cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError {
    /// `42883`, `42725`, `42804`, `42846` …
    pub sqlstate: &'static str,
    /// The server's words.
    pub message: String,
    /// The server's hint, when it has one worth showing.
    pub hint: Option<&'static str>,
    /// Why it is not known whether the server would refuse, when that is so; whoever sees a reason reports "not judged", not a refusal.
    pub unknown: Option<Arc<str>>,
}

impl TypeError {
    /// A refusal.
    pub fn new(sqlstate: &'static str, message: impl Into<String>) -> Self {
        Self { sqlstate, message: message.into(), hint: None, unknown: None }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hinting(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same, when it is not known whether it is one.
    #[must_use]
    pub fn or_unknown(mut self, reason: Option<Arc<str>>) -> Self {
        self.unknown = reason;
        self
    }
}
