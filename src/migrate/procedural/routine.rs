//! Calls of the schema's own routines: their bodies are run too, as far as they are known.
//!
//! A stable or immutable function changes nothing (measured on 15: 0A000, "CREATE TABLE is not allowed in a non-volatile function"), so only
//! volatile ones are run. A call that stands where rows decide how often it happens is a way that may be taken.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::execute::{Marks, excerpt, inside};
use super::fault::Fault;
use super::machine::{Atomicity, Language, Machine, give_up};
use super::scope::Scope;
use super::value::Datum;
use super::ways::{Doubt, End, Moment, State, Way, Ways};
use crate::lineage::{Binding, Session, VariableType};
use crate::name::{Name, Quoting};
use crate::schema::{Function, ObjectBody, ObjectId, Part};
use crate::sql::plpgsql::{PlInto, read};
use crate::sql::read_script;
use crate::sql::tree::{Call, Distinct, Expr, ExprKind, From, FunctionKind, ParameterMode, Query, QueryBody, SelectItem, Volatility};
use crate::text::{Sources, Span};

/// Routines inside routines are followed so far.
const DEEPEST: u32 = 8;

impl Machine<'_> {
    /// Runs what a query calls: for sure when it is nothing but the call, else perhaps.
    pub(super) fn calls_in_query<'a>(&self, state: State<'a>, binding: &Binding, query: &Query, span: Span) -> Ways<'a> {
        let called = volatile_routines(&state, binding);
        match only_calls(query) {
            Some(calls) if calls.len() >= called.len() && !called.is_empty() => {
                let mut ways = Ways::next(state);
                for call in calls {
                    ways = self.each_next(ways, |machine, state| machine.call_among(state, &called, call, span));
                }
                ways
            }
            _ => self.perhaps(state, &called),
        }
    }

    /// Runs what a value calls; gives what the calls give back, by their places. Calls that happen only under a condition may happen.
    pub(super) fn calls_in_value<'a>(&self, state: State<'a>, binding: &Binding, expr: &Expr) -> (Ways<'a>, Vec<(Span, Datum)>) {
        let own = own_routines(&state, binding);
        if own.is_empty() {
            return (Ways::next(state), Vec::new());
        }
        let mut sure = Vec::new();
        sure_calls(expr, &mut sure);
        let sure: Vec<(&Call, ObjectId)> = sure.into_iter().filter_map(|call| Some((call, id_of(&own, call)?))).collect();
        let left = volatile_routines(&state, binding).into_iter().filter(|(span, _)| !sure.iter().any(|(call, _)| is_at(*span, call))).collect::<Vec<_>>();
        let mut results = Vec::new();
        let mut ways = self.perhaps(state, &left);
        for (call, id) in sure {
            ways = self.each_next(ways, |machine, state| {
                let arguments = machine.arguments_with(&state, id, call, &results);
                let after = machine.routine(state, id, arguments, expr.span);
                let value = after.all.iter().find(|way| matches!(way.end, End::Next)).map_or(Datum::Null, |way| way.state.returned.clone());
                results.push((call.name.span(), value));
                after
            });
        }
        (ways, results)
    }

    fn call_among<'a>(&self, state: State<'a>, called: &[(Span, ObjectId)], call: &Call, span: Span) -> Ways<'a> {
        let Some(id) = id_of(called, call) else { return Ways::next(state) };
        let arguments = self.arguments(&state, id, call);
        self.routine(state, id, arguments, span)
    }

    /// Routines that are called a number of times that is not known.
    pub(super) fn perhaps<'a>(&self, state: State<'a>, called: &[(Span, ObjectId)]) -> Ways<'a> {
        let mut ways = Ways::next(state);
        for (span, id) in called {
            ways = self.each_next(ways, |machine, state| {
                let name = state.work.schema.get(*id).map(|object| object.name.to_string()).unwrap_or_default();
                let doubt = Doubt { reason: Arc::from(format!("how often the function `{name}` is called is not known")), span: *span };
                let origin = Moment::of(&state);
                let arguments = unknown_arguments(&state, *id);
                let once = machine.repeating().routine(state.clone(), *id, arguments, *span);
                Ways::several([Ways::next(state), once], &origin, &doubt)
            });
        }
        ways
    }

    /// The values of a call's arguments, in the order of the parameters.
    pub(super) fn arguments(&self, state: &State<'_>, id: ObjectId, call: &Call) -> Vec<Datum> {
        self.arguments_with(state, id, call, &[])
    }

    fn arguments_with(&self, state: &State<'_>, id: ObjectId, call: &Call, results: &[(Span, Datum)]) -> Vec<Datum> {
        let Some(function) = function_of(state, id) else { return Vec::new() };
        let mut evaluator = Evaluator::new(&state.work.schema, &state.work.session, &state.scope).knowing(results);
        let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out);
        let procedure = function.kind == FunctionKind::Procedure;
        let parameters: Vec<_> = if procedure { function.parameters.iter().collect() } else { inputs.collect() };
        let mut values: Vec<Option<Datum>> = vec![None; parameters.len()];
        for (place, argument) in call.arguments.iter().enumerate() {
            let value = evaluator.value(&argument.value);
            let place = match &argument.name {
                Some(name) => parameters.iter().position(|parameter| parameter.name.as_ref() == Some(&name.name)),
                None => Some(place),
            };
            let variadic = place.and_then(|place| parameters.get(place)).is_none_or(|parameter| parameter.mode == ParameterMode::Variadic);
            let value = if variadic && !argument.variadic { Datum::unknown("a list of arguments is not followed") } else { value };
            if let Some(slot) = place.and_then(|place| values.get_mut(place)) {
                *slot = Some(value);
            }
        }
        let defaults = parameters.iter().map(|parameter| {
            let text = parameter.default.as_ref()?;
            let mut sources = Sources::default();
            let source = sources.add("default", &**text);
            crate::sql::read_expression(&sources, source, state.work.schema.dialect).ok()
        });
        let filled: Vec<(Option<Datum>, Option<Expr>)> = values.into_iter().zip(defaults).collect();
        let typed = filled.into_iter().zip(&parameters).map(|((value, default), parameter)| {
            let value = match (value, default) {
                (Some(value), _) => value,
                (None, Some(default)) => evaluator.value(&default),
                (None, None) => Datum::unknown("its default is not known"),
            };
            evaluator.converted(value, &parameter.data_type)
        });
        typed.collect()
    }

    /// Runs a routine.
    pub(super) fn routine<'a>(&self, state: State<'a>, id: ObjectId, arguments: Vec<Datum>, span: Span) -> Ways<'a> {
        let Some(object) = state.work.schema.get(id).cloned() else { return Ways::next(state) };
        let ObjectBody::Function(function) = &object.body else { return Ways::next(state) };
        let name = object.name.clone();
        let written = match &function.bound_body {
            Some(bound) => Some(Arc::from(inside_atomic(&bound.print(&state.work.schema)))),
            None => function.body.clone().filter(|_| matches!(&*function.language, "plpgsql" | "sql")),
        };
        let Some(body): Option<Arc<str>> = written else {
            return give_up(state, format!("what the function `{name}` does when it is called is not read"), span);
        };
        if self.routines.contains(&id) || state.work.depth >= DEEPEST {
            return give_up(state, format!("`{name}` calls itself, or calls are nested too deeply to be followed"), span);
        }
        if let Some(reason) = state.work.schema.why_unknown(&name).cloned() {
            return give_up(state, format!("what the function `{name}` does is not known: {reason}"), span);
        }
        let mut sources = Sources::default();
        let source = sources.add("body", &*body);
        let outer = Outer { scope: state.scope.clone(), session: state.work.session.clone(), depth: state.work.depth, sources: state.work.sources };
        let marks = Marks::of(&state);
        let mut inner = inside(state, &sources, span);
        inner.work.depth += 1;
        inner.work.session.search_path = path_of(function, &inner.work.session);
        inner.scope = scope_of(&name, function, arguments);
        inner.returned = Datum::Null;
        let ways = self.body(inner, id, function, &sources, source, span);
        let told = |at: Span| {
            let line = sources.get(source).map_or(1, |own| own.lines().position(own.text(), at.start).line);
            format!("in the body of `{name}`, line {line}: `{}`", excerpt(sources.slice(at)))
        };
        let back = ways.all.into_iter().map(|way| outer.back(marks.outside(way, outer.sources, span, &told), function, &name, span));
        Ways { all: Vec::new() }.with(back.collect())
    }

    fn body<'b>(&self, mut state: State<'b>, id: ObjectId, function: &Function, sources: &'b Sources, source: crate::text::SourceId, span: Span) -> Ways<'b> {
        let mut routines = self.routines.clone();
        routines.push(id);
        let atomicity = if function.kind == FunctionKind::Procedure && function.settings.is_empty() { self.atomicity } else { Atomicity::Atomic };
        let dialect = state.work.schema.dialect;
        if &*function.language == "sql" {
            let machine = Machine { run: self.run, routines, language: Language::Sql, atomicity, repetition: self.repetition };
            let script = read_script(sources, source, dialect);
            let mut ended = Vec::new();
            for statement in &script.statements {
                if !self.takes_a_step() {
                    return give_up(state, "it runs too long to be followed", span).with(ended);
                }
                let (next, others) = machine.sql(state, statement, &PlInto::default()).split();
                ended.extend(others);
                match next {
                    Some(way) => state = way.state,
                    None => return Ways { all: Vec::new() }.with(ended),
                }
            }
            return Ways::one(End::Return, state).with(ended);
        }
        let machine = Machine { run: self.run, routines, language: Language::Procedural, atomicity, repetition: self.repetition };
        match read(sources, sources.whole(source), dialect) {
            Ok(block) => {
                state.scope.conflict = block.conflict;
                machine.block(state, &block)
            }
            Err(unread) => {
                let touched: Vec<_> = unread.mentions.iter().collect();
                state.work.leave_unjudged(format!("this body was not understood: {}", unread.message), unread.span, &touched);
                Ways::one(End::Return, state)
            }
        }
    }
}

