//! What triggers do when a migration writes rows: a trigger may change more of the row than the statement says, and other tables too.

use std::collections::BTreeSet;

use crate::name::Name;
use crate::schema::{NameSpace, ObjectBody, ObjectId, Piece, Schema, Trigger};
use crate::sql::tree::{TriggerEvent, TriggerState, TriggerTiming, Volatility};

/// What is written by a statement on one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Rows were updated.
    Updated,
    /// Rows were deleted.
    Deleted,
    /// Rows were inserted.
    Inserted,
    /// The table was emptied.
    Truncated,
}

/// What the triggers of a table add to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TriggerEffects {
    /// Every column of a row that is written may be another.
    pub(super) changes_the_row: bool,
    /// Routines that may write somewhere else, by name.
    pub(super) may_write_elsewhere: Vec<String>,
}

/// What the triggers do.
pub(super) fn trigger_effects(schema: &Schema, table: ObjectId, written: Written) -> TriggerEffects {
    let mut effects = TriggerEffects::default();
    for id in schema.on_table(table) {
        let Some(ObjectBody::Trigger(trigger)) = schema.get(id).map(|object| &object.body) else { continue };
        if !fires(trigger, written) {
            continue;
        }
        effects.changes_the_row |= trigger.timing == TriggerTiming::Before && trigger.for_each_row;
        let routines = trigger.definition.pieces().iter().filter_map(|piece| match piece {
            Piece::Function { function } => Some(*function),
            _ => None,
        });
        for routine in routines.filter(|routine| may_write(schema, *routine)) {
            effects.may_write_elsewhere.push(schema.qualified_name(routine).map(|name| name.to_string()).unwrap_or_default());
        }
    }
    effects
}

fn fires(trigger: &Trigger, written: Written) -> bool {
    let is_of = |event: &TriggerEvent| match event {
        TriggerEvent::Insert => written == Written::Inserted,
        TriggerEvent::Update(_) => written == Written::Updated,
        TriggerEvent::Delete => written == Written::Deleted,
        TriggerEvent::Truncate => written == Written::Truncated,
        TriggerEvent::Command(_) => false,
    };
    matches!(trigger.state, TriggerState::Enabled | TriggerState::Always) && trigger.events.iter().any(is_of)
}

/// Whether a rewrite rule stands on the relation.
pub(super) fn has_rules(schema: &Schema, relation: ObjectId) -> bool {
    schema.on_table(relation).into_iter().any(|part| matches!(schema.get(part).map(|object| &object.body), Some(ObjectBody::Rule(_))))
}

/// Whether a routine may write: by its own words, or by those of a routine of the schema whose name it speaks of. A body in another language than
/// these two can do anything.
fn may_write(schema: &Schema, routine: ObjectId) -> bool {
    const WRITING: &[&str] = &["insert", "update", "delete", "truncate", "merge", "copy", "execute", "perform", "call", "notify", "setval", "dblink"];
    let mut open = vec![routine];
    let mut seen = BTreeSet::new();
    while let Some(routine) = open.pop() {
        if !seen.insert(routine) {
            continue;
        }
        let Some(ObjectBody::Function(function)) = schema.get(routine).map(|object| &object.body) else { return true };
        // One that is not volatile cannot write (measured on 15: 0A000, "INSERT is not allowed in a non-volatile function").
        if function.volatility != Volatility::Volatile {
            continue;
        }
        let Some(body) = function.body.as_deref().filter(|_| matches!(&*function.language, "plpgsql" | "sql")) else { return true };
        let text = without_quoted(body);
        for word in text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')) {
            let word = word.to_ascii_lowercase();
            if WRITING.contains(&word.as_str()) {
                return true;
            }
            open.extend(routines_named(schema, &Name::stored(word)));
        }
    }
    false
}

/// Routines of that name, in whatever schema.
fn routines_named(schema: &Schema, name: &Name) -> Vec<ObjectId> {
    let namespaces = schema.in_name_space(NameSpace::Schema);
    namespaces.flat_map(|namespace| schema.functions(Some(namespace), name)).collect()
}

/// The text without what stands in single quotes and behind `--`.
fn without_quoted(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join("\n");
    text.split('\'').step_by(2).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_quotes_and_comments_write_nothing() {
        assert_eq!(without_quoted("IF TG_OP = 'INSERT' THEN -- insert\n NEW.a := 1;"), "IF TG_OP =   THEN \n NEW.a := 1;");
    }
}
