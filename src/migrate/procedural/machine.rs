//! Runs a body: blocks, statements in order, and what comes of each.
//!
//! The state goes in and one or more [`Ways`] come out: one, when everything on the way can be decided. Source: manual 43 (PostgreSQL 15).

use std::cell::Cell;
use std::sync::Arc;

use super::super::Repetition;
use super::fault::Fault;
use super::ways::{Doubt, End, Moment, State, Ways};
use crate::lineage::{Binding, VariableType};
use crate::schema::ObjectId;
use crate::sql::plpgsql::{PlBlock, PlKind, PlStatement};
use crate::text::Span;

/// Statements that one run may execute, each turn of a loop counted.
const MOST_STATEMENTS: u32 = 5_000;

/// How bodies are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// PL/pgSQL: a query needs a place for its rows.
    Procedural,
    /// SQL, or a text that is run: rows may go nowhere.
    Sql,
}

/// Whether a body may end the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Atomicity {
    /// It was called at the top, outside of a transaction.
    MayCommit,
    /// It may not.
    Atomic,
}

/// A run of one body; bodies that it calls have runs of their own.
#[derive(Clone)]
pub(super) struct Machine<'m> {
    /// How many statements were run, over all bodies.
    pub(super) run: &'m Cell<u32>,
    /// The routines that are at work, the outermost first.
    pub(super) routines: Vec<ObjectId>,
    /// How it is written.
    pub(super) language: Language,
    /// Whether it may end the transaction.
    pub(super) atomicity: Atomicity,
    /// Whether what it runs is run again and again.
    pub(super) repetition: Repetition,
}

