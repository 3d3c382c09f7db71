//! What each department is told: one structured notice for each, in plain words, and the channels that carry it.
//!
//! In: effects, changes, plans, catalog, change records and the organisation ([`NoticeFacts`]), and what is to be said ([`Occasion`]).
//! Out: [`Notice`]s and the bytes of each channel. A department that is not touched gets none. No SQL and no schema-qualified name reaches
//! staff: a field without a plain name is a problem that says where to add it. Sentences stand in the files of `language/`, which of them stand
//! under which heading in `layout/`; an organisation can replace both ([`Templates`]). Channels only lay them out, within their limits.

pub mod channel;

mod calendar;
mod compose;
mod document;
mod facts;
mod lint;
mod readability;
mod record;
mod sentence;
mod template;
mod text;

pub use compose::{Composed, compose};
pub use document::{CalendarEntry, Line, Mailbox, Notice, Section, Shortening, Span, Standing};
pub use facts::{NoticeFacts, Occasion, OldNameEnd, ProposedChange, Wait, Waiting};
pub use lint::{Written, lint};
pub use readability::{Readability, readability};
pub use record::told;
pub use template::Templates;