/// The statements of `BEGIN ATOMIC … END`, and the query that `RETURN value` is.
fn inside_atomic(written: &str) -> String {
    let words = written.trim();
    let without =
        |words: &str, start: &str| words.get(..start.len()).filter(|own| own.eq_ignore_ascii_case(start)).and(words.get(start.len()..)).map(str::to_owned);
    if let Some(value) = without(words, "RETURN ") {
        return format!("SELECT {value}");
    }
    let inside = without(words, "BEGIN ATOMIC").unwrap_or_else(|| words.to_owned());
    let inside = inside.trim_end().trim_end_matches(';').trim_end();
    let length = inside.len().saturating_sub(3);
    let ends = inside.get(length..).is_some_and(|end| end.eq_ignore_ascii_case("end"));
    inside.get(..length).filter(|_| ends).unwrap_or(inside).to_owned()
}

/// What a call goes back to.
struct Outer<'a> {
    scope: Scope,
    session: Session,
    depth: u32,
    sources: &'a Sources,
}

impl<'a> Outer<'a> {
    fn back(&self, mut way: Way<'a>, function: &Function, name: &Name, span: Span) -> Way<'a> {
        let needs_return = function.kind == FunctionKind::Function
            && &*function.language == "plpgsql"
            && !function.returns_set
            && !function
                .returns
                .as_ref()
                .is_none_or(|returns| returns.is_builtin("void") || returns.is_builtin("trigger") || returns.is_builtin("event_trigger"))
            && !function.parameters.iter().any(|parameter| matches!(parameter.mode, ParameterMode::Out | ParameterMode::InOut));
        way.end = match way.end {
            End::Next if needs_return => {
                let mut fault = Fault::new("2F005", "control reached end of function without RETURN", span);
                fault.refusal.detail = Some(format!("This is the function `{name}`."));
                End::Fail(fault)
            }
            End::Next | End::Return => End::Next,
            // Only a loop or a block of the body itself can be left.
            End::Leave(..) => End::Next,
            fail @ End::Fail(_) => fail,
        };
        way.state.scope = self.scope.clone();
        way.state.work.depth = self.depth;
        if !function.settings.is_empty() {
            way.state.work.session.search_path.clone_from(&self.session.search_path);
        }
        if function.kind == FunctionKind::Function && function.returns_set {
            way.state.returned = Datum::unknown(format!("the rows of `{name}` are not known"));
        }
        if let Some(returns) = &function.returns {
            let evaluator = Evaluator::new(&way.state.work.schema, &way.state.work.session, &way.state.scope);
            way.state.returned = evaluator.converted(way.state.returned.clone(), returns);
        }
        way
    }
}

/// The routine that a call means.
fn id_of(called: &[(Span, ObjectId)], call: &Call) -> Option<ObjectId> {
    called.iter().find(|(span, _)| is_at(*span, call)).map(|(_, id)| *id)
}

fn is_at(span: Span, call: &Call) -> bool {
    let name = call.name.span();
    name.start <= span.start && span.end <= name.end || span.start <= name.start && name.end <= span.end
}

/// Calls that happen whenever the value is computed, the inner ones first.
fn sure_calls<'e>(expr: &'e Expr, calls: &mut Vec<&'e Call>) {
    match &*expr.kind {
        ExprKind::Call(call) if call.over.is_none() && call.filter.is_none() => {
            let is_lazy = matches!(call.name.name.name.as_str(), "coalesce") && call.name.schema.is_none();
            for argument in call.arguments.iter().take(if is_lazy { 1 } else { usize::MAX }) {
                sure_calls(&argument.value, calls);
            }
            calls.push(call);
        }
        // The server may stop at the first that decides.
        ExprKind::Connected(_, operands) => operands.iter().take(1).for_each(|first| sure_calls(first, calls)),
        ExprKind::Binary(left, _, right) => {
            sure_calls(left, calls);
            sure_calls(right, calls);
        }
        ExprKind::Unary(_, operand) | ExprKind::Is { operand, .. } | ExprKind::Cast { operand, .. } | ExprKind::Collate(operand, _) => {
            sure_calls(operand, calls)
        }
        ExprKind::Array(items) | ExprKind::Row(items) => items.iter().for_each(|item| sure_calls(item, calls)),
        _ => {}
    }
}

