//! Every built-in rule does what its own examples say, through the real simulation.

use std::sync::Arc;

use fieldgate::dialect;
use fieldgate::gate::try_examples;
use fieldgate::rules::load;
use fieldgate::text::Sources;

#[test]
fn every_rule_does_what_its_examples_say() {
    let rules = Arc::new(load(&mut Sources::default(), &[]).unwrap());
    let postgres = dialect::ALL.iter().copied().find(|dialect| dialect.name == "postgres").unwrap();
    let mut faults = Vec::new();
    for rule in rules.iter() {
        for fault in try_examples(&rules, rule, postgres) {
            faults.push(format!("{}: {}: {}", rule.id, fault.example, fault.message));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_rule_shows_a_clean_case_and_says_what_to_do() {
    let rules = load(&mut Sources::default(), &[]).unwrap();
    for rule in rules.iter() {
        assert!(rule.examples.iter().any(|example| example.flagged.is_empty()), "{} has no clean example", rule.id);
        assert!(rule.examples.iter().any(|example| !example.flagged.is_empty()), "{} has no flagged example", rule.id);
        assert!(rule.help_text.is_some() || rule.safe_text.is_some() || rule.link.is_some(), "{} says nothing about the way out", rule.id);
    }
}

#[test]
fn the_rules_of_the_documentation_do_what_their_examples_say() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/own-rules");
    let rules = Arc::new(load(&mut Sources::default(), &[folder]).unwrap());
    let own: Vec<_> = rules.iter().filter(|rule| rule.origin == fieldgate::rules::Origin::Own).collect();
    assert_eq!(own.len(), 5);
    for rule in own {
        assert_eq!(try_examples(&rules, rule, dialect::DEFAULT), []);
    }
}
