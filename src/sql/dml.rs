//! Statements that write rows: tokens to [`Dml`].

use super::cursor::Cursor;
use super::tree::{Dml, Unread, UnreadReason};

/// The `INSERT`, `UPDATE`, `DELETE` or `MERGE` at the cursor, its `WITH` included.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Dml, Unread> {
    Err(cursor.refusal(UnreadReason::NotModelled, "statements that write rows are not read yet"))
}
