//! Blocks, and which reader takes which statement.

use sqlparser::tokenizer::Token as Kind;

use super::reader::Reader;
use super::tree::{PlBlock, PlConflict, PlHandler, PlKind, PlStatement};
use crate::sql::cursor::NamePlace;
use crate::sql::tree::Unread;

impl Reader<'_> {
    /// The outermost block, with what may stand around it.
    pub fn body(&mut self) -> Result<PlBlock, Unread> {
        let mut conflict = PlConflict::default();
        while self.cursor.take_symbol(&Kind::Sharp) {
            let option = self.cursor.label()?;
            let value = self.cursor.label()?;
            conflict = match (option.name.as_str(), value.name.as_str()) {
                ("variable_conflict", "use_variable") => PlConflict::UseVariable,
                ("variable_conflict", "use_column") => PlConflict::UseColumn,
                ("variable_conflict", _) => PlConflict::Error,
                _ => conflict,
            };
        }
        self.label()?;
        let block = PlBlock { conflict, ..self.block()? };
        self.cursor.take_symbol(&Kind::SemiColon);
        Ok(block)
    }

    /// `<<label>>`, kept for the block or loop behind it.
    fn label(&mut self) -> Result<(), Unread> {
        self.label = None;
        if self.cursor.take_symbol(&Kind::ShiftLeft) {
            self.label = Some(self.cursor.label()?);
            self.cursor.expect_symbol(&Kind::ShiftRight)?;
        }
        Ok(())
    }

    fn block(&mut self) -> Result<PlBlock, Unread> {
        let label = self.label.take();
        self.nested(|reader| {
            let mark = reader.cursor.mark();
            let declarations = if reader.cursor.take_keyword("DECLARE") { reader.declarations()? } else { Vec::new() };
            reader.cursor.expect_keyword("BEGIN")?;
            let statements = reader.statements(&["EXCEPTION", "END"])?;
            let mut handlers = Vec::new();
            if reader.cursor.take_keyword("EXCEPTION") {
                while reader.cursor.take_keyword("WHEN") {
                    handlers.push(reader.handler()?);
                }
            }
            reader.cursor.expect_keyword("END")?;
            reader.end_label();
            Ok(PlBlock { label, conflict: PlConflict::default(), declarations, statements, handlers, span: reader.cursor.span_since(mark) })
        })
    }

    /// The label that may stand behind an `END`.
    pub fn end_label(&mut self) {
        if !self.cursor.is_symbol(&Kind::SemiColon) && self.cursor.peek_name(NamePlace::Label).is_some() {
            self.cursor.skip(1);
        }
    }

    fn handler(&mut self) -> Result<PlHandler, Unread> {
        let mut conditions = Vec::new();
        loop {
            if self.cursor.take_keyword("SQLSTATE") {
                let code = self.cursor.peek().and_then(|token| token.string()).map(str::to_owned);
                conditions.push(code.ok_or_else(|| self.cursor.expected("an SQLSTATE"))?);
                self.cursor.skip(1);
            } else {
                conditions.push(self.cursor.label()?.name.as_str().to_owned());
            }
            if !self.cursor.take_keyword("OR") {
                break;
            }
        }
        self.cursor.expect_keyword("THEN")?;
        Ok(PlHandler { conditions, statements: self.statements(&["WHEN", "END"])? })
    }

    /// Statements up to one of these words, which is left where it is.
    pub fn statements(&mut self, ends: &[&str]) -> Result<Vec<PlStatement>, Unread> {
        let mut all = Vec::new();
        while !self.cursor.is_any_keyword(ends) {
            if self.cursor.is_at_end() {
                return Err(self.cursor.expected("`END`"));
            }
            if self.cursor.take_symbol(&Kind::SemiColon) {
                continue;
            }
            all.push(self.statement()?);
        }
        Ok(all)
    }

    fn statement(&mut self) -> Result<PlStatement, Unread> {
        self.label()?;
        let mark = self.cursor.mark();
        let kind = self.statement_kind()?;
        let span = self.cursor.span_since(mark);
        self.semicolon()?;
        Ok(PlStatement { kind, span })
    }

    fn statement_kind(&mut self) -> Result<PlKind, Unread> {
        if self.is_assignment() {
            return Ok(self.assignment());
        }
        let word = self.cursor.peek().and_then(|token| token.bare_word()).map(str::to_ascii_uppercase);
        match word.as_deref() {
            Some("DECLARE" | "BEGIN") => self.block().map(PlKind::Block),
            Some("IF") => self.conditional(),
            Some("CASE") => self.case(),
            Some("LOOP" | "WHILE" | "FOR" | "FOREACH") => self.loop_statement(),
            Some("EXIT" | "CONTINUE") => Ok(self.leave()),
            Some("RETURN") => Ok(self.return_statement()),
            Some("RAISE") => Ok(self.raise()),
            Some("ASSERT") => Ok(self.assert()),
            Some("EXECUTE") => Ok(self.execute_statement()),
            Some("PERFORM") => Ok(self.perform()),
            Some("OPEN") => Ok(self.open()),
            Some("GET" | "FETCH") => Ok(self.receive()),
            Some(word @ ("NULL" | "MOVE" | "CLOSE")) => {
                self.until_semicolon();
                Ok(PlKind::Nothing(word.to_owned()))
            }
            _ => Ok(self.sql()),
        }
    }
}
