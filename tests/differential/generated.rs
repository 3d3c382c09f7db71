//! Sequences made by chance, on both sides.
//!
//! The test runs a fixed number of them, always the same. For long runs: `FIELDGATE_DIFFERENTIAL_CASES` says how many, `FIELDGATE_DIFFERENTIAL_SEED`
//! where to begin; each case has a seed of its own, so that one that fails is run alone by its number and 1 case. Where the two part, the sequence is
//! made as short and simple as it can be while they still part in the same way; each way is told once. A statement with two faults may be refused for
//! either of them: that is counted, not held against the model, as long as it is rare.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::comparison::{Bench, Comparison};
use crate::grammar::Grammar;
use crate::sequence::{Expected, Sequence, Written};

/// How often a sequence is run to make it shorter.
const ATTEMPTS: usize = 150;

/// What is known to differ: how the kind of the difference begins, and why.
const KNOWN: &[(&str, &str)] = &[
    (
        "ALTER SEQUENCE IF EXISTS: server ok, here 42601 conflicting or redundant options",
        "an option that stands twice is refused when the statement is read, before anybody knows that there is no such sequence",
    ),
    (
        "ALTER TABLE RENAME COLUMN: server 42703 column _ does not exist, here not judged: whether a key of the index is called",
        "the model does not know what the server calls the keys of an index, and says so",
    ),
    ("CALL: server 42883 procedure", "a call may be one of a prepared statement, which is not followed: it is not judged"),
];

/// Which cases are run.
pub struct Cases {
    /// The number of the first.
    pub first: u64,
    /// How many.
    pub count: u64,
}

impl Cases {
    /// Those that the environment asks for, else the first `count`.
    pub fn asked(count: u64) -> Self {
        let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")));
        let first = number("FIELDGATE_DIFFERENTIAL_SEED").unwrap_or(0);
        Self { first, count: number("FIELDGATE_DIFFERENTIAL_CASES").unwrap_or(count) }
    }
}

/// What came of a run.
#[derive(Default)]
pub struct Report {
    /// How many statements were run.
    pub statements: usize,
    /// How many of them the server accepted.
    pub accepted: usize,
    /// How often both refuse, but tell another of several faults.
    pub other_faults: usize,
    /// Each way in which the two part, with the simplest sequence.
    pub text: String,
}

/// Runs the cases.
pub fn run(bench: &mut Bench, cases: &Cases) -> Report {
    let strategy = Grammar::read().sequences();
    let mut report = Report::default();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for number in cases.first..cases.first + cases.count {
        let mut tree = tree(&strategy, number);
        let result = bench.run(&sequence(number, tree.current()));
        report.statements += result.statements;
        report.accepted += result.accepted;
        let mut new = None;
        let known = result.differences.iter().filter_map(|difference| KNOWN.iter().find(|(kind, _)| difference.kind.starts_with(kind)));
        for (kind, reason) in known {
            eprintln!("case {number}: known to differ: {kind} ({reason})");
        }
        report.other_faults += result.differences.iter().filter(|difference| difference.is_order).count();
        for difference in result.differences.iter().filter(|difference| KNOWN.iter().all(|(kind, _)| !difference.kind.starts_with(kind))) {
            let times = seen.entry(difference.kind.clone()).or_default();
            *times += 1;
            if *times == 1 && new.is_none() {
                // Which of two faults is told first needs no short sequence to be seen.
                if difference.is_order {
                    eprintln!("case {number}: {}\n{difference}\n", difference.kind);
                } else {
                    new = Some(difference.kind.clone());
                }
            }
        }
        let Some(kind) = new else { continue };
        let simplest = simplest(bench, &mut tree, number, &kind).unwrap_or(result);
        let mut told = format!("case {number}: {kind}\n");
        for statement in &simplest.run {
            writeln!(told, "    {statement};").unwrap();
        }
        for difference in &simplest.differences {
            writeln!(told, "{difference}").unwrap();
        }
        eprintln!("{told}");
        report.text.push_str(&told);
    }
    for (kind, times) in seen.iter().filter(|(_, times)| **times > 1) {
        eprintln!("{times} times: {kind}");
    }
    report
}

fn tree(strategy: &BoxedStrategy<Vec<String>>, number: u64) -> Box<dyn ValueTree<Value = Vec<String>>> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    strategy.new_tree(&mut runner).unwrap()
}

/// The simplest sequence in which the two still part in that way; `None` when none is simpler.
fn simplest(bench: &mut Bench, tree: &mut Box<dyn ValueTree<Value = Vec<String>>>, number: u64, kind: &str) -> Option<Comparison> {
    let mut best = None;
    let mut goes_on = tree.simplify();
    for _ in 0..ATTEMPTS {
        if !goes_on {
            break;
        }
        let result = bench.run_until(&sequence(number, tree.current()), kind);
        let still = result.differences.iter().any(|difference| difference.kind == kind);
        if still {
            best = Some(result);
        }
        goes_on = if still { tree.simplify() } else { tree.complicate() };
    }
    best
}

fn sequence(number: u64, statements: Vec<String>) -> Sequence {
    let written = |(index, text)| Written { text, line: index + 1, expected: Expected::Same };
    Sequence { name: format!("case {number}"), statements: statements.into_iter().enumerate().map(written).collect(), accepted: Vec::new() }
}
