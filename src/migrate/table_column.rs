//! `ADD COLUMN` and `DROP COLUMN`, with children.
//!
//! Source: PostgreSQL 15, ATExecAddColumn, ATExecDropColumn, ATExecDropConstraint (tablecmds.c).

use super::column::{ColumnParts, Filling};
use super::inheritance::inherited_filling;
use super::occasion::Occasion;
use super::reach::Reach;
use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{Address, Column, ConstraintKind, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{ColumnDefinition, DropBehavior, Ident};

impl Work<'_> {
    /// `ADD COLUMN`.
    pub(super) fn add_column(&mut self, table: ObjectId, reach: Reach, definition: &ColumnDefinition, if_not_exists: bool) -> Applied {
        let table_name = self.name_of(table);
        if self.schema.table(table).is_some_and(|body| body.partition_bound.is_some()) {
            return self.refuse("42809", "cannot add column to a partition");
        }
        if self.schema.table(table).is_some_and(|body| body.of_type.is_some()) {
            return self.refuse("42809", "cannot add column to typed table");
        }
        if self.schema.columns(table).iter().any(|column| column.name == definition.name.name) {
            let message = format!("column \"{}\" of relation \"{table_name}\" already exists", definition.name);
            if if_not_exists {
                self.notice(format!("{message}, skipping"));
                return Ok(());
            }
            return self.refuse_at(definition.name.span, "42701", message);
        }
        let parts = self.read_column(&table_name, definition)?;
        self.column_type_is_allowed(&parts.column.name, &parts.column.data_type, Some(table))?;
        if !matches!(parts.filling, Filling::None) {
            self.row_type_is_unused(table)?;
        }
        let children = self.children(table);
        if reach == Reach::Alone && !children.is_empty() {
            return self.refuse("42P16", "column must be added to child tables too");
        }
        if reach == Reach::WithChildren && !children.is_empty() && matches!(parts.filling, Filling::Identity(..)) {
            return self.refuse("42P16", "cannot recursively add identity column to table that has child tables");
        }
        let number = self.append_column(table, parts.column.clone());
        self.name(Address::column(table, number));
        self.fill_column(table, number, &parts.filling)?;
        self.rows_need_a_value(table, &parts);
        for child in children {
            self.add_inherited_column(table, child, &parts)?;
        }
        let empty = matches!(parts.filling, Filling::None) && !self.domain_has_default(&parts.column);
        for constraint in &parts.constraints {
            self.add_constraint(table, constraint, if empty { Occasion::EmptyColumn } else { Occasion::OldTable })?;
        }
        Ok(())
    }

    fn rows_need_a_value(&mut self, table: ObjectId, parts: &ColumnParts) {
        let has_value = match &parts.filling {
            Filling::None => self.domain_has_default(&parts.column),
            Filling::Default(_) => self
                .schema
                .columns(table)
                .iter()
                .any(|column| column.name == parts.column.name && !matches!(column.generation, crate::schema::ColumnGeneration::None)),
            Filling::Generated(..) | Filling::Identity(..) | Filling::Serial | Filling::Stored(..) => true,
        };
        let is_key = parts.constraints.iter().any(|constraint| matches!(constraint.kind, crate::sql::tree::TableConstraintKind::PrimaryKey { .. }));
        if parts.column.not_null && !has_value && !is_key {
            self.rows_must_be_absent(table, &parts.column);
        }
    }

    fn add_inherited_column(&mut self, parent: ObjectId, child: ObjectId, parts: &ColumnParts) -> Applied {
        let own = self.schema.columns(child).iter().find(|own| own.name == parts.column.name).cloned();
        if let Some(own) = own {
            if own.data_type != parts.column.data_type {
                let message = format!("child table \"{}\" has different type for column \"{}\"", self.name_of(child), own.name);
                return self.refuse("42804", message);
            }
            self.change_column(child, own.number, |column| column.inherited_from += 1);
            let text = format!("merging definition of column \"{}\" for child \"{}\"", own.name, self.name_of(child));
            self.notice(text);
            return Ok(());
        }
        let mut column = parts.column.clone();
        column.inherited_from = 1;
        column.is_local = false;
        let number = self.append_column(child, column);
        let filled = self.schema.columns(parent).iter().find(|column| column.name == parts.column.name).cloned();
        if let Some(filled) = filled {
            self.fill_column(child, number, &inherited_filling(&filled, parent))?;
        }
        for grandchild in self.children(child) {
            self.add_inherited_column(child, grandchild, parts)?;
        }
        Ok(())
    }

    /// `DROP COLUMN`.
    pub(super) fn drop_column(&mut self, table: ObjectId, reach: Reach, column: &Ident, if_exists: bool, behavior: DropBehavior) -> Applied {
        if self.schema.table(table).is_some_and(|body| body.of_type.is_some()) {
            return self.refuse("42809", "cannot drop column from typed table");
        }
        self.is_no_system_column(column, "drop")?;
        let Some(found) = self.schema.columns(table).iter().find(|own| own.name == column.name).cloned() else {
            let message = format!("column \"{column}\" of relation \"{}\" does not exist", self.name_of(table));
            if if_exists {
                self.notice(format!("{message}, skipping"));
                return Ok(());
            }
            return self.refuse_at(column.span, "42703", message);
        };
        self.column_can_go(table, &found)?;
        self.name(Address::column(table, found.number));
        let mut addresses = Vec::new();
        self.collect_dropped(table, reach, &found, &mut addresses)?;
        if behavior != DropBehavior::Cascade && self.schema.dialect.built_ins.is_some() {
            for address in &addresses {
                self.no_publication_chooses_by(*address)?;
            }
        }
        self.perform_deletion(&addresses, behavior)
    }

    fn column_can_go(&self, table: ObjectId, column: &Column) -> Applied {
        if column.inherited_from > 0 {
            return self.refuse("42P16", format!("cannot drop inherited column \"{}\"", column.name));
        }
        self.is_no_partition_key(table, column, "drop")
    }

    /// Refuses what cannot be done to a column of a partition key.
    pub(super) fn is_no_partition_key(&self, table: ObjectId, column: &Column, verb: &str) -> Applied {
        let Some(partitioning) = self.schema.table(table).and_then(|table| table.partitioning.as_ref()) else { return Ok(()) };
        let relation = self.name_of(table);
        if partitioning.columns.contains(&Some(column.number)) {
            return self
                .refuse("42P16", format!("cannot {verb} column \"{}\" because it is part of the partition key of relation \"{relation}\"", column.name));
        }
        if partitioning.key.needs().contains(&Address::column(table, column.number)) {
            return self
                .refuse("42P16", format!("cannot {verb} column \"{}\" because it is part of the partition key of relation \"{relation}\"", column.name));
        }
        Ok(())
    }

    fn collect_dropped(&mut self, table: ObjectId, reach: Reach, column: &Column, addresses: &mut Vec<Address>) -> Applied {
        let children = self.children(table);
        let is_partitioned = self.schema.table(table).is_some_and(|table| table.kind == TableKind::Partitioned);
        if is_partitioned && reach == Reach::Alone && !children.is_empty() {
            return self.refuse("42P16", "cannot drop column from only the partitioned table when partitions exist");
        }
        for child in children {
            let Some(own) = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned() else { continue };
            match reach {
                Reach::WithChildren if own.inherited_from == 1 && !own.is_local => {
                    self.is_no_partition_key(child, &own, "drop")?;
                    self.collect_dropped(child, reach, &own, addresses)?;
                }
                Reach::WithChildren => self.change_column(child, own.number, |own| own.inherited_from = own.inherited_from.saturating_sub(1)),
                Reach::Alone => self.change_column(child, own.number, |own| {
                    own.inherited_from = own.inherited_from.saturating_sub(1);
                    own.is_local = true;
                }),
            }
        }
        addresses.push(Address::column(table, column.number));
        Ok(())
    }

    /// `DROP CONSTRAINT`.
    pub(super) fn drop_constraint(&mut self, table: ObjectId, reach: Reach, name: &Ident, if_exists: bool, behavior: DropBehavior) -> Applied {
        let Some(id) = self.constraint_named(table, &name.name) else {
            let message = format!("constraint \"{name}\" of relation \"{}\" does not exist", self.name_of(table));
            if if_exists {
                self.notice(format!("{message}, skipping"));
                return Ok(());
            }
            return self.refuse_at(name.span, "42704", message);
        };
        if self.schema.constraint(id).is_some_and(|constraint| constraint.inherited_from > 0) {
            let message = format!("cannot drop inherited constraint \"{name}\" of relation \"{}\"", self.name_of(table));
            return self.refuse_at(name.span, "42P16", message);
        }
        self.name_object(id);
        let mut addresses = Vec::new();
        self.collect_dropped_checks(table, reach, id, &name.name, &mut addresses);
        addresses.push(Address::whole(id));
        self.perform_deletion(&addresses, behavior)
    }

    fn collect_dropped_checks(&mut self, table: ObjectId, reach: Reach, id: ObjectId, name: &Name, addresses: &mut Vec<Address>) {
        let is_inherited_check = matches!(self.schema.constraint(id).map(|constraint| &constraint.kind), Some(ConstraintKind::Check { no_inherit: false, .. }));
        if !is_inherited_check {
            return;
        }
        for child in self.children(table) {
            let Some(own) = self.constraint_named(child, name) else { continue };
            let goes =
                reach == Reach::WithChildren && self.schema.constraint(own).is_some_and(|constraint| constraint.inherited_from == 1 && !constraint.is_local);
            if goes {
                self.collect_dropped_checks(child, reach, own, name, addresses);
                addresses.push(Address::whole(own));
                continue;
            }
            self.schema.update(own, |object| {
                if let ObjectBody::Constraint(constraint) = &mut object.body {
                    constraint.inherited_from = constraint.inherited_from.saturating_sub(1);
                    constraint.is_local |= reach == Reach::Alone;
                }
            });
        }
    }
}
