//! Blocks with letters and words changed at random: the reader of PL/pgSQL and the simulation never panic and always end.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;
use std::time::Instant;

use fieldgate::dialect;
use fieldgate::lineage::Session;
use fieldgate::migrate::{Simulation, StatementId};
use fieldgate::name::Name;
use fieldgate::schema::{ObjectBody, Schema};
use fieldgate::sql::read_script;
use fieldgate::text::Sources;

/// Numbers that are the same in every run (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(2_685_821_657_736_338_717) >> 33).unwrap() % below
    }
}

fn mutated(text: &str, others: &[&str], numbers: &mut Numbers) -> String {
    let mut words: Vec<&str> = text.split_inclusive([' ', ';', '(', ')', ',']).collect();
    for _ in 0..=numbers.next(3) {
        let at = numbers.next(words.len());
        match numbers.next(6) {
            0 => {
                words.remove(at);
            }
            1 => words.insert(at, "end "),
            2 => words.insert(at, ["loop ", "begin ", "if ", "exception when others then ", "execute ", "null; ", "'", "$$ "][numbers.next(8)]),
            3 => {
                let other: Vec<&str> = others[numbers.next(others.len())].split_inclusive(' ').collect();
                words[at] = other[numbers.next(other.len())];
            }
            4 => {
                let again = words[numbers.next(words.len())];
                words.insert(at, again);
            }
            _ => {
                let other = numbers.next(words.len());
                words.swap(at, other);
            }
        }
        if words.is_empty() {
            words.push("do");
        }
    }
    words.concat()
}

#[test]
fn changed_blocks_neither_panic_nor_hang() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/simulation");
    let text = std::fs::read_to_string(folder.join("blocks-and-routines-that-a-migration-runs.sql")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let postgres = dialect::named("postgres").unwrap();
    let mut schema = Schema::new(postgres);
    schema.insert(Name::stored("public"), None, ObjectBody::Schema);
    let session = Session::new(&schema);
    let start = Instant::now();
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut simulation = Simulation::new(schema.clone(), session.clone());
    for round in 0..6_000_usize {
        let index = round % lines.len();
        if index == 0 {
            simulation = Simulation::new(schema.clone(), session.clone());
        }
        // The first lines make the tables that the blocks work on.
        let text = if index < 8 { lines[index].to_owned() } else { mutated(lines[index], &lines, &mut numbers) };
        let mut sources = Sources::default();
        let source = sources.add("block", text.as_str());
        for statement in &read_script(&sources, source, postgres).statements {
            simulation.apply(StatementId { migration: 0, statement: 0 }, statement, &sources);
        }
        assert!(start.elapsed().as_secs() < 300, "it takes too long: {text}");
    }
}
