//! A stored expression or query: text in which every name that means an object follows that object.
//!
//! The server stores parse trees and prints them with present names. Here a definition is a list of [`Piece`]s: text, and references
//! by identity that are printed with whatever the object is called now. So a rename costs nothing, a view follows it as on the server
//! (`SELECT phone` becomes `SELECT contact_phone AS phone`), and two definitions are equal when they print the same.

use std::sync::Arc;

use super::{Address, ColumnNumber, ObjectId};

/// One stretch of a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// Text that no rename can change.
    Text(Arc<str>),
    /// The name of a column; `output` is the name that the select item must keep when the column's own name is another.
    Column {
        /// The relation (or composite type).
        relation: ObjectId,
        /// The column.
        column: ColumnNumber,
        /// Printed as ` AS output` when it differs from the present name.
        output: Option<Arc<str>>,
    },
    /// A relation with its schema, in `FROM`; `alias` is the name the rest of the text calls it by when it has no alias of its own.
    Relation {
        /// The relation.
        relation: ObjectId,
    },
    /// The relation's bare name in front of a column (`clients.phone`), which follows a rename.
    Qualifier {
        /// The relation.
        relation: ObjectId,
    },
    /// A function's name, with its schema when it is not on the built-in path.
    Function {
        /// The function.
        function: ObjectId,
    },
    /// A type's name.
    Type {
        /// The type.
        object: ObjectId,
    },
    /// A relation inside a string literal (`nextval('app.clients_id_seq'::regclass)`): only what stands between the quotes, which are text.
    RelationLiteral {
        /// The sequence or table.
        relation: ObjectId,
    },
    /// The label of an enum inside a string literal, which follows `RENAME VALUE`: only what stands between the quotes, which are text.
    EnumLabel {
        /// The enum.
        object: ObjectId,
        /// Its stable number: the n-th label ever added, 0-based.
        label: u32,
    },
    /// Any other object with a qualified name (collation, operator …).
    Object {
        /// The object.
        object: ObjectId,
    },
}

/// A stored expression or query, and what it needs. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Definition {
    pieces: Arc<[Piece]>,
    needs: Arc<[Address]>,
}

impl Definition {
    /// Puts pieces together; what they refer to is what the definition needs.
    pub fn new(pieces: Vec<Piece>) -> Self {
        let mut needs: Vec<Address> = pieces.iter().filter_map(Piece::address).collect();
        needs.sort_unstable();
        needs.dedup();
        Self { pieces: pieces.into(), needs: needs.into() }
    }

    /// The same, with needs that no name in the text shows: the primary key behind a `GROUP BY`, the columns of a `USING`.
    #[must_use]
    pub fn needing(self, more: impl IntoIterator<Item = Address>) -> Self {
        let mut needs: Vec<Address> = self.needs.iter().copied().chain(more).collect();
        needs.sort_unstable();
        needs.dedup();
        Self { pieces: self.pieces, needs: needs.into() }
    }

    /// A definition in which nothing refers to an object.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self { pieces: Arc::from([Piece::Text(text.into())]), needs: Arc::from([]) }
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Everything it depends on, sorted.
    pub fn needs(&self) -> &[Address] {
        &self.needs
    }
}

impl Piece {
    fn address(&self) -> Option<Address> {
        match self {
            Self::Text(_) => None,
            Self::Column { relation, column, .. } => Some(Address::column(*relation, *column)),
            Self::Relation { relation } | Self::Qualifier { relation } | Self::RelationLiteral { relation } => Some(Address::whole(*relation)),
            Self::Function { function: object } | Self::Type { object } | Self::EnumLabel { object, .. } | Self::Object { object } => {
                Some(Address::whole(*object))
            }
        }
    }
}
