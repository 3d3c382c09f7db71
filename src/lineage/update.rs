//! `UPDATE` and `DELETE` (analyze.c, transformUpdateStmt and transformDeleteStmt; PostgreSQL 15).

use super::Role;
use super::binder::Binder;
use super::level::Clause;
use super::query::Rows;
use crate::sql::tree::{Delete, From, Update};

impl Binder<'_> {
    /// `UPDATE t SET …`.
    pub(super) fn update(&mut self, update: &Update) -> Rows {
        let in_sight = self.ctes.len();
        self.with_clause(&update.with, update.recursive);
        self.open_level(Clause::Other);
        let (target, visible) = self.write_target(&update.target, update.alias.as_ref());
        self.level().visible = vec![visible];
        self.more_relations(&update.from);
        self.assignments(target, &update.assignments, &update.target);
        if let Some(filter) = &update.filter {
            self.condition(filter, Clause::Where, Role::Filter, "WHERE");
        }
        let rows = self.returning(&update.returning);
        self.close_level();
        self.ctes.truncate(in_sight);
        rows
    }

    /// `DELETE FROM t …`.
    pub(super) fn delete(&mut self, delete: &Delete) -> Rows {
        let in_sight = self.ctes.len();
        self.with_clause(&delete.with, delete.recursive);
        self.open_level(Clause::Other);
        let (_, visible) = self.write_target(&delete.target, delete.alias.as_ref());
        self.level().visible = vec![visible];
        self.more_relations(&delete.using);
        if let Some(filter) = &delete.filter {
            self.condition(filter, Clause::Where, Role::Filter, "WHERE");
        }
        let rows = self.returning(&delete.returning);
        self.close_level();
        self.ctes.truncate(in_sight);
        rows
    }

    /// `FROM` and `USING` beside a target: the target can be seen, but not laterally.
    fn more_relations(&mut self, from: &[From]) {
        for one in &mut self.level().visible {
            one.lateral_only = true;
            one.lateral_allowed = false;
        }
        self.from_clause(from);
    }
}
