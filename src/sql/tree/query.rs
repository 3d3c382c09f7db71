//! Expressions, queries and statements that write rows, as written.
//!
//! One grammar that contains itself: an expression holds a query, a query holds expressions, and `WITH` holds statements that write.
//! In several files it would be a circle of files.

use super::{Ident, ObjectName, TemporaryKind, TypeName};
use crate::text::Span;

// --- expressions ---

/// An expression and the text it covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Box<ExprKind>,
    /// Its text; at least the names and literals in it.
    pub span: Span,
}

/// The kinds of expression. Special syntax that is only another way to call a function (`EXTRACT`, `AT TIME ZONE`, `LIKE`)
/// is a [`Call`] or a binary operator, with the syntax kept in [`CallSyntax`].
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// One to four parts: `c`, `t.c`, `s.t.c`. A trailing part may turn out to be a field of a composite column.
    Column(Vec<Ident>),
    /// `*` or `t.*` where a value stands (`count(*)`, `row_to_json(t.*)`).
    Star(Option<ObjectName>),
    /// A constant.
    Literal(Literal),
    /// `$1`, `?`, `:name`, or a template hole; as written.
    Parameter(String),
    /// `DEFAULT` in an `INSERT` or `UPDATE`.
    Default,
    /// `-x`, `NOT x`, `@ x`.
    Unary(UnaryOperator, Expr),
    /// `x OP y`.
    Binary(Expr, BinaryOperator, Expr),
    /// `a AND b AND c`, `a OR b`: two operands or more, the first never of the same connective. `a AND (b AND c)` means the same and is another
    /// tree, because the server keeps and shows the two apart (makeAndExpr, gram.y, 15).
    Connected(Connective, Vec<Expr>),
    /// `x IS [NOT] NULL` and its relatives.
    Is {
        /// What is tested.
        operand: Expr,
        /// For what.
        test: IsTest,
        /// `IS NOT …`.
        negated: bool,
    },
    /// `x [NOT] BETWEEN [SYMMETRIC] low AND high`.
    Between {
        /// The middle.
        operand: Expr,
        /// The lower bound.
        low: Expr,
        /// The upper bound.
        high: Expr,
        /// `NOT BETWEEN`.
        negated: bool,
        /// `SYMMETRIC`: the bounds may stand in either order.
        symmetric: bool,
    },
    /// `x [NOT] IN (a, b)`.
    InList {
        /// The left side.
        operand: Expr,
        /// The right side.
        list: Vec<Expr>,
        /// `NOT IN`.
        negated: bool,
    },
    /// `x [NOT] IN (SELECT …)`.
    InSubquery {
        /// The left side.
        operand: Expr,
        /// The right side.
        query: Box<Query>,
        /// `NOT IN`.
        negated: bool,
    },
    /// `x OP ANY (array or query)`, `x OP ALL (…)`.
    Quantified {
        /// The left side.
        operand: Expr,
        /// `=`, `<`, `~~` …
        operator: BinaryOperator,
        /// `ANY` or `ALL`.
        quantifier: Quantifier,
        /// An array expression, or [`ExprKind::Subquery`].
        right: Expr,
    },
    /// `EXISTS (SELECT …)`.
    Exists(Box<Query>),
    /// `(SELECT …)` as a value.
    Subquery(Box<Query>),
    /// `CAST(x AS t)`, `x::t`, `t 'literal'`.
    Cast {
        /// What is cast.
        operand: Expr,
        /// To what.
        target: TypeName,
        /// `TRY_CAST`, `SAFE_CAST`: NULL where the cast fails.
        lenient: bool,
    },
    /// `x COLLATE c`.
    Collate(Expr, ObjectName),
    /// A function, aggregate or window function, `COALESCE` and the other built-in forms too.
    Call(Call),
    /// `CASE …`.
    Case {
        /// `CASE x WHEN …`.
        operand: Option<Expr>,
        /// The branches in order.
        branches: Vec<CaseBranch>,
        /// `ELSE`.
        otherwise: Option<Expr>,
    },
    /// `ARRAY[…]` or a warehouse's `[…]`.
    Array(Vec<Expr>),
    /// `ARRAY(SELECT …)`.
    ArraySubquery(Box<Query>),
    /// `ROW(a, b)` or `(a, b)`.
    Row(Vec<Expr>),
    /// `x[1]`, `x[1:2]`, `v:path` of Snowflake with the path as text literals.
    Subscript(Expr, SubscriptRange),
    /// `(x).field`.
    Field(Expr, Ident),
    /// `(x).*`.
    AllFields(Expr),
    /// `STRUCT(1 AS a)`, `{'a': 1}` of warehouses.
    Struct(Vec<(Option<Ident>, Expr)>),
    /// `x -> x + 1` of warehouses.
    Lambda(Vec<Ident>, Expr),
    /// `GROUPING SETS`-aware `GROUPING(a, b)`.
    Grouping(Vec<Expr>),
    /// Read by the parser, but of a kind this tree has no room for; nothing in it is judged.
    NotUnderstood(String),
}

