//! `ALTER SEQUENCE` as written; it shares actions with `ALTER TABLE`.

use super::{AlterTableAction, ObjectName, SequenceOptions};

/// `ALTER SEQUENCE`: options, or an action shared with tables (rename, schema, owner, logged).
#[derive(Clone, Debug, PartialEq)]
pub struct AlterSequence {
    /// The sequence.
    pub name: ObjectName,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// Changed options.
    pub options: SequenceOptions,
    /// The shared action, when it is one.
    pub action: Option<AlterTableAction>,
}
