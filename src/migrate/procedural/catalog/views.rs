//! `pg_tables`, `pg_views`, `pg_matviews`, `pg_sequences`, `pg_stat_user_tables`, and `tables`, `views`, `sequences` of `information_schema`.
//!
//! `information_schema` shows what the role may use; a migration is taken to run as a role that may use everything.

use super::super::relation::Answer;
use super::super::system_name::SystemKind;
use super::super::value::Datum;
use super::model::{Model, SYSTEM, not_kept, relation_kind};
use crate::schema::{Object, ObjectBody, Persistence};

impl Model<'_> {
    pub(super) fn tables(self) -> Answer {
        self.relation_list(&["schemaname", "tablename", "tableowner", "rowsecurity"], &["r", "p"], |model, object| {
            let row_security = model.schema.table(object.id).is_some_and(|table| table.row_security);
            vec![model.namespace_name(object), Datum::name(&object.name), Self::owner_name(object), Datum::Boolean(row_security)]
        })
    }

    pub(super) fn views(self) -> Answer {
        self.relation_list(&["schemaname", "viewname", "viewowner", "definition"], &["v"], |model, object| {
            vec![model.namespace_name(object), Datum::name(&object.name), Self::owner_name(object), not_kept()]
        })
    }

    pub(super) fn materialized_views(self) -> Answer {
        self.relation_list(&["schemaname", "matviewname", "matviewowner", "ispopulated"], &["m"], |model, object| {
            let populated = model.schema.view(object.id).is_some_and(|view| view.populated);
            vec![model.namespace_name(object), Datum::name(&object.name), Self::owner_name(object), Datum::Boolean(populated)]
        })
    }

    pub(super) fn sequences(self) -> Answer {
        self.relation_list(&["schemaname", "sequencename", "sequenceowner"], &["S"], |model, object| {
            vec![model.namespace_name(object), Datum::name(&object.name), Self::owner_name(object)]
        })
    }

    pub(super) fn table_statistics(self) -> Answer {
        self.relation_list(&["relid", "schemaname", "relname", "n_live_tup"], &["r", "p", "m"], |model, object| {
            vec![Self::oid(object.id), model.namespace_name(object), Datum::name(&object.name), not_kept()]
        })
    }

    pub(super) fn listed_tables(self) -> Answer {
        self.relation_list(&["table_catalog", "table_schema", "table_name", "table_type"], &["r", "p", "v", "f"], |model, object| {
            let kind = match &object.body {
                ObjectBody::View(_) => "VIEW",
                ObjectBody::Table(table) if table.persistence == Persistence::Temporary => "LOCAL TEMPORARY",
                _ if relation_kind(object) == Some("f") => "FOREIGN",
                _ => "BASE TABLE",
            };
            vec![Datum::Same("current_database"), model.namespace_name(object), Datum::name(&object.name), Datum::text(kind)]
        })
    }

    pub(super) fn listed_views(self) -> Answer {
        self.relation_list(&["table_catalog", "table_schema", "table_name", "view_definition"], &["v"], |model, object| {
            vec![Datum::Same("current_database"), model.namespace_name(object), Datum::name(&object.name), not_kept()]
        })
    }

    pub(super) fn listed_sequences(self) -> Answer {
        self.relation_list(&["sequence_catalog", "sequence_schema", "sequence_name"], &["S"], |model, object| {
            vec![Datum::Same("current_database"), model.namespace_name(object), Datum::name(&object.name)]
        })
    }

    /// A view with one row for each relation of some kinds.
    pub(super) fn relation_list(self, columns: &[&str], kinds: &[&str], row: impl Fn(Self, &Object) -> Vec<Datum>) -> Answer {
        let mut answer = Answer::new(columns);
        let width = columns.len();
        for object in self.objects() {
            if relation_kind(object).is_some_and(|kind| kinds.contains(&kind)) {
                let values = row(self, object);
                self.put(&mut answer, object, values);
            }
        }
        let mut system = vec![Datum::unknown(SYSTEM); width];
        for (place, column) in columns.iter().enumerate() {
            let value = match *column {
                "schemaname" | "table_schema" | "view_schema" => Datum::SystemName(SystemKind::Schema),
                "tablename" | "viewname" | "matviewname" | "sequencename" | "table_name" | "relname" => Datum::SystemName(SystemKind::Relation),
                "table_catalog" | "sequence_catalog" => Datum::Same("current_database"),
                _ => continue,
            };
            if let Some(slot) = system.get_mut(place) {
                *slot = value;
            }
        }
        answer.push_perhaps(system, SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| {
            let mut values = vec![doubtful.unknown.clone(); width];
            for (place, column) in columns.iter().enumerate() {
                let value = match *column {
                    "schemaname" | "table_schema" | "sequence_schema" => doubtful.schema.clone(),
                    "tablename" | "viewname" | "matviewname" | "sequencename" | "table_name" | "sequence_name" | "relname" => doubtful.name.clone(),
                    "relid" => doubtful.id.clone(),
                    _ => continue,
                };
                if let Some(slot) = values.get_mut(place) {
                    *slot = value;
                }
            }
            values
        });
        answer
    }
}
