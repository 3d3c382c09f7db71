//! Expressions: tokens to [`Expr`].

use super::cursor::Cursor;
use super::foreign;
use super::postgres::Reader;
use super::tree::{Expr, Unread};
use crate::dialect::Grammar;

/// The longest expression at the cursor.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    match cursor.dialect().grammar {
        Grammar::Postgres => Reader::run(cursor, Reader::expression),
        _ => foreign::expression(cursor),
    }
}

/// The expression of a column's `DEFAULT`: it stops before `NOT NULL`, `CONSTRAINT`, `CHECK` and every other column constraint.
pub(crate) fn read_default(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    match cursor.dialect().grammar {
        Grammar::Postgres => Reader::run(cursor, Reader::restricted_expression),
        _ => foreign::default_expression(cursor),
    }
}
