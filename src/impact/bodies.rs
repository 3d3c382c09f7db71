//! Routines whose body is only text: the server looks names up at each call, so it lets them break without a word
//! (measured on PostgreSQL 15: a string body is not tracked in `pg_depend`).
//!
//! The body's words are enough to see that a name it uses is gone; whether that name meant this object, the text alone does not prove.
//! So a subject that calls such a routine is told as *unknown*, with the names, and never as safe.

use std::collections::BTreeSet;

use super::compare::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use super::path::label;
use crate::migrate::{Change, ChangeKind, ColumnChange, ObjectChange, Step};
use crate::name::{Name, Quoting};
use crate::schema::{Address, ObjectBody, ObjectId, Schema};

/// The folded words of a routine's text body; empty for everything else.
pub(super) fn body_words(schema: &Schema, object: ObjectId) -> BTreeSet<Name> {
    let Some(ObjectBody::Function(function)) = schema.get(object).map(|object| &object.body) else { return BTreeSet::new() };
    let Some(body) = function.body.as_ref().filter(|_| function.bound_body.is_none()) else { return BTreeSet::new() };
    let words = body.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$'));
    words.filter(|word| !word.is_empty()).map(|word| schema.dialect.fold(word, Quoting::Bare)).collect()
}

/// Names that a called routine's body uses and that are gone now.
pub(super) fn body_changes(steps: &[Step], before: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    for routine in &before.understanding.objects {
        let words = body_words(before.schema, *routine);
        if words.is_empty() {
            continue;
        }
        for step in steps {
            for change in &step.outcome.changes {
                if let Some(gone) = gone_name(&step.before, change).filter(|names| names.iter().all(|name| words.contains(name))) {
                    let names: Vec<&str> = gone.iter().map(Name::as_str).collect();
                    let message = format!(
                        "the body of {} uses {}, and the server does not look into it",
                        label(before.schema, Address::whole(*routine)),
                        names.join(".")
                    );
                    let evidence = Evidence { message: message.clone(), ..Evidence::default() };
                    found.push(Difference { kind: EffectKind::Unknown, cause: Cause::NotUnderstood, message, about: vec![change.kind.address()], evidence });
                }
            }
        }
    }
    found
}

/// The name that a change takes away: a relation's or routine's own, or a relation's and a column's.
fn gone_name(at: &Schema, change: &Change) -> Option<Vec<Name>> {
    let object = at.get(change.kind.object())?;
    match &change.kind {
        ChangeKind::Object(_, ObjectChange::Dropped | ObjectChange::Renamed { .. } | ObjectChange::Moved { .. }) => match object.body {
            ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Sequence(_) | ObjectBody::Function(_) | ObjectBody::Type(_) => {
                Some(vec![object.name.clone()])
            }
            _ => None,
        },
        ChangeKind::Column(_, number, ColumnChange::Dropped(_) | ColumnChange::Renamed { .. } | ColumnChange::Retyped { .. }) => {
            Some(vec![object.name.clone(), at.column(object.id, *number)?.name.clone()])
        }
        ChangeKind::Object(..) | ChangeKind::Column(..) | ChangeKind::Data(..) => None,
    }
}
