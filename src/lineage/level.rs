//! One query level: the relations in its `FROM`, which of them can be seen from where, and what its clauses have used.
//!
//! The rules are those of the server's parse_relation.c and parse_clause.c (PostgreSQL 15): a relation can be visible by name, by its
//! columns, only laterally, or laterally but not for use.

use std::rc::Rc;

use super::value::{Field, Sources};
use crate::name::Name;
use crate::schema::{Address, DataType, ObjectId};
use crate::text::Span;

/// Which clause of a query is being resolved; decides what may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    /// Anything may stand here.
    Other,
    /// The select list.
    SelectList,
    /// A subquery in `FROM`.
    FromSubquery,
    /// A function in `FROM`.
    FromFunction,
    /// A join condition.
    JoinCondition,
    /// `WHERE`.
    Where,
    /// `GROUP BY`.
    GroupBy,
    /// `HAVING`.
    Having,
    /// `QUALIFY`.
    Qualify,
    /// `ORDER BY`.
    OrderBy,
    /// `DISTINCT ON`.
    DistinctOn,
    /// `PARTITION BY` of a window.
    WindowPartition,
    /// `ORDER BY` of a window.
    WindowOrder,
    /// A frame bound.
    WindowFrame,
    /// `LIMIT`, `OFFSET`.
    Limit,
    /// `VALUES` of a query.
    Values,
    /// `VALUES` of an `INSERT`.
    InsertValues,
    /// The right side of `SET`.
    UpdateSource,
    /// `RETURNING`.
    Returning,
    /// A condition of `MERGE`.
    MergeWhen,
    /// A check of a table or domain.
    Check,
    /// A default.
    Default,
    /// A generated column.
    Generated,
    /// A key of an index.
    IndexKey,
    /// The condition of an index.
    IndexPredicate,
    /// A conversion of `ALTER COLUMN … TYPE`.
    Conversion,
    /// A partition key.
    PartitionKey,
    /// A partition bound.
    PartitionBound,
    /// A policy.
    Policy,
    /// The condition of a trigger.
    TriggerCondition,
    /// An argument of `CALL`.
    CallArgument,
}

/// What a relation in `FROM` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RelationKind {
    /// A table, view or sequence of the schema.
    Stored(ObjectId),
    /// A relation of `pg_catalog` or `information_schema`.
    Catalog,
    /// A subquery, common table expression, `VALUES`, pivot.
    Derived,
    /// A function whose result is one plain value for each row.
    ScalarFunction,
    /// A function that gives rows.
    Function,
    /// A join.
    Join,
    /// One that the schema does not know, as written.
    Missing(Rc<str>),
}

/// A column of a relation in `FROM`.
#[derive(Clone, Debug)]
pub(super) struct RelationColumn {
    /// Its name here.
    pub name: Name,
    /// Its type.
    pub data_type: Option<DataType>,
    /// Whether NULL can come.
    pub nullable: bool,
    /// The column of the schema that it is, also through subqueries.
    pub column: Option<Address>,
    /// Whether a name that finds it means the column of the schema itself.
    pub direct: bool,
    /// Where its values come from.
    pub sources: Rc<Sources>,
    /// What a use of it reads.
    pub reads: Rc<[Address]>,
    /// The fields of a row value.
    pub fields: Option<Rc<[Field]>>,
    /// In a join: the column of the joined relation that it is (relation, column).
    pub base: Option<(usize, usize)>,
    /// Not part of a star.
    pub hidden: bool,
}

impl RelationColumn {
    /// A column that is computed.
    pub fn computed(name: Name, data_type: Option<DataType>, nullable: bool) -> Self {
        Self { name, data_type, nullable, column: None, direct: false, sources: Rc::default(), reads: Rc::from([]), fields: None, base: None, hidden: false }
    }
}

/// A relation in `FROM`.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    /// What it is.
    pub kind: RelationKind,
    /// Its columns.
    pub columns: Vec<RelationColumn>,
    /// Where it stands.
    pub span: Span,
    /// Why a column that is not found may be there all the same.
    pub uncertain: Option<Rc<str>>,
    /// The composite type of its rows, when they have a named one.
    pub row_type: Option<ObjectId>,
}

/// How a relation can be seen at one place.
#[derive(Clone, Debug)]
pub(super) struct Visible {
    /// The relation, an index into the level's.
    pub relation: usize,
    /// What it is called.
    pub name: Option<Name>,
    /// Whether that name was given to it here.
    pub is_alias: bool,
    /// Whether it can be named.
    pub by_name: bool,
    /// Whether its columns can be named without it.
    pub by_column: bool,
    /// Whether only lateral references see it.
    pub lateral_only: bool,
    /// Whether lateral references may use it.
    pub lateral_allowed: bool,
}

/// An expression that was resolved at this level: its hash and the uses of columns in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Equal for equal expressions.
    pub hash: u64,
    /// First entry in the log of uses.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// One use of a column, of whatever relation at whatever level.
#[derive(Clone, Debug)]
pub(super) struct ColumnUse {
    /// The level that the column belongs to.
    pub level: u32,
    /// The relation in that level.
    pub relation: usize,
    /// The column in that relation; `None` for the whole row.
    pub column: Option<usize>,
    /// Where.
    pub span: Span,
    /// Whether it stands inside an aggregate of its level.
    pub aggregated: bool,
    /// Where its values come from.
    pub sources: Rc<Sources>,
    /// What it reads.
    pub reads: Rc<[Address]>,
}

/// One query level.
#[derive(Debug)]
pub(super) struct Level {
    /// Its number, never used twice in one binding.
    pub id: u32,
    /// The relations of its `FROM`.
    pub relations: Vec<Relation>,
    /// What can be seen now.
    pub visible: Vec<Visible>,
    /// Whether what is lateral only can be seen now.
    pub lateral_active: bool,
    /// The clause that is being resolved.
    pub clause: Clause,
    /// Whether an aggregate belongs to this level.
    pub has_aggregates: bool,
    /// Expressions of this level that use columns.
    pub nodes: Vec<Node>,
    /// Names of windows of this level.
    pub windows: Vec<Name>,
    /// Output names that may be used in other clauses, where the dialect allows it: name, value, sources.
    pub aliases: Vec<(Name, super::value::OutputColumn)>,
    /// Whether those names can be seen now.
    pub aliases_visible: bool,
    /// Whether set-returning functions give 0A000 here whatever the clause.
    pub inside_conditional: bool,
}

impl Level {
    /// A level without relations.
    pub fn new(id: u32) -> Self {
        Self {
            id,
            relations: Vec::new(),
            visible: Vec::new(),
            lateral_active: false,
            clause: Clause::Other,
            has_aggregates: false,
            nodes: Vec::new(),
            windows: Vec::new(),
            aliases: Vec::new(),
            aliases_visible: false,
            inside_conditional: false,
        }
    }
}
