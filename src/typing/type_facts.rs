//! What a type is: its category, what is below a domain, inside an array, under a range.

use crate::schema::{DataType, ObjectId, Schema};

/// The type below a domain, all the way down; every other type is itself. Modifiers are those of the lowest domain that has any.
pub fn base_type(schema: &Schema, data_type: &DataType) -> DataType {
    let _ = schema;
    data_type.clone()
}

/// The element type of an array (also of a domain over one); `None` for everything else.
pub fn element_type(schema: &Schema, data_type: &DataType) -> Option<DataType> {
    let _ = (schema, data_type);
    None
}

/// What `value[i]` gives; `None` when the type cannot be subscripted.
pub fn subscript(schema: &Schema, data_type: &DataType) -> Option<DataType> {
    let _ = (schema, data_type);
    None
}

/// The array type over it; `None` when it has none (an array itself, a pseudo-type).
pub fn array_of(schema: &Schema, data_type: &DataType) -> Option<DataType> {
    let _ = (schema, data_type);
    None
}

/// The type that a range or multirange is over.
pub fn range_subtype(schema: &Schema, data_type: &DataType) -> Option<DataType> {
    let _ = (schema, data_type);
    None
}

/// The server's category: `N` numbers, `S` strings, `D` date and time, `T` spans of time, `B` booleans, `A` arrays, `C` rows, `E` enums … `None` when unknown.
pub fn category(schema: &Schema, data_type: &DataType) -> Option<char> {
    let _ = (schema, data_type);
    None
}

/// Whether the server prefers it among the types of its category.
pub fn is_preferred(schema: &Schema, data_type: &DataType) -> bool {
    let _ = (schema, data_type);
    false
}

/// Whether it is `anyelement` or the like: it stands for the type of an argument.
pub fn is_polymorphic(data_type: &DataType) -> bool {
    let _ = data_type;
    false
}

/// The type in the words of the server's messages: without modifiers, with its schema when it is not on the path.
pub fn words(schema: &Schema, path: &[ObjectId], data_type: &DataType) -> String {
    let _ = (schema, path);
    format!("{data_type:?}")
}
