//! Tables as written: `CREATE TABLE` and every form of `ALTER TABLE`.

use super::{DropBehavior, Expr, Ident, IndexElement, ObjectName, Query, SequenceOptions, TypeName};
use crate::text::Span;

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

/// `CREATE TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTable {
    /// Its name.
    pub name: ObjectName,
    /// `TEMPORARY`, `UNLOGGED`.
    pub temporary: TemporaryKind,
    /// `FOREIGN`, `EXTERNAL`.
    pub foreign: bool,
    /// `OR REPLACE` of warehouses.
    pub or_replace: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// Columns, constraints and `LIKE`s in the order written.
    pub elements: Vec<TableElement>,
    /// `INHERITS (p, …)`.
    pub inherits: Vec<ObjectName>,
    /// `PARTITION OF p bound`.
    pub partition_of: Option<(ObjectName, PartitionBound)>,
    /// `PARTITION BY …`.
    pub partition_by: Option<PartitionBy>,
    /// `OF type`.
    pub of_type: Option<ObjectName>,
    /// `CLONE t`, `LIKE t` as the whole definition (warehouses).
    pub clone_of: Option<ObjectName>,
    /// `WITH (…)`.
    pub parameters: Vec<StorageParameter>,
    /// `USING method`.
    pub access_method: Option<Ident>,
    /// `TABLESPACE`.
    pub tablespace: Option<Ident>,
    /// `SERVER`.
    pub server: Option<Ident>,
    /// Physical options of other dialects (`ENGINE`, `CLUSTER BY`, `DISTKEY` …): the words, each with what follows.
    pub options: Vec<(String, String)>,
}

/// One thing between the parentheses.
#[derive(Clone, Debug, PartialEq)]
pub enum TableElement {
    /// A column.
    Column(ColumnDefinition),
    /// A table constraint.
    Constraint(TableConstraint),
    /// `LIKE t INCLUDING …`.
    Like(ObjectName, Vec<LikeOption>),
}

/// `INCLUDING x` (true) or `EXCLUDING x` (false); `ALL`, `DEFAULTS`, `CONSTRAINTS`, `INDEXES`, `IDENTITY`, `GENERATED`, `COMMENTS`, `STORAGE`, `COMPRESSION`, `STATISTICS`, upper case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikeOption {
    /// Whether it is included.
    pub including: bool,
    /// What.
    pub what: String,
}

/// `name type constraint…`.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: Ident,
    /// Its type; `None` in `OF type` and `PARTITION OF`, and in SQLite.
    pub data_type: Option<TypeName>,
    /// `COLLATE c`.
    pub collation: Option<ObjectName>,
    /// Its constraints in the order written.
    pub constraints: Vec<ColumnConstraint>,
    /// `STORAGE x`, `COMPRESSION x`, `COMMENT 'x'`, `ENCODE x`, `CODEC(x)` …: words upper case, then what follows.
    pub options: Vec<(String, String)>,
    /// The whole of it.
    pub span: Span,
}

/// A constraint that stands with a column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnConstraint {
    /// `CONSTRAINT name`.
    pub name: Option<Ident>,
    /// What it demands.
    pub kind: ColumnConstraintKind,
    /// Deferrability and validity.
    pub flags: ConstraintFlags,
    /// The whole of it.
    pub span: Span,
}

/// Kinds of column constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnConstraintKind {
    /// `NOT NULL`.
    NotNull,
    /// `NULL`.
    Null,
    /// `DEFAULT expression`.
    Default(Expr),
    /// `GENERATED ALWAYS AS (expression) STORED | VIRTUAL`.
    Generated(Expr, GeneratedKind),
    /// `GENERATED … AS IDENTITY (…)`; Redshift's `IDENTITY(1,1)`, MySQL's `AUTO_INCREMENT`.
    Identity(IdentityKind, SequenceOptions),
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `UNIQUE`.
    Unique {
        /// `NULLS NOT DISTINCT`.
        nulls_not_distinct: bool,
    },
    /// `CHECK (…)`.
    Check {
        /// The condition.
        expression: Expr,
        /// `NO INHERIT`.
        no_inherit: bool,
    },
    /// `REFERENCES t (c) …`.
    References(References),
}

/// When a generated column is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GeneratedKind {
    /// On write.
    Stored,
    /// On read (PostgreSQL 18, MySQL).
    Virtual,
}

/// Who provides an identity column's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentityKind {
    /// Always the sequence.
    Always,
    /// The sequence, unless a value is given.
    ByDefault,
}

/// A table constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct TableConstraint {
    /// `CONSTRAINT name`.
    pub name: Option<Ident>,
    /// What it demands.
    pub kind: TableConstraintKind,
    /// Deferrability and validity.
    pub flags: ConstraintFlags,
    /// The whole of it.
    pub span: Span,
}

