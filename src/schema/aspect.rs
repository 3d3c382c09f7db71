//! What of an object can differ between two schemas.

/// What of an object can differ. The order is the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as the thing is")]
pub enum Aspect {
    Kind,
    Owner,
    ColumnOrder,
    Type,
    NotNull,
    Default,
    Generated,
    Identity,
    Collation,
    Definition,
    Columns,
    Labels,
    Validated,
    Usable,
    Parent,
    Inherited,
    Partitioning,
    PartitionBound,
    Persistence,
    Options,
    Parameters,
    RowSecurity,
    ReplicaIdentity,
    OwnedBy,
    State,
    Populated,
    Version,
    Grants,
    Comment,
    Unresolved,
}

impl Aspect {
    /// In plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Owner => "owner",
            Self::ColumnOrder => "order of columns",
            Self::Type => "type",
            Self::NotNull => "not null",
            Self::Default => "default",
            Self::Generated => "generated value",
            Self::Identity => "identity",
            Self::Collation => "collation",
            Self::Definition => "definition",
            Self::Columns => "columns",
            Self::Labels => "labels",
            Self::Validated => "validity",
            Self::Usable => "usability",
            Self::Parent => "parent",
            Self::Inherited => "inheritance",
            Self::Partitioning => "partitioning",
            Self::PartitionBound => "partition bound",
            Self::Persistence => "persistence",
            Self::Options => "storage options",
            Self::Parameters => "parameters",
            Self::RowSecurity => "row security",
            Self::ReplicaIdentity => "replica identity",
            Self::OwnedBy => "owning column",
            Self::State => "state",
            Self::Populated => "data",
            Self::Version => "version",
            Self::Grants => "grants",
            Self::Comment => "comment",
            Self::Unresolved => "what is known of it",
        }
    }
}
