//! Queries: tokens to [`Query`].

use super::cursor::Cursor;
use super::tree::{Query, Unread, UnreadReason};

/// The longest query at the cursor, `WITH` and outer parentheses included.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Query, Unread> {
    Err(cursor.refusal(UnreadReason::NotModelled, "queries are not read yet"))
}
