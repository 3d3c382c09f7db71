//! Functions, procedures and aggregates as written.

use super::{CodeBlock, Expr, Ident, ObjectName, Query, TypeName};
use crate::text::Span;

/// Kinds of routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FunctionKind {
    /// A function, window functions too.
    Function,
    /// A procedure.
    Procedure,
    /// An aggregate.
    Aggregate,
}

/// `CREATE [OR REPLACE] FUNCTION`; `S` is the kind of statement that a body can hold.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateFunction<S> {
    /// Which kind.
    pub kind: FunctionKind,
    /// Its name.
    pub name: ObjectName,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// What it gives back.
    pub returns: Returns,
    /// `LANGUAGE`, lower case.
    pub language: Option<String>,
    /// Its body.
    pub body: FunctionBody<S>,
    /// `IMMUTABLE` …
    pub volatility: Volatility,
    /// `STRICT`.
    pub strict: bool,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `SET name = value` as text, in order.
    pub settings: Vec<(String, String)>,
    /// Everything else (`COST`, `ROWS`, `PARALLEL`, `LEAKPROOF`, an aggregate's `SFUNC` …): words upper case, then what follows.
    pub options: Vec<(String, String)>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `IN`, `OUT` …
    pub mode: ParameterMode,
    /// Its name.
    pub name: Option<Ident>,
    /// Its type.
    pub data_type: TypeName,
    /// `DEFAULT e`.
    pub default: Option<Expr>,
}

/// Parameter modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterMode {
    /// The default.
    In,
    /// Given back.
    Out,
    /// Both.
    InOut,
    /// The rest of the arguments.
    Variadic,
}

/// What a routine gives back.
#[derive(Clone, Debug, PartialEq)]
pub enum Returns {
    /// Nothing written (procedures; functions with `OUT` parameters).
    Nothing,
    /// A type, `SETOF` too.
    Type(TypeName),
    /// `RETURNS TABLE (…)`.
    Table(Vec<(Ident, TypeName)>),
}

/// How much a function's result may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Volatility {
    /// The default.
    #[default]
    Volatile,
    /// The same within a statement.
    Stable,
    /// The same always.
    Immutable,
}

/// The body; `S` is the kind of statement that it can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionBody<S> {
    /// `AS '…'`: kept as text by the server; names in it are looked up at each call.
    Text(CodeBlock),
    /// `BEGIN ATOMIC …; END` or `RETURN e` (PostgreSQL 14): names are bound at creation.
    Atomic(Vec<S>, Span),
    /// `RETURN e`.
    Return(Box<Query>, Span),
    /// `AS 'library', 'symbol'`, an aggregate, or another language's own.
    Opaque,
}

/// A routine named with its argument types: `f(int, text)`; `None` when no parentheses were written.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionSignature {
    /// Which kind; `None` for `ROUTINE`.
    pub kind: Option<FunctionKind>,
    /// Its name.
    pub name: ObjectName,
    /// The types of its input parameters.
    pub arguments: Option<Vec<TypeName>>,
}
