//! Every other kind of object, and what all kinds share: dropping, renaming, moving, commenting.

use super::{
    ColumnConstraint, ConstraintFlags, DropBehavior, Expr, FunctionSignature, Grantee, Ident, ObjectKind, ObjectName, StorageParameter, TableConstraint,
    TypeName,
};
use crate::text::{Span, Spanned};

/// `DROP kind [IF EXISTS] a, b [CASCADE]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Drop {
    /// What is dropped.
    pub targets: Vec<DropTarget>,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `CONCURRENTLY` (indexes).
    pub concurrently: bool,
    /// `CASCADE`, `RESTRICT`.
    pub behavior: DropBehavior,
}

/// One thing to drop.
#[derive(Clone, Debug, PartialEq)]
pub enum DropTarget {
    /// Anything named by a name.
    Object(ObjectReference),
    /// `DROP OWNED BY r`.
    OwnedBy(Ident),
}

/// A reference to an object of any kind.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectReference {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name. For a column, constraint, trigger, rule or policy: its own name alone; for a cast, operator or user mapping the text.
    pub name: ObjectName,
    /// The table of a column, constraint, trigger, rule or policy; the domain of a domain constraint.
    pub on: Option<ObjectName>,
    /// The argument types of a routine, aggregate or operator.
    pub signature: Option<FunctionSignature>,
    /// The whole of it.
    pub span: Span,
}

/// `ALTER kind name action` for kinds that have no statement of their own above.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterObject {
    /// What.
    pub object: ObjectReference,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// What happens.
    pub action: ObjectAction,
}

/// What can happen to such an object.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectAction {
    /// `RENAME TO`.
    Rename(Ident),
    /// `SET SCHEMA`.
    SetSchema(Ident),
    /// `OWNER TO`.
    Owner(Ident),
    /// `ALTER TYPE`.
    Type(Vec<Spanned<AlterTypeAction>>),
    /// `ALTER DOMAIN`.
    Domain(AlterDomainAction),
    /// `ALTER POLICY`: what is written replaces.
    Policy {
        /// `TO`.
        roles: Option<Vec<Grantee>>,
        /// `USING`.
        using: Option<Expr>,
        /// `WITH CHECK`.
        check: Option<Expr>,
    },
    /// `REASSIGN OWNED BY a, b TO c`.
    Reassign {
        /// Whose objects.
        from: Vec<Ident>,
        /// Their new owner.
        to: Ident,
    },
    /// `ALTER FUNCTION` options: words upper case, then what follows.
    Function(Vec<(String, String)>),
    /// `ALTER EXTENSION e UPDATE [TO v]`, `ADD`/`DROP` member, `ALTER PUBLICATION … ADD TABLE`, `ALTER EVENT TRIGGER … DISABLE`: its words, and the relations named.
    Other {
        /// The words.
        words: String,
        /// The relations named.
        mentions: Vec<ObjectName>,
    },
}

/// `ALTER TYPE t …`.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterTypeAction {
    /// `ADD VALUE [IF NOT EXISTS] v [BEFORE | AFTER w]`.
    AddValue {
        /// The new label.
        value: String,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// Its neighbour: `(true, w)` for `BEFORE w`, `(false, w)` for `AFTER w`.
        neighbor: Option<(bool, String)>,
    },
    /// `RENAME VALUE a TO b`.
    RenameValue {
        /// From.
        from: String,
        /// To.
        to: String,
    },
    /// `ADD ATTRIBUTE a t`.
    AddAttribute(Ident, TypeName, DropBehavior),
    /// `DROP ATTRIBUTE a`.
    DropAttribute {
        /// The attribute.
        name: Ident,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        behavior: DropBehavior,
    },
    /// `ALTER ATTRIBUTE a TYPE t`.
    AlterAttribute(Ident, TypeName, DropBehavior),
    /// `RENAME ATTRIBUTE a TO b`.
    RenameAttribute(Ident, Ident, DropBehavior),
    /// `SET (…)`.
    SetParameters(Vec<StorageParameter>),
}

/// `ALTER DOMAIN d …`.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterDomainAction {
    /// `SET DEFAULT`.
    SetDefault(Expr),
    /// `DROP DEFAULT`.
    DropDefault,
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `ADD constraint [NOT VALID]`.
    AddConstraint(TableConstraint),
    /// `DROP CONSTRAINT`.
    DropConstraint {
        /// The constraint.
        name: Ident,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        behavior: DropBehavior,
    },
    /// `RENAME CONSTRAINT a TO b`.
    RenameConstraint(Ident, Ident),
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint(Ident),
}

