//! YAML text → [`Node`]: events of the parser crate put together, anchors and merge keys filled in, repeated keys refused.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle as Written, Span as ParserSpan, Tag};

use super::{Entry, Node, NodeKind, ScalarStyle};
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources, Span};

/// Nodes that aliases may add to a document in all. An honest file needs dozens; a "billion laughs" needs more than memory holds.
const MAX_ALIASED_NODES: usize = 100_000;

/// Reads one document. A text without any (empty, only comments) is an empty scalar.
///
/// # Errors
/// When the text is no YAML, holds two documents, or has a key twice in one mapping. The tree is given only when there is none of these.
pub fn parse(sources: &Sources, id: SourceId) -> Result<Node, Vec<Problem>> {
    let text = sources.text(id);
    let mut options = granit_parser::options! {};
    options.set_emit_comments(false);
    let mut builder = Builder { source: id, text, open: Vec::new(), anchors: BTreeMap::new(), aliased: 0, problems: Vec::new(), document: None };
    for event in Parser::new_from_str_with_options(text, options) {
        let taken = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                let at = builder.after(error.marker().byte_offset().unwrap_or(0));
                Err(Problem::error("yaml-invalid", format!("this is not valid YAML: {}", error.info())).at(at))
            }
        };
        if let Err(problem) = taken {
            builder.problems.push(problem);
            break;
        }
    }
    if builder.problems.is_empty() {
        let nothing = Node { kind: NodeKind::Scalar { text: String::new(), style: ScalarStyle::Plain }, span: Span::new(id, 0, 0) };
        return Ok(builder.document.unwrap_or(nothing));
    }
    Err(builder.problems)
}

/// A collection whose end has not come yet.
struct Open {
    anchor: usize,
    span: Span,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, merges: Vec<Node>, key: Option<(String, Span)> },
}

struct Builder<'t> {
    source: SourceId,
    text: &'t str,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    aliased: usize,
    problems: Vec<Problem>,
    document: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: ParserSpan) -> Result<(), Problem> {
        let at = self.span(span);
        match event {
            Event::Scalar(text, written, anchor, tag) => {
                let style = match written {
                    Written::Plain if !is_text_tag(tag.as_deref()) => ScalarStyle::Plain,
                    Written::Plain | Written::SingleQuoted | Written::DoubleQuoted | Written::Literal | Written::Folded => ScalarStyle::Text,
                };
                Self::check_tag(tag.as_deref(), at)?;
                self.close(Node { kind: NodeKind::Scalar { text: text.into_owned(), style }, span: at }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                Self::check_tag(tag.as_deref(), at)?;
                self.open.push(Open { anchor, span: at, kind: OpenKind::Sequence(Vec::new()) });
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                Self::check_tag(tag.as_deref(), at)?;
                self.open.push(Open { anchor, span: at, kind: OpenKind::Mapping { entries: Vec::new(), merges: Vec::new(), key: None } });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            Event::Alias(anchor) => {
                let mut node = self.anchors.get(&anchor).cloned().ok_or_else(|| Problem::error("yaml-invalid", "this alias has no anchor before it").at(at))?;
                self.aliased += count(&node);
                if self.aliased > MAX_ALIASED_NODES {
                    return Err(Problem::error("yaml-too-many-aliases", "the aliases of this file unfold into more nodes than any honest file holds").at(at));
                }
                // A fault inside is shown where the alias stands: that is the use that is wrong.
                node.span = at;
                self.close(node, 0)
            }
            Event::DocumentStart(..) if self.document.is_some() => {
                Err(Problem::error("yaml-two-documents", "a second document begins here, and a file holds one")
                    .at(at)
                    .help("put it into a file of its own, or take the `---` away"))
            }
            // Comments and anchor notes are not asked for; an unresolved alias is an error of the parser unless asked for.
            _ => Ok(()),
        }
    }

    /// A node is complete: it goes into what is open around it.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.document = Some(node);
            return Ok(());
        };
        match &mut parent.kind {
            OpenKind::Sequence(items) => items.push(node),
            OpenKind::Mapping { entries, merges, key } => match key.take() {
                None => *key = Some((key_text(&node)?, node.span)),
                Some((name, _)) if name == "<<" => merges.push(node),
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: node }),
            },
        }
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (kind, last) = match open.kind {
            OpenKind::Sequence(items) => {
                let last = items.last().map(|item| item.span);
                (NodeKind::Sequence(items), last)
            }
            OpenKind::Mapping { entries, merges, .. } => {
                self.refuse_repeated_keys(&entries);
                let last = entries.last().map(|entry| entry.key_span.to(entry.value.span));
                (NodeKind::Mapping(merged(entries, merges)?), last)
            }
        };
        // A block ends where its last child does; the parser's end mark of a block stands on the next line.
        let flow_end = self.text.get(end.start as usize..end.end as usize).is_some_and(|text| text == "]" || text == "}");
        let span = if flow_end { open.span.to(end) } else { last.map_or(open.span, |last| open.span.to(last)) };
        self.close(Node { kind, span }, open.anchor)
    }

    fn refuse_repeated_keys(&mut self, entries: &[Entry]) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for entry in entries {
            match seen.get(entry.key.as_str()) {
                None => {
                    seen.insert(&entry.key, entry.key_span);
                }
                Some(first) => {
                    let problem = Problem::error("yaml-key-twice", format!("`{}` stands twice", entry.key)).at(entry.key_span);
                    self.problems.push(problem.label(*first, "first here").help("keep one of the two, or give one another name"));
                }
            }
        }
    }

    fn check_tag(tag: Option<&Tag>, at: Span) -> Result<(), Problem> {
        match tag {
            Some(tag) if tag.core_suffix().is_none() && tag.suffix() != "!" && !tag.suffix().is_empty() => {
                Err(Problem::error("yaml-unknown-tag", format!("the tag `{}` means nothing here", tag.original())).at(at).help("take the tag away"))
            }
            _ => Ok(()),
        }
    }

    fn span(&self, span: ParserSpan) -> Span {
        let start = span.start.byte_offset().unwrap_or(0);
        let end = span.end.byte_offset().unwrap_or(start).max(start);
        // A block scalar runs to the next line; its place does not.
        let covered = self.text.get(start..end).unwrap_or("").trim_end();
        Span::new(self.source, offset(start), offset(start + covered.len()))
    }

    /// One character at an offset, or the last one before it where the text ends.
    fn after(&self, start: usize) -> Span {
        let start = start.min(self.text.len());
        let length = self.text.get(start..).and_then(|rest| rest.chars().next()).filter(|next| *next != '\n').map_or(0, char::len_utf8);
        Span::new(self.source, offset(start), offset(start + length))
    }
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn is_text_tag(tag: Option<&Tag>) -> bool {
    tag.is_some_and(|tag| tag.core_suffix() == Some("str"))
}

