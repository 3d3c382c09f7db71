//! Whether a statement means a table alone.

/// Whether children are changed too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// `ONLY`.
    Alone,
    /// Children too.
    WithChildren,
}
