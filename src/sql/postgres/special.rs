//! Calls with a syntax of their own: `EXTRACT`, `SUBSTRING`, `TRIM`, `COALESCE`, `CURRENT_DATE` and their like.
//!
//! Source: `func_expr_common_subexpr` of gram.y (PostgreSQL 15), which says what function each of them calls.

use super::expression::special_call;
use super::reader::{Reader, Reading};
use crate::sql::cursor::Mark;
use crate::sql::token::Kind;
use crate::sql::tree::{CallSyntax, Expr, ExprKind, Ident, Literal, ObjectName};

/// Values without parentheses. The first ones may have a precision behind them.
const WITH_PRECISION: &[&str] = &["CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"];
const BARE: &[&str] = &["CURRENT_DATE", "CURRENT_ROLE", "CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "USER", "CURRENT_CATALOG"];

/// Built-in forms that are written as an ordinary call although their names are words of the grammar.
const CALLED_PLAINLY: &[&str] = &["COALESCE", "GREATEST", "LEAST", "NULLIF", "XMLCONCAT"];

impl Reader<'_> {
    /// A call that begins with a word of the grammar; `None` when the word is a name here.
    pub(super) fn keyword_call(&mut self, word: &str) -> Reading<Option<Expr>> {
        let mark = self.mark();
        let opens = self.is_symbol_at(1, &Kind::LParen);
        if BARE.contains(&word) || (word == "CURRENT_SCHEMA" && !opens) {
            self.skip(1);
            return Ok(Some(special_call(&word.to_ascii_lowercase(), Vec::new(), CallSyntax::Keyword, self.span_since(mark))));
        }
        if WITH_PRECISION.contains(&word) {
            self.skip(1);
            let precision = if self.is_symbol(&Kind::LParen) { vec![self.in_parentheses(Reader::expression)?] } else { Vec::new() };
            return Ok(Some(special_call(&word.to_ascii_lowercase(), precision, CallSyntax::Keyword, self.span_since(mark))));
        }
        if word == "COLLATION" && self.is_keyword_at(1, "FOR") && self.is_symbol_at(2, &Kind::LParen) {
            self.skip(2);
            let operand = self.in_parentheses(Reader::expression)?;
            return Ok(Some(special_call("pg_collation_for", vec![operand], CallSyntax::Special, self.span_since(mark))));
        }
        if !opens {
            return Ok(None);
        }
        if CALLED_PLAINLY.contains(&word) {
            let name = ObjectName::bare(self.label()?);
            let call = self.call_without_window(name)?;
            return Ok(Some(Expr { kind: Box::new(ExprKind::Call(call)), span: self.span_since(mark) }));
        }
        let read = match word {
            "EXTRACT" => Reader::extract,
            "POSITION" => Reader::position,
            "SUBSTRING" => Reader::substring,
            "OVERLAY" => Reader::overlay,
            "TRIM" => Reader::trim,
            "NORMALIZE" => Reader::normalize,
            "XMLELEMENT" => Reader::xml_element,
            "XMLFOREST" => Reader::xml_forest,
            "XMLPARSE" => Reader::xml_parse,
            "XMLPI" => Reader::xml_processing_instruction,
            "XMLROOT" => Reader::xml_root,
            "XMLEXISTS" => Reader::xml_exists,
            "XMLSERIALIZE" => return self.xml_serialize().map(Some),
            "TREAT" => return Err(self.not_modelled("TREAT is not read")),
            _ => return Ok(None),
        };
        self.skip(1);
        let (name, arguments, syntax) = self.in_parentheses(read)?;
        Ok(Some(special_call(name, arguments, syntax, self.span_since(mark))))
    }

    fn extract(&mut self) -> Reading<Special> {
        let mark = self.mark();
        let field = if self.is_string() { self.string()? } else { self.label()?.name.as_str().to_owned() };
        let field = self.text_constant(field, mark);
        self.expect_keyword("FROM")?;
        Ok(("extract", vec![field, self.expression()?], CallSyntax::Extract))
    }

    /// `POSITION(a IN b)`: the call has the text first.
    fn position(&mut self) -> Reading<Special> {
        let sought = self.restricted_expression()?;
        self.expect_keyword("IN")?;
        let text = self.restricted_expression()?;
        Ok(("position", vec![text, sought], CallSyntax::Special))
    }

    fn substring(&mut self) -> Reading<Special> {
        let text = self.expression()?;
        if self.is_symbol(&Kind::Comma) || self.is_symbol(&Kind::RParen) {
            return self.plain_rest("substring", text);
        }
        if self.take_keyword("SIMILAR") {
            let pattern = self.expression()?;
            self.expect_keyword("ESCAPE")?;
            return Ok(("substring similar", vec![text, pattern, self.expression()?], CallSyntax::Special));
        }
        let mut from = None;
        let mut length = None;
        loop {
            if from.is_none() && self.take_keyword("FROM") {
                from = Some(self.expression()?);
            } else if length.is_none() && self.take_keyword("FOR") {
                length = Some(self.expression()?);
            } else {
                break;
            }
        }
        let arguments = match (from, length) {
            (Some(from), Some(length)) => vec![text, from, length],
            (Some(from), None) => vec![text, from],
            // The server begins at 1 when only the length is given.
            (None, Some(length)) => vec![text, Expr { kind: Box::new(ExprKind::Literal(Literal::Number(String::from("1")))), span: length.span }, length],
            (None, None) => return Err(self.expected("`FROM` or `FOR`")),
        };
        Ok(("substring", arguments, CallSyntax::Special))
    }

    fn plain_rest(&mut self, name: &'static str, first: Expr) -> Reading<Special> {
        let mut arguments = vec![first];
        while self.take_symbol(&Kind::Comma) {
            arguments.push(self.expression()?);
        }
        Ok((name, arguments, CallSyntax::Function))
    }

    fn overlay(&mut self) -> Reading<Special> {
        let text = self.expression()?;
        if !self.take_keyword("PLACING") {
            return self.plain_rest("overlay", text);
        }
        let mut arguments = vec![text, self.expression()?];
        self.expect_keyword("FROM")?;
        arguments.push(self.expression()?);
        if self.take_keyword("FOR") {
            arguments.push(self.expression()?);
        }
        Ok(("overlay", arguments, CallSyntax::Special))
    }

    /// `TRIM([side] [what] FROM text)` calls `btrim`, `ltrim` or `rtrim` with the text first.
    fn trim(&mut self) -> Reading<Special> {
        let name = match self.take_any_keyword(&["BOTH", "LEADING", "TRAILING"]) {
            Some("LEADING") => "ltrim",
            Some("TRAILING") => "rtrim",
            _ => "btrim",
        };
        if self.take_keyword("FROM") {
            let arguments = self.list(Reader::expression)?;
            return Ok((name, arguments, CallSyntax::Special));
        }
        let mut arguments = self.list(Reader::expression)?;
        if self.take_keyword("FROM") {
            let what = arguments;
            arguments = self.list(Reader::expression)?;
            arguments.extend(what);
        }
        Ok((name, arguments, CallSyntax::Special))
    }

    fn normalize(&mut self) -> Reading<Special> {
        let mut arguments = vec![self.expression()?];
        if self.take_symbol(&Kind::Comma) {
            let mark = self.mark();
            let form = self.take_any_keyword(&["NFC", "NFD", "NFKC", "NFKD"]).ok_or_else(|| self.expected("a normal form"))?;
            arguments.push(self.text_constant(form.to_owned(), mark));
        }
        Ok(("normalize", arguments, CallSyntax::Special))
    }

    /// A word of the syntax as the string that the function is given.
    pub(super) fn text_constant(&self, text: String, mark: Mark) -> Expr {
        Expr { kind: Box::new(ExprKind::Literal(Literal::String(text))), span: self.span_since(mark) }
    }
}

/// Name, arguments and syntax of a special call.
pub(super) type Special = (&'static str, Vec<Expr>, CallSyntax);

/// A name of the syntax as the string that the function is given.
pub(super) fn name_constant(name: &Ident) -> Expr {
    Expr { kind: Box::new(ExprKind::Literal(Literal::String(name.name.as_str().to_owned()))), span: name.span }
}
