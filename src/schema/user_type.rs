//! Types that people define.

use std::sync::Arc;

use super::{Column, DataType, Definition};

/// A user-defined type. Row types of tables are not here: the table itself is the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserType {
    /// Labels in sort order, each with its stable number.
    Enum {
        /// `(number, label)`.
        labels: Vec<(u32, Arc<str>)>,
        /// The number the next label gets.
        next_label: u32,
    },
    /// A type with conditions. Its constraints are objects of their own.
    Domain(Domain),
    /// A row type without a table.
    Composite {
        /// Its attributes.
        attributes: Vec<Column>,
        /// The number the next attribute gets.
        next_attribute: u16,
    },
    /// A range, with its multirange.
    Range {
        /// What it is a range of.
        subtype: DataType,
        /// The name of the multirange type (PostgreSQL 14).
        multirange: Option<Arc<str>>,
        /// The other options as text.
        options: Vec<(Arc<str>, Arc<str>)>,
    },
    /// A base type of an extension or of the user: nothing is known of its inside. The category is PostgreSQL's `typcategory`.
    Base {
        /// `S` for strings (citext), `U` for user types …
        category: char,
    },
    /// Announced, not defined.
    Shell,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The type below.
    pub base: DataType,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `DEFAULT`.
    pub default: Option<Definition>,
    /// `COLLATE`.
    pub collation: Option<Arc<str>>,
}
