//! What all parts of the file are made of.

use crate::text::{SourceId, Span, Spanned};
use crate::yaml::Entries;

/// A text with its place.
pub type Text = Spanned<String>;

/// For each role (or `PUBLIC`) its privileges, `WITH GRANT OPTION` behind those that it may pass on.
/// The owner has everything unless the owner is listed; without any `grants` the built-in privileges apply.
pub type Grants = Entries<Vec<Text>>;

/// A text that comes from no file.
pub fn text(value: impl Into<String>) -> Text {
    Spanned::new(value.into(), Span::new(SourceId::from_number(u32::MAX), 0, 0))
}

/// Whether a switch is off, as it is when nothing is written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
pub fn is_false(value: &bool) -> bool {
    !value
}

/// Whether a count is zero, as it is when nothing is written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
pub fn is_zero(value: &u16) -> bool {
    *value == 0
}

/// Whether a mapping has no entry.
pub fn is_nothing<T>(entries: &Entries<T>) -> bool {
    entries.0.is_empty()
}
