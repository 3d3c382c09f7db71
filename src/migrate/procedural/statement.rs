//! SQL in a body: the same as outside, with variables in sight.

use std::sync::Arc;

use super::super::NotJudged;
use super::super::apply::After;
use super::super::inner::Started;
use super::super::settings::Lifetime;
use super::super::work::Stop;
use super::evaluator::{Evaluator, exists};
use super::fault::Fault;
use super::machine::{Atomicity, Language, Machine};
use super::relation::Answer;
use super::value::{Datum, Shape};
use super::ways::{End, State, Ways};
use crate::lineage::{Binding, Output, VariableType, bind_statement_among, bind_value_among};
use crate::name::Name;
use crate::schema::DataType;
use crate::sql::plpgsql::PlInto;
use crate::sql::tree::{Dml, Expr, Query, QueryBody, Statement, StatementKind, Transaction};
use crate::text::Span;

impl Machine<'_> {
    /// A statement of SQL that stands in the body.
    pub(super) fn sql<'a>(&self, state: State<'a>, statement: &Statement, into: &PlInto) -> Ways<'a> {
        match &statement.kind {
            StatementKind::Transaction(transaction) => self.end_transaction(state, statement, transaction),
            StatementKind::Query(query) if !makes_table(query) => self.rows(state, statement, query, into),
            StatementKind::Dml(dml) if self.language == Language::Procedural && into.targets.is_empty() && returns_rows(dml) => {
                Ways::fail(no_destination(statement.span), state)
            }
            _ => self.applied(state, statement, into),
        }
    }

    /// A query: its rows go into variables, or nowhere.
    fn rows<'a>(&self, state: State<'a>, statement: &Statement, query: &Query, into: &PlInto) -> Ways<'a> {
        let writes = matches!(query.body, QueryBody::Dml(_)) || query.with.iter().any(|cte| matches!(cte.query.body, QueryBody::Dml(_)));
        if self.language == Language::Procedural && into.targets.is_empty() {
            let gives_rows = match &query.body {
                QueryBody::Dml(dml) => returns_rows(dml),
                _ => true,
            };
            if gives_rows {
                return Ways::fail(no_destination(statement.span), state);
            }
        }
        if writes {
            return self.applied(state, statement, into);
        }
        let binding = bind(&state, statement);
        if let Some(fault) = Self::refusal_of(&binding) {
            return Ways::fail(fault, state);
        }
        let mut state = state;
        state.work.note_positions(statement, &binding);
        let mut ways = self.calls_in_query(state, &binding, query, statement.span);
        self.remember_read(&mut ways, statement);
        self.each_next(ways, |machine, mut state| {
            let answer = Evaluator::new(&state.work.schema, &state.work.session, &state.scope).query(query);
            found(&mut state, &exists(&answer));
            state.returned = super::evaluator::scalar(&answer);
            machine.into_variables(state, &answer, &binding.outputs, into, statement.span)
        })
    }

    /// Remembers a query on the way that goes on.
    pub(super) fn remember_read(&self, ways: &mut Ways<'_>, statement: &Statement) {
        for way in ways.all.iter_mut().filter(|way| matches!(way.end, End::Next)) {
            let work = &mut way.state.work;
            let started = Started::of(&work.schema, &work.session, work.found.len());
            work.remember_inner(started, statement, self.repetition);
        }
    }

    /// `PERFORM query`.
    pub(super) fn perform<'a>(&self, state: State<'a>, query: &Query, span: Span) -> Ways<'a> {
        let statement = Statement { kind: StatementKind::Query(Box::new(query.clone())), span };
        let nowhere = PlInto::default();
        let machine = Machine { language: Language::Sql, ..self.clone() };
        machine.rows(state, &statement, query, &nowhere)
    }

    /// Goes on from each way that goes on.
    pub(super) fn each_next<'a>(&self, ways: Ways<'a>, go_on: impl FnOnce(&Self, State<'a>) -> Ways<'a>) -> Ways<'a> {
        let (next, others) = ways.split();
        match next {
            Some(way) => {
                let mut after = go_on(self, way.state);
                for one in &mut after.all {
                    one.origin = one.origin.take().or_else(|| way.origin.clone());
                }
                after.with(others)
            }
            None => Ways { all: others },
        }
    }

    fn into_variables<'a>(&self, mut state: State<'a>, answer: &Answer, outputs: &[Output], into: &PlInto, span: Span) -> Ways<'a> {
        if into.targets.is_empty() {
            return Ways::next(state);
        }
        if into.strict {
            match (answer.doubt(), answer.lines.len()) {
                (None, 0) => return Ways::fail(Fault::new("P0002", "query returned no rows", span), state),
                (None, 1) => {}
                (None, _) => return Ways::fail(Fault::new("P0003", "query returned more than one row", span), state),
                (Some(_), _) => state.work.may_fail("P0002", "the query gives exactly one row", None),
            }
        }
        let values = first_row(answer, outputs);
        assign_row(&mut state, &into.targets, values, outputs);
        Ways::next(state)
    }

    /// A statement that the simulation applies as it does outside of bodies.
    pub(super) fn applied<'a>(&self, mut state: State<'a>, statement: &Statement, into: &PlInto) -> Ways<'a> {
        let may_name_variables = matches!(statement.kind, StatementKind::Dml(_) | StatementKind::Query(_) | StatementKind::CreateTableAs(_));
        let mut work = state.work.clone();
        work.span = statement.span;
        work.start = work.schema.clone();
        work.in_transaction = true;
        work.surroundings = may_name_variables.then(|| Arc::new((state.scope.variables(), parameter_types(&state))));
        let started = Started::of(&work.schema, &work.session, work.found.len());
        match work.apply(statement) {
            Ok(after) => {
                work.span = statement.span;
                work.end_part();
                work.remember_inner(started, statement, self.repetition);
                work.surroundings = None;
                state.work = work;
                state.set_session |= after == After::Setting(Lifetime::Session);
            }
            Err(Stop::Refused(mut refusal)) => {
                if refusal.sqlstate == "25001" {
                    refusal.message = refusal.message.replace("cannot run inside a transaction block", "cannot be executed from a function");
                }
                return Ways::fail(Fault::refused(*refusal), state);
            }
            Err(Stop::NotJudged(reason)) => {
                note(&mut state, *reason);
                state.work.remember_inner(started, statement, self.repetition);
            }
        }
        if may_name_variables {
            found(&mut state, &Datum::unknown("how many rows are written is not known"));
        }
        for target in &into.targets {
            state.scope.assign(target, Datum::unknown("what the statement gives back is not known"), Some(VariableType::Unknown));
        }
        Ways::next(state)
    }

    /// `COMMIT` and `ROLLBACK`; measured on 15: 2D000 in a transaction, a function or a block with handlers, 0A000 for savepoints.
    fn end_transaction<'a>(&self, mut state: State<'a>, statement: &Statement, transaction: &Transaction) -> Ways<'a> {
        let span = statement.span;
        if matches!(transaction, Transaction::Commit | Transaction::Rollback) && self.atomicity == Atomicity::MayCommit {
            let started = Started::of(&state.work.schema, &state.work.session, state.work.found.len());
            state.work.remember_inner(started, statement, self.repetition);
        }
        match (transaction, self.atomicity) {
            (Transaction::Commit, Atomicity::MayCommit) => Ways::next(state),
            (Transaction::Rollback, Atomicity::MayCommit) => super::machine::give_up(state, "what a ROLLBACK in a block undoes is not followed", span),
            (Transaction::CommitAndChain | Transaction::RollbackAndChain, Atomicity::MayCommit) => {
                super::machine::give_up(state, "a transaction of a block that is followed by the next at once is not followed", span)
            }
            (Transaction::Commit | Transaction::CommitAndChain | Transaction::Rollback | Transaction::RollbackAndChain, Atomicity::Atomic) => {
                Ways::fail(Fault::new("2D000", "invalid transaction termination", span), state)
            }
            _ => Ways::fail(Fault::new("0A000", "unsupported transaction command in PL/pgSQL", span), state),
        }
    }

    /// A value or condition: resolved, what it calls run, and evaluated.
    pub(super) fn evaluated<'a>(&self, state: State<'a>, expr: &Expr) -> Result<(Datum, Binding, Ways<'a>), (Fault, State<'a>)> {
        let binding = bind_value_among(&state.work.schema, &state.work.session, expr, &state.scope.variables(), &parameter_types(&state));
        if let Some(fault) = Self::refusal_of(&binding) {
            return Err((fault, state));
        }
        let (ways, results) = self.calls_in_value(state, &binding, expr);
        let value = match ways.all.iter().find(|way| matches!(way.end, super::ways::End::Next)) {
            Some(way) => Evaluator::new(&way.state.work.schema, &way.state.work.session, &way.state.scope).knowing(&results).value(expr),
            None => Datum::Null,
        };
        let value = shaped(value, binding.outputs.first());
        Ok((value, binding, ways))
    }
}