/// The routines of the schema that a binding calls, in the order of the text.
fn own_routines(state: &State<'_>, binding: &Binding) -> Vec<(Span, ObjectId)> {
    let calls = binding.references.iter().filter(|(_, address)| address.part == Part::Whole);
    let own = calls.map(|(span, address)| (*span, address.object));
    let mut called: Vec<_> = own.filter(|(_, id)| function_of(state, *id).is_some_and(|function| function.kind != FunctionKind::Aggregate)).collect();
    called.sort_unstable_by_key(|(span, _)| span.start);
    called.dedup();
    called
}

/// The volatile routines of the schema that a binding calls, in the order of the text.
pub(super) fn volatile_routines(state: &State<'_>, binding: &Binding) -> Vec<(Span, ObjectId)> {
    own_routines(state, binding).into_iter().filter(|(_, id)| is_volatile(state, *id)).collect()
}

fn is_volatile(state: &State<'_>, id: ObjectId) -> bool {
    function_of(state, id).is_some_and(|function| function.volatility == Volatility::Volatile && function.kind != FunctionKind::Aggregate)
}

fn function_of<'s>(state: &'s State<'_>, id: ObjectId) -> Option<&'s Function> {
    match &state.work.schema.get(id)?.body {
        ObjectBody::Function(function) => Some(function),
        _ => None,
    }
}

