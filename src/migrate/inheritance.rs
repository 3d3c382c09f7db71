//! Parents, children and partitions: who has which, and what a child takes over.
//!
//! Source: PostgreSQL 15, MergeAttributes, MergeConstraintsIntoExisting, ATExecAttachPartition (tablecmds.c).

use super::column::{ColumnParts, Filling};
use super::constraint::Occasion;
use super::work::{Applied, Work};
use crate::schema::{Column, ColumnGeneration, ConstraintKind, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{ObjectName, PartitionBound};

impl Work<'_> {
    /// Tables that inherit from this one directly, partitions too, in the order of creation.
    pub(super) fn children(&self, table: ObjectId) -> Vec<ObjectId> {
        let mut children: Vec<ObjectId> = self
            .schema
            .dependencies()
            .on_object(table)
            .into_iter()
            .map(|dependency| dependency.dependent.object)
            .filter(|id| self.schema.table(*id).is_some_and(|child| child.parents.contains(&table)))
            .collect();
        children.sort_unstable();
        children.dedup();
        children
    }

    /// The columns that a new table takes over from its parents, merged by name.
    pub(super) fn inherited_columns(&mut self, parents: &[ObjectId]) -> Applied<Vec<ColumnParts>> {
        let mut merged: Vec<ColumnParts> = Vec::new();
        for parent in parents {
            let columns: Vec<Column> = self.schema.columns(*parent).to_vec();
            for column in columns {
                let filling = inherited_filling(&column, *parent);
                match merged.iter_mut().find(|parts| parts.column.name == column.name) {
                    Some(parts) => {
                        if parts.column.data_type != column.data_type {
                            let (first, second) = (self.shown_type(&parts.column.data_type), self.shown_type(&column.data_type));
                            let message = format!("inherited column \"{}\" has a type conflict", column.name);
                            return self.refuse_with("42804", message, format!("{first} versus {second}"));
                        }
                        parts.column.inherited_from += 1;
                        parts.column.not_null |= column.not_null;
                        if matches!(parts.filling, Filling::None) {
                            parts.filling = filling;
                        }
                        let text = format!("merging multiple inherited definitions of column \"{}\"", column.name);
                        self.notice(text);
                    }
                    None => merged.push(ColumnParts { column: taken_over(&column), filling, constraints: Vec::new() }),
                }
            }
        }
        Ok(merged)
    }

    /// Puts a column that the statement defines together with the one of the same name that is inherited, when there is one.
    pub(super) fn merge_own_column(&mut self, columns: &mut Vec<ColumnParts>, own: ColumnParts, is_typed: bool, place: usize) -> Applied {
        let position = columns.iter().position(|parts| parts.column.name == own.column.name);
        let Some(inherited) = position.and_then(|position| columns.get_mut(position)) else {
            if !is_typed {
                return self.refuse("42703", format!("column \"{}\" does not exist", own.column.name));
            }
            columns.push(own);
            return Ok(());
        };
        if inherited.column.is_local {
            return self.refuse("42701", format!("column \"{}\" specified more than once", own.column.name));
        }
        if is_typed && inherited.column.data_type != own.column.data_type {
            let (first, second) = (self.shown_type(&inherited.column.data_type), self.shown_type(&own.column.data_type));
            return self.refuse_with("42804", format!("column \"{}\" has a type conflict", own.column.name), format!("{first} versus {second}"));
        }
        inherited.column.is_local = true;
        inherited.column.not_null |= own.column.not_null;
        if !matches!(own.filling, Filling::None) {
            inherited.filling = own.filling;
        }
        inherited.constraints.extend(own.constraints);
        let name = &own.column.name;
        let text = if position == Some(place) || !is_typed {
            format!("merging column \"{name}\" with inherited definition")
        } else {
            format!("moving and merging column \"{name}\" with inherited definition\nUser-specified column moved to the position of the inherited column.")
        };
        if is_typed {
            self.notice(text);
        }
        Ok(())
    }

    /// Gives a new child the checks of a parent; for a partition also indexes, keys and row triggers.
    pub(super) fn take_over_from(&mut self, parent: ObjectId, child: ObjectId, as_partition: bool) -> Applied {
        for id in self.schema.on_table(parent) {
            let Some(object) = self.schema.get(id).cloned() else { continue };
            match &object.body {
                ObjectBody::Constraint(constraint) => match &constraint.kind {
                    ConstraintKind::Check { no_inherit: false, .. } => {
                        if let Some(own) = self.constraint_named(child, &object.name) {
                            self.schema.update(own, |object| {
                                if let ObjectBody::Constraint(constraint) = &mut object.body {
                                    constraint.inherited_from += 1;
                                }
                            });
                        } else {
                            self.copy_check(parent, id, child);
                        }
                    }
                    ConstraintKind::ForeignKey(_) if as_partition => self.take_over_foreign_key(parent, id, child),
                    _ => {}
                },
                ObjectBody::Index(_) if as_partition => self.index_on_partition(parent, id, child)?,
                ObjectBody::Trigger(trigger) if as_partition && trigger.for_each_row => self.copy_trigger(parent, id, child),
                _ => {}
            }
        }
        Ok(())
    }

    /// A key that the partition has already is taken for the parent's; else it gets one.
    fn take_over_foreign_key(&mut self, parent: ObjectId, key: ObjectId, child: ObjectId) {
        let Some(ConstraintKind::ForeignKey(wanted)) = self.schema.constraint(key).map(|constraint| constraint.kind.clone()) else { return };
        let columns: Vec<_> = wanted.columns.iter().map(|number| self.same_column(parent, *number, child)).collect();
        let same = self.schema.on_table(child).into_iter().find(|id| match self.schema.constraint(*id) {
            Some(own) if own.parent.is_none() => match &own.kind {
                ConstraintKind::ForeignKey(own) => {
                    own.columns == columns
                        && (own.references, &own.referenced_columns, own.on_delete, own.on_update, own.matching)
                            == (wanted.references, &wanted.referenced_columns, wanted.on_delete, wanted.on_update, wanted.matching)
                }
                _ => false,
            },
            _ => false,
        });
        match same {
            Some(own) => self.schema.update(own, |object| {
                if let ObjectBody::Constraint(constraint) = &mut object.body {
                    constraint.parent = Some(key);
                    constraint.inherited_from += 1;
                    constraint.is_local = false;
                }
            }),
            None => {
                self.copy_foreign_key(parent, key, child);
            }
        }
    }

    /// `INHERIT p`.
    pub(super) fn inherit(&mut self, child: ObjectId, parent_name: &ObjectName) -> Applied {
        let parent = self.table_named(parent_name)?;
        if self.schema.table(child).is_some_and(|table| table.parents.contains(&parent)) {
            return self.refuse("42P07", format!("relation \"{}\" would be inherited from more than once", self.name_of(parent)));
        }
        self.merge_into_existing(parent, child, false)?;
        self.schema.update_table(child, |table| table.parents.push(parent));
        self.take_over_checks(parent, child)
    }

    /// Columns of a parent must be in a child that was there before.
    fn merge_into_existing(&mut self, parent: ObjectId, child: ObjectId, as_partition: bool) -> Applied {
        let child_name = self.name_of(child);
        if as_partition {
            let extra = self.schema.columns(child).iter().find(|own| !self.schema.columns(parent).iter().any(|column| column.name == own.name));
            if let Some(extra) = extra {
                let message = format!("table \"{child_name}\" contains column \"{}\" not found in parent \"{}\"", extra.name, self.name_of(parent));
                return self.refuse_with("42804", message, "The new partition may contain only the columns present in parent.");
            }
        }
        for column in self.schema.columns(parent).to_vec() {
            let Some(own) = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned() else {
                return self.refuse("42804", format!("child table is missing column \"{}\"", column.name));
            };
            if own.data_type != column.data_type {
                return self.refuse("42804", format!("child table \"{child_name}\" has different type for column \"{}\"", column.name));
            }
            if column.not_null && !own.not_null {
                return self.refuse("42804", format!("column \"{}\" in child table must be marked NOT NULL", column.name));
            }
            self.change_column(child, own.number, |own| {
                own.inherited_from += 1;
                if as_partition {
                    own.is_local = false;
                }
            });
        }
        Ok(())
    }

    /// Checks of a parent must be in a child that was there before.
    fn take_over_checks(&mut self, parent: ObjectId, child: ObjectId) -> Applied {
        for id in self.schema.on_table(parent) {
            let Some(ConstraintKind::Check { no_inherit: false, .. }) = self.schema.constraint(id).map(|constraint| &constraint.kind) else { continue };
            let Some(name) = self.schema.get(id).map(|object| object.name.clone()) else { continue };
            let Some(own) = self.constraint_named(child, &name) else {
                return self.refuse("42804", format!("child table is missing constraint \"{name}\""));
            };
            self.schema.update(own, |object| {
                if let ObjectBody::Constraint(constraint) = &mut object.body {
                    constraint.inherited_from += 1;
                }
            });
        }
        Ok(())
    }

    /// `NO INHERIT p`.
    pub(super) fn disinherit(&mut self, child: ObjectId, parent_name: &ObjectName) -> Applied {
        let parent = self.table_named(parent_name)?;
        if self.schema.table(child).is_none_or(|table| !table.parents.contains(&parent)) {
            return self.refuse("42P01", format!("relation \"{}\" is not a parent of relation \"{}\"", self.name_of(parent), self.name_of(child)));
        }
        self.part_from(parent, child);
        Ok(())
    }

    /// Cuts the tie between a parent and a child; what the child has, it keeps as its own.
    fn part_from(&mut self, parent: ObjectId, child: ObjectId) {
        let columns = self.schema.columns(parent).to_vec();
        self.schema.update_table(child, |table| {
            table.parents.retain(|other| *other != parent);
            table.partition_bound = None;
            for own in &mut table.columns {
                if columns.iter().any(|column| column.name == own.name) {
                    own.inherited_from = own.inherited_from.saturating_sub(1);
                    own.is_local |= own.inherited_from == 0;
                }
            }
        });
        let on_parent = self.schema.on_table(parent);
        for own in self.schema.on_table(child) {
            let same_named = self.schema.get(own).and_then(|object| self.constraint_named(parent, &object.name));
            self.schema.update(own, |object| match &mut object.body {
                ObjectBody::Constraint(constraint) => {
                    let is_check = matches!(constraint.kind, ConstraintKind::Check { .. });
                    if constraint.parent.is_some_and(|parent| on_parent.contains(&parent)) || (is_check && same_named.is_some()) {
                        constraint.parent = None;
                        constraint.inherited_from = constraint.inherited_from.saturating_sub(1);
                        constraint.is_local |= constraint.inherited_from == 0;
                    }
                }
                ObjectBody::Index(index) if index.parent.is_some_and(|parent| on_parent.contains(&parent)) => index.parent = None,
                _ => {}
            });
        }
    }

    /// `ATTACH PARTITION`.
    pub(super) fn attach_partition(&mut self, parent: ObjectId, partition: &ObjectName, bound: &PartitionBound) -> Applied {
        let parent_name = self.name_of(parent);
        if self.schema.table(parent).is_none_or(|table| table.kind != TableKind::Partitioned) {
            return self.refuse("42809", format!("table \"{parent_name}\" is not partitioned"));
        }
        let child = self.table_named(partition)?;
        self.name_object(child);
        let child_name = self.name_of(child);
        let (has_parents, is_partition) = self.schema.table(child).map_or((false, false), |table| (!table.parents.is_empty(), table.partition_bound.is_some()));
        if is_partition {
            return self.refuse_at(partition.span(), "42809", format!("\"{child_name}\" is already a partition"));
        }
        if has_parents {
            return self.refuse_at(partition.span(), "42809", "cannot attach inheritance child as partition");
        }
        self.merge_into_existing(parent, child, true)?;
        self.take_over_checks(parent, child)?;
        self.schema.update_table(child, |table| {
            table.parents.push(parent);
            table.partition_bound = Some(bound.0.as_str().into());
        });
        if let Some(primary) = self.primary_key(parent) {
            for number in primary.1 {
                if let Some(column) = self.schema.column(parent, number).cloned() {
                    let own = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned();
                    if let Some(own) = own {
                        self.require_not_null(child, &own, Occasion::OldTable);
                    }
                }
            }
        }
        if self.may_hold_rows(child) {
            self.may_fail("23514", format!("every row of {child_name} belongs to the partition {}", bound.0), None);
        }
        self.take_over_partition_objects(parent, child)
    }

    fn take_over_partition_objects(&mut self, parent: ObjectId, child: ObjectId) -> Applied {
        for id in self.schema.on_table(parent) {
            let Some(object) = self.schema.get(id).cloned() else { continue };
            match &object.body {
                ObjectBody::Constraint(constraint) if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) => self.take_over_foreign_key(parent, id, child),
                ObjectBody::Index(_) => self.index_on_partition(parent, id, child)?,
                ObjectBody::Trigger(trigger) if trigger.for_each_row => self.copy_trigger(parent, id, child),
                _ => {}
            }
        }
        Ok(())
    }

    /// `DETACH PARTITION`.
    pub(super) fn detach_partition(&mut self, parent: ObjectId, partition: &ObjectName) -> Applied {
        let child = self.table_named(partition)?;
        self.name_object(child);
        if self.schema.table(child).is_none_or(|table| !table.parents.contains(&parent)) {
            return self.refuse_at(
                partition.span(),
                "42P01",
                format!("relation \"{}\" is not a partition of relation \"{}\"", self.name_of(child), self.name_of(parent)),
            );
        }
        self.part_from(parent, child);
        // Row triggers that came from the parent go (DropClonedTriggersFromPartition).
        let names: Vec<_> = self.row_triggers(parent);
        for own in self.schema.on_table(child) {
            let is_clone = self.schema.get(own).is_some_and(|object| matches!(object.body, ObjectBody::Trigger(_)) && names.contains(&object.name));
            if is_clone {
                self.schema.remove(own);
            }
        }
        Ok(())
    }

    fn row_triggers(&self, table: ObjectId) -> Vec<crate::name::Name> {
        let objects = self.schema.on_table(table).into_iter().filter_map(|id| self.schema.get(id));
        objects.filter(|object| matches!(&object.body, ObjectBody::Trigger(trigger) if trigger.for_each_row)).map(|object| object.name.clone()).collect()
    }
}

/// A column as a child has it: no identity, comment, grants or options of the parent's.
fn taken_over(column: &Column) -> Column {
    let mut own = Column::new(column.number, column.name.clone(), column.data_type.clone());
    own.not_null = column.not_null;
    own.collation = column.collation.clone();
    own.options = column.options.clone();
    own.inherited_from = 1;
    own.is_local = false;
    own
}

/// What fills an inherited column: defaults and generation come along, identity does not (before 17).
pub(super) fn inherited_filling(column: &Column, parent: ObjectId) -> Filling {
    match &column.generation {
        ColumnGeneration::None | ColumnGeneration::Identity(..) => Filling::None,
        generation => Filling::Stored(generation.clone(), parent),
    }
}