/// A constant as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// Digits, with point or exponent where written.
    Number(String),
    /// A string, its quotes and escapes resolved: PostgreSQL's unknown-typed literal.
    String(String),
    /// `B'…'`.
    Bits(String),
    /// `X'…'`.
    Hex(String),
    /// `INTERVAL '…' [field]`: the text and the field words.
    Interval(String, Option<String>),
}

/// Operators with one operand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `NOT`.
    Not,
    /// Any symbol, `-` and `+` too.
    Symbol(String),
}

/// Operators with two operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// Any symbol (`=`, `||`, `->>`); `LIKE` is `~~`, `ILIKE` `~~*`, their negations `!~~`, `!~~*`, `SIMILAR TO` is `~` on a converted pattern, written `SIMILAR TO` here.
    Symbol(String),
    /// `OPERATOR(schema.symbol)`.
    Qualified(ObjectName),
}

/// What joins conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connective {
    /// `AND`.
    And,
    /// `OR`.
    Or,
}

/// What `IS` can test for.
#[derive(Clone, Debug, PartialEq)]
pub enum IsTest {
    /// `NULL`.
    Null,
    /// `TRUE`.
    True,
    /// `FALSE`.
    False,
    /// `UNKNOWN`.
    Unknown,
    /// `DISTINCT FROM x`.
    DistinctFrom(Expr),
    /// `DOCUMENT`, `NORMALIZED`, `JSON`.
    Form(String),
}

/// `ANY` (`SOME`) or `ALL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Any,
    /// Every one.
    All,
}

/// `WHEN condition THEN value`.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseBranch {
    /// The condition, or the value compared with the operand.
    pub when: Expr,
    /// The result.
    pub then: Expr,
}

/// What stands in the brackets.
#[derive(Clone, Debug, PartialEq)]
pub enum SubscriptRange {
    /// `[i]`.
    Index(Expr),
    /// `[a:b]`, either end open.
    Slice(Option<Expr>, Option<Expr>),
}

/// A function call with everything that may hang on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function.
    pub name: ObjectName,
    /// The arguments in order.
    pub arguments: Vec<Argument>,
    /// `DISTINCT` in an aggregate.
    pub distinct: bool,
    /// `ORDER BY` in an aggregate.
    pub order_by: Vec<OrderBy>,
    /// `WITHIN GROUP (ORDER BY …)`.
    pub within_group: Vec<OrderBy>,
    /// `FILTER (WHERE …)`.
    pub filter: Option<Expr>,
    /// `OVER …`.
    pub over: Option<WindowReference>,
    /// `IGNORE NULLS` of a window function.
    pub ignore_nulls: bool,
    /// How it was written.
    pub syntax: CallSyntax,
}

/// The written form of a call; the server stores some of them as syntax (`EXTRACT(… FROM …)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallSyntax {
    /// `f(a, b)`.
    Function,
    /// A word without parentheses: `CURRENT_DATE`, `SESSION_USER`.
    Keyword,
    /// `EXTRACT(field FROM x)`, name `extract`, the field as a string literal first.
    Extract,
    /// `SUBSTRING(x FROM a FOR b)`, `POSITION(a IN b)`, `TRIM(BOTH a FROM b)`, `OVERLAY(…)`, `NORMALIZE`: name and order of arguments as in the plain call.
    Special,
    /// `x AT TIME ZONE z`: name `timezone`, the zone first.
    AtTimeZone,
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// `name => value`.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
    /// `VARIADIC value`.
    pub variadic: bool,
}

/// One sort key.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderBy {
    /// What is sorted by; a bare integer is a position, a bare name may be an output name.
    pub expr: Expr,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` (true) or `NULLS LAST` (false) when written.
    pub nulls_first: Option<bool>,
}

/// What follows `OVER`.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowReference {
    /// `OVER w`.
    Named(Ident),
    /// `OVER (…)`.
    Inline(Window),
}

/// A window definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// `(w ORDER BY …)`: the window it builds on.
    pub base: Option<Ident>,
    /// `PARTITION BY`.
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<OrderBy>,
    /// The frame's bounds that are expressions.
    pub frame_bounds: Vec<Expr>,
    /// The frame clause as text, when written.
    pub frame: Option<String>,
}

// --- queries ---

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

// --- statements that write rows ---

/// A statement that writes rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Dml {
    /// `INSERT`.
    Insert(Insert),
    /// `UPDATE`.
    Update(Update),
    /// `DELETE`.
    Delete(Delete),
    /// `MERGE`.
    Merge(Merge),
}

/// `INSERT INTO t (…) …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Insert {
    /// `WITH … INSERT`.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target.
    pub target: ObjectName,
    /// `AS t`.
    pub alias: Option<Ident>,
    /// The column list; empty means by position.
    pub columns: Vec<Ident>,
    /// `OVERRIDING … VALUE`.
    pub overriding: Option<Overriding>,
    /// The rows.
    pub source: InsertSource,
    /// `ON CONFLICT`.
    pub on_conflict: Option<OnConflict>,
    /// `RETURNING`.
    pub returning: Vec<SelectItem>,
    /// The whole of it.
    pub span: Span,
}

