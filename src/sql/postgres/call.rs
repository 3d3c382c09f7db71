//! Calls: arguments, and what may hang behind the parentheses.
//!
//! Source: `func_application` and `func_expr` of gram.y (PostgreSQL 15).

use super::reader::{Reader, Reading};
use crate::sql::cursor::Mark;
use crate::sql::token::Kind;
use crate::sql::tree::{Argument, Call, CallSyntax, Expr, ExprKind, ObjectName, OrderBy};

impl Reader<'_> {
    /// A plain call; the cursor stands at its `(`, `mark` at its name.
    pub(super) fn call(&mut self, name: ObjectName, mark: Mark) -> Reading<Expr> {
        let call = self.call_without_window(name)?;
        self.with_window(call, mark)
    }

    /// `f(…)` without `FILTER` and `OVER`, as it may stand in `FROM`.
    pub(super) fn call_without_window(&mut self, name: ObjectName) -> Reading<Call> {
        let mut call = Call {
            name,
            arguments: Vec::new(),
            distinct: false,
            order_by: Vec::new(),
            within_group: Vec::new(),
            filter: None,
            over: None,
            ignore_nulls: false,
            syntax: CallSyntax::Function,
        };
        self.in_parentheses(|reader| reader.arguments(&mut call))?;
        Ok(call)
    }

    fn arguments(&mut self, call: &mut Call) -> Reading<()> {
        if self.is_symbol(&Kind::RParen) {
            return Ok(());
        }
        let mark = self.mark();
        if self.is_symbol(&Kind::Mul) && self.is_symbol_at(1, &Kind::RParen) {
            self.skip(1);
            let value = Expr { kind: Box::new(ExprKind::Star(None)), span: self.span_since(mark) };
            call.arguments.push(Argument { name: None, value, variadic: false });
            return Ok(());
        }
        if self.take_keyword("DISTINCT") {
            call.distinct = true;
        } else {
            self.take_keyword("ALL");
        }
        call.arguments = self.list(Reader::argument)?;
        if self.is_keyword("ORDER") {
            call.order_by = self.order_by()?;
        }
        Ok(())
    }

    fn argument(&mut self) -> Reading<Argument> {
        let variadic = self.take_keyword("VARIADIC");
        let named = matches!(self.peek().map(|token| &token.kind), Some(Kind::Word(_)))
            && matches!(self.peek_at(1).map(|token| &token.kind), Some(Kind::RArrow | Kind::Assignment));
        let name = if named {
            let name = self.label()?;
            self.skip(1);
            Some(name)
        } else {
            None
        };
        Ok(Argument { name, value: self.expression()?, variadic })
    }

    /// `WITHIN GROUP (…)`, `FILTER (…)`, `OVER …` behind a call.
    pub(super) fn with_window(&mut self, mut call: Call, mark: Mark) -> Reading<Expr> {
        if self.is_keyword("WITHIN") && self.is_keyword_at(1, "GROUP") {
            self.skip(2);
            call.within_group = self.in_parentheses(Reader::order_by)?;
        }
        if self.is_keyword("FILTER") && self.is_symbol_at(1, &Kind::LParen) {
            self.skip(1);
            call.filter = Some(self.in_parentheses(|reader| {
                reader.expect_keyword("WHERE")?;
                reader.expression()
            })?);
        }
        if self.is_keyword("OVER") {
            self.skip(1);
            call.over = Some(self.window_reference()?);
        }
        Ok(Expr { kind: Box::new(ExprKind::Call(call)), span: self.span_since(mark) })
    }

    /// `ORDER BY …`.
    pub(super) fn order_by(&mut self) -> Reading<Vec<OrderBy>> {
        self.expect_keywords(&["ORDER", "BY"])?;
        self.list(Reader::sort_key)
    }

    /// One sort key.
    pub(super) fn sort_key(&mut self) -> Reading<OrderBy> {
        let expr = self.expression()?;
        let descending = if self.take_keyword("USING") {
            match self.peek_operator() {
                Some(symbol @ ("<" | ">")) => {
                    let descending = symbol == ">";
                    self.skip(1);
                    descending
                }
                _ => return Err(self.not_modelled("ORDER BY … USING is read with `<` and `>` only")),
            }
        } else {
            match self.take_any_keyword(&["ASC", "DESC"]) {
                Some(word) => word == "DESC",
                None => false,
            }
        };
        let nulls_first = if self.take_keyword("NULLS") {
            match self.take_any_keyword(&["FIRST", "LAST"]) {
                Some(word) => Some(word == "FIRST"),
                None => return Err(self.expected("`FIRST` or `LAST`")),
            }
        } else {
            None
        };
        Ok(OrderBy { expr, descending, nulls_first })
    }
}
