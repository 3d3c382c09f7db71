//! What a statement demands of rows that are not here: the query that decides it, and when it cannot fail after all.

use std::sync::Arc;

use super::reach::Reach;
use super::work::Work;
use crate::schema::{Column, ColumnNumber, ConstraintKind, Definition, ForeignKey, Index, IndexKey, ObjectId, Schema, TableKind};
use crate::sql::tree::ForeignKeyMatch;

impl Work<'_> {
    /// `schema.table`, quoted, for a query that works with any search path.
    pub(super) fn qualified(&self, relation: ObjectId) -> String {
        match self.schema.qualified_name(relation) {
            Some(name) => self.schema.dialect.quote_qualified(&name),
            None => self.name_of(relation),
        }
    }

    /// The rows that a statement on the table looks at, for `FROM`.
    pub(super) fn rows_of(&self, table: ObjectId, reach: Reach) -> String {
        let is_partitioned = self.schema.table(table).is_some_and(|body| body.kind == TableKind::Partitioned);
        let only = if reach == Reach::Alone && !is_partitioned && !self.children(table).is_empty() { "ONLY " } else { "" };
        format!("{only}{}", self.qualified(table))
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

    /// The same for a table and all below it.
    pub(super) fn may_hold_rows_below(&self, table: ObjectId) -> bool {
        self.may_hold_rows(table) || self.children(table).into_iter().any(|child| self.may_hold_rows_below(child))
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
    pub(super) fn rows_must_be_unique(&mut self, table: ObjectId, columns: &[Column], nulls: Nulls) {
        // A key in which NULL is like NULL demands more than one in which it is not.
        let covers = |schema: &Schema, index: ObjectId| nulls == Nulls::Distinct || schema.index(index).is_some_and(|index| index.nulls_not_distinct);
        let is_unique_in = |schema: &Schema| {
            schema.on_table(table).into_iter().filter_map(|id| schema.constraint(id)).any(|constraint| match &constraint.kind {
                ConstraintKind::PrimaryKey { columns: own, .. } => own.iter().all(|number| columns.iter().any(|column| column.number == *number)),
                ConstraintKind::Unique { columns: own, index } if covers(schema, *index) => {
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
        let condition = format!("no two rows of {} have the same {}", self.shown_name(table), names.join(", "));
        let query = self.question_for_equal_keys(table, &names, None, nulls);
        self.may_fail_on_rows(table, "23505", condition, query);
    }

    /// Finds two rows with the same key among those that a unique index holds. An index is built on the rows of its own table only.
    fn question_for_equal_keys(&self, table: ObjectId, keys: &[String], predicate: Option<&str>, nulls: Nulls) -> String {
        let mut conditions: Vec<String> = predicate.map(|predicate| format!("({predicate})")).into_iter().collect();
        if nulls == Nulls::Distinct {
            conditions.extend(keys.iter().map(|key| format!("{key} IS NOT NULL")));
        }
        let filter = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        format!("SELECT 1 FROM {}{filter} GROUP BY {} HAVING count(*) > 1 LIMIT 1", self.rows_of(table, Reach::Alone), keys.join(", "))
    }

    /// A unique index with expressions or a condition, already in the schema.
    pub(super) fn rows_must_have_unique_keys(&mut self, index: &Index, name: &str) {
        let condition = format!("no two rows of {} have the same key of the new unique index {name}", self.shown_name(index.table));
        let with_collation = |key: &IndexKey| match &key.collation {
            Some(collation) => format!("({}) COLLATE {collation}", key.expression.print(&self.schema)),
            None => format!("({})", key.expression.print(&self.schema)),
        };
        let keys: Vec<String> = index.keys.iter().map(with_collation).collect();
        let predicate = index.predicate.as_ref().map(|predicate| predicate.print(&self.schema));
        let nulls = if index.nulls_not_distinct { Nulls::NotDistinct } else { Nulls::Distinct };
        let query = self.question_for_equal_keys(index.table, &keys, predicate.as_deref(), nulls);
        self.may_fail_on_rows(index.table, "23505", condition, query);
    }

    /// An exclusion over rows that are there. Two rows are told apart by their place, which a partitioned table cannot have here.
    pub(super) fn rows_must_exclude_each_other(&mut self, index: &Index, operators: &[Arc<str>], name: &str) {
        let condition = format!("no two rows of {} exclude each other by {name}", self.shown_name(index.table));
        let sides = |alias: &str| -> Option<Vec<String>> {
            let column = |key: &IndexKey| Some(format!("{alias}.{}", self.quoted(self.schema.column(index.table, key.column?)?)));
            index.keys.iter().map(column).collect()
        };
        let query = match (sides("a"), sides("b")) {
            (Some(left), Some(right)) if index.predicate.is_none() => {
                let pairs = left.iter().zip(&right).zip(operators).map(|((left, right), operator)| format!("{left} {operator} {right}"));
                let rows = self.rows_of(index.table, Reach::Alone);
                let all: Vec<String> = std::iter::once(String::from("a.ctid < b.ctid")).chain(pairs).collect();
                Some(format!("SELECT 1 FROM {rows} a JOIN {rows} b ON {} LIMIT 1", all.join(" AND ")))
            }
            _ => None,
        };
        if self.may_hold_rows(index.table) {
            self.may_fail("23P01", condition, query);
        }
    }

    /// A check that is there already and now has to hold for the old rows too.
    pub(super) fn rows_must_satisfy_check(&mut self, table: ObjectId, name: &str, check: &Definition) {
        let condition = format!("every row of {} satisfies {name}", self.shown_name(table));
        let query = format!("SELECT 1 FROM {} WHERE NOT ({}) LIMIT 1", self.rows_of(table, Reach::WithChildren), check.print(&self.schema));
        if self.may_hold_rows_below(table) {
            self.may_fail("23514", condition, Some(query));
        }
    }

    /// A foreign key over rows that are there.
    pub(super) fn rows_must_refer(&mut self, table: ObjectId, key: &ForeignKey) {
        let same = |old: &ForeignKey| old.references == key.references && old.columns == key.columns && old.referenced_columns == key.referenced_columns;
        let mut before = self.start.on_table(table).into_iter().filter_map(|id| self.start.constraint(id)).filter(|constraint| constraint.validated);
        // A key that goes in the same statement has held until now: every row refers to one.
        if before.any(|constraint| matches!(&constraint.kind, ConstraintKind::ForeignKey(old) if same(old) && old.matching == key.matching)) {
            return;
        }
        let condition = format!("every row of {} refers to a row of {}", self.shown_name(table), self.shown_name(key.references));
        let query = self.question_for_orphans(table, key);
        self.may_fail_on_rows(table, "23503", condition, query);
    }

    /// Finds a row that refers to nothing. `MATCH SIMPLE` lets a row go in which any column is NULL, `MATCH FULL` only one in which all are.
    fn question_for_orphans(&self, table: ObjectId, key: &ForeignKey) -> String {
        let names = |relation: ObjectId, columns: &[ColumnNumber]| -> Vec<String> {
            columns.iter().filter_map(|number| self.schema.column(relation, *number)).map(|column| self.quoted(column)).collect()
        };
        let (own, others) = (names(table, &key.columns), names(key.references, &key.referenced_columns));
        let pairs: Vec<String> = own.iter().zip(&others).map(|(own, other)| format!("p.{other} = f.{own}")).collect();
        let word = if key.matching == ForeignKeyMatch::Full { " OR " } else { " AND " };
        let filled: Vec<String> = own.iter().map(|name| format!("f.{name} IS NOT NULL")).collect();
        let filled = if filled.len() > 1 && word == " OR " { format!("({})", filled.join(word)) } else { filled.join(word) };
        format!(
            "SELECT 1 FROM {} f WHERE {filled} AND NOT EXISTS (SELECT 1 FROM {} p WHERE {}) LIMIT 1",
            self.rows_of(table, Reach::Alone),
            self.rows_of(key.references, Reach::Alone),
            pairs.join(" AND ")
        )
    }
}

/// Whether two keys with NULL in the same place are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    /// No, as SQL has it.
    Distinct,
    /// Yes: `NULLS NOT DISTINCT`.
    NotDistinct,
}
