//! One thing that rules are asked about, with everything around it.

use std::collections::BTreeMap;

use super::fact_type::Subject;
use super::sign_off::SignOffFault;
use super::suppression::Fault;
use super::{JudgeInput, JudgedMigration};
use crate::hazard::{Hazard, TableHazard};
use crate::impact::{Effect, EffectKind};
use crate::lineage::{Session, bind_query};
use crate::migrate::{
    Certainty, Change, ChangeId, ChangeKind, ColumnChange, Direction, InnerStatement, MayFail, NotJudged, ObjectChange, Refusal, Repetition, StatementId,
};
use crate::name::Name;
use crate::project::FileEvent;
use crate::schema::{Column, ColumnNumber, Constraint, Index, ObjectBody, ObjectId, Schema};
use crate::sql::read_query;
use crate::sql::tree::Statement;
use crate::text::{Sources, Span};

/// What is the same for all items of a run.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub input: &'a JudgeInput<'a>,
    /// Effects by the change that causes them.
    pub effects: BTreeMap<ChangeId, Vec<&'a Effect>>,
    /// Effects by migration, each with its number among all.
    pub effects_of: BTreeMap<u32, Vec<(usize, &'a Effect)>>,
    /// Tables and views that a statement of this run makes, with the migration that does.
    pub made: BTreeMap<ObjectId, u32>,
    /// The change that makes each of them.
    pub makings: BTreeMap<ObjectId, ChangeId>,
    /// Every change, with the index of its step.
    pub changes: BTreeMap<ChangeId, (usize, &'a Change)>,
    /// By table from before the run: the migrations that keep readers from it, each with its first statement that does, and the table's name.
    pub locked_by: BTreeMap<ObjectId, BTreeMap<u32, (&'a Hazard, &'a str)>>,
    /// By word: the routines that are there in the end and have it in their bodies.
    pub named_in_bodies: BTreeMap<Name, Vec<ObjectId>>,
    /// The first statement of a migration that adds a label to an enum.
    pub label_adders: BTreeMap<u32, u32>,
}

impl World<'_> {
    /// Whether a question to the rows means something in the schema of before the release. One about a column that an earlier statement makes does not.
    pub fn can_be_asked_before(&self, query: &str) -> bool {
        let Some(first) = self.input.run.steps.first() else { return false };
        let mut sources = Sources::default();
        let id = sources.add("<question>", query);
        read_query(&sources, id, first.before.dialect).is_ok_and(|query| bind_query(&first.before, &first.session, &query).errors.is_empty())
    }
}

/// One statement with what came of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepView<'a> {
    pub id: StatementId,
    pub statement: &'a Statement,
    /// As written; of one that runs inside another, as it ran.
    pub text: &'a str,
    /// Its place in the file.
    pub span: Span,
    pub before: &'a Schema,
    pub after: &'a Schema,
    pub session: &'a Session,
    pub changes: &'a [Change],
    pub notices: &'a [String],
    pub hazard: Option<&'a Hazard>,
    /// Present when it runs inside another statement.
    pub inner: Option<&'a InnerStatement>,
}

impl StepView<'_> {
    /// What has to be said of where and how often it runs; empty for a statement of the file itself.
    pub fn circumstance(&self) -> String {
        let Some(inner) = self.inner else { return String::new() };
        let mut words: Vec<&str> = inner.within.as_deref().into_iter().collect();
        match (inner.certainty, inner.repetition) {
            (Certainty::Runs, Repetition::Once) => {}
            (Certainty::MayRun, Repetition::Once) => words.push("whether it runs is not known here"),
            (Certainty::Runs | Certainty::MayRun, Repetition::ManyTimes) => words.push("in a loop: it may run many times"),
        }
        words.join("; ")
    }
}

