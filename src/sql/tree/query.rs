//! Queries as written.

use super::{Call, Dml, Expr, Ident, ObjectName, OrderBy, TemporaryKind, TypeName, Window};
use crate::text::Span;

/// `WITH … body ORDER BY … LIMIT …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The common table expressions in order.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// What produces the rows.
    pub body: QueryBody,
    /// The outer `ORDER BY`.
    pub order_by: Vec<OrderBy>,
    /// `LIMIT`, `OFFSET`, `FETCH`: the expressions; the number of rows first, when [`Query::limited`], then the offset.
    pub limits: Vec<Expr>,
    /// Whether a `LIMIT`, `FETCH` or `TOP` is there.
    pub limited: bool,
    /// `FETCH … WITH TIES`.
    pub with_ties: bool,
    /// `FOR UPDATE [OF t]` and relatives.
    pub locking: Vec<(LockStrength, Vec<ObjectName>)>,
    /// What happens to rows that somebody else has locked.
    pub lock_wait: LockWait,
    /// The whole of it.
    pub span: Span,
}

/// Row locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockStrength {
    /// `FOR UPDATE`.
    Update,
    /// `FOR NO KEY UPDATE`.
    NoKeyUpdate,
    /// `FOR SHARE`.
    Share,
    /// `FOR KEY SHARE`.
    KeyShare,
}

/// What a locking query does when a row is locked already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LockWait {
    /// It waits.
    #[default]
    Wait,
    /// `NOWAIT`: it fails.
    NoWait,
    /// `SKIP LOCKED`.
    SkipLocked,
}

/// One `name [(columns)] AS (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cte {
    /// Its name.
    pub name: Ident,
    /// The column list, may be shorter than the query's columns.
    pub columns: Vec<Ident>,
    /// A query, or a data-modifying statement.
    pub query: Box<Query>,
    /// `MATERIALIZED` (true) or `NOT MATERIALIZED` (false) when written.
    pub materialized: Option<bool>,
    /// `SEARCH … SET c`: one more column.
    pub search: Option<CteSearch>,
    /// `CYCLE … SET c USING p`: two more columns.
    pub cycle: Option<CteCycle>,
}

/// `SEARCH DEPTH FIRST BY a, b SET c`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CteSearch {
    /// `BREADTH FIRST`.
    pub breadth_first: bool,
    /// Columns of the expression that order the rows.
    pub by: Vec<Ident>,
    /// The column it adds.
    pub sequence: Ident,
}

/// `CYCLE a, b SET mark [TO v DEFAULT w] USING path`.
#[derive(Clone, Debug, PartialEq)]
pub struct CteCycle {
    /// Columns of the expression that tell rows apart.
    pub columns: Vec<Ident>,
    /// The mark column it adds.
    pub mark: Ident,
    /// `TO v DEFAULT w`; true and false when not written.
    pub values: Option<(Expr, Expr)>,
    /// The path column it adds.
    pub path: Ident,
}

/// The kinds of body.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryBody {
    /// `SELECT …`.
    Select(Box<Select>),
    /// `left UNION right`.
    SetOperation {
        /// Which.
        operator: SetOperator,
        /// `ALL`, `DISTINCT`, `BY NAME`.
        quantifier: SetQuantifier,
        /// The left side.
        left: Box<Query>,
        /// The right side.
        right: Box<Query>,
    },
    /// `VALUES (…), (…)`.
    Values(Values),
    /// `(query)`, with its own `ORDER BY` and `LIMIT`.
    Nested(Box<Query>),
    /// `TABLE t`.
    Table(ObjectName),
    /// `INSERT`/`UPDATE`/`DELETE`/`MERGE … RETURNING` after a `WITH` or inside one.
    Dml(Box<Dml>),
    /// Read by the parser, but of a kind this tree has no room for.
    NotUnderstood(String),
}

/// Rows of a `VALUES` list.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// The rows in order.
    pub rows: Vec<Vec<Expr>>,
}

/// Set operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperator {
    /// `UNION`.
    Union,
    /// `INTERSECT`.
    Intersect,
    /// `EXCEPT` or `MINUS`.
    Except,
}

/// How duplicates and names are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetQuantifier {
    /// Duplicates go.
    Distinct,
    /// Duplicates stay.
    All,
    /// Columns are matched by name (DuckDB, Snowflake, BigQuery).
    ByName,
    /// By name, duplicates stay.
    AllByName,
}

/// One `SELECT`.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// `DISTINCT`.
    pub distinct: Distinct,
    /// The select list.
    pub items: Vec<SelectItem>,
    /// `SELECT … INTO t`: this makes a table.
    pub into: Option<ObjectName>,
    /// `INTO TEMPORARY t`, `INTO UNLOGGED t`.
    pub into_temporary: TemporaryKind,
    /// The comma list of `FROM`.
    pub from: Vec<From>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `GROUP BY`.
    pub group_by: GroupBy,
    /// `HAVING`.
    pub having: Option<Expr>,
    /// `WINDOW w AS (…)`.
    pub windows: Vec<NamedWindow>,
    /// `QUALIFY`.
    pub qualify: Option<Expr>,
    /// From `SELECT` to its end.
    pub span: Span,
}

/// Duplicate removal.
#[derive(Clone, Debug, PartialEq)]
pub enum Distinct {
    /// None.
    No,
    /// Over all outputs.
    All,
    /// `DISTINCT ON (…)`.
    On(Vec<Expr>),
}

