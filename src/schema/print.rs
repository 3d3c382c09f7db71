//! Stored expressions and queries as text, with the names that their objects have now.
//!
//! In: a [`Definition`] and the schema its pieces point into. Out: SQL text as a session with an empty `search_path` would be shown:
//! relations, types and functions of the user with their schema, names quoted where the dialect needs it.

use super::format_type::type_name;
use super::{ColumnNumber, Definition, ObjectBody, ObjectId, Piece, Schema, UserType};
use crate::name::Name;

impl Definition {
    /// The text with present names. A piece whose object is gone prints as `???`, which no database reads.
    pub fn print(&self, schema: &Schema) -> String {
        let mut text = String::new();
        for piece in self.pieces() {
            print_piece(schema, piece, &mut text);
        }
        text
    }
}

fn print_piece(schema: &Schema, piece: &Piece, text: &mut String) {
    match piece {
        Piece::Text(own) => text.push_str(own),
        Piece::Column { relation, column, output } => print_column(schema, *relation, *column, output.as_deref(), text),
        Piece::Relation { relation } => text.push_str(&qualified(schema, *relation)),
        Piece::Qualifier { relation } => match schema.get(*relation) {
            Some(object) => text.push_str(&schema.dialect.quote(&object.name)),
            None => text.push_str("???"),
        },
        Piece::Function { function: object } | Piece::Object { object } => text.push_str(&qualified(schema, *object)),
        Piece::Type { object } => text.push_str(&type_name(schema, *object, &[])),
        Piece::RelationLiteral { relation } => text.push_str(&inside_literal(&qualified(schema, *relation))),
        Piece::EnumLabel { object, label } => text.push_str(&inside_literal(enum_label(schema, *object, *label))),
    }
}

fn print_column(schema: &Schema, relation: ObjectId, column: ColumnNumber, output: Option<&str>, text: &mut String) {
    let Some(column) = schema.column(relation, column) else {
        text.push_str("???");
        return;
    };
    text.push_str(&schema.dialect.quote(&column.name));
    if let Some(output) = output.filter(|output| *output != column.name.as_str()) {
        text.push_str(" AS ");
        text.push_str(&schema.dialect.quote(&Name::stored(output)));
    }
}

/// `schema.name`, quoted where needed; the bare name for objects outside a namespace and for those that are named on their table.
pub(super) fn qualified(schema: &Schema, id: ObjectId) -> String {
    let Some(object) = schema.get(id) else { return String::from("???") };
    match schema.qualified_name(id).filter(|_| !is_named_on_a_table(&object.body)) {
        Some(name) => schema.dialect.quote_qualified(&name),
        None => schema.dialect.quote(&object.name),
    }
}

fn is_named_on_a_table(body: &ObjectBody) -> bool {
    match body {
        ObjectBody::Constraint(_) | ObjectBody::Trigger(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_) => true,
        ObjectBody::Schema
        | ObjectBody::Table(_)
        | ObjectBody::View(_)
        | ObjectBody::Index(_)
        | ObjectBody::Sequence(_)
        | ObjectBody::Type(_)
        | ObjectBody::Function(_)
        | ObjectBody::Extension(_)
        | ObjectBody::Other(_) => false,
    }
}

/// Text as it stands between the single quotes of a string literal; the quotes themselves belong to the text around the piece.
pub(super) fn inside_literal(text: &str) -> String {
    text.replace('\'', "''")
}

fn enum_label(schema: &Schema, id: ObjectId, number: u32) -> &str {
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Type(UserType::Enum { labels, .. })) => labels.iter().find(|(own, _)| *own == number).map_or("???", |(_, label)| label),
        _ => "???",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Column, DataType, Table};
    use super::*;
    use crate::dialect;

    fn clients() -> (Schema, ObjectId) {
        let mut schema = Schema::new(dialect::named("postgres").unwrap());
        let app = schema.insert(Name::stored("app"), None, ObjectBody::Schema);
        let mut table = Table::new();
        let number = table.take_column_number();
        table.columns.push(Column::new(number, Name::stored("phone"), DataType::builtin("text")));
        let id = schema.insert(Name::stored("clients"), Some(app), ObjectBody::Table(table));
        (schema, id)
    }

    #[test]
    fn a_renamed_column_keeps_its_output_name() {
        let (mut schema, id) = clients();
        let query = Definition::new(vec![
            Piece::Text("SELECT ".into()),
            Piece::Qualifier { relation: id },
            Piece::Text(".".into()),
            Piece::Column { relation: id, column: ColumnNumber(1), output: Some("phone".into()) },
            Piece::Text(" FROM ".into()),
            Piece::Relation { relation: id },
        ]);
        assert_eq!(query.print(&schema), "SELECT clients.phone FROM app.clients");
        schema.update_table(id, |table| table.columns.iter_mut().for_each(|column| column.name = Name::stored("Contact phone")));
        assert_eq!(query.print(&schema), "SELECT clients.\"Contact phone\" AS phone FROM app.clients");
    }

    #[test]
    fn labels_and_relations_in_literals_follow_and_are_escaped() {
        let mut schema = Schema::new(dialect::named("postgres").unwrap());
        let app = schema.insert(Name::stored("a'b"), None, ObjectBody::Schema);
        let labels = UserType::Enum { labels: vec![(0, "it's".into())], next_label: 1 };
        let id = schema.insert(Name::stored("status"), Some(app), ObjectBody::Type(labels));
        let default =
            Definition::new(vec![Piece::Text("'".into()), Piece::EnumLabel { object: id, label: 0 }, Piece::Text("'::".into()), Piece::Type { object: id }]);
        assert_eq!(default.print(&schema), "'it''s'::\"a'b\".status");
    }
}
