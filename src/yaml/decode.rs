//! [`Node`] → a type that derives `Deserialize`, with the place of every fault.

use std::cell::RefCell;

use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor, value::StrDeserializer};
use serde::forward_to_deserialize_any;

use super::decode_error::DecodeError;
use super::scalar::{self, Resolved};
use super::{Entry, Node, NodeKind, ScalarStyle, brief, entries, forms, parse, spanned};
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources, Span};

/// Reads a whole text as a type.
///
/// # Errors
/// All faults that were found, in the order of the text.
pub fn read<T: DeserializeOwned>(sources: &Sources, id: SourceId) -> Result<T, Vec<Problem>> {
    match decode(&parse(sources, id)?) {
        (Some(value), problems) if problems.is_empty() => Ok(value),
        (_, problems) => Err(problems),
    }
}

/// Reads a tree as a type. Beside faults there may still be a value: without the unknown keys, and without the entries of [`super::Entries`] that do not fit.
pub fn decode<T: DeserializeOwned>(node: &Node) -> (Option<T>, Vec<Problem>) {
    let record = Record::default();
    let value = T::deserialize(Decoder { node, place: node.span, record: &record }).ok();
    let mut problems = record.problems.into_inner();
    problems.sort_by_key(|problem| problem.span.map_or(0, |span| span.start));
    (value, problems)
}

/// What was found so far.
#[derive(Default)]
struct Record {
    problems: RefCell<Vec<Problem>>,
}

/// One node on its way into a type.
#[derive(Clone, Copy)]
struct Decoder<'n> {
    node: &'n Node,
    /// Where a fault of the whole node is shown: the value itself when it is short, else the key it belongs to.
    place: Span,
    record: &'n Record,
}

