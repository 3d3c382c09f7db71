//! What is compared, and what a comparison finds.

use super::effect::{Cause, EffectKind, Evidence};
use super::understanding::Understanding;
use crate::schema::{Address, Schema};

/// A subject in one schema.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    /// The schema.
    pub(super) schema: &'a Schema,
    /// What the subject means there.
    pub(super) understanding: &'a Understanding,
}

/// One way in which the subject is worse off.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    /// How it hurts.
    pub(super) kind: EffectKind,
    /// Why.
    pub(super) cause: Cause,
    /// One sentence.
    pub(super) message: String,
    /// What changed, by addresses of the schema before; may be empty.
    pub(super) about: Vec<Address>,
    /// What shows it.
    pub(super) evidence: Evidence,
}
