//! Queries out of the parser crate's tree.

use sqlparser::ast;

use super::convert::{Converter, node, plain_query};
use crate::name::Name;
use crate::sql::tree::{
    Cte, Dml, Expr, ExprKind, Ident, Literal, LockStrength, LockWait, ObjectName, OrderBy, Query, QueryBody, SetOperator, SetQuantifier, Unread, Values,
};

impl Converter<'_> {
    /// A query.
    pub fn query(&self, query: ast::Query) -> Result<Query, Unread> {
        if !query.pipe_operators.is_empty() {
            return Err(self.refuse("a pipe query"));
        }
        if query.for_clause.is_some() {
            return Err(self.refuse("FOR XML, JSON or BROWSE"));
        }
        if query.settings.is_some() {
            return Err(self.refuse("SETTINGS of a query"));
        }
        let (with, recursive) = self.with(query.with)?;
        let mut converted = self.set_operation(*query.body)?;
        if !with.is_empty()
            && let QueryBody::Dml(dml) = &mut converted.body
        {
            let (own, own_recursive) = match &mut **dml {
                Dml::Insert(insert) => (&mut insert.with, &mut insert.recursive),
                Dml::Update(update) => (&mut update.with, &mut update.recursive),
                Dml::Delete(delete) => (&mut delete.with, &mut delete.recursive),
                Dml::Merge(merge) => (&mut merge.with, &mut merge.recursive),
            };
            *own = with;
            *own_recursive = recursive;
            return Ok(converted);
        }
        converted.with = with;
        converted.recursive = recursive;
        if let Some(order_by) = query.order_by {
            converted.order_by = self.order_by(order_by)?;
        }
        self.limits(&mut converted, query.limit_clause, query.fetch)?;
        for lock in query.locks {
            let strength = match lock.lock_type {
                ast::LockType::Share => LockStrength::Share,
                ast::LockType::Update => LockStrength::Update,
            };
            converted.lock_wait = match lock.nonblock {
                None => LockWait::Wait,
                Some(ast::NonBlock::Nowait) => LockWait::NoWait,
                Some(ast::NonBlock::SkipLocked) => LockWait::SkipLocked,
            };
            let tables = lock.of.iter().map(|name| self.object_name(name)).collect::<Result<_, _>>()?;
            converted.locking.push((strength, tables));
        }
        Ok(converted)
    }

    fn with(&self, with: Option<ast::With>) -> Result<(Vec<Cte>, bool), Unread> {
        let Some(with) = with else {
            return Ok((Vec::new(), false));
        };
        let ctes = with.cte_tables.into_iter().map(|cte| {
            if cte.from.is_some() {
                return Err(self.refuse("FROM behind a common table expression"));
            }
            Ok(Cte {
                name: self.ident(&cte.alias.name),
                columns: cte.alias.columns.iter().map(|column| self.ident(&column.name)).collect(),
                query: Box::new(self.query(*cte.query)?),
                materialized: cte.materialized.map(|materialized| matches!(materialized, ast::CteAsMaterialized::Materialized)),
                search: None,
                cycle: None,
            })
        });
        Ok((ctes.collect::<Result<_, _>>()?, with.recursive))
    }

    fn order_by(&self, order_by: ast::OrderBy) -> Result<Vec<OrderBy>, Unread> {
        if order_by.interpolate.is_some() {
            return Err(self.refuse("INTERPOLATE"));
        }
        match order_by.kind {
            ast::OrderByKind::Expressions(keys) => self.sort_keys(keys),
            // By all outputs, which are read anyway.
            ast::OrderByKind::All(options) => {
                let expr = node(ExprKind::Parameter(String::from("ALL")), self.whole);
                Ok(vec![OrderBy { expr, descending: matches!(options.sort, Some(ast::OrderBySort::Desc)), nulls_first: options.nulls_first }])
            }
        }
    }

    fn limits(&self, query: &mut Query, clause: Option<ast::LimitClause>, fetch: Option<ast::Fetch>) -> Result<(), Unread> {
        let (mut limit, offset) = match clause {
            None => (None, None),
            Some(ast::LimitClause::LimitOffset { limit_by, .. }) if !limit_by.is_empty() => return Err(self.refuse("LIMIT … BY")),
            Some(ast::LimitClause::LimitOffset { limit, offset, limit_by: _ }) => (limit, offset.map(|offset| offset.value)),
            Some(ast::LimitClause::OffsetCommaLimit { offset, limit }) => (Some(limit), Some(offset)),
        };
        if let Some(fetch) = fetch {
            query.with_ties = fetch.with_ties;
            limit = Some(fetch.quantity.unwrap_or_else(|| ast::Expr::value(ast::Value::Number(String::from("1"), false))));
        }
        let offset = self.optional(offset)?;
        let limit = self.optional(limit)?.filter(|limit| *limit.kind != ExprKind::Literal(Literal::Null));
        // A `TOP` is there already, as the limit.
        query.limited |= limit.is_some();
        query.limits.extend(limit.into_iter().chain(offset));
        Ok(())
    }

    /// A chain of set operations, without recursion on its left side.
    fn set_operation(&self, body: ast::SetExpr) -> Result<Query, Unread> {
        let mut waiting = Vec::new();
        let mut first = body;
        while let ast::SetExpr::SetOperation { left, op, set_quantifier, right } = first {
            waiting.push((op, set_quantifier, *right));
            first = *left;
        }
        let is_operand = !waiting.is_empty();
        let mut left = self.simple_body(first, is_operand)?;
        while let Some((op, quantifier, right)) = waiting.pop() {
            let operator = match op {
                ast::SetOperator::Union => SetOperator::Union,
                ast::SetOperator::Except | ast::SetOperator::Minus => SetOperator::Except,
                ast::SetOperator::Intersect => SetOperator::Intersect,
            };
            let quantifier = match quantifier {
                ast::SetQuantifier::All => SetQuantifier::All,
                ast::SetQuantifier::Distinct | ast::SetQuantifier::None => SetQuantifier::Distinct,
                ast::SetQuantifier::ByName | ast::SetQuantifier::DistinctByName => SetQuantifier::ByName,
                ast::SetQuantifier::AllByName => SetQuantifier::AllByName,
            };
            let right = match right {
                bare @ ast::SetExpr::SetOperation { .. } => self.set_operation(bare)?,
                other => self.simple_body(other, true)?,
            };
            let span = left.span.to(right.span);
            left = plain_query(QueryBody::SetOperation { operator, quantifier, left: Box::new(left), right: Box::new(right) }, span);
        }
        Ok(left)
    }

    fn simple_body(&self, body: ast::SetExpr, is_operand: bool) -> Result<Query, Unread> {
        match body {
            ast::SetExpr::Select(select) => self.select(*select),
            ast::SetExpr::Query(query) => {
                let query = self.query(*query)?;
                if is_operand {
                    return Ok(operand(query));
                }
                let span = query.span;
                Ok(plain_query(QueryBody::Nested(Box::new(query)), span))
            }
            ast::SetExpr::SetOperation { .. } => self.set_operation(body),
            ast::SetExpr::Values(values) => {
                let rows: Vec<Vec<Expr>> = values.rows.into_iter().map(|row| self.expressions(row.content)).collect::<Result<_, _>>()?;
                let span = self.span_over(None, rows.iter().flatten());
                Ok(plain_query(QueryBody::Values(Values { rows }), span))
            }
            ast::SetExpr::Insert(statement) | ast::SetExpr::Update(statement) | ast::SetExpr::Delete(statement) | ast::SetExpr::Merge(statement) => {
                let dml = self.dml_statement(statement)?;
                Ok(plain_query(QueryBody::Dml(Box::new(dml)), self.whole))
            }
            ast::SetExpr::Table(table) => {
                // The crate has lost quotes and places of these names.
                let ident = |text: String| Ident { name: self.dialect.fold(&text, crate::name::Quoting::Bare), span: self.whole };
                let name = ident(table.table_name.ok_or_else(|| self.refuse("TABLE without a name"))?);
                let name = ObjectName { database: None, schema: table.schema_name.map(ident), name };
                Ok(plain_query(QueryBody::Table(name), self.whole))
            }
        }
    }

    /// A name that the converter itself gives.
    pub fn own_name(&self, name: &str) -> Ident {
        Ident { name: Name::stored(name), span: self.whole }
    }
}

/// As an operand: parentheses stay where they mean something.
fn operand(query: Query) -> Query {
    let has_tail = !query.order_by.is_empty() || query.limited || !query.limits.is_empty() || !query.locking.is_empty() || !query.with.is_empty();
    let simple = !has_tail && matches!(query.body, QueryBody::Select(_) | QueryBody::Values(_) | QueryBody::Table(_) | QueryBody::Nested(_));
    if simple {
        return query;
    }
    let span = query.span;
    plain_query(QueryBody::Nested(Box::new(query)), span)
}
