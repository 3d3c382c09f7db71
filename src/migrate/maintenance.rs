//! `VACUUM`, `ANALYZE`, `REINDEX`, `CLUSTER`, `LOCK`: they leave the schema as it is, and are refused when what they name is not there.
//!
//! Source: PostgreSQL 15, ExecVacuum (vacuum.c), ReindexIndex and its relatives (indexcmds.c), cluster.c, lockcmds.c.

use super::work::{Applied, Work};
use crate::schema::{ObjectBody, TableKind};
use crate::sql::tree::{Ident, Maintenance, ObjectName, ViewKind};

impl Work<'_> {
    /// Settings of the server decide what queries give (`TimeZone`, `search_path`); whom they reach is not followed.
    pub(super) fn alter_system(&mut self) -> Applied {
        if self.in_transaction {
            return self.refuse("25001", "ALTER SYSTEM cannot run inside a transaction block");
        }
        let span = self.span;
        self.leave_unjudged("settings of the server change, and who reads through it may be hit", span, &[]);
        Ok(())
    }

    /// Work on storage.
    pub(super) fn maintain(&mut self, statement: &Maintenance) -> Applied {
        if statement.verb.starts_with("VACUUM") && self.in_transaction {
            return self.refuse("25001", "VACUUM cannot run inside a transaction block");
        }
        if statement.concurrently && self.in_transaction {
            return self.refuse("25001", format!("{} CONCURRENTLY cannot run inside a transaction block", statement.verb));
        }
        for (position, target) in statement.targets.iter().enumerate() {
            let of_target = statement.columns.iter().filter(|(of, _)| *of == position);
            self.columns_of_target(target, of_target.map(|(_, column)| column))?;
            match statement.verb.as_str() {
                "REINDEX SCHEMA" => {
                    self.namespace_named(&target.name)?;
                }
                "REINDEX DATABASE" | "REINDEX SYSTEM" => {}
                "REINDEX INDEX" => {
                    let id = self.relation(target)?;
                    if self.schema.index(id).is_none() {
                        return self.refuse_at(target.span(), "42809", format!("\"{}\" is not an index", target.name));
                    }
                }
                "REINDEX TABLE" => {
                    let Some(id) = self.relation_or_catalog(target)? else { continue };
                    if !self.holds_rows(id) {
                        return self.refuse_at(target.span(), "42809", format!("\"{}\" is not a table or materialized view", target.name));
                    }
                }
                "CLUSTER" => self.cluster(statement, target)?,
                _ => {
                    self.relation_or_catalog(target)?;
                }
            }
        }
        Ok(())
    }

    /// The columns behind a table of `ANALYZE`: there, and each once.
    fn columns_of_target<'i>(&self, target: &ObjectName, columns: impl Iterator<Item = &'i Ident>) -> Applied {
        let mut seen: Vec<&Ident> = Vec::new();
        for column in columns {
            let table = self.relation(target)?;
            self.column_of(table, column)?;
            if seen.iter().any(|other| other.name == column.name) {
                return self.refuse_at(column.span, "42701", format!("column \"{column}\" of relation \"{}\" appears more than once", self.name_of(table)));
            }
            seen.push(column);
        }
        Ok(())
    }

    fn holds_rows(&self, id: crate::schema::ObjectId) -> bool {
        match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Table(table)) => table.kind != TableKind::Foreign,
            Some(ObjectBody::View(view)) => view.kind == ViewKind::Materialized,
            _ => false,
        }
    }

    fn cluster(&mut self, statement: &Maintenance, target: &ObjectName) -> Applied {
        let table = self.relation(target)?;
        if !self.holds_rows(table) && self.schema.dialect.built_ins.is_some() {
            return self.refuse_at(target.span(), "42809", format!("\"{}\" is not a table or materialized view", target.name));
        }
        match &statement.index {
            Some(index) => {
                self.index_can_order(table, index)?;
                let name = index.name.as_str().to_owned();
                self.name_object(table);
                self.set_option(table, "CLUSTER ON", Some(&name));
                Ok(())
            }
            None => {
                let has_index = self.schema.table(table).is_some_and(|body| body.options.iter().any(|(word, _)| &**word == "CLUSTER ON"));
                if has_index || self.schema.table(table).is_none() {
                    return Ok(());
                }
                self.refuse_at(target.span(), "42704", format!("there is no previously clustered index for table \"{}\"", self.name_of(table)))
            }
        }
    }

    /// `LOCK TABLE`.
    pub(super) fn lock(&mut self, tables: &[ObjectName]) -> Applied {
        if !self.in_transaction && self.schema.dialect.built_ins.is_some() {
            return self.refuse("25P01", "LOCK TABLE can only be used in transaction blocks");
        }
        for table in tables {
            let Some(id) = self.relation_or_catalog(table)? else { continue };
            if !matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Table(_) | ObjectBody::View(_))) {
                return self.refuse_at(table.span(), "42809", format!("cannot lock relation \"{}\"", table.name));
            }
        }
        Ok(())
    }
}
