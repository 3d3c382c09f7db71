//! Facts about who is hit.

use std::collections::BTreeMap;

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, Subject, grouped};
use super::super::item::Item;
use crate::impact::{Effect, EffectKind};

const ABOUT_CONSUMERS: &[Subject] = &[Subject::Change, Subject::Statement, Subject::Table, Subject::Effect, Subject::Migration, Subject::NotJudged];
const WORST: &[&str] = &["changes_silently", "breaks", "may_fail", "unknown", "none", "no_catalog"];

/// Names that a sentence lists before it only counts.
const NAMED: usize = 4;

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact(
        "consumers.worst",
        FactType::Word(WORST),
        ABOUT_CONSUMERS,
        "The worst effect on a consumer; `none` when the catalog has consumers and none is hit, `no_catalog` when it has none.",
        |item| worst(item).into(),
    ),
    fact("consumers.hit", FactType::Int, ABOUT_CONSUMERS, "How many consumers are hit.", |item| by_consumer(item).len().into()),
    fact("consumers.total", FactType::Int, ABOUT_CONSUMERS, "How many consumers the catalog has.", |item| item.world.input.catalog.consumers.len().into()),
    fact("consumers.breaking", FactType::Texts, ABOUT_CONSUMERS, "Names of those that break.", |item| names(item, EffectKind::Breaks).into()),
    fact("consumers.silent", FactType::Texts, ABOUT_CONSUMERS, "Names of those that change silently.", |item| names(item, EffectKind::ChangesSilently).into()),
    fact("consumers.departments", FactType::Texts, ABOUT_CONSUMERS, "Departments of those that are hit; sorted.", |item| departments(item).into()),
    fact("consumers.has_critical", FactType::Bool, ABOUT_CONSUMERS, "Whether one of them is of high criticality.", |item| {
        let catalog = &item.world.input.catalog.consumers;
        by_consumer(item).keys().any(|id| catalog.get(*id).is_some_and(|consumer| consumer.criticality == "high")).into()
    }),
    fact("consumers.sentence", FactType::Text, ABOUT_CONSUMERS, "Who is hit and how, or how many are not; a whole clause for a message.", |item| {
        sentence(item).into()
    }),
];

/// The worst effect on each consumer that is hit.
fn by_consumer<'a>(item: &Item<'a>) -> BTreeMap<&'a str, EffectKind> {
    let mut worst: BTreeMap<&str, EffectKind> = BTreeMap::new();
    for effect in item.effects() {
        let own = worst.entry(&effect.consumer).or_insert(effect.kind);
        *own = effect.kind.min(*own);
    }
    worst
}

fn worst(item: &Item<'_>) -> &'static str {
    if let Some(kind) = by_consumer(item).values().min() {
        return kind.as_str();
    }
    if item.world.input.catalog.consumers.is_empty() { "no_catalog" } else { "none" }
}

fn label(item: &Item<'_>, id: &str) -> String {
    item.world.input.catalog.consumers.get(id).map_or_else(|| id.to_owned(), |consumer| consumer.name.clone())
}

fn names(item: &Item<'_>, kind: EffectKind) -> Vec<String> {
    by_consumer(item).into_iter().filter(|(_, own)| *own == kind).map(|(id, _)| label(item, id)).collect()
}

pub(in crate::rules) fn department(item: &Item<'_>, id: &str) -> String {
    item.world.input.catalog.consumers.get(id).map_or_else(String::new, |consumer| consumer.department.clone())
}

fn departments(item: &Item<'_>) -> Vec<String> {
    let mut all: Vec<String> = by_consumer(item).keys().map(|id| department(item, id)).filter(|name| !name.is_empty()).collect();
    all.sort();
    all.dedup();
    all
}

fn sentence(item: &Item<'_>) -> String {
    let hit = by_consumer(item);
    let total = item.world.input.catalog.consumers.len();
    if hit.is_empty() {
        return nobody(item, total);
    }
    let clauses = [EffectKind::Breaks, EffectKind::ChangesSilently, EffectKind::MayFail, EffectKind::Unknown].map(|kind| {
        let own: Vec<&str> = hit.iter().filter(|(_, one)| **one == kind).map(|(id, _)| *id).collect();
        (!own.is_empty()).then(|| clause(item, kind, &own))
    });
    clauses.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn nobody(item: &Item<'_>, total: usize) -> String {
    if total == 0 {
        return String::from("nobody knows who reads it, because there is no catalog");
    }
    let checked = item.world.input.catalog.last_checked.as_ref();
    let evidence = checked.map_or_else(String::new, |day| format!(", catalog last checked {day}"));
    format!("0 of {} consumers are affected{evidence}", grouped(i64::try_from(total).unwrap_or(i64::MAX)))
}

fn clause(item: &Item<'_>, kind: EffectKind, ids: &[&str]) -> String {
    let mut parts: Vec<String> = ids
        .iter()
        .take(NAMED)
        .map(|id| {
            let department = department(item, id);
            if department.is_empty() { label(item, id) } else { format!("{} ({department})", label(item, id)) }
        })
        .collect();
    if let Some(more) = ids.len().checked_sub(NAMED).filter(|more| *more > 0) {
        parts.push(format!("{more} more"));
    }
    let many = ids.len() > 1;
    let verb = match kind {
        EffectKind::Breaks => {
            if many {
                "break"
            } else {
                "breaks"
            }
        }
        EffectKind::ChangesSilently => {
            if many {
                "change silently"
            } else {
                "changes silently"
            }
        }
        EffectKind::MayFail => "may fail",
        EffectKind::Unknown => "cannot be judged",
    };
    let last = parts.pop().unwrap_or_default();
    if parts.is_empty() { format!("{last} {verb}") } else { format!("{} and {last} {verb}", parts.join(", ")) }
}

/// Consumers of effects, by id, sorted.
pub(in crate::rules) fn ids(effects: &[&Effect]) -> Vec<std::sync::Arc<str>> {
    let mut ids: Vec<_> = effects.iter().map(|effect| effect.consumer.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}
