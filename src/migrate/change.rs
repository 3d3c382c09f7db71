//! One typed effect of one statement.

use std::sync::Arc;

use crate::name::Name;
use crate::schema::{Address, Column, ColumnNumber, ObjectId};
use crate::text::Span;

/// A statement of this run: the n-th of the m-th migration, both 0-based.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId {
    /// Index of the migration in the order of application.
    pub migration: u32,
    /// Index of the statement in it.
    pub statement: u32,
}

/// A change of this run, numbered in the order in which changes happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId(pub u32);

impl ChangeId {
    /// The number of what a statement inside another one may do, when it is not certain enough to be a change of the outer one.
    pub const OF_NO_STATEMENT: Self = Self(u32::MAX);
}

/// Whether the statement said it, or the server did it along the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The statement names it.
    Direct,
    /// It goes along: `CASCADE`, a column's index, a child table's column.
    Consequence,
}

/// One typed effect of one statement on the schema or on rows.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its number.
    pub id: ChangeId,
    /// The statement that makes it.
    pub statement: StatementId,
    /// The place in that statement: the action of an `ALTER TABLE`, else the statement.
    pub span: Span,
    /// Named, or gone along.
    pub direction: Direction,
    /// What changes.
    pub kind: ChangeKind,
}

/// What changes. Identities hold in the schemas before and after the statement.
#[derive(Clone, Debug)]
pub enum ChangeKind {
    /// A whole object.
    Object(ObjectId, ObjectChange),
    /// A column of a table, view or composite type.
    Column(ObjectId, ColumnNumber, ColumnChange),
    /// Rows of a table; the schema stays.
    Data(ObjectId, DataChange),
}

/// What happens to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectChange {
    /// It is new.
    Created,
    /// It is gone.
    Dropped,
    /// It has another name.
    Renamed {
        /// Before.
        from: Name,
        /// After.
        to: Name,
    },
    /// It is in another schema: names of the schemas.
    Moved {
        /// Before.
        from: Name,
        /// After.
        to: Name,
    },
    /// It belongs to another role.
    OwnerChanged,
    /// Privileges were given or taken.
    GrantsChanged,
    /// Its comment changed.
    CommentChanged,
    /// Its definition changed in a way that only its kind can say (a view's query, a function's body, a sequence's limits, a policy's condition).
    Redefined {
        /// What, in the words of SQL: `query`, `body`, `validated`, `enum label added`, `row security enabled` …
        what: Arc<str>,
        /// Before, for people.
        before: Arc<str>,
        /// After, for people.
        after: Arc<str>,
    },
}

/// What happens to a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnChange {
    /// It is new.
    Added,
    /// It is gone; as it was.
    Dropped(Box<Column>),
    /// It has another name.
    Renamed {
        /// Before.
        from: Name,
        /// After.
        to: Name,
    },
    /// It has another type (modifiers count); `using` is the conversion, when one is written.
    Retyped {
        /// As it was.
        before: Box<Column>,
        /// As it is.
        after: Box<Column>,
    },
    /// NULL is refused now.
    NotNullSet,
    /// NULL may come now.
    NotNullDropped,
    /// Default, generation or identity changed.
    GenerationChanged {
        /// As it was.
        before: Box<Column>,
        /// As it is.
        after: Box<Column>,
    },
    /// Another collation.
    CollationChanged,
    /// Another comment.
    CommentChanged,
    /// Grants on the column changed.
    GrantsChanged,
    /// It stands at another place than before among the columns that were there before and after: 0-based.
    Moved {
        /// Before.
        from: usize,
        /// After.
        to: usize,
    },
    /// Storage settings and the like.
    OptionsChanged,
}

/// What a type change makes the new values with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// The cast of the two types.
    Cast,
    /// The expression behind `USING`.
    Expression,
}

/// What happens to rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataChange {
    /// `INSERT`, `COPY FROM`.
    Inserted,
    /// `UPDATE` of these columns; `all_rows` when no condition is written.
    Updated {
        /// The columns that are written.
        columns: Vec<ColumnNumber>,
        /// No `WHERE`.
        all_rows: bool,
        /// The condition as text.
        condition: Option<Arc<str>>,
    },
    /// `DELETE`.
    Deleted {
        /// No `WHERE`.
        all_rows: bool,
        /// The condition as text.
        condition: Option<Arc<str>>,
    },
    /// `TRUNCATE`.
    Truncated,
    /// `REFRESH MATERIALIZED VIEW`.
    Refreshed,
    /// A sequence is set to another place: `setval`, `RESTART`, `TRUNCATE … RESTART IDENTITY`.
    Repositioned,
    /// Values of a column were converted by a type change and cannot all come back.
    Converted {
        /// The column.
        column: ColumnNumber,
        /// By what.
        by: Conversion,
    },
}

impl ChangeKind {
    /// The object that is meant.
    pub fn object(&self) -> ObjectId {
        match self {
            Self::Object(object, _) | Self::Column(object, _, _) | Self::Data(object, _) => *object,
        }
    }

    /// The object or column that is meant.
    pub fn address(&self) -> Address {
        match self {
            Self::Object(object, _) | Self::Data(object, _) => Address::whole(*object),
            Self::Column(object, column, _) => Address::column(*object, *column),
        }
    }

    /// The word for it in rules and in JSON: `column_dropped`, `object_renamed`, `rows_updated` …
    pub fn word(&self) -> &'static str {
        match self {
            Self::Object(_, change) => match change {
                ObjectChange::Created => "object_created",
                ObjectChange::Dropped => "object_dropped",
                ObjectChange::Renamed { .. } => "object_renamed",
                ObjectChange::Moved { .. } => "object_moved",
                ObjectChange::OwnerChanged => "object_owner_changed",
                ObjectChange::GrantsChanged => "object_grants_changed",
                ObjectChange::CommentChanged => "object_comment_changed",
                ObjectChange::Redefined { .. } => "object_redefined",
            },
            Self::Column(_, _, change) => match change {
                ColumnChange::Added => "column_added",
                ColumnChange::Dropped(_) => "column_dropped",
                ColumnChange::Renamed { .. } => "column_renamed",
                ColumnChange::Retyped { .. } => "column_retyped",
                ColumnChange::NotNullSet => "column_not_null_set",
                ColumnChange::NotNullDropped => "column_not_null_dropped",
                ColumnChange::GenerationChanged { .. } => "column_generation_changed",
                ColumnChange::CollationChanged => "column_collation_changed",
                ColumnChange::CommentChanged => "column_comment_changed",
                ColumnChange::GrantsChanged => "column_grants_changed",
                ColumnChange::Moved { .. } => "column_moved",
                ColumnChange::OptionsChanged => "column_options_changed",
            },
            Self::Data(_, change) => match change {
                DataChange::Inserted => "rows_inserted",
                DataChange::Updated { .. } => "rows_updated",
                DataChange::Deleted { .. } => "rows_deleted",
                DataChange::Truncated => "rows_truncated",
                DataChange::Refreshed => "rows_refreshed",
                DataChange::Repositioned => "sequence_repositioned",
                DataChange::Converted { .. } => "rows_converted",
            },
        }
    }
}
