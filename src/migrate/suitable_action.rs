//! Which actions of `ALTER TABLE` suit which kinds of relation.
//!
//! In: a relation and an action. Out: nothing, or the refusal of the server.
//!
//! Source: PostgreSQL 15, ATPrepCmd and ATSimplePermissions (tablecmds.c).

use super::work::{Applied, Work};
use crate::schema::{ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{AlterTableAction, ViewKind};

impl Work<'_> {
    /// What a table alone can take (ATSimplePermissions).
    pub(super) fn must_be_a_table(&self, id: ObjectId, action: &AlterTableAction) -> Applied {
        let words = match action {
            AlterTableAction::AddColumn { .. } => "ADD COLUMN",
            AlterTableAction::DropColumn { .. } => "DROP COLUMN",
            AlterTableAction::AddConstraint(_) => "ADD CONSTRAINT",
            AlterTableAction::DropConstraint { .. } => "DROP CONSTRAINT",
            AlterTableAction::ValidateConstraint(_) => "VALIDATE CONSTRAINT",
            AlterTableAction::AlterConstraint(..) => "ALTER CONSTRAINT",
            AlterTableAction::Inherit(_) => "INHERIT",
            AlterTableAction::NoInherit(_) => "NO INHERIT",
            AlterTableAction::AttachPartition(..) => "ATTACH PARTITION",
            AlterTableAction::DetachPartition { .. } => "DETACH PARTITION",
            AlterTableAction::Trigger(..) => "ENABLE TRIGGER",
            AlterTableAction::Rule(..) => "ENABLE RULE",
            AlterTableAction::AlterColumn { .. }
            | AlterTableAction::RenameColumn { .. }
            | AlterTableAction::Rename(_)
            | AlterTableAction::RenameConstraint { .. }
            | AlterTableAction::SetSchema(_)
            | AlterTableAction::Owner(_)
            | AlterTableAction::OfType(_)
            | AlterTableAction::NotOfType
            | AlterTableAction::RowSecurity(_)
            | AlterTableAction::ReplicaIdentity(_)
            | AlterTableAction::SetUnlogged(_)
            | AlterTableAction::SetTablespace(_)
            | AlterTableAction::SetAccessMethod(_)
            | AlterTableAction::ClusterOn(_)
            | AlterTableAction::SetParameters(_)
            | AlterTableAction::ResetParameters(_)
            | AlterTableAction::Physical(_)
            | AlterTableAction::SwapWith(_) => return Ok(()),
        };
        let is_general = matches!(action, AlterTableAction::AddColumn { .. } | AlterTableAction::DropColumn { .. } | AlterTableAction::AddConstraint(_));
        if self.schema.table(id).is_some() || !is_general && self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let detail = format!("This operation is not supported for {}s.", self.relation_word(id).replace("index", "indexe"));
        self.refuse_with("42809", format!("ALTER action {words} cannot be performed on relation \"{}\"", self.name_of(id)), detail)
    }

    /// Which settings views, indexes and foreign tables have (ATSimplePermissions).
    pub(super) fn setting_suits_relation(&self, id: ObjectId, action: &AlterTableAction) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let is_foreign = self.schema.table(id).is_some_and(|table| table.kind == TableKind::Foreign);
        let is_table = self.schema.table(id).is_some() && !is_foreign;
        let is_view = self.schema.view(id).is_some_and(|view| view.kind == ViewKind::Plain);
        let is_stored_view = self.schema.view(id).is_some_and(|view| view.kind == ViewKind::Materialized);
        let is_partitioned = |index: &crate::schema::Index| self.schema.table(index.table).is_some_and(|table| table.kind == TableKind::Partitioned);
        let is_index = self.schema.index(id).is_some_and(|index| !is_partitioned(index));
        let is_partitioned_index =
            self.schema.index(id).and_then(|index| self.schema.table(index.table)).is_some_and(|table| table.kind == TableKind::Partitioned);
        let (word, suits) = match action {
            AlterTableAction::RowSecurity(_) => ("ENABLE ROW SECURITY", is_table),
            AlterTableAction::ReplicaIdentity(_) => ("REPLICA IDENTITY", is_table || is_stored_view),
            AlterTableAction::SetUnlogged(_) => {
                ("SET LOGGED", is_table || matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Sequence(_))))
            }
            AlterTableAction::ClusterOn(_) => ("CLUSTER ON", is_table || is_stored_view),
            AlterTableAction::SetAccessMethod(_) => ("SET ACCESS METHOD", is_table || is_stored_view),
            AlterTableAction::SetTablespace(_) => ("SET TABLESPACE", is_table || is_stored_view || is_index),
            AlterTableAction::SetParameters(_) => ("SET", is_table || is_stored_view || is_index && !is_partitioned_index || is_view),
            AlterTableAction::ResetParameters(_) => ("RESET", is_table || is_stored_view || is_index && !is_partitioned_index || is_view),
            AlterTableAction::OfType(_) | AlterTableAction::NotOfType => ("OF", is_table),
            _ => return Ok(()),
        };
        if suits {
            return Ok(());
        }
        let detail = format!("This operation is not supported for {}s.", self.relation_word(id).replace("index", "indexe"));
        self.refuse_with("42809", format!("ALTER action {word} cannot be performed on relation \"{}\"", self.name_of(id)), detail)
    }
}