impl Machine<'_> {
    /// Values one after the other, or the ways that do not come that far.
    pub(super) fn all_evaluated<'a>(&self, mut state: State<'a>, exprs: impl Iterator<Item = Expr>) -> Result<(Vec<Datum>, State<'a>), Ways<'a>> {
        let mut values = Vec::new();
        for expr in exprs {
            match self.evaluated(state, &expr) {
                Err((fault, state)) => return Err(Ways::fail(fault, state)),
                Ok((value, _, ways)) => match ways.split() {
                    (Some(way), others) if others.is_empty() => {
                        values.push(value);
                        state = way.state;
                    }
                    (next, others) => return Err(Ways { all: others }.with(next.into_iter().collect())),
                },
            }
        }
        Ok((values, state))
    }
}

/// How a query of the body resolves.
pub(super) fn bind(state: &State<'_>, statement: &Statement) -> Binding {
    bind_statement_among(&state.work.schema, &state.work.session, statement, &state.scope.variables(), &parameter_types(state))
}

/// Types of `$1` …: only their number is known here.
pub(super) fn parameter_types(_: &State<'_>) -> Vec<(Option<Name>, DataType)> {
    Vec::new()
}

/// Notes what was not judged: the objects that it names are unknown from here on.
pub(super) fn note(state: &mut State<'_>, reason: NotJudged) {
    for name in &reason.touches {
        let bare = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
        state.work.schema.mark_unknown(Name::stored(bare), reason.reason.as_str());
    }
    state.work.not_judged.push(reason);
}

