//! Which forms of statement a dialect has beyond the common ones.

use crate::dialect::{Dialect, Grammar};

/// What differs between dialects at the level of words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Forms {
    /// `int unsigned`.
    pub signed_types: bool,
}

impl Forms {
    /// The forms of a dialect.
    pub fn of(dialect: &Dialect) -> Self {
        let is = |all: &[Grammar]| all.contains(&dialect.grammar);
        Self { signed_types: is(&[Grammar::MySql, Grammar::Generic]) }
    }
}
