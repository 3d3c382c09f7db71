//! A schema that statements are applied to, with its session and its transactions.
//!
//! In: a schema, statements in order. Out: for each an [`Outcome`]; a refused statement leaves the schema as it was.
//! What a statement does is in the file of its subject; this file only keeps time: transactions, savepoints, `SET LOCAL`.

use std::collections::BTreeSet;

use super::apply::After;
use super::found::Found;
use super::settings::Lifetime;
use super::work::{Stop, Work};
use super::written::Written;
use super::{Change, ChangeId, Outcome, Refusal, StatementId};
use crate::lineage::Session;
use crate::name::Name;
use crate::schema::{ObjectId, Schema};
use crate::sql::tree::{Deferrability, Statement, StatementKind, Transaction};
use crate::text::{Sources, Span};

/// A moment to go back to.
#[derive(Clone, Debug)]
struct Moment {
    schema: Schema,
    session: Session,
}

/// An open transaction block.
#[derive(Clone, Debug)]
struct Block {
    start: Moment,
    /// What the session is when the block commits: without what is only `LOCAL`.
    lasting: Session,
    savepoints: Vec<(Name, Moment)>,
    failed: bool,
    /// `READ ONLY`: nothing but temporary rows is written in it.
    reads_only: bool,
    /// Labels that enums got in it.
    new_labels: BTreeSet<(ObjectId, String)>,
}

/// Statements applied one after the other.
#[derive(Clone, Debug)]
pub struct Simulation {
    schema: Schema,
    session: Session,
    block: Option<Block>,
    next_change: u32,
}

impl Simulation {
    /// Starts with a schema and a session, outside of any transaction.
    pub fn new(schema: Schema, session: Session) -> Self {
        Self { schema, session, block: None, next_change: 0 }
    }

    /// The schema now.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The session now.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The same schema in a new connection: temporary objects are gone.
    #[must_use]
    pub fn with_new_session(mut self, session: Session) -> Self {
        if let Some(temporary) = self.session.temporary {
            self.schema.drop_temporary(temporary);
        }
        self.session = session;
        self
    }

    /// Goes on in a transaction block in which a statement was refused, as if it had not been there: for reading descriptions, not for judging migrations.
    pub(super) fn forgive(&mut self) {
        if let Some(block) = &mut self.block {
            block.failed = false;
        }
    }

    /// Whether a transaction block is open.
    pub fn is_in_transaction(&self) -> bool {
        self.block.is_some()
    }

    /// Opens a transaction block, as `BEGIN` does; nothing happens when one is open.
    pub fn begin(&mut self) {
        if self.block.is_none() {
            let start = Moment { schema: self.schema.clone(), session: self.session.clone() };
            let lasting = self.session.clone();
            self.block = Some(Block { start, lasting, savepoints: Vec::new(), failed: false, reads_only: false, new_labels: BTreeSet::new() });
        }
    }

    /// Ends the transaction block: a failed one is undone.
    pub fn commit(&mut self) {
        let Some(block) = self.block.take() else { return };
        if block.failed {
            self.schema = block.start.schema;
            self.session = block.start.session;
        } else {
            self.session = Session { temporary: self.session.temporary, ..block.lasting };
            // A table that was truncated is open to other writers again.
            let is_filled = |id: ObjectId| block.start.schema.table(id).is_some_and(|table| !table.known_empty);
            let emptied = self.schema.objects().filter(|object| self.schema.table(object.id).is_some_and(|table| table.known_empty) && is_filled(object.id));
            for table in emptied.map(|object| object.id).collect::<Vec<_>>() {
                self.schema.update_table(table, |table| table.known_empty = false);
            }
        }
    }

    /// Undoes the transaction block.
    pub fn rollback(&mut self) {
        let Some(block) = self.block.take() else { return };
        self.schema = block.start.schema;
        self.session = block.start.session;
    }

