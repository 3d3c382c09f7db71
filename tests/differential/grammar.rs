//! Statements that are made by chance: a grammar in a text file, as strategies that shrink.
//!
//! In: `grammar.txt`. Out: a strategy of sequences, each with the statements that it begins with. A shorter sequence, an earlier way to write
//! a rule and nothing in place of something are simpler.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;

/// A part of a way to write a rule.
#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Rule(String),
    /// One to three of a rule, with commas.
    List(String),
    /// Something or nothing.
    Optional(Vec<Piece>),
    OneOf(Vec<Vec<Piece>>),
}

/// The rules of a file.
pub struct Grammar {
    rules: BTreeMap<String, Vec<(u32, Vec<Piece>)>>,
    ready: BTreeMap<String, BoxedStrategy<String>>,
    worlds: Vec<Vec<String>>,
}

impl Grammar {
    /// Reads the file.
    pub fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/grammar.txt");
        let text = std::fs::read_to_string(file).unwrap();
        let mut grammar = Self { rules: BTreeMap::new(), ready: BTreeMap::new(), worlds: vec![Vec::new()] };
        let mut rule = String::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some(way) = line.strip_prefix("    ") else {
                line.strip_suffix(':').unwrap_or_else(|| panic!("a rule ends with a colon: {line}")).clone_into(&mut rule);
                if rule.starts_with("world ") {
                    grammar.worlds.push(Vec::new());
                }
                continue;
            };
            if rule.starts_with("world ") {
                grammar.worlds.last_mut().unwrap().push(way.to_owned());
                continue;
            }
            let (weight, way) = match way.split_once("* ") {
                Some((weight, rest)) if weight.trim_end().parse::<u32>().is_ok() => (weight.trim_end().parse().unwrap(), rest),
                _ => (1, way),
            };
            let mut rest = way;
            let pieces = pieces(&mut rest, &[]);
            assert!(rest.is_empty(), "braces do not match: {line}");
            grammar.rules.entry(rule.clone()).or_default().push((weight, pieces));
        }
        grammar
    }

    /// Statements over one of the worlds, or over an empty database.
    pub fn sequences(&mut self) -> BoxedStrategy<Vec<String>> {
        let statement = self.rule("statement");
        let beginnings = self.worlds.clone().into_iter().map(|world| {
            let length = world.len();
            let least = if length > 0 { length - length / 4 } else { 0 };
            (if length > 0 { 4 } else { 1 }, proptest::sample::subsequence(world, least..=length).boxed())
        });
        (Union::new_weighted(beginnings.collect()), vec(statement, 1..14))
            .prop_map(|(beginning, statements)| {
                let statements = statements.into_iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
                // What a block that was left open holds is seen when it is over.
                beginning.into_iter().chain(statements).chain([String::from("COMMIT")]).collect()
            })
            .boxed()
    }

    fn rule(&mut self, name: &str) -> BoxedStrategy<String> {
        if let Some(ready) = self.ready.get(name) {
            return ready.clone();
        }
        let ways = self.rules.remove(name).unwrap_or_else(|| panic!("there is no rule `{name}`, or it needs itself"));
        let ways = ways.iter().map(|(weight, pieces)| (*weight, self.joined(pieces))).collect();
        let strategy = Union::new_weighted(ways).boxed();
        self.ready.insert(name.to_owned(), strategy.clone());
        strategy
    }

    fn joined(&mut self, pieces: &[Piece]) -> BoxedStrategy<String> {
        let parts: Vec<BoxedStrategy<String>> = pieces.iter().map(|piece| self.piece(piece)).collect();
        if let [only] = parts.as_slice() {
            return only.clone();
        }
        parts.prop_map(|parts| parts.concat()).boxed()
    }

    fn piece(&mut self, piece: &Piece) -> BoxedStrategy<String> {
        match piece {
            Piece::Text(text) => Just(text.clone()).boxed(),
            Piece::Rule(name) => self.rule(name),
            Piece::List(name) => vec(self.rule(name), 1..=3).prop_map(|items| items.join(", ")).boxed(),
            Piece::Optional(pieces) => Union::new_weighted(vec![(2, Just(String::new()).boxed()), (1, self.joined(pieces))]).boxed(),
            Piece::OneOf(ways) => Union::new(ways.iter().map(|pieces| self.joined(pieces)).collect::<Vec<_>>()).boxed(),
        }
    }
}

/// Reads up to one of the closing characters, which is left.
fn pieces(rest: &mut &str, closing: &[char]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut characters = rest.chars();
    loop {
        *rest = characters.as_str();
        match characters.next() {
            None => break,
            Some(character) if closing.contains(&character) => break,
            Some('\\') => text.extend(characters.next()),
            Some('{') if characters.as_str().starts_with('}') => {
                characters.next();
                text.push_str("{}");
            }
            Some('{') => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                *rest = characters.as_str();
                pieces.push(braces(rest));
                characters = rest.chars();
            }
            Some(character) => text.push(character),
        }
    }
    if !text.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// Reads what stands between braces, and the closing one.
fn braces(rest: &mut &str) -> Piece {
    if let Some(inside) = rest.strip_prefix('?') {
        *rest = inside;
        let inside = pieces(rest, &['}']);
        *rest = &rest[1..];
        return Piece::Optional(inside);
    }
    let mut ways = Vec::new();
    loop {
        ways.push(pieces(rest, &['|', '}']));
        let closing = rest.starts_with('}');
        *rest = &rest[1..];
        if closing {
            break;
        }
    }
    match ways.as_slice() {
        [way] => match way.as_slice() {
            [Piece::Text(name)] => match name.strip_suffix(',') {
                Some(name) => Piece::List(name.to_owned()),
                None => Piece::Rule(name.clone()),
            },
            _ => panic!("one name, or several ways: {way:?}"),
        },
        _ => Piece::OneOf(ways),
    }
}
