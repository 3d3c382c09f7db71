//! Window definitions.
//!
//! Source: `window_specification` of gram.y (PostgreSQL 15).

use super::reader::{Reader, Reading};
use crate::sql::cursor::NamePlace;
use crate::sql::token::Kind;
use crate::sql::tree::{Expr, NamedWindow, Window, WindowReference};

impl Reader<'_> {
    /// What follows `OVER`.
    pub(super) fn window_reference(&mut self) -> Reading<WindowReference> {
        if self.is_symbol(&Kind::LParen) {
            return self.nested(|reader| reader.in_parentheses(Reader::window)).map(WindowReference::Inline);
        }
        self.ident().map(WindowReference::Named)
    }

    /// `w AS (…), …` after `WINDOW`.
    pub(super) fn named_windows(&mut self) -> Reading<Vec<NamedWindow>> {
        self.list(|reader| {
            let name = reader.ident()?;
            reader.expect_keyword("AS")?;
            let window = reader.in_parentheses(Reader::window)?;
            Ok(NamedWindow { name, window })
        })
    }

    fn window(&mut self) -> Reading<Window> {
        let starts_otherwise = ["PARTITION", "RANGE", "ROWS", "GROUPS"].iter().any(|word| self.is_keyword(word));
        let base = if starts_otherwise { None } else { self.peek_name(NamePlace::Column) };
        if base.is_some() {
            self.skip(1);
        }
        let partition_by = if self.take_keyword("PARTITION") {
            self.expect_keyword("BY")?;
            self.list(Reader::expression)?
        } else {
            Vec::new()
        };
        let order_by = if self.is_keyword("ORDER") { self.order_by()? } else { Vec::new() };
        let mut frame_bounds = Vec::new();
        let frame = match self.take_any_keyword(&["RANGE", "ROWS", "GROUPS"]) {
            Some(unit) => Some(self.frame(unit, &mut frame_bounds)?),
            None => None,
        };
        Ok(Window { base, partition_by, order_by, frame_bounds, frame })
    }

    fn frame(&mut self, unit: &str, bounds: &mut Vec<Expr>) -> Reading<String> {
        let mut text = unit.to_owned();
        if self.take_keyword("BETWEEN") {
            let low = self.frame_bound(bounds)?;
            self.expect_keyword("AND")?;
            let high = self.frame_bound(bounds)?;
            text = format!("{text} BETWEEN {low} AND {high}");
        } else {
            let low = self.frame_bound(bounds)?;
            text = format!("{text} {low}");
        }
        if self.take_keyword("EXCLUDE") {
            let what = if self.take_keywords(&["CURRENT", "ROW"]) {
                "CURRENT ROW"
            } else if self.take_keywords(&["NO", "OTHERS"]) {
                return Ok(text);
            } else {
                self.take_any_keyword(&["GROUP", "TIES"]).ok_or_else(|| self.expected("what the frame excludes"))?
            };
            text = format!("{text} EXCLUDE {what}");
        }
        Ok(text)
    }

    fn frame_bound(&mut self, bounds: &mut Vec<Expr>) -> Reading<String> {
        if self.take_keywords(&["CURRENT", "ROW"]) {
            return Ok(String::from("CURRENT ROW"));
        }
        let distance = if self.is_keyword("UNBOUNDED") && (self.is_keyword_at(1, "PRECEDING") || self.is_keyword_at(1, "FOLLOWING")) {
            self.skip(1);
            String::from("UNBOUNDED")
        } else {
            let distance = self.expression()?;
            let text = crate::sql::print::expression(&distance, self.dialect()).map_err(|unprintable| {
                let mut unread = self.not_modelled(unprintable.what);
                unread.span = unprintable.span;
                unread
            })?;
            bounds.push(distance);
            text
        };
        let direction = self.take_any_keyword(&["PRECEDING", "FOLLOWING"]).ok_or_else(|| self.expected("`PRECEDING` or `FOLLOWING`"))?;
        Ok(format!("{distance} {direction}"))
    }
}
