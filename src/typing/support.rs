//! Whether values of a type can be compared, sorted and hashed.

use std::sync::Arc;

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

/// Whether it can be sorted: `ORDER BY`, a btree index, `max`-like comparison.
pub fn ordering(schema: &Schema, data_type: &DataType) -> Support {
    let _ = (schema, data_type);
    Support::Unknown("not looked at yet".into())
}

/// Whether it can be told equal: `GROUP BY`, `DISTINCT`, `UNION`, `PARTITION BY`.
pub fn equality(schema: &Schema, data_type: &DataType) -> Support {
    let _ = (schema, data_type);
    Support::Unknown("not looked at yet".into())
}

/// Whether it can be hashed: a hash index, a hash partition key.
pub fn hashing(schema: &Schema, data_type: &DataType) -> Support {
    let _ = (schema, data_type);
    Support::Unknown("not looked at yet".into())
}
