//! Types as numbers: what the algorithms compare, and what they ask of a type.
//!
//! A [`DataType`] of the schema becomes a [`TypeKey`], in which an array is a type of its own and modifiers do not count, and back.
//! A type about which nothing is known has no key; so has a domain over one.

use crate::dialect::{BuiltInType, BuiltIns, ExtensionCode, Subscripting, TypeCode, TypeKind};
use crate::name::Name;
use crate::schema::{DataType, NameSpace, ObjectBody, ObjectId, Schema, TypeIdentity, UserType};

/// A type, without modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TypeKey {
    /// One of the tables, arrays too; types of known extensions are always this.
    BuiltIn(TypeCode),
    /// A type of the schema, or the row type of a relation.
    Object(ObjectId),
    /// The array over it.
    ArrayOf(ObjectId),
    /// The multirange over a range type of the schema.
    MultirangeOf(ObjectId),
}

/// The types of one schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Types<'s> {
    /// The schema.
    pub schema: &'s Schema,
    /// What its database brings along.
    pub tables: &'static BuiltIns,
}

impl<'s> Types<'s> {
    /// The types of a schema; `None` when its dialect keeps no tables.
    pub(super) fn of(schema: &'s Schema) -> Option<Self> {
        schema.dialect.built_ins.map(|tables| Self { schema, tables })
    }

    /// The key of a type; `None` when nothing is known of it.
    pub(super) fn key(&self, data_type: &DataType) -> Option<TypeKey> {
        match &data_type.identity {
            TypeIdentity::Builtin(name) => {
                let code = self.tables.type_named(name)?;
                let is_true_array = || self.row(code).is_some_and(|row| row.category == 'A' && row.array.is_none());
                match data_type.array {
                    false => Some(TypeKey::BuiltIn(code)),
                    true if is_true_array() => Some(TypeKey::BuiltIn(code)),
                    true => self.row(code)?.array.map(TypeKey::BuiltIn),
                }
            }
            TypeIdentity::Object(id) => self.key_of_object(*id, data_type.array),
            TypeIdentity::Unknown(_) => None,
        }
    }

    fn key_of_object(&self, id: ObjectId, array: bool) -> Option<TypeKey> {
        if let Some(code) = self.extension_type(id) {
            return if array { self.row(code)?.array.map(TypeKey::BuiltIn) } else { Some(TypeKey::BuiltIn(code)) };
        }
        match &self.schema.get(id)?.body {
            ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Type(_) => {}
            _ => return None,
        }
        if let Some(UserType::Domain(domain)) = self.user_type(id) {
            self.key(&domain.base)?;
        }
        if let Some(UserType::Range { subtype, .. }) = self.user_type(id) {
            self.key(subtype)?;
        }
        Some(if array { TypeKey::ArrayOf(id) } else { TypeKey::Object(id) })
    }

    /// The type of the tables that an object of the schema is, when it belongs to an extension that the tables know.
    fn extension_type(&self, id: ObjectId) -> Option<TypeCode> {
        let object = self.schema.get(id)?;
        let ObjectBody::Type(_) = object.body else { return None };
        let code = self.tables.type_named(object.name.as_str())?;
        let extension = self.installed(self.row(code)?.extension?)?;
        let home = self.extension_schema(extension);
        (home.is_none() || home == object.namespace).then_some(code)
    }

    /// The type of a key, without modifiers.
    pub(super) fn data_type(&self, key: TypeKey) -> DataType {
        match key {
            TypeKey::BuiltIn(code) => self.built_in_data_type(code),
            TypeKey::Object(id) => DataType::object(id),
            TypeKey::ArrayOf(id) => DataType::object(id).array_of(),
            TypeKey::MultirangeOf(id) => self.multirange_data_type(id),
        }
    }

    fn built_in_data_type(&self, code: TypeCode) -> DataType {
        let Some(row) = self.row(code) else { return DataType::builtin("unknown") };
        if let Some(element) = row.element.filter(|element| self.row(*element).is_some_and(|element| element.array == Some(code))) {
            return self.built_in_data_type(element).array_of();
        }
        let object = row.extension.and_then(|extension| self.installed(extension)).and_then(|extension| {
            let home = self.extension_schema(extension)?;
            self.schema.find(NameSpace::Type, Some(home), &Name::stored(row.name))
        });
        object.map_or_else(|| DataType::builtin(row.name), DataType::object)
    }

