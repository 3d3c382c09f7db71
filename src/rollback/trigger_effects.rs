//! What triggers do when a migration writes rows: a trigger may change more of the row than the statement says, and other tables too.

use crate::schema::{ObjectBody, ObjectId, Piece, Schema, Trigger};
use crate::sql::tree::{TriggerEvent, TriggerState, TriggerTiming};

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

/// Words after which something may be written. A body in another language than these two can do anything.
fn may_write(schema: &Schema, routine: ObjectId) -> bool {
    const WRITING: &[&str] = &["insert", "update", "delete", "truncate", "merge", "copy", "execute", "perform", "call", "notify"];
    let Some(ObjectBody::Function(function)) = schema.get(routine).map(|object| &object.body) else { return true };
    let Some(body) = function.body.as_deref().filter(|_| matches!(&*function.language, "plpgsql" | "sql")) else { return true };
    let words = without_quoted(body);
    let mut words = words.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).map(str::to_ascii_lowercase);
    words.any(|word| WRITING.contains(&word.as_str()))
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