impl Machine<'_> {
    /// Whether there is still time; every statement asks.
    pub(super) fn takes_a_step(&self) -> bool {
        self.run.set(self.run.get().saturating_add(1));
        self.run.get() < MOST_STATEMENTS
    }

    /// The same run in which nothing may end the transaction.
    pub(super) fn atomic(&self) -> Self {
        Self { atomicity: Atomicity::Atomic, ..self.clone() }
    }

    /// The same run in a loop of which the turns are not counted.
    pub(super) fn repeating(&self) -> Self {
        Self { repetition: Repetition::ManyTimes, ..self.clone() }
    }

    /// A block with its declarations and handlers.
    pub(super) fn block<'a>(&self, mut state: State<'a>, block: &PlBlock) -> Ways<'a> {
        let slots = state.scope.slots.len();
        let labels = state.scope.labels.len();
        state.scope.labels.extend(block.label.as_ref().map(|label| label.name.clone()));
        for declaration in &block.declarations {
            if let Err(fault) = self.declare(&mut state, declaration) {
                return Ways::fail(fault, state);
            }
        }
        let mut ways = if block.handlers.is_empty() { self.list(state, &block.statements) } else { self.guarded(state, block) };
        for way in &mut ways.all {
            way.state.scope.slots.truncate(slots);
            way.state.scope.labels.truncate(labels);
            // `EXIT label` that means this block.
            if let End::Leave(crate::sql::plpgsql::PlLeave::Exit, Some(label)) = &way.end
                && block.label.as_ref().is_some_and(|own| own.name == *label)
            {
                way.end = End::Next;
            }
        }
        Ways { all: Vec::new() }.with(ways.all)
    }

    /// A block with handlers: what fails in it is undone, variables apart, before a handler runs (manual 43.6.8).
    fn guarded<'a>(&self, state: State<'a>, block: &PlBlock) -> Ways<'a> {
        let start = Moment::of(&state);
        let known = state.work.may_fail.len();
        let inner = self.atomic().list(state, &block.statements);
        let mut done = Ways { all: Vec::new() };
        for mut way in inner.all {
            let origin = way.origin.clone();
            let mut ended = match way.end {
                End::Fail(fault) => self.handled(way.state, &start, fault, block),
                end => {
                    // What rows decide is decided twice: it goes well, or a handler runs.
                    let caught: Vec<_> = way.state.work.may_fail.iter().skip(known).filter(|one| catches(block, one.sqlstate)).cloned().collect();
                    way.state.work.may_fail.retain(|one| !caught.contains(one));
                    let mut branches = vec![Ways::one(end, way.state.clone())];
                    let mut doubt = None;
                    for one in caught {
                        doubt.get_or_insert(Doubt { reason: Arc::from(format!("an error that rows decide is caught: {}", one.condition)), span: one.span });
                        let message = format!("not so: {}", one.condition);
                        let fault = Fault::new(one.sqlstate, message, one.span);
                        branches.push(self.handled(way.state.clone(), &start, fault, block));
                    }
                    match doubt {
                        Some(doubt) => Ways::several(branches, &start, &doubt),
                        None => Ways { all: branches.into_iter().flat_map(|ways| ways.all).collect() },
                    }
                }
            };
            for one in &mut ended.all {
                one.origin = one.origin.take().or_else(|| origin.clone());
            }
            done = done.with(ended.all);
        }
        done
    }

    /// What the first handler does that catches an error.
    fn handled<'a>(&self, mut state: State<'a>, start: &Moment, fault: Fault, block: &PlBlock) -> Ways<'a> {
        let Some(handler) = block.handlers.iter().find(|handler| fault.is_caught_by(&handler.conditions)) else {
            return Ways::fail(fault, state);
        };
        start.restore(&mut state);
        let outer = state.caught.replace(Fault { unless: None, ..fault.clone() });
        let slots = state.scope.slots.len();
        let text = VariableType::Value(crate::schema::DataType::builtin("text"));
        for (name, value) in [("sqlstate", Arc::clone(&fault.code)), ("sqlerrm", Arc::from(fault.refusal.message.as_str()))] {
            state.scope.declare(crate::name::Name::stored(name), text.clone(), super::value::Datum::Text(value));
        }
        let mut ways = self.list(state, &handler.statements);
        for way in &mut ways.all {
            way.state.caught.clone_from(&outer);
            way.state.scope.slots.truncate(slots);
        }
        ways
    }

    /// Statements in order.
    pub(super) fn list<'a>(&self, mut state: State<'a>, statements: &[PlStatement]) -> Ways<'a> {
        let mut ended = Vec::new();
        let mut origin = None;
        for statement in statements {
            let (next, others) = self.statement(state, statement).split();
            ended.extend(others);
            match next {
                Some(way) => {
                    state = way.state;
                    origin = origin.or(way.origin);
                }
                None => return Ways { all: Vec::new() }.with(ended),
            }
        }
        let mut last = Ways::next(state);
        for way in &mut last.all {
            way.origin.clone_from(&origin);
        }
        last.with(ended)
    }

    fn statement<'a>(&self, mut state: State<'a>, statement: &PlStatement) -> Ways<'a> {
        state.work.span = statement.span;
        if !self.takes_a_step() {
            return give_up(state, "it runs too long to be followed", statement.span);
        }
        match &statement.kind {
            PlKind::Block(block) => self.block(state, block),
            PlKind::Sql(sql, into) => self.sql(state, sql, into),
            PlKind::Perform(query) => self.perform(state, query, statement.span),
            PlKind::Execute(execute) => self.execute(state, execute, statement.span),
            PlKind::Assign(target, value) => self.assign(state, target, value),
            PlKind::If { branches, otherwise } => self.conditional(state, branches, otherwise),
            PlKind::Case { operand, branches, otherwise } => self.case(state, operand.as_ref(), branches, otherwise.as_deref(), statement.span),
            PlKind::Loop { label, over, statements } => self.run_loop(state, label.as_ref(), over, statements, statement.span),
            PlKind::Leave { how, label, when } => self.leave(state, *how, label.as_ref(), when.as_ref()),
            PlKind::Return { value, leaves } => self.give_back(state, value.as_ref(), *leaves),
            PlKind::ReturnQuery(query) | PlKind::OpenQuery(query) => self.perform(state, query, statement.span),
            PlKind::ReturnExecute(execute) | PlKind::OpenExecute(execute) => self.execute(state, execute, statement.span),
            PlKind::Raise { fails, what, values, options } => self.raise(state, *fails, what, values, options, statement.span),
            PlKind::Assert(condition) => self.assert(state, condition),
            PlKind::Receive(targets) => {
                for target in targets {
                    state.scope.assign(target, super::value::Datum::unknown("what the server tells is not known"), None);
                }
                Ways::next(state)
            }
            PlKind::Nothing(_) => Ways::next(state),
            PlKind::Unread(unread) => {
                let touched: Vec<_> = unread.mentions.iter().collect();
                let reason = format!("this statement was not understood: {}", unread.message);
                state.work.leave_unjudged(reason, unread.span, &touched);
                Ways::next(state)
            }
        }
    }

    /// What a binding of a condition or value says: the refusal, when the server would refuse it.
    pub(super) fn refusal_of(binding: &Binding) -> Option<Fault> {
        let error = binding.errors.iter().find(|error| error.unknown.is_none())?;
        Some(Fault::new(error.sqlstate, error.message.clone(), error.span))
    }
}

fn catches(block: &PlBlock, code: &str) -> bool {
    block.handlers.iter().any(|handler| super::fault::is_caught(code, &handler.conditions))
}

/// Goes on with nothing known: everything may be other than the model has it.
pub(super) fn give_up<'a>(mut state: State<'a>, reason: impl Into<String>, span: Span) -> Ways<'a> {
    state.work.leave_unjudged(reason, span, &[]);
    Ways::next(state)
}
