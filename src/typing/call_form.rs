//! Whether a routine of its kind can be called in that way: `OVER`, `DISTINCT`, `WITHIN GROUP`, `CALL`, `f(*)`.
//!
//! Words and codes measured on 15.

use super::call::{AggregateClause, FunctionCall, RoutineKind};
use super::{CommonTypeFor, TypeError, common_type};
use crate::schema::Schema;

/// The refusal, when the form of the call does not suit the routine.
pub(super) fn misuse(schema: &Schema, call: &FunctionCall<'_>, kind: RoutineKind, direct_arguments: Option<usize>) -> Option<TypeError> {
    let name = call.written_name(schema);
    let wrong = |message: String| Some(TypeError::new("42809", message));
    if call.procedure != (kind == RoutineKind::Procedure) {
        let signature = call.signature(schema);
        let (word, hint) =
            if call.procedure { ("not a procedure", "To call a function, use SELECT.") } else { ("a procedure", "To call a procedure, use CALL.") };
        return wrong(format!("{signature} is {word}")).map(|error| error.hinting(hint));
    }
    match kind {
        RoutineKind::Function | RoutineKind::Procedure | RoutineKind::Cast => no_aggregate(call, &name),
        RoutineKind::Aggregate if call.within_group.is_some() => wrong(format!("{name} is not an ordered-set aggregate, so it cannot have WITHIN GROUP")),
        RoutineKind::Aggregate if call.arguments.is_empty() && !call.star => {
            wrong(format!("{name}(*) must be used to call a parameterless aggregate function"))
        }
        RoutineKind::Aggregate if call.over => no_window(call),
        RoutineKind::Aggregate => None,
        RoutineKind::Window if call.within_group.is_some() => wrong(format!("window function {name} cannot have WITHIN GROUP")),
        RoutineKind::Window if !call.over => wrong(format!("window function {name} requires an OVER clause")),
        RoutineKind::Window if call.aggregate_clause == Some(AggregateClause::Filter) => {
            Some(TypeError::new("0A000", "FILTER is not implemented for non-aggregate window functions"))
        }
        RoutineKind::Window => no_window(call),
        RoutineKind::OrderedSetAggregate | RoutineKind::HypotheticalSetAggregate => ordered_set(schema, call, kind, &name, direct_arguments),
    }
}

fn no_aggregate(call: &FunctionCall<'_>, name: &str) -> Option<TypeError> {
    let word = match call.aggregate_clause {
        _ if call.star => return Some(TypeError::new("42809", format!("{name}(*) specified, but {name} is not an aggregate function"))),
        Some(AggregateClause::Distinct) => "DISTINCT",
        _ if call.within_group.is_some() => "WITHIN GROUP",
        Some(AggregateClause::OrderBy) => "ORDER BY",
        Some(AggregateClause::Filter) => "FILTER",
        None if call.over => return Some(TypeError::new("42809", format!("OVER specified, but {name} is not a window function nor an aggregate function"))),
        None => return None,
    };
    Some(TypeError::new("42809", format!("{word} specified, but {name} is not an aggregate function")))
}

fn no_window(call: &FunctionCall<'_>) -> Option<TypeError> {
    match call.aggregate_clause {
        Some(AggregateClause::Distinct) => Some(TypeError::new("0A000", "DISTINCT is not implemented for window functions")),
        Some(AggregateClause::OrderBy) => Some(TypeError::new("0A000", "aggregate ORDER BY is not implemented for window functions")),
        Some(AggregateClause::Filter) | None => None,
    }
}

fn ordered_set(schema: &Schema, call: &FunctionCall<'_>, kind: RoutineKind, name: &str, direct_arguments: Option<usize>) -> Option<TypeError> {
    let Some(ordered) = call.within_group else {
        return Some(TypeError::new("42809", format!("WITHIN GROUP is required for ordered-set aggregate {name}")));
    };
    if call.over {
        return Some(TypeError::new("0A000", format!("OVER is not supported for ordered-set aggregate {name}")));
    }
    let direct = call.arguments.len().saturating_sub(ordered);
    let does_not_exist = || TypeError::new("42883", format!("function {} does not exist", call.signature(schema)));
    if kind == RoutineKind::OrderedSetAggregate {
        return direct_arguments.filter(|wanted| *wanted != direct).map(|_| does_not_exist());
    }
    if direct != ordered {
        return Some(does_not_exist());
    }
    let pairs = call.arguments.iter().zip(call.arguments.iter().skip(direct));
    pairs
        .map(|(one, other)| [other.operand.clone(), one.operand.clone()])
        .find_map(|pair| common_type(schema, call.search.path(), CommonTypeFor::WithinGroup, &pair).err())
}
