//! What is known of the type of one operand or argument.

use crate::schema::{DataType, TypeIdentity};

/// An operand, as far as choosing an operator or a function looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// It has a type.
    Known(DataType),
    /// A bare string, NULL or parameter: it takes the type that the choice gives it (the server's `unknown`).
    Untyped,
    /// It has a type, but we do not know which.
    Opaque,
}

/// How sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The server would choose so.
    Sure,
    /// Some operand is opaque: if the server takes the expression at all, this is the type.
    IfAccepted,
}

impl Operand {
    /// The operand of a type that may not be known: `None` and [`TypeIdentity::Unknown`] are opaque, the built-in `unknown` is untyped.
    pub fn of(data_type: Option<&DataType>) -> Self {
        match data_type {
            None => Self::Opaque,
            Some(known) if known.is_builtin("unknown") => Self::Untyped,
            Some(known) if matches!(known.identity, TypeIdentity::Unknown(_)) => Self::Opaque,
            Some(known) => Self::Known(known.clone()),
        }
    }
}
