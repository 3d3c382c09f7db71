//! Facts about what is done to the file of a migration.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, FactValue, Subject};
use super::super::item::{About, Item};
use crate::project::{FileEvent, FileEventKind, Standing};

/// The kinds with their words.
pub(in crate::rules) const KINDS: &[(FileEventKind, &str)] = &[
    (FileEventKind::Edited, "edited"),
    (FileEventKind::Renamed, "renamed"),
    (FileEventKind::Deleted, "deleted"),
    (FileEventKind::OutOfOrder, "out_of_order"),
    (FileEventKind::NumberMissing, "number_missing"),
    (FileEventKind::NumberTwice, "number_twice"),
    (FileEventKind::AllowedByBranch, "allowed_by_branch"),
    (FileEventKind::SignedByBranch, "signed_by_branch"),
    (FileEventKind::ConsumerTakenOut, "consumer_taken_out"),
    (FileEventKind::ConsumerRedefined, "consumer_redefined"),
];

/// The standings with their words.
pub(in crate::rules) const STANDINGS: &[(Standing, &str)] = &[(Standing::Applied, "applied"), (Standing::Waiting, "waiting"), (Standing::Unknown, "unknown")];

const EVENTS: &[&str] = &[
    "edited",
    "renamed",
    "deleted",
    "out_of_order",
    "number_missing",
    "number_twice",
    "allowed_by_branch",
    "signed_by_branch",
    "consumer_taken_out",
    "consumer_redefined",
];
const STANDING_WORDS: &[&str] = &["applied", "waiting", "unknown"];
const LATENESS: &[&str] = &["applied_late", "passed_over"];
const ABOUT_FILES: &[Subject] = &[Subject::File];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("file.event", FactType::Word(EVENTS), ABOUT_FILES, "What is done to it.", |item| {
        word(item, |event| KINDS.iter().find(|(kind, _)| *kind == event.kind).map_or("edited", |(_, word)| word))
    }),
    fact(
        "file.standing",
        FactType::Word(STANDING_WORDS),
        ABOUT_FILES,
        "Whether the warehouse has the migration, by what the snapshot records; `unknown` when it records nothing.",
        |item| word(item, |event| STANDINGS.iter().find(|(standing, _)| *standing == event.standing).map_or("unknown", |(_, word)| word)),
    ),
    fact(
        "file.other",
        FactType::Text,
        ABOUT_FILES,
        "The other migration or file that it is about: the old name, the last one of the base, the one before the gap, the consumer, the department; else empty.",
        |item| word(item, |event| event.other.as_str()),
    ),
    fact(
        "file.lateness",
        FactType::Word(LATENESS),
        ABOUT_FILES,
        "What the runner does with a migration whose number is below the last that is applied: most apply it late, one that only knows its last version never does.",
        |item| word(item, |event| if event.passed_over { "passed_over" } else { "applied_late" }),
    ),
];

fn word(item: &Item<'_>, find: impl Fn(&FileEvent) -> &str) -> FactValue {
    match item.about {
        About::File(event) => find(event).into(),
        _ => "".into(),
    }
}
