//! Which routine a call means.

use super::{Certainty, Operand, SearchIn, TypeError};
use crate::name::Name;
use crate::schema::{DataType, ObjectId, Schema};
use crate::sql::tree::Volatility;

/// Kinds of routine, and a cast that is written as a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoutineKind {
    /// A function.
    Function,
    /// An aggregate.
    Aggregate,
    /// An aggregate that is called with `WITHIN GROUP`.
    OrderedSetAggregate,
    /// One of `rank`, `dense_rank`, `percent_rank`, `cume_dist` with `WITHIN GROUP`.
    HypotheticalSetAggregate,
    /// A function that needs `OVER`.
    Window,
    /// A procedure.
    Procedure,
    /// No routine: a type's name, so the call is a cast (`text(x)`).
    Cast,
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// `name => …`.
    pub name: Option<Name>,
    /// What is known of it.
    pub operand: Operand,
}

/// A call.
#[derive(Clone, Debug)]
pub struct FunctionCall<'c> {
    /// Where to look.
    pub search: SearchIn<'c>,
    /// The name without its schema.
    pub name: &'c Name,
    /// The arguments in the order of writing; those of `WITHIN GROUP (ORDER BY …)` stand at the end.
    pub arguments: Vec<Argument>,
    /// `VARIADIC` in front of the last argument.
    pub variadic: bool,
    /// `f(*)`.
    pub star: bool,
    /// `DISTINCT`, or `ORDER BY` inside the parentheses, or `FILTER`: what only an aggregate can have.
    pub aggregate_only: bool,
    /// How many of the arguments stand in `WITHIN GROUP`; `None` without it.
    pub within_group: Option<usize>,
    /// `OVER`.
    pub over: bool,
    /// `CALL`: a procedure is wanted, and nothing else will do.
    pub procedure: bool,
}

impl<'c> FunctionCall<'c> {
    /// A plain call with positional arguments.
    pub fn plain(search: SearchIn<'c>, name: &'c Name, operands: impl IntoIterator<Item = Operand>) -> Self {
        let arguments = operands.into_iter().map(|operand| Argument { name: None, operand }).collect();
        Self { search, name, arguments, variadic: false, star: false, aggregate_only: false, within_group: None, over: false, procedure: false }
    }
}

/// The chosen routine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionMatch {
    /// What it is.
    pub kind: RoutineKind,
    /// What comes out; `void` of a procedure without `OUT` parameters.
    pub result: DataType,
    /// Whether it gives a set of rows.
    pub returns_set: bool,
    /// `OUT` parameters and columns of `RETURNS TABLE`, in order, with their names as far as they have any; empty when it has none.
    pub columns: Vec<(Option<Name>, DataType)>,
    /// What each argument of the call, in the order of writing, is converted to.
    pub parameters: Vec<DataType>,
    /// `IMMUTABLE` …
    pub volatility: Volatility,
    /// NULL in, NULL out.
    pub strict: bool,
    /// The routine, when it is one of the schema.
    pub function: Option<ObjectId>,
    /// The extension it comes from, when it does.
    pub extension: Option<ObjectId>,
    /// How sure the choice is. With [`Certainty::IfAccepted`] only result, set and columns are meant.
    pub certainty: Certainty,
}

/// The routine that a call means.
///
/// # Errors
/// `42883` when there is none, `42725` when several fit equally, `42804` when a polymorphic type stays open,
/// `42809` when it is of the wrong kind for how it is called.
pub fn function(schema: &Schema, call: &FunctionCall<'_>) -> Result<FunctionMatch, TypeError> {
    let _ = schema;
    Err(TypeError::new("42883", format!("function {} does not exist", call.name)).or_unknown(Some("not looked at yet".into())))
}
