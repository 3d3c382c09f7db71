//! The kinds of work that differ in what they lock, read or write.

/// A kind of work. Each has one row in the lock table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// `ADD COLUMN` without anything that has to be computed for each row.
    AddColumn,
    /// `ADD COLUMN` with a default that is computed once: a constant, `now()`.
    AddColumnWithDefault,
    /// `ADD COLUMN` with a default that each row computes for itself.
    AddColumnVolatileDefault,
    /// `ADD COLUMN … serial`.
    AddColumnSerial,
    /// `ADD COLUMN … AS IDENTITY`.
    AddColumnIdentity,
    /// `ADD COLUMN … GENERATED ALWAYS AS (…) STORED`.
    AddColumnStored,
    /// `ADD COLUMN` of a domain with conditions.
    AddColumnConstrainedDomain,
    /// `ADD COLUMN … UNIQUE` or `PRIMARY KEY`.
    AddColumnUnique,
    /// `ADD COLUMN … CHECK`.
    AddColumnCheck,
    /// `ADD COLUMN … REFERENCES` without a default.
    AddColumnReferences,
    /// `ADD COLUMN … DEFAULT … REFERENCES`.
    AddColumnReferencesWithDefault,
    /// `DROP COLUMN`.
    DropColumn,
    /// `DROP COLUMN` of a column that references another table.
    DropColumnOfForeignKey,
    /// `RENAME COLUMN`.
    RenameColumn,
    /// `SET DEFAULT`, `DROP DEFAULT`.
    SetDefault,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `SET NOT NULL`.
    SetNotNull,
    /// `SET NOT NULL` where a valid check already says so.
    SetNotNullProven,
    /// `DROP EXPRESSION`, `SET EXPRESSION`.
    DropExpression,
    /// Identity added, changed or dropped.
    ChangeIdentity,
    /// `SET STORAGE`.
    SetStorage,
    /// `SET COMPRESSION`.
    SetCompression,
    /// `SET STATISTICS`.
    SetStatistics,
    /// `ALTER COLUMN … SET (…)`.
    SetColumnParameters,
    /// A type change that leaves every stored byte as it is.
    ChangeTypeInPlace,
    /// The same, and a check on the column is tested again.
    ChangeTypeRechecks,
    /// The same, and indexes are built again.
    ChangeTypeRebuildsIndexes,
    /// A type change that converts every row.
    ChangeTypeRewrites,
    /// The same, and a foreign key is made again.
    ChangeTypeOfForeignKey,
    /// `ADD CHECK`.
    AddCheck,
    /// `ADD CHECK … NOT VALID`.
    AddCheckNotValid,
    /// `ADD FOREIGN KEY`.
    AddForeignKey,
    /// `ADD FOREIGN KEY … NOT VALID`.
    AddForeignKeyNotValid,
    /// `ADD UNIQUE`.
    AddUnique,
    /// `ADD PRIMARY KEY`.
    AddPrimaryKey,
    /// `ADD EXCLUDE`.
    AddExclusion,
    /// `ADD UNIQUE | PRIMARY KEY USING INDEX`, columns not null already.
    AddConstraintUsingIndex,
    /// `ADD PRIMARY KEY USING INDEX` over columns that may be null.
    AddPrimaryKeyUsingNullableIndex,
    /// `VALIDATE CONSTRAINT` of a check.
    ValidateCheck,
    /// `VALIDATE CONSTRAINT` of a foreign key.
    ValidateForeignKey,
    /// `VALIDATE CONSTRAINT` of one that is valid.
    ValidateNothing,
    /// `DROP CONSTRAINT`.
    DropConstraint,
    /// `DROP CONSTRAINT` of a foreign key.
    DropForeignKey,
    /// `ALTER CONSTRAINT`.
    AlterConstraint,
    /// `RENAME CONSTRAINT`.
    RenameConstraint,
    /// `RENAME TO`.
    RenameTable,
    /// `SET SCHEMA`.
    SetSchema,
    /// `OWNER TO`.
    ChangeOwner,
    /// `SET (…)`, `RESET (…)`.
    SetParameters,
    /// `SET LOGGED`, `SET UNLOGGED`.
    SetLogged,
    /// `SET ACCESS METHOD` to another one.
    SetAccessMethod,
    /// `SET TABLESPACE` to another one.
    SetTablespace,
    /// `CLUSTER ON`, `SET WITHOUT CLUSTER`.
    ClusterOn,
    /// Row security switched on, off, forced.
    RowSecurity,
    /// `REPLICA IDENTITY`.
    ReplicaIdentity,
    /// `DROP TABLE`.
    DropTable,
    /// `TRUNCATE`.
    Truncate,
    /// `LOCK TABLE`, in the mode that is written.
    LockTable,
    /// `CREATE TABLE` with a foreign key.
    CreateTableReferences,
    /// `CREATE TABLE … INHERITS`.
    CreateTableInherits,
    /// `COMMENT ON` a table, column, view or index.
    CommentOn,
    /// `GRANT`, `REVOKE`.
    Grant,
    /// `CREATE TABLE … PARTITION OF`.
    CreatePartition,
    /// The same, beside a default partition.
    CreatePartitionBesideDefault,
    /// `ATTACH PARTITION`.
    AttachPartition,
    /// `ATTACH PARTITION` where valid checks already say so.
    AttachPartitionProven,
    /// `ATTACH PARTITION` beside a default partition.
    AttachPartitionBesideDefault,
    /// `DETACH PARTITION`.
    DetachPartition,
    /// `DETACH PARTITION … CONCURRENTLY`.
    DetachPartitionConcurrently,
    /// `INHERIT`.
    Inherit,
    /// `NO INHERIT`.
    NoInherit,
    /// `CREATE INDEX`.
    CreateIndex,
    /// `CREATE INDEX ON ONLY` a partitioned table.
    CreateIndexOnly,
    /// `CREATE INDEX CONCURRENTLY`.
    CreateIndexConcurrently,
    /// `DROP INDEX`.
    DropIndex,
    /// `DROP INDEX CONCURRENTLY`.
    DropIndexConcurrently,
    /// `ALTER INDEX`: the lock is on the index alone.
    AlterIndex,
    /// `REINDEX TABLE | INDEX`: and no query can use the index meanwhile.
    Reindex,
    /// `REINDEX CONCURRENTLY`.
    ReindexConcurrently,
    /// `CREATE STATISTICS`, `DROP STATISTICS`.
    CreateStatistics,
    /// `CREATE TRIGGER`.
    CreateTrigger,
    /// `ENABLE TRIGGER`, `DISABLE TRIGGER`.
    SwitchTrigger,
    /// `DROP TRIGGER`.
    DropTrigger,
    /// `ALTER TRIGGER`.
    RenameTrigger,
    /// A rewrite rule made, dropped, switched.
    ChangeRule,
    /// A policy made, changed, dropped.
    ChangePolicy,
    /// `CREATE VIEW`.
    CreateView,
    /// `CREATE OR REPLACE VIEW` of one that is there.
    ReplaceView,
    /// `ALTER VIEW`.
    ChangeView,
    /// `DROP VIEW`, `DROP MATERIALIZED VIEW`.
    DropView,
    /// `CREATE MATERIALIZED VIEW`, `CREATE TABLE AS`.
    CreateStored,
    /// `REFRESH MATERIALIZED VIEW`.
    RefreshView,
    /// `REFRESH MATERIALIZED VIEW CONCURRENTLY`.
    RefreshViewConcurrently,
    /// `REFRESH MATERIALIZED VIEW … WITH NO DATA`.
    RefreshViewWithoutData,
    /// A condition on a domain that columns have, tested.
    AddDomainConstraint,
    /// The same, `NOT VALID`.
    AddDomainConstraintNotValid,
    /// A label added or renamed.
    ChangeEnum,
    /// Tables put into or taken out of a publication.
    ChangePublication,
    /// A query.
    Select,
    /// A query that locks its rows.
    SelectForUpdate,
    /// `INSERT`, `COPY FROM`.
    Insert,
    /// `UPDATE`, `MERGE`.
    UpdateAll,
    /// `DELETE`.
    DeleteAll,
    /// `CLUSTER`.
    Cluster,
    /// `VACUUM FULL`.
    VacuumFull,
    /// `VACUUM`.
    Vacuum,
    /// `ANALYZE`.
    Analyze,
}

