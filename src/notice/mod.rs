//! What each department is told: one structured notice for each, in plain words, and the channels that carry it.
//!
//! In: effects, changes, catalog, change records and the organisation. Out: [`Notice`]s and the text of each channel.
//! A department that is not touched gets none. No SQL and no schema-qualified name reaches a notice: a field without a plain name is a
//! problem that says where to add it. Sentences stand in the files of `language/`; channels only lay them out.

pub mod channel;

mod compose;
mod document;
mod facts;
mod phrases;

pub use compose::compose;
pub use document::{Affected, Notice};
pub use facts::{NoticeFacts, ProposedChange};
