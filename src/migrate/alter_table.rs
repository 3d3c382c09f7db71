//! `ALTER TABLE`, and `ALTER VIEW`, `INDEX`, `SEQUENCE` where they share its actions: which relation, which order, which action.
//!
//! Source: PostgreSQL 15, ATPrepCmd and ATController (tablecmds.c): the actions of one statement run in passes: drops, type changes, new columns,
//! column attributes, keys, other constraints and defaults, the rest; the order written counts only inside a pass.

use std::sync::Arc;

use super::occasion::Occasion;
use super::reach::Reach;
use super::storage_parameter::own_parameters;
use super::work::{Applied, Work};
use crate::schema::{Address, ConstraintKind, ObjectBody, ObjectId, Persistence, TableKind};
use crate::sql::tree::{
    AlterColumn, AlterTable, AlterTableAction, ConstraintFlags, Ident, RelationKind, ReplicaIdentity, RowSecurity, StorageParameter, TableConstraintKind,
    ViewKind,
};
use crate::text::Spanned;

impl Work<'_> {
    /// `ALTER TABLE`.
    pub(super) fn alter_table(&mut self, statement: &AlterTable) -> Applied {
        for action in &statement.actions {
            // Said by the parser, before anything is looked for.
            if let AlterTableAction::AddConstraint(constraint) = &action.value {
                self.marks_suit(&constraint.kind, constraint.flags)?;
            }
        }
        self.is_no_system_relation(&statement.name)?;
        let id = match self.relation_if_any(&statement.name)? {
            Some(id) => id,
            None if statement.if_exists => {
                self.notice(format!("relation \"{}\" does not exist, skipping", statement.name.name));
                return Ok(());
            }
            None => return self.no_relation(&statement.name),
        };
        self.is_of_kind(id, statement.kind)?;
        self.is_no_composite_type(id, statement)?;
        self.types_change_once(statement)?;
        self.settings_are_said_once(statement)?;
        let reach = if statement.only { Reach::Alone } else { Reach::WithChildren };
        let mut ordered: Vec<&Spanned<AlterTableAction>> = statement.actions.iter().collect();
        ordered.sort_by_key(|action| pass(&action.value));
        for action in ordered {
            self.span = if statement.actions.len() > 1 { action.span } else { self.span };
            match self.table_action(id, reach, &action.value) {
                Err(stop) if Self::is_not_judged(&stop) && statement.actions.len() > 1 => self.keep_going(stop, &statement.name),
                other => other?,
            }
            self.end_part();
        }
        Ok(())
    }

    /// A composite type is changed by `ALTER TYPE`.
    fn is_no_composite_type(&self, id: ObjectId, statement: &AlterTable) -> Applied {
        let renames_a_column = statement.actions.iter().all(|action| matches!(action.value, AlterTableAction::RenameColumn { .. }));
        if statement.kind != RelationKind::CompositeType
            && !renames_a_column
            && matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Type(_)))
        {
            return self.refuse_with("42809", format!("\"{}\" is a composite type", self.name_of(id)), "Use ALTER TYPE instead.");
        }
        Ok(())
    }

    /// What one statement can say once only (ATPrepCmd).
    fn settings_are_said_once(&self, statement: &AlterTable) -> Applied {
        let times = |is: fn(&AlterTableAction) -> bool| statement.actions.iter().filter(|action| is(&action.value)).count();
        if times(|action| matches!(action, AlterTableAction::SetUnlogged(_))) > 1 {
            return self.refuse("42P16", "cannot change persistence setting twice");
        }
        Ok(())
    }

    fn types_change_once(&self, statement: &AlterTable) -> Applied {
        let mut changed: Vec<&Ident> = Vec::new();
        for action in &statement.actions {
            let AlterTableAction::AlterColumn { column, action: AlterColumn::Type { .. } } = &action.value else { continue };
            if changed.iter().any(|other| other.name == column.name) {
                return self.refuse_at(column.span, "0A000", format!("cannot alter type of column \"{column}\" twice"));
            }
            changed.push(column);
        }
        Ok(())
    }

    /// What kind of relation the statement may speak of.
    pub(super) fn is_of_kind(&self, id: ObjectId, kind: RelationKind) -> Applied {
        let name = self.name_of(id);
        let wrong = |word: &str| self.refuse("42809", format!("\"{name}\" is not {word}"));
        let body = self.schema.get(id).map(|object| &object.body);
        match (kind, body) {
            (RelationKind::View, Some(ObjectBody::View(view))) if view.kind == ViewKind::Plain => Ok(()),
            (RelationKind::View, _) => wrong("a view"),
            (RelationKind::MaterializedView, Some(ObjectBody::View(view))) if view.kind == ViewKind::Materialized => Ok(()),
            (RelationKind::MaterializedView, _) => wrong("a materialized view"),
            (RelationKind::Index, Some(ObjectBody::Index(_))) => Ok(()),
            (RelationKind::Index, _) => wrong("an index"),
            (RelationKind::Sequence, Some(ObjectBody::Sequence(_))) => Ok(()),
            (RelationKind::Sequence, _) => wrong("a sequence"),
            (RelationKind::ForeignTable, Some(ObjectBody::Table(table))) if table.kind == TableKind::Foreign => Ok(()),
            (RelationKind::ForeignTable, _) => wrong("a foreign table"),
            (RelationKind::Table | RelationKind::CompositeType, _) => Ok(()),
        }
    }

    /// One action of `ALTER VIEW`, `ALTER SEQUENCE` and the like.
    pub(super) fn alter_relation_action(&mut self, kind: RelationKind, id: ObjectId, action: &AlterTableAction) -> Applied {
        self.is_of_kind(id, kind)?;
        self.table_action(id, Reach::WithChildren, action)
    }

    fn table_action(&mut self, id: ObjectId, reach: Reach, action: &AlterTableAction) -> Applied {
        self.must_be_a_table(id, action)?;
        match action {
            AlterTableAction::AddColumn { if_not_exists, column, position } => {
                self.add_column(id, reach, column, *if_not_exists)?;
                match position {
                    Some(_) => self.unknown("the place of a new column is not modelled in this dialect", self.span, Vec::new()),
                    None => Ok(()),
                }
            }
            AlterTableAction::DropColumn { if_exists, column, behavior } => self.drop_column(id, reach, column, *if_exists, *behavior),
            AlterTableAction::AlterColumn { column, action } => self.alter_column(id, reach, column, action),
            AlterTableAction::RenameColumn { from, to } => self.rename_column(id, reach, from, to),
            AlterTableAction::Rename(to) => self.rename_relation(id, &to.name),
            AlterTableAction::RenameConstraint { from, to } => self.rename_constraint(id, reach, from, to),
            AlterTableAction::SetSchema(schema) => self.move_relation(id, schema),
            AlterTableAction::Owner(role) => self.set_owner(id, role),
            AlterTableAction::AddConstraint(constraint) => {
                self.has_children_only_when_reached(id, reach, constraint)?;
                self.reach = reach;
                let added = self.add_constraint(id, constraint, Occasion::OldTable);
                self.reach = Reach::WithChildren;
                added.map(|_| ())
            }
            AlterTableAction::DropConstraint { if_exists, name, behavior } => self.drop_constraint(id, reach, name, *if_exists, *behavior),
            AlterTableAction::ValidateConstraint(name) => self.validate_constraint(id, name),
            AlterTableAction::AlterConstraint(name, flags) => self.alter_constraint(id, name, *flags),
            AlterTableAction::Inherit(parent) => {
                self.name_object(id);
                self.inherit(id, parent)
            }
            AlterTableAction::NoInherit(parent) => {
                self.name_object(id);
                self.disinherit(id, parent)
            }
            AlterTableAction::AttachPartition(partition, bound) => self.attach_partition(id, partition, bound),
            AlterTableAction::DetachPartition { partition, concurrently } => {
                if *concurrently && self.in_transaction {
                    return self.refuse("25001", "ALTER TABLE ... DETACH CONCURRENTLY cannot run inside a transaction block");
                }
                self.detach_partition(id, partition, *concurrently)
            }
            AlterTableAction::Trigger(state, name) => self.set_trigger_state(id, reach, name.as_ref(), *state),
            AlterTableAction::Rule(state, name) => self.set_rule_state(id, name, *state),
            AlterTableAction::OfType(_)
            | AlterTableAction::NotOfType
            | AlterTableAction::RowSecurity(_)
            | AlterTableAction::ReplicaIdentity(_)
            | AlterTableAction::SetUnlogged(_)
            | AlterTableAction::SetTablespace(_)
            | AlterTableAction::SetAccessMethod(_)
            | AlterTableAction::ClusterOn(_)
            | AlterTableAction::SetParameters(_)
            | AlterTableAction::ResetParameters(_)
            | AlterTableAction::Physical(_) => self.change_settings(id, action),
            AlterTableAction::SwapWith(other) => {
                self.unknown("swapping two tables is not modelled in this dialect", self.span, vec![Arc::from(self.name_of(id)), Arc::from(other.to_string())])
            }
        }
    }

    fn has_children_only_when_reached(&self, id: ObjectId, reach: Reach, constraint: &crate::sql::tree::TableConstraint) -> Applied {
        let is_inherited_check = matches!(constraint.kind, TableConstraintKind::Check { no_inherit: false, .. });
        if reach == Reach::Alone && is_inherited_check && !self.children(id).is_empty() {
            return self.refuse("42P16", "constraint must be added to child tables too");
        }
        Ok(())
    }

    fn tablespace_exists(&self, space: &Ident) -> Applied {
        let known = space.name.as_str() == "pg_default" || self.schema.dialect.built_ins.is_none();
        if space.name.as_str() == "pg_global" && !known {
            return self.refuse_at(space.span, "22023", "only shared relations can be placed in pg_global tablespace");
        }
        if known || self.global_object(crate::sql::tree::ObjectKind::Tablespace, &space.name).is_some() {
            return Ok(());
        }
        self.refuse_at(space.span, "42704", format!("tablespace \"{space}\" does not exist"))
    }

    /// Whether tables can be stored that way.
    pub(super) fn table_method_exists(&self, method: &Ident) -> Applied {
        let name = method.name.as_str();
        let own = self.global_object(crate::sql::tree::ObjectKind::AccessMethod, &method.name).is_some();
        if name == "heap" || own || self.schema.dialect.built_ins.is_none() || self.has_unknown_extension() {
            return Ok(());
        }
        if ["btree", "hash", "gist", "gin", "spgist", "brin"].contains(&name) {
            return self.refuse_at(method.span, "55000", format!("access method \"{name}\" is not of type TABLE"));
        }
        self.refuse_at(method.span, "42704", format!("access method \"{name}\" does not exist"))
    }

    /// The tablespace that a statement names: there, and not written down when it is the default.
    pub(super) fn tablespace_of(&self, space: Option<&Ident>) -> Applied<Option<Arc<str>>> {
        let Some(space) = space else { return Ok(None) };
        self.tablespace_exists(space)?;
        Ok(Some(space.name.as_str()).filter(|name| *name != "pg_default").map(Arc::from))
    }

    /// Settings that are the table's alone.
    fn change_settings(&mut self, id: ObjectId, action: &AlterTableAction) -> Applied {
        self.name_object(id);
        self.setting_suits_relation(id, action)?;
        match action {
            AlterTableAction::RowSecurity(change) => self.schema.update_table(id, |table| match change {
                RowSecurity::Enable => table.row_security = true,
                RowSecurity::Disable => table.row_security = false,
                RowSecurity::Force => table.force_row_security = true,
                RowSecurity::NoForce => table.force_row_security = false,
            }),
            AlterTableAction::SetUnlogged(unlogged) => self.set_persistence(id, if *unlogged { Persistence::Unlogged } else { Persistence::Permanent })?,
            AlterTableAction::ReplicaIdentity(identity) => self.set_replica_identity(id, identity)?,
            AlterTableAction::SetTablespace(space) => {
                let space = self.tablespace_of(Some(space))?;
                self.set_option(id, "TABLESPACE", space.as_deref());
            }
            AlterTableAction::SetAccessMethod(method) => {
                self.table_method_exists(method)?;
                self.set_option(id, "ACCESS METHOD", Some(method.name.as_str()).filter(|name| *name != "heap"));
            }
            AlterTableAction::ClusterOn(index) => self.cluster_on(id, index.as_ref())?,
            AlterTableAction::SetParameters(parameters) => {
                if let Some(of) = self.parameters_of(id) {
                    if parameters.iter().any(|parameter| parameter.name == "oids") && self.schema.dialect.built_ins.is_some() {
                        return self.refuse("22023", "unrecognized parameter \"oids\"");
                    }
                    self.parameters_are_valid(of, parameters)?;
                }
                self.view_takes_parameters(id, parameters)?;
                self.set_parameters(id, parameters);
                self.settle_check_option(id, parameters);
            }
            AlterTableAction::ResetParameters(parameters) => {
                self.parameters_have_no_values(parameters)?;
                self.reset_parameters(id, parameters);
                self.settle_check_option(id, parameters);
            }
            AlterTableAction::Physical(words) if words == "SET WITHOUT OIDS" => {}
            AlterTableAction::Physical(words) if self.schema.dialect.built_ins.is_some() && words.contains("OPTIONS (") => {
                self.change_foreign_options(id, words)?;
            }
            AlterTableAction::Physical(words) => self.set_option(id, words, Some("")),
            AlterTableAction::OfType(name) => {
                let of_type = self.type_named(name)?;
                let Some(own) = of_type else {
                    return self.refuse_at(name.span(), "42704", format!("type \"{name}\" does not exist"));
                };
                self.columns_are_those_of(id, own)?;
                self.schema.update_table(id, |table| table.of_type = of_type);
            }
            AlterTableAction::NotOfType => {
                if self.schema.table(id).is_some_and(|table| table.of_type.is_none()) {
                    return self.refuse("42809", format!("\"{}\" is not a typed table", self.name_of(id)));
                }
                self.schema.update_table(id, |table| table.of_type = None);
            }
            _ => {}
        }
        Ok(())
    }

    /// A table that becomes one of a type has its columns, in its order (ATExecAddOf).
    fn columns_are_those_of(&self, id: ObjectId, of_type: ObjectId) -> Applied {
        if self.schema.table(id).is_some_and(|table| !table.parents.is_empty()) {
            return self.refuse("42809", "typed tables cannot inherit");
        }
        let (own, wanted) = (self.schema.columns(id), self.schema.columns(of_type));
        for (position, attribute) in wanted.iter().enumerate() {
            let Some(column) = own.get(position) else {
                return self.refuse("42804", format!("table is missing column \"{}\"", attribute.name));
            };
            if column.name != attribute.name {
                return self.refuse("42804", format!("table has column \"{}\" where type requires \"{}\"", column.name, attribute.name));
            }
            if column.data_type != attribute.data_type {
                return self.refuse("42804", format!("table \"{}\" has different type for column \"{}\"", self.name_of(id), column.name));
            }
        }
        match own.get(wanted.len()) {
            Some(extra) => self.refuse("42804", format!("table has extra column \"{}\"", extra.name)),
            None => Ok(()),
        }
    }

    fn set_replica_identity(&mut self, id: ObjectId, identity: &ReplicaIdentity) -> Applied {
        let (address, word) = match identity {
            ReplicaIdentity::Default => (None, None),
            ReplicaIdentity::Full => (None, Some("FULL")),
            ReplicaIdentity::Nothing => (None, Some("NOTHING")),
            ReplicaIdentity::Index(name) => match self.index_beside(id, &name.name) {
                Some(index) if self.schema.index(index).is_some_and(|body| !body.unique) => {
                    return self.refuse_at(name.span, "42809", format!("cannot use non-unique index \"{name}\" as replica identity"));
                }
                Some(index) => {
                    self.index_can_identify(id, index)?;
                    (Some(Address::whole(index)), None)
                }
                None => return self.refuse_at(name.span, "42704", format!("index \"{name}\" for table \"{}\" does not exist", self.name_of(id))),
            },
        };
        self.schema.update_table(id, |table| {
            table.replica_identity = address;
            table.replica_identity_word = word.map(Arc::from);
        });
        Ok(())
    }

    /// The columns of the index must say which row it is (ATExecReplicaIdentity).
    fn index_can_identify(&self, table: ObjectId, index: ObjectId) -> Applied {
        let name = self.name_of(index);
        let Some(body) = self.schema.index(index) else { return Ok(()) };
        if body.table != table {
            return self.refuse("42809", format!("\"{name}\" is not an index for table \"{}\"", self.name_of(table)));
        }
        if body.keys.iter().any(|key| key.column.is_none()) {
            return self.refuse("0A000", format!("cannot use expression index \"{name}\" as replica identity"));
        }
        if body.predicate.is_some() {
            return self.refuse("0A000", format!("cannot use partial index \"{name}\" as replica identity"));
        }
        let mut columns = body.keys.iter().filter_map(|key| self.schema.column(table, key.column?));
        match columns.find(|column| !column.not_null) {
            Some(column) => self.refuse("42809", format!("index \"{name}\" cannot be used as replica identity because column \"{}\" is nullable", column.name)),
            None => Ok(()),
        }
    }

    pub(super) fn set_option(&mut self, id: ObjectId, word: &str, value: Option<&str>) {
        self.schema.update(id, |object| match &mut object.body {
            ObjectBody::Table(table) => {
                table.options.retain(|(own, _)| &**own != word);
                if let Some(value) = value {
                    table.options.push((Arc::from(word), Arc::from(value)));
                    table.options.sort();
                }
            }
            ObjectBody::Index(index) if word == "TABLESPACE" => index.tablespace = value.map(Arc::from),
            _ => {}
        });
    }

    /// `SET (…)` of any relation.
    pub(super) fn set_parameters(&mut self, id: ObjectId, written: &[StorageParameter]) {
        let new = own_parameters(written);
        self.change_parameters(id, |own| {
            // What is set again goes to the end (transformRelOptions, reloptions.c, 15).
            own.retain(|(name, _)| !new.iter().any(|(other, _)| other == name));
            own.extend(new);
        });
    }

    /// `RESET (…)` of any relation.
    pub(super) fn reset_parameters(&mut self, id: ObjectId, written: &[StorageParameter]) {
        self.change_parameters(id, |own| own.retain(|(name, _)| !written.iter().any(|parameter| parameter.name == **name)));
    }

    fn change_parameters(&mut self, id: ObjectId, change: impl FnOnce(&mut Vec<(Arc<str>, Arc<str>)>)) {
        self.schema.update(id, |object| match &mut object.body {
            ObjectBody::Table(table) => change(&mut table.parameters),
            ObjectBody::View(view) => change(&mut view.parameters),
            ObjectBody::Index(index) => change(&mut index.parameters),
            _ => {}
        });
    }

    fn validate_constraint(&mut self, table: ObjectId, name: &Ident) -> Applied {
        let Some(id) = self.constraint_named(table, &name.name) else {
            return self.refuse_at(name.span, "42704", format!("constraint \"{name}\" of relation \"{}\" does not exist", self.name_of(table)));
        };
        self.name_object(id);
        let Some(constraint) = self.schema.constraint(id).cloned() else { return Ok(()) };
        let is_check = matches!(constraint.kind, ConstraintKind::Check { .. });
        if !is_check && !matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
            return self.refuse_at(
                name.span,
                "42809",
                format!("constraint \"{name}\" of relation \"{}\" is not a foreign key or check constraint", self.name_of(table)),
            );
        }
        if constraint.validated {
            return Ok(());
        }
        match &constraint.kind {
            ConstraintKind::Check { expression, .. } => self.rows_must_satisfy_check(table, name.name.as_str(), expression),
            ConstraintKind::ForeignKey(key) => self.rows_must_refer(table, key),
            _ => {}
        }
        self.schema.update(id, |object| {
            if let ObjectBody::Constraint(constraint) = &mut object.body {
                constraint.validated = true;
            }
        });
        if is_check {
            for child in self.children(table) {
                if self.constraint_named(child, &name.name).is_some() {
                    self.validate_constraint(child, name)?;
                }
            }
        }
        Ok(())
    }

    fn alter_constraint(&mut self, table: ObjectId, name: &Ident, flags: ConstraintFlags) -> Applied {
        let Some(id) = self.constraint_named(table, &name.name) else {
            return self.refuse_at(name.span, "42704", format!("constraint \"{name}\" of relation \"{}\" does not exist", self.name_of(table)));
        };
        self.name_object(id);
        if !matches!(self.schema.constraint(id).map(|constraint| &constraint.kind), Some(ConstraintKind::ForeignKey(_))) {
            let message = format!("constraint \"{name}\" of relation \"{}\" is not a foreign key constraint", self.name_of(table));
            return self.refuse_at(name.span, "42809", message);
        }
        self.schema.update(id, |object| {
            if let ObjectBody::Constraint(constraint) = &mut object.body {
                constraint.deferrability = flags.deferrability.unwrap_or(crate::sql::tree::Deferrability::NotDeferrable);
            }
        });
        Ok(())
    }
}

