//! YAML files of the user: read into a tree that knows the place of everything, then into types, with every fault at its line.
//!
//! In: a text of [`crate::text::Sources`]. Out: a value of a type that derives `Deserialize`, or [`crate::diagnostic::Problem`]s.
//! Keys that a type does not know are refused with the nearest allowed word, keys that stand twice with both places, and reading goes on
//! after such a fault where it can, so that a person sees all of them at once. What values *mean* is checked by the rooms that own the files.
//! JSON is YAML: the same functions read it.

mod brief;
mod decode;
mod decode_error;
mod entries;
mod forms;
mod node;
mod parse;
mod scalar;
mod spanned;
mod value;

pub use brief::{Brief, Short};
pub use decode::{decode, read};
pub use entries::{Entries, Lenient};
pub use forms::{OneOrMany, WordOr};
pub use node::{Entry, Node, NodeKind, ScalarStyle};
pub use parse::parse;
pub use value::{date, e_mail, moment};
