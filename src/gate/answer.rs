//! The answer that every output is made from.

use std::sync::Arc;

use super::verdict::Verdict;
use crate::catalog::Catalog;
use crate::hazard::Hazard;
use crate::impact::{BrokenBefore, Effect};
use crate::migrate::{Change, ChangeId, Run, Step, TransactionMode};
use crate::notice::{NoticeFacts, OldNameEnd, ProposedChange, Templates, Wait};
use crate::project::{Config, Migration, NoticeLog};
use crate::rollback::{Plan, ServerProof};
use crate::rules::{Acceptance, BaselineReport, DownFacts, Finding, RuleSet};
use crate::schema::Schema;
use crate::sql::Script;
use crate::text::{Sources, Span};

/// A migration with what was read and planned of it.
#[derive(Debug)]
pub struct JudgedMigration {
    /// As it was found.
    pub migration: Migration,
    /// Its statements.
    pub script: Script,
    /// How it is run.
    pub transaction_mode: TransactionMode,
    /// The way back.
    pub plan: Plan,
    /// What the hand-written way back is worth on the model.
    pub down: DownFacts,
    /// What a server said to the plan; `None` when none was asked.
    pub on_server: Option<ServerProof>,
    /// What a server said to the hand-written way back; `None` when there is none, or no server was asked.
    pub down_on_server: Option<ServerProof>,
}

/// Something that nobody can say the effect of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJudgedItem {
    /// The migration, by index; `None` for a consumer that could not be read even before.
    pub migration: Option<u32>,
    /// The consumer, when it is one.
    pub consumer: Option<Arc<str>>,
    /// Where.
    pub span: Option<Span>,
    /// Why.
    pub reason: String,
}

/// What the gate says.
#[derive(Debug)]
pub struct Answer {
    /// All texts.
    pub sources: Sources,
    /// The settings it was judged by.
    pub config: Config,
    /// Who depends on the warehouse.
    pub catalog: Catalog,
    /// The rules it was judged by.
    pub rules: Arc<RuleSet>,
    /// Where paths start, from the root of the repository: `warehouse/`; empty at its root, or when no repository is known.
    pub folder_in_repository: String,
    /// The schema before everything.
    pub first: Schema,
    /// Every statement with what came of it, and the schema after everything.
    pub run: Run,
    /// The migrations in order.
    pub migrations: Vec<JudgedMigration>,
    /// What the statements do to the running database, one for each step of the run.
    pub hazards: Vec<Hazard>,
    /// What the migrations do to consumers.
    pub effects: Vec<Effect>,
    /// Old names that go on for a while, and who is hit when they end.
    pub old_names: Vec<OldNameEnd>,
    /// Who only waits while something is locked.
    pub waits: Vec<Wait>,
    /// Who agreed to each of them, in their order.
    pub accepted: Vec<Option<Acceptance>>,
    /// Consumers that did not work before.
    pub broken_before: Vec<BrokenBefore>,
    /// What the rules say, in the order of migrations and places.
    pub findings: Vec<Finding>,
    /// What of the baseline is known and what is gone; `None` when there is none.
    pub baseline: Option<BaselineReport>,
    /// What was not understood.
    pub not_judged: Vec<NotJudgedItem>,
    /// What it comes to.
    pub verdict: Verdict,
    /// The words in which departments are told.
    pub templates: Templates,
    /// Who was told so far.
    pub told: NoticeLog,
    /// The day it was judged.
    pub today: jiff::civil::Date,
}

impl Answer {
    /// The steps of one migration, by index.
    pub fn steps_of(&self, migration: u32) -> &[Step] {
        let start = self.run.steps.partition_point(|step| step.id.migration < migration);
        let end = self.run.steps.partition_point(|step| step.id.migration <= migration);
        self.run.steps.get(start..end).unwrap_or_default()
    }

    /// The schema before a migration.
    pub fn before(&self, migration: u32) -> &Schema {
        let start = self.run.steps.partition_point(|step| step.id.migration < migration);
        self.run.steps.get(start).map_or(&self.run.after, |step| &step.before)
    }

    /// The schema after a migration.
    pub fn after(&self, migration: u32) -> &Schema {
        self.before(migration.saturating_add(1))
    }

    /// A change and the step it belongs to.
    pub fn change(&self, id: ChangeId) -> Option<(&Step, &Change)> {
        self.run.steps.iter().find_map(|step| step.outcome.changes.iter().find(|change| change.id == id).map(|change| (step, change)))
    }

    /// Hands what notices are made of to whoever composes them.
    pub fn notice_facts<T>(&self, compose: impl FnOnce(&NoticeFacts<'_>) -> T) -> T {
        let changes: Vec<ProposedChange<'_>> = (0_u32..)
            .zip(&self.migrations)
            .map(|(index, judged)| ProposedChange {
                id: &judged.migration.id,
                name: &judged.migration.name,
                sidecar: judged.migration.sidecar.as_ref(),
                steps: self.steps_of(index),
                statements: judged.script.statements.len(),
                after: self.after(index),
                plan: &judged.plan,
                down_loses: &judged.down.lost,
            })
            .collect();
        let broken = self.broken_before.iter().map(|broken| &*broken.consumer);
        let unsettled = broken.chain(self.not_judged.iter().filter_map(|item| item.consumer.as_deref())).collect();
        compose(&NoticeFacts {
            sources: &self.sources,
            catalog: &self.catalog,
            organisation: &self.config.organisation,
            first: &self.first,
            last: &self.run.after,
            changes: &changes,
            effects: &self.effects,
            old_names: &self.old_names,
            waits: &self.waits,
            unsettled: &unsettled,
        })
    }
}
