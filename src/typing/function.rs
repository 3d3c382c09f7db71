//! Which routine a call means.
//!
//! The server's `ParseFuncOrColumn` and `func_get_detail` (manual 10.3, 15): the exact one; else a type's name as a cast; else the ones whose
//! parameters the arguments become by themselves, and the best of them. That `f(row)` may be a column is for `lineage`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::call::{FunctionCall, FunctionMatch, RoutineKind};
use super::call_form::misuse;
use super::choice::Candidate;
use super::conversion::{CastContext, CastMethod};
use super::polymorphic::Unsettled;
use super::routine::{Routine, Use};
use super::type_key::{TypeKey, Types};
use super::{Certainty, Operand, TypeError, words};
use crate::dialect::TypeKind;
use crate::name::Name;
use crate::schema::{DataType, NameSpace, Schema};
use crate::sql::tree::Volatility;

/// The routine that a call means.
///
/// # Errors
/// `42883` when there is none, `42725` when several fit equally, `42804` when a polymorphic type stays open or a `VARIADIC` argument is no array,
/// `42809` when it is of the wrong kind for how it is called, `42601` for argument names in the wrong place, `0A000` for what the server cannot do.
pub fn function(schema: &Schema, call: &FunctionCall<'_>) -> Result<FunctionMatch, TypeError> {
    let Some(types) = Types::of(schema) else {
        let reason = format!("functions of {} are not followed", schema.dialect.title);
        return Err(not_found(schema, call).or_unknown(Some(reason.into())));
    };
    check_names(call)?;
    let candidates = types.routines(call);
    let mut keys = Vec::with_capacity(call.arguments.len());
    for argument in &call.arguments {
        keys.push(match &argument.operand {
            Operand::Untyped => None,
            Operand::Known(data_type) => match types.key(data_type) {
                Some(key) => Some(key),
                None => return vaguely(&types, call, candidates),
            },
            Operand::Opaque => return vaguely(&types, call, candidates),
        });
    }
    if candidates.iter().any(|candidate| candidate.payload.opaque) {
        return vaguely(&types, call, candidates);
    }
    let is_exact = |candidate: &Candidate<Use<'_>>| keys.iter().copied().eq(candidate.takes.iter().copied().map(Some));
    let chosen = if let Some(place) = candidates.iter().position(is_exact) {
        candidates.into_iter().nth(place)
    } else {
        if let Some(cast) = types.cast_by_name(call, &keys) {
            return Ok(cast);
        }
        let fitting: Vec<_> = candidates.into_iter().filter(|candidate| types.can_coerce(&keys, &candidate.takes)).collect();
        if fitting.is_empty() {
            return Err(not_found(schema, call).or_unknown(types.why_function_may_exist(call.name, &keys)));
        }
        types.choose(&keys, fitting)
    };
    let Some(chosen) = chosen.filter(|chosen| !chosen.payload.ambiguous) else { return Err(ambiguous(schema, call)) };
    let routine = chosen.payload.routine;
    match misuse(schema, call, routine.kind(), routine.direct_arguments()) {
        Some(error) => Err(error),
        None => settle(&types, call, &keys, &chosen),
    }
}

/// The same name twice, or a position after a name.
fn check_names(call: &FunctionCall<'_>) -> Result<(), TypeError> {
    let mut seen: BTreeSet<&Name> = BTreeSet::new();
    for argument in &call.arguments {
        match &argument.name {
            None if !seen.is_empty() => return Err(TypeError::new("42601", "positional argument cannot follow named argument")),
            None => {}
            Some(name) if seen.insert(name) => {}
            Some(name) => return Err(TypeError::new("42601", format!("argument name \"{name}\" used more than once"))),
        }
    }
    Ok(())
}

