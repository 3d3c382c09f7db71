//! A data type as written.

use super::{Ident, ObjectName};
use crate::text::Span;

/// A type name with its modifiers, not yet resolved: `character varying(20)[]`, `app.status`, `timestamp(3) with time zone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// The words of the type, in the spelling of the dialect's parser: multi-word names are joined by one space
    /// (`double precision`, `timestamp with time zone`), lower case unless quoted.
    pub name: ObjectName,
    /// What stands in parentheses: lengths, precision and scale, or words (`geometry(Point, 4326)`), in order, as text.
    pub modifiers: Vec<String>,
    /// How many `[]` follow. PostgreSQL keeps no number of dimensions; others do.
    pub array_dimensions: u8,
    /// Whether a set is meant (`SETOF t`).
    pub set_of: bool,
    /// `t.c%TYPE` in routines: the column whose type is meant; then `name` is empty of meaning.
    pub of_column: Option<Box<(ObjectName, Ident)>>,
    /// Types inside the type: `ARRAY<…>`, `STRUCT<a …>`, `MAP<…, …>` of warehouses; field names where there are any.
    pub arguments: Vec<(Option<Ident>, TypeName)>,
    /// The whole of it.
    pub span: Span,
}
