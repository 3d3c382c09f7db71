//! Declarations, assignments, conditions, loops, and the ways to leave them.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::fault::{Fault, code_of};
use super::machine::{Machine, give_up};
use super::statement::{assign_row, bind, found, shaped};
use super::value::{Datum, Shape};
use super::ways::{Doubt, End, Moment, State, Way, Ways};
use crate::lineage::{Output, VariableType, resolve_relation, resolve_type};
use crate::schema::DataType;
use crate::sql::plpgsql::{PlBranch, PlDeclaration, PlDirection, PlLeave, PlLoop, PlRaised, PlStatement, PlType};
use crate::sql::tree::{Expr, ExprKind, Ident, Query, Statement, StatementKind};
use crate::text::Span;

/// Turns that a loop is followed for.
const MOST_TURNS: usize = 1_000;

/// One turn of a loop: the variables and what they hold in it.
type Turn = Vec<(String, Datum)>;

impl Machine<'_> {
    /// One variable of `DECLARE`. Types are looked up when the block is compiled, so an unknown one is refused whether or not it is reached (measured on 15).
    pub(super) fn declare(&self, state: &mut State<'_>, declaration: &PlDeclaration) -> Result<(), Fault> {
        let (schema, session) = (&state.work.schema, &state.work.session);
        let name = declaration.name.name.clone();
        let (data_type, converts) = match &declaration.data_type {
            PlType::Type(written) if written.name.name.name.as_str() == "record" && written.name.schema.is_none() => (VariableType::Unknown, None),
            PlType::Type(written) => match resolve_type(schema, session, written) {
                Ok(found) => (VariableType::Value(found.clone()), Some(found)),
                // A column that is not there: the compiler then takes the text as a type's name (measured on 15).
                Err(error) if error.unknown.is_none() && written.of_column.is_some() => {
                    return Err(Fault::new("42601", "syntax error at or near \"%\"", error.span));
                }
                Err(error) if error.unknown.is_none() => return Err(Fault::new(error.sqlstate, error.message, error.span)),
                Err(_) => (VariableType::Unknown, None),
            },
            PlType::RowOf(relation) => match resolve_relation(schema, session, relation) {
                Ok(id) => (VariableType::Row(id), None),
                Err(error) if error.unknown.is_none() && super::catalog::columns_of(schema, relation).is_empty() => {
                    return Err(Fault::new(error.sqlstate, error.message, error.span));
                }
                Err(_) => (VariableType::Unknown, None),
            },
            PlType::Cursor(..) => (VariableType::Unknown, None),
            PlType::Alias(of) => {
                let value = state.scope.parameter(of).or_else(|| state.scope.value(&crate::name::Name::stored(of.to_ascii_lowercase()))).cloned();
                state.scope.declare(name, VariableType::Unknown, value.unwrap_or_else(|| Datum::unknown("it is another name of something")));
                return Ok(());
            }
        };
        let value = match &declaration.default {
            None => match &data_type {
                VariableType::Row(id) => Datum::Row(schema.columns(*id).iter().map(|column| (column.name.clone(), Datum::Null)).collect()),
                VariableType::Value(_) | VariableType::Record(_) | VariableType::Unknown => Datum::Null,
            },
            Some(default) => {
                let value = Evaluator::new(schema, session, &state.scope).value(default);
                match converts {
                    Some(data_type) => kept(Evaluator::new(schema, session, &state.scope).converted(value, &data_type), &data_type),
                    None => value,
                }
            }
        };
        state.scope.declare(name, data_type, value);
        Ok(())
    }

    /// `v := e`.
    pub(super) fn assign<'a>(&self, state: State<'a>, target: &str, value: &Expr) -> Ways<'a> {
        match self.evaluated(state, value) {
            Err((fault, state)) => Ways::fail(fault, state),
            Ok((value, binding, ways)) => self.each_next(ways, |_, mut state| {
                let slot = state.scope.slots.iter().rev().find(|slot| slot.name.as_str() == target);
                let value = match slot.map(|slot| &slot.data_type) {
                    Some(VariableType::Value(data_type)) => {
                        let data_type = data_type.clone();
                        kept(Evaluator::new(&state.work.schema, &state.work.session, &state.scope).converted(value, &data_type), &data_type)
                    }
                    _ => value,
                };
                let data_type = binding.outputs.first().and_then(|output| output.data_type.clone()).map_or(VariableType::Unknown, VariableType::Value);
                state.scope.assign(target, value, Some(data_type));
                Ways::next(state)
            }),
        }
    }

    /// `IF`.
    pub(super) fn conditional<'a>(&self, state: State<'a>, branches: &[PlBranch], otherwise: &[PlStatement]) -> Ways<'a> {
        let Some((first, rest)) = branches.split_first() else { return self.list(state, otherwise) };
        let (value, ways) = match self.evaluated(state, &first.condition) {
            Ok((value, _, ways)) => (value, ways),
            Err((fault, state)) => return Ways::fail(fault, state),
        };
        self.each_next(ways, |machine, state| match value.truth() {
            Ok(true) => machine.list(state, &first.statements),
            Ok(false) => machine.conditional(state, rest, otherwise),
            Err(reason) => {
                let span = first.condition.span;
                let written = state.work.sources.slice(span).to_owned();
                let (doubt, origin) = (doubt_of(&written, &reason, span), Moment::of(&state));
                let asks_no_variable = !names_variable(&first.condition, &state);
                let query = |text: String| asks_no_variable.then_some(text);
                let taken =
                    unless(machine.list(state.clone(), &first.statements), &format!("`{written}` is not true"), query(format!("SELECT 1 WHERE {written}")));
                let passed = unless(
                    machine.conditional(state, rest, otherwise),
                    &format!("`{written}` is true"),
                    query(format!("SELECT 1 WHERE ({written}) IS NOT TRUE")),
                );
                Ways::several([taken, passed], &origin, &doubt)
            }
        })
    }

    /// `CASE`.
    pub(super) fn case<'a>(&self, state: State<'a>, operand: Option<&Expr>, branches: &[PlBranch], otherwise: Option<&[PlStatement]>, span: Span) -> Ways<'a> {
        let Some((first, rest)) = branches.split_first() else {
            return match otherwise {
                Some(otherwise) => self.list(state, otherwise),
                None => Ways::fail(Fault::new("20000", "case not found", span), state),
            };
        };
        let mut evaluator = Evaluator::new(&state.work.schema, &state.work.session, &state.scope);
        let value = match operand {
            None => evaluator.value(&first.condition),
            Some(operand) => {
                let operand = evaluator.value(operand);
                let values = match &*first.condition.kind {
                    ExprKind::Row(values) => values.iter().map(|value| evaluator.value(value)).collect(),
                    _ => vec![evaluator.value(&first.condition)],
                };
                values.iter().fold(Datum::Boolean(false), |any, value| super::value::or(&any, &operand.equals(value)))
            }
        };
        match value.truth() {
            Ok(true) => self.list(state, &first.statements),
            Ok(false) => self.case(state, operand, rest, otherwise, span),
            Err(reason) => {
                let at = first.condition.span;
                let written = state.work.sources.slice(at).to_owned();
                let (doubt, origin) = (doubt_of(&written, &reason, at), Moment::of(&state));
                let taken = unless(self.list(state.clone(), &first.statements), &format!("`{written}` is not met"), None);
                let passed = unless(self.case(state, operand, rest, otherwise, span), &format!("`{written}` is met"), None);
                Ways::several([taken, passed], &origin, &doubt)
            }
        }
    }

    /// `EXIT`, `CONTINUE`.
    pub(super) fn leave<'a>(&self, state: State<'a>, how: PlLeave, label: Option<&Ident>, when: Option<&Expr>) -> Ways<'a> {
        let end = End::Leave(how, label.map(|label| label.name.clone()));
        let Some(when) = when else { return Ways::one(end, state) };
        let (value, ways) = match self.evaluated(state, when) {
            Ok((value, _, ways)) => (value, ways),
            Err((fault, state)) => return Ways::fail(fault, state),
        };
        self.each_next(ways, |_, state| match value.truth() {
            Ok(true) => Ways::one(end, state),
            Ok(false) => Ways::next(state),
            Err(reason) => {
                let doubt = doubt_of(state.work.sources.slice(when.span), &reason, when.span);
                let origin = Moment::of(&state);
                Ways::several([Ways::one(end, state.clone()), Ways::next(state)], &origin, &doubt)
            }
        })
    }

    /// `RETURN`.
    pub(super) fn give_back<'a>(&self, state: State<'a>, value: Option<&Expr>, leaves: bool) -> Ways<'a> {
        let end = || if leaves { End::Return } else { End::Next };
        let Some(value) = value else { return Ways::one(end(), state) };
        match self.evaluated(state, value) {
            Ok((value, _, ways)) => self.each_next(ways, |_, mut state| {
                state.returned = value;
                Ways::one(end(), state)
            }),
            Err((fault, state)) => Ways::fail(fault, state),
        }
    }

    /// `RAISE`.
    pub(super) fn raise<'a>(&self, state: State<'a>, fails: bool, what: &PlRaised, values: &[Expr], options: &[(String, Expr)], span: Span) -> Ways<'a> {
        let all = values.iter().chain(options.iter().map(|(_, value)| value)).cloned();
        let (all, state) = match self.all_evaluated(state, all) {
            Ok(done) => done,
            Err(ways) => return ways,
        };
        let shown: Vec<String> = all.iter().take(values.len()).map(as_message).collect();
        let given: Vec<String> = all.iter().skip(values.len()).map(as_message).collect();
        let option = |name: &str| options.iter().zip(&given).find(|((own, _), _)| own == name).map(|(_, value)| value.clone());
        let (code, message) = match what {
            PlRaised::Again => {
                let fault = state.caught.clone();
                let lost = || Fault::new("0Z002", "RAISE without parameters cannot be used outside an exception handler", span);
                return Ways::fail(fault.unwrap_or_else(lost), state);
            }
            PlRaised::Message(format) => (option("errcode"), filled(format, &shown)),
            PlRaised::Condition(condition) => (Some(condition.clone()), condition.clone()),
            PlRaised::Options => (option("errcode"), option("message").unwrap_or_else(|| String::from("unhandled exception"))),
        };
        if !fails {
            let mut state = state;
            state.work.notice(message);
            return Ways::next(state);
        }
        let code = code.map_or_else(|| String::from("P0001"), |code| code_of(&code.to_ascii_lowercase()).map_or(code, str::to_owned));
        let message = option("message").unwrap_or(message);
        Ways::fail(Fault::raised(&code, message, span), state)
    }

    /// `ASSERT`.
    pub(super) fn assert<'a>(&self, state: State<'a>, condition: &Expr) -> Ways<'a> {
        let (value, ways) = match self.evaluated(state, condition) {
            Ok((value, _, ways)) => (value, ways),
            Err((fault, state)) => return Ways::fail(fault, state),
        };
        self.each_next(ways, |_, mut state| {
            match value.truth() {
                Ok(true) => {}
                Ok(false) => return Ways::fail(Fault::new("P0004", "assertion failed", condition.span), state),
                Err(_) => {
                    let written = state.work.sources.slice(condition.span).to_owned();
                    let query = (!names_variable(condition, &state)).then(|| format!("SELECT 1 WHERE ({written}) IS NOT TRUE"));
                    state.work.span = condition.span;
                    state.work.may_fail("P0004", format!("`{written}` is true"), query);
                }
            }
            Ways::next(state)
        })
    }

    /// `LOOP`, `WHILE`, `FOR`, `FOREACH`.
    pub(super) fn run_loop<'a>(&self, state: State<'a>, label: Option<&Ident>, over: &PlLoop, statements: &[PlStatement], span: Span) -> Ways<'a> {
        match over {
            PlLoop::Endless => self.while_loop(state, label, None, statements, span),
            PlLoop::While(condition) => self.while_loop(state, label, Some(condition), statements, span),
            PlLoop::Integers(variable, bounds, direction) => {
                let mut evaluator = Evaluator::new(&state.work.schema, &state.work.session, &state.scope);
                let values: Vec<Datum> = bounds.iter().map(|bound| evaluator.value(bound)).collect();
                let variables = vec![variable.name.as_str().to_owned()];
                let turns = integers(&values, *direction).map(|all| all.into_iter().map(|value| vec![(variables[0].clone(), Datum::Integer(value))]).collect());
                let mut state = state;
                let slots = state.scope.slots.len();
                let number = DataType::builtin("int4");
                state.scope.declare(variable.name.clone(), VariableType::Value(number), Datum::Null);
                let reason = values.iter().find_map(Datum::reason).unwrap_or_else(|| Arc::from("the loop is too long to be followed"));
                let unknown = vec![(variables[0].clone(), Datum::Unknown(Shape::Digits, Arc::clone(&reason)))];
                let mut ways = self.turns(state, label, turns.ok_or(reason), unknown, statements, span);
                for way in &mut ways.all {
                    way.state.scope.slots.truncate(slots);
                }
                ways
            }
            PlLoop::Rows(variables, query) => self.over_rows(state, label, variables, query, statements, span),
            PlLoop::Elements(variables, array) => {
                let value = Evaluator::new(&state.work.schema, &state.work.session, &state.scope).value(array);
                let target = variables.first().cloned().unwrap_or_default();
                let turns = match value {
                    Datum::List(items) => Ok(items.into_iter().map(|item| vec![(target.clone(), item)]).collect()),
                    other => Err(other.reason().unwrap_or_else(|| Arc::from("it is no array"))),
                };
                let reason = turns.as_ref().err().cloned().unwrap_or_else(|| Arc::from(""));
                self.turns(state, label, turns, vec![(target, Datum::unknown(reason))], statements, span)
            }
            PlLoop::Executed(variables, execute) => {
                let ways = self.execute(state, execute, span);
                self.each_next(ways, |machine, state| {
                    machine.unknown_turns(state, label, variables, "the rows of a text that is run are not known", statements, span)
                })
            }
            PlLoop::Cursor(variable, ..) => {
                let mut state = state;
                let slots = state.scope.slots.len();
                let reason = "the rows of a cursor are not known";
                state.scope.declare(variable.name.clone(), VariableType::Unknown, Datum::unknown(reason));
                let mut ways = self.unknown_turns(state, label, &[variable.name.as_str().to_owned()], reason, statements, span);
                for way in &mut ways.all {
                    way.state.scope.slots.truncate(slots);
                }
                ways
            }
        }
    }

    fn unknown_turns<'a>(
        &self,
        state: State<'a>,
        label: Option<&Ident>,
        variables: &[String],
        reason: &str,
        statements: &[PlStatement],
        span: Span,
    ) -> Ways<'a> {
        let unknown = variables.iter().map(|variable| (variable.clone(), Datum::unknown(reason))).collect();
        self.turns(state, label, Err(Arc::from(reason)), unknown, statements, span)
    }

    /// `FOR r IN query`.
    fn over_rows<'a>(&self, state: State<'a>, label: Option<&Ident>, variables: &[String], query: &Query, statements: &[PlStatement], span: Span) -> Ways<'a> {
        let statement = Statement { kind: StatementKind::Query(Box::new(query.clone())), span: query.span };
        let binding = bind(&state, &statement);
        if let Some(fault) = Self::refusal_of(&binding) {
            return Ways::fail(fault, state);
        }
        let ways = self.calls_in_query(state, &binding, query, query.span);
        self.each_next(ways, |machine, state| {
            let answer = Evaluator::new(&state.work.schema, &state.work.session, &state.scope).query(query);
            let unknown_row = |reason: &Arc<str>| binding.outputs.iter().map(|output| shaped(Datum::unknown(Arc::clone(reason)), Some(output))).collect();
            let doubt = answer.doubt();
            let rows: Result<Vec<Vec<Datum>>, Arc<str>> = match &doubt {
                Some(reason) => Err(Arc::clone(reason)),
                None => Ok(answer.lines.into_iter().map(|line| line.values).collect()),
            };
            // Rows that are known for sure are gone through even when there may be others.
            let reason = doubt.unwrap_or_else(|| Arc::from(""));
            machine.row_turns(state, label, variables, rows, unknown_row(&reason), &binding.outputs, statements, span)
        })
    }

    #[expect(clippy::too_many_arguments, reason = "a loop has so many parts")]
    fn row_turns<'a>(
        &self,
        state: State<'a>,
        label: Option<&Ident>,
        variables: &[String],
        rows: Result<Vec<Vec<Datum>>, Arc<str>>,
        unknown: Vec<Datum>,
        outputs: &[Output],
        statements: &[PlStatement],
        span: Span,
    ) -> Ways<'a> {
        let assigned = |values: Vec<Datum>| move |state: &mut State<'_>| assign_row(state, variables, values.clone(), outputs);
        match rows {
            Ok(rows) if rows.len() <= MOST_TURNS => {
                let all: Vec<_> = rows.into_iter().map(assigned).collect();
                self.known_turns(state, label, &all, statements)
            }
            Ok(_) => self.some_turns(state, label, &assigned(unknown), &Arc::from("the loop is too long to be followed"), statements, span),
            Err(reason) => self.some_turns(state, label, &assigned(unknown), &reason, statements, span),
        }
    }

    fn turns<'a>(
        &self,
        state: State<'a>,
        label: Option<&Ident>,
        turns: Result<Vec<Turn>, Arc<str>>,
        unknown: Turn,
        statements: &[PlStatement],
        span: Span,
    ) -> Ways<'a> {
        let assigned = |turn: Turn| {
            move |state: &mut State<'_>| {
                for (variable, value) in &turn {
                    state.scope.assign(variable, value.clone(), Some(VariableType::Unknown));
                }
            }
        };
        match turns {
            Ok(turns) if turns.len() <= MOST_TURNS => {
                let all: Vec<_> = turns.into_iter().map(assigned).collect();
                self.known_turns(state, label, &all, statements)
            }
            Ok(_) => self.some_turns(state, label, &assigned(unknown), &Arc::from("the loop is too long to be followed"), statements, span),
            Err(reason) => self.some_turns(state, label, &assigned(unknown), &reason, statements, span),
        }
    }

    /// A loop of which every turn is known.
    fn known_turns<'a>(&self, mut state: State<'a>, label: Option<&Ident>, turns: &[impl Fn(&mut State<'_>)], statements: &[PlStatement]) -> Ways<'a> {
        found(&mut state, &Datum::Boolean(!turns.is_empty()));
        let mut left = Vec::new();
        let mut origin = None;
        for turn in turns {
            turn(&mut state);
            let (next, others) = after_turn(self.list(state, statements), label);
            left.extend(others);
            match next {
                Some(way) => {
                    state = way.state;
                    origin = origin.or(way.origin);
                }
                None => return after_loop(left, label),
            }
        }
        left.push(Way { end: End::Next, state, origin });
        after_loop(left, label)
    }

    /// A loop of which nobody knows how often it turns: not at all, once, or twice, which shows what a second turn runs into.
    fn some_turns<'a>(
        &self,
        state: State<'a>,
        label: Option<&Ident>,
        turn: &impl Fn(&mut State<'_>),
        reason: &Arc<str>,
        statements: &[PlStatement],
        span: Span,
    ) -> Ways<'a> {
        let origin = Moment::of(&state);
        let head = state.work.sources.slice(span).lines().next().unwrap_or_default().trim().to_owned();
        let doubt = Doubt { reason: Arc::from(format!("how often `{head}` … turns is not known: {reason}")), span };
        let mut none = state.clone();
        found(&mut none, &Datum::unknown(Arc::clone(reason)));
        let mut ways = vec![Ways::next(none)];
        let unjudged = state.work.not_judged.len();
        let mut present = Some(state);
        for condition in ["the loop does not turn", "the loop does not turn twice"] {
            let Some(mut state) = present.take() else { break };
            turn(&mut state);
            let (next, others) = after_turn(unless(self.list(state, statements), condition, None), label);
            ways.push(Ways { all: others });
            if let Some(way) = next {
                // After a turn that leaves something unknown a second one would only say so again.
                present = (way.state.work.not_judged.len() == unjudged).then(|| way.state.clone());
                ways.push(Ways { all: vec![way] });
            }
        }
        let all = Ways::several(ways, &origin, &doubt);
        after_loop(all.all, label)
    }

    /// `WHILE`, `LOOP`.
    fn while_loop<'a>(&self, mut state: State<'a>, label: Option<&Ident>, condition: Option<&Expr>, statements: &[PlStatement], span: Span) -> Ways<'a> {
        let mut left = Vec::new();
        for _ in 0..MOST_TURNS {
            if let Some(condition) = condition {
                let (value, ways) = match self.evaluated(state, condition) {
                    Ok((value, _, ways)) => (value, ways),
                    Err((fault, state)) => return Ways::fail(fault, state).with(left),
                };
                let (next, others) = ways.split();
                left.extend(others);
                let Some(way) = next else { return after_loop(left, label) };
                state = way.state;
                match value.truth() {
                    Ok(true) => {}
                    Ok(false) => {
                        left.push(Way { end: End::Next, state, origin: way.origin });
                        return after_loop(left, label);
                    }
                    Err(reason) => return self.some_turns(state, label, &|_: &mut State<'_>| {}, &reason, statements, span).with(left),
                }
            }
            let (next, others) = after_turn(self.list(state, statements), label);
            // A turn that may have left the loop: from here on nobody knows how often it turns.
            let undecided = next.is_some() && others.iter().any(|way| matches!(way.end, End::Next | End::Leave(PlLeave::Exit, _) | End::Return));
            left.extend(others);
            let Some(way) = next else { return after_loop(left, label) };
            if undecided {
                let reason = Arc::from("whether it is left is not known");
                return self.some_turns(way.state, label, &|_: &mut State<'_>| {}, &reason, statements, span).with(after_loop(left, label).all);
            }
            state = way.state;
            if !self.takes_a_step() {
                break;
            }
        }
        give_up(state, "the loop is too long to be followed", span).with(left)
    }
}

