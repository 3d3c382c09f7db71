//! What is known of a value while a query is resolved: its type, whether NULL can come, and where it comes from.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::NamedSource;
use crate::name::Name;
use crate::schema::{Address, DataType};
use crate::text::Span;

/// The columns that values flow from.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    /// Columns of the relations that the query names.
    pub direct: BTreeSet<Address>,
    /// The same with views followed down to tables.
    pub followed: BTreeSet<Address>,
    /// Columns of relations that the schema does not know.
    pub named: BTreeSet<NamedSource>,
}

impl Sources {
    /// Takes over everything of another.
    pub fn extend(&mut self, other: &Sources) {
        self.direct.extend(other.direct.iter().copied());
        self.followed.extend(other.followed.iter().copied());
        self.named.extend(other.named.iter().cloned());
    }
}

/// A field of a row value.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub data_type: Option<DataType>,
    /// Where it comes from.
    pub sources: Rc<Sources>,
}

/// A value of an expression.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// Its type; the built-in `unknown` for a bare string, NULL or parameter; `None` when it cannot be derived.
    pub data_type: Option<DataType>,
    /// Whether NULL can come.
    pub nullable: bool,
    /// The text of an untyped literal and where it stands.
    pub literal: Option<(Rc<str>, Span)>,
    /// The fields of a row, when they are known and the type does not say them.
    pub fields: Option<Rc<[Field]>>,
    /// The column it is, when it is nothing but a column.
    pub column: Option<Address>,
    /// The same for equal expressions.
    pub hash: u64,
    /// Whether it gives several rows.
    pub set: bool,
    /// The parameter it is, when it is nothing but one that has no type yet.
    pub parameter: Option<Rc<str>>,
}

impl Value {
    /// A value of a type.
    pub fn of(data_type: Option<DataType>, nullable: bool) -> Self {
        Self { data_type, nullable, literal: None, fields: None, column: None, hash: 0, set: false, parameter: None }
    }

    /// A value of a built-in type.
    pub fn builtin(name: &str, nullable: bool) -> Self {
        Self::of(Some(DataType::builtin(name)), nullable)
    }

    /// A value about which nothing is known.
    pub fn opaque() -> Self {
        Self::of(None, true)
    }

    /// Whether its type is still open: a bare string, NULL or parameter.
    pub fn is_untyped(&self) -> bool {
        self.data_type.as_ref().is_some_and(|data_type| data_type.is_builtin("unknown"))
    }

    /// The same with a hash.
    #[must_use]
    pub fn hashed(mut self, hash: u64) -> Self {
        self.hash = hash;
        self
    }
}

/// One number for an expression out of its head and its parts.
pub(super) fn mix(head: &str, parts: &[u64]) -> u64 {
    let mut hasher = DefaultHasher::new();
    head.hash(&mut hasher);
    parts.hash(&mut hasher);
    hasher.finish()
}

/// A column of a query's result.
#[derive(Clone, Debug)]
pub(super) struct OutputColumn {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Value,
    /// Where its value comes from.
    pub sources: Rc<Sources>,
    /// What is read anew by whoever names it: the columns that only a star brought here.
    pub star_reads: Rc<[Address]>,
    /// Where in the query it is made.
    pub place: Span,
}

/// An item of the select list with the uses in it.
#[derive(Clone)]
pub(super) struct Item {
    /// The column it gives.
    pub column: OutputColumn,
    /// First entry in the log of uses.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Whether an aggregate or a window function stands in it.
    pub computed_over_rows: bool,
}
