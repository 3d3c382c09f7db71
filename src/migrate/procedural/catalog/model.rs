//! What all relations of the catalog are made from: the schema and a few ways to say a value.

use std::sync::Arc;

use super::super::relation::Answer;
use super::super::value::{Datum, Shown};
use crate::name::Name;
use crate::schema::{Object, ObjectBody, ObjectId, Persistence, Schema, TableKind};
use crate::sql::tree::ViewKind;

/// Why a row of the catalog may be there.
pub(super) const SYSTEM: &str = "what the server brings along is not listed";

/// The identity of something that the server brings along: none of the user's.
pub(super) fn of_server() -> Datum {
    Datum::Phantom(Arc::from("the server's own"))
}

/// The schema that the catalog is made from.
#[derive(Clone, Copy)]
pub(in super::super) struct Model<'s> {
    /// The model's schema.
    pub(super) schema: &'s Schema,
}

impl<'s> Model<'s> {
    /// The identity of an object as a number.
    pub(super) fn oid(id: ObjectId) -> Datum {
        Datum::Object(id, Shown::Number)
    }

    /// The identity of an object's namespace.
    pub(super) fn namespace_of(object: &Object) -> Datum {
        object.namespace.map_or(Datum::Null, Self::oid)
    }

    /// The name of an object's namespace.
    pub(super) fn namespace_name(self, object: &Object) -> Datum {
        object.namespace.and_then(|id| self.schema.get(id)).map_or(Datum::Null, |namespace| Datum::name(&namespace.name))
    }

    /// The name of the role that an object belongs to.
    pub(super) fn owner_name(object: &Object) -> Datum {
        object.owner.as_ref().map_or_else(|| Datum::unknown("who owns it is not known"), Datum::name)
    }

    /// The objects of the user: those of `pg_catalog` are the server's.
    pub(super) fn objects(self) -> impl Iterator<Item = &'s Object> {
        let system = self.schema.namespace(&Name::stored("pg_catalog"));
        self.schema.objects().filter(move |object| object.namespace.is_none() || object.namespace != system)
    }

    /// Adds a row about an object: one that may be there, when it is not certain what became of the object or of what it hangs on.
    pub(super) fn put(self, answer: &mut Answer, object: &Object, values: Vec<Datum>) {
        match self.doubt(object) {
            Some(reason) => answer.push_perhaps(values, reason),
            None => answer.push(values),
        }
    }

    /// Adds rows that may be there for each name of which nothing is certain.
    pub(super) fn with_doubtful(self, answer: &mut Answer, row: impl Fn(&Doubtful) -> Vec<Datum>) {
        if self.schema.unknown_names().next().is_none() {
            return;
        }
        for (name, reason) in self.schema.unknown_names() {
            let unknown = Datum::Unknown(super::super::value::Shape::Anything, Arc::clone(reason));
            let phantom = Doubtful { id: Datum::Phantom(Arc::from(name.as_str())), name: Datum::name(name), schema: unknown.clone(), unknown };
            answer.push_perhaps(row(&phantom), Arc::clone(reason));
        }
        for object in self.objects() {
            if let Some(reason) = self.schema.why_unknown(&object.name) {
                let unknown = Datum::Unknown(super::super::value::Shape::Anything, Arc::clone(reason));
                let schema = self.namespace_name(object);
                let doubtful = Doubtful { id: Self::oid(object.id), name: Datum::name(&object.name), schema, unknown };
                answer.push_perhaps(row(&doubtful), Arc::clone(reason));
            }
        }
    }

    fn doubt(self, object: &Object) -> Option<Arc<str>> {
        let table = match &object.body {
            ObjectBody::Index(index) => Some(index.table),
            ObjectBody::Constraint(constraint) => Some(constraint.owner),
            ObjectBody::Trigger(trigger) => trigger.table,
            ObjectBody::Policy(policy) => Some(policy.table),
            ObjectBody::Rule(rule) => Some(rule.table),
            ObjectBody::Other(other) => other.table,
            ObjectBody::Schema
            | ObjectBody::Table(_)
            | ObjectBody::View(_)
            | ObjectBody::Sequence(_)
            | ObjectBody::Type(_)
            | ObjectBody::Function(_)
            | ObjectBody::Extension(_) => None,
        };
        let of_table = table.and_then(|id| self.schema.get(id)).and_then(|table| self.schema.why_unknown(&table.name));
        self.schema.why_unknown(&object.name).or(of_table).cloned()
    }
}

/// Something of a name of which nothing is certain.
pub(super) struct Doubtful {
    /// Its identity.
    pub(super) id: Datum,
    /// Its name.
    pub(super) name: Datum,
    /// The name of its schema.
    pub(super) schema: Datum,
    /// A value that is not known.
    pub(super) unknown: Datum,
}

impl Doubtful {
    /// A row of that many columns in which some are known.
    pub(super) fn row(&self, columns: usize, known: &[(usize, &Datum)]) -> Vec<Datum> {
        let mut values = vec![self.unknown.clone(); columns];
        for (place, value) in known {
            if let Some(slot) = values.get_mut(*place) {
                *slot = (*value).clone();
            }
        }
        values
    }
}

/// `relkind`.
pub(super) fn relation_kind(object: &Object) -> Option<&'static str> {
    Some(match &object.body {
        ObjectBody::Table(table) => match table.kind {
            TableKind::Ordinary => "r",
            TableKind::Foreign => "f",
            TableKind::Partitioned => "p",
        },
        ObjectBody::View(view) => match view.kind {
            ViewKind::Plain => "v",
            ViewKind::Materialized => "m",
        },
        ObjectBody::Index(_) => "i",
        ObjectBody::Sequence(_) => "S",
        ObjectBody::Type(crate::schema::UserType::Composite { .. }) => "c",
        ObjectBody::Schema
        | ObjectBody::Constraint(_)
        | ObjectBody::Type(_)
        | ObjectBody::Function(_)
        | ObjectBody::Trigger(_)
        | ObjectBody::Policy(_)
        | ObjectBody::Rule(_)
        | ObjectBody::Extension(_)
        | ObjectBody::Other(_) => return None,
    })
}

/// `relpersistence`.
pub(super) fn persistence(object: &Object) -> &'static str {
    let persistence = match &object.body {
        ObjectBody::Table(table) => table.persistence,
        ObjectBody::Sequence(sequence) => sequence.persistence,
        _ => Persistence::Permanent,
    };
    match persistence {
        Persistence::Permanent => "p",
        Persistence::Unlogged => "u",
        Persistence::Temporary => "t",
    }
}

/// A column that the model says nothing of.
pub(super) fn not_kept() -> Datum {
    Datum::unknown("the model does not keep this column of the catalog")
}