/// One entry of the select list.
#[derive(Clone, Debug, PartialEq)]
pub enum SelectItem {
    /// An expression with an optional output name.
    Expr {
        /// The value.
        expr: Expr,
        /// `AS name`.
        alias: Option<Ident>,
    },
    /// `*` or `t.*`.
    Star {
        /// `t` of `t.*`.
        qualifier: Option<ObjectName>,
        /// `EXCEPT`, `REPLACE`, `RENAME` of warehouses.
        options: StarOptions,
        /// The star and its qualifier.
        span: Span,
    },
}

/// What warehouses allow behind a star.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StarOptions {
    /// `EXCEPT (a, b)` or `EXCLUDE`.
    pub except: Vec<Ident>,
    /// `REPLACE (x AS a)`.
    pub replace: Vec<(Expr, Ident)>,
    /// `RENAME (a AS b)`.
    pub rename: Vec<(Ident, Ident)>,
}

/// `GROUP BY`.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupBy {
    /// None.
    None,
    /// `GROUP BY ALL`.
    All,
    /// The elements.
    Elements(Vec<GroupingElement>),
}

/// One element of `GROUP BY`.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupingElement {
    /// A key: expression, position or alias.
    Expr(Expr),
    /// `ROLLUP`, `CUBE`, `GROUPING SETS`: the sets' expressions.
    Sets(Vec<Vec<Expr>>),
}

/// `w AS (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedWindow {
    /// Its name.
    pub name: Ident,
    /// Its definition.
    pub window: Window,
}

/// An alias of something in `FROM`.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationAlias {
    /// The name.
    pub name: Ident,
    /// `(a, b)`, may be shorter than the columns.
    pub columns: Vec<Ident>,
}

/// One thing in `FROM`.
#[derive(Clone, Debug, PartialEq)]
pub enum From {
    /// A table, view or common table expression.
    Relation {
        /// As written.
        name: ObjectName,
        /// `AS t (…)`.
        alias: Option<RelationAlias>,
        /// `ONLY t`: without children.
        only: bool,
        /// `TABLESAMPLE`, time travel: expressions in it.
        extras: Vec<Expr>,
        /// `TABLESAMPLE`: its method; the arguments are in `extras`.
        sample: Option<TableSample>,
    },
    /// `(SELECT …) AS t`.
    Subquery {
        /// The query.
        query: Box<Query>,
        /// `LATERAL`.
        lateral: bool,
        /// `AS t (…)`.
        alias: Option<RelationAlias>,
        /// The parentheses and what is in them.
        span: Span,
    },
    /// `f(…)`, `ROWS FROM (…)`, `UNNEST(…)`, `FLATTEN(…)`.
    Function {
        /// One, or several for `ROWS FROM`.
        items: Vec<FunctionItem>,
        /// `LATERAL` (PostgreSQL treats functions as lateral always).
        lateral: bool,
        /// `WITH ORDINALITY`, or `WITH OFFSET [AS name]`.
        ordinality: bool,
        /// `AS t (…)`.
        alias: Option<RelationAlias>,
        /// The calls.
        span: Span,
    },
    /// `left JOIN right`.
    Join {
        /// The left side.
        left: Box<From>,
        /// The right side.
        right: Box<From>,
        /// Inner, left …
        kind: JoinKind,
        /// `ON`, `USING`, `NATURAL`.
        constraint: JoinConstraint,
        /// `(a JOIN b) AS t`.
        alias: Option<RelationAlias>,
    },
    /// `t PIVOT (…)`: aggregates, the column that is spread, and the value list.
    Pivot {
        /// What is pivoted.
        input: Box<From>,
        /// The aggregates with their aliases.
        aggregates: Vec<(Expr, Option<Ident>)>,
        /// `FOR column`.
        value_columns: Vec<Expr>,
        /// `IN (a AS x, b)`.
        values: Vec<(Expr, Option<Ident>)>,
        /// `AS t`.
        alias: Option<RelationAlias>,
        /// The whole of it.
        span: Span,
    },
    /// `t UNPIVOT (value FOR name IN (a, b))`.
    Unpivot {
        /// What is unpivoted.
        input: Box<From>,
        /// The new value column.
        value: Ident,
        /// The new name column.
        name: Ident,
        /// The columns that fold.
        columns: Vec<Ident>,
        /// `AS t`.
        alias: Option<RelationAlias>,
        /// The whole of it.
        span: Span,
    },
    /// Read by the parser, but of a kind this tree has no room for.
    NotUnderstood {
        /// What it is.
        what: String,
        /// Where.
        span: Span,
    },
}

/// `TABLESAMPLE method (…) [REPEATABLE (…)]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSample {
    /// `bernoulli`, `system` or an extension's.
    pub method: ObjectName,
    /// Whether the last of `extras` is the seed of `REPEATABLE`.
    pub repeatable: bool,
}

/// A function in `FROM` with the columns its record is declared to have.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionItem {
    /// The call.
    pub call: Call,
    /// The call's text.
    pub span: Span,
    /// `AS (a int, b text)`.
    pub columns: Vec<(Ident, TypeName)>,
}

/// Kinds of join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// `[INNER] JOIN`.
    Inner,
    /// `LEFT JOIN`.
    Left,
    /// `RIGHT JOIN`.
    Right,
    /// `FULL JOIN`.
    Full,
    /// `CROSS JOIN`, `CROSS APPLY`.
    Cross,
    /// `SEMI JOIN`: the right side's columns are not visible.
    Semi,
    /// `ANTI JOIN`: likewise.
    Anti,
}

/// How the two sides meet.
#[derive(Clone, Debug, PartialEq)]
pub enum JoinConstraint {
    /// No condition.
    None,
    /// `ON condition`.
    On(Expr),
    /// `USING (a, b)`.
    Using(Vec<Ident>),
    /// `NATURAL`.
    Natural,
}
