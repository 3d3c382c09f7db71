//! What every object has: identity, name, owner, comment, grants; and the body that makes its kind.

use std::sync::Arc;

use super::{Constraint, Definition, Function, GrantEntry, Index, ObjectId, Sequence, Table, UserType, View};
use crate::name::Name;
use crate::sql::tree::{ObjectKind, TriggerEvent, TriggerState, TriggerTiming};

/// An object. Cheap to share; changed through [`super::Schema::update`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its identity.
    pub id: ObjectId,
    /// Its name; for objects without a name of their own (casts, user mappings) the text that stands for it.
    pub name: Name,
    /// The schema (namespace) it lives in; `None` for schemas, extensions, publications and the like.
    /// Constraints, triggers, rules and policies have the namespace of their table.
    pub namespace: Option<ObjectId>,
    /// Its owner, when known.
    pub owner: Option<Name>,
    /// `COMMENT ON`.
    pub comment: Option<Arc<str>>,
    /// `None` when nothing was ever granted or revoked (the built-in default applies); else all entries, sorted.
    pub grants: Option<Vec<GrantEntry>>,
    /// What it is.
    pub body: ObjectBody,
}

/// The kinds of object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectBody {
    /// A namespace.
    Schema,
    /// A table.
    Table(Table),
    /// A view.
    View(View),
    /// An index.
    Index(Index),
    /// A sequence.
    Sequence(Sequence),
    /// A constraint.
    Constraint(Constraint),
    /// A type.
    Type(UserType),
    /// A routine.
    Function(Function),
    /// A trigger.
    Trigger(Trigger),
    /// A row-security policy.
    Policy(Policy),
    /// A rewrite rule (other than a view's own).
    Rule(Rule),
    /// An extension.
    Extension(Extension),
    /// Anything that is kept by kind, name and text.
    Other(OtherObject),
}

/// A trigger, event triggers too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its table; `None` for an event trigger.
    pub table: Option<ObjectId>,
    /// When.
    pub timing: TriggerTiming,
    /// On what.
    pub events: Vec<TriggerEvent>,
    /// `FOR EACH ROW`.
    pub for_each_row: bool,
    /// `CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// Enabled how.
    pub state: TriggerState,
    /// `CREATE TRIGGER …` as the server prints it, names by identity.
    pub definition: Definition,
}

/// A row-security policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its table.
    pub table: ObjectId,
    /// `AS PERMISSIVE`.
    pub permissive: bool,
    /// `ALL`, `SELECT` …
    pub command: Arc<str>,
    /// Roles; empty means `PUBLIC`.
    pub roles: Vec<Name>,
    /// `USING`.
    pub using: Option<Definition>,
    /// `WITH CHECK`.
    pub check: Option<Definition>,
}

/// A rewrite rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its table or view.
    pub table: ObjectId,
    /// `CREATE RULE …`.
    pub definition: Definition,
    /// Enabled how.
    pub state: TriggerState,
}

/// An extension. Its members depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its version, when known.
    pub version: Option<Arc<str>>,
    /// The schema its objects live in.
    pub schema: Option<ObjectId>,
}

/// An object that is kept by kind, name and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherObject {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its table, when it hangs on one.
    pub table: Option<ObjectId>,
    /// The statement that makes it, names by identity.
    pub definition: Definition,
}

impl Object {
    /// The kind, in the words of a `DROP` statement.
    pub fn kind(&self) -> ObjectKind {
        match &self.body {
            ObjectBody::Schema => ObjectKind::Schema,
            ObjectBody::Table(table) if table.kind == super::TableKind::Foreign => ObjectKind::ForeignTable,
            ObjectBody::Table(_) => ObjectKind::Table,
            ObjectBody::View(view) => match view.kind {
                crate::sql::tree::ViewKind::Plain => ObjectKind::View,
                crate::sql::tree::ViewKind::Materialized => ObjectKind::MaterializedView,
            },
            ObjectBody::Index(_) => ObjectKind::Index,
            ObjectBody::Sequence(_) => ObjectKind::Sequence,
            ObjectBody::Constraint(_) => ObjectKind::Constraint,
            ObjectBody::Type(UserType::Domain(_)) => ObjectKind::Domain,
            ObjectBody::Type(_) => ObjectKind::Type,
            ObjectBody::Function(function) => match function.kind {
                crate::sql::tree::FunctionKind::Function => ObjectKind::Function,
                crate::sql::tree::FunctionKind::Procedure => ObjectKind::Procedure,
                crate::sql::tree::FunctionKind::Aggregate => ObjectKind::Aggregate,
            },
            ObjectBody::Trigger(trigger) if trigger.table.is_none() => ObjectKind::EventTrigger,
            ObjectBody::Trigger(_) => ObjectKind::Trigger,
            ObjectBody::Policy(_) => ObjectKind::Policy,
            ObjectBody::Rule(_) => ObjectKind::Rule,
            ObjectBody::Extension(_) => ObjectKind::Extension,
            ObjectBody::Other(other) => other.kind,
        }
    }
}
