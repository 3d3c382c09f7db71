//! `DECLARE`.

use sqlparser::tokenizer::Token as Kind;

use super::reader::{Reader, expression_of, whole_query};
use super::tree::{PlDeclaration, PlType};
use crate::sql::cursor::Cursor;
use crate::sql::data_type;
use crate::sql::tree::{Ident, TypeName, Unread};

impl Reader<'_> {
    /// Variables up to `BEGIN`.
    pub fn declarations(&mut self) -> Result<Vec<PlDeclaration>, Unread> {
        let mut all = Vec::new();
        while !self.cursor.is_keyword("BEGIN") {
            if self.cursor.take_keyword("DECLARE") {
                continue;
            }
            all.push(self.declaration()?);
            self.semicolon()?;
        }
        Ok(all)
    }

    fn declaration(&mut self) -> Result<PlDeclaration, Unread> {
        let name = self.cursor.label()?;
        if self.cursor.take_keywords(&["ALIAS", "FOR"]) {
            let of = self.until_semicolon();
            let data_type = PlType::Alias(of.text_of(of.rest_span()).to_owned());
            return Ok(PlDeclaration { name, data_type, not_null: false, default: None });
        }
        if let Some(data_type) = self.cursor_declaration()? {
            return Ok(PlDeclaration { name, data_type, not_null: false, default: None });
        }
        self.cursor.take_keyword("CONSTANT");
        let data_type = variable_type(&mut self.cursor)?;
        if self.cursor.take_keyword("COLLATE") {
            self.cursor.object_name()?;
        }
        let not_null = self.cursor.take_keywords(&["NOT", "NULL"]);
        let has_default = self.cursor.take_keyword("DEFAULT") || self.cursor.take_symbol(&Kind::Assignment) || self.cursor.take_symbol(&Kind::Eq);
        let default = has_default.then(|| expression_of(self.until_semicolon()));
        Ok(PlDeclaration { name, data_type, not_null, default })
    }

    /// `[[NO] SCROLL] CURSOR [(a int)] {FOR | IS} query`.
    fn cursor_declaration(&mut self) -> Result<Option<PlType>, Unread> {
        let mark = self.cursor.mark();
        if !self.cursor.take_keywords(&["NO", "SCROLL"]) {
            self.cursor.take_keyword("SCROLL");
        }
        if !self.cursor.take_keyword("CURSOR") {
            self.cursor.reset(mark);
            return Ok(None);
        }
        let mut arguments: Vec<(Ident, TypeName)> = Vec::new();
        if self.cursor.is_symbol(&Kind::LParen) {
            let mut inside = self.cursor.parentheses()?;
            arguments = inside.comma_separated(|inside| Ok((inside.label()?, data_type::read(inside)?)))?;
            inside.finish()?;
        }
        if self.cursor.take_any_keyword(&["FOR", "IS"]).is_none() {
            return Err(self.cursor.expected("`FOR`"));
        }
        let query = whole_query(self.until_semicolon())?;
        Ok(Some(PlType::Cursor(arguments, Box::new(query))))
    }
}

/// A type, `t%ROWTYPE` too.
fn variable_type(cursor: &mut Cursor<'_>) -> Result<PlType, Unread> {
    let mark = cursor.mark();
    if let Ok(name) = cursor.object_name()
        && cursor.take_symbol(&Kind::Mod)
        && cursor.take_keyword("ROWTYPE")
    {
        return Ok(PlType::RowOf(name));
    }
    cursor.reset(mark);
    data_type::read(cursor).map(PlType::Type)
}
