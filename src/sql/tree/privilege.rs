//! Grants as written.

use super::{DropBehavior, FunctionSignature, Ident, ObjectKind, ObjectName};

/// Give or take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantDirection {
    /// `GRANT`.
    Grant,
    /// `REVOKE`.
    Revoke,
}

/// `GRANT` or `REVOKE` of privileges or of roles.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Give or take.
    pub direction: GrantDirection,
    /// What; empty means `ALL`.
    pub privileges: Vec<Privilege>,
    /// On what.
    pub target: GrantTarget,
    /// To or from whom.
    pub grantees: Vec<Grantee>,
    /// `WITH GRANT OPTION`, or `GRANT OPTION FOR` in a `REVOKE`.
    pub grant_option: bool,
    /// `GRANTED BY`.
    pub granted_by: Option<Ident>,
    /// `CASCADE` of a `REVOKE`.
    pub behavior: DropBehavior,
}

/// One privilege.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privilege {
    /// `SELECT`, `INSERT` …, upper case; for a role grant the role's name is in [`GrantTarget::Roles`].
    pub name: String,
    /// `(a, b)`; empty means the whole object.
    pub columns: Vec<Ident>,
}

/// What is granted on.
#[derive(Clone, Debug, PartialEq)]
pub enum GrantTarget {
    /// Tables, views; also `ON t` without a kind.
    Relations(Vec<ObjectName>),
    /// Objects of one kind (sequence, schema, database, type, domain, language, foreign server …).
    Objects(ObjectKind, Vec<ObjectName>),
    /// Routines.
    Functions(Vec<FunctionSignature>),
    /// `ALL TABLES IN SCHEMA s`.
    AllInSchema(ObjectKind, Vec<Ident>),
    /// Roles, as in `GRANT reader TO maria`.
    Roles(Vec<Ident>),
    /// A kind of the dialect that is not modelled (warehouse, share …): its words.
    Other(String),
}

/// Who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grantee {
    /// `PUBLIC`.
    Public,
    /// A role; `CURRENT_USER` and the like by their word, lower case.
    Role(Ident),
}

/// `ALTER DEFAULT PRIVILEGES`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterDefaultPrivileges {
    /// `FOR ROLE r`.
    pub roles: Vec<Ident>,
    /// `IN SCHEMA s`.
    pub schemas: Vec<Ident>,
    /// Give or take.
    pub direction: GrantDirection,
    /// What; empty means `ALL`.
    pub privileges: Vec<Privilege>,
    /// On which kind of object.
    pub kind: ObjectKind,
    /// To or from whom.
    pub grantees: Vec<Grantee>,
    /// `WITH GRANT OPTION`.
    pub grant_option: bool,
}
