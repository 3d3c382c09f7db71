//! Where an expression stands that is not part of a query, and what binding it gives.
//!
//! Defaults, checks, generated columns, index keys and predicates, policies, trigger conditions, `USING` of a type change.

use super::{BindError, Read, Unresolved};
use crate::name::Name;
use crate::schema::{Address, DataType, ObjectId};
use crate::sql::tree::Volatility;
use crate::text::Span;

/// What an expression is for: decides what may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpressionPurpose {
    /// `DEFAULT` of a column or domain: no columns, no subqueries.
    Default,
    /// `GENERATED ALWAYS AS`.
    Generated,
    /// `CHECK` of a table.
    Check,
    /// `CHECK` of a domain: `VALUE` is the value.
    DomainCheck,
    /// A key of an index or an exclusion constraint.
    IndexKey,
    /// `WHERE` of an index or an exclusion constraint.
    IndexPredicate,
    /// A key of `PARTITION BY`.
    PartitionKey,
    /// A bound of a partition: constants.
    PartitionBound,
    /// `USING` or `WITH CHECK` of a policy: subqueries are allowed.
    Policy,
    /// `WHEN` of a trigger.
    TriggerCondition,
    /// `USING` of `ALTER COLUMN … TYPE`.
    Conversion,
    /// The default of a routine's parameter.
    ParameterDefault,
    /// Anything else, where everything may stand.
    Other,
}

/// A relation that an expression can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRelation {
    /// Its columns can be named.
    pub relation: ObjectId,
    /// What it is called: `new`, `old`, `excluded`; the relation's own name when `None`.
    pub alias: Option<Name>,
    /// Whether its columns can be named without it.
    pub columns_visible: bool,
}

impl ScopeRelation {
    /// A relation under its own name, columns visible.
    pub fn plain(relation: ObjectId) -> Self {
        Self { relation, alias: None, columns_visible: true }
    }

    /// A relation under another name, whose columns must be named with it (`NEW.c`).
    pub fn named(relation: ObjectId, alias: &str) -> Self {
        Self { relation, alias: Some(Name::stored(alias)), columns_visible: false }
    }
}

/// What an expression outside of a query can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionScope {
    /// What it is for.
    pub purpose: ExpressionPurpose,
    /// The relations whose columns it can name.
    pub relations: Vec<ScopeRelation>,
    /// The type of `VALUE` in a domain's check.
    pub value: Option<DataType>,
    /// Types and names of `$1`, `$2` …
    pub parameters: Vec<(Option<Name>, DataType)>,
    /// The type that the result must be assignable to (a default's column, a generated column); a condition is `bool` by its purpose.
    pub target: Option<DataType>,
}

impl ExpressionScope {
    /// An expression that sees nothing.
    pub fn empty(purpose: ExpressionPurpose) -> Self {
        Self { purpose, relations: Vec::new(), value: None, parameters: Vec::new(), target: None }
    }

    /// An expression over the columns of one relation.
    pub fn of_relation(purpose: ExpressionPurpose, relation: ObjectId) -> Self {
        Self { relations: vec![ScopeRelation::plain(relation)], ..Self::empty(purpose) }
    }

    /// The same, to be assigned to a type.
    #[must_use]
    pub fn assigned_to(mut self, target: DataType) -> Self {
        self.target = Some(target);
        self
    }
}

/// An expression, resolved against one schema.
#[derive(Clone, Debug)]
pub struct ExpressionBinding {
    /// Its type; `None` when it cannot be derived. `unknown` (built in) for a bare string literal without a target.
    pub data_type: Option<DataType>,
    /// Whether NULL can come out.
    pub nullable: bool,
    /// Every use of every column.
    pub reads: Vec<Read>,
    /// For each name in the text that means an object: where it stands and what it means.
    pub references: Vec<(Span, Address)>,
    /// Bare strings that were read as a label of an enum: where, of which, the label.
    pub enum_literals: Vec<(Span, ObjectId, String)>,
    /// Values that are converted to another type by themselves: where they stand, and to which.
    pub conversions: Vec<(Span, crate::schema::DataType)>,
    /// Everything it depends on, sorted.
    pub depends_on: Vec<Address>,
    /// What the server would refuse.
    pub errors: Vec<BindError>,
    /// What is unknown.
    pub unresolved: Vec<Unresolved>,
    /// The most volatile function in it.
    pub volatility: Volatility,
    /// Whether it is a constant: no column, no parameter, nothing volatile or stable.
    pub constant: bool,
}