impl<'n> Decoder<'n> {
    fn of_value(entry: &'n Entry, record: &'n Record) -> Self {
        let place = match entry.value.kind {
            NodeKind::Scalar { .. } if !entry.value.span.is_empty() => entry.value.span,
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) | NodeKind::Mapping(_) => entry.key_span,
        };
        Self { node: &entry.value, place, record }
    }

    fn of_item(node: &'n Node, record: &'n Record) -> Self {
        Self { node, place: node.span, record }
    }

    /// Writes a fault down with this node's place, once.
    fn caught<T>(self, result: Result<T, DecodeError>) -> Result<T, DecodeError> {
        result.map_err(|error| {
            if let Some(problem) = error.into_problem(self.node, self.place) {
                self.record.problems.borrow_mut().push(problem);
            }
            DecodeError::Recorded
        })
    }

    /// The text of a scalar and how it was written; `None` for collections.
    fn scalar(self) -> Option<(&'n str, ScalarStyle)> {
        match &self.node.kind {
            NodeKind::Scalar { text, style } => Some((text, *style)),
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => None,
        }
    }

    fn is_nothing(self) -> bool {
        self.scalar().is_some_and(|(text, style)| style == ScalarStyle::Plain && scalar::is_null(text))
    }

    fn plain(self) -> Option<&'n str> {
        self.scalar().filter(|(_, style)| *style == ScalarStyle::Plain).map(|(text, _)| text)
    }

    fn any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.node.kind {
            NodeKind::Sequence(items) => visitor.visit_seq(Items { items: items.iter(), record: self.record }),
            NodeKind::Mapping(entries) => visitor.visit_map(Pairs { entries: entries.iter(), value: None, record: self.record }),
            NodeKind::Scalar { text, style: ScalarStyle::Text } => visitor.visit_str(text),
            NodeKind::Scalar { text, style: ScalarStyle::Plain } => match scalar::resolve(text) {
                Resolved::Null => visitor.visit_unit(),
                Resolved::Bool(value) => visitor.visit_bool(value),
                Resolved::Unsigned(value) => visitor.visit_u64(value),
                Resolved::Signed(value) => visitor.visit_i64(value),
                Resolved::Float(value) => visitor.visit_f64(value),
                Resolved::Text(text) => visitor.visit_str(text),
            },
        }
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.scalar() {
            Some((text, _)) if !self.is_nothing() => visitor.visit_str(text),
            Some(_) | None => Err(DecodeError::Expected(String::from("text"))),
        }
    }

    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let wanted = || DecodeError::Expected(String::from("a whole number"));
        let value = self.plain().and_then(scalar::as_integer).ok_or_else(wanted)?;
        match (u64::try_from(value), i64::try_from(value)) {
            (Ok(value), _) => visitor.visit_u64(value),
            (Err(_), Ok(value)) => visitor.visit_i64(value),
            (Err(_), Err(_)) => Err(wanted()),
        }
    }

    fn float<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let value = self.plain().and_then(scalar::as_float).ok_or_else(|| DecodeError::Expected(String::from("a number")))?;
        visitor.visit_f64(value)
    }

    fn sequence<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.node.kind {
            NodeKind::Sequence(items) => visitor.visit_seq(Items { items: items.iter(), record: self.record }),
            NodeKind::Scalar { .. } | NodeKind::Mapping(_) => Err(DecodeError::Expected(String::from("a list"))),
        }
    }

    fn mapping<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.node.kind {
            NodeKind::Mapping(entries) => visitor.visit_map(Pairs { entries: entries.iter(), value: None, record: self.record }),
            NodeKind::Scalar { .. } if self.is_nothing() => visitor.visit_map(Pairs { entries: [].iter(), value: None, record: self.record }),
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) => Err(DecodeError::Expected(String::from("a mapping"))),
        }
    }

    /// A mapping whose keys are known: others are written down and left out, so that the rest is still read.
    fn fields<'de, V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, DecodeError> {
        let NodeKind::Mapping(entries) = &self.node.kind else { return self.mapping(visitor) };
        let mut known = Vec::with_capacity(entries.len());
        for entry in entries {
            if fields.contains(&entry.key.as_str()) {
                known.push(entry);
                continue;
            }
            let problem = Problem::error("yaml-unknown-key", format!("unknown key `{}`", entry.key)).at(entry.key_span);
            self.record.problems.borrow_mut().push(problem.allowed(&entry.key, fields.iter().copied()));
        }
        visitor.visit_map(Pairs { entries: known.into_iter(), value: None, record: self.record })
    }

    fn variant<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.node.kind {
            NodeKind::Scalar { text, .. } if !self.is_nothing() => visitor.visit_enum(IntoDeserializer::<DecodeError>::into_deserializer(text.as_str())),
            NodeKind::Mapping(entries) => match entries.as_slice() {
                [entry] => visitor.visit_enum(Variant { entry, record: self.record }),
                _ => Err(DecodeError::Expected(String::from("a mapping with one key"))),
            },
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) => Err(DecodeError::Expected(String::from("a word"))),
        }
    }
}

/// Methods that only choose how the node is read.
macro_rules! read_as {
    ($($method:ident => $how:ident),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            self.caught(self.$how(visitor))
        })*
    };
}

