//! Queries: tokens to [`Query`].

use super::cursor::Cursor;
use super::foreign;
use super::postgres::Reader;
use super::tree::{Query, Unread};
use crate::dialect::Grammar;

/// The longest query at the cursor, `WITH` and outer parentheses included. After `WITH` it may turn out to be a writing statement
/// ([`super::tree::QueryBody::Dml`]), which then holds the `WITH` itself.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Query, Unread> {
    match cursor.dialect().grammar {
        Grammar::Postgres => Reader::run(cursor, Reader::query),
        _ => foreign::query(cursor),
    }
}
