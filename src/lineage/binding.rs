//! What binding a query gives.

use crate::name::Name;
use crate::schema::{Address, DataType, ObjectId};
use crate::text::Span;

/// How a column is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Its value comes out, as itself or in an expression.
    Value,
    /// It comes out because a star was written.
    Star,
    /// `WHERE`, `FILTER`, `QUALIFY`.
    Filter,
    /// A join condition, `USING` or `NATURAL`.
    Join,
    /// `GROUP BY`, `DISTINCT ON`, grouping sets.
    Group,
    /// `HAVING`.
    Having,
    /// `ORDER BY`, and in aggregates.
    Order,
    /// `PARTITION BY` or `ORDER BY` of a window.
    Window,
    /// The columns that `ON CONFLICT` infers an index from.
    ConflictTarget,
    /// It is written to.
    Write,
    /// It is read by its place among the columns (`INSERT` without a column list, a positional export).
    Position,
}

/// One use of one column, or of a whole relation (`part` whole).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Read {
    /// The column or relation.
    pub address: Address,
    /// How.
    pub role: Role,
    /// Where in the query.
    pub span: Span,
}

/// One output column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name, as the server would call it.
    pub name: Name,
    /// Its type; `None` when it cannot be derived (then [`Binding::unresolved`] says why).
    pub data_type: Option<DataType>,
    /// Whether NULL can come out as far as declarations tell.
    pub nullable: bool,
    /// The table columns whose values flow into it, sorted. Columns of views are followed down to tables, when the view can be.
    pub sources: Vec<Address>,
    /// The column it is, when it is nothing but that column.
    pub column: Option<Address>,
}

/// The server would refuse the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindError {
    /// `42703`, `42P01`, `42702`, `42883` …
    pub sqlstate: &'static str,
    /// The server's words.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Something that cannot be resolved from what is known; the answer about it is "unknown", never "fine".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// The reference as written.
    pub reference: String,
    /// Why.
    pub reason: String,
    /// Where.
    pub span: Span,
}

/// A query, resolved against one schema.
#[derive(Clone, Debug, Default)]
pub struct Binding {
    /// What comes out, in order; empty for statements without a result.
    pub outputs: Vec<Output>,
    /// Every use of every column, sorted by address, role, place.
    pub reads: Vec<Read>,
    /// Everything the query depends on: relations, columns, functions, types, constraints (primary key by `GROUP BY`), sorted.
    pub depends_on: Vec<Address>,
    /// The first refusal, as the server stops there; more when binding could go on.
    pub errors: Vec<BindError>,
    /// What is unknown.
    pub unresolved: Vec<Unresolved>,
    /// For each name in the text that means an object: where it stands and what it means; for stored definitions and for finding captures.
    pub references: Vec<(Span, Address)>,
    /// Places that decide values without showing in types: time zone, `now()`, random.
    pub volatile: Vec<Span>,
}

/// What of a session decides how names are found and values are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Schemas in order, `pg_catalog` first unless it is named elsewhere; a schema that does not exist is passed over.
    pub search_path: Vec<Name>,
    /// The role, when set.
    pub role: Option<Name>,
    /// `TimeZone`, when set.
    pub time_zone: Option<String>,
    /// Temporary objects live in this namespace, when there are any.
    pub temporary: Option<ObjectId>,
}