fn settle(types: &Types<'_>, call: &FunctionCall<'_>, keys: &[Option<TypeKey>], chosen: &Candidate<Use<'_>>) -> Result<FunctionMatch, TypeError> {
    let routine = chosen.payload.routine;
    let declared = routine.result(types);
    let any_result = declared.or_else(|| types.named("any")).ok_or_else(|| not_found(types.schema, call))?;
    let (takes, result) = types.settled(keys, &chosen.takes, any_result).map_err(|why| unsettled(types, call, why))?;
    if call.variadic && types.is(*chosen.takes.last().unwrap_or(&any_result), "any") {
        let is_array = keys.last().copied().flatten().is_some_and(|key| types.element(types.base(key)).is_some());
        if !is_array {
            return Err(TypeError::new("42804", "VARIADIC argument must be an array"));
        }
    }
    let columns = routine.columns(types).into_iter().map(|(name, data_type)| (name, column_type(types, keys, &chosen.takes, data_type))).collect();
    let result = if declared.is_some_and(|declared| types.is_polymorphic(declared)) { types.data_type(result) } else { routine.declared_result(types) };
    let parameters = takes
        .iter()
        .zip(keys)
        .map(
            |(takes, key)| {
                if types.is(*takes, "any") { key.map_or_else(|| DataType::builtin("text"), |key| types.data_type(key)) } else { types.data_type(*takes) }
            },
        )
        .collect();
    Ok(FunctionMatch {
        kind: routine.kind(),
        result,
        returns_set: routine.returns_set(),
        columns,
        parameters,
        volatility: routine.volatility(),
        strict: routine.is_strict(),
        function: routine.object(),
        extension: routine.extension(types),
        certainty: Certainty::Sure,
    })
}

/// The type of an output column, with actual types in the place of polymorphic ones.
fn column_type(types: &Types<'_>, keys: &[Option<TypeKey>], takes: &[TypeKey], declared: DataType) -> DataType {
    match types.key(&declared).filter(|key| types.is_polymorphic(*key)) {
        Some(key) => types.settled(keys, takes, key).map_or(declared, |(_, settled)| types.data_type(settled)),
        None => declared,
    }
}

/// With an argument or a parameter of which nothing is known: the result, when all routines that could be meant have the same.
fn vaguely(types: &Types<'_>, call: &FunctionCall<'_>, mut candidates: Vec<Candidate<Use<'_>>>) -> Result<FunctionMatch, TypeError> {
    let keys: Vec<Option<TypeKey>> = call
        .arguments
        .iter()
        .map(|argument| match &argument.operand {
            Operand::Known(data_type) => types.key(data_type),
            Operand::Untyped | Operand::Opaque => None,
        })
        .collect();
    let is_open = |candidate: &Candidate<Use<'_>>| candidate.takes.iter().any(|key| types.is_polymorphic(*key));
    candidates.retain(|candidate| is_open(candidate) || types.can_coerce(&keys, &candidate.takes));
    let Some(first) = candidates.first() else {
        return Err(not_found(types.schema, call).or_unknown(types.why_function_may_exist(call.name, &keys)));
    };
    let not_known = |reason: &str| not_found(types.schema, call).or_unknown(Some(Arc::from(reason)));
    let routine = first.payload.routine;
    let result = routine.declared_result(types);
    let same = |other: Routine<'_>| other.declared_result(types) == result && other.returns_set() == routine.returns_set() && other.kind() == routine.kind();
    if !candidates.iter().all(|candidate| same(candidate.payload.routine)) || types.key(&result).is_some_and(|key| types.is_polymorphic(key)) {
        return Err(not_known("the type of an argument is not known"));
    }
    let is_only = candidates.len() == 1;
    Ok(FunctionMatch {
        kind: routine.kind(),
        result,
        returns_set: routine.returns_set(),
        columns: routine.columns(types),
        parameters: Vec::new(),
        volatility: if candidates.iter().all(|candidate| candidate.payload.routine.volatility() == routine.volatility()) {
            routine.volatility()
        } else {
            Volatility::Volatile
        },
        strict: candidates.iter().all(|candidate| candidate.payload.routine.is_strict()),
        function: routine.object().filter(|_| is_only),
        extension: routine.extension(types).filter(|_| is_only),
        certainty: Certainty::IfAccepted,
    })
}

