//! Columns without a default that take no NULL: a row that leaves one out is refused.
//!
//! Source: PostgreSQL 15, ExecConstraints (execMain.c). What a trigger or a rule puts in is not followed, so tables with one are left alone.

use super::work::{Applied, Work};
use crate::schema::{Column, ColumnGeneration, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{Expr, ExprKind, Insert, InsertSource, Literal, QueryBody, TriggerEvent, TriggerTiming};

impl Work<'_> {
    /// Refuses rows that a statement writes down without a value that must be there; of rows that a query gives, says that there may be none.
    pub(super) fn required_columns_are_given(&mut self, table: ObjectId, insert: &Insert) -> Applied {
        let is_plain = self.schema.table(table).is_some_and(|body| body.kind != TableKind::Foreign);
        if !is_plain || self.schema.dialect.built_ins.is_none() || self.fills_in(table) {
            return Ok(());
        }
        let columns: Vec<Column> = self.schema.columns(table).to_vec();
        let rows: &[Vec<Expr>] = match &insert.source {
            InsertSource::Query(query) => match &query.body {
                QueryBody::Values(values) => &values.rows,
                _ => return self.query_must_be_empty(table, &columns, insert),
            },
            InsertSource::Defaults => &[],
            InsertSource::NotRead => return Ok(()),
        };
        let width = rows.first().map_or(0, Vec::len);
        for (position, column) in columns.iter().enumerate().filter(|(_, column)| column.not_null) {
            let place = if insert.columns.is_empty() {
                Some(position).filter(|position| *position < width)
            } else {
                insert.columns.iter().position(|own| own.name == column.name)
            };
            let is_null = |expression: &Expr| match &*expression.kind {
                ExprKind::Literal(Literal::Null) => true,
                ExprKind::Default => !self.has_value(column),
                _ => false,
            };
            let missing = match place {
                Some(place) => rows.iter().any(|row| row.get(place).is_some_and(is_null)),
                None => !self.has_value(column),
            };
            if missing {
                return self.refuse_null(table, column);
            }
        }
        Ok(())
    }

    fn query_must_be_empty(&mut self, table: ObjectId, columns: &[Column], insert: &Insert) -> Applied {
        if insert.columns.is_empty() {
            return Ok(());
        }
        let left_out = columns.iter().find(|column| column.not_null && !self.has_value(column) && !insert.columns.iter().any(|own| own.name == column.name));
        if let Some(column) = left_out {
            let condition = format!("the query gives no row, because {}.{} takes no NULL and has no default", self.shown_name(table), column.name);
            self.may_fail("23502", condition, None);
        }
        Ok(())
    }

    fn has_value(&self, column: &Column) -> bool {
        !matches!(column.generation, ColumnGeneration::None) || self.domain_has_default(column)
    }

    fn refuse_null(&self, table: ObjectId, column: &Column) -> Applied {
        self.refuse("23502", format!("null value in column \"{}\" of relation \"{}\" violates not-null constraint", column.name, self.name_of(table)))
    }

    /// Whether something else than the statement may put values in.
    fn fills_in(&self, table: ObjectId) -> bool {
        let on = self.descendants(table).into_iter().flat_map(|table| self.schema.on_table(table));
        on.filter_map(|id| self.schema.get(id)).any(|object| match &object.body {
            ObjectBody::Trigger(trigger) => trigger.timing == TriggerTiming::Before && trigger.events.contains(&TriggerEvent::Insert),
            ObjectBody::Rule(rule) => {
                let text = rule.definition.print(&self.schema).to_ascii_uppercase();
                text.split_whitespace().collect::<Vec<_>>().join(" ").contains("ON INSERT TO")
            }
            _ => false,
        })
    }
}
