//! A change as a statement at work finds it.

use super::{ChangeKind, Direction};
use crate::text::Span;

/// A change before it has its number.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) span: Span,
    pub(super) direction: Direction,
    pub(super) kind: ChangeKind,
}