/// Where inserted rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum InsertSource {
    /// `DEFAULT VALUES`.
    Defaults,
    /// A query or `VALUES`.
    Query(Box<Query>),
    /// So many rows of constants that only the head was read (statements over the size that is parsed in full).
    NotRead,
}

/// `OVERRIDING SYSTEM VALUE` or `USER VALUE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overriding {
    /// The given value wins over `GENERATED ALWAYS`.
    System,
    /// The generated value wins.
    User,
}

/// `ON CONFLICT target action`.
#[derive(Clone, Debug, PartialEq)]
pub struct OnConflict {
    /// What may collide.
    pub target: ConflictTarget,
    /// What then happens.
    pub action: ConflictAction,
}

/// The unique index that `ON CONFLICT` infers.
#[derive(Clone, Debug, PartialEq)]
pub enum ConflictTarget {
    /// None written.
    Any,
    /// `(a, lower(b)) WHERE …`.
    Columns(Vec<Expr>, Option<Expr>),
    /// `ON CONSTRAINT c`.
    Constraint(Ident),
}

/// `DO NOTHING` or `DO UPDATE`.
#[derive(Clone, Debug, PartialEq)]
pub enum ConflictAction {
    /// Nothing.
    Nothing,
    /// `DO UPDATE SET … WHERE …`.
    Update(Vec<Assignment>, Option<Expr>),
}

/// `a = x` or `(a, b) = (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Left of `=`.
    pub target: AssignmentTarget,
    /// Right of it.
    pub value: Expr,
}

/// What is assigned to.
#[derive(Clone, Debug, PartialEq)]
pub enum AssignmentTarget {
    /// `a`, or a part of it (`a.f`, `a[1]`).
    Column {
        /// The column.
        column: Ident,
        /// The way to the part that is meant; empty for the column itself.
        path: Vec<AssignedPart>,
    },
    /// `(a, b)`.
    Columns(Vec<Ident>),
}

/// A step into a column that is assigned to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignedPart {
    /// `.f`.
    Field(Ident),
    /// `[1]`, `['key']`.
    Element,
}

/// `UPDATE t SET …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// `WITH … UPDATE`.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target with its alias.
    pub target: ObjectName,
    /// `AS t`.
    pub alias: Option<RelationAlias>,
    /// `ONLY`.
    pub only: bool,
    /// `SET`.
    pub assignments: Vec<Assignment>,
    /// `FROM`.
    pub from: Vec<From>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `RETURNING`.
    pub returning: Vec<SelectItem>,
    /// The whole of it.
    pub span: Span,
}

/// `DELETE FROM t …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Delete {
    /// `WITH … DELETE`.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target.
    pub target: ObjectName,
    /// `AS t`.
    pub alias: Option<RelationAlias>,
    /// `ONLY`.
    pub only: bool,
    /// `USING`.
    pub using: Vec<From>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `RETURNING`.
    pub returning: Vec<SelectItem>,
    /// The whole of it.
    pub span: Span,
}

/// `MERGE INTO t USING s ON … WHEN …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// `WITH … MERGE`.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target.
    pub target: ObjectName,
    /// `AS t`.
    pub alias: Option<RelationAlias>,
    /// `ONLY`.
    pub only: bool,
    /// `USING`.
    pub source: Box<From>,
    /// `ON`.
    pub on: Expr,
    /// The clauses in order.
    pub clauses: Vec<MergeClause>,
    /// `RETURNING` (PostgreSQL 17).
    pub returning: Vec<SelectItem>,
    /// The whole of it.
    pub span: Span,
}

/// One `WHEN`.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeClause {
    /// `MATCHED`, `NOT MATCHED [BY …]`.
    pub when: MergeWhen,
    /// `AND condition`.
    pub condition: Option<Expr>,
    /// What happens.
    pub action: MergeAction,
}

/// Which rows a clause is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeWhen {
    /// In both.
    Matched,
    /// Only in the source.
    NotMatchedByTarget,
    /// Only in the target.
    NotMatchedBySource,
}

/// What a clause does.
#[derive(Clone, Debug, PartialEq)]
pub enum MergeAction {
    /// `UPDATE SET …`.
    Update(Vec<Assignment>),
    /// `INSERT (…) VALUES (…)`; no columns means by position.
    Insert(Vec<Ident>, Vec<Expr>),
    /// `DELETE`.
    Delete,
    /// `DO NOTHING`.
    Nothing,
}

/// `COPY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    /// The table, unless a query is copied out.
    pub table: Option<ObjectName>,
    /// `COPY (query) TO`.
    pub query: Option<Box<Query>>,
    /// The column list; empty means all, by position.
    pub columns: Vec<Ident>,
    /// In or out.
    pub direction: CopyDirection,
}

/// Which way rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyDirection {
    /// `FROM`: into the table.
    In,
    /// `TO`: out of it.
    Out,
}
