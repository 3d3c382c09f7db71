//! What is said about an input of the user that cannot be read as it stands: where, what, and the way out.
//!
//! In: places and words from every room that reads a user's file. Out: [`Problem`]s, values without any drawing in them.
//! A fault of the *migration* is no problem but a finding (`rules`); a fault of our surroundings is an error of the room that met it.

mod nearest;
mod problem;

pub use nearest::nearest;
pub use problem::{Label, Problem, ProblemCode, Severity};
