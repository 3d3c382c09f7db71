//! `ctid`, `tableoid`, `xmin` and the like: columns that every table has and no star shows.

use std::rc::Rc;

use super::binder::Binder;
use super::level::{Clause, ColumnUse, RelationKind};
use super::value::{Value, mix};
use crate::sql::tree::Ident;
use crate::text::Span;

impl Binder<'_> {
    /// `ctid` and its kind, of the only table in sight.
    pub(super) fn bare_system_column(&mut self, column: &Ident, span: Span) -> Option<Value> {
        system_column_type(column.name.as_str())?;
        for level in (0..self.levels.len()).rev() {
            let here = self.levels.get(level)?;
            let seen = here.visible.iter().filter(|one| one.by_name && (!one.lateral_only || here.lateral_active)).map(|one| one.relation);
            let found: Vec<usize> = seen.filter(|index| self.has_system_columns(level, *index)).collect();
            match found.as_slice() {
                [] => {}
                [only] => return self.system_column(level, *only, column),
                _ => {
                    self.error("42702", format!("column reference \"{}\" is ambiguous", column.name), span);
                    return Some(Value::opaque());
                }
            }
        }
        None
    }

    /// What is stored with a table and computed from a row alone has no system columns in it (PostgreSQL 15: check constraints and
    /// generated columns may name `tableoid`).
    fn refuse_system_column(&mut self, column: &Ident) {
        let name = &column.name;
        let is_table = name.as_str() == "tableoid";
        let (sqlstate, message) = match self.levels.first().map(|level| level.clause) {
            Some(Clause::Check) if !is_table => ("42P10", format!("system column \"{name}\" reference in check constraint is invalid")),
            Some(Clause::Generated) if !is_table => ("42P10", format!("cannot use system column \"{name}\" in column generation expression")),
            Some(Clause::IndexKey | Clause::IndexPredicate) => ("0A000", String::from("index creation on system columns is not supported")),
            Some(Clause::PartitionKey) => ("42P17", String::from("partition key expressions cannot contain system column references")),
            _ => return,
        };
        self.error(sqlstate, message, column.span);
    }

    fn has_system_columns(&self, level: usize, relation: usize) -> bool {
        match self.levels.get(level).and_then(|here| here.relations.get(relation)).map(|found| &found.kind) {
            Some(RelationKind::Stored(id)) => {
                let materialized = |view: &crate::schema::View| view.kind == crate::sql::tree::ViewKind::Materialized;
                self.schema.table(*id).is_some() || self.schema.view(*id).is_some_and(materialized)
            }
            Some(RelationKind::Catalog) => true,
            _ => false,
        }
    }

    /// A system column of one relation.
    pub(super) fn system_column(&mut self, level: usize, relation: usize, column: &Ident) -> Option<Value> {
        let data_type = system_column_type(column.name.as_str()).filter(|_| self.has_system_columns(level, relation))?;
        let id = self.levels.get(level)?.id;
        self.refuse_system_column(column);
        let hash = mix(column.name.as_str(), &[u64::from(id), relation as u64]);
        self.log.push(ColumnUse { level: id, relation, column: None, span: column.span, aggregated: false, sources: Rc::default(), reads: Rc::from([]) });
        Some(Value::builtin(data_type, false).hashed(hash))
    }
}

/// The type of a system column (PostgreSQL manual 5.5, 15).
fn system_column_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "tableoid" => "oid",
        "xmin" | "xmax" => "xid",
        "cmin" | "cmax" => "cid",
        "ctid" => "tid",
        _ => return None,
    })
}
