//! `FROM` out of the parser crate's tree.

use sqlparser::ast;

use super::convert::{Converter, conditions};
use crate::dialect::Grammar;
use crate::sql::tree::{
    Argument, Call, CallSyntax, Connective, Expr, ExprKind, From, FunctionItem, Ident, JoinConstraint, JoinKind, ObjectName, RelationAlias, TableSample, Unread,
};

impl Converter<'_> {
    /// A relation with its joins.
    pub fn tables(&self, tables: ast::TableWithJoins) -> Result<From, Unread> {
        let mut left = self.table(tables.relation)?;
        for join in tables.joins {
            left = self.join(left, join)?;
        }
        Ok(left)
    }

    fn join(&self, left: From, join: ast::Join) -> Result<From, Unread> {
        use ast::JoinOperator as J;
        let mut right = self.table(join.relation)?;
        // The right side of APPLY sees the left one (SQL Server, FROM: APPLY).
        if let (J::CrossApply | J::OuterApply, From::Subquery { lateral, .. }) = (&join.join_operator, &mut right) {
            *lateral = true;
        }
        let (kind, constraint) = match join.join_operator {
            J::Join(constraint) | J::Inner(constraint) | J::StraightJoin(constraint) => (JoinKind::Inner, constraint),
            J::Left(constraint) | J::LeftOuter(constraint) => (JoinKind::Left, constraint),
            J::Right(constraint) | J::RightOuter(constraint) => (JoinKind::Right, constraint),
            J::FullOuter(constraint) => (JoinKind::Full, constraint),
            J::CrossJoin(constraint) => (JoinKind::Cross, constraint),
            J::Semi(constraint) | J::LeftSemi(constraint) => (JoinKind::Semi, constraint),
            J::Anti(constraint) | J::LeftAnti(constraint) => (JoinKind::Anti, constraint),
            J::CrossApply => (JoinKind::Cross, ast::JoinConstraint::None),
            J::OuterApply => (JoinKind::Left, ast::JoinConstraint::None),
            J::RightSemi(_) | J::RightAnti(_) => return Err(self.refuse("a right semi or anti join")),
            // One row at most for each on the left, which stays without one too (Snowflake, ASOF JOIN).
            J::AsOf { match_condition, constraint: ast::JoinConstraint::On(condition) } => {
                let both = conditions(Connective::And, self.expression(condition)?, self.expression(match_condition)?);
                return Ok(From::Join {
                    left: Box::new(left),
                    right: Box::new(right),
                    kind: JoinKind::Left,
                    constraint: JoinConstraint::On(both),
                    alias: None,
                });
            }
            J::AsOf { match_condition, constraint: ast::JoinConstraint::None } => {
                let condition = JoinConstraint::On(self.expression(match_condition)?);
                return Ok(From::Join { left: Box::new(left), right: Box::new(right), kind: JoinKind::Left, constraint: condition, alias: None });
            }
            J::AsOf { .. } => return Err(self.refuse("an ASOF join with USING")),
            J::ArrayJoin | J::LeftArrayJoin | J::InnerArrayJoin => return Err(self.refuse("an array join")),
        };
        let constraint = match constraint {
            ast::JoinConstraint::On(condition) => JoinConstraint::On(self.expression(condition)?),
            ast::JoinConstraint::Using(columns) => JoinConstraint::Using(columns.iter().map(|column| self.last_part(column)).collect::<Result<_, _>>()?),
            ast::JoinConstraint::Natural => JoinConstraint::Natural,
            ast::JoinConstraint::None => JoinConstraint::None,
        };
        Ok(From::Join { left: Box::new(left), right: Box::new(right), kind, constraint, alias: None })
    }

    /// One relation, query or function.
    pub fn table(&self, table: ast::TableFactor) -> Result<From, Unread> {
        use ast::TableFactor as T;
        match table {
            T::Table { name, alias, args, with_hints: _, version, with_ordinality, partitions: _, json_path, sample, index_hints: _ } => {
                if json_path.is_some() {
                    return Err(self.refuse("a path into a relation"));
                }
                match args {
                    Some(args) if version.is_none() && sample.is_none() => {
                        let arguments = self.arguments(args.args)?;
                        self.function_item(&name, arguments, false, with_ordinality, alias)
                    }
                    Some(_) => Err(self.refuse("a function at another time or sampled")),
                    None => self.relation(&name, alias, version, sample),
                }
            }
            T::Derived { lateral, subquery, alias, sample } => {
                if sample.is_some() {
                    return Err(self.refuse("a sample of a query"));
                }
                let query = Box::new(self.query(*subquery)?);
                let span = query.span;
                Ok(From::Subquery { query, lateral, alias: self.alias(alias)?, span })
            }
            T::TableFunction { expr: ast::Expr::Function(function), alias } => {
                let call = self.call(function)?;
                Ok(self.called(call, false, false, alias))
            }
            T::Function { lateral, name, args, with_ordinality, alias } => {
                let arguments = self.arguments(args)?;
                self.function_item(&name, arguments, lateral, with_ordinality, alias)
            }
            T::UNNEST { alias, array_exprs, with_offset, with_offset_alias, with_ordinality } => {
                let arguments = array_exprs.into_iter().map(|array| Ok(Argument { name: None, value: self.expression(array)?, variadic: false }));
                let call = plain_call(ObjectName::bare(self.own_name("unnest")), arguments.collect::<Result<_, Unread>>()?);
                let mut from = self.called(call, false, with_offset || with_ordinality, alias);
                // BigQuery: the alias is the element's own name, and the offset is a second column beside it.
                if let From::Function { alias: Some(alias), .. } = &mut from
                    && with_offset
                    && alias.columns.is_empty()
                {
                    let offset = with_offset_alias.as_ref().map_or_else(|| self.own_name("offset"), |name| self.ident(name));
                    alias.columns = vec![alias.name.clone(), offset];
                }
                Ok(from)
            }
            T::NestedJoin { table_with_joins, alias } => match (self.tables(*table_with_joins)?, self.alias(alias)?) {
                (tables, None) => Ok(tables),
                (From::Join { left, right, kind, constraint, alias: None }, alias) => Ok(From::Join { left, right, kind, constraint, alias }),
                _ => Err(self.refuse("an alias of a relation in parentheses")),
            },
            T::Pivot { table, aggregate_functions, value_column, value_source: ast::PivotValueSource::List(values), default_on_null: None, alias } => {
                let input = Box::new(self.table(*table)?);
                let aggregates = self.aliased(aggregate_functions)?;
                let value_columns = self.expressions(value_column)?;
                Ok(From::Pivot { input, aggregates, value_columns, values: self.aliased(values)?, alias: self.alias(alias)?, span: self.whole })
            }
            T::Unpivot { table, value: ast::Expr::Identifier(value), name, columns, null_inclusion: _, alias } => {
                let columns = columns.into_iter().map(|column| match column {
                    ast::ExprWithAlias { expr: ast::Expr::Identifier(ident), alias: None } => Ok(self.ident(&ident)),
                    _ => Err(self.refuse("UNPIVOT of anything but columns")),
                });
                let columns = columns.collect::<Result<_, _>>()?;
                let input = Box::new(self.table(*table)?);
                let (value, name) = (self.ident(&value), self.ident(&name));
                Ok(From::Unpivot { input, value, name, columns, alias: self.alias(alias)?, span: self.whole })
            }
            T::TableFunction { .. } => Err(self.refuse("TABLE of anything but a call")),
            T::Pivot { .. } => Err(self.refuse("PIVOT over values that the text does not list")),
            T::Unpivot { .. } => Err(self.refuse("UNPIVOT into several columns")),
            T::JsonTable { .. } | T::OpenJsonTable { .. } | T::XmlTable { .. } => Err(self.refuse("a table out of JSON or XML")),
            T::UnpivotExpr { .. } => Err(self.refuse("UNPIVOT of an object")),
            T::MatchRecognize { .. } => Err(self.refuse("MATCH_RECOGNIZE")),
            T::SemanticView { .. } => Err(self.refuse("a semantic view")),
        }
    }

    fn relation(
        &self,
        name: &ast::ObjectName,
        alias: Option<ast::TableAlias>,
        version: Option<ast::TableVersion>,
        sample: Option<ast::TableSampleKind>,
    ) -> Result<From, Unread> {
        let name = self.object_name(name)?;
        let mut extras = Vec::new();
        match version {
            None => {}
            Some(
                ast::TableVersion::ForSystemTimeAsOf(at)
                | ast::TableVersion::TimestampAsOf(at)
                | ast::TableVersion::VersionAsOf(at)
                | ast::TableVersion::Function(at),
            ) => extras.push(self.expression(at)?),
            // The rows that changed have other columns than the table.
            Some(ast::TableVersion::Changes { .. }) => return Err(self.refuse("CHANGES")),
        }
        let sample = match sample {
            None => None,
            Some(ast::TableSampleKind::BeforeTableAlias(sample) | ast::TableSampleKind::AfterTableAlias(sample)) => {
                let method = sample.name.as_ref().map_or_else(|| String::from("system"), |method| method.to_string().to_lowercase());
                extras.extend(self.optional(sample.quantity.map(|quantity| quantity.value))?);
                let repeatable = sample.seed.is_some();
                extras.extend(sample.seed.map(|seed| self.value(seed.value)));
                Some(TableSample { method: ObjectName::bare(self.own_name(&method)), repeatable })
            }
        };
        Ok(From::Relation { name, alias: self.alias(alias)?, only: false, extras, sample })
    }

    fn function_item(
        &self,
        name: &ast::ObjectName,
        arguments: Vec<Argument>,
        lateral: bool,
        ordinality: bool,
        alias: Option<ast::TableAlias>,
    ) -> Result<From, Unread> {
        let call = plain_call(self.object_name(name)?, arguments);
        Ok(self.called(call, lateral, ordinality, alias))
    }

    fn called(&self, call: Call, lateral: bool, ordinality: bool, alias: Option<ast::TableAlias>) -> From {
        let span = self.span_over(Some(call.name.span()), call.arguments.iter().map(|argument| &argument.value));
        let mut columns = Vec::new();
        let alias = alias.map(|alias| {
            let typed = alias.columns.iter().any(|column| column.data_type.is_some());
            if typed {
                let defined = alias.columns.iter().filter_map(|column| Some((self.ident(&column.name), self.data_type(column.data_type.as_ref()?))));
                columns = defined.collect();
            }
            let names = if typed { Vec::new() } else { alias.columns.iter().map(|column| self.ident(&column.name)).collect() };
            RelationAlias { name: self.ident(&alias.name), columns: names }
        });
        From::Function { items: vec![FunctionItem { call, span, columns }], lateral, ordinality, alias, span }
    }

    fn alias(&self, alias: Option<ast::TableAlias>) -> Result<Option<RelationAlias>, Unread> {
        let Some(alias) = alias else {
            return Ok(None);
        };
        if alias.at.is_some() {
            return Err(self.refuse("an alias with AT"));
        }
        let columns = alias.columns.iter().map(|column| self.ident(&column.name)).collect();
        Ok(Some(RelationAlias { name: self.ident(&alias.name), columns }))
    }

    fn aliased(&self, all: Vec<ast::ExprWithAlias>) -> Result<Vec<(Expr, Option<Ident>)>, Unread> {
        all.into_iter().map(|one| Ok((self.expression(one.expr)?, one.alias.map(|alias| self.ident(&alias))))).collect()
    }

    /// Hive's and Databricks' `LATERAL VIEW f(x) t AS a, b`.
    pub fn lateral_view(&self, from: &mut Vec<From>, view: ast::LateralView) -> Result<(), Unread> {
        let ExprKind::Call(call) = *self.expression(view.lateral_view)?.kind else {
            return Err(self.refuse("LATERAL VIEW of anything but a call"));
        };
        let alias = RelationAlias { name: self.last_part(&view.lateral_view_name)?, columns: self.idents(&view.lateral_col_alias) };
        let span = call.name.span();
        let items = vec![FunctionItem { call, span, columns: Vec::new() }];
        let right = From::Function { items, lateral: true, ordinality: false, alias: Some(alias), span };
        let Some(left) = from.pop() else {
            return Err(self.refuse("LATERAL VIEW without FROM"));
        };
        let kind = if view.outer { JoinKind::Left } else { JoinKind::Cross };
        from.push(From::Join { left: Box::new(left), right: Box::new(right), kind, constraint: JoinConstraint::None, alias: None });
        Ok(())
    }

    /// Whether the dialect reads a dotted target of an assignment as relation and column.
    pub fn qualifies_targets(&self) -> bool {
        self.dialect.grammar != Grammar::Postgres
    }
}

/// A call with nothing behind it.
fn plain_call(name: ObjectName, arguments: Vec<Argument>) -> Call {
    Call {
        name,
        arguments,
        distinct: false,
        order_by: Vec::new(),
        within_group: Vec::new(),
        filter: None,
        over: None,
        ignore_nulls: false,
        syntax: CallSyntax::Function,
    }
}
