//! What each statement of a migration comes to when it is undone: so that a reader sees which one of many makes the whole lossy.

use std::collections::{BTreeMap, BTreeSet};

use super::damage::{Damage, label};
use super::plan::{Reversibility, StatementClaim};
use super::row_changes::Follower;
use super::saving::Saving;
use crate::migrate::{ChangeKind, ColumnChange, DataChange, ObjectChange, Step};
use crate::schema::{Address, ObjectBody, ObjectId, Schema};

/// One claim for each statement, in order.
pub(super) fn statement_claims(before: &Schema, after: &Schema, steps: &[Step], saving: &Saving) -> Vec<StatementClaim> {
    steps.iter().map(|step| claim(before, after, step, saving)).collect()
}

fn claim(before: &Schema, after: &Schema, step: &Step, saving: &Saving) -> StatementClaim {
    let mut reversibility = Reversibility::Exact;
    let mut reasons = BTreeSet::new();
    for not_judged in &step.outcome.not_judged {
        reversibility = Reversibility::Impossible;
        reasons.insert(format!("what it does is not known: {}", not_judged.reason));
    }
    for change in &step.outcome.changes {
        let (damages, loses) = written(before, step, &change.kind);
        for loss in loses {
            reversibility = reversibility.max(Reversibility::Lossy);
            reasons.insert(format!("{}: {}", loss.what, loss.why));
        }
        let saved = damages.into_iter().flat_map(|(id, damage)| of_table(before, after, id, &damage)).chain(saved(before, &change.kind, saving));
        for what in saved {
            reversibility = reversibility.max(Reversibility::ExactWithSavedData);
            reasons.insert(format!("{what} saved before"));
        }
    }
    StatementClaim { statement: step.id.statement, reversibility, reasons: reasons.into_iter().collect() }
}

/// What a statement that writes rows loses.
fn written(before: &Schema, step: &Step, kind: &ChangeKind) -> (BTreeMap<ObjectId, Damage>, Vec<super::plan::Loss>) {
    let (mut damages, mut loses) = (BTreeMap::new(), Vec::new());
    if let ChangeKind::Data(relation, data) = kind {
        Follower { before, now: &step.before, damages: &mut damages, loses: &mut loses }.follow(*relation, data);
    }
    (damages, loses)
}

fn of_table(before: &Schema, after: &Schema, id: ObjectId, damage: &Damage) -> Vec<String> {
    let table = label(before, id);
    if damage.rows || after.table(id).is_none() {
        return vec![format!("rows of {table} are")];
    }
    let columns = damage.columns.iter().filter_map(|number| before.column(id, *number));
    columns.map(|column| format!("values of {table}.{} are", column.name)).collect()
}

/// What goes with an object or a column, and values that a type change does not give back.
fn saved(before: &Schema, kind: &ChangeKind, saving: &Saving) -> Option<String> {
    let column = |address: Address| match address.part {
        crate::schema::Part::Column(number) => {
            before.column(address.object, number).map(|column| format!("values of {}.{} are", label(before, address.object), column.name))
        }
        crate::schema::Part::Whole | crate::schema::Part::Default(_) => None,
    };
    match kind {
        ChangeKind::Object(id, ObjectChange::Dropped) => match before.get(*id).map(|object| &object.body) {
            Some(ObjectBody::Table(_)) if saving.damages.contains_key(id) => Some(format!("rows of {} are", label(before, *id))),
            Some(ObjectBody::Sequence(_)) => Some(format!("the position of {} is", label(before, *id))),
            _ => None,
        },
        ChangeKind::Data(id, DataChange::Repositioned) if before.get(*id).is_some() => Some(format!("the position of {} is", label(before, *id))),
        ChangeKind::Column(_, _, ColumnChange::Dropped(_) | ColumnChange::Retyped { .. }) => {
            Some(kind.address()).filter(|address| saving.columns.contains(address)).and_then(column)
        }
        ChangeKind::Data(id, DataChange::Converted { column: number, .. }) => {
            Some(Address::column(*id, *number)).filter(|address| saving.columns.contains(address)).and_then(column)
        }
        ChangeKind::Object(..) | ChangeKind::Column(..) | ChangeKind::Data(..) => None,
    }
}