/// What exactly is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) enum About<'a> {
    Change(&'a Change),
    Statement,
    Table(&'a TableHazard),
    Effect(&'a Effect, Told),
    Migration,
    WayBack,
    Refusal(&'a Refusal),
    MayFail(&'a MayFail),
    NotJudged(&'a NotJudged),
    Suppression(&'a Fault),
    File(&'a FileEvent),
    SignOff(&'a SignOffFault),
}

/// Whether an earlier finding names the consumer already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Yes,
    No,
}

/// One thing that rules are asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    pub world: &'a World<'a>,
    pub migration: &'a JudgedMigration<'a>,
    /// Its index in the run.
    pub migration_index: u32,
    /// Only for what belongs to one statement.
    pub step: Option<StepView<'a>>,
    pub about: About<'a>,
    /// The element that is asked about, when a rule goes through a list.
    pub each: Option<&'a str>,
}

impl<'a> Item<'a> {
    pub fn subject(&self) -> Subject {
        match self.about {
            About::Change(_) => Subject::Change,
            About::Statement => Subject::Statement,
            About::Table(_) => Subject::Table,
            About::Effect(..) => Subject::Effect,
            About::Migration => Subject::Migration,
            About::WayBack => Subject::WayBack,
            About::Refusal(_) => Subject::Refusal,
            About::MayFail(_) => Subject::MayFail,
            About::NotJudged(_) => Subject::NotJudged,
            About::Suppression(_) => Subject::Suppression,
            About::File(_) => Subject::File,
            About::SignOff(_) => Subject::SignOff,
        }
    }

    /// Where a finding about it points to.
    pub fn span(&self) -> Span {
        match self.about {
            About::Change(change) => change.span,
            About::Statement => self.statement_span(),
            About::Table(table) => self.span_of_table(table.table),
            About::Effect(effect, _) => self.change_of(effect).map_or_else(|| self.statement_span(), |change| change.span),
            About::Migration => self.statement_span(),
            About::WayBack => self.first_words_of_the_way_back(),
            About::Refusal(refusal) => refusal.span,
            About::MayFail(may_fail) => may_fail.span,
            About::NotJudged(not_judged) => not_judged.span,
            About::Suppression(fault) => fault.span,
            About::File(event) => event.span,
            About::SignOff(fault) => fault.span,
        }
    }

    /// The first line of the way back that says something.
    fn first_words_of_the_way_back(&self) -> Span {
        let Some(whole) = self.migration.down.written else { return self.statement_span() };
        let mut start = whole.start;
        for line in self.world.input.sources.slice(whole).split_inclusive('\n') {
            let length = u32::try_from(line.len()).unwrap_or(0);
            let said = line.trim();
            if !said.is_empty() && !said.starts_with("--") {
                let end = u32::try_from(line.trim_end().len()).unwrap_or(0);
                return Span::new(whole.source, start, start + end);
            }
            start = start.saturating_add(length);
        }
        Span::new(whole.source, whole.start, whole.start)
    }

    fn statement_span(&self) -> Span {
        self.step.map_or_else(|| self.migration.statements.first().map_or(self.migration.part, |first| first.span), |step| step.span)
    }

    /// The action that works on the table, when one change of the statement tells it; else the statement.
    fn span_of_table(&self, table: ObjectId) -> Span {
        let own = self.step.and_then(|step| {
            let mut places = step.changes.iter().filter(|change| self.touches(change, table)).map(|change| change.span);
            let first = places.next()?;
            places.all(|other| other == first).then_some(first)
        });
        own.unwrap_or_else(|| self.statement_span())
    }

    fn touches(&self, change: &Change, table: ObjectId) -> bool {
        let object = change.kind.object();
        object == table || self.schema_of(change).and_then(|schema| owner(schema, object)) == Some(table)
    }

    fn change_of(&self, effect: &Effect) -> Option<&'a Change> {
        self.world.changes.get(&effect.change?).map(|(_, change)| *change)
    }

    /// The change that is asked about, or the first one of the statement on the table that is asked about.
    pub fn change(&self) -> Option<&'a Change> {
        match self.about {
            About::Change(change) => Some(change),
            About::Table(table) => self.step?.changes.iter().find(|change| self.touches(change, table.table)),
            About::Effect(effect, _) => self.change_of(effect),
            About::Statement
            | About::Migration
            | About::WayBack
            | About::Refusal(_)
            | About::MayFail(_)
            | About::NotJudged(_)
            | About::Suppression(_)
            | About::File(_)
            | About::SignOff(_) => None,
        }
    }

    /// The schema in which the changed thing can be looked up: before the statement, unless it is new.
    fn schema_of(&self, change: &Change) -> Option<&'a Schema> {
        let step = self.step?;
        let new = matches!(change.kind, ChangeKind::Object(_, ObjectChange::Created) | ChangeKind::Column(_, _, ColumnChange::Added));
        Some(if new { step.after } else { step.before })
    }

    /// The schema before, unless the thing is new; and the thing.
    pub fn object(&self) -> Option<(&'a Schema, ObjectId)> {
        if let About::Table(table) = self.about {
            return Some((self.step?.before, table.table));
        }
        let change = self.change()?;
        Some((self.schema_of(change)?, change.kind.object()))
    }

    /// The table that the thing is or hangs on.
    pub fn table(&self) -> Option<(&'a Schema, ObjectId)> {
        let (schema, object) = self.object()?;
        Some((schema, owner(schema, object).unwrap_or(object)))
    }

    /// The column that is asked about, or the first one of the statement that changes on the table.
    pub fn column(&self) -> Option<(ObjectId, ColumnNumber, &'a ColumnChange)> {
        let found = |change: &'a Change| match &change.kind {
            ChangeKind::Column(object, number, column) => Some((*object, *number, column)),
            ChangeKind::Object(..) | ChangeKind::Data(..) => None,
        };
        match self.about {
            About::Table(table) => {
                let mut changes = self.step?.changes.iter().filter_map(found);
                changes.find(|(object, _, column)| *object == table.table && !matches!(column, ColumnChange::CommentChanged | ColumnChange::Moved { .. }))
            }
            _ => found(self.change()?),
        }
    }

    /// The column as it was.
    pub fn column_before(&self) -> Option<(&'a Schema, &'a Column)> {
        let (object, number, change) = self.column()?;
        let before = self.step?.before;
        let column = match change {
            ColumnChange::Dropped(column) => &**column,
            ColumnChange::Retyped { before: column, .. } | ColumnChange::GenerationChanged { before: column, .. } => column,
            _ => before.column(object, number)?,
        };
        Some((before, column))
    }

    /// The column as it is.
    pub fn column_after(&self) -> Option<(&'a Schema, &'a Column)> {
        let (object, number, change) = self.column()?;
        let after = self.step?.after;
        let column = match change {
            ColumnChange::Retyped { after: column, .. } | ColumnChange::GenerationChanged { after: column, .. } => column,
            _ => after.column(object, number)?,
        };
        Some((after, column))
    }

    /// The constraint that is asked about, or the first one of the statement that comes, goes or changes on the table; and the schema that has it.
    pub fn constraint(&self) -> Option<(&'a Schema, ObjectId, &'a Constraint)> {
        self.part(|schema, id| schema.constraint(id))
    }

    /// Likewise the index.
    pub fn index(&self) -> Option<(&'a Schema, ObjectId, &'a Index)> {
        self.part(|schema, id| schema.index(id))
    }

    fn part<T>(&self, find: impl Fn(&'a Schema, ObjectId) -> Option<&'a T>) -> Option<(&'a Schema, ObjectId, &'a T)> {
        let of = |change: &'a Change| {
            let ChangeKind::Object(object, _) = &change.kind else { return None };
            let step = self.step?;
            let (before, after) = (step.before, step.after);
            find(after, *object).map(|found| (after, *object, found)).or_else(|| find(before, *object).map(|found| (before, *object, found)))
        };
        match self.about {
            About::Change(change) => of(change),
            About::Table(table) => {
                let changes = self.step?.changes;
                changes.iter().filter(|change| self.touches(change, table.table)).find_map(of)
            }
            _ => None,
        }
    }

    /// The change, and the one that makes a thing of the same name again before the migration ends: what differs between the two is the drop's doing.
    fn causes(&self, change: &Change) -> Vec<ChangeId> {
        let again = match change.kind {
            ChangeKind::Object(object, ObjectChange::Dropped) => self.made_again(object).and_then(|again| self.world.makings.get(&again)),
            ChangeKind::Object(..) | ChangeKind::Column(..) | ChangeKind::Data(..) => None,
        };
        std::iter::once(change.id).chain(again.copied()).collect()
    }

    /// Effects that are put down to the statement itself and pass through what went along with it.
    fn effects_on_the_way(&self, change: &Change) -> Vec<&'a Effect> {
        let ChangeKind::Object(object, ObjectChange::Dropped) = change.kind else { return Vec::new() };
        let (Direction::Consequence, Some(step)) = (change.direction, self.step) else { return Vec::new() };
        let Some(name) = step.before.qualified_name(object).map(|name| name.to_string()) else { return Vec::new() };
        let causes = step.changes.iter().filter(|other| other.direction == Direction::Direct).flat_map(|other| self.causes(other));
        let effects = causes.filter_map(|id| self.world.effects.get(&id)).flatten().copied();
        effects.filter(|effect| effect.path.iter().any(|place| place.label == name)).collect()
    }

    fn of_migration(&self) -> impl Iterator<Item = &'a (usize, &'a Effect)> + use<'a> {
        self.world.effects_of.get(&self.migration_index).into_iter().flatten()
    }

    /// The relation that has the name of a dropped one when the migration ends.
    pub fn made_again(&self, dropped: ObjectId) -> Option<ObjectId> {
        let name = self.step?.before.qualified_name(dropped)?;
        self.end_of_migration().relation(&name).filter(|again| *again != dropped)
    }

    /// The schema when the migration has ended.
    pub fn end_of_migration(&self) -> &'a Schema {
        let run = self.world.input.run;
        let next = run.steps.partition_point(|step| step.id.migration <= self.migration_index);
        run.steps.get(next).map_or(&run.after, |next| &next.before)
    }

    /// Effects of the change that is asked about; of the migration when it is asked about as a whole.
    pub fn effects(&self) -> Vec<&'a Effect> {
        match self.about {
            About::Change(change) => {
                let mut found: Vec<&Effect> = self.causes(change).iter().filter_map(|id| self.world.effects.get(id)).flatten().copied().collect();
                found.extend(self.effects_on_the_way(change));
                found
            }
            About::Effect(effect, _) => vec![effect],
            About::Migration => self.of_migration().map(|(_, effect)| *effect).collect(),
            About::Statement | About::Table(_) => {
                let changes = self.step.map_or(&[][..], |step| step.changes);
                changes.iter().filter_map(|change| self.world.effects.get(&change.id)).flatten().copied().collect()
            }
            // What is not understood may do anything, so every consumer that is unknown in this migration is its doing.
            About::NotJudged(_) => {
                let unknown = |effect: &&Effect| effect.kind == EffectKind::Unknown && effect.change.is_none();
                self.of_migration().map(|(_, effect)| *effect).filter(unknown).collect()
            }
            About::WayBack | About::Refusal(_) | About::MayFail(_) | About::Suppression(_) | About::File(_) | About::SignOff(_) => Vec::new(),
        }
    }
}

/// The table that an index, constraint, trigger, rule or policy hangs on.
pub(super) fn owner(schema: &Schema, object: ObjectId) -> Option<ObjectId> {
    match &schema.get(object)?.body {
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
    }
}
