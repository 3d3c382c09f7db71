//! Queries.

use super::piece::{ReferenceKind, Unprintable};
use super::writer::{Printed, Writer};
use crate::sql::postgres::Power;
use crate::sql::tree::{
    Cte, Distinct, ExprKind, GroupBy, GroupingElement, LockStrength, LockWait, Query, QueryBody, Select, SelectItem, SetOperator, SetQuantifier, StarOptions,
    TemporaryKind,
};
use crate::text::Span;

impl Writer {
    /// A query in parentheses.
    pub(super) fn subquery(&mut self, query: &Query) -> Printed {
        self.text("(");
        self.query(query)?;
        self.text(")");
        Ok(())
    }

    /// A query without parentheses.
    pub(super) fn query(&mut self, query: &Query) -> Printed {
        self.with(&query.with, query.recursive)?;
        self.body(&query.body, query.span)?;
        if !query.order_by.is_empty() {
            self.text(" ");
            self.order_by(&query.order_by)?;
        }
        self.limits(query)?;
        for (strength, tables) in &query.locking {
            self.text(match strength {
                LockStrength::Update => " FOR UPDATE",
                LockStrength::NoKeyUpdate => " FOR NO KEY UPDATE",
                LockStrength::Share => " FOR SHARE",
                LockStrength::KeyShare => " FOR KEY SHARE",
            });
            if !tables.is_empty() {
                self.text(" OF ");
                self.separated(tables, |writer, table| {
                    writer.object(table, ReferenceKind::Relation { aliased: true });
                    Ok(())
                })?;
            }
            match query.lock_wait {
                LockWait::Wait => {}
                LockWait::NoWait => self.text(" NOWAIT"),
                LockWait::SkipLocked => self.text(" SKIP LOCKED"),
            }
        }
        Ok(())
    }

    fn limits(&mut self, query: &Query) -> Printed {
        let (limit, offset) = match (query.limited, query.limits.as_slice()) {
            (true, [limit]) => (Some(limit), None),
            (true, [limit, offset]) => (Some(limit), Some(offset)),
            (false, [offset]) => (None, Some(offset)),
            (false, []) => (None, None),
            _ => return Err(Unprintable { what: String::from("limits of this dialect"), span: query.span }),
        };
        if let Some(limit) = limit.filter(|_| !query.with_ties) {
            self.text(" LIMIT ");
            self.expr(limit, Power::Lowest)?;
        }
        if let Some(offset) = offset {
            self.text(" OFFSET ");
            self.expr(offset, Power::Lowest)?;
        }
        if let Some(limit) = limit.filter(|_| query.with_ties) {
            self.text(" FETCH FIRST ");
            self.expr(limit, Power::Primary)?;
            self.text(" ROWS WITH TIES");
        }
        Ok(())
    }

    /// `WITH …` and a space, when there is any.
    pub(super) fn with(&mut self, with: &[Cte], recursive: bool) -> Printed {
        if with.is_empty() {
            return Ok(());
        }
        self.text(if recursive { "WITH RECURSIVE " } else { "WITH " });
        self.separated(with, Writer::cte)?;
        self.text(" ");
        Ok(())
    }

    fn cte(&mut self, cte: &Cte) -> Printed {
        self.local(&cte.name);
        if !cte.columns.is_empty() {
            self.local_names(&cte.columns);
        }
        self.text(match cte.materialized {
            None => " AS ",
            Some(true) => " AS MATERIALIZED ",
            Some(false) => " AS NOT MATERIALIZED ",
        });
        self.subquery(&cte.query)?;
        if let Some(search) = &cte.search {
            let by: Vec<String> = search.by.iter().map(|column| self.quoted(column)).collect();
            let order = if search.breadth_first { "BREADTH" } else { "DEPTH" };
            let sequence = self.quoted(&search.sequence);
            self.text(&format!(" SEARCH {order} FIRST BY {} SET {sequence}", by.join(", ")));
        }
        if let Some(cycle) = &cte.cycle {
            let columns: Vec<String> = cycle.columns.iter().map(|column| self.quoted(column)).collect();
            let mark = self.quoted(&cycle.mark);
            self.text(&format!(" CYCLE {} SET {mark}", columns.join(", ")));
            if let Some((cycled, otherwise)) = &cycle.values {
                self.text(" TO ");
                self.expr(cycled, Power::Primary)?;
                self.text(" DEFAULT ");
                self.expr(otherwise, Power::Primary)?;
            }
            self.text(" USING ");
            self.local(&cycle.path);
        }
        Ok(())
    }

    fn body(&mut self, body: &QueryBody, span: Span) -> Printed {
        match body {
            QueryBody::Select(select) => self.select(select),
            QueryBody::SetOperation { operator, quantifier, left, right } => {
                let own = set_power(*operator);
                self.set_operand(left, own)?;
                self.text(match operator {
                    SetOperator::Union => " UNION ",
                    SetOperator::Intersect => " INTERSECT ",
                    SetOperator::Except => " EXCEPT ",
                });
                self.text(match quantifier {
                    SetQuantifier::Distinct => "",
                    SetQuantifier::All => "ALL ",
                    SetQuantifier::ByName => "BY NAME ",
                    SetQuantifier::AllByName => "ALL BY NAME ",
                });
                self.set_operand(right, own.stronger())
            }
            QueryBody::Values(values) => {
                self.text("VALUES ");
                self.separated(&values.rows, |writer, row| {
                    writer.text("(");
                    writer.expressions(row)?;
                    writer.text(")");
                    Ok(())
                })
            }
            QueryBody::Nested(query) => self.subquery(query),
            QueryBody::Table(name) => {
                self.text("TABLE ");
                self.object(name, ReferenceKind::Relation { aliased: false });
                Ok(())
            }
            QueryBody::Dml(dml) => self.dml(dml),
            QueryBody::NotUnderstood(what) => Err(Unprintable { what: what.clone(), span }),
        }
    }

