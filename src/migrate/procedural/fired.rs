//! What a writing statement runs besides itself: the functions that it calls, and the triggers of the table that it writes to.
//!
//! How often each is called, and with what, rows decide. So what they do is followed for the statements in them, which take locks, and not for
//! their outcome: only when one would change the schema the rest is unknown. Triggers of tables that a trigger writes to are not followed.

use super::super::work::{Applied, Work};
use super::routine::volatile_routines;
use super::start::Calls;
use super::ways::{State, touched_names};
use crate::lineage::{bind_statement, bind_statement_among};
use crate::schema::{ObjectBody, ObjectId, Trigger};
use crate::sql::tree::{ConflictAction, Dml, Statement, TriggerEvent, TriggerState};
use crate::text::Span;

/// Bodies inside one another up to which triggers fire.
const DEEPEST: u32 = 1;

/// What fires a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Firing {
    Insert,
    Update,
    Delete,
    Truncate,
}

impl Firing {
    fn is(self, event: &TriggerEvent) -> bool {
        match event {
            TriggerEvent::Insert => self == Self::Insert,
            TriggerEvent::Update(_) => self == Self::Update,
            TriggerEvent::Delete => self == Self::Delete,
            TriggerEvent::Truncate => self == Self::Truncate,
            TriggerEvent::Command(_) => false,
        }
    }

    fn all_of(dml: &Dml) -> Vec<Self> {
        match dml {
            Dml::Insert(insert) => {
                let updates = insert.on_conflict.as_ref().is_some_and(|conflict| matches!(conflict.action, ConflictAction::Update { .. }));
                if updates { vec![Self::Insert, Self::Update] } else { vec![Self::Insert] }
            }
            Dml::Update(_) => vec![Self::Update],
            Dml::Delete(_) => vec![Self::Delete],
            Dml::Merge(_) => vec![Self::Insert, Self::Update, Self::Delete],
        }
    }
}

impl Work<'_> {
    /// Follows what an `INSERT`, `UPDATE`, `DELETE` or `MERGE` runs besides itself.
    pub(in super::super) fn follow_writing(&mut self, statement: &Statement, dml: &Dml, table: Option<ObjectId>) -> Applied {
        let binding = match &self.surroundings {
            Some(around) => bind_statement_among(&self.schema, &self.session, statement, &around.0, &around.1),
            None => bind_statement(&self.schema, &self.session, statement),
        };
        let called = volatile_routines(&State::new(self.clone()), &binding);
        self.follow_aside(&called)?;
        match table {
            Some(table) => self.follow_triggers(table, &Firing::all_of(dml)),
            None => Ok(()),
        }
    }

    /// Follows the triggers of a table.
    pub(in super::super) fn follow_triggers(&mut self, table: ObjectId, firings: &[Firing]) -> Applied {
        if self.depth > DEEPEST {
            return Ok(());
        }
        let span = self.span;
        let fires = |trigger: &Trigger| {
            let enabled = matches!(trigger.state, TriggerState::Enabled | TriggerState::Always);
            enabled && trigger.events.iter().any(|event| firings.iter().any(|firing| firing.is(event)))
        };
        let triggers: Vec<ObjectId> = self.schema.on_table(table);
        let functions = triggers.into_iter().filter_map(|id| match &self.schema.get(id)?.body {
            ObjectBody::Trigger(trigger) if fires(trigger) => {
                let needed = self.schema.dependencies().of_object(id).into_iter().map(|dependency| dependency.on.object);
                needed.filter(|on| matches!(self.schema.get(*on).map(|object| &object.body), Some(ObjectBody::Function(_)))).map(|on| (span, on)).next()
            }
            _ => None,
        });
        let functions: Vec<(Span, ObjectId)> = functions.collect();
        self.follow_aside(&functions)
    }

    /// Runs routines on a copy, of which only the list of what ran is kept.
    fn follow_aside(&mut self, called: &[(Span, ObjectId)]) -> Applied {
        let readable = |id: ObjectId| match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Function(function)) => matches!(&*function.language, "plpgsql" | "sql"),
            _ => false,
        };
        let called: Vec<(Span, ObjectId)> = called.iter().copied().filter(|(_, id)| readable(*id)).collect();
        if called.is_empty() || self.depth > DEEPEST {
            return Ok(());
        }
        let mut copy = self.clone();
        copy.surroundings = None;
        copy.run_perhaps(&Calls { called: called.clone(), span: self.span })?;
        let touched = touched_names(&self.schema, &copy.schema);
        self.inner = copy.inner;
        if !touched.is_empty() {
            let names: Vec<String> = called.iter().filter_map(|(_, id)| Some(self.schema.get(*id)?.name.to_string())).collect();
            let reason = format!("rows decide whether `{}` changes the schema", names.join("`, `"));
            for name in &touched {
                self.schema.mark_unknown(name.clone(), reason.as_str());
            }
            let span = self.span;
            self.leave_unjudged(reason, span, &[]);
        }
        Ok(())
    }
}
