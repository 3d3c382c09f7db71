//! Sentences and labels that several formats share.

use std::collections::BTreeSet;

use crate::gate::{Answer, Verdict};
use crate::impact::{Effect, EffectKind};
use crate::migrate::{Change, ChangeKind, ColumnChange, ObjectChange, Step};
use crate::rules::{Acceptance, Level};
use crate::schema::{ColumnGeneration, ObjectId, Schema, ddl, format_type};

/// One and many: `1 consumer`, `2 consumers`.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// How an effect hurts, for people.
pub(super) fn effect_words(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::ChangesSilently => "changes silently",
        EffectKind::Breaks => "breaks",
        EffectKind::MayFail => "may fail",
        EffectKind::Unknown => "unknown",
    }
}

/// How an effect stands: what it does, or that its department agreed to it.
pub(super) fn effect_standing(answer: &Answer, effect: &Effect) -> &'static str {
    if acceptance(answer, effect).is_some() { "accepted" } else { effect_words(effect.kind) }
}

/// Who agreed to an effect of the answer.
pub(super) fn acceptance<'a>(answer: &'a Answer, effect: &Effect) -> Option<&'a Acceptance> {
    // One after the other in memory, as effects of one list are.
    let at = answer.effects.binary_search_by_key(&std::ptr::from_ref(effect), std::ptr::from_ref).ok()?;
    answer.accepted.get(at)?.as_ref()
}

/// What the verdict means, in a sentence that says what to do next.
pub(super) fn verdict_sentence(answer: &Answer) -> String {
    let errors = counted(answer, Level::Error);
    let warnings = counted(answer, Level::Warning);
    match answer.verdict {
        Verdict::Block if errors > 0 => format!(
            "Blocked: {}, {}. Do not ship this before each error is mended, or allowed in the SQL with a reason and a last day.",
            count(errors, "error"),
            count(warnings, "warning")
        ),
        Verdict::Block => format!("Blocked by the gate's settings: {}.", count(warnings, "warning")),
        Verdict::NotJudged => {
            format!("Not judged: {}. Nothing else blocks, but what was not understood is not called safe.", count(answer.not_judged.len(), "thing"))
        }
        Verdict::Warn if warnings == 0 => format!(
            "Passed, but {} not judged: look at it before you ship.",
            if answer.not_judged.len() == 1 { String::from("1 thing was") } else { format!("{} things were", answer.not_judged.len()) }
        ),
        Verdict::Warn => format!("Passed with {}: look at them before you ship.", count(warnings, "warning")),
        Verdict::Pass => {
            let consumers = answer.catalog.consumers.len();
            let hit: BTreeSet<&str> = answer.effects.iter().map(|effect| &*effect.consumer).collect();
            if !hit.is_empty() {
                format!("Passed: {} asked, {} hit, and what happens to them is accepted, allowed or known.", count(consumers, "consumer"), hit.len())
            } else if consumers == 0 {
                String::from("Passed. No consumer is in the catalog, so nobody was asked: add those who read the warehouse.")
            } else {
                format!("Passed: {} asked, and none is hit.", count(consumers, "consumer"))
            }
        }
    }
}

/// Errors and warnings that count.
pub fn counts(answer: &Answer) -> (usize, usize) {
    (counted(answer, Level::Error), counted(answer, Level::Warning))
}

/// Findings of a level that count.
pub(super) fn counted(answer: &Answer, level: Level) -> usize {
    answer.findings.iter().filter(|finding| finding.suppressed.is_none() && finding.level == level).count()
}

/// The department of a consumer, and its owner, for people; empty when not known.
pub(super) fn department_and_owner(answer: &Answer, consumer: &str) -> (String, String) {
    let Some(consumer) = answer.catalog.consumers.get(consumer) else { return Default::default() };
    let department = answer.catalog.department_of(consumer).map(|department| department.name.clone()).unwrap_or_default();
    (department, consumer.owner.as_ref().map(|owner| owner.name.clone()).unwrap_or_default())
}

/// The consumer's name for people.
pub(super) fn consumer_name<'a>(answer: &'a Answer, id: &'a str) -> &'a str {
    answer.catalog.consumers.get(id).map_or(id, |consumer| &consumer.name)
}