/// The way that goes on to the next turn, and the others.
fn after_turn<'a>(ways: Ways<'a>, label: Option<&Ident>) -> (Option<Way<'a>>, Vec<Way<'a>>) {
    let is_own = |own: &Option<crate::name::Name>| own.as_ref().is_none_or(|own| label.is_some_and(|label| label.name == *own));
    let mut again = Ways { all: Vec::new() };
    let mut others = Vec::new();
    for mut way in ways.all {
        match &way.end {
            End::Next => again = again.with(vec![way]),
            End::Leave(PlLeave::Continue, own) if is_own(own) => {
                way.end = End::Next;
                again = again.with(vec![way]);
            }
            _ => others.push(way),
        }
    }
    (again.all.pop(), others)
}

/// What a loop's `EXIT` leaves goes on behind the loop.
fn after_loop<'a>(ways: Vec<Way<'a>>, label: Option<&Ident>) -> Ways<'a> {
    let mut all = Ways { all: Vec::new() };
    for mut way in ways {
        if let End::Leave(PlLeave::Exit, own) = &way.end
            && own.as_ref().is_none_or(|own| label.is_some_and(|label| label.name == *own))
        {
            way.end = End::Next;
        }
        all = all.with(vec![way]);
    }
    all
}

/// Says of failures on one side of a condition when they do not happen.
fn unless<'a>(mut ways: Ways<'a>, condition: &str, query: Option<String>) -> Ways<'a> {
    let is_certain = ways.all.len() == 1;
    for way in &mut ways.all {
        if let End::Fail(fault) = &mut way.end
            && fault.unless.is_none()
        {
            fault.unless = Some((condition.to_owned(), query.clone().filter(|_| is_certain)));
        }
    }
    ways
}

