//! Where bodies come in: `DO`, `CALL`, and routines that a statement of the migration calls.

use std::cell::Cell;

use super::super::apply::After;
use super::super::settings::Lifetime;
use super::super::work::{Applied, Stop, Work};
use super::super::{MayFail, NotJudged, Repetition};
use super::execute::{Marks, excerpt, inside};
use super::machine::{Atomicity, Language, Machine};
use super::routine::volatile_routines;
use super::scope::Scope;
use super::value::Datum;
use super::ways::{End, State, Way, Ways};
use crate::lineage::{VariableType, bind_statement};
use crate::name::Name;
use crate::schema::{DataType, ObjectId};
use crate::sql::plpgsql::{PlBlock, read};
use crate::sql::tree::{Call, CodeBlock, Query, Statement, Unread};
use crate::text::{Sources, Span};

/// Routines that may be called, and where.
pub(super) struct Calls {
    /// Each with the place of its call.
    pub(super) called: Vec<(Span, ObjectId)>,
    /// The statement.
    pub(super) span: Span,
}

impl Work<'_> {
    /// `DO $$ … $$`.
    pub(in super::super) fn run_block(&mut self, block: &CodeBlock) -> Applied<After> {
        let span = self.span;
        if matches!(block.language.as_str(), "sql" | "c" | "internal") && self.schema.dialect.built_ins.is_some() {
            return self.refuse("0A000", format!("language \"{}\" does not support inline code execution", block.language));
        }
        if block.language != "plpgsql" {
            self.leave_unjudged(format!("what this block of {} does is not read", block.language), span, &[]);
            return Ok(After::Nothing);
        }
        let dialect = self.schema.dialect;
        if block.verbatim {
            return match read(self.sources, block.span, dialect) {
                Ok(body) => self.follow(span, |machine, state| machine.body_of(state, &body)),
                Err(unread) => Ok(self.leave_unread(&unread, unread.span)),
            };
        }
        // A body in plain quotes has other bytes than the file: its places are those of the whole block.
        let mut sources = Sources::default();
        let source = sources.add("block", block.body.as_str());
        match read(&sources, sources.whole(source), dialect) {
            Ok(body) => self.follow(span, |machine, state| {
                let (marks, outer) = (Marks::of(&state), state.work.sources);
                let told = |at: Span| format!("in the block: `{}`", excerpt(sources.slice(at)));
                let ways = machine.body_of(inside(state, &sources, span), &body);
                Ways { all: ways.all.into_iter().map(|way| marks.outside(way, outer, span, &told)).collect() }
            }),
            Err(unread) => Ok(self.leave_unread(&unread, span)),
        }
    }

    fn leave_unread(&mut self, unread: &Unread, span: Span) -> After {
        let touched: Vec<_> = unread.mentions.iter().collect();
        self.leave_unjudged(format!("this block was not understood: {}", unread.message), span, &touched);
        After::Nothing
    }

    /// `CALL p(…)`.
    pub(in super::super) fn call_procedure(&mut self, statement: &Statement, call: &Call) -> Applied<After> {
        let binding = bind_statement(&self.schema, &self.session, statement);
        let known = volatile_routines(&State::new(self.clone()), &binding);
        let bare = &call.name.name.name;
        let has_routine = self.schema.objects().any(|object| object.name == *bare && matches!(object.body, crate::schema::ObjectBody::Function(_)));
        if has_routine && let Some(error) = binding.errors.first() {
            return Err(self.refuse_bound(error.clone()));
        }
        let Some((_, id)) = known.first().copied() else {
            // `EXECUTE name` and `PREPARE` are read as calls too: what they run is not a procedure.
            let span = self.span;
            self.leave_unjudged(format!("what the procedure `{}` does is not read", call.name), span, &[]);
            return Ok(After::Nothing);
        };
        let span = self.span;
        self.follow(span, |machine, state| {
            let arguments = machine.arguments(&state, id, call);
            machine.routine(state, id, arguments, span)
        })
    }

    /// The routines that a query of the migration calls.
    pub(in super::super) fn run_calls(&mut self, statement: &Statement, query: &Query) -> Applied {
        let binding = match &self.surroundings {
            // In a body the calls were followed already.
            Some(_) => return Ok(()),
            None => bind_statement(&self.schema, &self.session, statement),
        };
        if volatile_routines(&State::new(self.clone()), &binding).is_empty() {
            return Ok(());
        }
        let span = self.span;
        self.follow(span, |machine, state| machine.atomic().calls_in_query(state, &binding, query, span)).map(|_| ())
    }

    /// Runs routines that may be called, any number of times.
    pub(super) fn run_perhaps(&mut self, calls: &Calls) -> Applied {
        self.follow(calls.span, |machine, state| machine.atomic().perhaps(state, &calls.called)).map(|_| ())
    }

    /// Runs something on a copy and takes over what comes of it.
    fn follow(&mut self, span: Span, run: impl for<'a> FnOnce(&Machine<'_>, State<'a>) -> Ways<'a>) -> Applied<After> {
        let statements = Cell::new(0);
        let atomicity = if self.in_transaction { Atomicity::Atomic } else { Atomicity::MayCommit };
        let machine = Machine { run: &statements, routines: Vec::new(), language: Language::Procedural, atomicity, repetition: Repetition::Once };
        let mut state = State::new(self.clone());
        state.work.depth += 1;
        state.work.in_transaction = true;
        let ways = run(&machine, state);
        let mut faults = Vec::new();
        let mut rest = Ways { all: Vec::new() };
        for way in ways.all {
            match way.end {
                End::Fail(fault) => faults.push(fault),
                _ => rest = rest.with(vec![Way { end: End::Return, ..way }]),
            }
        }
        let Some(way) = rest.all.pop() else {
            return Err(match faults.into_iter().next() {
                Some(fault) => Stop::Refused(Box::new(fault.refusal)),
                None => Stop::NotJudged(Box::new(NotJudged { reason: String::from("what this does is not known"), span, touches: Vec::new() })),
            });
        };
        let set_session = way.state.set_session;
        self.take_over(way.state.work);
        for fault in faults {
            let (condition, query) = fault.unless.unwrap_or_else(|| (String::from("this is not reached"), None));
            let condition = format!("{condition} (else it fails: {})", fault.refusal.message);
            self.may_fail.push(MayFail { sqlstate: fault.refusal.sqlstate, condition, query, span: fault.refusal.span });
        }
        Ok(if set_session { After::Setting(Lifetime::Session) } else { After::Nothing })
    }
}

impl<'a> State<'a> {
    /// A body in which nothing has happened yet.
    pub(super) fn new(work: Work<'a>) -> Self {
        let mut scope = Scope::default();
        scope.declare(Name::stored("found"), VariableType::Value(DataType::builtin("bool")), Datum::Boolean(false));
        Self { work, scope, returned: Datum::Null, caught: None, set_session: false }
    }
}

impl Machine<'_> {
    fn body_of<'a>(&self, mut state: State<'a>, body: &PlBlock) -> Ways<'a> {
        state.scope.conflict = body.conflict;
        state.scope.labels.push(Name::stored("inline_code_block"));
        self.block(state, body)
    }
}
