//! Where a name of an operator, function or type is looked for.

use super::TypeError;
use super::type_key::Types;
use crate::dialect::ExtensionCode;
use crate::name::Name;
use crate::schema::{ObjectId, Schema};

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchIn<'p> {
    /// Along these namespaces, in order. `pg_catalog` comes first, unless a namespace of that name stands among them.
    Path(&'p [ObjectId]),
    /// Only in this namespace (`app.f(x)`); the path decides how types are called in messages.
    Namespace(ObjectId, &'p [ObjectId]),
    /// Only among what the server brings along, in `pg_catalog` or `information_schema`.
    System(Name, &'p [ObjectId]),
}

impl<'p> SearchIn<'p> {
    /// For a name with or without a schema in front.
    ///
    /// # Errors
    /// `3F000` when there is no such schema.
    pub fn of(schema: &Schema, path: &'p [ObjectId], qualifier: Option<&Name>) -> Result<Self, TypeError> {
        let Some(name) = qualifier else { return Ok(Self::Path(path)) };
        if let "pg_catalog" | "information_schema" = name.as_str() {
            return Ok(Self::System(name.clone(), path));
        }
        match schema.namespace(name) {
            Some(namespace) => Ok(Self::Namespace(namespace, path)),
            None => Err(TypeError::new("3F000", format!("schema \"{name}\" does not exist")).or_unknown(schema.why_unknown(name).cloned())),
        }
    }

    /// The namespaces that bare type names in a message are measured by.
    pub(super) fn path(&self) -> &[ObjectId] {
        match self {
            Self::Path(path) | Self::Namespace(_, path) | Self::System(_, path) => path,
        }
    }

    /// The schema as it was written in front of the name.
    pub(super) fn qualifier(&self, schema: &Schema) -> Option<Name> {
        match self {
            Self::Path(_) => None,
            Self::Namespace(id, _) => schema.get(*id).map(|object| object.name.clone()),
            Self::System(name, _) => Some(name.clone()),
        }
    }

    /// The namespaces of the schema to look in, each with its rank: what is found in a lower rank hides the same in a higher one.
    pub(super) fn namespaces(&self) -> Vec<(usize, ObjectId)> {
        match self {
            Self::Path(path) => path.iter().enumerate().map(|(place, id)| (place + 1, *id)).collect(),
            Self::Namespace(id, _) => vec![(1, *id)],
            Self::System(..) => Vec::new(),
        }
    }

    /// The rank of what the server brings along in one of its schemas (`None` is `pg_catalog`); `None` when it is not looked at.
    pub(super) fn rank_of_system(&self, schema: &Schema, system_schema: Option<&str>) -> Option<usize> {
        let wanted = system_schema.unwrap_or("pg_catalog");
        match self {
            Self::Path(path) => {
                let named = path.iter().position(|id| schema.get(*id).is_some_and(|space| space.name.as_str() == wanted));
                match (named, system_schema) {
                    (Some(place), _) => Some(place + 1),
                    (None, None) => Some(0),
                    (None, Some(_)) => None,
                }
            }
            Self::Namespace(..) => None,
            Self::System(name, _) => (name.as_str() == wanted).then_some(0),
        }
    }

    /// The rank of what an extension brings along; `None` when it is not installed or lives where nobody looks.
    pub(super) fn rank_of_extension(&self, types: &Types<'_>, extension: ExtensionCode) -> Option<usize> {
        let installed = types.installed(extension)?;
        let Some(home) = types.extension_schema(installed) else {
            return if matches!(self, Self::System(..)) { None } else { Some(usize::MAX) };
        };
        self.namespaces().iter().find(|(_, id)| *id == home).map(|(rank, _)| *rank)
    }
}
