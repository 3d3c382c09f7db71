//! Expressions: tokens to [`Expr`].

use super::cursor::Cursor;
use super::tree::{Expr, Unread, UnreadReason};

/// The longest expression at the cursor.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    Err(cursor.refusal(UnreadReason::NotModelled, "expressions are not read yet"))
}

/// The expression of a column's `DEFAULT`: it stops before `NOT NULL`, `CONSTRAINT`, `CHECK` and every other column constraint.
pub(crate) fn read_default(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    read(cursor)
}
