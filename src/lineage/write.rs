//! What writing statements share: the target, its columns, values stored in them, `RETURNING`.

use std::rc::Rc;

use super::Role;
use super::binder::Binder;
use super::level::{Clause, Relation, RelationKind, Visible};
use super::query::Rows;
use super::updatable_view::Writing;
use super::value::{Sources, Value};
use crate::name::Name;
use crate::schema::{Address, Column, ColumnGeneration, DataType, ObjectBody, ObjectId, TypeIdentity};
use crate::sql::tree::{AssignedPart, Assignment, AssignmentTarget, Dml, Expr, ExprKind, GeneratedKind, Ident, ObjectName, RelationAlias, SelectItem};
use crate::text::Span;
use crate::typing;

/// The table that a statement writes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    /// Its index among the level's relations.
    pub relation: usize,
    /// Which it is; `None` when the schema does not know it.
    pub table: Option<ObjectId>,
    /// The view that rows are written through, and how, when the server rewrites that.
    pub through: Option<(ObjectId, Writing)>,
}

impl Binder<'_> {
    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`: what `RETURNING` gives.
    pub(super) fn writing(&mut self, dml: &Dml) -> Rows {
        match dml {
            Dml::Insert(insert) => self.insert(insert),
            Dml::Update(update) => self.update(update),
            Dml::Delete(delete) => self.delete(delete),
            Dml::Merge(merge) => self.merge_into(merge),
        }
    }

    /// Makes the target a relation of the level, not yet in sight.
    pub(super) fn write_target(&mut self, name: &ObjectName, alias: Option<&RelationAlias>, writing: Option<Writing>) -> (Target, Visible) {
        let relation = self.relation_of_schema(name);
        let table = match relation.kind {
            RelationKind::Stored(id) => Some(id),
            _ => None,
        };
        if let Some(id) = table {
            self.must_be_writable(id, name);
        }
        let through = table.zip(writing).filter(|(id, writing)| self.must_be_updatable(*id, *writing, name.span()));
        let visible = self.add_relation(relation, alias, Some(name.name.name.clone()));
        let one = visible.into_iter().next();
        let shown =
            one.unwrap_or(Visible { relation: 0, name: None, is_alias: false, by_name: false, by_column: false, lateral_only: false, lateral_allowed: true });
        (Target { relation: shown.relation, table, through }, shown)
    }

    fn must_be_writable(&mut self, id: ObjectId, name: &ObjectName) {
        let body = self.schema.get(id).map(|object| &object.body);
        match body {
            Some(ObjectBody::Sequence(_)) => self.error("42809", format!("cannot change sequence \"{name}\""), name.span()),
            Some(ObjectBody::View(view)) if view.kind == crate::sql::tree::ViewKind::Materialized => {
                self.error("42809", format!("cannot change materialized view \"{name}\""), name.span());
            }
            _ => {}
        }
    }

    /// A column of the target by name, written to.
    pub(super) fn target_column(&mut self, target: Target, column: &Ident, shown: &ObjectName) -> Option<Column> {
        let table = target.table?;
        let Some(found) = self.schema.columns(table).iter().find(|own| own.name == column.name).cloned() else {
            let uncertain = self.level().relations.get(target.relation).and_then(|relation| relation.uncertain.clone());
            match uncertain {
                Some(reason) => self.unknown_column(column.name.as_str(), &reason, column.span),
                None => self.error("42703", format!("column \"{}\" of relation \"{}\" does not exist", column.name, shown.name), column.span),
            }
            return None;
        };
        let address = Address::column(table, found.number);
        self.found.references.push((column.span, address));
        self.read(address, Role::Write, column.span);
        Some(found)
    }

    /// Whether a value other than `DEFAULT` may be stored in a generated column.
    pub(super) fn must_not_be_generated(&mut self, column: &Column, value: Option<&Expr>, inserting: bool, overriding: bool, span: Span) {
        if value.is_some_and(|value| matches!(&*value.kind, ExprKind::Default)) {
            return;
        }
        let always = match &column.generation {
            ColumnGeneration::Generated(_, GeneratedKind::Stored | GeneratedKind::Virtual) => true,
            ColumnGeneration::Identity(crate::sql::tree::IdentityKind::Always, _) => !overriding,
            ColumnGeneration::Identity(..) | ColumnGeneration::None | ColumnGeneration::Default(_) => false,
        };
        if always {
            let message = if inserting {
                format!("cannot insert a non-DEFAULT value into column \"{}\"", column.name)
            } else {
                format!("column \"{}\" can only be updated to DEFAULT", column.name)
            };
            self.error("428C9", message, span);
        }
    }

    /// Records what is stored in a column, and checks that it can be.
    pub(super) fn store(&mut self, target: Target, column: Option<&Column>, name: &Name, value: &Value, sources: &Rc<Sources>, span: Span) {
        if let (Some((view, writing)), Some(column)) = (target.through, column) {
            self.must_take_value(view, column, writing, span);
        }
        if let Some(column) = column {
            let what = format!("column \"{}\"", column.name);
            let wanted = column.data_type.clone();
            self.assigned_to(value, &wanted, &what, "expression", span);
        }
        let mut output = self.output(name, value, sources, span);
        output.column = target.table.zip(column).map(|(table, column)| Address::column(table, column.number));
        if value.is_untyped() {
            output.data_type = column.map(|column| column.data_type.clone());
        }
        self.found.written.push(output);
    }

    /// `SET a = x, (b, c) = (…)`.
    pub(super) fn assignments(&mut self, target: Target, assignments: &[Assignment], shown: &ObjectName) {
        let mut seen: Vec<Name> = Vec::new();
        for assignment in assignments {
            match &assignment.target {
                AssignmentTarget::Column { column, path } => self.assign_one(target, (column, path), &assignment.value, shown, &mut seen),
                AssignmentTarget::Columns(columns) => self.assign_several(target, columns, &assignment.value, shown, &mut seen),
            }
        }
    }

    fn assign_one(&mut self, target: Target, place: (&Ident, &[AssignedPart]), value: &Expr, shown: &ObjectName, seen: &mut Vec<Name>) {
        let (column, path) = place;
        let (resolved, sources) = self.assigned_value(value);
        let found = self.target_column(target, column, shown);
        if path.is_empty() {
            self.once_only(column, seen);
        }
        if let Some(found) = &found {
            self.must_not_be_generated(found, Some(value), false, false, value.span);
        }
        let stored = found.as_ref().filter(|_| path.is_empty());
        if matches!(&*value.kind, ExprKind::Default) {
            return;
        }
        if let Some(found) = found.as_ref().filter(|_| !path.is_empty() && self.is_typed())
            && let Some(part) = self.assigned_part(found, path, column.span)
        {
            self.assigned_to(&resolved, &part, &format!("column \"{}\"", column.name), "expression", value.span);
        }
        self.store(target, stored, &column.name, &resolved, &sources, value.span);
    }

    /// The type of a part of a column that is assigned to (parse_target.c, transformAssignmentIndirection; PostgreSQL 15).
    fn assigned_part(&mut self, column: &Column, path: &[AssignedPart], span: Span) -> Option<DataType> {
        let mut at = column.data_type.clone();
        for part in path {
            if matches!(at.identity, TypeIdentity::Unknown(_)) {
                return None;
            }
            let shown = self.type_name(&at);
            match part {
                AssignedPart::Field(field) => {
                    let Some(relation) = self.row_type_of(&at) else {
                        let message =
                            format!("cannot assign to field \"{}\" of column \"{}\" because its type {shown} is not a composite type", field.name, column.name);
                        self.error("42804", message, field.span);
                        return None;
                    };
                    let Some(own) = self.schema.columns(relation).iter().find(|own| own.name == field.name).cloned() else {
                        let message = format!(
                            "cannot assign to field \"{}\" of column \"{}\" because there is no such column in data type {shown}",
                            field.name, column.name
                        );
                        self.error("42703", message, field.span);
                        return None;
                    };
                    let address = Address::column(relation, own.number);
                    self.found.references.push((field.span, address));
                    self.read(address, Role::Write, field.span);
                    at = own.data_type;
                }
                AssignedPart::Element => match typing::subscript(self.schema, &at) {
                    Some(element) => at = element,
                    None => {
                        self.error("42804", format!("cannot subscript type {shown} because it does not support subscripting"), span);
                        return None;
                    }
                },
            }
        }
        Some(at)
    }

    fn once_only(&mut self, column: &Ident, seen: &mut Vec<Name>) {
        if seen.contains(&column.name) {
            self.error("42601", format!("multiple assignments to same column \"{}\"", column.name), column.span);
        }
        seen.push(column.name.clone());
    }

    fn assigned_value(&mut self, value: &Expr) -> (Value, Rc<Sources>) {
        let start = self.log.len();
        let allowed = std::mem::replace(&mut self.default_allowed, matches!(&*value.kind, ExprKind::Default));
        let resolved = self.in_clause(Clause::UpdateSource, |binder| binder.expression(value));
        self.default_allowed = allowed;
        (resolved, self.sources_since(start))
    }

    fn assign_several(&mut self, target: Target, columns: &[Ident], value: &Expr, shown: &ObjectName, seen: &mut Vec<Name>) {
        for column in columns {
            self.once_only(column, seen);
        }
        match &*value.kind {
            ExprKind::Row(parts) => {
                if parts.len() != columns.len() {
                    self.error("42601", "number of columns does not match number of values", value.span);
                }
                for (column, part) in columns.iter().zip(parts) {
                    self.assign_one(target, (column, &[]), part, shown, &mut Vec::new());
                }
            }
            ExprKind::Subquery(query) => {
                let rows = self.in_clause(Clause::UpdateSource, |binder| binder.query(query));
                if rows.columns.len() != columns.len() && rows.uncertain.is_none() {
                    self.error("42601", "number of columns does not match number of values", value.span);
                }
                let rows = rows.settled();
                for (column, source) in columns.iter().zip(&rows.columns) {
                    let found = self.target_column(target, column, shown);
                    self.store(target, found.as_ref(), &column.name, &source.value, &source.sources, value.span);
                }
            }
            _ => {
                self.assigned_value(value);
                for column in columns {
                    self.target_column(target, column, shown);
                }
                self.error("0A000", "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression", value.span);
            }
        }
    }

    /// `RETURNING …`, with only what may be seen there in sight.
    pub(super) fn returning(&mut self, items: &[SelectItem]) -> Rows {
        if items.is_empty() {
            return Rows::default();
        }
        let (items, uncertain) = self.in_clause(Clause::Returning, |binder| binder.select_list(items));
        Rows { columns: items.into_iter().map(|item| item.column).collect(), uncertain }
    }

    /// Puts a relation into the level under a name of its own.
    pub(super) fn relation_under_alias(&mut self, relation: Relation, name: Name, by_column: bool) -> Visible {
        let level = self.level();
        level.relations.push(relation);
        let index = level.relations.len() - 1;
        Visible { relation: index, name: Some(name), is_alias: true, by_name: true, by_column, lateral_only: false, lateral_allowed: true }
    }
}
