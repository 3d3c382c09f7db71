//! What came of one statement.

use std::sync::Arc;

use super::{Change, InnerStatement};
use crate::text::Span;

/// The server's refusal of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The five characters the server would send (PostgreSQL manual, appendix A).
    pub sqlstate: &'static str,
    /// The server's words, in its order: `column "phone" of relation "clients" does not exist`.
    pub message: String,
    /// The server's detail: who depends on it, and the like.
    pub detail: Option<String>,
    /// The very place.
    pub span: Span,
}

/// The server accepts or refuses depending on rows, which are not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MayFail {
    /// What it would be refused with.
    pub sqlstate: &'static str,
    /// What has to hold, in plain words.
    pub condition: String,
    /// A query whose result decides it: no row (or 0) means that it works. `None` when it cannot be asked in SQL.
    pub query: Option<String>,
    /// The very place.
    pub span: Span,
}

/// A statement, or a part of one, that nobody can say the effect of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJudged {
    /// Why, in plain words.
    pub reason: String,
    /// Where.
    pub span: Span,
    /// The objects that may be other than the model has them, as written.
    pub touches: Vec<Arc<str>>,
}

/// What came of one statement.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What changed; empty for a refused statement.
    pub changes: Vec<Change>,
    /// Why the server would refuse it.
    pub refusal: Option<Refusal>,
    /// Why the server would refuse it as the runner is taken to send it: in the transaction that it opens, or in none. What else is told here is what
    /// it does when it is sent the other way.
    pub refused_as_sent: Option<Refusal>,
    /// What depends on data.
    pub may_fail: Vec<MayFail>,
    /// What was not understood.
    pub not_judged: Vec<NotJudged>,
    /// The statements that ran inside it, in their order: of a block, of a routine that it calls.
    pub inner: Vec<InnerStatement>,
    /// Notices the server would give (`relation "x" already exists, skipping`).
    pub notices: Vec<String>,
}