/// Sets `FOUND`.
pub(super) fn found(state: &mut State<'_>, value: &Datum) {
    state.scope.assign("found", value.clone(), None);
}

/// The first row of a query as values; those that are not known have the shape of their type.
pub(super) fn first_row(answer: &Answer, outputs: &[Output]) -> Vec<Datum> {
    let doubt = answer.doubt();
    let width = outputs.len().max(answer.columns.len());
    match (doubt, answer.lines.first()) {
        (Some(reason), _) => (0..width).map(|place| shaped(Datum::unknown(Arc::clone(&reason)), outputs.get(place))).collect(),
        (None, Some(line)) => line.values.clone(),
        (None, None) => vec![Datum::Null; width],
    }
}

/// An unknown value of which the type says what its text can be.
pub(super) fn shaped(value: Datum, output: Option<&Output>) -> Datum {
    match (value, output.and_then(|output| output.data_type.as_ref())) {
        (Datum::Unknown(Shape::Anything, reason), Some(data_type)) => {
            let is = |names: &[&str]| names.iter().any(|name| data_type.is_builtin(name));
            let shape = match () {
                () if is(&["int2", "int4", "int8", "oid"]) => Shape::Digits,
                () if is(&["regclass", "regtype", "regnamespace"]) => Shape::Identifier,
                () => Shape::Anything,
            };
            Datum::Unknown(shape, reason)
        }
        (value, _) => value,
    }
}

/// Puts a row into variables: into one that holds rows, or one after the other.
pub(super) fn assign_row(state: &mut State<'_>, targets: &[String], values: Vec<Datum>, outputs: &[Output]) {
    let names: Vec<Name> = outputs.iter().map(|output| output.name.clone()).collect();
    if let [target] = targets {
        let slot = state.scope.slots.iter().rev().find(|slot| slot.name.as_str() == target.trim_matches('"'));
        let holds_rows = slot.is_some_and(|slot| holds_rows(&slot.data_type, &state.work.schema));
        if holds_rows {
            let columns = outputs.iter().map(|output| (output.name.clone(), output.data_type.clone())).collect();
            let row = names.into_iter().zip(values).collect();
            state.scope.assign(target, Datum::Row(row), Some(VariableType::Record(columns)));
            return;
        }
    }
    let mut values = values.into_iter();
    for target in targets {
        let value = values.next().unwrap_or(Datum::Null);
        state.scope.assign(target, value, None);
    }
}

fn holds_rows(data_type: &VariableType, schema: &crate::schema::Schema) -> bool {
    match data_type {
        VariableType::Record(_) | VariableType::Unknown | VariableType::Row(_) => true,
        VariableType::Value(data_type) => {
            matches!(data_type.identity, crate::schema::TypeIdentity::Object(id) if !data_type.array && !schema.columns(id).is_empty())
        }
    }
}

fn makes_table(query: &Query) -> bool {
    matches!(&query.body, QueryBody::Select(select) if select.into.is_some())
}

fn returns_rows(dml: &Dml) -> bool {
    match dml {
        Dml::Insert(insert) => !insert.returning.is_empty(),
        Dml::Update(update) => !update.returning.is_empty(),
        Dml::Delete(delete) => !delete.returning.is_empty(),
        Dml::Merge(merge) => !merge.returning.is_empty(),
    }
}

fn no_destination(span: Span) -> Fault {
    Fault::new("42601", "query has no destination for result data", span)
}
