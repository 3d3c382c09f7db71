//! The tree of a YAML document: values with their places, scalars with the text they were written with.

use crate::text::Span;

/// How a scalar was written, as far as its meaning depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes: `5`, `true`, `~` and `2026-10-01` may be something else than text.
    Plain,
    /// In quotes or as a block: always text.
    Text,
}

/// One pair of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A single value, as it was written; what it is (text, number …) is decided by who reads it.
    Scalar {
        /// After escapes.
        text: String,
        /// Whether it may be something else than text.
        style: ScalarStyle,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Pairs in the order of the file; no key twice.
    Mapping(Vec<Entry>),
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// From its first to its last character.
    pub span: Span,
}

impl Node {
    /// The value of a key, when this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            NodeKind::Mapping(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) => None,
        }
    }

    /// For people: `a list`, `a mapping`, `the text "x"`.
    pub fn describe(&self) -> String {
        match &self.kind {
            NodeKind::Sequence(_) => String::from("a list"),
            NodeKind::Mapping(_) => String::from("a mapping"),
            NodeKind::Scalar { text, style: ScalarStyle::Plain } if super::scalar::is_null(text) => String::from("nothing"),
            NodeKind::Scalar { text, .. } => format!("`{}`", shortened(text)),
        }
    }
}

/// The first line of a text, cut where it gets long.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let line = text.lines().next().unwrap_or("");
    let mut short: String = line.chars().take(SHOWN).collect();
    if short.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}
