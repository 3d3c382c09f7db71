//! Expressions, queries and writing statements of the other dialects, read by the parser crate.

use super::cursor::Cursor;
use super::tree::{Dml, Expr, Query, Unread, UnreadReason};

pub(super) fn expression(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    Err(cursor.refusal(UnreadReason::NotModelled, "expressions of this dialect are not read yet"))
}

pub(super) fn default_expression(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    expression(cursor)
}

pub(super) fn query(cursor: &mut Cursor<'_>) -> Result<Query, Unread> {
    Err(cursor.refusal(UnreadReason::NotModelled, "queries of this dialect are not read yet"))
}

pub(super) fn dml(cursor: &mut Cursor<'_>) -> Result<Dml, Unread> {
    Err(cursor.refusal(UnreadReason::NotModelled, "statements of this dialect that write rows are not read yet"))
}
