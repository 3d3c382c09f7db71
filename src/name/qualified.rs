//! A name with the schema it lives in.

use std::fmt;

use super::Name;

/// `schema.name`, both in stored form. Databases are not part of it: one run judges one database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName {
    /// The schema (namespace).
    pub schema: Name,
    /// The object in it.
    pub name: Name,
}

impl QualifiedName {
    /// Puts the two together.
    pub fn new(schema: Name, name: Name) -> Self {
        Self { schema, name }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

impl serde::Serialize for QualifiedName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
