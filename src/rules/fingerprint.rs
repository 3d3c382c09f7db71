//! What a finding is told apart by, over runs and moved lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::condition::Facts;
use super::fact_table::fact_named;
use super::item::About;
use super::rule::Rule;

/// How often a rule has said the same of the same thing in a migration, so that two fingerprints are never one.
pub(super) type Keys = BTreeMap<(Arc<str>, Arc<str>, String), u32>;

/// A hash over what does not change when lines move: rule, migration, what it is about, and how often that was said before.
pub(super) fn fingerprint(rule: &Rule, facts: &Facts<'_>, keys: &mut Keys) -> String {
    let migration = facts.item().migration.name.clone();
    let key = key(facts);
    let count = keys.entry((rule.id.clone(), migration.clone(), key.clone())).or_insert(0);
    *count += 1;
    let text = format!("{}\n{migration}\n{key}\n{count}", rule.id);
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(16).fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What a finding is about, in words that stay.
fn key(facts: &Facts<'_>) -> String {
    let text = |name: &str| fact_named(name).map_or_else(String::new, |fact| facts.find(fact).to_sentence());
    let about = match facts.item().about {
        About::Change(_) => [text("change.kind"), text("object.name"), text("column.name")].join(" "),
        About::Statement => text("statement.mentions"),
        About::Table(table) => [table.name.clone(), text("work.operations")].join(" "),
        About::Effect(effect, _) => [&*effect.consumer, effect.cause.as_str(), &text("object.name"), &text("column.name")].join(" "),
        About::Migration | About::WayBack => String::new(),
        About::Refusal(refusal) => [refusal.sqlstate, &refusal.message].join(" "),
        About::MayFail(may_fail) => [may_fail.sqlstate, &may_fail.condition].join(" "),
        About::NotJudged(not_judged) => not_judged.reason.clone(),
        About::Suppression(fault) => [fault.kind.as_str(), &fault.rule].join(" "),
        About::File(event) => [text("file.event"), event.other.clone()].join(" "),
        About::SignOff(fault) => [fault.kind.as_str(), &fault.department].join(" "),
    };
    facts.item().each.map_or(about.clone(), |each| format!("{about} {each}"))
}
