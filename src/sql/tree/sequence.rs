//! Sequences as written.

use super::{Ident, ObjectName, TemporaryKind, TypeName};

/// `CREATE SEQUENCE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSequence {
    /// Its name.
    pub name: ObjectName,
    /// `TEMPORARY`, `UNLOGGED`.
    pub temporary: TemporaryKind,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// The options.
    pub options: SequenceOptions,
}

/// Options as far as written; `None` leaves the server's default or the present value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SequenceOptions {
    /// `AS type`.
    pub data_type: Option<TypeName>,
    /// `INCREMENT BY`.
    pub increment: Option<i64>,
    /// `MINVALUE n`; `NO MINVALUE` is `Some(None)`.
    pub minimum: Option<Option<i64>>,
    /// `MAXVALUE n`; `NO MAXVALUE` is `Some(None)`.
    pub maximum: Option<Option<i64>>,
    /// `START WITH`.
    pub start: Option<i64>,
    /// `RESTART [WITH n]`.
    pub restart: Option<Option<i64>>,
    /// `CACHE`.
    pub cache: Option<i64>,
    /// `CYCLE` or `NO CYCLE`.
    pub cycle: Option<bool>,
    /// `OWNED BY`.
    pub owned_by: Option<OwnedBy>,
    /// `SEQUENCE NAME s` in an identity column (`pg_dump` writes it).
    pub name: Option<ObjectName>,
}

/// `OWNED BY t.c` or `NONE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnedBy {
    /// Nobody.
    None,
    /// That column.
    Column(ObjectName, Ident),
}
