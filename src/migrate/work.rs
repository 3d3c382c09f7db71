//! One statement at work: the copy of the schema it is tried on, its session, and everything that is to be told about it.
//!
//! In: the schema before. Out: the schema after with the changes found by comparing the two, or a [`Stop`].

use std::collections::BTreeSet;
use std::sync::Arc;

use super::changes::changed_kinds;
use super::found::Found;
use super::inner::{InnerLog, Started};
use super::reach::Reach;
use super::{ChangeKind, DataChange, Direction, MayFail, NotJudged, Refusal, Repetition};
use crate::lineage::{BindError, Session, Variables};
use crate::name::Name;
use crate::schema::{Address, DataType, ObjectBody, ObjectId, Schema};
use crate::sql::tree::{ObjectName, Statement, StatementKind};
use crate::text::{Sources, Span};

/// Why a statement ends early.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// The server refuses it.
    Refused(Box<Refusal>),
    /// Nobody can say what it does.
    NotJudged(Box<NotJudged>),
}

/// What comes of a part of a statement.
pub(super) type Applied<T = ()> = Result<T, Stop>;

/// The variables of the body that a statement stands in, and the types of `$1`, `$2` ….
pub(super) type Surroundings = (Variables, Vec<(Option<Name>, DataType)>);

/// One statement at work.
#[derive(Clone)]
pub(super) struct Work<'a> {
    /// The schema, changed as the statement goes on.
    pub(super) schema: Schema,
    /// The session, likewise.
    pub(super) session: Session,
    /// Whether a transaction block is open.
    pub(super) in_transaction: bool,
    /// The texts.
    pub(super) sources: &'a Sources,
    /// The part of the statement that is at work: where refusals point when nothing closer is known.
    pub(super) span: Span,
    /// What was found so far.
    pub(super) found: Vec<Found>,
    /// The statements that ran inside this one.
    pub(super) inner: InnerLog,
    /// What depends on rows.
    pub(super) may_fail: Vec<MayFail>,
    /// What was not understood.
    pub(super) not_judged: Vec<NotJudged>,
    /// The server's notices.
    pub(super) notices: Vec<String>,
    /// Labels that enums got in the open transaction block: they cannot be used in it.
    pub(super) new_labels: BTreeSet<(ObjectId, String)>,
    /// Whether the statement reaches children too: not with `ONLY`.
    pub(super) reach: Reach,
    /// The schema before the statement.
    pub(super) start: Schema,
    /// In a procedural body: what the names of a query may mean besides columns.
    pub(super) surroundings: Option<Arc<Surroundings>>,
    /// How many bodies run inside one another.
    pub(super) depth: u32,
    named: BTreeSet<Address>,
    compared: Schema,
}

impl<'a> Work<'a> {
    /// Starts on a copy.
    pub(super) fn new(schema: &Schema, session: &Session, sources: &'a Sources, span: Span) -> Self {
        Self {
            schema: schema.clone(),
            session: session.clone(),
            in_transaction: false,
            sources,
            span,
            found: Vec::new(),
            inner: InnerLog::default(),
            may_fail: Vec::new(),
            not_judged: Vec::new(),
            notices: Vec::new(),
            new_labels: BTreeSet::new(),
            reach: Reach::WithChildren,
            start: schema.clone(),
            surroundings: None,
            depth: 0,
            named: BTreeSet::new(),
            compared: schema.clone(),
        }
    }

