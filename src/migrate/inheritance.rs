//! Parents, children and partitions: who has which, and what a child takes over.
//!
//! Source: PostgreSQL 15, MergeAttributes, MergeConstraintsIntoExisting, ATExecAttachPartition (tablecmds.c).

use super::column::{ColumnParts, Filling};
use super::occasion::Occasion;
use super::work::{Applied, Work};
use crate::schema::{Column, ColumnGeneration, ConstraintKind, ObjectBody, ObjectId, Persistence, TableKind};
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
        let mut conflicting: Vec<crate::name::Name> = Vec::new();
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
                        self.same_collation(&column, &parts.column, "inherited column")?;
                        self.same_storage(&parts.column, &column, "inherited column")?;
                        let is_generated = |filling: &Filling| matches!(filling, Filling::Stored(ColumnGeneration::Generated(..), _));
                        if is_generated(&parts.filling) != is_generated(&filling) {
                            return self.refuse("42804", format!("inherited column \"{}\" has a generation conflict", column.name));
                        }
                        parts.column.inherited_from += 1;
                        parts.column.not_null |= column.not_null;
                        match (&parts.filling, &filling) {
                            (Filling::None, _) => parts.filling = filling,
                            (Filling::Stored(own, _), Filling::Stored(other, _)) if !self.is_same_filling(own, other) => conflicting.push(column.name.clone()),
                            _ => {}
                        }
                        let text = format!("merging multiple inherited definitions of column \"{}\"", column.name);
                        self.notice(text);
                    }
                    None => merged.push(ColumnParts { column: taken_over(&column), filling, constraints: Vec::new(), has_conflicting_fillings: false }),
                }
            }
        }
        for parts in &mut merged {
            parts.has_conflicting_fillings = conflicting.contains(&parts.column.name);
        }
        Ok(merged)
    }

    fn is_same_filling(&self, one: &ColumnGeneration, other: &ColumnGeneration) -> bool {
        match (one, other) {
            (ColumnGeneration::Default(one), ColumnGeneration::Default(other)) => one.print(&self.schema) == other.print(&self.schema),
            (ColumnGeneration::Generated(one, _), ColumnGeneration::Generated(other, _)) => one.print(&self.schema) == other.print(&self.schema),
            _ => false,
        }
    }

    fn same_collation(&self, one: &Column, other: &Column, word: &str) -> Applied {
        if one.collation != other.collation {
            return self.refuse("42P21", format!("{word} \"{}\" has a collation conflict", one.name));
        }
        Ok(())
    }

    /// Two parents with different defaults leave it to the child to say its own.
    pub(super) fn fillings_are_settled(&self, columns: &[ColumnParts]) -> Applied {
        match columns.iter().find(|parts| parts.has_conflicting_fillings && matches!(parts.filling, Filling::Stored(..) | Filling::None)) {
            Some(parts) => self.refuse("42611", format!("column \"{}\" inherits conflicting default values", parts.column.name)),
            None => Ok(()),
        }
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
        if is_typed && inherited.column.collation != own.column.collation {
            return self.refuse("42P21", format!("column \"{}\" has a collation conflict", own.column.name));
        }
        let is_generated = matches!(&inherited.filling, Filling::Stored(ColumnGeneration::Generated(..), _));
        match (&own.filling, is_generated) {
            (Filling::Generated(..), true) => return self.refuse("42611", format!("child column \"{}\" specifies generation expression", own.column.name)),
            (Filling::Default(_) | Filling::Serial, true) => {
                return self.refuse("42611", format!("column \"{}\" inherits from generated column but specifies default", own.column.name));
            }
            (Filling::Identity(..), true) => {
                return self.refuse("42611", format!("column \"{}\" inherits from generated column but specifies identity", own.column.name));
            }
            _ => {}
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
        self.can_inherit(child, parent)?;
        if self.schema.table(child).is_some_and(|table| table.parents.contains(&parent)) {
            return self.refuse("42P07", format!("relation \"{}\" would be inherited from more than once", self.name_of(parent)));
        }
        self.triggers_allow_parent(child, "an inheritance child")?;
        self.merge_into_existing(parent, child, false)?;
        self.schema.update_table(child, |table| table.parents.push(parent));
        self.take_over_checks(parent, child)
    }

    /// Which tables may become child and parent (ATPrepAddInherit, ATExecAddInherit).
    fn can_inherit(&self, child: ObjectId, parent: ObjectId) -> Applied {
        let Some((own, above)) = self.schema.table(child).zip(self.schema.table(parent)) else {
            return self.refuse("42809", format!("\"{}\" is not a table or foreign table", self.name_of(child)));
        };
        if own.partition_bound.is_some() {
            return self.refuse("42809", "cannot change inheritance of a partition");
        }
        if own.kind == TableKind::Partitioned {
            return self.refuse("42809", "cannot change inheritance of partitioned table");
        }
        if own.of_type.is_some() {
            return self.refuse("42809", "cannot change inheritance of typed table");
        }
        if above.persistence == Persistence::Temporary && own.persistence != Persistence::Temporary {
            return self.refuse("42809", format!("cannot inherit from temporary relation \"{}\"", self.name_of(parent)));
        }
        if above.kind == TableKind::Partitioned {
            return self.refuse("42809", format!("cannot inherit from partitioned table \"{}\"", self.name_of(parent)));
        }
        if above.partition_bound.is_some() {
            return self.refuse("42809", "cannot inherit from a partition");
        }
        self.is_no_descendant(child, parent)
    }

    /// Refuses a parent that is below its child, or the child itself.
    fn is_no_descendant(&self, child: ObjectId, parent: ObjectId) -> Applied {
        if self.descendants(child).contains(&parent) {
            let detail = format!("\"{}\" is already a child of \"{}\".", self.name_of(parent), self.name_of(child));
            return self.refuse_with("42P07", "circular inheritance not allowed", detail);
        }
        Ok(())
    }

    /// The table and everything below it.
    pub(super) fn descendants(&self, table: ObjectId) -> Vec<ObjectId> {
        let mut all = vec![table];
        let mut next = 0;
        while let Some(one) = all.get(next).copied() {
            next += 1;
            for child in self.children(one) {
                if !all.contains(&child) {
                    all.push(child);
                }
            }
        }
        all
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
            if column.collation != own.collation {
                return self.refuse("42P21", format!("child table \"{child_name}\" has different collation for column \"{}\"", column.name));
            }
            if column.not_null && !own.not_null {
                return self.refuse("42804", format!("column \"{}\" in child table must be marked NOT NULL", column.name));
            }
            if let ColumnGeneration::Generated(wanted, _) = &column.generation {
                let ColumnGeneration::Generated(expression, _) = &own.generation else {
                    return self.refuse("42804", format!("column \"{}\" in child table must be a generated column", column.name));
                };
                if self.moved_to(wanted, parent, child).print(&self.schema) != expression.print(&self.schema) {
                    return self.refuse("42804", format!("column \"{}\" in child table has a conflicting generation expression", column.name));
                }
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
            self.check_is_the_same(parent, id, child, own)?;
            let is_partitioned = self.schema.table(parent).is_some_and(|table| table.kind == TableKind::Partitioned);
            self.schema.update(own, |object| {
                if let ObjectBody::Constraint(constraint) = &mut object.body {
                    constraint.inherited_from += 1;
                    // A partition has nothing of its own that its table has too (MergeConstraintsIntoExisting).
                    constraint.is_local &= !is_partitioned;
                }
            });
        }
        Ok(())
    }

    /// `NO INHERIT p`.
    pub(super) fn disinherit(&mut self, child: ObjectId, parent_name: &ObjectName) -> Applied {
        if self.schema.table(child).is_some_and(|table| table.partition_bound.is_some()) {
            return self.refuse("42809", "cannot change inheritance of a partition");
        }
        let parent = self.table_named(parent_name)?;
        if self.schema.table(child).is_none_or(|table| !table.parents.contains(&parent)) {
            return self.refuse("42P01", format!("relation \"{}\" is not a parent of relation \"{}\"", self.name_of(parent), self.name_of(child)));
        }
        self.checks_come_from_parent(parent, child)?;
        self.part_from(parent, child);
        Ok(())
    }

    /// Cuts the tie between a parent and a child; what the child has, it keeps as its own.
    pub(super) fn part_from(&mut self, parent: ObjectId, child: ObjectId) {
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
            return self.refuse("42P17", format!("table \"{parent_name}\" is not partitioned"));
        }
        let child = self.table_named(partition)?;
        if self.schema.table(child).is_some_and(|table| table.kind == TableKind::Foreign) {
            self.takes_foreign_partitions(parent, "attach a foreign table as partition of")?;
        }
        self.name_object(child);
        let child_name = self.name_of(child);
        let (has_parents, is_partition) = self.schema.table(child).map_or((false, false), |table| (!table.parents.is_empty(), table.partition_bound.is_some()));
        if is_partition {
            return self.refuse_at(partition.span(), "42809", format!("\"{child_name}\" is already a partition"));
        }
        if self.schema.table(child).is_some_and(|table| table.of_type.is_some()) {
            return self.refuse_at(partition.span(), "42809", "cannot attach a typed table as partition");
        }
        if has_parents {
            return self.refuse_at(partition.span(), "42809", "cannot attach inheritance child as partition");
        }
        if self.schema.table(child).is_some_and(|table| table.kind != TableKind::Partitioned) && !self.children(child).is_empty() {
            return self.refuse_at(partition.span(), "42809", "cannot attach inheritance parent as partition");
        }
        self.is_no_descendant(child, parent)?;
        let persistence = |id| self.schema.table(id).map(|table| table.persistence);
        match (persistence(parent), persistence(child)) {
            (Some(Persistence::Temporary), Some(own)) if own != Persistence::Temporary => {
                return self.refuse("42809", format!("cannot attach a permanent relation as partition of temporary relation \"{parent_name}\""));
            }
            (Some(above), Some(Persistence::Temporary)) if above != Persistence::Temporary => {
                return self.refuse("42809", format!("cannot attach a temporary relation as partition of permanent relation \"{parent_name}\""));
            }
            _ => {}
        }
        self.triggers_allow_parent(child, "a partition")?;
        let bound = self.new_bound(parent, &child_name, &bound.0)?;
        self.merge_into_existing(parent, child, true)?;
        self.take_over_checks(parent, child)?;
        self.schema.update_table(child, |table| {
            table.parents.push(parent);
            table.partition_bound = Some(bound.clone());
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
            let query = self.question_for_strangers(parent, child, &bound);
            self.may_fail("23514", format!("every row of {child_name} belongs to the partition {bound}"), query);
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
