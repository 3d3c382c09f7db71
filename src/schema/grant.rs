//! A privilege that somebody has on an object or a column.

use std::sync::Arc;

use crate::name::Name;

/// One privilege of one grantee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantEntry {
    /// A role, or `None` for `PUBLIC`.
    pub grantee: Option<Name>,
    /// `SELECT` …, upper case.
    pub privilege: Arc<str>,
    /// `WITH GRANT OPTION`.
    pub grant_option: bool,
}
