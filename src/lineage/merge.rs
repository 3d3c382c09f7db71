//! `MERGE` (parse_merge.c; PostgreSQL 15).

use super::Role;
use super::binder::Binder;
use super::level::{Clause, Visible};
use super::query::Rows;
use super::write::Target;
use crate::schema::Address;
use crate::sql::tree::{Expr, ExprKind, Ident, Merge, MergeAction, MergeClause, MergeWhen, RelationAlias};

impl Binder<'_> {
    /// `MERGE INTO t USING s ON … WHEN …`.
    pub(super) fn merge_into(&mut self, merge: &Merge) -> Rows {
        let in_sight = self.ctes.len();
        self.with_clause(&merge.with, merge.recursive);
        self.open_level(Clause::Other);
        let alias: Option<&RelationAlias> = merge.alias.as_ref();
        let (target, own) = self.write_target(&merge.target, alias, None);
        let source = self.from_item(&merge.source);
        self.sides_must_differ(std::slice::from_ref(&own), &source);
        let mut both = vec![own.clone()];
        both.extend(source.iter().cloned());
        self.level().visible.clone_from(&both);
        self.condition(&merge.on, Clause::JoinCondition, Role::Join, "MERGE ON");
        for clause in &merge.clauses {
            let visible: Vec<Visible> = match clause.when {
                MergeWhen::Matched => both.clone(),
                MergeWhen::NotMatchedByTarget => source.clone(),
                MergeWhen::NotMatchedBySource => vec![own.clone()],
            };
            self.level().visible = visible;
            self.merge_clause(clause, target, merge);
        }
        self.level().visible = both;
        let rows = self.returning(&merge.returning);
        self.close_level();
        self.ctes.truncate(in_sight);
        rows
    }

    fn merge_clause(&mut self, clause: &MergeClause, target: Target, merge: &Merge) {
        if let Some(condition) = &clause.condition {
            self.condition(condition, Clause::MergeWhen, Role::Filter, "WHEN");
        }
        match &clause.action {
            MergeAction::Update(assignments) => self.assignments(target, assignments, &merge.target),
            MergeAction::Insert(columns, values) => self.merge_insert(columns, values, target, merge),
            MergeAction::Delete | MergeAction::Nothing => {}
        }
    }

    fn merge_insert(&mut self, columns: &[Ident], values: &[Expr], target: Target, merge: &Merge) {
        self.found.inserts.extend(target.table);
        let known = self.target_is_known(target);
        let wanted = if columns.is_empty() { target.table.map_or(0, |table| self.schema.columns(table).len()) } else { columns.len() };
        if (known || !columns.is_empty()) && values.len() > wanted {
            let place = values.get(wanted).map_or(merge.span, |value| value.span);
            self.error("42601", "INSERT has more expressions than target columns", place);
        }
        if !columns.is_empty() && values.len() < wanted {
            let place = columns.get(values.len()).map_or(merge.span, |column| column.span);
            self.error("42601", "INSERT has more target columns than expressions", place);
        }
        for (index, value) in values.iter().enumerate() {
            let start = self.log.len();
            let allowed = std::mem::replace(&mut self.default_allowed, matches!(&*value.kind, ExprKind::Default));
            let resolved = self.in_clause(Clause::InsertValues, |binder| binder.expression(value));
            self.default_allowed = allowed;
            let sources = self.sources_since(start);
            let column = match columns.get(index) {
                Some(name) => self.target_column(target, name, &merge.target),
                None => target.table.and_then(|table| self.schema.columns(table).get(index)).cloned(),
            };
            if columns.is_empty()
                && let (Some(table), Some(column)) = (target.table, &column)
            {
                let address = Address::column(table, column.number);
                self.read(address, Role::Position, merge.target.span());
                self.read(address, Role::Write, merge.target.span());
            }
            if matches!(&*value.kind, ExprKind::Default) {
                continue;
            }
            let name = columns.get(index).map(|column| column.name.clone()).or_else(|| column.as_ref().map(|column| column.name.clone()));
            if let Some(name) = name {
                self.store(target, column.as_ref(), &name, &resolved, &sources, value.span);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::refusals;

    #[test]
    fn rows_without_a_partner_see_the_source_alone() {
        let head = "MERGE INTO visits USING vip ON visits.client_id = vip.client_id";
        assert_eq!(refusals(&format!("{head} WHEN NOT MATCHED THEN INSERT (id, client_id) VALUES (1, vip.client_id)")), Vec::<&str>::new());
        assert_eq!(refusals(&format!("{head} WHEN NOT MATCHED THEN INSERT (id, client_id) VALUES (1, visits.id)")), ["42P01"]);
        assert_eq!(refusals(&format!("{head} WHEN MATCHED THEN UPDATE SET name = visits.name || vip.client_id")), Vec::<&str>::new());
    }
}
