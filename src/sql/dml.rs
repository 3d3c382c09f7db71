//! Statements that write rows: tokens to [`Dml`].

use super::cursor::Cursor;
use super::foreign;
use super::postgres::Reader;
use super::tree::{Dml, Unread};
use crate::dialect::Grammar;

/// The `INSERT`, `UPDATE`, `DELETE` or `MERGE` at the cursor, its `WITH` included.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Dml, Unread> {
    match cursor.dialect().grammar {
        Grammar::Postgres => Reader::run(cursor, Reader::writing_statement),
        _ => foreign::dml(cursor),
    }
}
