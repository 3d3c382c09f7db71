//! Who only waits: consumers that read or write a table while a migration keeps it locked and works.
//!
//! A lock is held until its transaction ends, so what later statements of the same transaction work counts too.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::inputs::Inputs;
use super::subjects::subjects;
use crate::hazard::{Duration, Hazard, LockMode, TableAge};
use crate::impact::{self, Touches};
use crate::notice::{Wait, Waiting};
use crate::schema::ObjectId;

/// A wait that is shorter nobody notices.
const NOTICED_SECONDS: u64 = 2;

/// How long something is locked at most, by the ranges of the work; `None` when nobody knows.
type Seconds = Option<u64>;

/// What a migration keeps locked, and how long.
type Locked = BTreeMap<(u32, Waiting, ObjectId), Seconds>;

/// Every consumer that notices a wait, with the longest one of each migration; sorted by migration, then consumer.
pub(super) fn waits(inputs: &Inputs, hazards: &[Hazard]) -> Vec<Wait> {
    let locked = locked(hazards);
    if locked.is_empty() {
        return Vec::new();
    }
    let touched = impact::touches(&inputs.schema, &subjects(&inputs.catalog, &inputs.schema, &inputs.session, &inputs.sources));
    let mut longest: BTreeMap<(u32, Arc<str>), (Waiting, Seconds)> = BTreeMap::new();
    for ((migration, waiting, table), seconds) in &locked {
        for one in touched.iter().filter(|one| waits_for(one, *waiting, *table)) {
            let known = longest.entry((*migration, one.consumer.clone())).or_insert((*waiting, *seconds));
            *known = (known.0.max(*waiting), longer(known.1, *seconds));
        }
    }
    longest.into_iter().map(|((migration, consumer), (waiting, seconds))| Wait { migration, consumer, waiting, seconds }).collect()
}

/// The longer of two; a length that nobody knows stays unknown.
fn longer(one: Seconds, other: Seconds) -> Seconds {
    Some(one?.max(other?))
}

fn waits_for(consumer: &Touches, waiting: Waiting, table: ObjectId) -> bool {
    match waiting {
        Waiting::Saving => consumer.writes.contains(&table),
        Waiting::Reading => consumer.rests_on.contains(&table),
    }
}

/// What is locked so long that somebody notices.
fn locked(hazards: &[Hazard]) -> Locked {
    let mut all = Locked::new();
    let mut open: Locked = Locked::new();
    for hazard in hazards {
        let migration = hazard.statement.migration;
        let work = work(hazard);
        let own = hazard.tables.iter().filter(|table| table.age == TableAge::Before).map(|table| (table.table, table.lock));
        let modes: Vec<(ObjectId, LockMode)> = own.chain(hazard.held.iter().map(|(table, lock)| (*table, *lock))).collect();
        let mut now = Locked::new();
        for (table, lock) in modes {
            for waiting in [Waiting::Saving, Waiting::Reading] {
                let blocks = match waiting {
                    Waiting::Saving => lock.blocks_writes(),
                    Waiting::Reading => lock.blocks_reads(),
                };
                if blocks {
                    let key = (migration, waiting, table);
                    // A statement by itself lets go of its locks; inside a transaction they last, and so does the wait.
                    let before = open.get(&key).copied().filter(|_| hazard.in_transaction && hazard.held.contains_key(&table)).unwrap_or(Some(0));
                    now.insert(key, before.zip(work).map(|(before, work)| before.saturating_add(work)));
                }
            }
        }
        for (key, seconds) in &now {
            let known = all.entry(*key).or_insert(Some(0));
            *known = longer(*known, *seconds);
        }
        open = now;
    }
    all.retain(|_, seconds| seconds.is_none_or(|seconds| seconds >= NOTICED_SECONDS));
    all
}

/// How long a statement works at most, on all its tables.
fn work(hazard: &Hazard) -> Seconds {
    let seen = hazard.tables.iter().filter(|table| table.age != TableAge::ThisTransaction);
    seen.map(|table| match table.duration() {
        Duration::Empty | Duration::Instant => Some(0),
        Duration::Seconds(_, longest) => Some(longest),
        Duration::Unknown => None,
    })
    .try_fold(0_u64, |sum, seconds| seconds.map(|seconds| sum.saturating_add(seconds)))
}
