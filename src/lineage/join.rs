//! Joins: which columns meet under `USING` and `NATURAL`, what of both sides stays visible, where NULLs come in.
//!
//! Rules: parse_clause.c, transformFromClauseItem and buildMergedJoinVar (PostgreSQL 15).

use std::rc::Rc;

use super::Role;
use super::binder::Binder;
use super::level::{Clause, Relation, RelationColumn, RelationKind, Visible};
use super::value::{Sources, Value};
use crate::name::Name;
use crate::schema::Address;
use crate::sql::tree::{BinaryOperator, From, Ident, JoinConstraint, JoinKind, RelationAlias};
use crate::text::Span;
use crate::typing::CommonTypeFor;

/// One side of a join: its columns as the join shows them.
struct Side {
    columns: Vec<(usize, usize)>,
    uncertain: Option<Rc<str>>,
}

impl Binder<'_> {
    /// `left JOIN right`.
    pub(super) fn join(&mut self, left: &From, right: &From, kind: JoinKind, constraint: &JoinConstraint, alias: Option<&RelationAlias>) -> Vec<Visible> {
        let first = self.level().relations.len();
        let mut left_visible = self.from_item(left);
        let right_visible = self.right_side(right, kind, &mut left_visible);
        self.sides_must_differ(&left_visible, &right_visible);
        let left_side = self.side(&left_visible);
        let right_side = self.side(&right_visible);
        let names = self.merged_names(constraint, &left_side, &right_side);
        let Some(span) = self.span_of_relations(first) else { return right_visible };
        let (mut columns, merged_left, merged_right) = self.merge(&names, &left_side, &right_side, kind, span);
        let mut visible: Vec<Visible> = left_visible;
        visible.extend(right_visible);
        if let JoinConstraint::On(condition) = constraint {
            self.join_condition(condition, &mut visible);
        }
        self.let_nulls_in(kind, &left_side, &right_side);
        let shows_right = !matches!(kind, JoinKind::Semi | JoinKind::Anti);
        self.rest_of_side(&left_side, &merged_left, &mut columns);
        if shows_right {
            self.rest_of_side(&right_side, &merged_right, &mut columns);
        }
        let uncertain = left_side.uncertain.or(right_side.uncertain.filter(|_| shows_right));
        self.join_relation(columns, uncertain, span, visible, alias)
    }

    fn right_side(&mut self, right: &From, kind: JoinKind, left: &mut [Visible]) -> Vec<Visible> {
        let lateral_allowed = matches!(kind, JoinKind::Inner | JoinKind::Left | JoinKind::Cross | JoinKind::Semi | JoinKind::Anti);
        let before = self.level().visible.len();
        for one in left.iter() {
            let mut lateral = one.clone();
            lateral.lateral_only = true;
            lateral.lateral_allowed = lateral_allowed;
            self.level().visible.push(lateral);
        }
        let visible = self.from_item(right);
        self.level().visible.truncate(before);
        visible
    }

    fn span_of_relations(&mut self, first: usize) -> Option<Span> {
        self.level().relations.get(first).map(|relation| relation.span)
    }

    fn join_condition(&mut self, condition: &crate::sql::tree::Expr, visible: &mut Vec<Visible>) {
        for one in visible.iter_mut() {
            one.lateral_only = false;
            one.lateral_allowed = true;
        }
        let outer = std::mem::replace(&mut self.level().visible, visible.clone());
        self.condition(condition, Clause::JoinCondition, Role::Join, "JOIN/ON");
        self.level().visible = outer;
    }

    fn side(&mut self, visible: &[Visible]) -> Side {
        let level = self.level();
        let mut columns = Vec::new();
        let mut uncertain = None;
        for one in visible.iter().filter(|one| one.by_column) {
            if let Some(relation) = level.relations.get(one.relation) {
                columns.extend(relation.columns.iter().enumerate().filter(|(_, column)| !column.hidden).map(|(index, _)| (one.relation, index)));
                uncertain = uncertain.or_else(|| relation.uncertain.clone());
            }
        }
        Side { columns, uncertain }
    }

    fn column_at(&self, at: (usize, usize)) -> Option<&RelationColumn> {
        self.levels.last()?.relations.get(at.0)?.columns.get(at.1)
    }

    fn merged_names(&self, constraint: &JoinConstraint, left: &Side, right: &Side) -> Vec<(Name, Option<Ident>)> {
        match constraint {
            JoinConstraint::Using(names) => names.iter().map(|name| (name.name.clone(), Some(name.clone()))).collect(),
            JoinConstraint::Natural => {
                let others: Vec<&Name> = right.columns.iter().filter_map(|at| self.column_at(*at)).map(|column| &column.name).collect();
                let own = left.columns.iter().filter_map(|at| self.column_at(*at)).map(|column| column.name.clone());
                own.filter(|name| others.contains(&name) && name.as_str() != "*").map(|name| (name, None)).collect()
            }
            JoinConstraint::None | JoinConstraint::On(_) => Vec::new(),
        }
    }

    #[expect(clippy::type_complexity, reason = "the merged columns, and which of each side they took")]
    fn merge(
        &mut self,
        names: &[(Name, Option<Ident>)],
        left: &Side,
        right: &Side,
        kind: JoinKind,
        span: Span,
    ) -> (Vec<RelationColumn>, Vec<(usize, usize)>, Vec<(usize, usize)>) {
        let mut columns = Vec::new();
        let (mut from_left, mut from_right) = (Vec::new(), Vec::new());
        for (name, written) in names {
            let place = written.as_ref().map_or(span, |ident| ident.span);
            if columns.iter().any(|column: &RelationColumn| column.name == *name) && written.is_some() {
                self.error("42701", format!("column name \"{name}\" appears more than once in USING clause"), place);
                continue;
            }
            let own = self.column_to_merge(name, left, "left", place);
            let other = self.column_to_merge(name, right, "right", place);
            if let (Some(own), Some(other)) = (own, other) {
                columns.push(self.merged_column(name, own, other, kind, place));
            }
            from_left.extend(own);
            from_right.extend(other);
        }
        (columns, from_left, from_right)
    }

    fn column_to_merge(&mut self, name: &Name, side: &Side, which: &str, span: Span) -> Option<(usize, usize)> {
        let mut matches = side.columns.iter().filter(|at| self.column_at(**at).is_some_and(|column| column.name == *name));
        let first = matches.next().copied();
        let again = matches.next().is_some();
        if again {
            self.error("42702", format!("common column name \"{name}\" appears more than once in {which} table"), span);
        } else if first.is_none() {
            match &side.uncertain {
                Some(reason) => {
                    let reason = Rc::clone(reason);
                    self.unknown_column(name.as_str(), &reason, span);
                }
                None => self.error("42703", format!("column \"{name}\" specified in USING clause does not exist in {which} table"), span),
            }
        }
        first
    }

    fn merged_column(&mut self, name: &Name, own: (usize, usize), other: (usize, usize), kind: JoinKind, span: Span) -> RelationColumn {
        let level = self.levels.len().saturating_sub(1);
        let start = self.log.len();
        let left = self.use_column_as(level, own.0, own.1, Role::Join, span);
        let right = self.use_column_as(level, other.0, other.1, Role::Join, span);
        self.log.truncate(start);
        let common = self.common_value(&[left.clone(), right.clone()], CommonTypeFor::JoinUsing, span);
        self.binary_value(&BinaryOperator::Symbol("=".to_owned()), &left, &right, span);
        let both = !self.is_typed();
        let base = match kind {
            _ if both => None,
            JoinKind::Right if common.data_type == right.data_type => Some(other),
            JoinKind::Full | JoinKind::Right => None,
            _ if common.data_type == left.data_type => Some(own),
            _ => None,
        };
        let (left_column, right_column) = (self.column_at(own).cloned(), self.column_at(other).cloned());
        let mut sources = Sources::default();
        let mut reads: Vec<Address> = Vec::new();
        // PostgreSQL takes the side that cannot be NULL; by the standard the column is `COALESCE` of both, and so other dialects say.
        for (column, counts) in [(&left_column, both || kind != JoinKind::Right), (&right_column, both || matches!(kind, JoinKind::Right | JoinKind::Full))] {
            if let Some(column) = column
                && counts
            {
                sources.extend(&column.sources);
                reads.extend(column.reads.iter().copied());
            }
        }
        let nullable = match kind {
            JoinKind::Full => left.nullable || right.nullable,
            JoinKind::Right => right.nullable,
            _ => left.nullable,
        };
        let value = Value { nullable, ..common };
        RelationColumn {
            name: name.clone(),
            data_type: value.data_type,
            nullable,
            column: if base == Some(other) {
                right.column
            } else if base.is_some() {
                left.column
            } else {
                None
            },
            direct: false,
            sources: Rc::new(sources),
            reads: reads.into(),
            fields: left.fields,
            base,
            hidden: false,
        }
    }

    fn rest_of_side(&mut self, side: &Side, merged: &[(usize, usize)], columns: &mut Vec<RelationColumn>) {
        for at in side.columns.iter().filter(|at| !merged.contains(at)) {
            if let Some(column) = self.column_at(*at).cloned() {
                columns.push(RelationColumn { base: Some(*at), ..column });
            }
        }
    }

    /// The side that an outer join fills up with NULLs.
    fn let_nulls_in(&mut self, kind: JoinKind, left: &Side, right: &Side) {
        let (on_left, on_right) = match kind {
            JoinKind::Left => (false, true),
            JoinKind::Right => (true, false),
            JoinKind::Full => (true, true),
            JoinKind::Inner | JoinKind::Cross | JoinKind::Semi | JoinKind::Anti => (false, false),
        };
        for (side, nulls) in [(left, on_left), (right, on_right)] {
            if !nulls {
                continue;
            }
            for at in &side.columns {
                let mut at = *at;
                while let Some(column) = self.level().relations.get_mut(at.0).and_then(|relation| relation.columns.get_mut(at.1)) {
                    column.nullable = true;
                    let Some(base) = column.base else { break };
                    at = base;
                }
            }
        }
    }

    fn join_relation(
        &mut self,
        columns: Vec<RelationColumn>,
        uncertain: Option<Rc<str>>,
        span: Span,
        mut visible: Vec<Visible>,
        alias: Option<&RelationAlias>,
    ) -> Vec<Visible> {
        let relation = Relation { kind: RelationKind::Join, columns, span, uncertain, row_type: None };
        let mut own = self.add_relation(relation, alias, None);
        if alias.is_some() {
            return own;
        }
        for one in &mut visible {
            one.by_column = false;
        }
        for one in &mut own {
            one.by_name = false;
        }
        visible.extend(own);
        visible
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bind, outputs, reads, refusals};

    #[test]
    fn merged_columns_come_first_and_once() {
        assert_eq!(outputs("SELECT * FROM vip JOIN (SELECT client_id, 1 AS one FROM visits) v USING (client_id)"), ["client_id integer", "one integer"]);
    }

    #[test]
    fn using_reads_both_sides() {
        assert_eq!(reads("SELECT 1 FROM vip JOIN visits USING (client_id)"), ["visits.client_id Join", "vip.client_id Join"]);
        assert_eq!(refusals("SELECT 1 FROM vip JOIN visits USING (seen)"), ["42703"]);
    }

    #[test]
    fn a_natural_join_joins_by_every_common_name() {
        assert_eq!(reads("SELECT 1 FROM clients NATURAL JOIN visits").len(), 4);
    }

    #[test]
    fn the_optional_side_of_an_outer_join_can_be_null() {
        let binding = bind("SELECT clients.id, visits.id FROM clients LEFT JOIN visits ON visits.client_id = clients.id");
        assert_eq!(binding.outputs.iter().map(|output| output.nullable).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn a_condition_sees_its_own_join_alone() {
        assert_eq!(refusals("SELECT 1 FROM vip, clients JOIN visits ON vip.client_id = visits.id"), ["42P01"]);
    }

    #[test]
    fn an_alias_hides_what_is_joined() {
        assert_eq!(refusals("SELECT clients.id FROM (clients JOIN visits USING (id)) j"), ["42P01"]);
    }
}
