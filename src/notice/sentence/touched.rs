//! What of a run touches one recipient.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Consumer;
use crate::impact::{Cause, Effect, EffectKind};
use crate::notice::facts::{NoticeFacts, OldNameEnd, ProposedChange, Wait};
use crate::project::Sidecar;
use crate::rollback::Reversibility;

/// The effects on one recipient's consumers.
pub(in crate::notice) struct Touched<'a> {
    pub facts: &'a NoticeFacts<'a>,
    pub effects: Vec<&'a Effect>,
    /// Effects that come only when an old name ends.
    pub later: Vec<(&'a OldNameEnd, &'a Effect)>,
    /// Waits while something is locked.
    pub waits: Vec<&'a Wait>,
    migrations: BTreeSet<u32>,
}

/// What happens to one consumer: the worst of it.
#[derive(Clone, Copy)]
pub(in crate::notice) enum Hit<'a> {
    /// With the change.
    Now(EffectKind, Cause),
    /// When an old name ends.
    Later(&'a OldNameEnd),
    /// It only waits while the change is made.
    Waits(&'a Wait),
}

impl<'a> Touched<'a> {
    /// What touches the consumers that are meant, by id.
    pub(in crate::notice) fn of(facts: &'a NoticeFacts<'a>, is_meant: impl Fn(&str) -> bool) -> Self {
        let later = facts.old_names.iter().flat_map(|end| end.effects.iter().map(move |effect| (end, effect)));
        let later: Vec<(&OldNameEnd, &Effect)> = later.filter(|(_, effect)| is_meant(&effect.consumer)).collect();
        let effects: Vec<&Effect> = facts.effects.iter().filter(|effect| is_meant(&effect.consumer)).collect();
        let waits: Vec<&Wait> = facts.waits.iter().filter(|wait| is_meant(&wait.consumer)).collect();
        let hit = effects.iter().map(|effect| effect.migration).chain(later.iter().map(|(end, _)| end.migration));
        let migrations = hit.chain(waits.iter().map(|wait| wait.migration)).collect();
        Self { facts, effects, later, waits, migrations }
    }

    /// Everything, whoever is hit; and all migrations, hit or not.
    pub(in crate::notice) fn all(facts: &'a NoticeFacts<'a>) -> Self {
        let migrations = (0..u32::try_from(facts.changes.len()).unwrap_or(u32::MAX)).collect();
        Self { migrations, ..Self::of(facts, |_| true) }
    }

    /// Whether nothing changes for the recipient, and some of its consumers wait.
    pub(in crate::notice) fn only_waits(&self) -> bool {
        self.effects.is_empty() && self.later.is_empty() && !self.waits.is_empty()
    }

    /// The migrations that touch the recipient, in order.
    pub(in crate::notice) fn changes(&self) -> impl Iterator<Item = (u32, &'a ProposedChange<'a>)> {
        let changes: &'a [ProposedChange<'a>] = self.facts.changes;
        self.migrations.iter().filter_map(move |migration| Some((*migration, changes.get(*migration as usize)?)))
    }

    /// Their change records.
    pub(in crate::notice) fn sidecars(&self) -> impl Iterator<Item = &'a Sidecar> {
        self.changes().filter_map(|(_, change)| change.sidecar)
    }

    /// Consumers with the worst that happens to each, in the order of how bad, then of names.
    pub(in crate::notice) fn hit(&self) -> Vec<(&'a Consumer, Hit<'a>)> {
        let mut worst: BTreeMap<&str, Hit<'a>> = BTreeMap::new();
        for effect in &self.effects {
            let new = Hit::Now(effect.kind, effect.cause);
            let own = worst.entry(&effect.consumer).or_insert(new);
            if new.rank() < own.rank() {
                *own = new;
            }
        }
        for (end, effect) in &self.later {
            worst.entry(&effect.consumer).or_insert(Hit::Later(end));
        }
        for wait in &self.waits {
            let own = worst.entry(&wait.consumer).or_insert(Hit::Waits(wait));
            if let Hit::Waits(known) = own
                && (wait.waiting, wait.seconds.unwrap_or(u64::MAX)) > (known.waiting, known.seconds.unwrap_or(u64::MAX))
            {
                *own = Hit::Waits(wait);
            }
        }
        let mut all: Vec<_> = worst.into_iter().filter_map(|(id, hit)| Some((self.facts.catalog.consumers.get(id)?, hit))).collect();
        all.sort_by(|(one, hit), (other, other_hit)| (hit.rank().0, &one.name).cmp(&(other_hit.rank().0, &other.name)));
        all
    }
}

/// How far a consumer comes back when the change is taken back, by the plans of the migrations that hit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::notice) enum Back {
    /// As before.
    Whole,
    /// With its columns in another order.
    OtherOrder,
    /// Without some values, or nobody can say.
    Lost,
}

impl Touched<'_> {
    /// How far a consumer comes back.
    pub(in crate::notice) fn back(&self, consumer: &Consumer) -> Back {
        let own = self.effects.iter().filter(|effect| *effect.consumer == *consumer.id);
        let each = own.filter_map(|effect| {
            let plan = self.facts.changes.get(effect.migration as usize)?.plan;
            let by_order = matches!(effect.cause, Cause::Position | Cause::OutputShape) || !consumer.reads_by_position.is_empty();
            Some(match plan.reversibility {
                Reversibility::Lossy | Reversibility::Impossible => Back::Lost,
                Reversibility::Exact | Reversibility::ExactWithSavedData if by_order && !plan.moved.is_empty() => Back::OtherOrder,
                Reversibility::Exact | Reversibility::ExactWithSavedData => Back::Whole,
            })
        });
        each.max().unwrap_or(Back::Whole)
    }
}

impl Hit<'_> {
    /// How bad; of two silent ones the more telling first.
    fn rank(self) -> (u8, u8) {
        match self {
            Self::Now(kind, cause) => {
                let kind = match kind {
                    EffectKind::ChangesSilently => 0,
                    EffectKind::Breaks => 1,
                    EffectKind::MayFail => 2,
                    EffectKind::Unknown => 3,
                };
                let cause = match cause {
                    Cause::Position => 0,
                    Cause::Rows | Cause::Captured => 1,
                    Cause::Values => 2,
                    Cause::OutputType | Cause::Writes => 3,
                    Cause::OutputShape => 4,
                    Cause::OutputNullability => 5,
                    Cause::ColumnMissing
                    | Cause::RelationMissing
                    | Cause::TypeMismatch
                    | Cause::Ambiguous
                    | Cause::Grouping
                    | Cause::ConflictTarget
                    | Cause::ColumnCount
                    | Cause::Permission
                    | Cause::EnumLiteral
                    | Cause::OtherRefusal
                    | Cause::NotUnderstood => 6,
                };
                (kind, cause)
            }
            Self::Later(_) => (4, 0),
            Self::Waits(_) => (5, 0),
        }
    }
}
