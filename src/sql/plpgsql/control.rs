//! Conditions and loops.

use sqlparser::tokenizer::Token as Kind;

use super::reader::{Reader, expression_of, expressions_of, variables_of, whole_query};
use super::statement::executed;
use super::tree::{PlBranch, PlDirection, PlKind, PlLoop};
use crate::sql::cursor::Cursor;
use crate::sql::tree::{Expr, ExprKind, Unread};

impl Reader<'_> {
    /// `IF … THEN … [ELSIF …] [ELSE …] END IF`.
    pub(super) fn conditional(&mut self) -> Result<PlKind, Unread> {
        self.nested(|reader| {
            let mut branches = Vec::new();
            while reader.cursor.take_any_keyword(&["IF", "ELSIF", "ELSEIF"]).is_some() {
                let condition = expression_of(reader.until_keyword(&["THEN"]));
                reader.cursor.expect_keyword("THEN")?;
                let statements = reader.statements(&["ELSIF", "ELSEIF", "ELSE", "END"])?;
                branches.push(PlBranch { condition, statements });
            }
            let otherwise = if reader.cursor.take_keyword("ELSE") { reader.statements(&["END"])? } else { Vec::new() };
            reader.cursor.expect_keywords(&["END", "IF"])?;
            Ok(PlKind::If { branches, otherwise })
        })
    }

    /// `CASE [e] WHEN … THEN … [ELSE …] END CASE`.
    pub(super) fn case(&mut self) -> Result<PlKind, Unread> {
        self.nested(|reader| {
            reader.cursor.expect_keyword("CASE")?;
            let operand = if reader.cursor.is_keyword("WHEN") { None } else { Some(expression_of(reader.until_keyword(&["WHEN"]))) };
            let mut branches = Vec::new();
            while reader.cursor.take_keyword("WHEN") {
                let part = reader.until_keyword(&["THEN"]);
                let span = part.rest_span();
                let mut values = expressions_of(part);
                let condition = match (values.pop(), values.is_empty()) {
                    (Some(only), true) => only,
                    (Some(last), false) => {
                        values.push(last);
                        Expr { kind: Box::new(ExprKind::Row(values)), span }
                    }
                    (None, _) => return Err(reader.cursor.expected("a condition")),
                };
                reader.cursor.expect_keyword("THEN")?;
                branches.push(PlBranch { condition, statements: reader.statements(&["WHEN", "ELSE", "END"])? });
            }
            let otherwise = if reader.cursor.take_keyword("ELSE") { Some(reader.statements(&["END"])?) } else { None };
            reader.cursor.expect_keywords(&["END", "CASE"])?;
            Ok(PlKind::Case { operand, branches, otherwise })
        })
    }

    /// `[WHILE … | FOR … | FOREACH …] LOOP … END LOOP`.
    pub(super) fn loop_statement(&mut self) -> Result<PlKind, Unread> {
        let label = self.label.take();
        self.nested(|reader| {
            let over = if reader.cursor.take_keyword("WHILE") {
                PlLoop::While(expression_of(reader.until_keyword(&["LOOP"])))
            } else if reader.cursor.take_keyword("FOREACH") {
                reader.elements()?
            } else if reader.cursor.take_keyword("FOR") {
                reader.rows_or_integers()?
            } else {
                PlLoop::Endless
            };
            reader.cursor.expect_keyword("LOOP")?;
            let statements = reader.statements(&["END"])?;
            reader.cursor.expect_keywords(&["END", "LOOP"])?;
            reader.end_label();
            Ok(PlKind::Loop { label, over, statements })
        })
    }

    fn elements(&mut self) -> Result<PlLoop, Unread> {
        let variables = variables_of(self.until_keyword(&["SLICE", "IN"]));
        if self.cursor.take_keyword("SLICE") {
            self.cursor.skip(1);
        }
        self.cursor.expect_keywords(&["IN", "ARRAY"])?;
        Ok(PlLoop::Elements(variables, expression_of(self.until_keyword(&["LOOP"]))))
    }

    /// `FOR … IN` integers, a cursor's rows, a query's rows, or rows of a text that is run.
    fn rows_or_integers(&mut self) -> Result<PlLoop, Unread> {
        let target = self.until_keyword(&["IN"]);
        self.cursor.expect_keyword("IN")?;
        let direction = if self.cursor.take_keyword("REVERSE") { PlDirection::Reverse } else { PlDirection::Forward };
        let mut part = self.until_keyword(&["LOOP"]);
        if part.take_keyword("EXECUTE") {
            return Ok(PlLoop::Executed(variables_of(target), executed(part)));
        }
        let mut rest = part;
        let low = rest.until(is_range);
        if is_range(&rest) {
            rest.skip(2);
            let high = rest.until(|cursor| cursor.is_keyword("BY"));
            let mut bounds = vec![expression_of(low), expression_of(high)];
            if rest.take_keyword("BY") {
                bounds.push(expression_of(rest));
            }
            return Ok(PlLoop::Integers(single_name(target)?, bounds, direction));
        }
        if let Some((cursor, arguments)) = cursor_call(part) {
            return Ok(PlLoop::Cursor(single_name(target)?, cursor, arguments));
        }
        Ok(PlLoop::Rows(variables_of(target), Box::new(whole_query(part)?)))
    }
}

fn is_range(cursor: &Cursor<'_>) -> bool {
    cursor.is_symbol(&Kind::Period) && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::Period)
}

fn single_name(target: Cursor<'_>) -> Result<crate::sql::tree::Ident, Unread> {
    let mut target = target;
    let name = target.label()?;
    target.finish()?;
    Ok(name)
}

/// `c` or `c(a, b)`, which can be no query.
fn cursor_call(part: Cursor<'_>) -> Option<(crate::sql::tree::Ident, Vec<Expr>)> {
    let mut part = part;
    if part.is_any_keyword(&["SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "SHOW", "EXPLAIN"]) {
        return None;
    }
    let name = part.label().ok()?;
    let arguments = if part.is_symbol(&Kind::LParen) { expressions_of(part.parentheses().ok()?) } else { Vec::new() };
    part.is_at_end().then_some((name, arguments))
}
