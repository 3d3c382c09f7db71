//! The ways that a body can take where a condition is not known, and how they come together again.
//!
//! Each way is run on a copy. Ways that end alike are one again: where they agree, nothing is lost; what they do differently is unknown from
//! there on, and only that.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::changes::changed_kinds;
use super::super::found::Found;
use super::super::work::Work;
use super::super::{ChangeKind, NotJudged};
use super::fault::Fault;
use super::scope::Scope;
use super::value::Datum;
use crate::lineage::Session;
use crate::name::Name;
use crate::schema::{ObjectBody, ObjectId, Schema};
use crate::sql::plpgsql::PlLeave;
use crate::text::Span;

/// A body at work.
#[derive(Clone)]
pub(super) struct State<'a> {
    /// The schema, the session and what was found.
    pub(super) work: Work<'a>,
    /// The variables.
    pub(super) scope: Scope,
    /// What was given back last.
    pub(super) returned: Datum,
    /// What the innermost handler caught.
    pub(super) caught: Option<Fault>,
    /// Whether a setting of the session was changed for longer than the transaction.
    pub(super) set_session: bool,
}

/// How a way ends.
#[derive(Clone, Debug)]
pub(super) enum End {
    /// It goes on with the next statement.
    Next,
    /// It leaves a loop or block, or a turn of a loop.
    Leave(PlLeave, Option<Name>),
    /// It leaves the body.
    Return,
    /// It fails.
    Fail(Fault),
}

impl End {
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Next, Self::Next) | (Self::Return, Self::Return) => true,
            (Self::Leave(how, label), Self::Leave(other_how, other_label)) => how == other_how && label == other_label,
            (Self::Fail(fault), Self::Fail(other)) => fault.code == other.code && fault.refusal.span == other.refusal.span,
            _ => false,
        }
    }
}

/// A moment that ways have in common.
#[derive(Clone)]
pub(super) struct Moment {
    schema: Schema,
    session: Session,
    found: usize,
}

impl Moment {
    /// Where a state stands.
    pub(super) fn of(state: &State<'_>) -> Self {
        Self { schema: state.work.schema.clone(), session: state.work.session.clone(), found: state.work.found.len() }
    }

    /// Takes a state back to it, but not the variables, which keep what they hold (measured on 15).
    pub(super) fn restore(&self, state: &mut State<'_>) {
        state.work.stand_at(self.schema.clone(), self.session.clone());
        state.work.found.truncate(self.found);
    }
}

/// One way.
pub(super) struct Way<'a> {
    /// How it ends.
    pub(super) end: End,
    /// Where it stands then.
    pub(super) state: State<'a>,
    /// Where it left the others.
    pub(super) origin: Option<(Moment, Doubt)>,
}

/// What could not be decided.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    /// Why.
    pub(super) reason: Arc<str>,
    /// Where.
    pub(super) span: Span,
}

/// All ways that one statement can take.
pub(super) struct Ways<'a> {
    /// One for each kind of end.
    pub(super) all: Vec<Way<'a>>,
}

impl<'a> Ways<'a> {
    /// There is only one.
    pub(super) fn one(end: End, state: State<'a>) -> Self {
        Self { all: vec![Way { end, state, origin: None }] }
    }

    /// It goes on.
    pub(super) fn next(state: State<'a>) -> Self {
        Self::one(End::Next, state)
    }

    /// It fails.
    pub(super) fn fail(fault: Fault, state: State<'a>) -> Self {
        Self::one(End::Fail(fault), state)
    }

    /// Several ways, all from one moment, of which nobody knows which is taken.
    pub(super) fn several(ways: impl IntoIterator<Item = Ways<'a>>, origin: &Moment, doubt: &Doubt) -> Self {
        let mut all = Vec::new();
        for way in ways.into_iter().flat_map(|ways| ways.all) {
            let earlier = way.origin.filter(|(own, _)| own.found < origin.found);
            add(&mut all, Way { end: way.end, state: way.state, origin: earlier.or_else(|| Some((origin.clone(), doubt.clone()))) });
        }
        Self { all }
    }

    /// Adds ways that ended earlier.
    pub(super) fn with(mut self, earlier: Vec<Way<'a>>) -> Self {
        for way in earlier {
            add(&mut self.all, way);
        }
        self
    }

    /// Splits off the way that goes on.
    pub(super) fn split(self) -> (Option<Way<'a>>, Vec<Way<'a>>) {
        let (mut next, others): (Vec<_>, Vec<_>) = self.all.into_iter().partition(|way| matches!(way.end, End::Next));
        (next.pop(), others)
    }
}

fn add<'a>(all: &mut Vec<Way<'a>>, way: Way<'a>) {
    match all.iter().position(|own| own.end.is_like(&way.end)) {
        Some(place) => {
            let own = all.swap_remove(place);
            all.push(together(own, way));
        }
        None => all.push(way),
    }
}