fn key_text(node: &Node) -> Result<String, Problem> {
    match &node.kind {
        NodeKind::Scalar { text, .. } => Ok(text.clone()),
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
            Err(Problem::error("yaml-key-not-text", format!("a key has to be text, and this is {}", node.describe()))
                .at(node.span)
                .help("a value that begins with `{` or `[` has to stand in quotes"))
        }
    }
}

/// The pairs of the mapping itself, then those of its merge keys that it does not have.
fn merged(mut entries: Vec<Entry>, merges: Vec<Node>) -> Result<Vec<Entry>, Problem> {
    for merge in merges {
        let sources = match merge.kind {
            NodeKind::Sequence(items) => items,
            NodeKind::Mapping(_) | NodeKind::Scalar { .. } => vec![merge],
        };
        for source in sources {
            let NodeKind::Mapping(more) = source.kind else {
                return Err(Problem::error("yaml-merge-not-a-mapping", "`<<` takes a mapping, or a list of them").at(source.span));
            };
            let own: std::collections::BTreeSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
            entries.extend(more.into_iter().filter(|entry| !own.contains(&entry.key)));
        }
    }
    Ok(entries)
}

fn count(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Scalar { .. } => 1,
        NodeKind::Sequence(items) => 1 + items.iter().map(count).sum::<usize>(),
        NodeKind::Mapping(entries) => 1 + entries.iter().map(|entry| count(&entry.value)).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Sources, Result<Node, Vec<Problem>>) {
        let mut sources = Sources::default();
        let id = sources.add("test.yml", text);
        let node = parse(&sources, id);
        (sources, node)
    }

    #[test]
    fn every_value_knows_its_place() {
        let (sources, node) = parsed("# head\na: { β: [1, 'two'] }\nb:\n  - |\n    long\n    text\n");
        let node = node.unwrap();
        let inner = node.get("a").and_then(|a| a.get("β")).unwrap();
        assert_eq!(sources.slice(inner.span), "[1, 'two']");
        let NodeKind::Sequence(items) = &inner.kind else { panic!("a list") };
        assert_eq!(items.iter().map(|item| sources.slice(item.span)).collect::<Vec<_>>(), ["1", "'two'"]);
        assert_eq!(sources.place(node.get("b").unwrap().span).start.line, 4);
        assert_eq!(sources.place(node.span).end.line, 6);
    }

    #[test]
    fn a_key_that_stands_twice_is_shown_at_both_places() {
        let (sources, node) = parsed("a: 1\nb: 2\na: 3\n");
        let problems = node.unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].span.map(|span| sources.place(span).start.line), Some(3));
        assert_eq!(sources.place(problems[0].labels[0].span).start.line, 1);
    }

    #[test]
    fn merge_keys_fill_in_what_is_not_there() {
        let (_, node) = parsed("base: &b { owner: Ann, kind: report }\nx: { <<: *b, kind: export }\n");
        let node = node.unwrap();
        let x = node.get("x").unwrap();
        assert_eq!(x.get("owner").unwrap().describe(), "`Ann`");
        assert_eq!(x.get("kind").unwrap().describe(), "`export`");
    }

    #[test]
    fn a_fault_of_the_syntax_is_shown_where_it_is() {
        let (sources, node) = parsed("a: 1\nb: [1, 2\nc: 3\n");
        let problems = node.unwrap_err();
        assert!(problems[0].span.is_some_and(|span| sources.place(span).start.line >= 2), "{problems:?}");
        assert!(parsed("a: 1\n---\nb: 2\n").1.unwrap_err()[0].message.contains("second document"));
        assert!(parsed("a: !env HOME\n").1.unwrap_err()[0].message.contains("!env"));
    }

    #[test]
    fn aliases_cannot_fill_the_memory() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let below = level - 1;
            text.push_str(&format!(
                "a{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}, *a{below}, *a{below}, *a{below}, *a{below}, *a{below}, *a{below}]\n"
            ));
        }
        assert_eq!(parsed(&text).1.unwrap_err()[0].code.0, "yaml-too-many-aliases");
    }

    #[test]
    fn deep_nesting_is_refused_and_not_a_crash() {
        let (_, node) = parsed(&"[".repeat(100_000));
        assert!(node.is_err());
    }
}