    /// Applies one statement.
    pub fn apply(&mut self, id: StatementId, statement: &Statement, sources: &Sources) -> Outcome {
        if let StatementKind::Transaction(transaction) = &statement.kind {
            let outcome = self.transaction(transaction, statement.span);
            self.note_modes(transaction, sources.slice(statement.span));
            return outcome;
        }
        if self.block.as_ref().is_some_and(|block| block.failed) && !matches!(statement.kind, StatementKind::MetaCommand(_)) {
            return refused("25P02", "current transaction is aborted, commands ignored until end of transaction block", statement.span);
        }
        if self.block.as_ref().is_some_and(|block| block.reads_only) && self.writes(&statement.kind) {
            if let Some(block) = &mut self.block {
                block.failed = true;
            }
            return refused("25006", "cannot execute this in a read-only transaction", statement.span);
        }
        let mut work = Work::new(&self.schema, &self.session, sources, statement.span);
        work.in_transaction = self.block.is_some();
        if let Some(block) = &self.block {
            work.new_labels = block.new_labels.clone();
        }
        let result = work.apply(statement);
        work.span = statement.span;
        work.end_part();
        let Work { schema, session, found, inner, may_fail, not_judged, notices, new_labels, .. } = work;
        let mut outcome = Outcome { may_fail, not_judged, notices, ..Outcome::default() };
        match result {
            Ok(after) => {
                self.schema = schema;
                if let Some(block) = &mut self.block {
                    block.new_labels = new_labels;
                }
                self.keep_session(session, after);
                outcome.changes = self.numbered(id, found);
                outcome.inner = inner.told(id, &outcome.changes);
            }
            Err(Stop::Refused(refusal)) => {
                outcome.may_fail.clear();
                outcome.refusal = Some(*refusal);
                if let Some(block) = &mut self.block {
                    block.failed = true;
                }
            }
            Err(Stop::NotJudged(reason)) => {
                for name in &reason.touches {
                    let bare = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
                    self.schema.mark_unknown(Name::stored(bare), reason.reason.as_str());
                }
                outcome.inner = inner.told(id, &[]);
                outcome.not_judged.push(*reason);
            }
        }
        outcome
    }

    /// `SET CONSTRAINTS a, b DEFERRED`: each is there, and can be deferred (AfterTriggerSetState).
    fn constraints_can_be_set(&self, words: &str) -> Result<(), (&'static str, String)> {
        let written = Written::of(words, self.schema.dialect);
        let Some(mut place) = written.after(&["set", "constraints"]).filter(|place| *place == 2 && self.schema.dialect.built_ins.is_some()) else {
            return Ok(());
        };
        let defers = written.words().last().is_some_and(|word| word.is("deferred"));
        while let Some((name, next)) = written.name_at(place) {
            if written.at(place).is_some_and(|word| word.is("all")) {
                return Ok(());
            }
            let namespaces = match &name.schema {
                Some(schema) => self.schema.namespace(schema).into_iter().collect(),
                None => self.session.namespaces(&self.schema),
            };
            let of = |namespace: &ObjectId| -> Vec<bool> {
                let all = self.schema.objects().filter(|object| object.namespace == Some(*namespace) && object.name == name.name);
                all.filter_map(|object| self.schema.constraint(object.id)).map(|own| own.deferrability != Deferrability::NotDeferrable).collect()
            };
            let found: Vec<bool> = namespaces.iter().map(of).find(|found| !found.is_empty()).unwrap_or_default();
            if found.is_empty() {
                return Err(("42704", format!("constraint \"{}\" does not exist", name.name)));
            }
            if defers && found.contains(&false) {
                return Err(("42809", format!("constraint \"{}\" is not deferrable", name.name)));
            }
            place = next;
            if written.at(place).is_some_and(|word| word.text() == ",") { place += 1 } else { break }
        }
        Ok(())
    }

    /// `READ ONLY` and `READ WRITE` of a transaction.
    fn note_modes(&mut self, transaction: &Transaction, text: &str) {
        let upper = text.to_ascii_uppercase();
        let words: Vec<&str> = upper.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
        let says = |wanted: [&str; 2]| words.windows(2).any(|pair| pair == wanted);
        let sets = matches!(transaction, Transaction::Begin) || says(["SET", "TRANSACTION"]) || says(["LOCAL", "TRANSACTION"]);
        if let Some(block) = self.block.as_mut().filter(|_| sets && self.schema.dialect.built_ins.is_some()) {
            block.reads_only = !says(["READ", "WRITE"]) && (block.reads_only || says(["READ", "ONLY"]));
        }
    }

    /// What a transaction that only reads does not take (PreventCommandIfReadOnly); rows of temporary tables may be written.
    fn writes(&self, kind: &StatementKind) -> bool {
        match kind {
            StatementKind::CreateTable(_)
            | StatementKind::CreateTableAs(_)
            | StatementKind::AlterTable(_)
            | StatementKind::CreateView(_)
            | StatementKind::AlterView(_)
            | StatementKind::RefreshView(_)
            | StatementKind::CreateIndex(_)
            | StatementKind::AlterIndex(_)
            | StatementKind::CreateSequence(_)
            | StatementKind::AlterSequence(_)
            | StatementKind::CreateSchema(_)
            | StatementKind::CreateType(_)
            | StatementKind::CreateDomain(_)
            | StatementKind::CreateFunction(_)
            | StatementKind::CreateTrigger(_)
            | StatementKind::CreatePolicy(_)
            | StatementKind::CreateExtension(_)
            | StatementKind::AlterObject(_)
            | StatementKind::Drop(_)
            | StatementKind::Comment(_)
            | StatementKind::Grant(_)
            | StatementKind::AlterDefaultPrivileges(_)
            | StatementKind::CreateOther { .. } => true,
            StatementKind::Dml(_) | StatementKind::Truncate { .. } => self.session.temporary.is_none(),
            StatementKind::Copy(_)
            | StatementKind::Query(_)
            | StatementKind::Session(_)
            | StatementKind::Transaction(_)
            | StatementKind::Do(_)
            | StatementKind::Call(_)
            | StatementKind::Lock { .. }
            | StatementKind::Maintenance(_)
            | StatementKind::AlterSystem
            | StatementKind::MetaCommand(_)
            | StatementKind::NoEffect { .. }
            | StatementKind::Unread(_) => false,
        }
    }

