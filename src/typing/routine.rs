//! The routines that a call may mean: by name, number of arguments, argument names and place, before any type is looked at.
//!
//! The server's `FuncnameGetCandidates` (manual 10.3 steps 1 and 2, 4.3 for named notation, 38.5.6 for `VARIADIC`, 15).

use super::call::{FunctionCall, RoutineKind};
use super::choice::Candidate;
use super::type_key::{TypeKey, Types};
use crate::dialect::{BuiltInFunction, BuiltInRoutine, BuiltInVolatility};
use crate::name::Name;
use crate::schema::{DataType, Function, FunctionParameter, ObjectBody, ObjectId};
use crate::sql::tree::{FunctionKind, ParameterMode, Volatility};

/// A routine of the tables or of the schema.
#[derive(Clone, Copy, Debug)]
pub(super) enum Routine<'s> {
    BuiltIn(&'static BuiltInFunction),
    Own(ObjectId, &'s Function),
}

/// A routine, as one call would use it.
#[derive(Clone, Debug)]
pub(super) struct Use<'s> {
    pub routine: Routine<'s>,
    /// Where it was found; a lower rank hides the same in a higher one.
    rank: usize,
    /// Whether the last parameter stands for several arguments.
    expanded: bool,
    /// Whether another routine of the same place would be used with the same types.
    pub ambiguous: bool,
    /// Whether nothing is known of the type of a parameter; `Candidate::takes` then holds `any` there.
    pub opaque: bool,
}

/// One parameter, as choosing needs it.
struct Parameter<'s> {
    name: Option<&'s str>,
    data_type: Option<TypeKey>,
    has_default: bool,
}

/// A routine's parameters, and the element type of a variadic last one.
struct Parameters<'s> {
    all: Vec<Parameter<'s>>,
    variadic: Variadic,
}

/// Whether the last parameter takes several arguments.
enum Variadic {
    No,
    /// Each of this type.
    Of(TypeKey),
    /// Each of a type of which nothing is known.
    OfSomething,
}

impl Variadic {
    fn is_variadic(&self) -> bool {
        !matches!(self, Self::No)
    }

    fn element(&self) -> Option<TypeKey> {
        match self {
            Self::Of(element) => Some(*element),
            Self::No | Self::OfSomething => None,
        }
    }
}

