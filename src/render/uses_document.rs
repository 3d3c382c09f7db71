//! Who depends on a field: for people, for programs, and for a page.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::role_word::role_word;
use crate::catalog::Catalog;
use crate::gate::FieldUses;
use crate::impact::Use;

/// A consumer with its people.
struct Shown<'a> {
    one: &'a Use,
    name: &'a str,
    kind: &'a str,
    department: Option<&'a str>,
    owner: Option<&'a str>,
    email: Option<&'a str>,
}

fn shown<'a>(one: &'a Use, catalog: &'a Catalog) -> Shown<'a> {
    let consumer = catalog.consumers.get(&one.consumer);
    let owner = consumer.and_then(|consumer| consumer.owner.as_ref());
    Shown {
        one,
        name: consumer.map_or(&*one.consumer, |consumer| consumer.name.as_str()),
        kind: consumer.map_or("", |consumer| consumer.kind.as_str()),
        department: consumer.and_then(|consumer| catalog.department_of(consumer)).map(|department| department.name.as_str()),
        owner: owner.map(|owner| owner.name.as_str()),
        email: owner.and_then(|owner| owner.email.as_deref()),
    }
}

impl Shown<'_> {
    fn roles(&self) -> String {
        self.one.roles.iter().map(|role| role_word(*role)).collect::<Vec<_>>().join(", ")
    }

    fn way(&self) -> String {
        self.one.path.iter().map(|step| step.label.as_str()).collect::<Vec<_>>().join(" → ")
    }

    fn people(&self) -> String {
        let owner = match (self.owner, self.email) {
            (Some(name), Some(email)) if name != email => Some(format!("{name} <{email}>")),
            (Some(name), _) => Some(name.to_owned()),
            (None, _) => None,
        };
        [self.department.map(str::to_owned), owner].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// For people.
pub fn uses_text(found: &FieldUses, catalog: &Catalog) -> String {
    let mut text = format!("{}\n", found.field);
    if found.uses.consumers.is_empty() {
        text.push_str("  nobody in the catalog depends on it\n");
    }
    for (title, uses) in [("read by", found.readers().collect::<Vec<_>>()), ("written by", found.writers().collect())] {
        for one in uses {
            let one = shown(one, catalog);
            let people = one.people();
            let people = if people.is_empty() { String::new() } else { format!(" — {people}") };
            let kind = if one.kind.is_empty() { String::new() } else { format!(" ({})", one.kind) };
            text.push_str(&format!("  {title} {}{kind}{people}\n      {}\n", one.name, one.way()));
            if !one.one.roles.is_empty() {
                text.push_str(&format!("      as {}\n", one.roles()));
            }
        }
    }
    for view in &found.uses.views {
        text.push_str(&format!("  used by the view {view}\n"));
    }
    for (consumer, reason) in &found.uses.not_judged {
        text.push_str(&format!("  not judged: {consumer}: {reason}\n"));
    }
    text
}

/// For a page or a comment.
pub fn uses_markdown(found: &FieldUses, catalog: &Catalog) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let mut text = format!("## Who depends on `{}`\n\n", found.field);
    if found.uses.consumers.is_empty() {
        text.push_str("Nobody in the catalog depends on it.\n");
    } else {
        text.push_str("| Consumer | Kind | People | Roles | Way |\n|---|---|---|---|---|\n");
        for one in &found.uses.consumers {
            let one = shown(one, catalog);
            text.push_str(&format!("| {} | {} | {} | {} | {} |\n", cell(one.name), one.kind, cell(&one.people()), one.roles(), cell(&one.way())));
        }
    }
    if !found.uses.views.is_empty() {
        text.push_str(&format!("\nViews: {}\n", found.uses.views.iter().map(|view| format!("`{view}`")).collect::<Vec<_>>().join(", ")));
    }
    if !found.uses.not_judged.is_empty() {
        text.push_str("\n### Not judged\n\n");
        for (consumer, reason) in &found.uses.not_judged {
            text.push_str(&format!("- {}: {}\n", cell(consumer), cell(reason)));
        }
    }
    text
}

/// For programs.
pub fn uses_json(found: &FieldUses, catalog: &Catalog) -> String {
    let consumer = |one: &Use| -> Value {
        let shown = shown(one, catalog);
        let roles: BTreeSet<&str> = one.roles.iter().map(|role| role_word(*role)).collect();
        let path: Vec<Value> = one.path.iter().map(|step| json!({ "kind": step.kind, "label": step.label })).collect();
        json!({
            "consumer": one.consumer,
            "name": shown.name,
            "kind": shown.kind,
            "department": shown.department,
            "owner": shown.owner,
            "email": shown.email,
            "roles": roles,
            "path": path,
        })
    };
    let not_judged: Vec<Value> = found.uses.not_judged.iter().map(|(consumer, reason)| json!({ "consumer": consumer, "reason": reason })).collect();
    let value = json!({
        "schema_version": 1,
        "field": found.field,
        "consumers": found.uses.consumers.iter().map(consumer).collect::<Vec<_>>(),
        "views": found.uses.views,
        "not_judged": not_judged,
    });
    format!("{value:#}\n")
}