impl Operation {
    /// All of them, in the order of the lock table.
    pub const ALL: &'static [Self] = &[
        Self::AddColumn,
        Self::AddColumnWithDefault,
        Self::AddColumnVolatileDefault,
        Self::AddColumnSerial,
        Self::AddColumnIdentity,
        Self::AddColumnStored,
        Self::AddColumnConstrainedDomain,
        Self::AddColumnUnique,
        Self::AddColumnCheck,
        Self::AddColumnReferences,
        Self::AddColumnReferencesWithDefault,
        Self::DropColumn,
        Self::DropColumnOfForeignKey,
        Self::RenameColumn,
        Self::SetDefault,
        Self::DropNotNull,
        Self::SetNotNull,
        Self::SetNotNullProven,
        Self::DropExpression,
        Self::ChangeIdentity,
        Self::SetStorage,
        Self::SetCompression,
        Self::SetStatistics,
        Self::SetColumnParameters,
        Self::ChangeTypeInPlace,
        Self::ChangeTypeRechecks,
        Self::ChangeTypeRebuildsIndexes,
        Self::ChangeTypeRewrites,
        Self::ChangeTypeOfForeignKey,
        Self::AddCheck,
        Self::AddCheckNotValid,
        Self::AddForeignKey,
        Self::AddForeignKeyNotValid,
        Self::AddUnique,
        Self::AddPrimaryKey,
        Self::AddExclusion,
        Self::AddConstraintUsingIndex,
        Self::AddPrimaryKeyUsingNullableIndex,
        Self::ValidateCheck,
        Self::ValidateForeignKey,
        Self::ValidateNothing,
        Self::DropConstraint,
        Self::DropForeignKey,
        Self::AlterConstraint,
        Self::RenameConstraint,
        Self::RenameTable,
        Self::SetSchema,
        Self::ChangeOwner,
        Self::SetParameters,
        Self::SetLogged,
        Self::SetAccessMethod,
        Self::SetTablespace,
        Self::ClusterOn,
        Self::RowSecurity,
        Self::ReplicaIdentity,
        Self::DropTable,
        Self::Truncate,
        Self::LockTable,
        Self::CreateTableReferences,
        Self::CreateTableInherits,
        Self::CommentOn,
        Self::Grant,
        Self::CreatePartition,
        Self::CreatePartitionBesideDefault,
        Self::AttachPartition,
        Self::AttachPartitionProven,
        Self::AttachPartitionBesideDefault,
        Self::DetachPartition,
        Self::DetachPartitionConcurrently,
        Self::Inherit,
        Self::NoInherit,
        Self::CreateIndex,
        Self::CreateIndexOnly,
        Self::CreateIndexConcurrently,
        Self::DropIndex,
        Self::DropIndexConcurrently,
        Self::AlterIndex,
        Self::Reindex,
        Self::ReindexConcurrently,
        Self::CreateStatistics,
        Self::CreateTrigger,
        Self::SwitchTrigger,
        Self::DropTrigger,
        Self::RenameTrigger,
        Self::ChangeRule,
        Self::ChangePolicy,
        Self::CreateView,
        Self::ReplaceView,
        Self::ChangeView,
        Self::DropView,
        Self::CreateStored,
        Self::RefreshView,
        Self::RefreshViewConcurrently,
        Self::RefreshViewWithoutData,
        Self::AddDomainConstraint,
        Self::AddDomainConstraintNotValid,
        Self::ChangeEnum,
        Self::ChangePublication,
        Self::Select,
        Self::SelectForUpdate,
        Self::Insert,
        Self::UpdateAll,
        Self::DeleteAll,
        Self::Cluster,
        Self::VacuumFull,
        Self::Vacuum,
        Self::Analyze,
    ];

    /// In a few words, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::AddColumn => "`ADD COLUMN` without anything that has to be computed for each row",
            Self::AddColumnWithDefault => "`ADD COLUMN` with a default that is computed once: a constant, `now()`",
            Self::AddColumnVolatileDefault => "`ADD COLUMN` with a default that each row computes for itself",
            Self::AddColumnSerial => "`ADD COLUMN … serial`",
            Self::AddColumnIdentity => "`ADD COLUMN … AS IDENTITY`",
            Self::AddColumnStored => "`ADD COLUMN … GENERATED ALWAYS AS (…) STORED`",
            Self::AddColumnConstrainedDomain => "`ADD COLUMN` of a domain with conditions",
            Self::AddColumnUnique => "`ADD COLUMN … UNIQUE` or `PRIMARY KEY`",
            Self::AddColumnCheck => "`ADD COLUMN … CHECK`",
            Self::AddColumnReferences => "`ADD COLUMN … REFERENCES` without a default",
            Self::AddColumnReferencesWithDefault => "`ADD COLUMN … DEFAULT … REFERENCES`",
            Self::DropColumn => "`DROP COLUMN`",
            Self::DropColumnOfForeignKey => "`DROP COLUMN` of a column that references another table",
            Self::RenameColumn => "`RENAME COLUMN`",
            Self::SetDefault => "`SET DEFAULT`, `DROP DEFAULT`",
            Self::DropNotNull => "`DROP NOT NULL`",
            Self::SetNotNull => "`SET NOT NULL`",
            Self::SetNotNullProven => "`SET NOT NULL` where a valid check already says so",
            Self::DropExpression => "`DROP EXPRESSION`, `SET EXPRESSION`",
            Self::ChangeIdentity => "Identity added, changed or dropped",
            Self::SetStorage => "`SET STORAGE`",
            Self::SetCompression => "`SET COMPRESSION`",
            Self::SetStatistics => "`SET STATISTICS`",
            Self::SetColumnParameters => "`ALTER COLUMN … SET (…)`",
            Self::ChangeTypeInPlace => "A type change that leaves every stored byte as it is",
            Self::ChangeTypeRechecks => "The same, and a check on the column is tested again",
            Self::ChangeTypeRebuildsIndexes => "The same, and indexes are built again",
            Self::ChangeTypeRewrites => "A type change that converts every row",
            Self::ChangeTypeOfForeignKey => "The same, and a foreign key is made again",
            Self::AddCheck => "`ADD CHECK`",
            Self::AddCheckNotValid => "`ADD CHECK … NOT VALID`",
            Self::AddForeignKey => "`ADD FOREIGN KEY`",
            Self::AddForeignKeyNotValid => "`ADD FOREIGN KEY … NOT VALID`",
            Self::AddUnique => "`ADD UNIQUE`",
            Self::AddPrimaryKey => "`ADD PRIMARY KEY`",
            Self::AddExclusion => "`ADD EXCLUDE`",
            Self::AddConstraintUsingIndex => "`ADD UNIQUE | PRIMARY KEY USING INDEX`, columns not null already",
            Self::AddPrimaryKeyUsingNullableIndex => "`ADD PRIMARY KEY USING INDEX` over columns that may be null",
            Self::ValidateCheck => "`VALIDATE CONSTRAINT` of a check",
            Self::ValidateForeignKey => "`VALIDATE CONSTRAINT` of a foreign key",
            Self::ValidateNothing => "`VALIDATE CONSTRAINT` of one that is valid",
            Self::DropConstraint => "`DROP CONSTRAINT`",
            Self::DropForeignKey => "`DROP CONSTRAINT` of a foreign key",
            Self::AlterConstraint => "`ALTER CONSTRAINT`",
            Self::RenameConstraint => "`RENAME CONSTRAINT`",
            Self::RenameTable => "`RENAME TO`",
            Self::SetSchema => "`SET SCHEMA`",
            Self::ChangeOwner => "`OWNER TO`",
            Self::SetParameters => "`SET (…)`, `RESET (…)`",
            Self::SetLogged => "`SET LOGGED`, `SET UNLOGGED`",
            Self::SetAccessMethod => "`SET ACCESS METHOD` to another one",
            Self::SetTablespace => "`SET TABLESPACE` to another one",
            Self::ClusterOn => "`CLUSTER ON`, `SET WITHOUT CLUSTER`",
            Self::RowSecurity => "Row security switched on, off, forced",
            Self::ReplicaIdentity => "`REPLICA IDENTITY`",
            Self::DropTable => "`DROP TABLE`",
            Self::Truncate => "`TRUNCATE`",
            Self::LockTable => "`LOCK TABLE`, in the mode that is written",
            Self::CreateTableReferences => "`CREATE TABLE` with a foreign key",
            Self::CreateTableInherits => "`CREATE TABLE … INHERITS`",
            Self::CommentOn => "`COMMENT ON` a table, column, view or index",
            Self::Grant => "`GRANT`, `REVOKE`",
            Self::CreatePartition => "`CREATE TABLE … PARTITION OF`",
            Self::CreatePartitionBesideDefault => "The same, beside a default partition",
            Self::AttachPartition => "`ATTACH PARTITION`",
            Self::AttachPartitionProven => "`ATTACH PARTITION` where valid checks already say so",
            Self::AttachPartitionBesideDefault => "`ATTACH PARTITION` beside a default partition",
            Self::DetachPartition => "`DETACH PARTITION`",
            Self::DetachPartitionConcurrently => "`DETACH PARTITION … CONCURRENTLY`",
            Self::Inherit => "`INHERIT`",
            Self::NoInherit => "`NO INHERIT`",
            Self::CreateIndex => "`CREATE INDEX`",
            Self::CreateIndexOnly => "`CREATE INDEX ON ONLY` a partitioned table",
            Self::CreateIndexConcurrently => "`CREATE INDEX CONCURRENTLY`",
            Self::DropIndex => "`DROP INDEX`",
            Self::DropIndexConcurrently => "`DROP INDEX CONCURRENTLY`",
            Self::AlterIndex => "`ALTER INDEX`: the lock is on the index alone",
            Self::Reindex => "`REINDEX TABLE | INDEX`: and no query can use the index meanwhile",
            Self::ReindexConcurrently => "`REINDEX CONCURRENTLY`",
            Self::CreateStatistics => "`CREATE STATISTICS`, `DROP STATISTICS`",
            Self::CreateTrigger => "`CREATE TRIGGER`",
            Self::SwitchTrigger => "`ENABLE TRIGGER`, `DISABLE TRIGGER`",
            Self::DropTrigger => "`DROP TRIGGER`",
            Self::RenameTrigger => "`ALTER TRIGGER`",
            Self::ChangeRule => "A rewrite rule made, dropped, switched",
            Self::ChangePolicy => "A policy made, changed, dropped",
            Self::CreateView => "`CREATE VIEW`",
            Self::ReplaceView => "`CREATE OR REPLACE VIEW` of one that is there",
            Self::ChangeView => "`ALTER VIEW`",
            Self::DropView => "`DROP VIEW`, `DROP MATERIALIZED VIEW`",
            Self::CreateStored => "`CREATE MATERIALIZED VIEW`, `CREATE TABLE AS`",
            Self::RefreshView => "`REFRESH MATERIALIZED VIEW`",
            Self::RefreshViewConcurrently => "`REFRESH MATERIALIZED VIEW CONCURRENTLY`",
            Self::RefreshViewWithoutData => "`REFRESH MATERIALIZED VIEW … WITH NO DATA`",
            Self::AddDomainConstraint => "A condition on a domain that columns have, tested",
            Self::AddDomainConstraintNotValid => "The same, `NOT VALID`",
            Self::ChangeEnum => "A label added or renamed",
            Self::ChangePublication => "Tables put into or taken out of a publication",
            Self::Select => "A query",
            Self::SelectForUpdate => "A query that locks its rows",
            Self::Insert => "`INSERT`, `COPY FROM`",
            Self::UpdateAll => "`UPDATE`, `MERGE`",
            Self::DeleteAll => "`DELETE`",
            Self::Cluster => "`CLUSTER`",
            Self::VacuumFull => "`VACUUM FULL`",
            Self::Vacuum => "`VACUUM`",
            Self::Analyze => "`ANALYZE`",
        }
    }
}

/// How another table belongs to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partner {
    /// A foreign key points to it.
    Referenced,
    /// It becomes or was a partition.
    Partition,
    /// The partition that takes what no other does.
    DefaultPartition,
    /// It is inherited from.
    Parent,
    /// Rows are read from it.
    Source,
}

impl Partner {
    /// In a few words, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Referenced => "referenced table",
            Self::Partition => "partition",
            Self::DefaultPartition => "default partition",
            Self::Parent => "parent",
            Self::Source => "source",
        }
    }
}
