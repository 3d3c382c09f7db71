//! What a change does to one consumer.

use std::sync::Arc;

use crate::migrate::ChangeId;
use crate::text::Span;

/// How it hurts. Ordered from the worst: nobody is told of a silent change, so it stands above a loud one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectKind {
    /// It goes on and gives other columns, types or values.
    ChangesSilently,
    /// It fails.
    Breaks,
    /// Rows decide; a query tells.
    MayFail,
    /// It cannot be judged.
    Unknown,
}

/// Why, as a closed list that rules and notices can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A column it names is gone (42703).
    ColumnMissing,
    /// A relation it names is gone or moved (42P01, 3F000).
    RelationMissing,
    /// A function, operator or cast no longer applies to the new type (42883, 42804 …).
    TypeMismatch,
    /// A name has two meanings now (42702).
    Ambiguous,
    /// Grouping no longer covers what is selected (42803).
    Grouping,
    /// No unique constraint fits `ON CONFLICT` any more (42P10).
    ConflictTarget,
    /// The number of columns differs (42601): `INSERT … SELECT *`, set operations.
    ColumnCount,
    /// It may no longer read or write (42501).
    Permission,
    /// A literal is no longer a value of its enum (22P02).
    EnumLiteral,
    /// Another refusal of the server; see the evidence.
    OtherRefusal,
    /// A name means another column now.
    Captured,
    /// Output columns came, went, or changed their order or names.
    OutputShape,
    /// An output column has another type.
    OutputType,
    /// NULL can come now where it could not.
    OutputNullability,
    /// The place of a column that is read by position moved.
    Position,
    /// Same shape, other values: rounding, time zone, collation, a view's query, a default.
    Values,
    /// Rows can be more or fewer: lost uniqueness, row security, filters.
    Rows,
    /// What it writes is refused or stored differently (NOT NULL without default, a new check, a changed default).
    Writes,
    /// Something it rests on was not understood.
    NotUnderstood,
}

impl Cause {
    /// The word in JSON and in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ColumnMissing => "column_missing",
            Self::RelationMissing => "relation_missing",
            Self::TypeMismatch => "type_mismatch",
            Self::Ambiguous => "ambiguous",
            Self::Grouping => "grouping",
            Self::ConflictTarget => "conflict_target",
            Self::ColumnCount => "column_count",
            Self::Permission => "permission",
            Self::EnumLiteral => "enum_literal",
            Self::OtherRefusal => "other_refusal",
            Self::Captured => "captured",
            Self::OutputShape => "output_shape",
            Self::OutputType => "output_type",
            Self::OutputNullability => "output_nullability",
            Self::Position => "position",
            Self::Values => "values",
            Self::Rows => "rows",
            Self::Writes => "writes",
            Self::NotUnderstood => "not_understood",
        }
    }
}

impl EffectKind {
    /// The word in JSON and in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChangesSilently => "changes_silently",
            Self::Breaks => "breaks",
            Self::MayFail => "may_fail",
            Self::Unknown => "unknown",
        }
    }
}

/// One step from the changed thing to the consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// `column`, `table`, `view`, `materialized view`, `function`, `consumer`.
    pub kind: &'static str,
    /// For people: `app.clients.phone`, `reporting.active_clients`, the consumer's name.
    pub label: String,
}

/// What shows that it is so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What the server answers.
    pub sqlstate: Option<&'static str>,
    /// In the server's words, or what differs.
    pub message: String,
    /// The very place in the consumer's own SQL.
    pub span: Option<Span>,
    /// Before, for people: a type, a list of columns.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
    /// A query that shows or decides it.
    pub query: Option<String>,
}

/// What one migration does to one consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The consumer's id in the catalog.
    pub consumer: Arc<str>,
    /// How it hurts.
    pub kind: EffectKind,
    /// Why.
    pub cause: Cause,
    /// One sentence for technicians.
    pub message: String,
    /// The migration that does it, by index.
    pub migration: u32,
    /// The change that does it; `None` when no single one does.
    pub change: Option<ChangeId>,
    /// From the changed thing to the consumer.
    pub path: Vec<PathStep>,
    /// What shows it.
    pub evidence: Evidence,
}
