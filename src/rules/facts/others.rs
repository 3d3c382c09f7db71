//! Facts about effects, refusals, doubts and suppressions.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, FactValue, Subject};
use super::super::item::{About, Item, Told};
use super::super::sign_off::{SignOffFault, SignOffFaultKind};
use super::super::suppression::{Fault, FaultKind};
use super::consumers::department;
use crate::impact::Effect;

const KINDS: &[&str] = &["changes_silently", "breaks", "may_fail", "unknown"];
const CRITICALITIES: &[&str] = &["low", "medium", "high", "none"];
const CAUSES: &[&str] = &[
    "column_missing",
    "relation_missing",
    "type_mismatch",
    "ambiguous",
    "grouping",
    "conflict_target",
    "column_count",
    "permission",
    "enum_literal",
    "other_refusal",
    "captured",
    "output_shape",
    "output_type",
    "output_nullability",
    "position",
    "values",
    "rows",
    "writes",
    "not_understood",
];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("effect.kind", FactType::Word(KINDS), &[Subject::Effect], "How it hurts.", |item| {
        effect(item).map_or("unknown", |effect| effect.kind.as_str()).into()
    }),
    fact("effect.cause", FactType::Word(CAUSES), &[Subject::Effect], "Why.", |item| {
        effect(item).map_or("not_understood", |effect| effect.cause.as_str()).into()
    }),
    fact(
        "effect.is_told",
        FactType::Bool,
        &[Subject::Effect],
        "Whether a finding of the migration says already that the consumer is hurt in this way.",
        |item| matches!(item.about, About::Effect(_, Told::Yes)).into(),
    ),
    fact("effect.consumer", FactType::Text, &[Subject::Effect], "The consumer's name.", |item| {
        let catalog = &item.world.input.catalog.consumers;
        effect(item)
            .map_or_else(String::new, |effect| catalog.get(&effect.consumer).map_or_else(|| effect.consumer.to_string(), |consumer| consumer.name.clone()))
            .into()
    }),
    fact("effect.department", FactType::Text, &[Subject::Effect], "Its department; empty when it has none.", |item| {
        effect(item).map_or_else(String::new, |effect| department(item, &effect.consumer)).into()
    }),
    fact("effect.consumer_id", FactType::Text, &[Subject::Effect], "The consumer's id in the catalog.", |item| {
        of_effect(item, |effect| effect.consumer.to_string())
    }),
    fact(
        "effect.criticality",
        FactType::Word(CRITICALITIES),
        &[Subject::Effect],
        "How much hangs on the consumer; `none` when the catalog does not say.",
        |item| {
            let known = effect(item).and_then(|effect| item.world.input.catalog.consumers.get(&effect.consumer));
            let word = known.and_then(|consumer| CRITICALITIES.iter().copied().find(|word| *word == consumer.criticality));
            word.unwrap_or("none").into()
        },
    ),
    fact("effect.message", FactType::Text, &[Subject::Effect], "One sentence for technicians.", |item| of_effect(item, |effect| effect.message.clone())),
    fact("effect.path", FactType::Text, &[Subject::Effect], "From the changed thing to the consumer.", |item| {
        of_effect(item, |effect| effect.path.iter().map(|step| step.label.as_str()).collect::<Vec<_>>().join(" → "))
    }),
    fact("effect.evidence", FactType::Text, &[Subject::Effect], "What shows it, in the server's words where there are any.", |item| {
        of_effect(item, |effect| effect.evidence.message.clone())
    }),
    fact("effect.before", FactType::Text, &[Subject::Effect], "What it was; empty when that is not the point.", |item| {
        of_effect(item, |effect| effect.evidence.before.clone().unwrap_or_default())
    }),
    fact("effect.after", FactType::Text, &[Subject::Effect], "What it is.", |item| of_effect(item, |effect| effect.evidence.after.clone().unwrap_or_default())),
    fact("effect.query", FactType::Text, &[Subject::Effect], "A query that shows or decides it; empty when there is none.", |item| {
        of_effect(item, |effect| effect.evidence.query.clone().unwrap_or_default())
    }),
    fact("refusal.sqlstate", FactType::Text, &[Subject::Refusal], "The server's code.", |item| match item.about {
        About::Refusal(refusal) => refusal.sqlstate.into(),
        _ => "".into(),
    }),
    fact("refusal.message", FactType::Text, &[Subject::Refusal], "The server's words.", |item| match item.about {
        About::Refusal(refusal) => refusal.message.clone().into(),
        _ => "".into(),
    }),
    fact("refusal.detail", FactType::Text, &[Subject::Refusal], "The server's detail; empty when it gives none.", |item| match item.about {
        About::Refusal(refusal) => refusal.detail.clone().unwrap_or_default().into(),
        _ => "".into(),
    }),
    fact("may_fail.sqlstate", FactType::Text, &[Subject::MayFail], "The code it would be refused with.", |item| match item.about {
        About::MayFail(may_fail) => may_fail.sqlstate.into(),
        _ => "".into(),
    }),
    fact("may_fail.condition", FactType::Text, &[Subject::MayFail], "What has to hold.", |item| match item.about {
        About::MayFail(may_fail) => may_fail.condition.clone().into(),
        _ => "".into(),
    }),
    fact("may_fail.query", FactType::Text, &[Subject::MayFail], "A query that decides it; empty when it cannot be asked.", |item| match item.about {
        About::MayFail(may_fail) => may_fail.query.clone().unwrap_or_default().into(),
        _ => "".into(),
    }),
    fact("may_fail.way_out", FactType::Text, &[Subject::MayFail], "How to find out beforehand, with the query when there is one.", |item| match item.about {
        About::MayFail(may_fail) => match &may_fail.query {
            Some(query) if item.world.can_be_asked_before(query) => format!("Ask before the release; no row means that it works:\n{query};").into(),
            Some(query) => format!("Ask on a copy, when the statements before it have run there; no row means that it works:\n{query};").into(),
            None => "It cannot be asked in SQL: try it on a copy of the data before the release.".into(),
        },
        _ => "".into(),
    }),
    fact("not_judged.reason", FactType::Text, &[Subject::NotJudged], "Why it was not understood.", |item| match item.about {
        About::NotJudged(not_judged) => not_judged.reason.clone().into(),
        _ => "".into(),
    }),
    fact("not_judged.touches", FactType::Texts, &[Subject::NotJudged], "What may be other than it seems from here on.", |item| match item.about {
        About::NotJudged(not_judged) => not_judged.touches.iter().map(ToString::to_string).collect::<Vec<_>>().into(),
        _ => Vec::new().into(),
    }),
    fact("suppression.fault", FactType::Word(FaultKind::WORDS), &[Subject::Suppression], "What is wrong with it.", |item| {
        fault(item).map_or("malformed", |fault| fault.kind.as_str()).into()
    }),
    fact("suppression.rule", FactType::Text, &[Subject::Suppression], "The rule it is about; empty when none can be told.", |item| {
        of_fault(item, |fault| fault.rule.clone())
    }),
    fact("suppression.message", FactType::Text, &[Subject::Suppression], "What is wrong, in a few words.", |item| {
        of_fault(item, |fault| fault.message.clone())
    }),
    fact("suppression.nearest", FactType::Text, &[Subject::Suppression], "The rule that was probably meant; empty when none is near.", |item| {
        of_fault(item, |fault| fault.nearest.clone())
    }),
    fact("suppression.hint", FactType::Text, &[Subject::Suppression], "The rule that was probably meant, as a question; empty when none is near.", |item| {
        of_fault(item, |fault| if fault.nearest.is_empty() { String::new() } else { format!("Did you mean {}?", fault.nearest) })
    }),
    fact("suppression.until", FactType::Text, &[Subject::Suppression], "Its last day.", |item| of_fault(item, |fault| fault.until.clone())),
    fact("sign_off.fault", FactType::Word(SignOffFaultKind::WORDS), &[Subject::SignOff], "What is wrong with it.", |item| {
        of_sign_off(item, |fault| fault.kind.as_str().to_owned())
    }),
    fact("sign_off.department", FactType::Text, &[Subject::SignOff], "The department that agreed, by id.", |item| {
        of_sign_off(item, |fault| fault.department.clone())
    }),
    fact("sign_off.message", FactType::Text, &[Subject::SignOff], "What is wrong, in a few words.", |item| of_sign_off(item, |fault| fault.message.clone())),
    fact("each.value", FactType::Text, Subject::ALL, "The element of the list that stands under `each:`; empty for a rule without one.", |item| {
        item.each.unwrap_or("").into()
    }),
    fact("suppression.reason", FactType::Text, &[Subject::Suppression], "Its reason.", |item| of_fault(item, |fault| fault.reason.clone())),
];

fn effect<'a>(item: &Item<'a>) -> Option<&'a Effect> {
    match item.about {
        About::Effect(effect, _) => Some(effect),
        _ => None,
    }
}

fn of_effect(item: &Item<'_>, find: impl Fn(&Effect) -> String) -> FactValue {
    effect(item).map_or_else(String::new, find).into()
}

fn fault<'a>(item: &Item<'a>) -> Option<&'a Fault> {
    match item.about {
        About::Suppression(fault) => Some(fault),
        _ => None,
    }
}

fn of_fault(item: &Item<'_>, find: impl Fn(&Fault) -> String) -> FactValue {
    fault(item).map_or_else(String::new, find).into()
}

fn of_sign_off(item: &Item<'_>, find: impl Fn(&SignOffFault) -> String) -> FactValue {
    match item.about {
        About::SignOff(fault) => find(fault),
        _ => String::new(),
    }
    .into()
}
