//! A fuzzer's bytes choose a written sequence and how its statements are changed; they are read, applied and checked.
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

fuzz_target!(|bytes: &[u8]| {
    static SEQUENCES: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    let sequences = SEQUENCES.get_or_init(written_sequences);
    let all: Vec<&str> = sequences.iter().flatten().map(String::as_str).collect();
    let mut numbers = Numbers::given(bytes);
    let sequence = &sequences[numbers.below(sequences.len())];
    let mut applied = Applied::default();
    let mut changed = Vec::new();
    for text in sequence {
        let text = if numbers.below(3) == 0 { mutated(text, &all, &mut numbers) } else { text.clone() };
        applied.apply(&text);
        changed.push(text);
    }
    let (before, change) = sequence.split_at(sequence.len() / 2);
    check(&before.join(";\n"), &changed[changed.len() - change.len()..].join(";\n"));
});
