//! Which operator `a op b` means.

use super::{Certainty, Operand, SearchIn, TypeError};
use crate::schema::{DataType, ObjectId, Schema};

/// The chosen operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorMatch {
    /// What the left operand is converted to; `None` for a prefix operator.
    pub left: Option<DataType>,
    /// What the right operand is converted to.
    pub right: DataType,
    /// What comes out.
    pub result: DataType,
    /// The operator, when it is one of the schema.
    pub operator: Option<ObjectId>,
    /// How sure the choice is. With [`Certainty::IfAccepted`] only the result is meant.
    pub certainty: Certainty,
}

/// The operator that `left name right` means.
///
/// # Errors
/// `42883` when there is none, `42725` when several fit equally, `42804` when a polymorphic type stays open.
pub fn operator(schema: &Schema, search: &SearchIn<'_>, name: &str, left: &Operand, right: &Operand) -> Result<OperatorMatch, TypeError> {
    let _ = (schema, search, left, right);
    Err(TypeError::new("42883", format!("operator does not exist: {name}")).or_unknown(Some("not looked at yet".into())))
}

/// The operator that `name operand` means.
///
/// # Errors
/// As [`operator`].
pub fn prefix_operator(schema: &Schema, search: &SearchIn<'_>, name: &str, operand: &Operand) -> Result<OperatorMatch, TypeError> {
    let _ = (schema, search, operand);
    Err(TypeError::new("42883", format!("operator does not exist: {name}")).or_unknown(Some("not looked at yet".into())))
}
