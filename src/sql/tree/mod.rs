//! The tree: closed enums without a catch-all, so that a new kind of statement is a compile error everywhere it matters.
//!
//! Names are folded ([`crate::name::Name`]) and carry their place. Expressions and queries hold what was written;
//! a wildcard is still a wildcard, a bare column has no table yet. `lineage` resolves them.

mod data_type;
mod dml;
mod expression;
mod function;
mod identifier;
mod index;
mod object;
mod privilege;
mod query;
mod sequence;
mod session;
mod statement;
mod table;
mod view;

pub use data_type::TypeName;
pub use dml::{
    Assignment, AssignmentTarget, ConflictAction, ConflictTarget, Copy, CopyDirection, Delete, Dml, Insert, InsertSource, Merge, MergeAction, MergeClause,
    MergeWhen, OnConflict, Overriding, Update,
};
pub use expression::{
    Argument, BinaryOperator, Call, CallSyntax, CaseBranch, Expr, ExprKind, IsTest, Literal, OrderBy, Quantifier, SubscriptRange, UnaryOperator, Window,
    WindowReference,
};
pub use function::{CreateFunction, FunctionBody, FunctionKind, FunctionSignature, Parameter, ParameterMode, Returns, Volatility};
pub use identifier::{Ident, ObjectName};
pub use index::{AlterIndex, AlterIndexAction, CreateIndex, IndexElement};
pub use object::{
    AlterDomainAction, AlterObject, AlterTypeAction, Comment, CreateDomain, CreateExtension, CreatePolicy, CreateSchema, CreateTrigger, CreateType,
    CreateTypeKind, Drop, DropBehavior, DropTarget, ObjectAction, ObjectKind, ObjectReference, TriggerEvent, TriggerTiming,
};
pub use privilege::{AlterDefaultPrivileges, Grant, GrantDirection, GrantTarget, Grantee, Privilege};
pub use query::{
    Cte, CteCycle, CteSearch, Distinct, From, FunctionItem, GroupBy, GroupingElement, JoinConstraint, JoinKind, LockStrength, LockWait, NamedWindow, Query,
    QueryBody, RelationAlias, Select, SelectItem, SetOperator, SetQuantifier, StarOptions, TableSample, Values,
};
pub use sequence::{AlterSequence, CreateSequence, OwnedBy, SequenceOptions};
pub use session::{Session, SettingValue, Transaction};
pub use statement::{CodeBlock, Maintenance, Statement, StatementKind, Unread, UnreadReason};
pub use table::{
    AlterColumn, AlterTable, AlterTableAction, ColumnConstraint, ColumnConstraintKind, ColumnDefinition, ConstraintFlags, CreateTable, CreateTableAs,
    Deferrability, ForeignKeyAction, ForeignKeyMatch, GeneratedKind, IdentityKind, LikeOption, PartitionBound, PartitionBy, References, RelationKind,
    ReplicaIdentity, RowSecurity, StorageParameter, TableConstraint, TableConstraintKind, TableElement, TemporaryKind, TriggerState,
};
pub use view::{AlterView, AlterViewAction, CheckOption, CreateView, RefreshView, ViewKind};
