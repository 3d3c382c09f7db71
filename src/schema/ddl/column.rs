//! A column as `CREATE TABLE` and `ADD COLUMN` write it.

use std::fmt::Write as _;

use super::sequence::identity_options;
use crate::schema::{Column, ColumnGeneration, ColumnNumber, ObjectId, Schema, format_type};
use crate::sql::tree::{GeneratedKind, IdentityKind};

/// `name type [COLLATE c] [DEFAULT e | GENERATED …] [NOT NULL]`, without constraints that have a name of their own.
pub fn column_definition(schema: &Schema, relation: ObjectId, column: &Column) -> String {
    let mut text = format!("{} {}", schema.dialect.quote(&column.name), format_type(schema, &column.data_type));
    for (word, value) in &column.options {
        if &**word == "COMPRESSION" {
            let _ = write!(text, " COMPRESSION {value}");
        }
    }
    if let Some(collation) = &column.collation {
        let _ = write!(text, " COLLATE {}", collation_name(schema, collation));
    }
    text.push_str(&generation_words(schema, relation, column));
    if column.not_null {
        text.push_str(" NOT NULL");
    }
    text
}

/// ` DEFAULT e`, ` GENERATED …`, or nothing.
pub(super) fn generation_words(schema: &Schema, relation: ObjectId, column: &Column) -> String {
    match &column.generation {
        ColumnGeneration::None => String::new(),
        ColumnGeneration::Default(default) => format!(" DEFAULT {}", default.print(schema)),
        ColumnGeneration::Generated(expression, kind) => {
            let kind = match kind {
                GeneratedKind::Stored => "STORED",
                GeneratedKind::Virtual => "VIRTUAL",
            };
            format!(" GENERATED ALWAYS AS ({}) {kind}", expression.print(schema))
        }
        ColumnGeneration::Identity(kind, sequence) => {
            let kind = match kind {
                IdentityKind::Always => "ALWAYS",
                IdentityKind::ByDefault => "BY DEFAULT",
            };
            format!(" GENERATED {kind} AS IDENTITY{}", identity_options(schema, relation, column, *sequence))
        }
    }
}

/// A collation as SQL: `schema.name` and bare names are both kept unquoted in the model.
pub(super) fn collation_name(schema: &Schema, collation: &str) -> String {
    // A collation's name may hold a dot of its own (`en_US.utf8`), so only a schema that is known is taken for one.
    if let Some((namespace, name)) = collation.split_once('.')
        && (namespace == "pg_catalog" || schema.namespace(&crate::name::Name::stored(namespace)).is_some())
    {
        let name = crate::name::Name::stored(name);
        return format!("{}.{}", schema.dialect.quote(&crate::name::Name::stored(namespace)), schema.dialect.quote(&name));
    }
    schema.dialect.quote(&crate::name::Name::stored(collation))
}

pub(super) fn column_name(schema: &Schema, relation: ObjectId, column: ColumnNumber) -> String {
    schema.column(relation, column).map_or_else(|| String::from("???"), |column| schema.dialect.quote(&column.name))
}

pub(super) fn column_list(schema: &Schema, relation: ObjectId, columns: &[ColumnNumber]) -> String {
    columns.iter().map(|column| column_name(schema, relation, *column)).collect::<Vec<_>>().join(", ")
}
