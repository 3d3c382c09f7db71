//! Checks of parents and children of the same name: when they are one constraint, and what a copy says.
//!
//! Source: PostgreSQL 15, MergeWithExistingConstraint (heap.c), MergeConstraintsIntoExisting and RemoveInheritance (tablecmds.c).

use super::work::{Applied, Work};
use crate::schema::{Constraint, ConstraintKind, Definition, ObjectBody, ObjectId, Piece};

/// What a new check says about itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct CheckFlags {
    /// `NO INHERIT`.
    pub(super) no_inherit: bool,
    /// `NOT VALID`.
    pub(super) not_valid: bool,
}

impl Work<'_> {
    /// A check that the statement writes and the table has already from a parent: the same one is then its own too.
    pub(super) fn merge_with_inherited(&mut self, table: ObjectId, own: ObjectId, wanted: &Definition, flags: CheckFlags) -> Applied<ObjectId> {
        let (name, table_name) = (self.name_of(own), self.name_of(table));
        let is_partition = self.schema.table(table).is_some_and(|table| table.partition_bound.is_some());
        let Some(body) = self.schema.constraint(own) else { return Ok(own) };
        let same = match &body.kind {
            ConstraintKind::Check { expression, no_inherit } if expression.print(&self.schema) == wanted.print(&self.schema) => Some(*no_inherit),
            _ => None,
        };
        let is_inherited = body.inherited_from > 0 && (!body.is_local || is_partition);
        let (Some(stays_here), true) = (same, is_inherited) else {
            return self.refuse("42710", format!("constraint \"{name}\" for relation \"{table_name}\" already exists"));
        };
        if stays_here {
            return self.refuse("42P17", format!("constraint \"{name}\" conflicts with non-inherited constraint on relation \"{table_name}\""));
        }
        if flags.no_inherit {
            return self.refuse("42P17", format!("constraint \"{name}\" conflicts with inherited constraint on relation \"{table_name}\""));
        }
        if !body.validated && !flags.not_valid {
            return self.refuse("42P17", format!("constraint \"{name}\" conflicts with NOT VALID constraint on relation \"{table_name}\""));
        }
        self.notice(format!("merging constraint \"{name}\" with inherited definition"));
        self.schema.update(own, |object| {
            if let ObjectBody::Constraint(constraint) = &mut object.body {
                constraint.is_local |= !is_partition;
            }
        });
        Ok(own)
    }

    /// A check that a child has of itself under the name of one that its parent does not pass on: the server loses its way there.
    pub(super) fn checks_come_from_parent(&self, parent: ObjectId, child: ObjectId) -> Applied {
        for id in self.schema.on_table(parent) {
            let Some(ConstraintKind::Check { .. }) = self.schema.constraint(id).map(|constraint| &constraint.kind) else { continue };
            let own = self.schema.get(id).and_then(|object| self.constraint_named(child, &object.name));
            let is_own = |own: &ObjectId| {
                let body = self.schema.constraint(*own);
                body.is_some_and(|body| matches!(body.kind, ConstraintKind::Check { .. }) && body.inherited_from == 0)
            };
            if let Some(own) = own.filter(is_own) {
                return self.refuse("XX000", format!("relation \"{}\" has non-inherited constraint \"{}\"", self.name_of(child), self.name_of(own)));
            }
        }
        Ok(())
    }

    /// Whether a check that a child has is the one that it would inherit (MergeWithExistingConstraint).
    pub(super) fn check_can_be_merged(&self, parent: ObjectId, check: ObjectId, child: ObjectId, own: ObjectId) -> Applied {
        let name = self.name_of(own);
        let child_name = self.name_of(child);
        let wanted = self.schema.constraint(check).map(|constraint| constraint.kind.clone());
        let Some(ConstraintKind::Check { expression: wanted, .. }) = wanted else { return Ok(()) };
        let Some(body) = self.schema.constraint(own) else { return Ok(()) };
        let ConstraintKind::Check { expression, no_inherit } = &body.kind else {
            return self.refuse("42710", format!("constraint \"{name}\" for relation \"{child_name}\" already exists"));
        };
        if self.moved_to(&wanted, parent, child).print(&self.schema) != expression.print(&self.schema) {
            return self.refuse("42710", format!("constraint \"{name}\" for relation \"{child_name}\" already exists"));
        }
        if *no_inherit {
            return self.refuse("42P17", format!("constraint \"{name}\" conflicts with non-inherited constraint on relation \"{child_name}\""));
        }
        Ok(())
    }

    /// A check of a parent, copied to a child: columns are the child's own of the same names.
    pub(super) fn copy_check(&mut self, parent: ObjectId, check: ObjectId, child: ObjectId) -> Option<ObjectId> {
        let object = self.schema.get(check)?.clone();
        let ObjectBody::Constraint(constraint) = &object.body else { return None };
        let ConstraintKind::Check { expression, no_inherit } = &constraint.kind else { return None };
        let kind = ConstraintKind::Check { expression: self.moved_to(expression, parent, child), no_inherit: *no_inherit };
        let copy = Constraint { owner: child, kind, inherited_from: 1, is_local: false, parent: None, ..constraint.clone() };
        let namespace = self.namespace_of(child);
        Some(self.schema.insert(object.name.clone(), namespace, ObjectBody::Constraint(copy)))
    }

    /// A definition over the columns of one table, said of another table's columns of the same names.
    pub(super) fn moved_to(&self, definition: &Definition, from: ObjectId, to: ObjectId) -> Definition {
        let pieces = definition.pieces().iter().map(|piece| match piece {
            Piece::Column { relation, column, output } if *relation == from => {
                let name = self.schema.column(from, *column).map(|column| column.name.clone());
                let number = name.and_then(|name| self.schema.columns(to).iter().find(|other| other.name == name).map(|other| other.number));
                Piece::Column { relation: to, column: number.unwrap_or(*column), output: output.clone() }
            }
            Piece::Qualifier { relation } if *relation == from => Piece::Qualifier { relation: to },
            Piece::Relation { relation } if *relation == from => Piece::Relation { relation: to },
            other => other.clone(),
        });
        Definition::new(pieces.collect())
    }

    /// The check of a table that was there before must be the one that it inherits.
    pub(super) fn check_is_the_same(&self, parent: ObjectId, check: ObjectId, child: ObjectId, own: ObjectId) -> Applied {
        let (name, child_name) = (self.name_of(own), self.name_of(child));
        let Some(ConstraintKind::Check { expression: wanted, .. }) = self.schema.constraint(check).map(|constraint| constraint.kind.clone()) else {
            return Ok(());
        };
        let Some(body) = self.schema.constraint(own).cloned() else { return Ok(()) };
        let ConstraintKind::Check { expression, no_inherit } = &body.kind else {
            return self.refuse("42804", format!("child table is missing constraint \"{name}\""));
        };
        if self.moved_to(&wanted, parent, child).print(&self.schema) != expression.print(&self.schema) {
            return self.refuse("42804", format!("child table \"{child_name}\" has different definition for check constraint \"{name}\""));
        }
        if *no_inherit {
            return self.refuse("42P17", format!("constraint \"{name}\" conflicts with non-inherited constraint on child table \"{child_name}\""));
        }
        if !body.validated {
            return self.refuse("42P17", format!("constraint \"{name}\" conflicts with NOT VALID constraint on child table \"{child_name}\""));
        }
        Ok(())
    }
}