/// `COMMENT ON object IS text`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// On what.
    pub object: ObjectReference,
    /// The text; `None` takes it away.
    pub text: Option<String>,
}

/// `CREATE SCHEMA`; `S` is the kind of statement that it can hold.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSchema<S> {
    /// Its name.
    pub name: Ident,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `AUTHORIZATION`.
    pub owner: Option<Ident>,
    /// Statements inside it.
    pub elements: Vec<S>,
}

/// `CREATE TYPE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateType {
    /// Its name.
    pub name: ObjectName,
    /// What kind.
    pub kind: CreateTypeKind,
}

/// Kinds of type.
#[derive(Clone, Debug, PartialEq)]
pub enum CreateTypeKind {
    /// `AS ENUM (…)`: the labels in order.
    Enum(Vec<String>),
    /// `AS (a t, …)`.
    Composite(Vec<(Ident, TypeName, Option<ObjectName>)>),
    /// `AS RANGE (SUBTYPE = t, …)`.
    Range {
        /// The subtype.
        subtype: TypeName,
        /// `MULTIRANGE_TYPE_NAME`.
        multirange_name: Option<ObjectName>,
        /// The other options as text.
        options: Vec<(String, String)>,
    },
    /// A base type (`INPUT = …`).
    Base(Vec<(String, String)>),
    /// A shell type: the name alone.
    Shell,
}

/// `CREATE DOMAIN`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateDomain {
    /// Its name.
    pub name: ObjectName,
    /// The type below.
    pub data_type: TypeName,
    /// `COLLATE`.
    pub collation: Option<ObjectName>,
    /// `DEFAULT`, `NOT NULL`, `CHECK (VALUE …)`.
    pub constraints: Vec<ColumnConstraint>,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is named as SQL names it")]
pub enum TriggerTiming {
    Before,
    After,
    InsteadOf,
    /// `CREATE EVENT TRIGGER`.
    Event,
}

/// What a trigger fires on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerEvent {
    /// `INSERT`.
    Insert,
    /// `UPDATE [OF a, b]`.
    Update(Vec<Ident>),
    /// `DELETE`.
    Delete,
    /// `TRUNCATE`.
    Truncate,
    /// A command event (`ddl_command_end`) with its `WHEN TAG IN` list as text.
    Command(String),
}

/// `CREATE TRIGGER`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTrigger {
    /// Its name.
    pub name: Ident,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// When.
    pub timing: TriggerTiming,
    /// On what.
    pub events: Vec<TriggerEvent>,
    /// The table or view; `None` for an event trigger.
    pub table: Option<ObjectName>,
    /// `FROM t` of a constraint trigger.
    pub from: Option<ObjectName>,
    /// Deferrability of a constraint trigger.
    pub flags: ConstraintFlags,
    /// `REFERENCING OLD TABLE AS o NEW TABLE AS n`: `(old, name)`.
    pub transition_tables: Vec<(bool, Ident)>,
    /// `FOR EACH ROW`.
    pub for_each_row: bool,
    /// `WHEN (…)`.
    pub condition: Option<Expr>,
    /// The function.
    pub function: ObjectName,
    /// Its arguments, as text.
    pub arguments: Vec<String>,
}

/// `CREATE POLICY`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatePolicy {
    /// Its name.
    pub name: Ident,
    /// The table.
    pub table: ObjectName,
    /// `AS RESTRICTIVE` is false.
    pub permissive: bool,
    /// `FOR command`, upper case; `ALL` when none is written.
    pub command: String,
    /// `TO`.
    pub roles: Vec<Grantee>,
    /// `USING`.
    pub using: Option<Expr>,
    /// `WITH CHECK`.
    pub check: Option<Expr>,
}

/// `CREATE EXTENSION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateExtension {
    /// Its name.
    pub name: Ident,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `SCHEMA s`.
    pub schema: Option<Ident>,
    /// `VERSION v`.
    pub version: Option<String>,
    /// `CASCADE`.
    pub cascade: bool,
}

/// What a rule is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleEvent {
    /// `ON SELECT`.
    Select,
    /// `ON INSERT`.
    Insert,
    /// `ON UPDATE`.
    Update,
    /// `ON DELETE`.
    Delete,
}

/// `CREATE RULE` taken apart; `S` is the kind of statement that it can do.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleParts<S> {
    /// Its name.
    pub name: Ident,
    /// On what.
    pub event: RuleEvent,
    /// `WHERE`.
    pub condition: Option<Expr>,
    /// `DO INSTEAD`.
    pub instead: bool,
    /// What is done; empty for `NOTHING`.
    pub actions: Vec<S>,
}
