//! Names of database objects: folded once when they are read, compared by the folded form, quoted where SQL needs it.
//!
//! In: words as a user or a server wrote them. Out: [`Name`] and [`QualifiedName`], printed as SQL on request.
//! Which words fold how is the dialect's decision; this room only carries it out.

mod identifier;
mod qualified;

pub use identifier::{Folding, Name, Quoting};
pub use qualified::QualifiedName;
