//! Where a name of an operator, function or type is looked for.

use super::TypeError;
use crate::name::Name;
use crate::schema::{ObjectId, Schema};

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchIn<'p> {
    /// Along these namespaces, in order. `pg_catalog` comes first, unless a namespace of that name stands among them.
    Path(&'p [ObjectId]),
    /// Only in this namespace (`app.f(x)`).
    Namespace(ObjectId),
    /// Only among what the server brings along, in `pg_catalog` or `information_schema`.
    System(Name),
}

impl<'p> SearchIn<'p> {
    /// For a name with or without a schema in front.
    ///
    /// # Errors
    /// `3F000` when there is no such schema.
    pub fn of(schema: &Schema, path: &'p [ObjectId], qualifier: Option<&Name>) -> Result<Self, TypeError> {
        let Some(name) = qualifier else { return Ok(Self::Path(path)) };
        if let "pg_catalog" | "information_schema" = name.as_str() {
            return Ok(Self::System(name.clone()));
        }
        match schema.namespace(name) {
            Some(namespace) => Ok(Self::Namespace(namespace)),
            None => Err(TypeError::new("3F000", format!("schema \"{name}\" does not exist")).or_unknown(schema.why_unknown(name).cloned())),
        }
    }
}
