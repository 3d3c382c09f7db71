//! What stands in `FROM`: relations, queries, functions, joins.
//!
//! Source: `table_ref` of gram.y (PostgreSQL 15).

use super::reader::{Reader, Reading};
use crate::sql::cursor::{Mark, NamePlace};
use crate::sql::token::Kind;
use crate::sql::tree::{Expr, ExprKind, From, FunctionItem, Ident, JoinConstraint, JoinKind, Query, RelationAlias, TableSample, TypeName};

/// What stands in parentheses in `FROM`.
enum Bracketed {
    /// `(SELECT …)`.
    Query(Query),
    /// `(a JOIN b)`.
    Tables(From),
}

/// `AS t (…)`: an alias, or the columns of a record.
#[derive(Default)]
struct FunctionAlias {
    alias: Option<RelationAlias>,
    columns: Vec<(Ident, TypeName)>,
}

impl Reader<'_> {
    /// One entry of the comma list, joins included.
    pub(super) fn table_reference(&mut self) -> Reading<From> {
        self.nested(|reader| {
            let first = reader.table_primary()?;
            reader.joins(first)
        })
    }

    fn joins(&mut self, first: From) -> Reading<From> {
        let mut left = first;
        while self.starts_join() {
            left = self.join(left)?;
            self.link()?;
        }
        Ok(left)
    }

    fn starts_join(&self) -> bool {
        self.is_any_keyword(&["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"])
    }

    fn join(&mut self, left: From) -> Reading<From> {
        if self.take_keyword("CROSS") {
            self.expect_keyword("JOIN")?;
            let right = Box::new(self.table_primary()?);
            return Ok(From::Join { left: Box::new(left), right, kind: JoinKind::Cross, constraint: JoinConstraint::None, alias: None });
        }
        let natural = self.take_keyword("NATURAL");
        let kind = match self.take_any_keyword(&["INNER", "LEFT", "RIGHT", "FULL"]) {
            Some("LEFT") => JoinKind::Left,
            Some("RIGHT") => JoinKind::Right,
            Some("FULL") => JoinKind::Full,
            _ => JoinKind::Inner,
        };
        if kind != JoinKind::Inner {
            self.take_keyword("OUTER");
        }
        self.expect_keyword("JOIN")?;
        let mut right = self.table_primary()?;
        if natural {
            return Ok(From::Join { left: Box::new(left), right: Box::new(right), kind, constraint: JoinConstraint::Natural, alias: None });
        }
        // `a JOIN b JOIN c ON x ON y`: the right side is a join itself.
        while self.starts_join() {
            right = self.nested(|reader| reader.join(right))?;
            self.link()?;
        }
        let constraint = if self.take_keyword("ON") {
            JoinConstraint::On(self.expression()?)
        } else if self.take_keyword("USING") {
            let columns = self.names_in_parentheses()?;
            if self.is_keyword("AS") {
                return Err(self.not_modelled("an alias of USING is not read"));
            }
            JoinConstraint::Using(columns)
        } else {
            return Err(self.expected("`ON` or `USING`"));
        };
        Ok(From::Join { left: Box::new(left), right: Box::new(right), kind, constraint, alias: None })
    }

    fn table_primary(&mut self) -> Reading<From> {
        let mark = self.mark();
        if self.is_symbol(&Kind::LParen) {
            let bracketed = self.bracketed()?;
            return self.aliased(bracketed, false, mark);
        }
        if self.take_keyword("LATERAL") {
            if self.is_symbol(&Kind::LParen) {
                let query = self.subquery()?;
                return self.aliased(Bracketed::Query(query), true, mark);
            }
            return self.table_function(true, mark);
        }
        let is_rows_from = self.is_keyword("ROWS") && self.is_keyword_at(1, "FROM") && self.is_symbol_at(2, &Kind::LParen);
        if is_rows_from || self.is_function_here() {
            return self.table_function(false, mark);
        }
        let (name, only) = self.relation_expression()?;
        let alias = self.relation_alias()?;
        let mut extras = Vec::new();
        let sample = if self.take_keyword("TABLESAMPLE") { Some(self.table_sample(&mut extras)?) } else { None };
        Ok(From::Relation { name, alias, only, extras, sample })
    }

    /// Whether a call stands here: a dotted name and `(`, or one of the words that are calls.
    fn is_function_here(&self) -> bool {
        if self.peek_name(NamePlace::Column).is_none() {
            return !self.is_keyword("ONLY");
        }
        let mut ahead = 1;
        while self.is_symbol_at(ahead, &Kind::Period) {
            ahead += 2;
        }
        self.is_symbol_at(ahead, &Kind::LParen)
    }

    /// `( … )`: what it is shows only inside, so nothing is read twice.
    fn bracketed(&mut self) -> Reading<Bracketed> {
        self.nested(|reader| {
            reader.expect_symbol(&Kind::LParen)?;
            let mark = reader.mark();
            let inner = if reader.starts_query() {
                Bracketed::Query(reader.query()?)
            } else if reader.is_symbol(&Kind::LParen) {
                match reader.bracketed()? {
                    Bracketed::Query(query) if reader.is_symbol(&Kind::RParen) => Bracketed::Query(query),
                    Bracketed::Query(query) if reader.continues_query() => {
                        let span = reader.span_since(mark);
                        Bracketed::Query(reader.query_on(query, span)?)
                    }
                    inner => {
                        let first = reader.aliased(inner, false, mark)?;
                        Bracketed::Tables(reader.joins(first)?)
                    }
                }
            } else {
                Bracketed::Tables(reader.table_reference()?)
            };
            reader.expect_symbol(&Kind::RParen)?;
            Ok(inner)
        })
    }

    fn aliased(&mut self, bracketed: Bracketed, lateral: bool, mark: Mark) -> Reading<From> {
        let span = self.span_since(mark);
        let alias = self.relation_alias()?;
        match (bracketed, alias) {
            (Bracketed::Query(query), alias) => Ok(From::Subquery { query: Box::new(query), lateral, alias, span }),
            (Bracketed::Tables(tables), None) => Ok(tables),
            (Bracketed::Tables(From::Join { left, right, kind, constraint, alias: None }), alias) => Ok(From::Join { left, right, kind, constraint, alias }),
            (Bracketed::Tables(_), Some(_)) => Err(self.error("only a join in parentheses can have an alias")),
        }
    }

    /// `[AS] t [(a, b)]`.
    pub(super) fn relation_alias(&mut self) -> Reading<Option<RelationAlias>> {
        let Some(name) = self.relation_name()? else {
            return Ok(None);
        };
        let columns = if self.is_symbol(&Kind::LParen) { self.names_in_parentheses()? } else { Vec::new() };
        Ok(Some(RelationAlias { name, columns }))
    }

    fn table_sample(&mut self, extras: &mut Vec<Expr>) -> Reading<TableSample> {
        let method = self.qualified_name(NamePlace::TypeOrFunction, "a sampling method")?;
        *extras = self.in_parentheses(|reader| reader.list(Reader::expression))?;
        let repeatable = self.take_keyword("REPEATABLE");
        if repeatable {
            extras.push(self.in_parentheses(Reader::expression)?);
        }
        Ok(TableSample { method, repeatable })
    }

    fn table_function(&mut self, lateral: bool, mark: Mark) -> Reading<From> {
        let mut items = if self.take_keywords(&["ROWS", "FROM"]) {
            self.in_parentheses(|reader| {
                reader.list(|reader| {
                    let mut item = reader.function_item()?;
                    if reader.take_keyword("AS") {
                        item.columns = reader.in_parentheses(Reader::column_definitions)?;
                    }
                    Ok(item)
                })
            })?
        } else {
            vec![self.function_item()?]
        };
        let span = self.span_since(mark);
        let ordinality = self.take_keywords(&["WITH", "ORDINALITY"]);
        let found = self.function_alias()?;
        if let ([item], false) = (items.as_mut_slice(), found.columns.is_empty()) {
            item.columns = found.columns;
        } else if !found.columns.is_empty() {
            return Err(self.error("ROWS FROM has its column definitions inside"));
        }
        Ok(From::Function { items, lateral, ordinality, alias: found.alias, span })
    }

    fn function_item(&mut self) -> Reading<FunctionItem> {
        if self.is_keyword("XMLTABLE") || self.is_keyword("JSON_TABLE") {
            return Err(self.not_modelled("XMLTABLE and JSON_TABLE are not read"));
        }
        let mark = self.mark();
        let expr = self.primary()?;
        match *expr.kind {
            ExprKind::Call(call) if call.over.is_none() && call.filter.is_none() && call.within_group.is_empty() => {
                Ok(FunctionItem { call, span: self.span_since(mark), columns: Vec::new() })
            }
            _ => {
                self.reset(mark);
                Err(self.expected("a relation, a query or a function"))
            }
        }
    }

    /// `AS (a int)`, `AS t (a int)`, `[AS] t (a, b)`, `[AS] t`.
    fn function_alias(&mut self) -> Reading<FunctionAlias> {
        if self.is_keyword("AS") && self.is_symbol_at(1, &Kind::LParen) {
            self.skip(1);
            return Ok(FunctionAlias { alias: None, columns: self.in_parentheses(Reader::column_definitions)? });
        }
        let Some(name) = self.relation_name()? else {
            return Ok(FunctionAlias::default());
        };
        if !self.is_symbol(&Kind::LParen) {
            return Ok(FunctionAlias { alias: Some(RelationAlias { name, columns: Vec::new() }), columns: Vec::new() });
        }
        let only_names = self.is_symbol_at(2, &Kind::Comma) || self.is_symbol_at(2, &Kind::RParen);
        if only_names {
            let columns = self.names_in_parentheses()?;
            return Ok(FunctionAlias { alias: Some(RelationAlias { name, columns }), columns: Vec::new() });
        }
        let columns = self.in_parentheses(Reader::column_definitions)?;
        Ok(FunctionAlias { alias: Some(RelationAlias { name, columns: Vec::new() }), columns })
    }

    fn column_definitions(&mut self) -> Reading<Vec<(Ident, TypeName)>> {
        self.list(|reader| {
            let name = reader.ident()?;
            let data_type = crate::sql::data_type::read(reader)?;
            if reader.is_keyword("COLLATE") {
                return Err(reader.not_modelled("a collation in a column definition of FROM is not read"));
            }
            Ok((name, data_type))
        })
    }
}
