//! Names as they stand in a statement.

use std::fmt;

use crate::name::Name;
use crate::text::Span;

/// One identifier and where it was written. Equal when the folded names are.
#[derive(Clone, Debug)]
pub struct Ident {
    /// Folded.
    pub name: Name,
    /// The word itself, quotes included.
    pub span: Span,
}

impl PartialEq for Ident {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Ident {}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

/// A name of up to three parts: `[database.][schema.]name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    /// The database, as in BigQuery's project or Snowflake's database.
    pub database: Option<Ident>,
    /// The schema (dataset), when written.
    pub schema: Option<Ident>,
    /// The object.
    pub name: Ident,
}

impl ObjectName {
    /// A bare name.
    pub fn bare(name: Ident) -> Self {
        Self { database: None, schema: None, name }
    }

    /// From the first to the last part.
    pub fn span(&self) -> Span {
        let first = self.database.as_ref().or(self.schema.as_ref()).unwrap_or(&self.name);
        first.span.to(self.name.span)
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.database, &self.schema].into_iter().flatten() {
            write!(f, "{part}.")?;
        }
        self.name.fmt(f)
    }
}