/// The pass in which an action runs.
fn pass(action: &AlterTableAction) -> u8 {
    match action {
        AlterTableAction::DropColumn { .. }
        | AlterTableAction::DropConstraint { .. }
        | AlterTableAction::AlterColumn {
            action: AlterColumn::DropDefault | AlterColumn::DropNotNull | AlterColumn::DropExpression { .. } | AlterColumn::DropIdentity { .. },
            ..
        } => 0,
        AlterTableAction::AlterColumn { action: AlterColumn::Type { .. }, .. } => 1,
        AlterTableAction::AddColumn { .. } => 2,
        AlterTableAction::AlterColumn { action: AlterColumn::SetNotNull | AlterColumn::SetIdentity(..) | AlterColumn::SetExpression(_), .. } => 3,
        AlterTableAction::AddConstraint(constraint) => match constraint.kind {
            TableConstraintKind::PrimaryKey { .. }
            | TableConstraintKind::Unique { .. }
            | TableConstraintKind::UsingIndex { .. }
            | TableConstraintKind::Exclude { .. } => 4,
            TableConstraintKind::Check { .. } | TableConstraintKind::NotNull { .. } | TableConstraintKind::ForeignKey { .. } => 5,
        },
        AlterTableAction::AlterColumn { action: AlterColumn::SetDefault(_) | AlterColumn::AddIdentity(..), .. } => 5,
        _ => 6,
    }
}
