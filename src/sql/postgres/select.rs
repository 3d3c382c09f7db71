//! `SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW …`.
//!
//! Source: `simple_select` of gram.y (PostgreSQL 15).

use super::reader::{Reader, Reading};
use crate::sql::token::Kind;
use crate::sql::tree::{Distinct, Expr, ExprKind, From, GroupBy, GroupingElement, ObjectName, Select, SelectItem, StarOptions, TemporaryKind};

/// A cube of more elements is refused by the server too (manual 7.2.4: 12).
const MAX_CUBE: usize = 12;

/// More grouping sets than this are refused by the server too (4096).
const MAX_SETS: usize = 4096;

type Sets = Vec<Vec<Expr>>;

impl Reader<'_> {
    /// From `SELECT` up to its `WINDOW` clause.
    pub(super) fn select(&mut self) -> Reading<Select> {
        let mark = self.mark();
        self.expect_keyword("SELECT")?;
        let distinct = self.distinct()?;
        let mut into = None;
        let mut into_temporary = TemporaryKind::Permanent;
        let items = if self.ends_select_list() { Vec::new() } else { self.select_items()? };
        if self.take_keyword("INTO") {
            let (kind, name) = self.selected_into()?;
            into_temporary = kind;
            into = Some(name);
        }
        let from = if self.take_keyword("FROM") { self.table_list()? } else { Vec::new() };
        let filter = self.clause("WHERE")?;
        let group_by = self.group_by()?;
        let having = self.clause("HAVING")?;
        let windows = if self.take_keyword("WINDOW") { self.named_windows()? } else { Vec::new() };
        let span = self.span_since(mark);
        Ok(Select { distinct, items, into, into_temporary, from, filter, group_by, having, windows, qualify: None, span })
    }

    /// The expression behind that word, if the word is there.
    pub(super) fn clause(&mut self, word: &str) -> Reading<Option<Expr>> {
        if self.take_keyword(word) { self.expression().map(Some) } else { Ok(None) }
    }

    /// The comma list of `FROM` or `USING`.
    pub(super) fn table_list(&mut self) -> Reading<Vec<From>> {
        self.list(Reader::table_reference)
    }

    fn distinct(&mut self) -> Reading<Distinct> {
        if !self.take_keyword("DISTINCT") {
            self.take_keyword("ALL");
            return Ok(Distinct::No);
        }
        if self.take_keyword("ON") {
            return self.in_parentheses(|reader| reader.list(Reader::expression)).map(Distinct::On);
        }
        Ok(Distinct::All)
    }

    fn ends_select_list(&self) -> bool {
        const WORDS: &[&str] = &[
            "FROM",
            "INTO",
            "WHERE",
            "GROUP",
            "HAVING",
            "WINDOW",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "FOR",
            "RETURNING",
            "WITH",
            "ON",
        ];
        self.is_at_end() || self.is_symbol(&Kind::RParen) || self.is_symbol(&Kind::SemiColon) || self.is_any_keyword(WORDS)
    }

    /// A select list, or what `RETURNING` gives back.
    pub(super) fn select_items(&mut self) -> Reading<Vec<SelectItem>> {
        self.list(|reader| {
            let mark = reader.mark();
            if reader.take_symbol(&Kind::Mul) {
                return Ok(SelectItem::Star { qualifier: None, options: StarOptions::default(), span: reader.span_since(mark) });
            }
            let expr = reader.expression()?;
            if let ExprKind::Star(qualifier) = *expr.kind {
                return Ok(SelectItem::Star { qualifier, options: StarOptions::default(), span: expr.span });
            }
            Ok(SelectItem::Expr { expr, alias: reader.output_name()? })
        })
    }

    /// `[TEMPORARY | UNLOGGED] [TABLE] t`.
    fn selected_into(&mut self) -> Reading<(TemporaryKind, ObjectName)> {
        let locality = self.take_any_keyword(&["LOCAL", "GLOBAL"]).is_some();
        let kind = match self.take_any_keyword(&["TEMPORARY", "TEMP", "UNLOGGED"]) {
            Some("UNLOGGED") => TemporaryKind::Unlogged,
            Some(_) => TemporaryKind::Temporary,
            None if locality => return Err(self.expected("`TEMPORARY`")),
            None => TemporaryKind::Permanent,
        };
        self.take_keyword("TABLE");
        Ok((kind, self.object_name()?))
    }

    fn group_by(&mut self) -> Reading<GroupBy> {
        if !self.take_keyword("GROUP") {
            return Ok(GroupBy::None);
        }
        self.expect_keyword("BY")?;
        let distinct = self.take_keyword("DISTINCT");
        if !distinct {
            self.take_keyword("ALL");
        }
        let mut elements: Vec<GroupingElement> = self.list(Reader::grouping_element)?.into_iter().flatten().collect();
        let has_sets = elements.iter().any(|element| matches!(element, GroupingElement::Sets(_)));
        if distinct && has_sets {
            return Err(self.not_modelled("GROUP BY DISTINCT over grouping sets is not read"));
        }
        elements.shrink_to_fit();
        Ok(GroupBy::Elements(elements))
    }

    /// `a`, `(a, b)` (which is two keys), `()`, `ROLLUP (…)`, `CUBE (…)`, `GROUPING SETS (…)`.
    fn grouping_element(&mut self) -> Reading<Vec<GroupingElement>> {
        if let Some(sets) = self.grouping_sets()? {
            return Ok(vec![GroupingElement::Sets(sets)]);
        }
        Ok(self.grouping_keys()?.into_iter().map(GroupingElement::Expr).collect())
    }

    /// One key, or the keys of a pair of parentheses.
    fn grouping_keys(&mut self) -> Reading<Vec<Expr>> {
        let opens = self.is_symbol(&Kind::LParen);
        let key = self.expression()?;
        match *key.kind {
            ExprKind::Row(keys) if opens => Ok(keys),
            kind => Ok(vec![Expr { kind: Box::new(kind), span: key.span }]),
        }
    }

    /// The sets that `()`, `ROLLUP`, `CUBE` or `GROUPING SETS` stands for, nested ones laid out flat.
    fn grouping_sets(&mut self) -> Reading<Option<Sets>> {
        if self.is_symbol(&Kind::LParen) && self.is_symbol_at(1, &Kind::RParen) {
            self.skip(2);
            return Ok(Some(vec![Vec::new()]));
        }
        if self.is_keyword("ROLLUP") && self.is_symbol_at(1, &Kind::LParen) {
            self.skip(1);
            let keys = self.in_parentheses(|reader| reader.list(Reader::grouping_keys))?;
            return Ok(Some((0..=keys.len()).rev().map(|count| keys.iter().take(count).flatten().cloned().collect()).collect()));
        }
        if self.is_keyword("CUBE") && self.is_symbol_at(1, &Kind::LParen) {
            self.skip(1);
            let keys = self.in_parentheses(|reader| reader.list(Reader::grouping_keys))?;
            if keys.len() > MAX_CUBE {
                return Err(self.error(format!("CUBE is limited to {MAX_CUBE} elements")));
            }
            let chosen =
                |subset: usize| keys.iter().enumerate().filter(move |(place, _)| subset & (1 << place) != 0).flat_map(|(_, key)| key.clone()).collect();
            return Ok(Some((0..1_usize << keys.len()).rev().map(chosen).collect()));
        }
        if self.is_keyword("GROUPING") && self.is_keyword_at(1, "SETS") {
            self.skip(2);
            let parts = self.nested(|reader| {
                reader.in_parentheses(|reader| {
                    reader.list(|reader| match reader.grouping_sets()? {
                        Some(sets) => Ok(sets),
                        None => Ok(vec![reader.grouping_keys()?]),
                    })
                })
            })?;
            let sets: Sets = parts.into_iter().flatten().collect();
            if sets.len() > MAX_SETS {
                return Err(self.error(format!("too many grouping sets (at most {MAX_SETS})")));
            }
            return Ok(Some(sets));
        }
        Ok(None)
    }
}
