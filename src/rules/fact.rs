//! One row of the table of facts: name, type, what it says, for whom, and how it is found.

use super::fact_type::{FactType, FactValue, Subject};
use super::item::Item;

/// One fact that conditions and messages can use.
#[derive(Clone, Copy)]
pub struct Fact {
    /// `group.name`.
    pub name: &'static str,
    /// Its type.
    pub data_type: FactType,
    /// What it says, with what stands when there is nothing to say.
    pub about: &'static str,
    /// What it can be asked about.
    pub subjects: &'static [Subject],
    pub(super) find: fn(&Item<'_>) -> FactValue,
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fact").field("name", &self.name).field("data_type", &self.data_type).finish_non_exhaustive()
    }
}

/// A row; the order of arguments is that of the documentation.
pub(super) const fn fact(name: &'static str, data_type: FactType, subjects: &'static [Subject], about: &'static str, find: fn(&Item<'_>) -> FactValue) -> Fact {
    Fact { name, data_type, about, subjects, find }
}
