//! Collects pieces, and the doors of this room.

use super::piece::{Piece, Reference, ReferenceKind, Unprintable};
use crate::dialect::Dialect;
use crate::sql::postgres::Power;
use crate::sql::tree::{Dml, Expr, Ident, ObjectName, Query, TypeName};
use crate::text::Span;

/// A result of printing.
pub(super) type Printed = Result<(), Unprintable>;

/// A query as pieces.
///
/// # Errors
/// When a part of it was not understood when it was read.
pub fn query_pieces(query: &Query, dialect: &'static Dialect) -> Result<Vec<Piece>, Unprintable> {
    pieces(dialect, |writer| writer.query(query))
}

/// An expression as pieces.
///
/// # Errors
/// As [`query_pieces`].
pub fn expression_pieces(expr: &Expr, dialect: &'static Dialect) -> Result<Vec<Piece>, Unprintable> {
    pieces(dialect, |writer| writer.expr(expr, Power::Lowest))
}

/// A query as text.
///
/// # Errors
/// As [`query_pieces`].
pub fn query(query: &Query, dialect: &'static Dialect) -> Result<String, Unprintable> {
    query_pieces(query, dialect).map(joined)
}

/// An expression as text.
///
/// # Errors
/// As [`query_pieces`].
pub fn expression(expr: &Expr, dialect: &'static Dialect) -> Result<String, Unprintable> {
    expression_pieces(expr, dialect).map(joined)
}

/// A writing statement as pieces.
///
/// # Errors
/// As [`query_pieces`].
pub fn dml_pieces(dml: &Dml, dialect: &'static Dialect) -> Result<Vec<Piece>, Unprintable> {
    pieces(dialect, |writer| writer.dml(dml))
}

/// A writing statement as text.
///
/// # Errors
/// As [`query_pieces`].
pub fn dml(dml: &Dml, dialect: &'static Dialect) -> Result<String, Unprintable> {
    dml_pieces(dml, dialect).map(joined)
}

/// A type as text, with modifiers and brackets.
pub fn type_name(type_name: &TypeName, dialect: &'static Dialect) -> String {
    let mut writer = Writer { dialect, pieces: Vec::new() };
    writer.type_name(type_name);
    joined(writer.pieces)
}

fn pieces(dialect: &'static Dialect, write: impl FnOnce(&mut Writer) -> Printed) -> Result<Vec<Piece>, Unprintable> {
    let mut writer = Writer { dialect, pieces: Vec::new() };
    write(&mut writer)?;
    Ok(writer.pieces)
}

fn joined(pieces: Vec<Piece>) -> String {
    pieces.into_iter().map(|piece| piece.text).collect()
}

/// What is printed so far.
pub(super) struct Writer {
    /// Decides quotes.
    pub dialect: &'static Dialect,
    pieces: Vec<Piece>,
}

impl Writer {
    /// Text that means no object.
    pub fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece { text: last, reference: None }) => last.push_str(text),
            _ => self.pieces.push(Piece { text: text.to_owned(), reference: None }),
        }
    }

    /// A name that may mean an object.
    pub fn reference(&mut self, text: String, kind: ReferenceKind, span: Span) {
        self.pieces.push(Piece { text, reference: Some(Reference { kind, span }) });
    }

    /// A name that means nothing outside the query: an alias, a window.
    pub fn local(&mut self, name: &Ident) {
        let text = self.quoted(name);
        self.text(&text);
    }

    /// A dotted name of an object.
    pub fn object(&mut self, name: &ObjectName, kind: ReferenceKind) {
        let parts = [name.database.as_ref(), name.schema.as_ref(), Some(&name.name)];
        let parts: Vec<String> = parts.into_iter().flatten().map(|part| self.quoted(part)).collect();
        self.reference(parts.join("."), kind, name.span());
    }

    /// `(a, b)` of columns.
    pub fn listed_columns(&mut self, columns: &[Ident]) {
        self.text("(");
        self.separated(columns, |writer, column| {
            let text = writer.quoted(column);
            writer.reference(text, ReferenceKind::ListedColumn, column.span);
            Ok(())
        })
        .unwrap_or(());
        self.text(")");
    }

    /// `(a, b)` of names that the query itself gives.
    pub fn local_names(&mut self, names: &[Ident]) {
        let names: Vec<String> = names.iter().map(|name| self.quoted(name)).collect();
        self.text(&format!("({})", names.join(", ")));
    }

    /// A name in quotes if it needs them.
    pub fn quoted(&self, name: &Ident) -> String {
        self.dialect.quote(&name.name)
    }

    /// Several of something with commas between.
    pub fn separated<T>(&mut self, all: &[T], mut write: impl FnMut(&mut Self, &T) -> Printed) -> Printed {
        for (place, one) in all.iter().enumerate() {
            if place > 0 {
                self.text(", ");
            }
            write(self, one)?;
        }
        Ok(())
    }

    /// Expressions with commas between.
    pub fn expressions(&mut self, all: &[Expr]) -> Printed {
        self.separated(all, |writer, expr| writer.expr(expr, Power::Lowest))
    }
}
