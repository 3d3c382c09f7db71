//! Type names: tokens to [`TypeName`].

use super::cursor::Cursor;
use super::tree::{TypeName, Unread, UnreadReason};

/// The type at the cursor, with its modifiers, `SETOF` and array brackets.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<TypeName, Unread> {
    Err(cursor.refusal(UnreadReason::NotModelled, "types are not read yet"))
}
