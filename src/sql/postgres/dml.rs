//! `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
//!
//! Source: gram.y (PostgreSQL 15; `MERGE … RETURNING` and `NOT MATCHED BY SOURCE`: 17).

use super::reader::{Reader, Reading};
use crate::sql::cursor::Mark;
use crate::sql::token::Kind;
use crate::sql::tree::{
    AssignedPart, Assignment, AssignmentTarget, ConflictAction, ConflictTarget, Cte, Delete, Dml, Expr, ExprKind, Ident, Insert, InsertSource, Merge,
    MergeAction, MergeClause, MergeWhen, OnConflict, Overriding, RelationAlias, SelectItem, Update,
};

impl Reader<'_> {
    /// The writing statement here, its `WITH` included.
    pub fn writing_statement(&mut self) -> Reading<Dml> {
        let mark = self.mark();
        let (with, recursive) = self.with()?;
        if self.starts_writing() { self.dml(with, recursive, mark) } else { Err(self.expected("`INSERT`, `UPDATE`, `DELETE` or `MERGE`")) }
    }

    /// The statement after its `WITH`, which began at `mark`.
    pub(super) fn dml(&mut self, with: Vec<Cte>, recursive: bool, mark: Mark) -> Reading<Dml> {
        if self.take_keyword("INSERT") {
            self.insert(with, recursive, mark).map(Dml::Insert)
        } else if self.take_keyword("UPDATE") {
            self.update(with, recursive, mark).map(Dml::Update)
        } else if self.take_keyword("DELETE") {
            self.delete(with, recursive, mark).map(Dml::Delete)
        } else {
            self.expect_keyword("MERGE")?;
            self.merge(with, recursive, mark).map(Dml::Merge)
        }
    }

    fn insert(&mut self, with: Vec<Cte>, recursive: bool, mark: Mark) -> Reading<Insert> {
        self.expect_keyword("INTO")?;
        let target = self.object_name()?;
        let alias = if self.take_keyword("AS") { Some(self.ident()?) } else { None };
        let columns = if self.is_symbol(&Kind::LParen) && !self.starts_query_in_parentheses() { self.insert_columns()? } else { Vec::new() };
        let overriding = self.overriding()?;
        let source = if self.take_keywords(&["DEFAULT", "VALUES"]) { InsertSource::Defaults } else { InsertSource::Query(Box::new(self.query()?)) };
        let on_conflict = if self.is_keyword("ON") && self.is_keyword_at(1, "CONFLICT") { Some(self.on_conflict()?) } else { None };
        let returning = self.returning()?;
        Ok(Insert { with, recursive, target, alias, columns, overriding, source, on_conflict, returning, span: self.span_since(mark) })
    }

    fn starts_query_in_parentheses(&self) -> bool {
        let mut ahead = 0;
        while self.is_symbol_at(ahead, &Kind::LParen) {
            ahead += 1;
        }
        let is_values = self.is_keyword_at(ahead, "VALUES") && self.is_symbol_at(ahead + 1, &Kind::LParen);
        is_values || ["SELECT", "WITH", "TABLE"].iter().any(|word| self.is_keyword_at(ahead, word))
    }

    fn insert_columns(&mut self) -> Reading<Vec<Ident>> {
        self.in_parentheses(|reader| {
            reader.list(|reader| {
                let column = reader.ident()?;
                if reader.is_symbol(&Kind::Period) || reader.is_symbol(&Kind::LBracket) {
                    return Err(reader.not_modelled("inserting into a part of a column is not read"));
                }
                Ok(column)
            })
        })
    }

    fn overriding(&mut self) -> Reading<Option<Overriding>> {
        if !self.take_keyword("OVERRIDING") {
            return Ok(None);
        }
        let overriding = match self.take_any_keyword(&["SYSTEM", "USER"]) {
            Some("SYSTEM") => Overriding::System,
            Some(_) => Overriding::User,
            None => return Err(self.expected("`SYSTEM` or `USER`")),
        };
        self.expect_keyword("VALUE")?;
        Ok(Some(overriding))
    }

    fn on_conflict(&mut self) -> Reading<OnConflict> {
        self.skip(2);
        let target = if self.take_keywords(&["ON", "CONSTRAINT"]) {
            ConflictTarget::Constraint(self.ident()?)
        } else if self.is_symbol(&Kind::LParen) {
            let columns = self.in_parentheses(|reader| {
                reader.list(|reader| {
                    let column = reader.expression()?;
                    if reader.is_symbol(&Kind::Comma) || reader.is_symbol(&Kind::RParen) {
                        return Ok(column);
                    }
                    Err(reader.not_modelled("an operator class in ON CONFLICT is not read"))
                })
            })?;
            ConflictTarget::Columns(columns, self.clause("WHERE")?)
        } else {
            ConflictTarget::Any
        };
        self.expect_keyword("DO")?;
        if self.take_keyword("NOTHING") {
            return Ok(OnConflict { target, action: ConflictAction::Nothing });
        }
        self.expect_keywords(&["UPDATE", "SET"])?;
        let assignments = self.list(Reader::assignment)?;
        Ok(OnConflict { target, action: ConflictAction::Update(assignments, self.clause("WHERE")?) })
    }

    fn returning(&mut self) -> Reading<Vec<SelectItem>> {
        if self.take_keyword("RETURNING") { self.select_items() } else { Ok(Vec::new()) }
    }

    /// `[AS] t` of a target; `SET` is no alias here.
    fn target_alias(&mut self) -> Reading<Option<RelationAlias>> {
        if self.is_keyword("SET") {
            return Ok(None);
        }
        Ok(self.relation_name()?.map(|name| RelationAlias { name, columns: Vec::new() }))
    }

    fn update(&mut self, with: Vec<Cte>, recursive: bool, mark: Mark) -> Reading<Update> {
        let (target, only) = self.relation_expression()?;
        let alias = self.target_alias()?;
        self.expect_keyword("SET")?;
        let assignments = self.list(Reader::assignment)?;
        let from = if self.take_keyword("FROM") { self.table_list()? } else { Vec::new() };
        let filter = self.row_filter()?;
        let returning = self.returning()?;
        Ok(Update { with, recursive, target, alias, only, assignments, from, filter, returning, span: self.span_since(mark) })
    }

    fn delete(&mut self, with: Vec<Cte>, recursive: bool, mark: Mark) -> Reading<Delete> {
        self.expect_keyword("FROM")?;
        let (target, only) = self.relation_expression()?;
        let alias = self.target_alias()?;
        let using = if self.take_keyword("USING") { self.table_list()? } else { Vec::new() };
        let filter = self.row_filter()?;
        let returning = self.returning()?;
        Ok(Delete { with, recursive, target, alias, only, using, filter, returning, span: self.span_since(mark) })
    }

    /// `WHERE …`; `WHERE CURRENT OF c` is kept as a value from outside.
    fn row_filter(&mut self) -> Reading<Option<Expr>> {
        if self.is_keyword("WHERE") && self.is_keyword_at(1, "CURRENT") && self.is_keyword_at(2, "OF") {
            self.skip(1);
            let mark = self.mark();
            self.skip(2);
            let cursor = self.ident()?;
            let text = format!("CURRENT OF {}", self.dialect().quote(&cursor.name));
            return Ok(Some(Expr { kind: Box::new(ExprKind::Parameter(text)), span: self.span_since(mark) }));
        }
        self.clause("WHERE")
    }

    /// `a = x`, `a.f[1] = x`, `(a, b) = …`.
    fn assignment(&mut self) -> Reading<Assignment> {
        let target = if self.is_symbol(&Kind::LParen) { AssignmentTarget::Columns(self.insert_columns()?) } else { self.assigned_column()? };
        self.expect_symbol(&Kind::Eq)?;
        Ok(Assignment { target, value: self.expression()? })
    }

    fn assigned_column(&mut self) -> Reading<AssignmentTarget> {
        let column = self.ident()?;
        let mut path = Vec::new();
        loop {
            if self.is_symbol(&Kind::Period) && !self.is_symbol_at(1, &Kind::Mul) {
                self.skip(1);
                path.push(AssignedPart::Field(self.label()?));
            } else if self.is_symbol(&Kind::LBracket) {
                // A computed place would read columns that the tree has no room for.
                let is_constant = matches!(self.peek_at(1).map(|token| &token.kind), Some(Kind::Number(..))) && self.is_symbol_at(2, &Kind::RBracket);
                if !is_constant && !self.is_string_at(1) {
                    return Err(self.not_modelled("assigning to a computed place in a column is not read"));
                }
                self.skip(2);
                self.expect_symbol(&Kind::RBracket)?;
                path.push(AssignedPart::Element);
            } else {
                return Ok(AssignmentTarget::Column { column, path });
            }
        }
    }

    fn merge(&mut self, with: Vec<Cte>, recursive: bool, mark: Mark) -> Reading<Merge> {
        self.expect_keyword("INTO")?;
        let (target, only) = self.relation_expression()?;
        let alias = self.target_alias()?;
        self.expect_keyword("USING")?;
        let source = Box::new(self.table_reference()?);
        self.expect_keyword("ON")?;
        let on = self.expression()?;
        let mut clauses = Vec::new();
        while self.take_keyword("WHEN") {
            clauses.push(self.merge_clause()?);
        }
        let returning = self.returning()?;
        Ok(Merge { with, recursive, target, alias, only, source, on, clauses, returning, span: self.span_since(mark) })
    }

    fn merge_clause(&mut self) -> Reading<MergeClause> {
        let when = if self.take_keyword("MATCHED") {
            MergeWhen::Matched
        } else {
            self.expect_keywords(&["NOT", "MATCHED"])?;
            if self.take_keywords(&["BY", "SOURCE"]) {
                MergeWhen::NotMatchedBySource
            } else {
                self.take_keywords(&["BY", "TARGET"]);
                MergeWhen::NotMatchedByTarget
            }
        };
        let condition = self.clause("AND")?;
        self.expect_keyword("THEN")?;
        let action = if self.take_keywords(&["UPDATE", "SET"]) {
            MergeAction::Update(self.list(Reader::assignment)?)
        } else if self.take_keyword("DELETE") {
            MergeAction::Delete
        } else if self.take_keywords(&["DO", "NOTHING"]) {
            MergeAction::Nothing
        } else {
            self.expect_keyword("INSERT")?;
            self.merge_insert()?
        };
        Ok(MergeClause { when, condition, action })
    }

    fn merge_insert(&mut self) -> Reading<MergeAction> {
        let columns = if self.is_symbol(&Kind::LParen) { self.insert_columns()? } else { Vec::new() };
        if self.is_keyword("OVERRIDING") {
            return Err(self.not_modelled("OVERRIDING in MERGE is not read"));
        }
        if self.take_keywords(&["DEFAULT", "VALUES"]) {
            return Ok(MergeAction::Insert(columns, Vec::new()));
        }
        self.expect_keyword("VALUES")?;
        let values = self.in_parentheses(|reader| reader.list(Reader::expression))?;
        Ok(MergeAction::Insert(columns, values))
    }
}
