//! A resolved type: which one, with which modifiers, array or not.

use std::sync::Arc;

use super::ObjectId;

/// Which type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeIdentity {
    /// One that the database brings along, by its internal name (`int4`, `timestamptz`).
    Builtin(Arc<str>),
    /// An enum, domain, composite or range of the schema, or the row type of a table or view.
    Object(ObjectId),
    /// A name that nothing known answers to; kept as written so that it is shown, and equal only to itself.
    Unknown(Arc<str>),
}

/// A type as a column or an expression has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataType {
    /// Which type; for an array the element's.
    pub identity: TypeIdentity,
    /// Modifiers in normal form: `["10", "2"]` of `numeric(10,2)`, `["20"]` of `varchar(20)`, `["day to second", "3"]` of an interval.
    /// Empty means none was given, which is not the same as a default (`numeric` is unbounded; `char` is normalised to `["1"]`).
    pub modifiers: Arc<[String]>,
    /// Whether it is an array. PostgreSQL keeps no number of dimensions.
    pub array: bool,
}

impl DataType {
    /// A built-in type without modifiers.
    pub fn builtin(name: &str) -> Self {
        Self { identity: TypeIdentity::Builtin(name.into()), modifiers: Arc::from([]), array: false }
    }

    /// A type of the schema without modifiers.
    pub fn object(id: ObjectId) -> Self {
        Self { identity: TypeIdentity::Object(id), modifiers: Arc::from([]), array: false }
    }

    /// The same with modifiers.
    #[must_use]
    pub fn with_modifiers(mut self, modifiers: impl Into<Arc<[String]>>) -> Self {
        self.modifiers = modifiers.into();
        self
    }

    /// An array of it.
    #[must_use]
    pub fn array_of(mut self) -> Self {
        self.array = true;
        self
    }

    /// The same type without its modifiers.
    #[must_use]
    pub fn without_modifiers(&self) -> Self {
        Self { identity: self.identity.clone(), modifiers: Arc::from([]), array: self.array }
    }

    /// Whether it is the built-in type of that internal name, or an array of it.
    pub fn without_array_is(&self, name: &str) -> bool {
        matches!(&self.identity, TypeIdentity::Builtin(own) if &**own == name)
    }

    /// Whether it is the built-in type of that internal name, no array.
    pub fn is_builtin(&self, name: &str) -> bool {
        !self.array && matches!(&self.identity, TypeIdentity::Builtin(own) if &**own == name)
    }
}
