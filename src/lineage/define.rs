//! Stored definitions: a bound query or expression as pieces that follow renames.

use super::{Binding, ExpressionBinding, Session};
use crate::schema::{Definition, Schema};
use crate::sql::tree::{Expr, Query};

/// A bound query as canonical text with names by identity, stars expanded.
pub fn define_query(schema: &Schema, session: &Session, query: &Query, binding: &Binding) -> Definition {
    let _ = (schema, session, query, binding);
    Definition::text("")
}

/// A bound expression as canonical text with names by identity.
pub fn define_expression(schema: &Schema, session: &Session, expression: &Expr, binding: &ExpressionBinding) -> Definition {
    let _ = (schema, session, expression, binding);
    Definition::text("")
}
