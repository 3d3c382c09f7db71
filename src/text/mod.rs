//! Places in files: where a text came from, which bytes of it are meant, and the line and column a person counts.
//!
//! In: paths and texts. Out: [`Source`]s with ids, [`Span`]s into them, [`Place`]s for people.
//! Everything above points at text with a [`Span`]; only this room opens files for reading.

mod line_index;
mod source;
mod span;

pub use line_index::{LineIndex, Position};
pub use source::{MAX_SOURCE_BYTES, Place, ReadError, Source, Sources};
pub use span::{SourceId, Span, Spanned};