/// Kinds of table constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum TableConstraintKind {
    /// `PRIMARY KEY (…)`.
    PrimaryKey {
        /// The key's columns.
        columns: Vec<Ident>,
        /// `INCLUDE (…)`.
        include: Vec<Ident>,
        /// `WITH (…)`, `USING INDEX TABLESPACE`.
        parameters: Vec<StorageParameter>,
    },
    /// `UNIQUE (…)`.
    Unique {
        /// The columns.
        columns: Vec<Ident>,
        /// `INCLUDE (…)`.
        include: Vec<Ident>,
        /// `NULLS NOT DISTINCT`.
        nulls_not_distinct: bool,
        /// `WITH (…)`.
        parameters: Vec<StorageParameter>,
    },
    /// `PRIMARY KEY USING INDEX i` (`primary`) or `UNIQUE USING INDEX i`.
    UsingIndex {
        /// Whether it becomes the primary key.
        primary: bool,
        /// The index.
        index: Ident,
    },
    /// `CHECK (…)`.
    Check {
        /// The condition.
        expression: Expr,
        /// `NO INHERIT`.
        no_inherit: bool,
    },
    /// `NOT NULL c` (PostgreSQL 18).
    NotNull {
        /// The column.
        column: Ident,
        /// `NO INHERIT`.
        no_inherit: bool,
    },
    /// `FOREIGN KEY (…) REFERENCES …`.
    ForeignKey {
        /// This side's columns.
        columns: Vec<Ident>,
        /// The other side.
        references: References,
    },
    /// `EXCLUDE USING gist (c WITH &&) WHERE (…)`.
    Exclude {
        /// `gist` …
        method: Option<Ident>,
        /// Each element and its operator.
        elements: Vec<(IndexElement, String)>,
        /// `INCLUDE (…)`.
        include: Vec<Ident>,
        /// `WHERE (…)`.
        predicate: Option<Expr>,
    },
}

/// What any constraint may say about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConstraintFlags {
    /// `DEFERRABLE` and `INITIALLY`, as far as written.
    pub deferrability: Option<Deferrability>,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// `NOT ENFORCED` (PostgreSQL 18).
    pub not_enforced: bool,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deferrability {
    /// `NOT DEFERRABLE`.
    NotDeferrable,
    /// `DEFERRABLE [INITIALLY IMMEDIATE]`.
    Deferrable,
    /// `INITIALLY DEFERRED`.
    InitiallyDeferred,
}

/// `REFERENCES t (c) MATCH … ON DELETE … ON UPDATE …`.
#[derive(Clone, Debug, PartialEq)]
pub struct References {
    /// The referenced table.
    pub table: ObjectName,
    /// Its columns; empty means its primary key.
    pub columns: Vec<Ident>,
    /// `MATCH`.
    pub matching: ForeignKeyMatch,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// `ON DELETE SET NULL (c, …)` (PostgreSQL 15).
    pub on_delete_columns: Vec<Ident>,
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
}

/// `MATCH`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ForeignKeyMatch {
    /// The default.
    #[default]
    Simple,
    /// All or none null.
    Full,
}

/// Referential actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ForeignKeyAction {
    /// The default.
    #[default]
    NoAction,
    /// At once.
    Restrict,
    /// Rows follow.
    Cascade,
    /// Columns become null.
    SetNull,
    /// Columns take their default.
    SetDefault,
}

/// `FOR VALUES …` or `DEFAULT`, as normalised text (`FOR VALUES IN ('a')`, `FOR VALUES FROM (1) TO (10)`, `DEFAULT`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionBound(pub String);

/// `PARTITION BY RANGE (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionBy {
    /// `range`, `list`, `hash`, lower case.
    pub strategy: String,
    /// The key.
    pub elements: Vec<IndexElement>,
}

/// `name = value` of `WITH (…)` and `SET (…)`; no value in `RESET` and bare flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageParameter {
    /// The name, with `toast.` where written.
    pub name: String,
    /// The value as text.
    pub value: Option<String>,
}

/// `CREATE TABLE t [(a, b)] AS query`, `SELECT … INTO t`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTableAs {
    /// Its name.
    pub name: ObjectName,
    /// `TEMPORARY`, `UNLOGGED`.
    pub temporary: TemporaryKind,
    /// `OR REPLACE` of warehouses.
    pub or_replace: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// The column names.
    pub columns: Vec<Ident>,
    /// The query; `None` for `AS EXECUTE`, whose columns cannot be known here.
    pub query: Option<Box<Query>>,
    /// `WITH NO DATA`.
    pub with_data: bool,
    /// `WITH (…)`.
    pub parameters: Vec<StorageParameter>,
}

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
