//! Every form of `ALTER TABLE` as written.

use super::{
    ColumnDefinition, ConstraintFlags, DropBehavior, Expr, Ident, IdentityKind, ObjectName, PartitionBound, RelationKind, SequenceOptions, StorageParameter,
    TableConstraint, TypeName,
};

/// `ALTER TABLE t action, action`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterTable {
    /// What the statement calls it.
    pub kind: RelationKind,
    /// The table.
    pub name: ObjectName,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `ONLY`.
    pub only: bool,
    /// The actions in order, each with its own place.
    pub actions: Vec<crate::text::Spanned<AlterTableAction>>,
}

/// One action.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterTableAction {
    /// `ADD COLUMN`.
    AddColumn {
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// The column.
        column: ColumnDefinition,
        /// `FIRST` (`Some(None)`) or `AFTER c` of MySQL and others.
        position: Option<Option<Ident>>,
    },
    /// `DROP COLUMN`.
    DropColumn {
        /// `IF EXISTS`.
        if_exists: bool,
        /// The column.
        column: Ident,
        /// `CASCADE`, `RESTRICT`.
        behavior: DropBehavior,
    },
    /// `ALTER COLUMN c …`.
    AlterColumn {
        /// The column.
        column: Ident,
        /// What happens to it.
        action: AlterColumn,
    },
    /// `RENAME COLUMN a TO b`.
    RenameColumn {
        /// From.
        from: Ident,
        /// To.
        to: Ident,
    },
    /// `RENAME TO t`.
    Rename(ObjectName),
    /// `RENAME CONSTRAINT a TO b`.
    RenameConstraint {
        /// From.
        from: Ident,
        /// To.
        to: Ident,
    },
    /// `SET SCHEMA s`.
    SetSchema(Ident),
    /// `OWNER TO r`.
    Owner(Ident),
    /// `ADD constraint`.
    AddConstraint(TableConstraint),
    /// `DROP CONSTRAINT`.
    DropConstraint {
        /// `IF EXISTS`.
        if_exists: bool,
        /// The constraint.
        name: Ident,
        /// `CASCADE`, `RESTRICT`.
        behavior: DropBehavior,
    },
    /// `VALIDATE CONSTRAINT c`.
    ValidateConstraint(Ident),
    /// `ALTER CONSTRAINT c …`.
    AlterConstraint(Ident, ConstraintFlags),
    /// `INHERIT p`.
    Inherit(ObjectName),
    /// `NO INHERIT p`.
    NoInherit(ObjectName),
    /// `OF type`.
    OfType(ObjectName),
    /// `NOT OF`.
    NotOfType,
    /// `ATTACH PARTITION p bound`.
    AttachPartition(ObjectName, PartitionBound),
    /// `DETACH PARTITION p [CONCURRENTLY | FINALIZE]`.
    DetachPartition {
        /// The partition.
        partition: ObjectName,
        /// `CONCURRENTLY`.
        concurrently: bool,
    },
    /// `ENABLE/DISABLE TRIGGER t | ALL | USER`; the name is `None` for the last two.
    Trigger(TriggerState, Option<Ident>),
    /// `ENABLE/DISABLE RULE r`.
    Rule(TriggerState, Ident),
    /// `… ROW LEVEL SECURITY`.
    RowSecurity(RowSecurity),
    /// `REPLICA IDENTITY`.
    ReplicaIdentity(ReplicaIdentity),
    /// `SET LOGGED` (false) or `SET UNLOGGED` (true).
    SetUnlogged(bool),
    /// `SET TABLESPACE`.
    SetTablespace(Ident),
    /// `SET ACCESS METHOD`.
    SetAccessMethod(Ident),
    /// `CLUSTER ON i`, or `SET WITHOUT CLUSTER`.
    ClusterOn(Option<Ident>),
    /// `SET (…)`.
    SetParameters(Vec<StorageParameter>),
    /// `RESET (…)`.
    ResetParameters(Vec<StorageParameter>),
    /// `SWAP WITH t` (Snowflake), `EXCHANGE`.
    SwapWith(ObjectName),
    /// An action of the dialect that changes only how rows are stored (`CLUSTER BY`, `DISTKEY`, `ENGINE` …): its words.
    Physical(String),
}

/// What `ALTER COLUMN` can do.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterColumn {
    /// `TYPE t [COLLATE c] [USING e]`; MySQL's `MODIFY`/`CHANGE` become this and the others.
    Type {
        /// The new type.
        data_type: TypeName,
        /// `COLLATE`.
        collation: Option<ObjectName>,
        /// `USING`.
        using: Option<Expr>,
    },
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `SET DEFAULT e`.
    SetDefault(Expr),
    /// `DROP DEFAULT`.
    DropDefault,
    /// `SET EXPRESSION AS (e)` (PostgreSQL 17).
    SetExpression(Expr),
    /// `DROP EXPRESSION [IF EXISTS]`.
    DropExpression {
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `ADD GENERATED … AS IDENTITY (…)`.
    AddIdentity(IdentityKind, SequenceOptions),
    /// `SET GENERATED …`, `SET sequence_option`, `RESTART`.
    SetIdentity(Option<IdentityKind>, SequenceOptions),
    /// `DROP IDENTITY [IF EXISTS]`.
    DropIdentity {
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `SET STATISTICS n`.
    SetStatistics(i32),
    /// `SET STORAGE x`, upper case.
    SetStorage(String),
    /// `SET COMPRESSION x`.
    SetCompression(String),
    /// `SET (…)`.
    SetParameters(Vec<StorageParameter>),
    /// `RESET (…)`.
    ResetParameters(Vec<StorageParameter>),
    /// `COMMENT 'x'` of warehouses.
    Comment(Option<String>),
    /// `FIRST` (`None`) or `AFTER c`.
    Position(Option<Ident>),
}

/// `ENABLE [REPLICA | ALWAYS]`, `DISABLE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TriggerState {
    /// The default.
    Enabled,
    /// `DISABLE`.
    Disabled,
    /// `ENABLE REPLICA`.
    Replica,
    /// `ENABLE ALWAYS`.
    Always,
}

/// Row-level security switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSecurity {
    /// `ENABLE`.
    Enable,
    /// `DISABLE`.
    Disable,
    /// `FORCE`.
    Force,
    /// `NO FORCE`.
    NoForce,
}

/// What identifies a row in logical replication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicaIdentity {
    /// The primary key.
    Default,
    /// A unique index.
    Index(Ident),
    /// All columns.
    Full,
    /// Nothing.
    Nothing,
}