fn unknown_arguments(state: &State<'_>, id: ObjectId) -> Vec<Datum> {
    let count = function_of(state, id).map_or(0, |function| function.parameters.len());
    vec![Datum::unknown("what it is called with is not known"); count]
}

/// The calls of `SELECT f(…), g(…)` or `SELECT … FROM f(…)`; `None` when rows decide how often they happen.
fn only_calls(query: &Query) -> Option<Vec<&Call>> {
    let QueryBody::Select(select) = &query.body else { return None };
    let plain =
        query.with.is_empty() && query.limits.is_empty() && select.filter.is_none() && select.having.is_none() && matches!(select.distinct, Distinct::No);
    if !plain {
        return None;
    }
    let mut calls = Vec::new();
    match select.from.as_slice() {
        [] => {}
        [From::Function { items, .. }] => calls.extend(items.iter().map(|item| &item.call)),
        _ => return None,
    }
    for item in &select.items {
        match item {
            SelectItem::Expr { expr, .. } => match &*expr.kind {
                ExprKind::Call(call) if select.from.is_empty() => calls.push(call),
                ExprKind::Cast { operand, .. } if select.from.is_empty() => {
                    if let ExprKind::Call(call) = &*operand.kind {
                        calls.push(call);
                    }
                }
                ExprKind::Column(_) | ExprKind::Literal(_) => {}
                _ => return None,
            },
            SelectItem::Star { .. } => {}
        }
    }
    Some(calls)
}

