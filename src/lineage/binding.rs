//! What binding a query gives.

use std::sync::Arc;

use crate::name::Name;
use crate::schema::{Address, DataType, ObjectId, Schema};
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
    /// The same without following views: columns of the relations that the query names, sorted.
    pub direct_sources: Vec<Address>,
    /// Columns of relations that the schema does not know, by the names that the query uses, sorted.
    pub named_sources: Vec<NamedSource>,
    /// The column it is, when it is nothing but that column.
    pub column: Option<Address>,
    /// Its expression in the text; the star, when one was written.
    pub span: Span,
}

/// A column of a relation that the schema does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamedSource {
    /// The relation as written, folded: `schema.name` or a bare name; `?` when it may be any of several.
    pub relation: String,
    /// The column; `*` for all of them.
    pub column: String,
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
    /// Why it is not even known whether the server would refuse, when that is so: the object is one that a statement nobody understood may have made.
    /// Whoever sees a reason here reports the statement as not judged, not as refused.
    pub unknown: Option<Arc<str>>,
}

impl BindError {
    /// A refusal.
    pub fn new(sqlstate: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self { sqlstate, message: message.into(), span, unknown: None }
    }

    /// The same, when it is not known whether it is one.
    #[must_use]
    pub fn or_unknown(mut self, reason: Option<Arc<str>>) -> Self {
        self.unknown = reason;
        self
    }
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

/// A column of something that is defined in the query itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DerivedColumn {
    /// Where the relation stands in the query.
    pub relation: Span,
    /// The place of the column in it, 0-based.
    pub position: usize,
    /// Its name.
    pub name: Name,
}

/// One column that a star became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StarColumn {
    /// What the relation is called in the query; `None` for a merged column of `USING`, which is named bare.
    pub qualifier: Option<StarQualifier>,
    /// The column's name in that relation.
    pub name: Name,
    /// The column of the schema, when it is one.
    pub column: Option<Address>,
    /// Its output name (`RENAME`), when that is another.
    pub output: Option<Name>,
}

/// What stands in front of a column that a star became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StarQualifier {
    /// An alias, or the name of something that is defined in the query.
    Alias(Name),
    /// A relation of the schema that has no alias: its name follows renames.
    Relation(ObjectId),
}

/// A query, resolved against one schema.
#[derive(Clone, Debug, Default)]
pub struct Binding {
    /// What comes out, in order; empty for statements without a result.
    pub outputs: Vec<Output>,
    /// Whether there may be other output columns than those listed: a star over a relation that is not known.
    pub open_outputs: bool,
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
    /// For each name in the text that means a column of a subquery, a common table expression or another derived relation: where it stands
    /// and which column of what it means. A name that is here with one schema and in `references` with another was captured.
    pub derived: Vec<(Span, DerivedColumn)>,
    /// Bare strings that were read as a label of an enum: where, of which, the label. Some may be none of its labels.
    pub enum_literals: Vec<(Span, ObjectId, String)>,
    /// Values that are converted to another type by themselves: where they stand, and to which.
    pub conversions: Vec<(Span, DataType)>,
    /// Constants without a type of their own that get one from what they stand beside: their places and that type.
    pub settled: Vec<(Span, DataType)>,
    /// Casts that are written: where their operand stands, and to which type.
    pub casts: Vec<(Span, DataType)>,
    /// Comparisons of whole rows whose fields are of other types, which the server refuses once there are rows to compare (42804).
    pub unlike_rows: Vec<Span>,
    /// What a writing statement, `CREATE TABLE AS` or `CREATE VIEW` puts into each column of its target, in order; `column` is the target's column.
    pub written: Vec<Output>,
    /// Whether the outermost query has aggregates, window functions or functions that give sets: nobody can write through it.
    pub collects: bool,
    /// How many relations it names, subqueries and functions too, joins not.
    pub relations: usize,
    /// For each bare column name, when the query uses more than one relation: where it stands and what could be put in front of it.
    pub qualifiers: Vec<(Span, StarQualifier)>,
    /// For each star in the text: where it stands and the columns it became.
    pub stars: Vec<(Span, Vec<StarColumn>)>,
    /// For each row used as one value (`row_to_json(t)`): where it stands and the names of its fields.
    pub rows: Vec<(Span, Vec<Name>)>,
    /// Tables that rows are added to, sorted.
    pub inserts: Vec<ObjectId>,
    /// Tables to which rows are added with `ON CONFLICT` and no target: every unique index of theirs decides which rows; sorted.
    pub any_conflict: Vec<ObjectId>,
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
    /// Whom the session was handed to (`SET SESSION AUTHORIZATION`), who may be another than the role.
    pub authorization: Option<Name>,
    /// `TimeZone`, when set.
    pub time_zone: Option<String>,
    /// Temporary objects live in this namespace, when there are any.
    pub temporary: Option<ObjectId>,
    /// Whether the bodies of new routines are read (`check_function_bodies`).
    pub checks_bodies: bool,
}

impl Session {
    /// A session as a new connection has it: the dialect's search path, nothing set.
    pub fn new(schema: &Schema) -> Self {
        Self {
            search_path: schema.dialect.search_path.iter().map(|name| Name::stored(*name)).collect(),
            role: None,
            authorization: None,
            time_zone: None,
            temporary: None,
            checks_bodies: true,
        }
    }

    /// The namespaces in the order in which relations and types are looked for, those that exist: temporary, `pg_catalog`, then the path.
    pub fn namespaces(&self, schema: &Schema) -> Vec<ObjectId> {
        let catalog = Name::stored("pg_catalog");
        let first = if self.search_path.contains(&catalog) { None } else { schema.namespace(&catalog) };
        let named = self.search_path.iter().filter_map(|name| if name.as_str() == "pg_temp" { self.temporary } else { schema.namespace(name) });
        let temporary = self.temporary.filter(|_| !self.search_path.iter().any(|name| name.as_str() == "pg_temp"));
        temporary.into_iter().chain(first).chain(named).collect()
    }
}
