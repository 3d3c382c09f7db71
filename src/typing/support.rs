//! Whether values of a type can be compared, sorted and hashed.
//!
//! A default operator class decides: the one over exactly the type (a domain's base), else the one over a type that it is binary coercible to
//! (`GetDefaultOpClass`, indexcmds.c, 15). Containers need it of what is inside (`lookup_type_cache`, typcache.c, 15).

use std::sync::Arc;

use super::type_key::{TypeKey, Types};
use crate::dialect::TypeKind;
use crate::schema::{DataType, Schema};

/// Whether a type can do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support {
    /// It can.
    Yes,
    /// It cannot: `42883` in a query, `42704` for an index.
    No,
    /// It is not known, and why.
    Unknown(Arc<str>),
}

/// Whether it can be sorted: `ORDER BY`.
pub fn ordering(schema: &Schema, data_type: &DataType) -> Support {
    asked(schema, data_type, |types, key| types.comparable(key, "btree"))
}

/// Whether it can be told equal: `GROUP BY`, `DISTINCT`, `UNION`, `PARTITION BY`.
pub fn equality(schema: &Schema, data_type: &DataType) -> Support {
    asked(schema, data_type, |types, key| types.comparable(key, "btree") || types.comparable(key, "hash"))
}

/// Whether it can be hashed.
pub fn hashing(schema: &Schema, data_type: &DataType) -> Support {
    asked(schema, data_type, |types, key| types.comparable(key, "hash"))
}

/// Whether it has a default operator class for an access method (`btree`, `hash`, `gin`, `gist`, `brin`, `spgist`): an index over it needs no other.
pub fn indexing(schema: &Schema, data_type: &DataType, method: &str) -> Support {
    let known_methods = ["btree", "hash", "gin", "gist", "brin", "spgist"];
    if !known_methods.contains(&method) {
        return Support::Unknown(format!("the access method {method} is not known").into());
    }
    asked(schema, data_type, |types, key| {
        let base = types.base(key);
        // GIN over an array sorts the elements, and says so when the index is made (42883); the others find out with the first row.
        let sorts_elements = method != "gin" || types.element(base).is_none_or(|element| types.comparable(element, "btree"));
        sorts_elements && types.has_default_class(base, method)
    })
}

fn asked(schema: &Schema, data_type: &DataType, can: impl Fn(&Types<'_>, TypeKey) -> bool) -> Support {
    if data_type.is_builtin("unknown") {
        return Support::Yes;
    }
    let Some(types) = Types::of(schema) else { return Support::Unknown(format!("types of {} are not followed", schema.dialect.title).into()) };
    let Some(key) = types.key(data_type) else { return Support::Unknown("nothing is known of the type".into()) };
    if can(&types, key) {
        return Support::Yes;
    }
    if types.has_unexplored_parts(key, 0) {
        return Support::Unknown("the operator classes of a type that was defined here are not followed".into());
    }
    match types.why_class_may_exist() {
        Some(reason) => Support::Unknown(reason),
        None => Support::No,
    }
}

/// Rows inside rows inside rows … are looked into so far.
const MAX_DEPTH: usize = 32;

impl Types<'_> {
    /// Whether values can be compared through an access method's default class, and what is inside of them too.
    fn comparable(&self, key: TypeKey, method: &str) -> bool {
        self.comparable_at(key, method, 0)
    }

    fn comparable_at(&self, key: TypeKey, method: &str, depth: usize) -> bool {
        let base = self.base(key);
        if depth > MAX_DEPTH {
            return false;
        }
        if let Some(element) = self.element(base).filter(|_| !self.has_own_class(base, method)) {
            return self.comparable_at(element, method, depth + 1);
        }
        match self.kind(base) {
            TypeKind::Composite => {
                self.fields(base).is_none_or(|fields| fields.into_iter().all(|field| field.is_some_and(|field| self.comparable_at(field, method, depth + 1))))
            }
            TypeKind::Enum => true,
            TypeKind::Range | TypeKind::Multirange => {
                let range = self.range_of_multirange(base).unwrap_or(base);
                method == "btree" || self.range_subtype(range).is_some_and(|subtype| self.comparable_at(subtype, method, depth + 1))
            }
            TypeKind::Pseudo => self.is(base, "record") || self.is(base, "_record") || self.has_default_class(base, method),
            TypeKind::Base | TypeKind::Domain => self.has_default_class(base, method),
        }
    }

    /// The types of a row's fields; `None` for a row of the server's own, whose fields are all comparable but for a few that nobody sorts by.
    fn fields(&self, key: TypeKey) -> Option<Vec<Option<TypeKey>>> {
        match key {
            TypeKey::Object(id) => Some(self.schema.columns(id).iter().map(|column| self.key(&column.data_type)).collect()),
            TypeKey::BuiltIn(_) | TypeKey::ArrayOf(_) | TypeKey::MultirangeOf(_) => None,
        }
    }

    /// Whether there is a default class over exactly this type.
    fn has_own_class(&self, key: TypeKey, method: &str) -> bool {
        let TypeKey::BuiltIn(code) = key else { return false };
        self.tables
            .classes_of(code)
            .iter()
            .any(|class| class.is_default && class.method == method && class.extension.is_none_or(|extension| self.installed(extension).is_some()))
    }

    /// Whether there is a default class over this type, or over one that it is binary coercible to.
    fn has_default_class(&self, key: TypeKey, method: &str) -> bool {
        if self.has_own_class(key, method) {
            return true;
        }
        let classes = self.tables.operator_classes.iter().filter(|class| class.is_default && class.method == method);
        let mut installed = classes.filter(|class| class.extension.is_none_or(|extension| self.installed(extension).is_some()));
        installed.any(|class| self.is_binary_coercible(key, TypeKey::BuiltIn(class.data_type)))
    }

    fn has_unexplored_parts(&self, key: TypeKey, depth: usize) -> bool {
        let base = self.base(key);
        if depth > MAX_DEPTH || self.is_unexplored(base) {
            return true;
        }
        let inside = self.element(base).into_iter().map(Some).chain(self.fields(base).into_iter().flatten());
        inside.into_iter().any(|part| part.is_none_or(|part| self.has_unexplored_parts(part, depth + 1)))
    }
}
