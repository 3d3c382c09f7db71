//! The tree: closed enums without a catch-all, so that a new kind of statement is a compile error everywhere it matters.
//!
//! Names are folded ([`crate::name::Name`]) and carry their place. Expressions and queries hold what was written;
//! a wildcard is still a wildcard, a bare column has no table yet. `lineage` resolves them.

mod alter_sequence;
mod alter_table;
mod code_block;
mod constraint;
mod data_type;
mod function;
mod identifier;
mod index;
mod object;
mod object_kind;
mod operands;
mod privilege;
mod query;
mod relation;
mod sequence;
mod session;
mod statement;
mod table;
mod view;

pub use alter_sequence::AlterSequence;
pub use alter_table::{AlterColumn, AlterTable, AlterTableAction, ReplicaIdentity, RowSecurity, TriggerState};
pub use code_block::CodeBlock;
pub use constraint::{
    ColumnConstraint, ColumnConstraintKind, ConstraintFlags, Deferrability, ForeignKeyAction, ForeignKeyMatch, GeneratedKind, IdentityKind, References,
    TableConstraint, TableConstraintKind,
};
pub use data_type::TypeName;
pub use function::{FunctionKind, FunctionSignature, Parameter, ParameterMode, Returns, Volatility};
pub use identifier::{Ident, ObjectName};
pub use index::{AlterIndex, AlterIndexAction, CreateIndex, IndexElement};
pub use object::{
    AlterDomainAction, AlterObject, AlterTypeAction, Comment, CreateDomain, CreateExtension, CreatePolicy, CreateTrigger, CreateType, CreateTypeKind, Drop,
    DropTarget, ObjectAction, ObjectReference, RuleEvent, TriggerEvent, TriggerTiming,
};
pub use object_kind::{DropBehavior, ObjectKind};
pub use privilege::{AlterDefaultPrivileges, Grant, GrantDirection, GrantTarget, Grantee, Privilege};
pub use query::{
    Argument, AssignedPart, Assignment, AssignmentTarget, BinaryOperator, Call, CallSyntax, CaseBranch, ConflictAction, ConflictTarget, Connective, Copy,
    CopyDirection, Cte, CteCycle, CteSearch, Delete, Distinct, Dml, Expr, ExprKind, From, FunctionItem, GroupBy, GroupingElement, Insert, InsertSource, IsTest,
    JoinConstraint, JoinKind, Literal, LockStrength, LockWait, Merge, MergeAction, MergeClause, MergeWhen, NamedWindow, OnConflict, OrderBy, Overriding,
    Quantifier, Query, QueryBody, RelationAlias, Select, SelectItem, SetOperator, SetQuantifier, StarOptions, SubscriptRange, TableSample, UnaryOperator,
    Update, Values, Window, WindowReference,
};
pub use relation::{RelationKind, StorageParameter, TemporaryKind};
pub use sequence::{CreateSequence, OwnedBy, SequenceOptions};
pub use session::{Session, SettingValue, Transaction};
pub use statement::{CreateFunction, CreateSchema, FunctionBody, Maintenance, RefusalCode, RuleParts, Statement, StatementKind, Unread, UnreadReason};
pub use table::{ColumnDefinition, CreateTable, CreateTableAs, LikeOption, PartitionBound, PartitionBy, TableElement};
pub use view::{AlterView, AlterViewAction, CheckOption, CreateView, RefreshView, ViewKind};
