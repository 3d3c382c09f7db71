//! What the server's type rules say about a pair of types, as far as a statement needs it.
//!
//! In: resolved types. Out: comparable, assignable, sortable; a type that is not known is given the benefit of the doubt, and the statement says so elsewhere.

use super::work::Work;
use crate::schema::{DataType, ObjectBody, TypeIdentity, UserType};

impl Work<'_> {
    /// A domain's type below, all the way down.
    pub(super) fn base_type(&self, data_type: &DataType) -> DataType {
        let mut current = data_type.clone();
        // A domain cannot contain itself; the bound only keeps a broken model from turning for ever.
        for _ in 0..64 {
            let TypeIdentity::Object(object) = current.identity else { return current };
            match self.schema.get(object).map(|object| &object.body) {
                Some(ObjectBody::Type(UserType::Domain(domain))) if !current.array => current = domain.base.clone(),
                _ => return current,
            }
        }
        current
    }

    /// Whether values of the two types can be compared by `=` in a foreign key.
    pub(super) fn are_comparable(&self, own: &DataType, other: &DataType) -> bool {
        let (own, other) = (self.base_type(own), self.base_type(other));
        if own.array != other.array {
            return false;
        }
        match (&own.identity, &other.identity) {
            (TypeIdentity::Unknown(_), _) | (_, TypeIdentity::Unknown(_)) => true,
            (TypeIdentity::Builtin(own), TypeIdentity::Builtin(other)) => own == other || families_meet(own, other),
            (TypeIdentity::Object(own), TypeIdentity::Object(other)) => own == other,
            (TypeIdentity::Object(object), TypeIdentity::Builtin(_)) | (TypeIdentity::Builtin(_), TypeIdentity::Object(object)) => {
                matches!(self.schema.get(*object).map(|object| &object.body), Some(ObjectBody::Type(UserType::Base { .. })))
            }
        }
    }

    /// Whether a btree index cannot be made over the type.
    pub(super) fn is_unsortable(&self, data_type: &DataType) -> bool {
        let base = self.base_type(data_type);
        matches!(&base.identity, TypeIdentity::Builtin(name) if ["json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "txid_snapshot", "pg_snapshot", "aclitem", "xid", "cid"].contains(&&**name))
    }
}

/// Pairs of different built-in types with a common `=` in one btree family or an implicit cast into it.
fn families_meet(own: &str, other: &str) -> bool {
    const FAMILIES: &[&[&str]] = &[
        &["int2", "int4", "int8", "numeric", "float4", "float8", "oid"],
        &["text", "varchar", "bpchar", "name"],
        &["date", "timestamp", "timestamptz"],
        &["inet", "cidr"],
        &["bit", "varbit"],
    ];
    FAMILIES.iter().any(|family| family.contains(&own) && family.contains(&other))
}
