//! What a type is: its category, what is below a domain, inside an array, under a range; and how the server's messages spell it.

use super::type_key::{TypeKey, Types};
use crate::dialect::{Subscripting, TypeKind};
use crate::name::Name;
use crate::schema::{DataType, NameSpace, ObjectBody, ObjectId, Schema, TypeIdentity, UserType};

/// The type below a domain, all the way down; every other type is itself. Modifiers are those of the lowest domain that has any.
pub fn base_type(schema: &Schema, data_type: &DataType) -> DataType {
    if let TypeIdentity::Object(id) = data_type.identity
        && !data_type.array
        && let Some(ObjectBody::Type(UserType::Domain(domain))) = schema.get(id).map(|object| &object.body)
    {
        return base_type(schema, &domain.base);
    }
    let built_in_domain = Types::of(schema).and_then(|types| {
        let key = types.key(data_type)?;
        (types.kind(key) == TypeKind::Domain).then(|| types.data_type(types.base(key)))
    });
    built_in_domain.unwrap_or_else(|| data_type.clone())
}

/// The element type of an array (also of a domain over one), with the array's modifiers; `None` for everything else.
pub fn element_type(schema: &Schema, data_type: &DataType) -> Option<DataType> {
    let base = base_type(schema, data_type);
    if base.array {
        return Some(DataType { array: false, ..base });
    }
    let types = Types::of(schema)?;
    types.element(types.key(&base)?).map(|element| types.data_type(element))
}

/// What `value[i]` gives; `None` when the type cannot be subscripted, or nothing is known of it.
pub fn subscript(schema: &Schema, data_type: &DataType) -> Option<DataType> {
    let base = base_type(schema, data_type);
    if let Some(element) = element_type(schema, &base) {
        return Some(element);
    }
    let types = Types::of(schema)?;
    let row = types.built_in(types.key(&base)?)?;
    match row.subscripting {
        Subscripting::None => None,
        Subscripting::Array | Subscripting::Fixed => row.element.map(|element| types.data_type(TypeKey::BuiltIn(element))),
        Subscripting::Document => Some(base),
        Subscripting::Text => Some(DataType::builtin("text")),
    }
}

/// How `value[i]` is read; `None` when nothing is known of the type.
pub fn subscripting(schema: &Schema, data_type: &DataType) -> Option<Subscripting> {
    let base = base_type(schema, data_type);
    if base.array {
        return Some(Subscripting::Array);
    }
    let types = Types::of(schema)?;
    let key = types.key(&base)?;
    Some(types.built_in(key).map_or(Subscripting::None, |row| row.subscripting))
}

/// Whether its values have a collation, so that `COLLATE` can be said of them; `None` when it is not known.
pub fn is_collatable(schema: &Schema, data_type: &DataType) -> Option<bool> {
    let element = DataType { array: false, ..base_type(schema, data_type) };
    let types = Types::of(schema)?;
    let key = types.base(types.key(&element)?);
    if types.is_unexplored(key) {
        return None;
    }
    Some(types.built_in(key).is_some_and(|row| row.is_collatable))
}

/// The array type over it, modifiers kept; `None` when it has none (an array itself, a pseudo-type).
pub fn array_of(schema: &Schema, data_type: &DataType) -> Option<DataType> {
    if data_type.array {
        return None;
    }
    if matches!(data_type.identity, TypeIdentity::Unknown(_)) {
        return Some(data_type.clone().array_of());
    }
    let types = Types::of(schema)?;
    types.array_of(types.key(data_type)?)?;
    Some(data_type.clone().array_of())
}

/// The type that a range or multirange is over.
pub fn range_subtype(schema: &Schema, data_type: &DataType) -> Option<DataType> {
    let types = Types::of(schema)?;
    let base = types.base(types.key(data_type)?);
    let range = types.range_of_multirange(base).unwrap_or(base);
    types.range_subtype(range).map(|subtype| types.data_type(subtype))
}

/// The server's category: `N` numbers, `S` strings, `D` date and time, `T` spans of time, `B` booleans, `A` arrays, `C` rows, `E` enums …
/// `None` when unknown.
pub fn category(schema: &Schema, data_type: &DataType) -> Option<char> {
    let types = Types::of(schema)?;
    types.key(data_type).map(|key| types.category(key))
}

/// Whether the server prefers it among the types of its category.
pub fn is_preferred(schema: &Schema, data_type: &DataType) -> bool {
    Types::of(schema).is_some_and(|types| types.key(data_type).is_some_and(|key| types.is_preferred(key)))
}

/// Whether it is `anyelement` or the like: it stands for the type of an argument.
pub fn is_polymorphic(data_type: &DataType) -> bool {
    matches!(&data_type.identity, TypeIdentity::Builtin(name) if name.starts_with("any") && &**name != "any")
}

/// The type in the words of the server's messages: without modifiers, with its schema when a bare name on the path does not find it.
pub fn words(schema: &Schema, path: &[ObjectId], data_type: &DataType) -> String {
    let mut text = match &data_type.identity {
        TypeIdentity::Builtin(name) => {
            let row = Types::of(schema).and_then(|types| types.built_in(types.named(name)?));
            row.map_or_else(|| name.to_string(), |row| row.spelling.to_owned())
        }
        TypeIdentity::Object(id) => object_words(schema, path, *id),
        TypeIdentity::Unknown(written) => written.to_string(),
    };
    if data_type.array {
        text.push_str("[]");
    }
    text
}

/// `visible` as `format_type` means it: the first type of that name along the path, where the server's own come first.
fn object_words(schema: &Schema, path: &[ObjectId], id: ObjectId) -> String {
    let Some(object) = schema.get(id) else { return String::from("???") };
    let quoted = schema.dialect.quote(&object.name);
    let Some(namespace) = object.namespace.and_then(|namespace| schema.get(namespace)) else { return quoted };
    let catalog = Name::stored("pg_catalog");
    let is_catalog = |space: &ObjectId| schema.get(*space).is_some_and(|space| space.name == catalog);
    let is_hidden = Types::of(schema).is_some_and(|types| {
        let built_in = types.named(object.name.as_str()).and_then(|key| types.built_in(key));
        built_in.is_some_and(|row| row.extension.is_none()) && !path.iter().any(is_catalog)
    });
    let first = path.iter().find_map(|space| schema.find(NameSpace::Type, Some(*space), &object.name));
    if first == Some(id) && !is_hidden {
        return quoted;
    }
    format!("{}.{quoted}", schema.dialect.quote(&namespace.name))
}