/// The consumer's name with its department and owner, as far as they are known.
pub fn consumer_label(answer: &Answer, id: &str) -> String {
    let (department, owner) = department_and_owner(answer, id);
    let people: Vec<String> = [department, owner].into_iter().filter(|word| !word.is_empty()).collect();
    if people.is_empty() { consumer_name(answer, id).to_owned() } else { format!("{} ({})", consumer_name(answer, id), people.join(", ")) }
}

/// Effects by department, in the order of departments' names; within one the worst first. Consumers without a department come last.
pub(super) fn by_department(answer: &Answer) -> Vec<(String, Vec<&Effect>)> {
    let mut groups: std::collections::BTreeMap<(bool, String), Vec<&Effect>> = std::collections::BTreeMap::new();
    for effect in &answer.effects {
        let (department, _) = department_and_owner(answer, &effect.consumer);
        groups.entry((department.is_empty(), department)).or_default().push(effect);
    }
    let mut all: Vec<(String, Vec<&Effect>)> = groups.into_iter().map(|((_, department), effects)| (department, effects)).collect();
    for (department, effects) in &mut all {
        if department.is_empty() {
            *department = String::from("No department");
        }
        effects.sort_by_key(|effect| (effect.kind, effect.consumer.clone(), effect.migration));
    }
    all
}

/// The object's name for people: with its schema, or with the table it hangs on.
pub(super) fn object_label(schema: &Schema, id: ObjectId) -> String {
    ddl::name_phrase(schema, id)
}

/// What changed, in one line: `column app.clients.phone is renamed to contact_phone`.
pub fn change_sentence(step: &Step, after: &Schema, change: &Change) -> String {
    let schema = if step.before.get(change.kind.object()).is_some() { &step.before } else { after };
    let object = object_label(schema, change.kind.object());
    let kind = schema.get(change.kind.object()).map_or("object", |object| ddl::kind_words(object.kind())).to_ascii_lowercase();
    match &change.kind {
        ChangeKind::Object(_, object_change) => match object_change {
            ObjectChange::Created => format!("{kind} {object} is created"),
            ObjectChange::Dropped => format!("{kind} {object} is dropped"),
            ObjectChange::Renamed { to, .. } => format!("{kind} {object} is renamed to {to}"),
            ObjectChange::Moved { to, .. } => format!("{kind} {object} is moved to {to}"),
            ObjectChange::OwnerChanged => format!("{kind} {object} gets another owner"),
            ObjectChange::GrantsChanged => format!("privileges on {kind} {object} change"),
            ObjectChange::CommentChanged => format!("the comment on {kind} {object} changes"),
            ObjectChange::Redefined { what, .. } => format!("{kind} {object}: {what}"),
        },
        ChangeKind::Column(_, number, column_change) => {
            let name = schema
                .column(change.kind.object(), *number)
                .or_else(|| after.column(change.kind.object(), *number))
                .map_or_else(String::new, |column| column.name.to_string());
            column_sentence(schema, after, &format!("column {object}.{name}"), column_change)
        }
        ChangeKind::Data(..) => format!("rows of {object}: {}", change.kind.word().trim_start_matches("rows_")),
    }
}

fn column_sentence(before: &Schema, after: &Schema, column: &str, change: &ColumnChange) -> String {
    match change {
        ColumnChange::Added => format!("{column} is added"),
        ColumnChange::Dropped(_) => format!("{column} is dropped"),
        ColumnChange::Renamed { to, .. } => format!("{column} is renamed to {to}"),
        ColumnChange::Retyped { before: was, after: is } => {
            format!("the type of {column} changes from {} to {}", format_type(before, &was.data_type), format_type(after, &is.data_type))
        }
        ColumnChange::NotNullSet => format!("{column} refuses NULL"),
        ColumnChange::NotNullDropped => format!("{column} allows NULL"),
        ColumnChange::GenerationChanged { after: is, .. } => match is.generation {
            ColumnGeneration::None => format!("{column} loses its default"),
            ColumnGeneration::Default(_) => format!("{column} gets another default"),
            ColumnGeneration::Generated(..) => format!("{column} is computed otherwise"),
            ColumnGeneration::Identity(..) => format!("{column} gets an identity"),
        },
        ColumnChange::CollationChanged => format!("{column} gets another collation"),
        ColumnChange::CommentChanged => format!("the comment on {column} changes"),
        ColumnChange::GrantsChanged => format!("privileges on {column} change"),
        ColumnChange::Moved { from, to } => format!("{column} moves from place {} to {}", from + 1, to + 1),
        ColumnChange::OptionsChanged => format!("storage of {column} changes"),
    }
}