impl<'s> Types<'s> {
    /// All routines that the call may mean; of several with the same types only the one that the server would take.
    pub(super) fn routines(&self, call: &FunctionCall<'_>) -> Vec<Candidate<Use<'s>>> {
        let mut found: Vec<Candidate<Use<'s>>> = Vec::new();
        for row in self.tables.functions_named(call.name.as_str()) {
            let rank = match row.extension {
                None => call.search.rank_of_system(self.schema, row.schema),
                Some(extension) => call.search.rank_of_extension(self, extension),
            };
            let Some(rank) = rank else { continue };
            found.extend(self.as_called(call, Routine::BuiltIn(row), rank, &parameters_of_row(row)));
        }
        for (rank, namespace) in call.search.namespaces() {
            for id in self.schema.functions(Some(namespace), call.name) {
                let Some(ObjectBody::Function(function)) = self.schema.get(id).map(|object| &object.body) else { continue };
                found.extend(self.as_called(call, Routine::Own(id, function), rank, &self.parameters_of(function, call.procedure)));
            }
        }
        without_hidden(found)
    }

    /// `CALL` counts `OUT` parameters among the arguments (since 14).
    fn parameters_of(&self, function: &'s Function, is_call: bool) -> Parameters<'s> {
        let counts = |parameter: &&FunctionParameter| is_call || parameter.mode != ParameterMode::Out;
        let mut variadic = Variadic::No;
        let mut all = Vec::new();
        for parameter in function.parameters.iter().filter(counts) {
            let data_type = self.key(&parameter.data_type);
            if parameter.mode == ParameterMode::Variadic {
                let element = data_type.and_then(|array| if self.is(array, "any") { Some(array) } else { self.variadic_element(array) });
                variadic = element.map_or(Variadic::OfSomething, Variadic::Of);
            }
            let name = parameter.name.as_ref().map(Name::as_str);
            all.push(Parameter { name, data_type, has_default: parameter.default.is_some() });
        }
        Parameters { all, variadic }
    }

    fn variadic_element(&self, array: TypeKey) -> Option<TypeKey> {
        match self.built_in(array).map(|row| row.name) {
            Some("anyarray") => self.named("anyelement"),
            Some("anycompatiblearray") => self.named("anycompatible"),
            _ => self.element(array),
        }
    }

    /// The routine as the call would use it; `None` when number or names of the arguments do not fit.
    fn as_called(&self, call: &FunctionCall<'_>, routine: Routine<'s>, rank: usize, parameters: &Parameters<'s>) -> Option<Candidate<Use<'s>>> {
        let given = call.arguments.len();
        let declared = parameters.all.len();
        let is_named = call.arguments.iter().any(|argument| argument.name.is_some());
        if is_named && parameters.variadic.is_variadic() && !call.variadic {
            return None;
        }
        let expanded = parameters.variadic.is_variadic() && !call.variadic && given >= declared;
        let mut takes: Vec<Option<TypeKey>> = Vec::with_capacity(given);
        if expanded {
            takes.extend(parameters.all.iter().take(declared.saturating_sub(1)).map(|parameter| parameter.data_type));
            takes.resize(given, parameters.variadic.element());
        } else if is_named {
            takes = in_call_order(call, parameters)?;
        } else {
            if given > declared || parameters.all.iter().skip(given).any(|parameter| !parameter.has_default) {
                return None;
            }
            takes.extend(parameters.all.iter().take(given).map(|parameter| parameter.data_type));
        }
        let opaque = takes.contains(&None);
        let any = self.named("any")?;
        let takes = takes.into_iter().map(|key| key.unwrap_or(any)).collect();
        Some(Candidate { takes, payload: Use { routine, rank, expanded, ambiguous: false, opaque } })
    }
}

fn parameters_of_row(row: &'static BuiltInFunction) -> Parameters<'static> {
    let first_default = row.parameters.len().saturating_sub(usize::from(row.defaults));
    let parameter = |(place, code): (usize, &_)| Parameter {
        name: row.names.get(place).copied().filter(|name| !name.is_empty()),
        data_type: Some(TypeKey::BuiltIn(*code)),
        has_default: place >= first_default,
    };
    let all = row.parameters.iter().enumerate().map(parameter).collect();
    Parameters { all, variadic: row.variadic.map_or(Variadic::No, |code| Variadic::Of(TypeKey::BuiltIn(code))) }
}

/// Types of the parameters in the order of the call's arguments; `None` when a name is no parameter's, is given twice, or one without default is missing.
fn in_call_order(call: &FunctionCall<'_>, parameters: &Parameters<'_>) -> Option<Vec<Option<TypeKey>>> {
    let mut filled = vec![false; parameters.all.len()];
    let mut takes = Vec::with_capacity(call.arguments.len());
    for (place, argument) in call.arguments.iter().enumerate() {
        let wanted = match &argument.name {
            None => place,
            Some(name) => parameters.all.iter().position(|parameter| parameter.name == Some(name.as_str()))?,
        };
        let slot = filled.get_mut(wanted)?;
        if *slot {
            return None;
        }
        *slot = true;
        takes.push(parameters.all.get(wanted)?.data_type);
    }
    let is_complete = parameters.all.iter().zip(&filled).all(|(parameter, filled)| *filled || parameter.has_default);
    is_complete.then_some(takes)
}

/// Of several uses with the same types: the earlier schema's; in one schema the one that is not variadic; else they are ambiguous together.
fn without_hidden(mut found: Vec<Candidate<Use<'_>>>) -> Vec<Candidate<Use<'_>>> {
    found.sort_by(|one, other| one.takes.cmp(&other.takes).then(one.payload.rank.cmp(&other.payload.rank)));
    let mut kept: Vec<Candidate<Use<'_>>> = Vec::with_capacity(found.len());
    for candidate in found {
        let Some(last) = kept.last_mut().filter(|last| last.takes == candidate.takes && !last.payload.opaque) else {
            kept.push(candidate);
            continue;
        };
        if last.payload.rank != candidate.payload.rank {
            continue;
        }
        match (last.payload.is_object_of_extension(&candidate.payload), last.payload.expanded, candidate.payload.expanded) {
            (Some(true), _, _) | (None, false, true) => {}
            (Some(false), _, _) | (None, true, false) => *last = candidate,
            (None, _, _) => last.payload.ambiguous = true,
        }
    }
    kept
}

impl Use<'_> {
    /// Where one is the row of an extension and the other the same routine as an object of the schema: whether this is the object.
    fn is_object_of_extension(&self, other: &Use<'_>) -> Option<bool> {
        match (self.routine, other.routine) {
            (Routine::Own(..), Routine::BuiltIn(row)) if row.extension.is_some() => Some(true),
            (Routine::BuiltIn(row), Routine::Own(..)) if row.extension.is_some() => Some(false),
            _ => None,
        }
    }
}

impl Routine<'_> {
    /// Its kind.
    pub(super) fn kind(self) -> RoutineKind {
        match self {
            Self::BuiltIn(row) => match row.kind {
                BuiltInRoutine::Function => RoutineKind::Function,
                BuiltInRoutine::Aggregate => RoutineKind::Aggregate,
                BuiltInRoutine::OrderedSetAggregate => RoutineKind::OrderedSetAggregate,
                BuiltInRoutine::HypotheticalSetAggregate => RoutineKind::HypotheticalSetAggregate,
                BuiltInRoutine::Window => RoutineKind::Window,
                BuiltInRoutine::Procedure => RoutineKind::Procedure,
            },
            Self::Own(_, function) => match function.kind {
                FunctionKind::Function => RoutineKind::Function,
                FunctionKind::Procedure => RoutineKind::Procedure,
                FunctionKind::Aggregate => RoutineKind::Aggregate,
            },
        }
    }

    /// What it gives; `None` when nothing is known of that type.
    pub(super) fn result(self, types: &Types<'_>) -> Option<TypeKey> {
        match self {
            Self::BuiltIn(row) => Some(TypeKey::BuiltIn(row.returns)),
            Self::Own(_, function) => function.returns.as_ref().map_or_else(|| types.named("void"), |returns| types.key(returns)),
        }
    }

    /// What it gives as it was declared.
    pub(super) fn declared_result(self, types: &Types<'_>) -> DataType {
        match self {
            Self::BuiltIn(row) => types.data_type(TypeKey::BuiltIn(row.returns)),
            Self::Own(_, function) => function.returns.as_ref().map_or_else(|| DataType::builtin("void"), DataType::without_modifiers),
        }
    }

    /// Whether it gives a set.
    pub(super) fn returns_set(self) -> bool {
        match self {
            Self::BuiltIn(row) => row.returns_set,
            Self::Own(_, function) => function.returns_set,
        }
    }

    /// Output columns as declared. Modifiers of them do not last (manual CREATE FUNCTION, 15).
    pub(super) fn columns(self, types: &Types<'_>) -> Vec<(Option<Name>, DataType)> {
        match self {
            Self::BuiltIn(row) => {
                row.columns.iter().map(|(name, code)| ((!name.is_empty()).then(|| Name::stored(*name)), types.data_type(TypeKey::BuiltIn(*code)))).collect()
            }
            Self::Own(_, function) => function
                .parameters
                .iter()
                .filter(|parameter| matches!(parameter.mode, ParameterMode::Out | ParameterMode::InOut))
                .map(|parameter| (parameter.name.clone(), parameter.data_type.without_modifiers()))
                .collect(),
        }
    }

    /// What its result depends on.
    pub(super) fn volatility(self) -> Volatility {
        match self {
            Self::BuiltIn(row) => match row.volatility {
                BuiltInVolatility::Immutable => Volatility::Immutable,
                BuiltInVolatility::Stable => Volatility::Stable,
                BuiltInVolatility::Volatile => Volatility::Volatile,
            },
            Self::Own(_, function) => function.volatility,
        }
    }

    /// NULL in, NULL out.
    pub(super) fn is_strict(self) -> bool {
        match self {
            Self::BuiltIn(row) => row.strict,
            Self::Own(_, function) => function.strict,
        }
    }

    /// How many arguments stand in front of `WITHIN GROUP`.
    pub(super) fn direct_arguments(self) -> Option<usize> {
        match self {
            Self::BuiltIn(row) => row.direct_arguments.map(usize::from),
            Self::Own(..) => None,
        }
    }

    /// Its identity, when it is one of the schema.
    pub(super) fn object(self) -> Option<ObjectId> {
        match self {
            Self::BuiltIn(_) => None,
            Self::Own(id, _) => Some(id),
        }
    }

    /// The extension it comes from.
    pub(super) fn extension(self, types: &Types<'_>) -> Option<ObjectId> {
        match self {
            Self::BuiltIn(row) => row.extension.and_then(|extension| types.installed(extension)),
            Self::Own(..) => None,
        }
    }
}