    fn keep_session(&mut self, session: Session, after: After) {
        if let Some(block) = &mut self.block
            && after == After::Setting(Lifetime::Session)
        {
            block.lasting = session.clone();
        }
        // `SET LOCAL` outside of a block is over with its own statement (manual, SET).
        if self.block.is_none() && after == After::Setting(Lifetime::Transaction) {
            return;
        }
        self.session = session;
    }

    fn numbered(&mut self, statement: StatementId, found: Vec<Found>) -> Vec<Change> {
        let mut changes = Vec::with_capacity(found.len());
        for Found { span, direction, kind } in found {
            changes.push(Change { id: ChangeId(self.next_change), statement, span, direction, kind });
            self.next_change = self.next_change.saturating_add(1);
        }
        changes
    }

    fn transaction(&mut self, transaction: &Transaction, span: Span) -> Outcome {
        let no_block = |what: &str| refused("25P01", format!("{what} can only be used in transaction blocks"), span);
        let is_failed = self.block.as_ref().is_some_and(|block| block.failed);
        if is_failed && matches!(transaction, Transaction::Begin | Transaction::Mode(_)) {
            return refused("25P02", "current transaction is aborted, commands ignored until end of transaction block", span);
        }
        match transaction {
            Transaction::Begin => {
                let mut outcome = Outcome::default();
                if self.block.is_some() {
                    outcome.notices.push(String::from("there is already a transaction in progress"));
                }
                self.begin();
                return outcome;
            }
            Transaction::Commit => self.commit(),
            Transaction::Rollback => self.rollback(),
            Transaction::CommitAndChain | Transaction::RollbackAndChain if self.block.is_none() => {
                return no_block(if *transaction == Transaction::CommitAndChain { "COMMIT AND CHAIN" } else { "ROLLBACK AND CHAIN" });
            }
            Transaction::CommitAndChain => {
                self.commit();
                self.begin();
            }
            Transaction::RollbackAndChain => {
                self.rollback();
                self.begin();
            }
            Transaction::Mode(words) => {
                if let Err((sqlstate, message)) = self.constraints_can_be_set(words) {
                    if let Some(block) = &mut self.block {
                        block.failed = true;
                    }
                    return refused(sqlstate, message, span);
                }
            }
            Transaction::Savepoint(name) => {
                let now = Moment { schema: self.schema.clone(), session: self.session.clone() };
                let Some(block) = &mut self.block else { return no_block("SAVEPOINT") };
                if block.failed {
                    return refused("25P02", "current transaction is aborted, commands ignored until end of transaction block", span);
                }
                block.savepoints.push((name.name.clone(), now));
            }
            Transaction::Release(name) => {
                let Some(block) = &mut self.block else { return no_block("RELEASE SAVEPOINT") };
                match block.savepoints.iter().rposition(|(own, _)| *own == name.name) {
                    Some(position) => block.savepoints.truncate(position),
                    None => return refused("3B001", format!("savepoint \"{name}\" does not exist"), name.span),
                }
            }
            Transaction::RollbackTo(name) => {
                let Some(block) = &mut self.block else { return no_block("ROLLBACK TO SAVEPOINT") };
                let Some(position) = block.savepoints.iter().rposition(|(own, _)| *own == name.name) else {
                    return refused("3B001", format!("savepoint \"{name}\" does not exist"), name.span);
                };
                block.failed = false;
                block.savepoints.truncate(position + 1);
                if let Some((_, moment)) = block.savepoints.last().cloned() {
                    self.schema = moment.schema;
                    self.session = moment.session;
                }
            }
        }
        Outcome::default()
    }
}

fn refused(sqlstate: &'static str, message: impl Into<String>, span: Span) -> Outcome {
    let refusal = Refusal { sqlstate, message: message.into(), detail: None, span };
    Outcome { refusal: Some(refusal), ..Outcome::default() }
}
