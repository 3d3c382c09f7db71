//! [`Spanned`] values out of a YAML tree: the reader hands over the place together with the value.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::U32Deserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::text::{SourceId, Span, Spanned};

/// The name by which a decoder knows that the place is wanted too.
pub(super) const MARKER: &str = "$fieldgate::yaml::Spanned";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(MARKER, SpannedVisitor(PhantomData))
    }
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

struct SpannedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let missing = || de::Error::custom("the place of a value is not known");
        let source: u32 = parts.next_element()?.ok_or_else(missing)?;
        let start: u32 = parts.next_element()?.ok_or_else(missing)?;
        let end: u32 = parts.next_element()?.ok_or_else(missing)?;
        let value: T = parts.next_element()?.ok_or_else(missing)?;
        Ok(Spanned::new(value, Span::new(SourceId::from_number(source), start, end)))
    }
}

/// Source, start, end and the value itself, as a decoder hands them over.
pub(super) struct Parts<D> {
    numbers: std::array::IntoIter<u32, 3>,
    value: Option<D>,
}

impl<D> Parts<D> {
    pub(super) fn new(span: Span, value: D) -> Self {
        Self { numbers: [span.source.number(), span.start, span.end].into_iter(), value: Some(value) }
    }
}

impl<'de, D: Deserializer<'de>> SeqAccess<'de> for Parts<D> {
    type Error = D::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, D::Error> {
        if let Some(number) = self.numbers.next() {
            let number: U32Deserializer<D::Error> = number.into_deserializer();
            return seed.deserialize(number).map(Some);
        }
        self.value.take().map(|value| seed.deserialize(value)).transpose()
    }
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
