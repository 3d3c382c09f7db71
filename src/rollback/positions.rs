//! Where sequences stand: of those that go, and of those that the migration sets to another place.

use std::collections::BTreeSet;

use super::damage::label;
use super::plan::{InBetween, PlanStep};
use super::saved_name::SavedNames;
use crate::migrate::{ChangeKind, DataChange, Step};
use crate::schema::{ObjectBody, ObjectId, Schema, ddl};

/// What is done about positions.
#[derive(Debug, Default)]
pub(super) struct Positions {
    /// Before the migration.
    pub(super) prepare: Vec<PlanStep>,
    /// In the way back, at its end.
    pub(super) restore: Vec<PlanStep>,
    /// When nobody wants the way back any more.
    pub(super) clean_up: Vec<PlanStep>,
    /// What becomes of values given out meanwhile.
    pub(super) in_between: Vec<InBetween>,
}

/// Saves positions and puts them back. A sequence that has gone on past its old place stays where it is, so that no value is given out twice.
pub(super) fn save_positions(before: &Schema, after: &Schema, steps: &[Step], names: &mut SavedNames) -> Positions {
    let moved: BTreeSet<ObjectId> = steps
        .iter()
        .flat_map(|step| &step.outcome.changes)
        .filter_map(|change| match change.kind {
            ChangeKind::Data(id, DataChange::Repositioned) => Some(id),
            _ => None,
        })
        .collect();
    let mut positions = Positions::default();
    for object in before.objects() {
        let ObjectBody::Sequence(sequence) = &object.body else { continue };
        let is_gone = after.get(object.id).is_none();
        if !is_gone && !moved.contains(&object.id) {
            continue;
        }
        let (name, shown) = (ddl::quoted_name(before, object.id), label(before, object.id));
        let saved = names.next(before, object.id);
        let sql = format!("CREATE TABLE {saved} AS SELECT last_value, is_called FROM {name}");
        positions.prepare.push(PlanStep::new(sql, format!("save the position of {shown}")));
        let literal = ddl::literal(&name);
        let sql = if is_gone {
            format!("SELECT setval({literal}, last_value, is_called) FROM {saved}")
        } else {
            let is_past = format!("q.is_called AND q.last_value {} s.last_value", if sequence.increment < 0 { "<" } else { ">" });
            format!(
                "SELECT setval({literal}, CASE WHEN {is_past} THEN q.last_value ELSE s.last_value END, {is_past} OR s.is_called) FROM {saved} AS s, {name} AS q"
            )
        };
        positions.restore.push(PlanStep::new(sql, format!("put the position of {shown} back")));
        positions.clean_up.push(PlanStep::new(format!("DROP TABLE IF EXISTS {saved}"), "the saved position is no longer wanted"));
        if !is_gone {
            let fate = String::from("when it has gone on past its old place, it stays where it is: numbers are left out, and none is given out twice");
            positions.in_between.push(InBetween { what: shown, fate, count_query: None });
        }
    }
    positions
}
