//! Kinds of object, and what a drop does with what depends on one.

/// Kinds of object, as far as any statement can name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as SQL names it")]
pub enum ObjectKind {
    Table,
    ForeignTable,
    View,
    MaterializedView,
    Index,
    Sequence,
    Schema,
    Database,
    Type,
    Domain,
    Function,
    Procedure,
    Routine,
    Aggregate,
    Operator,
    OperatorClass,
    OperatorFamily,
    Cast,
    Collation,
    Conversion,
    Extension,
    Trigger,
    EventTrigger,
    Rule,
    Policy,
    Constraint,
    DomainConstraint,
    Column,
    Role,
    Tablespace,
    Language,
    Publication,
    Subscription,
    Statistics,
    Server,
    ForeignDataWrapper,
    UserMapping,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    AccessMethod,
    Transform,
    LargeObject,
    /// A kind only another dialect has (stream, task, stage, macro, dictionary …).
    Foreign,
}

/// `CASCADE` or `RESTRICT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DropBehavior {
    /// The default: refuse while something depends on it.
    #[default]
    Restrict,
    /// Take dependents along.
    Cascade,
}
