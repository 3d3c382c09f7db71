//! Which objects came with an extension, and are made and dropped with it.

use super::{DependencyKind, ObjectId, Schema};

/// The extension that the object is a member of.
pub fn extension_of(schema: &Schema, id: ObjectId) -> Option<ObjectId> {
    schema.dependencies().of_object(id).into_iter().find(|dependency| dependency.kind == DependencyKind::Extension).map(|dependency| dependency.on.object)
}
