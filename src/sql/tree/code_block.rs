//! Code in a procedural language, kept as text.

use crate::text::Span;

/// `DO` and other code in a procedural language.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeBlock {
    /// The language, lower case; `plpgsql` when none is written.
    pub language: String,
    /// The body without its quotes.
    pub body: String,
    /// Where the body stands in the file, without its quotes; offsets agree with `body` when `verbatim`.
    pub span: Span,
    /// Whether `body` is the file's text byte for byte (dollar-quoted), so that places inside it are true.
    pub verbatim: bool,
}
