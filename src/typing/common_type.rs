//! One type for several expressions.

use super::{Operand, TypeError};
use crate::schema::{DataType, Schema};

/// What needs one type for several expressions; only the words of a refusal depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as SQL names it")]
pub enum CommonTypeFor {
    Union,
    Intersect,
    Except,
    /// The `ELSE` (or an untyped NULL in its place) stands first among the operands.
    Case,
    Coalesce,
    Greatest,
    Least,
    Array,
    Values,
    JoinUsing,
    In,
}

/// The type that all of them become, with the modifiers when all have the same. All untyped gives `text`.
///
/// # Errors
/// `42804` when the types are of different categories, `42846` when one cannot be converted.
pub fn common_type(schema: &Schema, purpose: CommonTypeFor, operands: &[Operand]) -> Result<DataType, TypeError> {
    let _ = (schema, purpose, operands);
    Err(TypeError::new("42804", "types cannot be matched").or_unknown(Some("not looked at yet".into())))
}
