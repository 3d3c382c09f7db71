//! Extensions: what they bring along, when they are known.
//!
//! In: `CREATE EXTENSION`. Out: the extension with the types of its own as members; its routines and operators are found by `typing` once the
//! extension is there. One whose contents are not known leaves what it may bring unknown.

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{Address, Dependency, DependencyKind, Extension, NameSpace, ObjectBody, ObjectId};
use crate::sql::tree::{CreateExtension, ObjectName};

impl Work<'_> {
    /// `CREATE EXTENSION`.
    pub(super) fn create_extension(&mut self, statement: &CreateExtension) -> Applied {
        let name = statement.name.name.clone();
        // `plpgsql` is in every database from the start (manual, 43.1), and no snapshot names it.
        let is_from_the_start = name.as_str() == "plpgsql" && self.schema.dialect.built_ins.is_some();
        if is_from_the_start || self.schema.find(NameSpace::Extension, None, &name).is_some() {
            if statement.if_not_exists {
                self.notice(format!("extension \"{name}\" already exists, skipping"));
                return Ok(());
            }
            return self.refuse_at(statement.name.span, "42710", format!("extension \"{name}\" already exists"));
        }
        let namespace = match &statement.schema {
            Some(schema) => self.namespace_named(schema)?,
            None if name.as_str() == "plpgsql" => self.system_namespace(),
            None => {
                let bare = ObjectName::bare(statement.name.clone());
                self.creation_namespace(&bare, crate::sql::tree::TemporaryKind::Permanent)?
            }
        };
        let extension = Extension { version: statement.version.as_deref().map(Arc::from), schema: Some(namespace) };
        let id = self.insert_in(name.clone(), None, ObjectBody::Extension(extension));
        self.name_object(id);
        if !self.add_members(id, name.as_str(), namespace)? {
            let span = self.span;
            self.leave_unjudged(format!("what the extension `{name}` brings along is not known"), span, &[]);
        }
        Ok(())
    }

    fn system_namespace(&mut self) -> ObjectId {
        let name = Name::stored("pg_catalog");
        match self.schema.namespace(&name) {
            Some(namespace) => namespace,
            None => self.schema.insert(name, None, ObjectBody::Schema),
        }
    }

    /// Adds the types of a known extension. False when nothing is known of it.
    fn add_members(&mut self, extension: ObjectId, name: &str, namespace: ObjectId) -> Applied<bool> {
        let Some(built_ins) = self.schema.dialect.built_ins else { return Ok(false) };
        let built_ins = &**built_ins;
        if !built_ins.extensions.contains(&name) {
            return Ok(name == "plpgsql");
        }
        for data_type in &built_ins.types {
            let own = data_type.extension.and_then(|code| built_ins.extension(code)) == Some(name);
            if !own || data_type.element.is_some() {
                continue;
            }
            let type_name = Name::stored(data_type.name);
            if self.schema.find(NameSpace::Type, Some(namespace), &type_name).is_some() {
                return self.refuse("42710", format!("type \"{type_name}\" already exists"));
            }
            let member = self.base_type_object(data_type.name, namespace, data_type.category);
            let dependency = Dependency { dependent: Address::whole(member), on: Address::whole(extension), kind: DependencyKind::Extension };
            self.schema.dependencies_mut().add(dependency);
        }
        Ok(true)
    }

    /// Whether an extension is installed of which nothing is known.
    pub(super) fn has_unknown_extension(&self) -> bool {
        let built_ins = self.schema.dialect.built_ins;
        let is_known = |name: &Name| name.as_str() == "plpgsql" || built_ins.is_some_and(|built_ins| built_ins.extensions.contains(&name.as_str()));
        self.schema.objects().any(|object| matches!(object.body, ObjectBody::Extension(_)) && (!is_known(&object.name) || object.name.as_str() == "bloom"))
    }

    /// Whether an installed extension brings a function of that name.
    pub(super) fn is_of_an_extension(&self, name: &ObjectName) -> bool {
        let Some(built_ins) = self.schema.dialect.built_ins else { return false };
        built_ins.functions_named(name.name.name.as_str()).iter().any(|function| {
            let extension = function.extension.and_then(|code| built_ins.extension(code));
            extension.is_some_and(|extension| self.schema.find(NameSpace::Extension, None, &Name::stored(extension)).is_some())
        })
    }
}
