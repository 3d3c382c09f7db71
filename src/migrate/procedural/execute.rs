//! `EXECUTE`: a text that is read when it is known, and run like a statement, without the variables of the body.

use std::sync::Arc;

use super::super::{NotJudged, Refusal};
use super::fault::Fault;
use super::machine::{Language, Machine};
use super::scope::Scope;
use super::value::Datum;
use super::ways::{End, State, Way, Ways};
use crate::lineage::VariableType;
use crate::sql::plpgsql::{PlExecute, PlInto, PlText};
use crate::sql::read_script;
use crate::sql::tree::{Query, QueryBody, Statement, StatementKind};
use crate::text::{Sources, Span};

impl Machine<'_> {
    /// `EXECUTE text [INTO v] [USING e]`.
    pub(super) fn execute<'a>(&self, state: State<'a>, execute: &PlExecute, span: Span) -> Ways<'a> {
        let (parameters, mut state) = match self.all_evaluated(state, execute.parameters.iter().cloned()) {
            Ok(done) => done,
            Err(ways) => return ways,
        };
        match &execute.text {
            PlText::Statements(statements) => {
                let outer = std::mem::replace(&mut state.scope, Scope { parameters, ..Scope::default() });
                let ways = self.dynamic(state, statements);
                restore(ways, &outer, &execute.into)
            }
            PlText::Constant(text, at) => self.run_text(state, text, parameters, &execute.into, *at),
            PlText::Computed(expr) => {
                let (value, ways) = match self.evaluated(state, expr) {
                    Ok((value, _, ways)) => (value, ways),
                    Err((fault, state)) => return Ways::fail(fault, state),
                };
                self.each_next(ways, |machine, state| match value {
                    Datum::Null => Ways::fail(Fault::new("22004", "query string argument of EXECUTE is null", span), state),
                    Datum::Text(text) => machine.run_text(state, &text, parameters, &execute.into, expr.span),
                    Datum::Pattern(fragments) => machine.run_pattern(state, &fragments, &parameters, &execute.into, expr.span),
                    other => {
                        let reason = other.reason().unwrap_or_else(|| Arc::from("it is no text"));
                        let reason = format!("which statement is run here is not known: {reason}");
                        let mut ways = super::machine::give_up(state, reason, expr.span);
                        for way in &mut ways.all {
                            forget(&mut way.state, &execute.into);
                        }
                        ways
                    }
                })
            }
        }
    }

    /// Runs a text: its places are those of the expression that it comes from.
    pub(super) fn run_text<'a>(&self, state: State<'a>, text: &str, parameters: Vec<Datum>, into: &[String], span: Span) -> Ways<'a> {
        let mut sources = Sources::default();
        let source = sources.add("text that is run", text);
        let script = read_script(&sources, source, state.work.schema.dialect);
        let outer_scope = state.scope.clone();
        let marks = Marks::of(&state);
        let outer = state.work.sources;
        let mut inner = inside(state, &sources, span);
        inner.scope = Scope { parameters, ..Scope::default() };
        let ways = self.dynamic(inner, &script.statements);
        let told = |at: Span| format!("in the text that is run: `{}`", excerpt(sources.slice(at)));
        let ways = Ways { all: ways.all.into_iter().map(|way| marks.outside(way, outer, span, &told)).collect() };
        restore(ways, &outer_scope, into)
    }

    /// Statements of a text. Measured on 15: `SELECT … INTO` and the end of a transaction are refused with 0A000, and several statements are allowed.
    fn dynamic<'a>(&self, mut state: State<'a>, statements: &[Statement]) -> Ways<'a> {
        let machine = Machine { language: Language::Sql, ..self.clone() };
        let mut ended = Vec::new();
        for statement in statements {
            let refused = match &statement.kind {
                StatementKind::Transaction(_) => Some("EXECUTE of transaction commands is not implemented"),
                StatementKind::Query(query) if makes_table(query) => Some("EXECUTE of SELECT ... INTO is not implemented"),
                StatementKind::CreateTableAs(_) if is_select(&state, statement) => Some("EXECUTE of SELECT ... INTO is not implemented"),
                _ => None,
            };
            if let Some(message) = refused {
                return Ways::fail(Fault::new("0A000", message, statement.span), state).with(ended);
            }
            if !self.takes_a_step() {
                return super::machine::give_up(state, "it runs too long to be followed", statement.span).with(ended);
            }
            let (next, others) = machine.sql(state, statement, &PlInto::default()).split();
            ended.extend(others);
            match next {
                Some(way) => state = way.state,
                None => return Ways { all: Vec::new() }.with(ended),
            }
        }
        Ways::next(state).with(ended)
    }
}

