//! Real statements, changed. In: statements of `tests/differential/*.sql` and numbers. Out: other texts, most of them nearly right.

use std::path::Path;

use fieldgate::dialect;
use fieldgate::sql::read_script;
use fieldgate::text::Sources;

/// Numbers that are the same in every run (xorshift64*), or those that a fuzzer gives.
pub struct Numbers<'b> {
    state: u64,
    given: &'b [u8],
}

impl<'b> Numbers<'b> {
    /// Numbers out of a seed.
    #[allow(dead_code, reason = "a fuzzer gives its own")]
    pub fn from_seed(seed: u64) -> Self {
        Self { state: seed | 1, given: &[] }
    }

    /// Numbers that are given; when they are used up, the seed's follow.
    #[allow(dead_code, reason = "only a fuzzer gives numbers")]
    pub fn given(bytes: &'b [u8]) -> Self {
        Self { state: 1, given: bytes }
    }

    /// A number below another.
    pub fn below(&mut self, limit: usize) -> usize {
        let number = match self.given.split_first_chunk::<2>() {
            Some((first, rest)) => {
                self.given = rest;
                u64::from(u16::from_le_bytes(*first))
            }
            None => {
                self.state ^= self.state >> 12;
                self.state ^= self.state << 25;
                self.state ^= self.state >> 27;
                self.state.wrapping_mul(2_685_821_657_736_338_717) >> 33
            }
        };
        usize::try_from(number).unwrap() % limit.max(1)
    }
}

/// The sequences of all files, each a list of statements.
pub fn written_sequences() -> Vec<Vec<String>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The fuzzer's package is a folder of the project.
    let folder = [own.join("tests/differential"), own.join("../tests/differential")].into_iter().find(|folder| folder.is_dir()).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    let mut sequences = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        for part in text.split("-- sequence: ").skip(1) {
            let part = part.split_once('\n').map_or("", |(_, rest)| rest);
            let mut sources = Sources::default();
            let id = sources.add("sequence", part);
            let script = read_script(&sources, id, dialect::named("postgres").unwrap());
            sequences.push(script.statements.iter().map(|statement| sources.slice(statement.span).to_owned()).collect());
        }
    }
    sequences.retain(|sequence: &Vec<String>| !sequence.is_empty());
    sequences
}

/// Words that change what follows.
const WORDS: &[&str] = &[
    " ( ",
    " ) ",
    " , ",
    "; ",
    " ' ",
    " \" ",
    " $$ ",
    " -- ",
    " /* ",
    " */ ",
    " CASCADE ",
    " IF EXISTS ",
    " IF NOT EXISTS ",
    " ONLY ",
    " NULL ",
    " DEFAULT ",
    " AS ",
    " SELECT ",
    " FROM ",
    " WHERE ",
    " * ",
    " :: ",
    " [] ",
    ".",
    " pg_temp.",
    " pg_catalog.",
    " USING ",
    " WITH ",
    " NOT ",
    " ALL ",
    " 9223372036854775808 ",
    " -1 ",
    " 0 ",
    " 1e400 ",
    " E'\\x' ",
    " U&'\\0041' ",
    " \u{0} ",
    " \u{fffd} ",
    " ä ",
    " 🙂 ",
    " \u{202e} ",
    "\u{feff}",
    "\u{200b}",
    "\u{2028}",
    "e\u{0301}",
    " İ ",
    " ſ ",
    "\r\n",
    "\u{7f}",
    " \"\u{0}\" ",
    " \u{10ffff} ",
    " $é$ ",
    " new. ",
    " old.* ",
    " BEGIN ATOMIC ",
    " FOR TABLE ",
    " DO ALSO ",
    " CONCURRENTLY ",
    " PARTITION OF ",
    " INHERITS (t) ",
    " RETURNING * ",
];

/// A statement with one to four changes.
pub fn mutated(text: &str, others: &[&str], numbers: &mut Numbers<'_>) -> String {
    let mut words: Vec<String> = text.split_inclusive([' ', ';', '(', ')', ',', '.', '\'']).map(str::to_owned).collect();
    for _ in 0..=numbers.below(4) {
        if words.is_empty() {
            words.push(String::from("SELECT "));
        }
        let at = numbers.below(words.len());
        match numbers.below(9) {
            0 => {
                words.remove(at);
            }
            1 => words.insert(at, WORDS[numbers.below(WORDS.len())].to_owned()),
            2 => {
                let again = words[numbers.below(words.len())].clone();
                words.insert(at, again);
            }
            3 => {
                let other = numbers.below(words.len());
                words.swap(at, other);
            }
            4 => words.truncate(at + 1),
            5 => {
                let letters: Vec<char> = words[at].chars().collect();
                let cut = numbers.below(letters.len() + 1);
                words[at] = letters.iter().take(cut).chain(letters.iter().skip(cut + 1)).collect();
            }
            6 => {
                let run = at..(at + 1 + numbers.below(6)).min(words.len());
                let times = 1 + numbers.below(20);
                let part = words[run].concat();
                words.insert(at, part.repeat(times));
            }
            _ => {
                let other: Vec<&str> = others[numbers.below(others.len())].split_inclusive([' ', '(', ')', ',']).collect();
                let from = numbers.below(other.len());
                let to = (from + 1 + numbers.below(5)).min(other.len());
                words[at] = other[from..to].concat();
            }
        }
    }
    words.concat()
}
