//! `pg_type`, `pg_enum`, `information_schema.domains`.

use super::super::relation::Answer;
use super::super::system_name::SystemKind;
use super::super::value::Datum;
use super::model::{Model, SYSTEM, not_kept, of_server};
use crate::schema::{ObjectBody, UserType};

impl Model<'_> {
    pub(super) fn types(self) -> Answer {
        let mut answer = Answer::new(&["oid", "typname", "typnamespace", "typtype", "typrelid", "typnotnull", "typcategory", "typowner"]);
        for object in self.objects() {
            let (letter, relation, not_null) = match &object.body {
                ObjectBody::Type(UserType::Enum { .. }) => ("e", Datum::Integer(0), false),
                ObjectBody::Type(UserType::Domain(domain)) => ("d", Datum::Integer(0), domain.not_null),
                ObjectBody::Type(UserType::Composite { .. }) | ObjectBody::Table(_) | ObjectBody::View(_) => ("c", Self::oid(object.id), false),
                ObjectBody::Type(UserType::Range { .. }) => ("r", Datum::Integer(0), false),
                ObjectBody::Type(UserType::Base { .. }) => ("b", Datum::Integer(0), false),
                ObjectBody::Type(UserType::Shell) => ("p", Datum::Integer(0), false),
                _ => continue,
            };
            let not_null = Datum::Boolean(not_null);
            let values = vec![
                Self::oid(object.id),
                Datum::name(&object.name),
                Self::namespace_of(object),
                Datum::text(letter),
                relation,
                not_null,
                not_kept(),
                not_kept(),
            ];
            self.put(&mut answer, object, values);
            self.array_of(object, &mut answer);
            if let ObjectBody::Type(UserType::Range { multirange: Some(name), .. }) = &object.body {
                let mut values = vec![not_kept(); 8];
                for (place, value) in [(1, Datum::Text(name.clone())), (2, Self::namespace_of(object)), (3, Datum::text("m"))] {
                    if let Some(slot) = values.get_mut(place) {
                        *slot = value;
                    }
                }
                self.put(&mut answer, object, values);
            }
        }
        let mut system = vec![Datum::unknown(SYSTEM); 8];
        for (slot, value) in system.iter_mut().zip([of_server(), Datum::SystemName(SystemKind::Type), of_server()]) {
            *slot = value;
        }
        answer.push_perhaps(system, SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(8, &[(0, &doubtful.id), (1, &doubtful.name)]));
        answer
    }

    /// The array type that every type has: `_name`, unless that name was taken.
    fn array_of(self, object: &crate::schema::Object, answer: &mut Answer) {
        let mut values = vec![not_kept(); 8];
        let name = Datum::text(format!("_{}", object.name));
        for (place, value) in [(1, name), (2, Self::namespace_of(object)), (3, Datum::text("b")), (4, Datum::Integer(0))] {
            if let Some(slot) = values.get_mut(place) {
                *slot = value;
            }
        }
        answer.push_perhaps(values, "the server chooses the names of array types");
    }

    pub(super) fn labels(self) -> Answer {
        let mut answer = Answer::new(&["oid", "enumtypid", "enumsortorder", "enumlabel"]);
        for object in self.objects() {
            let ObjectBody::Type(UserType::Enum { labels, .. }) = &object.body else { continue };
            for (_, label) in labels {
                self.put(&mut answer, object, vec![not_kept(), Self::oid(object.id), not_kept(), Datum::Text(label.clone())]);
            }
        }
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(4, &[(1, &doubtful.id)]));
        answer
    }

    pub(super) fn domains(self) -> Answer {
        let mut answer = Answer::new(&["domain_catalog", "domain_schema", "domain_name"]);
        for object in self.objects().filter(|object| matches!(object.body, ObjectBody::Type(UserType::Domain(_)))) {
            let values = vec![Datum::Same("current_database"), self.namespace_name(object), Datum::name(&object.name)];
            self.put(&mut answer, object, values);
        }
        answer.push_perhaps(vec![Datum::Same("current_database"), Datum::text("information_schema"), Datum::SystemName(SystemKind::Type)], SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(3, &[(1, &doubtful.schema), (2, &doubtful.name)]));
        answer
    }
}
