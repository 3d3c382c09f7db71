//! What is known of a literal's text.

/// Whether a text can be a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The server takes it.
    Accepted,
    /// The server refuses it, with SQLSTATE and words.
    Refused(&'static str, String),
    /// Only the server knows.
    Unknown,
}
