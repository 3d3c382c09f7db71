//! Texts that a report tool fills in before it runs them: `{{ x }}`, `[[ … ]]`, `${x}`, `{% … %}`.
//!
//! In: a source and the tool's kind of template. Out: a [`crate::sql::Script`] whose places are those of the source: each hole is
//! overwritten by a parameter, or by the name it is known to become, in a text of the same length. A hole that may become any SQL
//! is refused at its place, because what it reads is not known.

mod hole;
mod mask;
mod read;

pub use hole::TemplateKind;
pub use read::{read_template, read_template_part};
