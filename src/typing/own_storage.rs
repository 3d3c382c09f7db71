//! How values of a type are stored when the column says nothing else.
//!
//! Source: `pg_type.typstorage` of PostgreSQL 15, read from the catalog of a new database.

use crate::schema::{DataType, ObjectBody, Schema, TypeIdentity, UserType};

use super::base_type;

/// Types whose values are never moved out of line.
const PLAIN: &[&str] = &[
    "aclitem",
    "bool",
    "box",
    "char",
    "cid",
    "circle",
    "date",
    "float4",
    "float8",
    "gtsvector",
    "int2",
    "int2vector",
    "int4",
    "int8",
    "interval",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "oid",
    "oidvector",
    "pg_lsn",
    "point",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "tsquery",
    "uuid",
    "xid",
    "xid8",
];

/// Types whose values are moved out of line only when nothing else helps.
const MAIN: &[&str] = &["cidr", "inet", "numeric"];

/// Types that are compressed and moved out of line.
const EXTENDED: &[&str] = &["bit", "bpchar", "bytea", "json", "jsonb", "jsonpath", "path", "polygon", "text", "tsvector", "varbit", "varchar", "xml"];

/// The word behind `SET STORAGE` that changes nothing; `None` for a type of which that is not known.
pub fn own_storage(schema: &Schema, data_type: &DataType) -> Option<&'static str> {
    if data_type.array {
        return Some("EXTENDED");
    }
    match &base_type(schema, data_type).identity {
        TypeIdentity::Builtin(name) if PLAIN.contains(&&**name) => Some("PLAIN"),
        TypeIdentity::Builtin(name) if MAIN.contains(&&**name) => Some("MAIN"),
        TypeIdentity::Builtin(name) if EXTENDED.contains(&&**name) => Some("EXTENDED"),
        TypeIdentity::Object(id) => match &schema.get(*id)?.body {
            ObjectBody::Type(UserType::Enum { .. }) => Some("PLAIN"),
            ObjectBody::Type(UserType::Composite { .. }) | ObjectBody::Table(_) | ObjectBody::View(_) => Some("EXTENDED"),
            _ => None,
        },
        TypeIdentity::Builtin(_) | TypeIdentity::Unknown(_) => None,
    }
}
