//! `UPDATE` and `DELETE` (analyze.c, transformUpdateStmt and transformDeleteStmt; PostgreSQL 15).

use super::Role;
use super::binder::Binder;
use super::level::Clause;
use super::query::Rows;
use super::updatable_view::Writing;
use crate::sql::tree::{Delete, From, Update};

impl Binder<'_> {
    /// `UPDATE t SET …`.
    pub(super) fn update(&mut self, update: &Update) -> Rows {
        let in_sight = self.ctes.len();
        self.with_clause(&update.with, update.recursive);
        self.open_level(Clause::Other);
        let (target, visible) = self.write_target(&update.target, update.alias.as_ref(), Some(Writing::Update));
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
        let (_, visible) = self.write_target(&delete.target, delete.alias.as_ref(), Some(Writing::Delete));
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

#[cfg(test)]
mod tests {
    use super::super::fixture::{reads, refusals};

    #[test]
    fn written_and_read_columns_are_told_apart() {
        assert_eq!(reads("UPDATE visits SET name = 'x' WHERE id = 1"), ["visits.id Filter", "visits.name Write"]);
    }

    #[test]
    fn a_column_is_set_once_and_must_exist() {
        assert_eq!(refusals("UPDATE visits SET name = 'x', name = 'y'"), ["42601"]);
        assert_eq!(refusals("UPDATE visits SET nope = 1"), ["42703"]);
        assert_eq!(refusals("UPDATE visits SET client_id = name"), ["42804"]);
    }

    #[test]
    fn using_may_not_see_the_target_laterally() {
        assert_eq!(refusals("DELETE FROM visits USING clients WHERE client_id = clients.id"), Vec::<&str>::new());
        assert_eq!(refusals("DELETE FROM visits USING LATERAL (SELECT visits.id) x"), ["42P10"]);
    }
}