/// Two ways that end alike, as one.
fn together<'a>(a: Way<'a>, b: Way<'a>) -> Way<'a> {
    let inner = a.state.work.inner.joined(&b.state.work.inner);
    if matches!(a.end, End::Fail(_)) {
        let mut a = a;
        a.state.work.inner = inner;
        return a;
    }
    let origin = match (a.origin, b.origin) {
        (Some(a), Some(b)) => Some(if b.0.found < a.0.found { b } else { a }),
        (a, b) => a.or(b),
    };
    let doubt = match &origin {
        Some((_, doubt)) => doubt.clone(),
        None => Doubt { reason: Arc::from("which way is taken is not known"), span: a.state.work.span },
    };
    let (mut state, other) = (a.state, b.state);
    state.work.inner = inner;
    let common = origin.as_ref().map_or(0, |(origin, _)| origin.found);
    let differing = changed_kinds(&state.work.schema, &other.work.schema);
    take_over(&mut state.work, &other.work, common, differing.is_empty());
    if differing.is_empty() {
        for (id, empty) in emptied(&state.work.schema, &other.work.schema) {
            state.work.schema.update_table(id, |table| table.known_empty = empty);
        }
    } else {
        let base = origin.as_ref().map_or_else(|| state.work.schema.clone(), |(origin, _)| origin.schema.clone());
        let session = state.work.session.clone();
        let mut touched = touched_names(&base, &state.work.schema);
        touched.extend(touched_names(&base, &other.work.schema));
        let mut base = base;
        base.share_doubts(&state.work.schema);
        for name in &touched {
            base.mark_unknown(name.clone(), Arc::clone(&doubt.reason));
        }
        state.work.stand_at(base, session);
        let touches = touched.iter().map(|name| Arc::from(name.as_str())).collect();
        state.work.not_judged.push(NotJudged { reason: doubt.reason.to_string(), span: doubt.span, touches });
    }
    let mut schema = state.work.schema.clone();
    schema.share_doubts(&other.work.schema);
    if state.work.session != other.work.session {
        let reason = format!("whether the settings of the session change is not known: {}", doubt.reason);
        state.work.not_judged.push(NotJudged { reason, span: doubt.span, touches: Vec::new() });
    }
    let session = state.work.session.clone();
    state.work.stand_at(schema, session);
    state.scope.forget_differences(&other.scope, &doubt.reason);
    if state.returned != other.returned {
        state.returned = Datum::unknown(Arc::clone(&doubt.reason));
    }
    state.set_session |= other.set_session;
    Way { end: a.end, state, origin }
}

/// What was found on the other way: what happens to rows may happen; changes of the schema only count when both ways make them.
fn take_over(work: &mut Work<'_>, other: &Work<'_>, common: usize, agrees: bool) {
    let is_of_rows = |found: &Found| matches!(found.kind, ChangeKind::Data(..));
    if !agrees {
        let kept = work.found.drain(..).enumerate().filter(|(place, found)| *place < common || is_of_rows(found)).map(|(_, found)| found).collect();
        work.found = kept;
    }
    for found in other.found.iter().skip(common).filter(|found| is_of_rows(found)) {
        let known = work.found.iter().any(|own| own.span == found.span && own.kind.address() == found.kind.address() && own.kind.word() == found.kind.word());
        if !known {
            work.found.push(found.clone());
        }
    }
    for one in &other.may_fail {
        if !work.may_fail.contains(one) {
            work.may_fail.push(one.clone());
        }
    }
    for one in &other.not_judged {
        if !work.not_judged.contains(one) {
            work.not_judged.push(one.clone());
        }
    }
    for one in &other.notices {
        if !work.notices.contains(one) {
            work.notices.push(one.clone());
        }
    }
}

/// Tables that one way leaves known to be empty and the other does not.
fn emptied(a: &Schema, b: &Schema) -> Vec<(ObjectId, bool)> {
    let pairs = a.changed_since(b).filter_map(|(was, is)| Some((was?, is?)));
    let tables = pairs.filter_map(|(was, is)| match (&was.body, &is.body) {
        (ObjectBody::Table(was), ObjectBody::Table(now)) if was.known_empty != now.known_empty => Some((is.id, false)),
        _ => None,
    });
    tables.collect()
}

/// The names of everything that differs between two moments, and of the tables that it hangs on.
pub(super) fn touched_names(before: &Schema, after: &Schema) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for (was, is) in after.changed_since(before) {
        for (object, schema) in [(was, before), (is, after)] {
            let Some(object) = object else { continue };
            if matches!((was, is), (Some(a), Some(b)) if only_rows_differ(&a.body, &b.body, a == b)) {
                continue;
            }
            names.insert(object.name.clone());
            let table = match &object.body {
                ObjectBody::Index(index) => Some(index.table),
                ObjectBody::Constraint(constraint) => Some(constraint.owner),
                ObjectBody::Trigger(trigger) => trigger.table,
                ObjectBody::Policy(policy) => Some(policy.table),
                ObjectBody::Rule(rule) => Some(rule.table),
                ObjectBody::Other(other) => other.table,
                ObjectBody::Schema
                | ObjectBody::Table(_)
                | ObjectBody::View(_)
                | ObjectBody::Sequence(_)
                | ObjectBody::Type(_)
                | ObjectBody::Function(_)
                | ObjectBody::Extension(_) => None,
            };
            names.extend(table.and_then(|table| schema.get(table)).map(|table| table.name.clone()));
        }
    }
    names
}

fn only_rows_differ(a: &ObjectBody, b: &ObjectBody, same: bool) -> bool {
    match (a, b) {
        (ObjectBody::Table(a), ObjectBody::Table(b)) if a.known_empty != b.known_empty => {
            let mut twin = a.clone();
            twin.known_empty = b.known_empty;
            twin == *b
        }
        _ => same,
    }
}
