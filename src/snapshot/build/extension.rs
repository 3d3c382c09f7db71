//! Extensions and what they bring along.

use std::sync::Arc;

use super::context::Context;
use crate::diagnostic::Problem;
use crate::name::Name;
use crate::schema::{Address, Dependency, DependencyKind, Extension, NameSpace, ObjectBody, ObjectId, UserType};
use crate::snapshot::file::{ExtensionEntry, FunctionEntry, Text};
use crate::yaml::{Brief, Entries};

impl Context<'_> {
    /// Makes all extensions with their types: those that the file lists, and those that the dialect knows them to have.
    pub(super) fn extensions<'d>(&mut self, entries: &'d Entries<Brief<ExtensionEntry>>) -> Vec<(ObjectId, ObjectId, &'d ExtensionEntry)> {
        let mut made = Vec::new();
        for (name, Brief(entry)) in &entries.0 {
            let namespace = self.extension_namespace(entry);
            let version = entry.version.as_ref().map(|text| Arc::from(text.value.as_str()));
            let body = ObjectBody::Extension(Extension { version, schema: Some(namespace) });
            let Some(id) = self.insert(NameSpace::Extension, None, name, body) else { continue };
            self.comment(id, entry.comment.as_ref());
            for (type_name, category) in &entry.types.0 {
                match category.value.chars().next() {
                    Some(letter) => self.member_type(id, namespace, &Self::name(type_name), letter),
                    None => self.problem(Problem::error("snapshot-type-category", "a letter is needed here").at(category.span)),
                }
            }
            for (known, category) in self.known_types(&name.value) {
                self.member_type(id, namespace, &known, category);
            }
            made.push((id, namespace, entry));
        }
        made
    }

    /// The schema it lives in: `public` when the file does not say, and made when the file does not list it.
    fn extension_namespace(&mut self, entry: &ExtensionEntry) -> ObjectId {
        let name = entry.schema.as_ref().map_or_else(|| Name::stored("public"), Self::name);
        match self.schema.namespace(&name) {
            Some(id) => id,
            None => self.schema.insert(name, None, ObjectBody::Schema),
        }
    }

    fn known_types(&self, extension: &str) -> Vec<(Name, char)> {
        let Some(built_ins) = self.schema.dialect.built_ins else { return Vec::new() };
        let own = built_ins.types.iter().filter(|data_type| {
            data_type.element.is_none() && data_type.extension.and_then(|code| built_ins.extension(code)).is_some_and(|name| name == extension)
        });
        own.map(|data_type| (Name::stored(data_type.name), data_type.category)).collect()
    }

    fn member_type(&mut self, extension: ObjectId, namespace: ObjectId, name: &Name, category: char) {
        if self.schema.find(NameSpace::Type, Some(namespace), name).is_none() {
            let id = self.schema.insert(name.clone(), Some(namespace), ObjectBody::Type(UserType::Base { category }));
            self.member(extension, id);
        }
    }

    fn member(&mut self, extension: ObjectId, id: ObjectId) {
        let dependency = Dependency { dependent: Address::whole(id), on: Address::whole(extension), kind: DependencyKind::Extension };
        self.schema.dependencies_mut().add(dependency);
    }

    /// Routines that the file lists for extensions that the dialect does not know.
    pub(super) fn extension_functions(&mut self, extension: ObjectId, namespace: ObjectId, entry: &ExtensionEntry) {
        for (key, returns) in &entry.functions.0 {
            let arguments = super::name::split_signature(&key.value).map(|(_, arguments)| Text { value: arguments.to_owned(), span: key.span });
            let function =
                FunctionEntry { arguments, returns: Some(returns.clone()), language: Some(crate::snapshot::file::text("c")), ..FunctionEntry::default() };
            if let Some(id) = self.function(namespace, key, &function) {
                self.schema.update(id, |object| object.owner = None);
                self.member(extension, id);
            }
        }
    }
}
