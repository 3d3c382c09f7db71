//! A fuzzer's bytes choose a stretch of a written sequence and how its statements are changed; they are read and applied, and now and then checked.
//!
//! The same changes run in a fixed number in `tests/mutations.rs`.

#![no_main]

#[path = "../../tests/mutations/mutation.rs"]
mod mutation;
#[path = "../../tests/mutations/whole_job.rs"]
mod whole_job;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mutation::{Numbers, mutated, written_sequences};
use whole_job::{Applied, check};

/// How many statements of a sequence one run takes: more runs find more than longer ones.
const LONGEST: usize = 12;

fuzz_target!(|bytes: &[u8]| {
    static SEQUENCES: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    let sequences = SEQUENCES.get_or_init(written_sequences);
    let all: Vec<&str> = sequences.iter().flatten().map(String::as_str).collect();
    let mut numbers = Numbers::given(bytes);
    let sequence = &sequences[numbers.below(sequences.len())];
    // The first statements make what the others speak of.
    let first = &sequence[..sequence.len().min(LONGEST / 2)];
    let rest = &sequence[first.len()..];
    let start = numbers.below(rest.len());
    let rest = &rest[start..rest.len().min(start + LONGEST / 2)];
    let mut applied = Applied::default();
    first.iter().for_each(|text| applied.apply(text));
    let mut changed = Vec::new();
    for text in rest {
        let text = if numbers.below(2) == 0 { mutated(text, &all, &mut numbers) } else { text.clone() };
        applied.apply(&text);
        changed.push(text);
    }
    if numbers.below(16) == 0 {
        check(&first.join(";\n"), &changed.join(";\n"));
    }
});
