//! `docs/rules.md` and `docs/facts.md`, printed from the rule files and the table of facts.

use std::fmt::Write as _;

use super::fact_table::fact_table;
use super::fact_type::{FactType, Subject};
use super::rule::{Activation, Rule, kinds_of};
use super::{Family, RuleSet};

/// The page about rules: a list, then each rule.
pub fn rules_page(rules: &RuleSet) -> String {
    let mut page = String::from(
        "# Rules\n\n\
         Printed from the files in `rules/`. `fieldgate explain RULE` shows one of them; `levels:` in `fieldgate.yml` sets how bad a finding is, by rule,\n\
         by family and by path. A rule that is *off* speaks when it is given a level there. A single finding is allowed by a comment before the statement,\n\
         with a last day and a reason:\n\n\
         ```sql\n\
         -- fieldgate: allow column-dropped until 2027-01-31: replaced by contact_phone, signed off by Client Services\n\
         ```\n\n\
         `allow-file` allows it in the whole file. The facts in conditions are in [facts.md](facts.md).\n",
    );
    for (family, title) in [(Family::Contract, "Contract: consumers, data, meaning"), (Family::Operation, "Operation: locks, rewrites, failures, transactions")]
    {
        let _ = write!(page, "\n## {title}\n\n| rule | what it is about | level |\n|---|---|---|\n");
        for rule in rules.iter().filter(|rule| rule.family == family) {
            let off = if rule.activation == Activation::OptIn { "off, else " } else { "" };
            let _ = writeln!(page, "| [{}](#{}) | {} | {off}{} |", rule.id, rule.id, rule.title, rule.level_summary());
        }
    }
    for rule in rules.iter() {
        let _ = write!(page, "\n## {}\n\n{}", rule.id, rule_text(rule));
    }
    page
}

/// One rule in Markdown, for the page and for `explain`.
pub fn rule_text(rule: &Rule) -> String {
    let mut text = format!("{}.\n\n{}\n", rule.title, rule.why);
    let _ = write!(text, "\nLevel: {}.", rule.level_phrase());
    if rule.activation == Activation::OptIn {
        text.push_str(" Off until `levels:` gives it a level.");
    }
    text.push('\n');
    if let Some(help) = &rule.help_text {
        let _ = write!(text, "\n{help}\n");
    }
    if let Some(safe) = &rule.safe_text {
        let _ = write!(text, "\nThe safe way:\n\n```sql\n{safe}\n```\n");
    }
    if let Some(condition) = &rule.condition_text {
        let kinds = if rule.kinds.is_empty() { String::new() } else { format!(", kinds {}", rule.kinds.join(", ")) };
        let _ = write!(text, "\nAsked for each `{}`{kinds}, when:\n\n```cel\n{condition}\n```\n", rule.subject.as_str());
    }
    for example in &rule.examples {
        let verdict = if example.flagged.is_empty() { "Clean" } else { "Flagged" };
        let _ = write!(text, "\n{verdict}: {}.\n\n```sql\n{}\n```\n", example.name.value, example.migration.value.trim());
    }
    if let Some(link) = &rule.link {
        let _ = write!(text, "\nSee <{link}>.\n");
    }
    text
}

/// The page about facts.
pub fn facts_page() -> String {
    let mut page = String::from(
        "# Facts\n\n\
         What the condition (`when:`) and the texts (`message:`, `help:`, `safe:`) of a rule can use. A condition is\n\
         [CEL](https://github.com/google/cel-spec/blob/master/doc/langdef.md); in a text a fact stands in braces, as in `{table.name}`. Names, types and\n\
         words are checked when the rule is read. No fact is ever null: the table says what stands when there is nothing to say. This page is printed from\n\
         the table in `src/rules/facts/`.\n\n\
         ## What a rule is about\n\n| `for:` | what it is asked about | `kinds:` |\n|---|---|---|\n",
    );
    for subject in Subject::ALL {
        let kinds = kinds_of(*subject);
        let kinds = if kinds.is_empty() { String::from("–") } else { kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(" ") };
        let _ = writeln!(page, "| `{}` | {} | {kinds} |", subject.as_str(), subject.about());
    }
    page.push_str("\n## All facts\n\n| fact | type | what it says | known `for:` |\n|---|---|---|---|\n");
    for fact in fact_table() {
        let words = match fact.data_type {
            FactType::Word(words) | FactType::Words(words) if words.len() <= 24 => {
                format!(" One of: {}.", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "))
            }
            FactType::Word(_) | FactType::Words(_) => String::from(" The words are the kinds above."),
            FactType::Bool | FactType::Int | FactType::Text | FactType::Texts => String::new(),
        };
        let known = if fact.subjects.len() == Subject::ALL.len() {
            String::from("all")
        } else {
            fact.subjects.iter().map(|subject| subject.as_str()).collect::<Vec<_>>().join(", ")
        };
        let _ = writeln!(page, "| `{}` | {} | {}{words} | {known} |", fact.name, fact.data_type.title(), fact.about);
    }
    page
}
