//! Types.

use super::piece::ReferenceKind;
use super::writer::Writer;
use crate::sql::tree::TypeName;

/// Words that PostgreSQL's grammar reads as types, and would not read as the same type in quotes.
const GRAMMAR_TYPES: &[&str] = &[
    "bigint",
    "bit",
    "boolean",
    "char",
    "character",
    "dec",
    "decimal",
    "float",
    "int",
    "integer",
    "interval",
    "nchar",
    "numeric",
    "real",
    "smallint",
    "time",
    "timestamp",
    "varchar",
];

impl Writer {
    /// A type with its modifiers and brackets.
    pub(super) fn type_name(&mut self, type_name: &TypeName) {
        if type_name.set_of {
            self.text("SETOF ");
        }
        if let Some(of_column) = &type_name.of_column {
            let (table, column) = &**of_column;
            self.object(table, ReferenceKind::Relation { aliased: false });
            let column_text = self.quoted(column);
            self.text(".");
            self.reference(column_text, ReferenceKind::ColumnPart { output: None }, column.span);
            self.text("%TYPE");
        } else {
            self.named_type(type_name);
        }
        for _ in 0..type_name.array_dimensions {
            self.text("[]");
        }
    }

    fn named_type(&mut self, type_name: &TypeName) {
        let ident = &type_name.name.name;
        let word = ident.name.as_str();
        let bare = type_name.name.schema.is_none();
        // A quoted word is longer by its quotes where it stands than as a name: `"char"` is another type than `char`.
        let was_quoted = ident.span.len() as usize == word.len() + 2;
        let several_words =
            word.contains(' ') && (word.starts_with("time") || word.starts_with("double ") || word.ends_with(" varying") || word.ends_with("signed"));
        let (head, tail) = match word.split_once(' ') {
            Some((head, tail)) if bare && word.starts_with("time") => (head, Some(tail)),
            _ => (word, None),
        };
        if bare && (several_words || (!was_quoted && GRAMMAR_TYPES.contains(&word))) {
            self.reference(head.to_owned(), ReferenceKind::Type, ident.span);
        } else {
            self.object(&type_name.name, ReferenceKind::Type);
        }
        self.modifiers(type_name, bare && word == "interval");
        if let Some(tail) = tail.filter(|_| several_words) {
            self.text(" ");
            self.text(tail);
        }
        self.type_arguments(type_name);
    }

    fn modifiers(&mut self, type_name: &TypeName, is_interval: bool) {
        let mut modifiers = type_name.modifiers.as_slice();
        if is_interval
            && let [fields, rest @ ..] = modifiers
            && fields.starts_with(|first: char| first.is_ascii_alphabetic())
        {
            self.text(" ");
            self.text(fields);
            modifiers = rest;
        }
        if !modifiers.is_empty() {
            self.text(&format!("({})", modifiers.join(", ")));
        }
    }

    fn type_arguments(&mut self, type_name: &TypeName) {
        if type_name.arguments.is_empty() {
            return;
        }
        self.text("<");
        for (place, (name, argument)) in type_name.arguments.iter().enumerate() {
            if place > 0 {
                self.text(", ");
            }
            if let Some(name) = name {
                self.local(name);
                self.text(" ");
            }
            self.type_name(argument);
        }
        self.text(">");
    }
}
