//! `pg_namespace`, `information_schema.schemata`, `pg_extension`, `pg_database`.

use super::super::relation::Answer;
use super::super::system_name::SystemKind;
use super::super::value::Datum;
use super::model::{Model, SYSTEM, of_server};
use crate::schema::ObjectBody;

impl Model<'_> {
    pub(super) fn namespaces(self) -> Answer {
        let mut answer = Answer::new(&["oid", "nspname", "nspowner"]);
        for object in self.schema.objects().filter(|object| matches!(object.body, ObjectBody::Schema)) {
            self.put(&mut answer, object, vec![Self::oid(object.id), Datum::name(&object.name), Datum::unknown("roles have no numbers here")]);
        }
        let system = vec![of_server(), Datum::SystemName(SystemKind::Schema), Datum::unknown(SYSTEM)];
        answer.push_perhaps(system, SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(3, &[(0, &doubtful.id), (1, &doubtful.name)]));
        answer
    }

    pub(super) fn schemata(self) -> Answer {
        let mut answer = Answer::new(&["catalog_name", "schema_name", "schema_owner"]);
        for object in self.schema.objects().filter(|object| matches!(object.body, ObjectBody::Schema)) {
            self.put(&mut answer, object, vec![Datum::Same("current_database"), Datum::name(&object.name), Self::owner_name(object)]);
        }
        answer.push_perhaps(vec![Datum::Same("current_database"), Datum::SystemName(SystemKind::Schema), Datum::unknown(SYSTEM)], SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(3, &[(0, &Datum::Same("current_database")), (1, &doubtful.name)]));
        answer
    }

    pub(super) fn extensions(self) -> Answer {
        let mut answer = Answer::new(&["oid", "extname", "extversion", "extnamespace"]);
        let mut has_plpgsql = false;
        for object in self.schema.objects() {
            let ObjectBody::Extension(extension) = &object.body else { continue };
            has_plpgsql |= object.name.as_str() == "plpgsql";
            let version = extension.version.as_ref().map_or_else(|| Datum::unknown("the version is not known"), |version| Datum::Text(version.clone()));
            let namespace = extension.schema.map_or(Datum::Null, Self::oid);
            self.put(&mut answer, object, vec![Self::oid(object.id), Datum::name(&object.name), version, namespace]);
        }
        if !has_plpgsql {
            // Every database has it unless somebody dropped it, and pg_dump does not write it.
            answer.push_perhaps(vec![Datum::unknown(SYSTEM), Datum::text("plpgsql"), Datum::unknown(SYSTEM), Datum::unknown(SYSTEM)], SYSTEM);
        }
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(4, &[(0, &doubtful.id), (1, &doubtful.name)]));
        answer
    }
}
