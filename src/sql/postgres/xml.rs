//! The XML functions of the standard.
//!
//! Source: manual 9.15 (PostgreSQL 15). Names and options that are words become string arguments, in the order written.

use super::expression::special_call;
use super::reader::{Reader, Reading};
use super::special::{Special, name_constant};
use crate::sql::token::Kind;
use crate::sql::tree::{Argument, Call, CallSyntax, Expr, ExprKind, Literal};

impl Reader<'_> {
    /// `XMLELEMENT(NAME n, XMLATTRIBUTES(…), content, …)`.
    pub(super) fn xml_element(&mut self) -> Reading<Special> {
        self.expect_keyword("NAME")?;
        let name = self.label()?;
        let mut arguments = vec![name_constant(&name)];
        while self.take_symbol(&Kind::Comma) {
            arguments.push(if self.is_keyword("XMLATTRIBUTES") { self.xml_named_list()? } else { self.expression()? });
        }
        Ok(("xmlelement", arguments, CallSyntax::Special))
    }

    /// `XMLFOREST(a AS b, …)`.
    pub(super) fn xml_forest(&mut self) -> Reading<Special> {
        let list = self.xml_values("xmlforest")?;
        Ok(("xmlforest", vec![list], CallSyntax::Special))
    }

    fn xml_named_list(&mut self) -> Reading<Expr> {
        self.expect_keyword("XMLATTRIBUTES")?;
        self.in_parentheses(|reader| reader.xml_values("xmlattributes"))
    }

    /// Values with the names they get; a plain column is its own name, which the server remembers.
    fn xml_values(&mut self, name: &str) -> Reading<Expr> {
        let mark = self.mark();
        let arguments = self.list(|reader| {
            let value = reader.expression()?;
            let name = if reader.take_keyword("AS") {
                Some(reader.label()?)
            } else {
                match &*value.kind {
                    ExprKind::Column(parts) => parts.last().cloned(),
                    _ => return Err(reader.expected("`AS` and a name")),
                }
            };
            Ok(Argument { name, value, variadic: false })
        })?;
        let span = self.span_since(mark);
        let Expr { kind, span } = special_call(name, Vec::new(), CallSyntax::Special, span);
        Ok(match *kind {
            ExprKind::Call(call) => Expr { kind: Box::new(ExprKind::Call(Call { arguments, ..call })), span },
            other => Expr { kind: Box::new(other), span },
        })
    }

    /// `XMLPARSE(DOCUMENT x)`.
    pub(super) fn xml_parse(&mut self) -> Reading<Special> {
        let kind = self.xml_kind()?;
        let value = self.expression()?;
        if self.is_keyword("PRESERVE") {
            return Err(self.not_modelled("PRESERVE WHITESPACE is not read"));
        }
        self.take_keywords(&["STRIP", "WHITESPACE"]);
        Ok(("xmlparse", vec![kind, value], CallSyntax::Special))
    }

    /// `XMLPI(NAME n, x)`.
    pub(super) fn xml_processing_instruction(&mut self) -> Reading<Special> {
        self.expect_keyword("NAME")?;
        let name = self.label()?;
        let mut arguments = vec![name_constant(&name)];
        if self.take_symbol(&Kind::Comma) {
            arguments.push(self.expression()?);
        }
        Ok(("xmlpi", arguments, CallSyntax::Special))
    }

    /// `XMLROOT(x, VERSION v, STANDALONE YES)`.
    pub(super) fn xml_root(&mut self) -> Reading<Special> {
        let mut arguments = vec![self.expression()?];
        self.expect_symbol(&Kind::Comma)?;
        self.expect_keyword("VERSION")?;
        let mark = self.mark();
        arguments.push(if self.take_keywords(&["NO", "VALUE"]) {
            Expr { kind: Box::new(ExprKind::Literal(Literal::Null)), span: self.span_since(mark) }
        } else {
            self.expression()?
        });
        if self.take_symbol(&Kind::Comma) {
            self.expect_keyword("STANDALONE")?;
            let mark = self.mark();
            let word = if self.take_keyword("YES") {
                "YES"
            } else if self.take_keywords(&["NO", "VALUE"]) {
                "NO VALUE"
            } else {
                self.expect_keyword("NO")?;
                "NO"
            };
            arguments.push(self.text_constant(word.to_owned(), mark));
        }
        Ok(("xmlroot", arguments, CallSyntax::Special))
    }

    /// `XMLEXISTS(path PASSING x)`.
    pub(super) fn xml_exists(&mut self) -> Reading<Special> {
        let path = self.expression()?;
        self.expect_keyword("PASSING")?;
        self.passing_mechanism();
        let document = self.expression()?;
        self.passing_mechanism();
        Ok(("xmlexists", vec![path, document], CallSyntax::Special))
    }

    /// `BY REF` and `BY VALUE` change nothing (manual 9.15.2.2).
    fn passing_mechanism(&mut self) {
        if !self.take_keywords(&["BY", "REF"]) {
            self.take_keywords(&["BY", "VALUE"]);
        }
    }

    /// `XMLSERIALIZE(CONTENT x AS t)`: a cast around a call.
    pub(super) fn xml_serialize(&mut self) -> Reading<Expr> {
        let mark = self.mark();
        self.skip(1);
        let (arguments, target) = self.in_parentheses(|reader| {
            let kind = reader.xml_kind()?;
            let value = reader.expression()?;
            reader.expect_keyword("AS")?;
            let target = crate::sql::data_type::read(reader)?;
            Ok((vec![kind, value], target))
        })?;
        let span = self.span_since(mark);
        let operand = special_call("xmlserialize", arguments, CallSyntax::Special, span);
        Ok(Expr { kind: Box::new(ExprKind::Cast { operand, target, lenient: false }), span })
    }

    fn xml_kind(&mut self) -> Reading<Expr> {
        let mark = self.mark();
        let word = self.take_any_keyword(&["DOCUMENT", "CONTENT"]).ok_or_else(|| self.expected("`DOCUMENT` or `CONTENT`"))?;
        Ok(self.text_constant(word.to_owned(), mark))
    }
}
