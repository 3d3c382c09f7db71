//! On which occasion a constraint is added: whether rows can be in its way.

/// Where a constraint is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// `CREATE TABLE`: there is no row yet.
    NewTable,
    /// `ALTER TABLE`: rows may be in the way.
    OldTable,
    /// `ADD COLUMN` of one that is NULL in every row: there is nothing to look up, and nothing that could be there twice.
    EmptyColumn,
}
