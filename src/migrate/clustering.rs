//! The index that a table is ordered by, and whether its changes are logged.
//!
//! Source: PostgreSQL 15, check_index_is_clusterable (cluster.c), ATPrepChangePersistence and ATExecClusterOn (tablecmds.c).

use super::work::{Applied, Work};
use crate::schema::{Address, ConstraintKind, IndexState, ObjectBody, ObjectId, Persistence, TableKind};
use crate::sql::tree::Ident;

/// The word that the index stands under in the settings of a table.
const CLUSTER: &str = "CLUSTER ON";

impl Work<'_> {
    /// `CLUSTER ON i`, `SET WITHOUT CLUSTER`.
    pub(super) fn cluster_on(&mut self, table: ObjectId, index: Option<&Ident>) -> Applied {
        if let Some(index) = index {
            self.index_can_order(table, index)?;
        }
        if self.schema.table(table).is_some_and(|body| body.kind == TableKind::Partitioned) {
            return self.refuse("0A000", "cannot mark index clustered in partitioned table");
        }
        self.set_option(table, CLUSTER, index.map(|index| index.name.as_str()));
        Ok(())
    }

    /// Whether a table can be put in the order of an index.
    pub(super) fn index_can_order(&self, table: ObjectId, index: &Ident) -> Applied {
        let found = self.index_beside(table, &index.name);
        let Some(body) = found.and_then(|found| self.schema.index(found)) else {
            return self.refuse_at(index.span, "42704", format!("index \"{index}\" for table \"{}\" does not exist", self.name_of(table)));
        };
        if body.table != table {
            return self.refuse_at(index.span, "42809", format!("\"{index}\" is not an index for table \"{}\"", self.name_of(table)));
        }
        if !matches!(&*body.method, "btree" | "gist") {
            return self.refuse_at(index.span, "0A000", format!("cannot cluster on index \"{index}\" because access method does not support clustering"));
        }
        if body.predicate.is_some() {
            return self.refuse_at(index.span, "0A000", format!("cannot cluster on partial index \"{index}\""));
        }
        if body.state == IndexState::Invalid {
            return self.refuse_at(index.span, "0A000", format!("cannot cluster on invalid index \"{index}\""));
        }
        Ok(())
    }

    /// The order of a table follows its index: another name, or none when the index goes.
    pub(super) fn order_follows_index(&mut self, index: ObjectId, to: Option<&str>) {
        let Some(table) = self.schema.index(index).map(|body| body.table) else { return };
        let name = self.name_of(index);
        let is_ordered = self.schema.table(table).is_some_and(|body| body.options.iter().any(|(word, value)| &**word == CLUSTER && **value == *name));
        if is_ordered {
            self.set_option(table, CLUSTER, to);
        }
    }

    /// `SET LOGGED`, `SET UNLOGGED`: a logged table refers to logged ones only.
    pub(super) fn set_persistence(&mut self, id: ObjectId, persistence: Persistence) -> Applied {
        let own = self.schema.table(id).map(|table| (table.persistence, table.kind));
        if own.is_some_and(|(_, kind)| kind == TableKind::Partitioned) {
            return Ok(());
        }
        let is_temporary_sequence =
            matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Sequence(sequence)) if sequence.persistence == Persistence::Temporary);
        if is_temporary_sequence || own.is_some_and(|(own, _)| own == Persistence::Temporary) {
            return self.refuse("42P16", format!("cannot change logged status of table \"{}\" because it is temporary", self.name_of(id)));
        }
        if own.is_some_and(|(own, _)| own != persistence) {
            self.keys_allow_persistence(id, persistence)?;
        }
        self.schema.update(id, |object| match &mut object.body {
            ObjectBody::Table(table) => table.persistence = persistence,
            ObjectBody::Sequence(sequence) => sequence.persistence = persistence,
            _ => {}
        });
        for sequence in self.identity_sequences(id) {
            self.schema.update(sequence, |object| {
                if let ObjectBody::Sequence(sequence) = &mut object.body {
                    sequence.persistence = persistence;
                }
            });
        }
        Ok(())
    }

    fn keys_allow_persistence(&self, id: ObjectId, persistence: Persistence) -> Applied {
        let name = self.name_of(id);
        let of = |table: ObjectId| self.schema.table(table).map(|table| table.persistence);
        if persistence == Persistence::Permanent {
            for constraint in self.schema.on_table(id).into_iter().filter_map(|id| self.schema.constraint(id)) {
                let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
                if key.references != id && of(key.references) == Some(Persistence::Unlogged) {
                    let other = self.name_of(key.references);
                    return self.refuse("42P16", format!("could not change table \"{name}\" to logged because it references unlogged table \"{other}\""));
                }
            }
            return Ok(());
        }
        for dependency in self.schema.dependencies().on_object(id) {
            let Some(constraint) = self.schema.constraint(dependency.dependent.object) else { continue };
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            if key.references == id && constraint.owner != id && of(constraint.owner) == Some(Persistence::Permanent) {
                let other = self.name_of(constraint.owner);
                return self.refuse("42P16", format!("could not change table \"{name}\" to unlogged because it references logged table \"{other}\""));
            }
        }
        Ok(())
    }

    /// Refuses a column without `NOT NULL` that says which row it is (ATExecDropNotNull).
    pub(super) fn identifies_no_row(&self, table: ObjectId, column: crate::schema::ColumnNumber, name: &str) -> Applied {
        let index = self.schema.table(table).and_then(|table| table.replica_identity).map(|address: Address| address.object);
        let holds = index.and_then(|index| self.schema.index(index)).is_some_and(|index| index.keys.iter().any(|key| key.column == Some(column)));
        if holds {
            return self.refuse("42P16", format!("column \"{name}\" is in index used as replica identity"));
        }
        Ok(())
    }
}
