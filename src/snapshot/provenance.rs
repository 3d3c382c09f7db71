//! Where a snapshot came from, and what it says of the migrations that were applied.

/// Where a snapshot came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// `postgres`, `ddl`, `file` …
    pub kind: String,
    /// The database's name.
    pub database: Option<String>,
    /// As the server says it: `15.18`.
    pub server_version: Option<String>,
    /// When, in UTC, RFC 3339.
    pub taken_at: Option<String>,
    /// Migrations that the runner's own table says are applied, in its order.
    pub applied: Vec<String>,
    /// The runner's own table.
    pub applied_table: Option<String>,
}

/// A schema and where it came from.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The schema.
    pub schema: crate::schema::Schema,
    /// Where it came from.
    pub provenance: Provenance,
}
