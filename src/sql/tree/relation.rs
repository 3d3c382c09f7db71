//! What every relation may be or carry: its kind, how long it lives, its `WITH (…)` parameters.

/// What kind of relation a statement speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationKind {
    /// A table, partitioned ones too.
    Table,
    /// A foreign (external) table.
    ForeignTable,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// An index.
    Index,
    /// A sequence.
    Sequence,
    /// A composite type's relation.
    CompositeType,
}

/// Whether and how a relation is temporary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemporaryKind {
    /// It stays.
    Permanent,
    /// `TEMPORARY`: it goes with the session.
    Temporary,
    /// `UNLOGGED`: it stays, without crash safety.
    Unlogged,
}

/// `name = value` of `WITH (…)` and `SET (…)`; no value in `RESET` and bare flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageParameter {
    /// The name, with `toast.` where written.
    pub name: String,
    /// The value as text.
    pub value: Option<String>,
}
