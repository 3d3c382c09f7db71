//! Routines whose body is only text: the server looks names up at each call, so it lets them break without a word
//! (measured on PostgreSQL 15: a string body is not tracked in `pg_depend`).
//!
//! The static SQL of such a body is resolved before and after: what fails only after breaks whoever calls the routine, or writes to the table
//! whose trigger it is, at run time. For the rest of a body, what is put together or in a language that is not read, its words are enough to see
//! that a name it uses is gone; whether that name meant this object, they do not prove. So that is told as *unknown*, and never as safe.

use std::collections::BTreeSet;

use super::compare::meant_at;
use super::difference::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use super::path::label;
use super::refusal::cause_of;
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

/// Statements in bodies that worked before and that the server would refuse when it comes to them now.
pub(super) fn broken_bodies(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    for ((routine, table), old) in &before.understanding.bodies {
        let Some(new) = after.understanding.bodies.get(&(*routine, *table)) else { continue };
        // A body that was replaced has other statements: each stands against all of the old ones together.
        let same_text = text_of(before.schema, *routine) == text_of(after.schema, *routine);
        let old_works = old.parts.iter().all(|part| part.error().is_none());
        for (place, part) in new.parts.iter().enumerate() {
            let twin = if same_text { old.parts.get(place) } else { None };
            let worked = twin.map_or(old_works, |twin| twin.error().is_none());
            let Some(error) = part.error().filter(|_| worked) else { continue };
            let name = label(before.schema, Address::whole(*routine));
            let message = format!("{name} fails when it comes to line {} of its body: {}", part.line, error.message);
            let about = twin.map(|twin| meant_at(&twin.binding, error.span)).unwrap_or_default();
            let evidence = Evidence { sqlstate: Some(error.sqlstate), message: message.clone(), ..Evidence::default() };
            let kind = if error.unknown.is_some() || part.guarded { EffectKind::Unknown } else { EffectKind::Breaks };
            let cause = if kind == EffectKind::Breaks { cause_of(error.sqlstate) } else { Cause::NotUnderstood };
            found.push(Difference { kind, cause, message, about, evidence });
        }
    }
    found
}

fn text_of(schema: &Schema, routine: ObjectId) -> Option<&str> {
    match &schema.get(routine)?.body {
        ObjectBody::Function(function) => function.body.as_deref(),
        _ => None,
    }
}

/// Names that a called routine's body uses where it is not followed, and that are gone now.
pub(super) fn body_changes(steps: &[Step], before: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let not_followed: BTreeSet<ObjectId> =
        before.understanding.bodies.iter().filter(|(_, body)| body.not_followed.is_some()).map(|((routine, _), _)| *routine).collect();
    for routine in &not_followed {
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
