//! Foreign keys: what they point to, and whether that can be pointed to.
//!
//! Source: PostgreSQL 15, ATAddForeignKeyConstraint, transformFkeyGetPrimaryKey and transformFkeyCheckAttrs (tablecmds.c).

use super::naming::index_name_addition;
use super::occasion::Occasion;
use super::reach::Reach;
use super::work::{Applied, Work};
use crate::schema::{Column, ColumnNumber, Constraint, ConstraintKind, ForeignKey, IndexState, ObjectBody, ObjectId, Persistence, TableKind};
use crate::sql::tree::{ConstraintFlags, Deferrability, ForeignKeyAction, Ident, References};

impl Work<'_> {
    /// `FOREIGN KEY (…) REFERENCES …`.
    pub(super) fn add_foreign_key(
        &mut self,
        table: ObjectId,
        name: Option<&Ident>,
        columns: &[Ident],
        references: &References,
        flags: ConstraintFlags,
        occasion: Occasion,
    ) -> Applied<ObjectId> {
        let referenced = self.relation(&references.table)?;
        let table_name = self.name_of(table);
        let name = match name {
            Some(name) => {
                self.constraint_name_is_free(table, &name.name)?;
                name.name.clone()
            }
            None => {
                let addition = index_name_addition(columns.iter().map(|column| column.name.as_str()));
                match self.namespace_of(table) {
                    Some(namespace) => self.choose_constraint_name(&table_name, Some(&addition), "fkey", namespace, &[]),
                    None => return self.refuse("3F000", "no schema has been selected to create in"),
                }
            }
        };
        self.can_be_referenced(table, referenced, references)?;
        let own = self.foreign_columns(table, columns)?;
        self.actions_fit_generated_columns(&own, references)?;
        let (others, index) = self.referenced_key(referenced, references)?;
        if own.len() != others.len() {
            return self.refuse("42830", "number of referencing and referenced columns for foreign key disagree");
        }
        for (column, other) in own.iter().zip(&others) {
            if !self.are_comparable(&column.data_type, &other.data_type) {
                return self.refuse_with(
                    "42804",
                    format!("foreign key constraint \"{name}\" cannot be implemented"),
                    format!(
                        "Key columns \"{}\" and \"{}\" are of incompatible types: {} and {}.",
                        column.name,
                        other.name,
                        self.shown_type(&column.data_type),
                        self.shown_type(&other.data_type)
                    ),
                );
            }
        }
        let on_delete_columns = self.foreign_columns(table, &references.on_delete_columns)?;
        if let Some(other) = on_delete_columns.iter().find(|column| !own.iter().any(|own| own.number == column.number)) {
            return self.refuse("42P10", format!("column \"{}\" referenced in ON DELETE SET action must be part of foreign key", other.name));
        }
        let is_partitioned = |id| self.schema.table(id).is_some_and(|body| body.kind == TableKind::Partitioned);
        if is_partitioned(table) {
            let (name, other) = (self.name_of(table), self.name_of(referenced));
            if self.reach == Reach::Alone {
                return self.refuse("42809", format!("cannot use ONLY for foreign key on partitioned table \"{name}\" referencing relation \"{other}\""));
            }
            if flags.not_valid {
                return self.refuse("42809", format!("cannot add NOT VALID foreign key on partitioned table \"{name}\" referencing relation \"{other}\""));
            }
        }
        let key = ForeignKey {
            columns: numbers(&own),
            references: referenced,
            referenced_columns: numbers(&others),
            referenced_index: index,
            matching: references.matching,
            on_delete: references.on_delete,
            on_delete_columns: numbers(&on_delete_columns),
            on_update: references.on_update,
        };
        if occasion == Occasion::OldTable && !flags.not_valid {
            self.rows_must_refer(table, &key);
        }
        let id = self.insert_constraint(table, name, ConstraintKind::ForeignKey(key), flags);
        self.pass_foreign_key_on(table, id);
        Ok(id)
    }

    fn can_be_referenced(&self, table: ObjectId, referenced: ObjectId, references: &References) -> Applied {
        let span = references.table.span();
        let Some(other) = self.schema.table(referenced).filter(|other| other.kind != TableKind::Foreign) else {
            return self.refuse_at(span, "42809", format!("referenced relation \"{}\" is not a table", self.name_of(referenced)));
        };
        let message = match (self.schema.table(table).map(|own| own.persistence), other.persistence) {
            (Some(Persistence::Permanent), Persistence::Unlogged | Persistence::Temporary) => {
                "constraints on permanent tables may reference only permanent tables"
            }
            (Some(Persistence::Unlogged), Persistence::Temporary) => "constraints on unlogged tables may reference only permanent or unlogged tables",
            (Some(Persistence::Temporary), Persistence::Permanent | Persistence::Unlogged) => {
                "constraints on temporary tables may reference only temporary tables"
            }
            _ => return Ok(()),
        };
        self.refuse_at(span, "42P16", message)
    }

    fn foreign_columns(&self, table: ObjectId, names: &[Ident]) -> Applied<Vec<Column>> {
        let find = |name: &Ident| match self.schema.columns(table).iter().find(|column| column.name == name.name) {
            Some(column) => Ok(column.clone()),
            None => self.refuse_at(name.span, "42703", format!("column \"{name}\" referenced in foreign key constraint does not exist")),
        };
        names.iter().map(find).collect()
    }

    fn actions_fit_generated_columns(&self, columns: &[Column], references: &References) -> Applied {
        let is_generated = columns.iter().any(|column| matches!(column.generation, crate::schema::ColumnGeneration::Generated(..)));
        let sets = |action| matches!(action, ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault);
        if is_generated && (sets(references.on_update) || references.on_update == ForeignKeyAction::Cascade) {
            return self.refuse("42601", "invalid ON UPDATE action for foreign key constraint containing generated column");
        }
        if is_generated && sets(references.on_delete) {
            return self.refuse("42601", "invalid ON DELETE action for foreign key constraint containing generated column");
        }
        Ok(())
    }

    /// The columns that are referenced, and the index that makes them unique.
    fn referenced_key(&self, referenced: ObjectId, references: &References) -> Applied<(Vec<Column>, Option<ObjectId>)> {
        let name = self.name_of(referenced);
        let span = references.table.span();
        if references.columns.is_empty() {
            let Some((constraint, columns)) = self.primary_key(referenced) else {
                return self.refuse_at(span, "42704", format!("there is no primary key for referenced table \"{name}\""));
            };
            let body = self.schema.constraint(constraint);
            if body.is_some_and(|body| body.deferrability != Deferrability::NotDeferrable) {
                return self.refuse_at(span, "55000", format!("cannot use a deferrable primary key for referenced table \"{name}\""));
            }
            let index = body.and_then(|body| match body.kind {
                ConstraintKind::PrimaryKey { index, .. } => Some(index),
                _ => None,
            });
            let columns = columns.iter().filter_map(|number| self.schema.column(referenced, *number).cloned()).collect();
            return Ok((columns, index));
        }
        let columns = self.foreign_columns(referenced, &references.columns)?;
        for (position, column) in columns.iter().enumerate() {
            if columns.iter().take(position).any(|before| before.number == column.number) {
                return self.refuse_at(span, "42830", "foreign key referenced-columns list must not contain duplicates");
            }
        }
        let wanted = {
            let mut wanted = numbers(&columns);
            wanted.sort_unstable();
            wanted
        };
        let mut deferrable = false;
        for id in self.schema.on_table(referenced) {
            let Some(index) = self.schema.index(id) else { continue };
            let mut own: Vec<ColumnNumber> = index.keys.iter().filter_map(|key| key.column).collect();
            own.sort_unstable();
            let fits = index.unique && index.state == IndexState::Valid && index.predicate.is_none() && own.len() == index.keys.len() && own == wanted;
            if !fits {
                continue;
            }
            let constraint = self.constraint_of_index(id).and_then(|constraint| self.schema.constraint(constraint));
            if constraint.is_some_and(|constraint| constraint.deferrability != Deferrability::NotDeferrable) {
                deferrable = true;
                continue;
            }
            return Ok((columns, Some(id)));
        }
        if deferrable {
            return self.refuse_at(span, "55000", format!("cannot use a deferrable unique constraint for referenced table \"{name}\""));
        }
        self.refuse_at(span, "42830", format!("there is no unique constraint matching given keys for referenced table \"{name}\""))
    }

    /// A foreign key of a partitioned table is one of each partition too.
    fn pass_foreign_key_on(&mut self, table: ObjectId, key: ObjectId) {
        if self.schema.table(table).is_none_or(|table| table.kind != TableKind::Partitioned) {
            return;
        }
        for child in self.children(table) {
            if let Some(copy) = self.copy_foreign_key(table, key, child) {
                self.pass_foreign_key_on(child, copy);
            }
        }
    }

    /// A foreign key of a partitioned table, copied to a partition.
    pub(super) fn copy_foreign_key(&mut self, parent: ObjectId, key: ObjectId, child: ObjectId) -> Option<ObjectId> {
        let object = self.schema.get(key)?.clone();
        let ObjectBody::Constraint(constraint) = &object.body else { return None };
        let ConstraintKind::ForeignKey(foreign) = &constraint.kind else { return None };
        let translate = |columns: &[ColumnNumber]| -> Vec<ColumnNumber> { columns.iter().map(|number| self.same_column(parent, *number, child)).collect() };
        let columns = translate(&foreign.columns);
        let on_delete_columns = translate(&foreign.on_delete_columns);
        let namespace = self.namespace_of(child)?;
        let name = if self.constraint_named(child, &object.name).is_some() {
            let names: Vec<String> = columns.iter().filter_map(|number| self.schema.column(child, *number)).map(|column| column.name.to_string()).collect();
            let addition = index_name_addition(names.iter().map(String::as_str));
            self.choose_constraint_name(&self.name_of(child), Some(&addition), "fkey", namespace, &[])
        } else {
            object.name.clone()
        };
        let kind = ConstraintKind::ForeignKey(ForeignKey { columns, on_delete_columns, ..foreign.clone() });
        let copy = Constraint { owner: child, kind, inherited_from: 1, is_local: false, parent: Some(key), ..constraint.clone() };
        Some(self.schema.insert(name, Some(namespace), ObjectBody::Constraint(copy)))
    }

    /// The column of a child that stands for a column of its parent.
    pub(super) fn same_column(&self, parent: ObjectId, number: ColumnNumber, child: ObjectId) -> ColumnNumber {
        let name = self.schema.column(parent, number).map(|column| &column.name);
        self.schema.columns(child).iter().find(|column| Some(&column.name) == name).map_or(number, |column| column.number)
    }
}

fn numbers(columns: &[Column]) -> Vec<ColumnNumber> {
    columns.iter().map(|column| column.number).collect()
}