    /// The model has no identity for the multirange of a range of the schema: it is called by its name.
    fn multirange_data_type(&self, id: ObjectId) -> DataType {
        let name = match self.user_type(id) {
            Some(UserType::Range { multirange: Some(name), .. }) => name.clone(),
            _ => "multirange".into(),
        };
        DataType { identity: TypeIdentity::Unknown(name), modifiers: std::sync::Arc::from([]), array: false }
    }

    /// The built-in type of an internal name.
    pub(super) fn named(&self, name: &str) -> Option<TypeKey> {
        self.tables.type_named(name).map(TypeKey::BuiltIn)
    }

    /// Whether it is the built-in type of that internal name.
    pub(super) fn is(&self, key: TypeKey, name: &str) -> bool {
        self.built_in(key).is_some_and(|row| row.name == name)
    }

    /// The row of a built-in type.
    pub(super) fn built_in(&self, key: TypeKey) -> Option<&'static BuiltInType> {
        match key {
            TypeKey::BuiltIn(code) => self.row(code),
            TypeKey::Object(_) | TypeKey::ArrayOf(_) | TypeKey::MultirangeOf(_) => None,
        }
    }

    fn row(&self, code: TypeCode) -> Option<&'static BuiltInType> {
        self.tables.data_type(code)
    }

    /// The body of a type of the schema.
    pub(super) fn user_type(&self, id: ObjectId) -> Option<&'s UserType> {
        match &self.schema.get(id)?.body {
            ObjectBody::Type(user_type) => Some(user_type),
            _ => None,
        }
    }

    /// The extension of that code, when it is installed.
    pub(super) fn installed(&self, extension: ExtensionCode) -> Option<ObjectId> {
        self.schema.find(NameSpace::Extension, None, &Name::stored(self.tables.extension(extension)?))
    }

    /// The schema that an extension's objects live in, when that is known.
    pub(super) fn extension_schema(&self, extension: ObjectId) -> Option<ObjectId> {
        match &self.schema.get(extension)?.body {
            ObjectBody::Extension(extension) => extension.schema,
            _ => None,
        }
    }

    /// Its kind.
    pub(super) fn kind(&self, key: TypeKey) -> TypeKind {
        match key {
            TypeKey::BuiltIn(code) => self.row(code).map_or(TypeKind::Base, |row| row.kind),
            TypeKey::ArrayOf(_) => TypeKind::Base,
            TypeKey::MultirangeOf(_) => TypeKind::Multirange,
            TypeKey::Object(id) => match self.user_type(id) {
                Some(UserType::Enum { .. }) => TypeKind::Enum,
                Some(UserType::Domain(_)) => TypeKind::Domain,
                Some(UserType::Range { .. }) => TypeKind::Range,
                Some(UserType::Base { .. } | UserType::Shell) => TypeKind::Base,
                Some(UserType::Composite { .. }) | None => TypeKind::Composite,
            },
        }
    }

    /// Its category letter; a domain has its base's.
    pub(super) fn category(&self, key: TypeKey) -> char {
        match key {
            TypeKey::BuiltIn(code) => self.row(code).map_or('U', |row| row.category),
            TypeKey::ArrayOf(_) => 'A',
            TypeKey::MultirangeOf(_) => 'R',
            TypeKey::Object(id) => match self.user_type(id) {
                Some(UserType::Enum { .. }) => 'E',
                Some(UserType::Domain(_)) => self.category(self.base(key)),
                Some(UserType::Range { .. }) => 'R',
                Some(UserType::Base { category }) => *category,
                Some(UserType::Shell) => 'U',
                Some(UserType::Composite { .. }) | None => 'C',
            },
        }
    }

    /// Whether it is preferred in its category. A domain never is.
    pub(super) fn is_preferred(&self, key: TypeKey) -> bool {
        self.built_in(key).is_some_and(|row| row.preferred)
    }

    /// What is below a domain, all the way down; every other type is itself.
    pub(super) fn base(&self, key: TypeKey) -> TypeKey {
        let below = match key {
            TypeKey::BuiltIn(code) => self.row(code).filter(|row| row.kind == TypeKind::Domain).and_then(|row| row.element).map(TypeKey::BuiltIn),
            TypeKey::Object(id) => match self.user_type(id) {
                Some(UserType::Domain(domain)) => self.key(&domain.base),
                _ => None,
            },
            TypeKey::ArrayOf(_) | TypeKey::MultirangeOf(_) => None,
        };
        match below {
            Some(below) if below != key => self.base(below),
            _ => key,
        }
    }

    /// The element type of a true array; a domain over an array is none.
    pub(super) fn element(&self, key: TypeKey) -> Option<TypeKey> {
        match key {
            TypeKey::BuiltIn(code) => self.row(code).filter(|row| row.subscripting == Subscripting::Array)?.element.map(TypeKey::BuiltIn),
            TypeKey::ArrayOf(id) => Some(TypeKey::Object(id)),
            TypeKey::Object(_) | TypeKey::MultirangeOf(_) => None,
        }
    }

    /// The array type over it.
    pub(super) fn array_of(&self, key: TypeKey) -> Option<TypeKey> {
        match key {
            TypeKey::BuiltIn(code) => self.row(code)?.array.map(TypeKey::BuiltIn),
            TypeKey::Object(id) => Some(TypeKey::ArrayOf(id)),
            TypeKey::ArrayOf(_) | TypeKey::MultirangeOf(_) => None,
        }
    }

    /// What a range is over.
    pub(super) fn range_subtype(&self, key: TypeKey) -> Option<TypeKey> {
        match key {
            TypeKey::BuiltIn(code) => self.row(code).filter(|row| row.kind == TypeKind::Range)?.element.map(TypeKey::BuiltIn),
            TypeKey::Object(id) => match self.user_type(id)? {
                UserType::Range { subtype, .. } => self.key(subtype),
                _ => None,
            },
            TypeKey::ArrayOf(_) | TypeKey::MultirangeOf(_) => None,
        }
    }

    /// The range that a multirange is over.
    pub(super) fn range_of_multirange(&self, key: TypeKey) -> Option<TypeKey> {
        match key {
            TypeKey::BuiltIn(code) => self.row(code).filter(|row| row.kind == TypeKind::Multirange)?.element.map(TypeKey::BuiltIn),
            TypeKey::MultirangeOf(id) => Some(TypeKey::Object(id)),
            TypeKey::Object(_) | TypeKey::ArrayOf(_) => None,
        }
    }

    /// The multirange over a range.
    pub(super) fn multirange_of(&self, range: TypeKey) -> Option<TypeKey> {
        match range {
            TypeKey::BuiltIn(code) => {
                let is_over = |row: &BuiltInType| row.kind == TypeKind::Multirange && row.element == Some(code);
                self.tables.types.iter().find(|row| is_over(row)).and_then(|row| self.named(row.name))
            }
            TypeKey::Object(id) => self.range_subtype(range).map(|_| TypeKey::MultirangeOf(id)),
            TypeKey::ArrayOf(_) | TypeKey::MultirangeOf(_) => None,
        }
    }

    /// Whether it is, or is made of, a base type that somebody defined: its functions, operators and casts are not known.
    pub(super) fn is_unexplored(&self, key: TypeKey) -> bool {
        match self.base(key) {
            TypeKey::Object(id) | TypeKey::ArrayOf(id) => match self.user_type(id) {
                Some(UserType::Base { .. } | UserType::Shell) => true,
                Some(UserType::Range { subtype, .. }) => self.key(subtype).is_none_or(|subtype| self.is_unexplored(subtype)),
                Some(UserType::Domain(domain)) => self.key(&domain.base).is_none_or(|base| self.is_unexplored(base)),
                Some(UserType::Enum { .. } | UserType::Composite { .. }) | None => false,
            },
            TypeKey::MultirangeOf(id) => self.is_unexplored(TypeKey::Object(id)),
            TypeKey::BuiltIn(_) => false,
        }
    }
}