fn makes_table(query: &Query) -> bool {
    matches!(&query.body, QueryBody::Select(select) if select.into.is_some())
}

fn is_select(state: &State<'_>, statement: &Statement) -> bool {
    let text = state.work.sources.slice(statement.span);
    text.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("select") || word.eq_ignore_ascii_case("with"))
}

/// The state for a text of another collection.
pub(super) fn inside<'b>(state: State<'_>, sources: &'b Sources, span: Span) -> State<'b> {
    State { work: state.work.with_sources(sources, span), scope: state.scope, returned: state.returned, caught: state.caught, set_session: state.set_session }
}

/// How much was found before a text of another collection was run: what is found after that has places there.
pub(super) struct Marks {
    found: usize,
    inner: usize,
    may_fail: usize,
    not_judged: usize,
}

impl Marks {
    /// Before the text is run.
    pub(super) fn of(state: &State<'_>) -> Self {
        Self { found: state.work.found.len(), inner: state.work.inner.len(), may_fail: state.work.may_fail.len(), not_judged: state.work.not_judged.len() }
    }

    /// A way back in the collection that it came from; `told` says where something stands in the text.
    pub(super) fn outside<'a>(&self, way: Way<'_>, sources: &'a Sources, span: Span, told: &impl Fn(Span) -> String) -> Way<'a> {
        let State { mut work, scope, returned, caught, set_session } = way.state;
        for found in work.found.iter_mut().skip(self.found) {
            found.span = span;
        }
        work.inner.move_outside(self.inner, span, told);
        for one in work.may_fail.iter_mut().skip(self.may_fail) {
            one.span = span;
        }
        for NotJudged { reason, span: at, .. } in work.not_judged.iter_mut().skip(self.not_judged) {
            *reason = format!("{reason} ({})", told(*at));
            *at = span;
        }
        let end = match way.end {
            End::Fail(fault) => {
                let Refusal { detail, span: at, .. } = &fault.refusal;
                let place = told(*at);
                let detail = Some(detail.as_ref().map_or_else(|| place.clone(), |detail| format!("{detail} ({place})")));
                End::Fail(Fault { refusal: Refusal { detail, span, ..fault.refusal }, ..fault })
            }
            other => other,
        };
        let origin = way.origin.map(|(moment, doubt)| (moment, super::ways::Doubt { span, ..doubt }));
        Way { end, state: State { work: work.with_sources(sources, span), scope, returned, caught, set_session }, origin }
    }
}

/// The first words of a text.
pub(super) fn excerpt(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() > 80 { format!("{}…", line.chars().take(79).collect::<String>()) } else { line }
}

/// Puts the variables of the body back; those behind `INTO` hold what is not known.
fn restore<'a>(mut ways: Ways<'a>, outer: &Scope, into: &[String]) -> Ways<'a> {
    for way in &mut ways.all {
        let value = std::mem::replace(&mut way.state.returned, Datum::unknown("what it gives back is not known"));
        way.state.scope = outer.clone();
        if let [target] = into {
            way.state.scope.assign(target, value, Some(VariableType::Unknown));
        } else {
            forget(&mut way.state, into);
        }
    }
    ways
}

fn forget(state: &mut State<'_>, targets: &[String]) {
    for target in targets {
        state.scope.assign(target, Datum::unknown("what the text gives back is not known"), Some(VariableType::Unknown));
    }
}
