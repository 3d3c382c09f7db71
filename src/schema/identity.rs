//! Identities: what stays the same when a thing is renamed or moved.

/// An object of a [`super::Schema`]; never used twice in one schema and its clones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(super) u32);

/// A column of a relation, 1-based in the order of creation, never used twice in one relation (PostgreSQL's `attnum`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnNumber(pub u16);

/// Which part of an object is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of it.
    Whole,
    /// One column (an attribute of a composite type too).
    Column(ColumnNumber),
    /// The default or generation expression of a column, which can go without the column.
    Default(ColumnNumber),
}

/// An object or a part of one: what a dependency starts from and points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The object.
    pub object: ObjectId,
    /// The part of it.
    pub part: Part,
}

impl Address {
    /// The whole object.
    pub fn whole(object: ObjectId) -> Self {
        Self { object, part: Part::Whole }
    }

    /// A column.
    pub fn column(object: ObjectId, column: ColumnNumber) -> Self {
        Self { object, part: Part::Column(column) }
    }

    /// A column's default or generation expression.
    pub fn default_of(object: ObjectId, column: ColumnNumber) -> Self {
        Self { object, part: Part::Default(column) }
    }
}
