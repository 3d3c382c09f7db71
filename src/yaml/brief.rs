//! A thing that can be written in a mapping, or in short as a word or a list.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// The name by which a decoder knows that the short form is allowed too.
pub(super) const BRIEF: &str = "$fieldgate::yaml::Brief";

/// A thing with a short form.
pub trait Short: Sized {
    /// What stands there in short: [`crate::text::Spanned`] text, a list of it.
    type Form;

    /// The thing that is meant.
    fn from_short(form: Self::Form) -> Self;

    /// The short form, when it says everything and is what should be written.
    fn to_short(&self) -> Option<Self::Form>;
}

/// Reads both forms; writes the one that [`Short::to_short`] chooses.
#[derive(Clone, Debug, Default)]
pub struct Brief<T>(pub T);

impl<'de, T: Short + Deserialize<'de>> Deserialize<'de> for Brief<T>
where
    T::Form: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(BRIEF, BriefVisitor(PhantomData))
    }
}

struct BriefVisitor<T>(PhantomData<T>);

impl<'de, T: Short + Deserialize<'de>> Visitor<'de> for BriefVisitor<T>
where
    T::Form: Deserialize<'de>,
{
    type Value = Brief<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping or its short form")
    }

    /// The long form.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::deserialize(deserializer).map(Brief)
    }

    /// The short form.
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::Form::deserialize(deserializer).map(|form| Brief(T::from_short(form)))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Err(de::Error::custom("nothing stands here"))
    }
}

impl<T: Short + Serialize> Serialize for Brief<T>
where
    T::Form: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_short() {
            Some(form) => form.serialize(serializer),
            None => self.0.serialize(serializer),
        }
    }
}

impl<T: Short + JsonSchema> JsonSchema for Brief<T>
where
    T::Form: JsonSchema,
{
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Owned(format!("Brief_{}", T::schema_name()))
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (long, short) = (generator.subschema_for::<T>(), generator.subschema_for::<T::Form>());
        json_schema!({ "anyOf": [long, short] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Sources, Spanned};
    use crate::yaml::{Entries, read};

    #[derive(Debug, Default, serde::Deserialize, serde::Serialize)]
    #[serde(default, deny_unknown_fields)]
    struct Column {
        #[serde(rename = "type")]
        data_type: Option<Spanned<String>>,
        not_null: bool,
    }

    impl Short for Column {
        type Form = Spanned<String>;

        fn from_short(form: Spanned<String>) -> Self {
            Self { data_type: Some(form), not_null: false }
        }

        fn to_short(&self) -> Option<Spanned<String>> {
            if self.not_null { None } else { self.data_type.clone() }
        }
    }

    #[test]
    fn both_forms_are_read_and_a_slip_in_the_long_one_has_its_place() {
        let mut sources = Sources::default();
        let id = sources.add("a.yml", "phone: text\nid: { type: bigint, not_null: true }\n");
        let columns: Entries<Brief<Column>> = read(&sources, id).unwrap();
        assert_eq!(serde_json::to_string(&columns).unwrap(), r#"{"phone":"text","id":{"type":"bigint","not_null":true}}"#);
        let id = sources.add("b.yml", "phone: text\nid: { type: bigint, notnull: true }\n");
        let problems = read::<Entries<Brief<Column>>>(&sources, id).unwrap_err();
        assert_eq!(problems[0].help.as_deref(), Some("did you mean `not_null`?\nallowed here: type, not_null"));
        assert_eq!(sources.slice(problems[0].span.unwrap()), "notnull");
    }
}
