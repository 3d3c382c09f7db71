//! Types out of the parser crate's tree, by way of their text: there is one reader of types.

use sqlparser::ast;

use super::convert::Converter;
use crate::name::Name;
use crate::sql::cursor::Cursor;
use crate::sql::tree::{Ident, ObjectName, TypeName};
use crate::sql::{data_type, tokenize};
use crate::text::{Sources, Span};

impl Converter<'_> {
    /// A type. One that our reader does not know keeps its text as its name.
    pub fn data_type(&self, found: &ast::DataType) -> TypeName {
        let text = found.to_string();
        let read = || {
            let mut sources = Sources::default();
            let id = sources.add("<type>", text.as_str());
            let whole = sources.whole(id);
            let tokens = tokenize::tokenize(&text, whole, self.dialect).ok()?;
            let mut cursor = Cursor::new(&tokens, &text, self.dialect, whole);
            data_type::read(&mut cursor).ok().filter(|_| cursor.is_at_end())
        };
        let mut type_name = read().unwrap_or_else(|| TypeName {
            name: ObjectName::bare(Ident { name: Name::stored(text.to_lowercase()), span: self.whole }),
            modifiers: Vec::new(),
            array_dimensions: 0,
            set_of: false,
            of_column: None,
            arguments: Vec::new(),
            span: self.whole,
        });
        place(&mut type_name, self.whole);
        type_name
    }
}

/// The crate keeps no place of a type.
fn place(type_name: &mut TypeName, span: Span) {
    type_name.span = span;
    let ObjectName { database, schema, name } = &mut type_name.name;
    for part in [database.as_mut(), schema.as_mut(), Some(name)].into_iter().flatten() {
        part.span = span;
    }
    for (field, argument) in &mut type_name.arguments {
        if let Some(field) = field {
            field.span = span;
        }
        place(argument, span);
    }
}
