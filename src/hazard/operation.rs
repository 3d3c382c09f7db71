//! The kinds of work that differ in what they lock, read or write.

/// Each kind with its word in rules and what it is, for people.
macro_rules! operations {
    ($($name:ident $word:literal $title:literal;)*) => {
        /// A kind of work. Each has one row in the lock table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $(#[doc = $title] $name,)*
        }

        impl Operation {
            /// All of them, in the order of the lock table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// All words, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word in rules.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// In a few words, for people.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }
        }
    };
}

operations! {
    AddColumn "add_column" "`ADD COLUMN` without anything that has to be computed for each row";
    AddColumnWithDefault "add_column_with_default" "`ADD COLUMN` with a default that is computed once: a constant, `now()`";
    AddColumnVolatileDefault "add_column_volatile_default" "`ADD COLUMN` with a default that each row computes for itself";
    AddColumnSerial "add_column_serial" "`ADD COLUMN … serial`";
    AddColumnIdentity "add_column_identity" "`ADD COLUMN … AS IDENTITY`";
    AddColumnStored "add_column_stored" "`ADD COLUMN … GENERATED ALWAYS AS (…) STORED`";
    AddColumnConstrainedDomain "add_column_constrained_domain" "`ADD COLUMN` of a domain with conditions";
    AddColumnUnique "add_column_unique" "`ADD COLUMN … UNIQUE` or `PRIMARY KEY`";
    AddColumnCheck "add_column_check" "`ADD COLUMN … CHECK`";
    AddColumnReferences "add_column_references" "`ADD COLUMN … REFERENCES` without a default";
    AddColumnReferencesWithDefault "add_column_references_with_default" "`ADD COLUMN … DEFAULT … REFERENCES`";
    DropColumn "drop_column" "`DROP COLUMN`";
    DropColumnOfForeignKey "drop_column_of_foreign_key" "`DROP COLUMN` of a column that references another table";
    RenameColumn "rename_column" "`RENAME COLUMN`";
    SetDefault "set_default" "`SET DEFAULT`, `DROP DEFAULT`";
    DropNotNull "drop_not_null" "`DROP NOT NULL`";
    SetNotNull "set_not_null" "`SET NOT NULL`";
    SetNotNullProven "set_not_null_proven" "`SET NOT NULL` where a valid check already says so";
    DropExpression "drop_expression" "`DROP EXPRESSION`, `SET EXPRESSION`";
    ChangeIdentity "change_identity" "Identity added, changed or dropped";
    SetStorage "set_storage" "`SET STORAGE`";
    SetCompression "set_compression" "`SET COMPRESSION`";
    SetStatistics "set_statistics" "`SET STATISTICS`";
    SetColumnParameters "set_column_parameters" "`ALTER COLUMN … SET (…)`";
    ChangeTypeInPlace "change_type_in_place" "A type change that leaves every stored byte as it is";
    ChangeTypeRechecks "change_type_rechecks" "The same, and a check on the column is tested again";
    ChangeTypeRebuildsIndexes "change_type_rebuilds_indexes" "The same, and indexes are built again";
    ChangeTypeRewrites "change_type_rewrites" "A type change that converts every row";
    ChangeTypeOfForeignKey "change_type_of_foreign_key" "The same, and a foreign key is made again";
    AddCheck "add_check" "`ADD CHECK`";
    AddCheckNotValid "add_check_not_valid" "`ADD CHECK … NOT VALID`";
    AddForeignKey "add_foreign_key" "`ADD FOREIGN KEY`";
    AddForeignKeyNotValid "add_foreign_key_not_valid" "`ADD FOREIGN KEY … NOT VALID`";
    AddUnique "add_unique" "`ADD UNIQUE`";
    AddPrimaryKey "add_primary_key" "`ADD PRIMARY KEY`";
    AddExclusion "add_exclusion" "`ADD EXCLUDE`";
    AddConstraintUsingIndex "add_constraint_using_index" "`ADD UNIQUE | PRIMARY KEY USING INDEX`, columns not null already";
    AddPrimaryKeyUsingNullableIndex "add_primary_key_using_nullable_index" "`ADD PRIMARY KEY USING INDEX` over columns that may be null";
    ValidateCheck "validate_check" "`VALIDATE CONSTRAINT` of a check";
    ValidateForeignKey "validate_foreign_key" "`VALIDATE CONSTRAINT` of a foreign key";
    ValidateNothing "validate_nothing" "`VALIDATE CONSTRAINT` of one that is valid";
    DropConstraint "drop_constraint" "`DROP CONSTRAINT`";
    DropForeignKey "drop_foreign_key" "`DROP CONSTRAINT` of a foreign key";
    AlterConstraint "alter_constraint" "`ALTER CONSTRAINT`";
    RenameConstraint "rename_constraint" "`RENAME CONSTRAINT`";
    RenameTable "rename_table" "`RENAME TO`";
    SetSchema "set_schema" "`SET SCHEMA`";
    ChangeOwner "change_owner" "`OWNER TO`";
    SetParameters "set_parameters" "`SET (…)`, `RESET (…)`";
    SetLogged "set_logged" "`SET LOGGED`, `SET UNLOGGED`";
    SetAccessMethod "set_access_method" "`SET ACCESS METHOD` to another one";
    SetTablespace "set_tablespace" "`SET TABLESPACE` to another one";
    ClusterOn "cluster_on" "`CLUSTER ON`, `SET WITHOUT CLUSTER`";
    RowSecurity "row_security" "Row security switched on, off, forced";
    ReplicaIdentity "replica_identity" "`REPLICA IDENTITY`";
    DropTable "drop_table" "`DROP TABLE`";
    DropPartition "drop_partition" "`DROP TABLE` of a partition";
    Truncate "truncate" "`TRUNCATE`";
    LockTable "lock_table" "`LOCK TABLE`, in the mode that is written";
    CreateTableReferences "create_table_references" "`CREATE TABLE` with a foreign key";
    CreateTableInherits "create_table_inherits" "`CREATE TABLE … INHERITS`";
    CommentOn "comment_on" "`COMMENT ON` a table, column, view or index";
    Grant "grant" "`GRANT`, `REVOKE`";
    CreatePartition "create_partition" "`CREATE TABLE … PARTITION OF`";
    CreatePartitionBesideDefault "create_partition_beside_default" "The same, beside a default partition";
    AttachPartition "attach_partition" "`ATTACH PARTITION`";
    AttachPartitionProven "attach_partition_proven" "`ATTACH PARTITION` where valid checks already say so";
    AttachPartitionBesideDefault "attach_partition_beside_default" "`ATTACH PARTITION` beside a default partition";
    DetachPartition "detach_partition" "`DETACH PARTITION`";
    DetachPartitionConcurrently "detach_partition_concurrently" "`DETACH PARTITION … CONCURRENTLY`";
    Inherit "inherit" "`INHERIT`";
    NoInherit "no_inherit" "`NO INHERIT`";
    CreateIndex "create_index" "`CREATE INDEX`";
    CreateIndexOnly "create_index_only" "`CREATE INDEX ON ONLY` a partitioned table";
    CreateIndexConcurrently "create_index_concurrently" "`CREATE INDEX CONCURRENTLY`";
    DropIndex "drop_index" "`DROP INDEX`";
    DropIndexConcurrently "drop_index_concurrently" "`DROP INDEX CONCURRENTLY`";
    AlterIndex "alter_index" "`ALTER INDEX`: the lock is on the index alone";
    Reindex "reindex" "`REINDEX TABLE | INDEX`: and no query can use the index meanwhile";
    ReindexConcurrently "reindex_concurrently" "`REINDEX CONCURRENTLY`";
    CreateStatistics "create_statistics" "`CREATE STATISTICS`, `DROP STATISTICS`";
    CreateTrigger "create_trigger" "`CREATE TRIGGER`";
    SwitchTrigger "switch_trigger" "`ENABLE TRIGGER`, `DISABLE TRIGGER`";
    DropTrigger "drop_trigger" "`DROP TRIGGER`";
    RenameTrigger "rename_trigger" "`ALTER TRIGGER`";
    ChangeRule "change_rule" "A rewrite rule made, dropped, switched";
    ChangePolicy "change_policy" "A policy made, changed, dropped";
    CreateView "create_view" "`CREATE VIEW`";
    ReplaceView "replace_view" "`CREATE OR REPLACE VIEW` of one that is there";
    ChangeView "change_view" "`ALTER VIEW`";
    DropView "drop_view" "`DROP VIEW`, `DROP MATERIALIZED VIEW`";
    CreateStored "create_stored" "`CREATE MATERIALIZED VIEW`, `CREATE TABLE AS`";
    RefreshView "refresh_view" "`REFRESH MATERIALIZED VIEW`";
    RefreshViewConcurrently "refresh_view_concurrently" "`REFRESH MATERIALIZED VIEW CONCURRENTLY`";
    RefreshViewWithoutData "refresh_view_without_data" "`REFRESH MATERIALIZED VIEW … WITH NO DATA`";
    AddDomainConstraint "add_domain_constraint" "A condition on a domain that columns have, tested";
    AddDomainConstraintNotValid "add_domain_constraint_not_valid" "The same, `NOT VALID`";
    ChangeEnum "change_enum" "A label added or renamed";
    ChangePublication "change_publication" "Tables put into or taken out of a publication";
    Select "select" "A query";
    SelectForUpdate "select_for_update" "A query that locks its rows";
    Insert "insert" "`INSERT`, `COPY FROM`";
    UpdateAll "update_all" "`UPDATE`, `MERGE`";
    DeleteAll "delete_all" "`DELETE`";
    Cluster "cluster" "`CLUSTER`";
    VacuumFull "vacuum_full" "`VACUUM FULL`";
    Vacuum "vacuum" "`VACUUM`";
    Analyze "analyze" "`ANALYZE`";
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
