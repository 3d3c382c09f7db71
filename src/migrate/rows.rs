//! What a statement demands of rows that are not here: the query that decides it, and when it cannot fail after all.

use super::work::Work;
use crate::schema::{Column, ConstraintKind, ForeignKey, ObjectId, Schema, TableKind};

impl Work<'_> {
    /// `schema.table`, quoted, for a query that works with any search path.
    pub(super) fn qualified(&self, relation: ObjectId) -> String {
        match self.schema.qualified_name(relation) {
            Some(name) => self.schema.dialect.quote_qualified(&name),
            None => self.name_of(relation),
        }
    }

    fn quoted(&self, column: &Column) -> String {
        self.schema.dialect.quote(&column.name)
    }

    /// Whether rows may stand in the way: not in a table that was made in this run and not written to.
    pub(super) fn may_hold_rows(&self, table: ObjectId) -> bool {
        match self.schema.table(table) {
            Some(body) if body.kind == TableKind::Partitioned => self.children(table).into_iter().any(|child| self.may_hold_rows(child)),
            Some(body) => !body.known_empty && body.size.is_none_or(|size| size.rows != 0),
            None => true,
        }
    }

    /// Something that the rows of a table decide; said only when there may be rows.
    pub(super) fn may_fail_on_rows(&mut self, table: ObjectId, sqlstate: &'static str, condition: impl Into<String>, query: impl Into<String>) {
        if self.may_hold_rows(table) {
            self.may_fail(sqlstate, condition, Some(query.into()));
        }
    }

    /// `NOT NULL` on a column that may hold NULL.
    pub(super) fn rows_must_not_be_null(&mut self, table: ObjectId, column: &Column) {
        let condition = format!("no row of {} has NULL in {}", self.shown_name(table), column.name);
        let query = format!("SELECT 1 FROM {} WHERE {} IS NULL LIMIT 1", self.qualified(table), self.quoted(column));
        self.may_fail_on_rows(table, "23502", condition, query);
    }

    /// A new `NOT NULL` column without a value for the rows that are there.
    pub(super) fn rows_must_be_absent(&mut self, table: ObjectId, column: &Column) {
        let condition = format!("{} has no row, since {} is NOT NULL and has no default", self.shown_name(table), column.name);
        let query = format!("SELECT 1 FROM {} LIMIT 1", self.qualified(table));
        self.may_fail_on_rows(table, "23502", condition, query);
    }

    /// A unique key over columns that no unique key covers yet.
    pub(super) fn rows_must_be_unique(&mut self, table: ObjectId, columns: &[Column]) {
        let is_unique_in = |schema: &Schema| {
            schema.on_table(table).into_iter().filter_map(|id| schema.constraint(id)).any(|constraint| match &constraint.kind {
                ConstraintKind::PrimaryKey { columns: own, .. } | ConstraintKind::Unique { columns: own, .. } => {
                    own.iter().all(|number| columns.iter().any(|column| column.number == *number))
                }
                _ => false,
            })
        };
        // A key that goes in the same statement has kept the rows apart until now, and nobody else writes meanwhile.
        if is_unique_in(&self.schema) || is_unique_in(&self.start) {
            return;
        }
        let names: Vec<String> = columns.iter().map(|column| self.quoted(column)).collect();
        let filled: Vec<String> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        let list = names.join(", ");
        let condition = format!("no two rows of {} have the same {list}", self.shown_name(table));
        let query = format!("SELECT 1 FROM {} WHERE {} GROUP BY {list} HAVING count(*) > 1 LIMIT 1", self.qualified(table), filled.join(" AND "));
        self.may_fail_on_rows(table, "23505", condition, query);
    }

    /// A foreign key over rows that are there.
    pub(super) fn rows_must_refer(&mut self, table: ObjectId, columns: &[Column], referenced: ObjectId, referenced_columns: &[Column]) {
        let numbers = |columns: &[Column]| columns.iter().map(|column| column.number).collect::<Vec<_>>();
        let (own, others) = (numbers(columns), numbers(referenced_columns));
        let same = |key: &ForeignKey| key.references == referenced && key.columns == own && key.referenced_columns == others;
        let mut before = self.start.on_table(table).into_iter().filter_map(|id| self.start.constraint(id)).filter(|constraint| constraint.validated);
        // A key that goes in the same statement has held until now: every row refers to one.
        if before.any(|constraint| matches!(&constraint.kind, ConstraintKind::ForeignKey(key) if same(key))) {
            return;
        }
        let condition = format!("every row of {} refers to a row of {}", self.shown_name(table), self.shown_name(referenced));
        let filled: Vec<String> = columns.iter().map(|column| format!("f.{} IS NOT NULL", self.quoted(column))).collect();
        let pairs: Vec<String> =
            columns.iter().zip(referenced_columns).map(|(own, other)| format!("p.{} = f.{}", self.quoted(other), self.quoted(own))).collect();
        let query = format!(
            "SELECT 1 FROM {} f WHERE {} AND NOT EXISTS (SELECT 1 FROM {} p WHERE {}) LIMIT 1",
            self.qualified(table),
            filled.join(" AND "),
            self.qualified(referenced),
            pairs.join(" AND ")
        );
        self.may_fail_on_rows(table, "23503", condition, query);
    }
}