fn unsettled(types: &Types<'_>, call: &FunctionCall<'_>, why: Unsettled) -> TypeError {
    match why {
        Unsettled::Untyped => TypeError::new("42804", "could not determine polymorphic type because input has type unknown"),
        Unsettled::Contradiction => not_found(types.schema, call),
        Unsettled::NoArray(element) => {
            let shown = words(types.schema, call.search.path(), &types.data_type(element));
            TypeError::new("42704", format!("could not find array type for data type {shown}"))
        }
    }
}

fn not_found(schema: &Schema, call: &FunctionCall<'_>) -> TypeError {
    let (word, hint) = if call.procedure {
        ("procedure", "No procedure matches the given name and argument types. You might need to add explicit type casts.")
    } else {
        ("function", "No function matches the given name and argument types. You might need to add explicit type casts.")
    };
    TypeError::new("42883", format!("{word} {} does not exist", call.signature(schema))).hinting(hint)
}

fn ambiguous(schema: &Schema, call: &FunctionCall<'_>) -> TypeError {
    let (word, hint) = if call.procedure {
        ("procedure", "Could not choose a best candidate procedure. You might need to add explicit type casts.")
    } else {
        ("function", "Could not choose a best candidate function. You might need to add explicit type casts.")
    };
    TypeError::new("42725", format!("{word} {} is not unique", call.signature(schema))).hinting(hint)
}

impl Types<'_> {
    /// `text(x)`: a type's name with one argument is a cast, when that takes no function (one that does is found as a function of that name).
    fn cast_by_name(&self, call: &FunctionCall<'_>, keys: &[Option<TypeKey>]) -> Option<FunctionMatch> {
        let [argument] = *keys else { return None };
        if call.procedure || call.within_group.is_some() || call.over || call.variadic || call.aggregate_clause.is_some() {
            return None;
        }
        let target = self.type_by_name(call)?;
        if let Some(source) = argument {
            let is_row = self.kind(self.base(source)) == TypeKind::Composite || self.is(source, "record");
            match self.pathway(source, target, CastContext::Explicit)? {
                CastMethod::Relabel => {}
                CastMethod::ThroughText if !is_row => {}
                CastMethod::ThroughText | CastMethod::Function | CastMethod::Elements | CastMethod::Fields => return None,
            }
        }
        let result = self.data_type(target);
        Some(FunctionMatch {
            kind: RoutineKind::Cast,
            result: result.clone(),
            returns_set: false,
            columns: Vec::new(),
            parameters: vec![result],
            volatility: Volatility::Stable,
            strict: true,
            function: None,
            extension: None,
            certainty: Certainty::Sure,
        })
    }

    /// The type that the name of a call is, when it is one and no row type.
    fn type_by_name(&self, call: &FunctionCall<'_>) -> Option<TypeKey> {
        let mut found: Vec<(usize, TypeKey)> = Vec::new();
        if let Some(key) = self.named(call.name.as_str())
            && let Some(row) = self.built_in(key).filter(|row| row.kind != TypeKind::Pseudo)
        {
            let (system_schema, is_system) = row.spelling.split_once('.').map_or((None, true), |(schema, _)| (Some(schema), true));
            let rank = match row.extension {
                Some(extension) => call.search.rank_of_extension(self, extension),
                None if is_system => call.search.rank_of_system(self.schema, system_schema),
                None => None,
            };
            found.extend(rank.map(|rank| (rank, key)));
        }
        for (rank, namespace) in call.search.namespaces() {
            let own = self.schema.find(NameSpace::Type, Some(namespace), call.name).and_then(|id| self.key(&DataType::object(id)));
            found.extend(own.map(|key| (rank, key)));
        }
        let (_, key) = found.into_iter().min_by_key(|(rank, _)| *rank)?;
        (self.kind(key) != TypeKind::Composite).then_some(key)
    }
}
