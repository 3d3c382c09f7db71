//! The safe way of each migration, with the day on which the old form may end.

use jiff::ToSpan;
use jiff::civil::Date;

use super::answer::Answer;
use crate::rollback::{SafePlan, safe_plan};

/// Days of notice where neither the change's own file nor the window says another day.
const USUAL_NOTICE_DAYS: i32 = 30;

/// How long a copy is kept after the old form ended.
const KEPT_DAYS: i32 = 60;

/// The safe way of one migration.
#[derive(Clone, Debug)]
pub struct DatedSafePlan {
    /// Scripts by change.
    pub plan: SafePlan,
    /// The first day of the contract phase.
    pub contract_from: Date,
    /// Where that day comes from, in words.
    pub because: &'static str,
    /// The first day on which what is left may go for good.
    pub remove_from: Date,
    /// Statements that no script here replaces, with their numbers, 1-based.
    pub as_they_are: Vec<(u32, String)>,
}

/// The safe way of a migration, by index.
pub fn safe_way(answer: &Answer, migration: usize) -> Option<DatedSafePlan> {
    let judged = answer.migrations.get(migration)?;
    let index = u32::try_from(migration).ok()?;
    let statement = |number: u32| judged.script.statements.get(number as usize).map_or("", |statement| answer.sources.slice(statement.span));
    let plan = safe_plan(answer.before(index), answer.after(index), answer.steps_of(index), &statement);
    let sidecar = judged.migration.sidecar.as_ref();
    let after = |day: Date, days: i32| day.checked_add(days.days()).unwrap_or(day);
    let (contract_from, because) = match sidecar.and_then(|sidecar| sidecar.old_name_until.as_ref()) {
        Some(last) => (after(last.value, 1), "the day after the last day of the old name, by the change's own file"),
        None => (after(answer.today, USUAL_NOTICE_DAYS), "thirty days of notice from today; `old_name_until` in the change's own file says another day"),
    };
    let as_they_are = plan.as_they_are.iter().map(|number| (number + 1, statement(*number).split_whitespace().collect::<Vec<_>>().join(" "))).collect();
    Some(DatedSafePlan { plan, contract_from, because, remove_from: after(contract_from, KEPT_DAYS), as_they_are })
}
