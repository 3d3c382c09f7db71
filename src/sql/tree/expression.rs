//! Expressions as written.

use super::{Ident, ObjectName, Query, TypeName};
use crate::text::Span;

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
    /// `x OP y`, `AND` and `OR` included.
    Binary(Expr, BinaryOperator, Expr),
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
    /// `AND`.
    And,
    /// `OR`.
    Or,
    /// Any symbol (`=`, `||`, `->>`); `LIKE` is `~~`, `ILIKE` `~~*`, their negations `!~~`, `!~~*`, `SIMILAR TO` is `~` on a converted pattern, written `SIMILAR TO` here.
    Symbol(String),
    /// `OPERATOR(schema.symbol)`.
    Qualified(ObjectName),
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