    /// The same work on a text of another collection: a body, or a text that is run. Places that were found so far stay as they are.
    pub(super) fn with_sources<'b>(self, sources: &'b Sources, span: Span) -> Work<'b> {
        Work {
            schema: self.schema,
            session: self.session,
            in_transaction: self.in_transaction,
            sources,
            span,
            found: self.found,
            inner: self.inner,
            may_fail: self.may_fail,
            not_judged: self.not_judged,
            notices: self.notices,
            new_labels: self.new_labels.clone(),
            reach: self.reach,
            start: self.start,
            surroundings: self.surroundings,
            depth: self.depth,
            named: self.named,
            compared: self.compared,
        }
    }

    /// Takes over what came of a copy, which may have looked at another text.
    pub(super) fn take_over(&mut self, copy: Work<'_>) {
        let (sources, span, in_transaction, depth, start) = (self.sources, self.span, self.in_transaction, self.depth, self.start.clone());
        *self = Work { in_transaction, depth, start, surroundings: self.surroundings.take(), ..copy.with_sources(sources, span) };
    }

    /// Goes back to an earlier moment, or on from another: what differs is no change of the statement that is at work.
    pub(super) fn stand_at(&mut self, schema: Schema, session: Session) {
        self.compared = schema.clone();
        self.schema = schema;
        self.session = session;
    }

    /// Says that the statement speaks of this itself: its changes are direct.
    pub(super) fn name(&mut self, address: Address) {
        self.named.insert(address);
    }

    /// The same for a whole object.
    pub(super) fn name_object(&mut self, object: ObjectId) {
        self.name(Address::whole(object));
    }

    /// Remembers a statement that ran inside this one; one that only runs others is not among them, they are.
    pub(super) fn remember_inner(&mut self, started: Started, statement: &Statement, repetition: Repetition) {
        if !matches!(statement.kind, StatementKind::Do(_) | StatementKind::Call(_)) {
            self.inner.push(started, statement, self.sources.slice(statement.span), &self.schema, &self.found, repetition);
        }
    }

    /// Ends a part of the statement: what changed since the last part is written down with the part's place.
    pub(super) fn end_part(&mut self) {
        let kinds = changed_kinds(&self.compared, &self.schema);
        for kind in kinds {
            let direct = self.named.contains(&kind.address());
            let direction = if direct { Direction::Direct } else { Direction::Consequence };
            self.found.push(Found { span: self.span, direction, kind });
        }
        self.compared = self.schema.clone();
    }

    /// Adds an object in a namespace, owned by the session's role.
    pub(super) fn insert_object(&mut self, name: Name, namespace: ObjectId, body: ObjectBody) -> ObjectId {
        self.insert_in(name, Some(namespace), body)
    }

    /// The same for objects that may have no namespace.
    pub(super) fn insert_in(&mut self, name: Name, namespace: Option<ObjectId>, body: ObjectBody) -> ObjectId {
        let id = self.schema.insert(name, namespace, body);
        if let Some(role) = self.session.role.clone() {
            self.schema.update(id, |object| object.owner = Some(role));
        }
        self.give_defaults(id);
        id
    }

    /// Tells what happens to rows.
    pub(super) fn data(&mut self, object: ObjectId, change: DataChange) {
        self.found.push(Found { span: self.span, direction: Direction::Direct, kind: ChangeKind::Data(object, change) });
    }

    /// The server's refusal at the part that is at work.
    pub(super) fn refuse<T>(&self, sqlstate: &'static str, message: impl Into<String>) -> Applied<T> {
        self.refuse_at(self.span, sqlstate, message)
    }

    /// The server's refusal at a place.
    #[expect(clippy::unused_self, reason = "reads as the other ways to refuse")]
    pub(super) fn refuse_at<T>(&self, span: Span, sqlstate: &'static str, message: impl Into<String>) -> Applied<T> {
        Err(Stop::Refused(Box::new(Refusal { sqlstate, message: message.into(), detail: None, span })))
    }

    /// The server's refusal with its detail.
    pub(super) fn refuse_with<T>(&self, sqlstate: &'static str, message: impl Into<String>, detail: impl Into<String>) -> Applied<T> {
        Err(Stop::Refused(Box::new(Refusal { sqlstate, message: message.into(), detail: Some(detail.into()), span: self.span })))
    }

    /// A refusal found while names were resolved; not judged, when it is not known whether it is one.
    #[expect(clippy::unused_self, reason = "reads as the other ways to refuse")]
    pub(super) fn refuse_bound(&self, error: BindError) -> Stop {
        match error.unknown {
            Some(reason) => Stop::NotJudged(Box::new(NotJudged { reason: format!("{}: {reason}", error.message), span: error.span, touches: Vec::new() })),
            None => Stop::Refused(Box::new(Refusal { sqlstate: error.sqlstate, message: error.message, detail: None, span: error.span })),
        }
    }

    /// Ends the statement because its effect cannot be said.
    pub(super) fn unknown<T>(&self, reason: impl Into<String>, span: Span, touches: Vec<Arc<str>>) -> Applied<T> {
        Err(Stop::NotJudged(Box::new(NotJudged { reason: reason.into(), span, touches })))
    }

    /// Goes on, but says that a part was not judged, and that what it names is unknown from here on.
    pub(super) fn leave_unjudged(&mut self, reason: impl Into<String>, span: Span, touches: &[&ObjectName]) {
        let reason = reason.into();
        for touched in touches {
            self.schema.mark_unknown(touched.name.name.clone(), reason.as_str());
        }
        let touches = touches.iter().map(|name| Arc::from(name.to_string())).collect();
        self.not_judged.push(NotJudged { reason, span, touches });
    }

    /// Refuses a label that was added in the same transaction block (manual, ALTER TYPE, notes).
    pub(super) fn labels_are_usable(&self, used: &[(Span, ObjectId, String)]) -> Applied {
        for (span, id, label) in used {
            if self.new_labels.contains(&(*id, label.clone())) {
                let name = self.schema.get(*id).map_or_else(String::new, |object| object.name.to_string());
                return self.refuse_at(*span, "55P04", format!("unsafe use of new value \"{label}\" of enum type {name}"));
            }
        }
        Ok(())
    }

    /// A notice of the server.
    pub(super) fn notice(&mut self, text: impl Into<String>) {
        self.notices.push(text.into());
    }

    /// Something that depends on rows.
    pub(super) fn may_fail(&mut self, sqlstate: &'static str, condition: impl Into<String>, query: Option<String>) {
        self.may_fail.push(MayFail { sqlstate, condition: condition.into(), query, span: self.span });
    }

    /// Notes that a part was not judged and goes on with the next.
    pub(super) fn keep_going(&mut self, stop: Stop, object: &ObjectName) {
        match stop {
            Stop::NotJudged(reason) => {
                self.schema.mark_unknown(object.name.name.clone(), reason.reason.as_str());
                self.not_judged.push(*reason);
            }
            Stop::Refused(_) => {}
        }
    }
}
