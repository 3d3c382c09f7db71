//! Loops: every turn where the turns are known, else none, one and two of them.

use std::sync::Arc;

use super::control::unless;
use super::evaluator::Evaluator;
use super::machine::{Machine, give_up};
use super::statement::{assign_row, bind, found, shaped};
use super::value::{Datum, Shape};
use super::ways::{Doubt, End, Moment, State, Way, Ways};
use crate::lineage::{Output, VariableType};
use crate::schema::DataType;
use crate::sql::plpgsql::{PlDirection, PlLeave, PlLoop, PlStatement};
use crate::sql::tree::{Expr, Ident, Query, Statement, StatementKind};
use crate::text::Span;

/// Turns that a loop is followed for.
const MOST_TURNS: usize = 1_000;

/// One turn of a loop: the variables and what they hold in it.
type Turn = Vec<(String, Datum)>;

impl Machine<'_> {
    /// `LOOP`, `WHILE`, `FOR`, `FOREACH`.
    pub(super) fn run_loop<'a>(&self, state: State<'a>, label: Option<&Ident>, over: &PlLoop, statements: &[PlStatement], span: Span) -> Ways<'a> {
        match over {
            PlLoop::Endless => self.while_loop(state, label, None, statements, span),
            PlLoop::While(condition) => self.while_loop(state, label, Some(condition), statements, span),
            PlLoop::Integers(variable, bounds, direction) => {
                let mut evaluator = Evaluator::new(&state.work.schema, &state.work.session, &state.scope);
                let values: Vec<Datum> = bounds.iter().map(|bound| evaluator.value(bound)).collect();
                let name = variable.name.as_str().to_owned();
                let turns = integers(&values, *direction).map(|all| all.into_iter().map(|value| vec![(name.clone(), Datum::Integer(value))]).collect());
                let mut state = state;
                let slots = state.scope.slots.len();
                let number = DataType::builtin("int4");
                state.scope.declare(variable.name.clone(), VariableType::Value(number), Datum::Null);
                let reason = values.iter().find_map(Datum::reason).unwrap_or_else(|| Arc::from("the loop is too long to be followed"));
                let unknown = vec![(name.clone(), Datum::Unknown(Shape::Digits, Arc::clone(&reason)))];
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
        let mut ways = self.calls_in_query(state, &binding, query, query.span);
        self.remember_read(&mut ways, &statement);
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
            let (next, others) = after_turn(unless(self.repeating().list(state, statements), condition, None), label);
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
