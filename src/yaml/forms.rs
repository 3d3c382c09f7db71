//! Values that may be written short or long: one thing or a list of them, a word or a mapping.
//!
//! The decoder knows these types by their names and chooses by the shape of the node, so that places and unknown keys inside are not lost.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::text::Spanned;

pub(super) const WORD_OR_FIELDS: &str = "$fieldgate::yaml::WordOr";
pub(super) const WORD: &str = "word";
pub(super) const FIELDS: &str = "fields";
pub(super) const ONE_OR_MANY: &str = "$fieldgate::yaml::OneOrMany";
pub(super) const ONE: &str = "one";
pub(super) const MANY: &str = "many";

/// A single word, or a mapping that says more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$fieldgate::yaml::WordOr", rename_all = "lowercase")]
#[schemars(untagged, inline)]
pub enum WordOr<T> {
    /// The short form.
    Word(Spanned<String>),
    /// The long form.
    Fields(T),
}

/// One thing, or a list of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$fieldgate::yaml::OneOrMany", rename_all = "lowercase")]
#[schemars(untagged, inline)]
pub enum OneOrMany<T> {
    /// Written without a list.
    One(T),
    /// Written as a list.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The things in their order.
    pub fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(thing) => vec![thing],
            Self::Many(things) => things,
        }
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}