/// The variables of a routine: its parameters, `FOUND`, and in a trigger what the server tells.
fn scope_of(name: &Name, function: &Function, arguments: Vec<Datum>) -> Scope {
    let mut scope = Scope { parameters: arguments.clone(), labels: vec![name.clone()], ..Scope::default() };
    let mut values = arguments.into_iter();
    let procedure = function.kind == FunctionKind::Procedure;
    for parameter in &function.parameters {
        let value = if parameter.mode == ParameterMode::Out && !procedure { Datum::Null } else { values.next().unwrap_or(Datum::Null) };
        if let Some(name) = &parameter.name {
            scope.declare(name.clone(), VariableType::Value(parameter.data_type.clone()), value);
        }
    }
    scope.declare(Name::stored("found"), VariableType::Value(crate::schema::DataType::builtin("bool")), Datum::Boolean(false));
    let is_trigger = function.returns.as_ref().is_some_and(|returns| returns.is_builtin("trigger") || returns.is_builtin("event_trigger"));
    if is_trigger {
        for told in [
            "new",
            "old",
            "tg_op",
            "tg_name",
            "tg_when",
            "tg_level",
            "tg_table_name",
            "tg_table_schema",
            "tg_relid",
            "tg_nargs",
            "tg_argv",
            "tg_tag",
            "tg_event",
        ] {
            scope.declare(Name::stored(told), VariableType::Unknown, Datum::unknown("what a trigger is told is not known"));
        }
    }
    // In SQL a column wins over a parameter of its name.
    if &*function.language == "sql" {
        scope.conflict = crate::sql::plpgsql::PlConflict::UseColumn;
    }
    scope
}

/// The search path of a routine: its own, when it sets one.
fn path_of(function: &Function, session: &Session) -> Vec<Name> {
    let own = function.settings.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case("search_path"));
    let Some((_, value)) = own else { return session.search_path.clone() };
    let Some(dialect) = crate::dialect::named("postgres") else { return session.search_path.clone() };
    let entries = value.split(',').map(|part| part.trim().trim_matches('\'')).filter(|part| !part.is_empty());
    let entry = |part: &str| match part.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => Name::stored(quoted),
        None => dialect.fold(part, Quoting::Bare),
    };
    entries.map(entry).filter(|name| !name.as_str().is_empty()).collect()
}
