//! A call of a routine, and what is known of the routine that it means.

use super::{Certainty, Operand, SearchIn, words};
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

/// What only an aggregate can have inside or behind its parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as SQL names it")]
pub enum AggregateClause {
    Distinct,
    OrderBy,
    Filter,
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
#[expect(clippy::struct_excessive_bools, reason = "each is a word that stands in the call or does not")]
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
    /// The first clause that only an aggregate can have.
    pub aggregate_clause: Option<AggregateClause>,
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
        Self { search, name, arguments, variadic: false, star: false, aggregate_clause: None, within_group: None, over: false, procedure: false }
    }

    /// The name as it was written.
    pub(super) fn written_name(&self, schema: &Schema) -> String {
        self.search.qualifier(schema).map_or_else(|| self.name.to_string(), |qualifier| format!("{qualifier}.{}", self.name))
    }

    /// `f(integer, b => unknown)`, as the server's messages have it.
    pub(super) fn signature(&self, schema: &Schema) -> String {
        let shown = |argument: &Argument| {
            let data_type = match &argument.operand {
                Operand::Known(data_type) => words(schema, self.search.path(), data_type),
                Operand::Untyped | Operand::Opaque => String::from("unknown"),
            };
            argument.name.as_ref().map_or_else(|| data_type.clone(), |name| format!("{name} => {data_type}"))
        };
        let arguments: Vec<String> = self.arguments.iter().map(shown).collect();
        format!("{}({})", self.written_name(schema), arguments.join(", "))
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
