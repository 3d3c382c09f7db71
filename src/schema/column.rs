//! A column of a table, view or composite type.

use std::sync::Arc;

use super::{ColumnNumber, DataType, Definition, GrantEntry, ObjectId};
use crate::name::Name;
use crate::sql::tree::{GeneratedKind, IdentityKind};

/// Who fills the column when a statement does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnGeneration {
    /// Nobody: NULL.
    None,
    /// A default expression.
    Default(Definition),
    /// Always this expression.
    Generated(Definition, GeneratedKind),
    /// A sequence of its own.
    Identity(IdentityKind, ObjectId),
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its identity in its relation.
    pub number: ColumnNumber,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub data_type: DataType,
    /// Whether NULL is refused. In a view: always false, as the server has it.
    pub not_null: bool,
    /// Default, generation or identity.
    pub generation: ColumnGeneration,
    /// Its collation when it is not the type's own, as `schema.name` or a bare name of the built-in ones.
    pub collation: Option<Arc<str>>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Arc<str>>,
    /// Grants on this column alone.
    pub grants: Vec<GrantEntry>,
    /// Physical settings that do not change what is read: `STORAGE`, `COMPRESSION`, `STATISTICS`, parameters; name upper case, then value.
    pub options: Vec<(Arc<str>, Arc<str>)>,
    /// From how many parents it comes.
    pub inherited_from: u16,
    /// Whether it was declared here (a column can be both).
    pub is_local: bool,
}

impl Column {
    /// A nullable column with nothing special.
    pub fn new(number: ColumnNumber, name: Name, data_type: DataType) -> Self {
        Self {
            number,
            name,
            data_type,
            not_null: false,
            generation: ColumnGeneration::None,
            collation: None,
            comment: None,
            grants: Vec::new(),
            options: Vec::new(),
            inherited_from: 0,
            is_local: true,
        }
    }
}
