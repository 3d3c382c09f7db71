//! How a value is kept beside the schema that it comes from: so that nothing that a migration does to that schema reaches it.
//!
//! A column of a type of the schema would tie what is saved to that type: `DROP TYPE` would be refused because of it, and `DROP TYPE … CASCADE`
//! would take the saved values along (measured on 15). Such a value is kept as text, and so is one with a collation of its own.

use crate::schema::{Column, Schema, TypeIdentity, format_type};

/// Whether a value can be kept in its own type: one that every database has.
fn is_kept_as_it_is(column: &Column) -> bool {
    matches!(column.data_type.identity, TypeIdentity::Builtin(_)) && column.collation.is_none()
}

/// The column as an item of the list that saves it.
pub(super) fn written(schema: &Schema, column: &Column) -> String {
    let quoted = schema.dialect.quote(&column.name);
    if is_kept_as_it_is(column) { quoted } else { format!("{quoted}::text COLLATE \"C\" AS {quoted}") }
}

/// The saved value, in the column's type again; `s` is what is saved.
pub(super) fn read(schema: &Schema, column: &Column) -> String {
    let quoted = schema.dialect.quote(&column.name);
    if is_kept_as_it_is(column) { format!("s.{quoted}") } else { format!("s.{quoted}::{}", format_type(schema, &column.data_type)) }
}

/// `t.column = s.column`, where `t` is the table, in which the column may have another name by now.
pub(super) fn same(schema: &Schema, column: &Column, now: &Column) -> String {
    let (kept, live) = (schema.dialect.quote(&column.name), schema.dialect.quote(&now.name));
    if is_kept_as_it_is(column) && is_kept_as_it_is(now) { format!("t.{live} = s.{kept}") } else { format!("t.{live}::text COLLATE \"C\" = s.{kept}::text") }
}

/// One text for all values of these columns in a row, the same whatever the session's settings are.
pub(super) fn fingerprint(schema: &Schema, columns: &[&Column]) -> String {
    let values: Vec<String> = columns
        .iter()
        .map(|column| {
            let quoted = schema.dialect.quote(&column.name);
            if is_kept_as_it_is(column) { quoted } else { format!("{quoted}::text") }
        })
        .collect();
    // The binary form of a row: a moment or a float is written as text in the way that the session asks for.
    if values.is_empty() { String::from("''::text") } else { format!("md5(record_send(ROW({})))", values.join(", ")) }
}

/// The same of rows that are saved, whose columns are texts where [`written`] made them so.
pub(super) fn saved_fingerprint(schema: &Schema, columns: &[&Column]) -> String {
    let values: Vec<String> = columns.iter().map(|column| schema.dialect.quote(&column.name)).collect();
    if values.is_empty() { String::from("''::text") } else { format!("md5(record_send(ROW({})))", values.join(", ")) }
}
