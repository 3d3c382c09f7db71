//! What the server's type rules say about a pair of types, as far as a statement of this room needs it.
//!
//! In: resolved types. Out: comparable in a foreign key, sortable; a type that is not known is given the benefit of the doubt, and the statement says so elsewhere.

use super::work::Work;
use crate::schema::{DataType, ObjectBody, TypeIdentity, UserType};
use crate::typing::{Cast, CastContext, Support, base_type, cast, ordering};

/// Types of one btree operator family, which has `=` across them (pg_amop of 15).
const FAMILIES: &[&[&str]] =
    &[&["int2", "int4", "int8"], &["float4", "float8"], &["text", "varchar", "name"], &["date", "timestamp", "timestamptz"], &["inet", "cidr"]];

impl Work<'_> {
    /// Whether a foreign key column can be compared with the key column it refers to: one operator family, or an implicit cast to the key's type
    /// (tablecmds.c, ATAddForeignKeyConstraint; 15).
    pub(super) fn are_comparable(&self, own: &DataType, key: &DataType) -> bool {
        let (own, key) = (base_type(&self.schema, own), base_type(&self.schema, key));
        if own.identity == key.identity && own.array == key.array {
            return true;
        }
        let is_unknown = |data_type: &DataType| matches!(data_type.identity, TypeIdentity::Unknown(_));
        if is_unknown(&own) || is_unknown(&key) {
            return true;
        }
        if let (TypeIdentity::Builtin(own), TypeIdentity::Builtin(key)) = (&own.identity, &key.identity)
            && FAMILIES.iter().any(|family| family.contains(&&**own) && family.contains(&&**key))
        {
            return true;
        }
        !matches!(cast(&self.schema, &own, &key, CastContext::Implicit), Cast::Impossible)
    }

    /// Whether a btree index cannot be made over the type.
    pub(super) fn is_unsortable(&self, data_type: &DataType) -> bool {
        ordering(&self.schema, data_type) == Support::No
    }

    /// Whether the type is a domain with a default, which a column without its own takes.
    pub(super) fn domain_has_default(&self, column: &crate::schema::Column) -> bool {
        let TypeIdentity::Object(object) = column.data_type.identity else { return false };
        matches!(self.schema.get(object).map(|object| &object.body), Some(ObjectBody::Type(UserType::Domain(domain))) if domain.default.is_some())
    }
}