impl<'de> de::Deserializer<'de> for Decoder<'_> {
    type Error = DecodeError;

    read_as! {
        deserialize_any => any,
        deserialize_str => text, deserialize_string => text, deserialize_identifier => text, deserialize_char => text,
        deserialize_i8 => integer, deserialize_i16 => integer, deserialize_i32 => integer, deserialize_i64 => integer,
        deserialize_u8 => integer, deserialize_u16 => integer, deserialize_u32 => integer, deserialize_u64 => integer,
        deserialize_f32 => float, deserialize_f64 => float,
        deserialize_seq => sequence, deserialize_map => mapping,
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let value = self.plain().and_then(scalar::as_bool).ok_or_else(|| DecodeError::Expected(String::from("`true` or `false`")));
        self.caught(value.and_then(|value| visitor.visit_bool(value)))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.is_nothing() { self.caught(visitor.visit_none()) } else { self.caught(visitor.visit_some(self)) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let nothing = if self.is_nothing() { Ok(()) } else { Err(DecodeError::Expected(String::from("nothing"))) };
        self.caught(nothing.and_then(|()| visitor.visit_unit()))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, DecodeError> {
        if name == spanned::MARKER {
            return self.caught(visitor.visit_seq(spanned::Parts::new(self.node.span, self)));
        }
        if name == brief::BRIEF {
            return match &self.node.kind {
                NodeKind::Mapping(_) => self.caught(visitor.visit_newtype_struct(self)),
                NodeKind::Scalar { .. } | NodeKind::Sequence(_) => self.caught(visitor.visit_some(self)),
            };
        }
        if name == entries::LENIENT {
            return visitor.visit_newtype_struct(self);
        }
        self.caught(visitor.visit_newtype_struct(self))
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, fields: &'static [&'static str], visitor: V) -> Result<V::Value, DecodeError> {
        self.caught(self.fields(fields, visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(self, name: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, DecodeError> {
        let is_list = matches!(self.node.kind, NodeKind::Sequence(_));
        match (name, self.scalar()) {
            (forms::WORD_OR_FIELDS, Some(_)) => visitor.visit_enum(Form { name: forms::WORD, content: self }),
            (forms::WORD_OR_FIELDS, None) => visitor.visit_enum(Form { name: forms::FIELDS, content: self }),
            (forms::ONE_OR_MANY, _) => visitor.visit_enum(Form { name: if is_list { forms::MANY } else { forms::ONE }, content: self }),
            _ => self.caught(self.variant(visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }
}

/// The items of a list, one after the other.
struct Items<'n> {
    items: std::slice::Iter<'n, Node>,
    record: &'n Record,
}

impl<'de> de::SeqAccess<'de> for Items<'_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DecodeError> {
        self.items.next().map(|node| seed.deserialize(Decoder::of_item(node, self.record))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The pairs of a mapping, one after the other.
struct Pairs<'n, I> {
    entries: I,
    value: Option<&'n Entry>,
    record: &'n Record,
}

impl<'de, 'n, I: Iterator<Item = &'n Entry>> de::MapAccess<'de> for Pairs<'n, I> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        self.value = self.entries.next();
        self.value.map(|entry| seed.deserialize(Key { entry, record: self.record })).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        let entry = self.value.take().ok_or_else(|| DecodeError::Custom(String::from("a value is asked for before its key")))?;
        seed.deserialize(Decoder::of_value(entry, self.record))
    }
}

/// A key on its way into a type.
#[derive(Clone, Copy)]
struct Key<'n> {
    entry: &'n Entry,
    record: &'n Record,
}

impl Key<'_> {
    fn caught<T>(self, result: Result<T, DecodeError>) -> Result<T, DecodeError> {
        result.map_err(|error| {
            if let Some(problem) = error.into_problem(&self.entry.value, self.entry.key_span) {
                self.record.problems.borrow_mut().push(problem);
            }
            DecodeError::Recorded
        })
    }
}

impl<'de> de::Deserializer<'de> for Key<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.caught(visitor.visit_str(&self.entry.key))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, DecodeError> {
        if name == spanned::MARKER {
            return self.caught(visitor.visit_seq(spanned::Parts::new(self.entry.key_span, self)));
        }
        self.caught(visitor.visit_newtype_struct(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, DecodeError> {
        let key: StrDeserializer<'_, DecodeError> = self.entry.key.as_str().into_deserializer();
        self.caught(visitor.visit_enum(key))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// `variant: value`.
struct Variant<'n> {
    entry: &'n Entry,
    record: &'n Record,
}

impl<'de, 'n> de::EnumAccess<'de> for Variant<'n> {
    type Error = DecodeError;
    type Variant = Decoder<'n>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), DecodeError> {
        let name = seed.deserialize(Key { entry: self.entry, record: self.record })?;
        Ok((name, Decoder::of_value(self.entry, self.record)))
    }
}

/// A node that is read by its shape: the shape is the variant, the node itself its content.
struct Form<'n> {
    name: &'static str,
    content: Decoder<'n>,
}

impl<'de, 'n> de::EnumAccess<'de> for Form<'n> {
    type Error = DecodeError;
    type Variant = Decoder<'n>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), DecodeError> {
        let name: StrDeserializer<'_, DecodeError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self.content))
    }
}

impl<'de> de::VariantAccess<'de> for Decoder<'_> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        let nothing = if self.is_nothing() { Ok(()) } else { Err(DecodeError::Expected(String::from("nothing"))) };
        self.caught(nothing)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, DecodeError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.caught(self.sequence(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, DecodeError> {
        self.caught(self.fields(fields, visitor))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::text::Spanned;
    use crate::yaml::Entries;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Report,
        DataExport,
        Other(String),
    }

    #[derive(Debug, Deserialize)]
    struct Thing {
        name: Spanned<String>,
        kind: Kind,
        count: Option<u8>,
        #[serde(default)]
        on: bool,
    }

    #[derive(Debug, Deserialize)]
    struct File {
        things: Entries<Thing>,
        #[serde(default)]
        extra: BTreeMap<String, serde_json::Value>,
    }

    fn read_text(text: &str) -> (Sources, Option<File>, Vec<Problem>) {
        let mut sources = Sources::default();
        let id = sources.add("test.yml", text);
        let (file, problems) = decode(&parse(&sources, id).unwrap());
        (sources, file, problems)
    }

    fn line(sources: &Sources, problem: &Problem) -> (u32, u32) {
        let start = sources.place(problem.span.unwrap()).start;
        (start.line, start.column)
    }

    #[test]
    fn values_keep_their_place_and_their_text() {
        let (sources, file, problems) = read_text(
            "things:\n  a: { name: 15.10, kind: data-export, count: 7, on: true }\n  b: { name: x, kind: { other: y } }\nextra: { n: [1, two, null] }\n",
        );
        assert_eq!(problems, []);
        let file = file.unwrap();
        let (key, thing) = &file.things.0[0];
        assert_eq!((key.value.as_str(), thing.name.value.as_str(), sources.slice(thing.name.span)), ("a", "15.10", "15.10"));
        assert_eq!((&thing.kind, thing.count, thing.on), (&Kind::DataExport, Some(7), true));
        assert_eq!(file.things.0[1].1.kind, Kind::Other(String::from("y")));
        assert_eq!(file.extra["n"], serde_json::json!([1, "two", null]));
    }

    #[test]
    fn all_faults_are_told_at_once_and_the_rest_is_read() {
        let text = "things:\n  a: { nme: x, kind: report }\n  b: { name: x, kind: reprot }\n  c: { name: x, kind: report, count: 300 }\n  d: { name: ok, kind: report }\nextras: {}\n";
        let (sources, file, problems) = read_text(text);
        let told: Vec<_> = problems.iter().map(|problem| (line(&sources, problem), problem.message.as_str())).collect();
        assert_eq!(
            told,
            [
                ((2, 3), "`name` is missing"),
                ((2, 8), "unknown key `nme`"),
                ((3, 23), "`reprot` is not known here"),
                ((4, 38), "a whole number from 0 to 255 is needed here, and this is `300`"),
                ((6, 1), "unknown key `extras`"),
            ]
        );
        assert_eq!(problems[1].help.as_deref(), Some("did you mean `name`?\nallowed here: name, kind, count, on"));
        assert_eq!(file.unwrap().things.0.len(), 1);
    }

    #[test]
    fn a_wrong_shape_is_said_in_words() {
        let (sources, _, problems) = read_text("things: [a]\n");
        assert_eq!((line(&sources, &problems[0]), problems[0].message.as_str()), ((1, 1), "a mapping is needed here, and this is a list"));
        let (_, _, problems) = read_text("things:\n  a: { name: [x], kind: report, on: yes }\n");
        assert_eq!(problems[0].message, "text is needed here, and this is a list");
    }
}
