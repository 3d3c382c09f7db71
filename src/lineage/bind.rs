//! The doors: a query, a statement or an expression against a schema.

use super::{Binding, ExpressionBinding, ExpressionScope, Session};
use crate::schema::Schema;
use crate::sql::tree::{Expr, Query, Statement, Volatility};

/// Resolves a query.
pub fn bind_query(schema: &Schema, session: &Session, query: &Query) -> Binding {
    let _ = (schema, session, query);
    Binding::default()
}

/// Resolves a statement: queries and what writes rows; of DDL the queries in it.
pub fn bind_statement(schema: &Schema, session: &Session, statement: &Statement) -> Binding {
    let _ = (schema, session, statement);
    Binding::default()
}

/// Resolves an expression that stands outside of a query.
pub fn bind_expression(schema: &Schema, session: &Session, scope: &ExpressionScope, expression: &Expr) -> ExpressionBinding {
    let _ = (schema, session, scope, expression);
    ExpressionBinding {
        data_type: None,
        nullable: true,
        reads: Vec::new(),
        references: Vec::new(),
        depends_on: Vec::new(),
        errors: Vec::new(),
        unresolved: Vec::new(),
        volatility: Volatility::Volatile,
        constant: false,
    }
}
