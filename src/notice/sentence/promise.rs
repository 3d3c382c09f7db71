//! Whether the old name goes on, as a change record promises. A promise that the migration breaks is not repeated.

use jiff::civil::Date;

use crate::diagnostic::Problem;
use crate::migrate::{ChangeKind, ColumnChange, ObjectChange};
use crate::notice::facts::ProposedChange;
use crate::schema::{ColumnNumber, ObjectBody, ObjectId, Schema};

/// What holds of a promised old name.
#[derive(Clone, Debug)]
pub(in crate::notice) enum Promise {
    /// Nothing is promised.
    None,
    /// It works until that day.
    Kept(Date),
    /// It ends with the change, whatever the record says.
    Broken(Box<Gone>),
}

/// A name that ends with the change.
#[derive(Clone, Debug)]
pub(in crate::notice) struct Gone {
    /// Told to whoever plans the change.
    pub problem: Problem,
    /// The relation, as the schema before the migration has it.
    pub relation: ObjectId,
    /// The field; `None` when the whole relation goes.
    pub column: Option<ColumnNumber>,
}

/// Holds the record's `old_name_until` against the schema after the change.
pub(in crate::notice) fn promise(change: &ProposedChange<'_>) -> Promise {
    let Some(until) = change.sidecar.and_then(|sidecar| sidecar.old_name_until.as_ref()) else { return Promise::None };
    let Some(start) = change.steps.first().map(|step| &step.before) else { return Promise::Kept(until.value) };
    let mut kinds = change.steps.iter().flat_map(|step| &step.outcome.changes).map(|one| &one.kind);
    match kinds.find_map(|kind| gone(kind, start, change.after)) {
        None => Promise::Kept(until.value),
        Some((old, relation, column)) => {
            let message = format!("the record promises the old name until {}, and {old} ends with the change", until.value);
            let problem = Problem::warning("notice-old-name-not-kept", message).at(until.span);
            let problem = problem.help("keep the old name beside the new one, and drop it after that day; or take `old_name_until` out");
            Promise::Broken(Box::new(Gone { problem, relation, column }))
        }
    }
}

/// The old name that ends with a change; `None` when it goes on, or there was none when the migration began.
fn gone(kind: &ChangeKind, start: &Schema, after: &Schema) -> Option<(String, ObjectId, Option<ColumnNumber>)> {
    let table = start.qualified_name(kind.object())?;
    match kind {
        ChangeKind::Column(relation, column, ColumnChange::Renamed { .. } | ColumnChange::Dropped(_)) => {
            let name = &start.column(*relation, *column)?.name;
            let goes_on = after.relation(&table).is_some_and(|now| after.columns(now).iter().any(|column| column.name == *name));
            (!goes_on).then(|| (format!("{table}.{name}"), *relation, Some(*column)))
        }
        ChangeKind::Object(relation, ObjectChange::Renamed { .. } | ObjectChange::Dropped | ObjectChange::Moved { .. }) if is_relation(start, *relation) => {
            after.relation(&table).is_none().then(|| (table.to_string(), *relation, None))
        }
        ChangeKind::Column(..) | ChangeKind::Object(..) | ChangeKind::Data(..) => None,
    }
}

/// Whether people can know it as a list.
pub(super) fn is_relation(schema: &Schema, id: ObjectId) -> bool {
    schema.get(id).is_some_and(|object| matches!(object.body, ObjectBody::Table(_) | ObjectBody::View(_)))
}