    fn set_operand(&mut self, query: &Query, least: Power) -> Printed {
        let has_more = !query.with.is_empty() || !query.order_by.is_empty() || !query.limits.is_empty() || query.limited || !query.locking.is_empty();
        let weak = matches!(&query.body, QueryBody::SetOperation { operator, .. } if set_power(*operator) < least);
        if has_more || weak { self.subquery(query) } else { self.query(query) }
    }

    fn select(&mut self, select: &Select) -> Printed {
        self.text("SELECT");
        match &select.distinct {
            Distinct::No => {}
            Distinct::All => self.text(" DISTINCT"),
            Distinct::On(keys) => {
                self.text(" DISTINCT ON (");
                self.expressions(keys)?;
                self.text(")");
            }
        }
        if !select.items.is_empty() {
            self.text(" ");
            self.items(&select.items)?;
        }
        if let Some(into) = &select.into {
            self.text(match select.into_temporary {
                TemporaryKind::Permanent => " INTO ",
                TemporaryKind::Temporary => " INTO TEMPORARY ",
                TemporaryKind::Unlogged => " INTO UNLOGGED ",
            });
            self.object(into, ReferenceKind::Relation { aliased: false });
        }
        if !select.from.is_empty() {
            self.text(" FROM ");
            self.table_list(&select.from)?;
        }
        self.clause(" WHERE ", select.filter.as_ref())?;
        self.group_by(&select.group_by)?;
        self.clause(" HAVING ", select.having.as_ref())?;
        if !select.windows.is_empty() {
            self.text(" WINDOW ");
            self.separated(&select.windows, |writer, named| {
                writer.local(&named.name);
                writer.text(" AS ");
                writer.window(&named.window)
            })?;
        }
        self.clause(" QUALIFY ", select.qualify.as_ref())
    }

    /// The word and the expression, when there is one.
    pub(super) fn clause(&mut self, word: &str, expr: Option<&crate::sql::tree::Expr>) -> Printed {
        if let Some(expr) = expr {
            self.text(word);
            self.expr(expr, Power::Lowest)?;
        }
        Ok(())
    }

    /// A select list or a `RETURNING` list.
    pub(super) fn items(&mut self, items: &[SelectItem]) -> Printed {
        self.separated(items, |writer, item| match item {
            SelectItem::Expr { expr, alias: None } => {
                if let ExprKind::Column(parts) = &*expr.kind {
                    writer.column(parts, true);
                    return Ok(());
                }
                writer.expr(expr, Power::Lowest)
            }
            SelectItem::Expr { expr, alias: Some(alias) } => {
                writer.expr(expr, Power::Lowest)?;
                writer.text(" AS ");
                writer.local(alias);
                Ok(())
            }
            SelectItem::Star { qualifier, options, span } => {
                let mut parts: Vec<String> = Vec::new();
                if let Some(name) = qualifier {
                    let named = [name.database.as_ref(), name.schema.as_ref(), Some(&name.name)];
                    parts.extend(named.into_iter().flatten().map(|part| writer.quoted(part)));
                }
                parts.push(String::from("*"));
                writer.reference(parts.join("."), ReferenceKind::Star, *span);
                writer.star_options(options)
            }
        })
    }

    fn star_options(&mut self, options: &StarOptions) -> Printed {
        let StarOptions { except, replace, rename } = options;
        if !except.is_empty() {
            self.text(" EXCEPT ");
            self.listed_columns(except);
        }
        if !replace.is_empty() {
            self.text(" REPLACE (");
            self.separated(replace, |writer, (expr, name)| {
                writer.expr(expr, Power::Lowest)?;
                writer.text(" AS ");
                writer.local(name);
                Ok(())
            })?;
            self.text(")");
        }
        if !rename.is_empty() {
            self.text(" RENAME (");
            self.separated(rename, |writer, (from, to)| {
                let text = writer.quoted(from);
                writer.reference(text, ReferenceKind::ListedColumn, from.span);
                writer.text(" AS ");
                writer.local(to);
                Ok(())
            })?;
            self.text(")");
        }
        Ok(())
    }

    fn group_by(&mut self, group_by: &GroupBy) -> Printed {
        match group_by {
            GroupBy::None => Ok(()),
            GroupBy::All => {
                self.text(" GROUP BY ALL");
                Ok(())
            }
            GroupBy::Elements(elements) => {
                self.text(" GROUP BY ");
                self.separated(elements, |writer, element| match element {
                    GroupingElement::Expr(expr) => writer.expr(expr, Power::Lowest),
                    GroupingElement::Sets(sets) => {
                        writer.text("GROUPING SETS (");
                        writer.separated(sets, |writer, set| {
                            writer.text("(");
                            writer.expressions(set)?;
                            writer.text(")");
                            Ok(())
                        })?;
                        writer.text(")");
                        Ok(())
                    }
                })
            }
        }
    }
}

fn set_power(operator: SetOperator) -> Power {
    match operator {
        SetOperator::Union | SetOperator::Except => Power::Or,
        SetOperator::Intersect => Power::And,
    }
}