fn doubt_of(written: &str, reason: &Arc<str>, span: Span) -> Doubt {
    Doubt { reason: Arc::from(format!("whether `{written}` holds is not known: {reason}")), span }
}

/// Whether an expression names a variable of the body, so that it cannot be asked outside of it.
fn names_variable(expr: &Expr, state: &State<'_>) -> bool {
    let text = state.work.sources.slice(expr.span);
    let words: Vec<String> = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).map(str::to_ascii_lowercase).collect();
    state.scope.slots.iter().any(|slot| words.iter().any(|word| word == slot.name.as_str()))
}

/// A value in a variable of a type: what has no exact counterpart here is not known.
fn kept(value: Datum, data_type: &DataType) -> Datum {
    let is = |names: &[&str]| names.iter().any(|name| data_type.is_builtin(name));
    match value {
        Datum::Unknown(Shape::Anything, reason) if is(&["int2", "int4", "int8"]) => Datum::Unknown(Shape::Digits, reason),
        value => value,
    }
}

/// A value as a message shows it.
fn as_message(value: &Datum) -> String {
    match value {
        Datum::Text(text) => text.to_string(),
        Datum::Integer(number) => number.to_string(),
        Datum::Null => String::from("<NULL>"),
        _ => String::from("…"),
    }
}

/// `%` in a format of `RAISE`, one after the other; `%%` is a percent sign.
fn filled(format: &str, values: &[String]) -> String {
    let mut text = String::new();
    let mut values = values.iter();
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '%' if letters.next_if_eq(&'%').is_some() => text.push('%'),
            '%' => text.push_str(values.next().map_or("", String::as_str)),
            other => text.push(other),
        }
    }
    text
}

fn integers(bounds: &[Datum], direction: PlDirection) -> Option<Vec<i64>> {
    let number = |place: usize| match bounds.get(place) {
        Some(Datum::Integer(value)) => Some(*value),
        _ => None,
    };
    let (first, last) = (number(0)?, number(1)?);
    let step = if bounds.len() > 2 { number(2)? } else { 1 };
    let step = usize::try_from(step).ok().filter(|step| *step > 0)?;
    let (low, high) = if direction == PlDirection::Reverse { (last, first) } else { (first, last) };
    if high.checked_sub(low)? / i64::try_from(step).ok()? > i64::try_from(MOST_TURNS).ok()? {
        return None;
    }
    Some(match direction {
        PlDirection::Forward => (low..=high).step_by(step).collect(),
        PlDirection::Reverse => (low..=high).rev().step_by(step).collect(),
    })
}
