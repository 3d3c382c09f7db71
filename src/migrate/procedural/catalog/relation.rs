//! `pg_class`, `pg_attribute`, `pg_inherits`, `pg_attrdef`, `pg_partitioned_table`.

use super::super::relation::Answer;
use super::super::system_name::SystemKind;
use super::super::value::{Datum, Shown};
use super::model::{Model, SYSTEM, not_kept, of_server, persistence, relation_kind};
use crate::schema::{ColumnGeneration, Object, ObjectBody};
use crate::sql::tree::{GeneratedKind, IdentityKind};

const DROPPED: &str = "columns that were dropped earlier are not kept";

impl Model<'_> {
    pub(super) fn relations(self) -> Answer {
        let mut answer = Answer::new(&[
            "oid",
            "relname",
            "relnamespace",
            "relkind",
            "relpersistence",
            "relispartition",
            "relrowsecurity",
            "relforcerowsecurity",
            "reltype",
            "relowner",
            "reltuples",
            "relhasindex",
        ]);
        for object in self.objects() {
            let Some(kind) = relation_kind(object) else { continue };
            // Indexes of partitioned tables are `I`.
            let kind = match &object.body {
                ObjectBody::Index(index) if self.schema.table(index.table).is_some_and(|table| table.partitioning.is_some()) => "I",
                _ => kind,
            };
            let table = self.schema.table(object.id);
            let has_index = self.schema.on_table(object.id).iter().any(|id| self.schema.index(*id).is_some());
            let values = vec![
                Self::oid(object.id),
                Datum::name(&object.name),
                Self::namespace_of(object),
                Datum::text(kind),
                Datum::text(persistence(object)),
                Datum::Boolean(table.is_some_and(|table| table.partition_bound.is_some())),
                Datum::Boolean(table.is_some_and(|table| table.row_security)),
                Datum::Boolean(table.is_some_and(|table| table.force_row_security)),
                Self::oid(object.id),
                not_kept(),
                not_kept(),
                if has_index { Datum::Boolean(true) } else { not_kept() },
            ];
            self.put(&mut answer, object, values);
        }
        let mut system = vec![Datum::unknown(SYSTEM); 12];
        for (slot, value) in system.iter_mut().zip([of_server(), Datum::SystemName(SystemKind::Relation), of_server()]) {
            *slot = value;
        }
        answer.push_perhaps(system, SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(12, &[(0, &doubtful.id), (1, &doubtful.name)]));
        answer
    }

    pub(super) fn attributes(self) -> Answer {
        let mut answer = Answer::new(&[
            "attrelid",
            "attname",
            "atttypid",
            "attnum",
            "attnotnull",
            "atthasdef",
            "attisdropped",
            "attidentity",
            "attgenerated",
            "atttypmod",
            "attislocal",
            "attndims",
        ]);
        for object in self.objects() {
            if relation_kind(object).is_none() {
                continue;
            }
            self.columns_of(object, &mut answer);
        }
        // Columns of the catalogs themselves, and of relations that nobody understood.
        answer.push_perhaps(system_attribute(), SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(12, &[(0, &doubtful.id)]));
        answer
    }

    fn columns_of(self, object: &Object, answer: &mut Answer) {
        let relation = Self::oid(object.id);
        for column in self.schema.columns(object.id) {
            let identity = match &column.generation {
                ColumnGeneration::Identity(IdentityKind::Always, _) => "a",
                ColumnGeneration::Identity(IdentityKind::ByDefault, _) => "d",
                ColumnGeneration::None | ColumnGeneration::Default(_) | ColumnGeneration::Generated(..) => "",
            };
            let generated = match &column.generation {
                ColumnGeneration::Generated(_, GeneratedKind::Stored) => "s",
                ColumnGeneration::Generated(_, GeneratedKind::Virtual) => "v",
                ColumnGeneration::None | ColumnGeneration::Default(_) | ColumnGeneration::Identity(..) => "",
            };
            let values = vec![
                relation.clone(),
                Datum::name(&column.name),
                Datum::Type(column.data_type.clone(), Shown::Number),
                Datum::Column(object.id, column.number),
                Datum::Boolean(column.not_null),
                Datum::Boolean(matches!(column.generation, ColumnGeneration::Default(_) | ColumnGeneration::Generated(..))),
                Datum::Boolean(false),
                Datum::text(identity),
                Datum::text(generated),
                not_kept(),
                Datum::Boolean(column.is_local),
                not_kept(),
            ];
            self.put(answer, object, values);
        }
        if self.schema.table(object.id).is_none() {
            return;
        }
        for name in ["tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"] {
            let mut values = vec![not_kept(); 12];
            let known =
                [relation.clone(), Datum::text(name), not_kept(), Datum::Between(-6, -1), Datum::Boolean(true), Datum::Boolean(false), Datum::Boolean(false)];
            for (place, value) in values.iter_mut().zip(known) {
                *place = value;
            }
            self.put(answer, object, values);
        }
        let mut dropped = vec![Datum::unknown(DROPPED); 12];
        let known = [
            relation,
            Datum::text("........pg.dropped........"),
            Datum::Integer(0),
            Datum::Between(1, 1600),
            Datum::Boolean(false),
            Datum::Boolean(false),
            Datum::Boolean(true),
        ];
        for (place, value) in dropped.iter_mut().zip(known) {
            *place = value;
        }
        answer.push_perhaps(dropped, DROPPED);
    }

    pub(super) fn inheritance(self) -> Answer {
        let mut answer = Answer::new(&["inhrelid", "inhparent", "inhseqno", "inhdetachpending"]);
        for object in self.objects() {
            let parents = match &object.body {
                ObjectBody::Table(table) => table.parents.clone(),
                ObjectBody::Index(index) => index.parent.into_iter().collect(),
                _ => Vec::new(),
            };
            for (number, parent) in (1_i64..).zip(parents) {
                self.put(&mut answer, object, vec![Self::oid(object.id), Self::oid(parent), Datum::Integer(number), Datum::Boolean(false)]);
            }
        }
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(4, &[(0, &doubtful.id)]));
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(4, &[(1, &doubtful.id)]));
        answer
    }
}

/// A column of a relation of the server: its relation is none of the user's.
fn system_attribute() -> Vec<Datum> {
    let mut values = vec![Datum::unknown(SYSTEM); 12];
    if let Some(relation) = values.first_mut() {
        *relation = of_server();
    }
    values
}
