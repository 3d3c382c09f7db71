//! Why a node does not fit a type, before its place is known.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::Node;
use crate::diagnostic::Problem;
use crate::text::Span;

/// Carried by `serde` from the value that does not fit up to the first decoder that knows its place.
#[derive(Debug)]
pub(super) enum DecodeError {
    /// Another kind of value was wanted.
    Expected(String),
    /// A key that must be there is not.
    Missing(&'static str),
    /// A word that is none of the allowed ones.
    UnknownWord(String, &'static [&'static str]),
    /// What the type itself says.
    Custom(String),
    /// Already written down with its place.
    Recorded,
}

impl DecodeError {
    /// The problem, with the node it is about; `None` when it is written down already. `place` is where a missing key is shown.
    pub(super) fn into_problem(self, node: &Node, place: Span) -> Option<Problem> {
        let problem = match self {
            Self::Recorded => return None,
            Self::Expected(wanted) => Problem::error("yaml-wrong-type", format!("{wanted} is needed here, and this is {}", node.describe())).at(place),
            Self::Missing(key) => Problem::error("yaml-missing-key", format!("`{key}` is missing")).at(place).help(format!("add `{key}: …`")),
            Self::UnknownWord(word, allowed) => {
                Problem::error("yaml-unknown-word", format!("`{word}` is not known here")).at(place).allowed(&word, allowed.iter().copied())
            }
            Self::Custom(message) => Problem::error("yaml-invalid-value", message).at(place),
        };
        Some(problem)
    }
}

/// What a person calls a type of the program.
fn in_words(expected: &str) -> String {
    match expected {
        "u8" => String::from("a whole number from 0 to 255"),
        "u16" => String::from("a whole number from 0 to 65535"),
        "u32" | "u64" | "usize" | "u128" => String::from("a whole number that is not negative"),
        "i8" | "i16" | "i32" | "i64" | "isize" | "i128" => String::from("a whole number, and a smaller one"),
        other => other.to_owned(),
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(wanted) => write!(f, "{wanted} is needed"),
            Self::Missing(key) => write!(f, "`{key}` is missing"),
            Self::UnknownWord(word, _) => write!(f, "`{word}` is not known here"),
            Self::Custom(message) => f.write_str(message),
            Self::Recorded => f.write_str("see above"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Expected(expected.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Expected(in_words(&expected.to_string()))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::Expected(expected.to_string())
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::UnknownWord(variant.to_owned(), expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::UnknownWord(field.to_owned(), expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}
