//! Row-security policies.
//!
//! Source: PostgreSQL 15, policy.c.

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::lineage::ExpressionPurpose;
use crate::name::Name;
use crate::schema::{Definition, ObjectBody, ObjectId, Policy};
use crate::sql::tree::{CreatePolicy, Expr, Grantee};

impl Work<'_> {
    /// `CREATE POLICY`.
    pub(super) fn create_policy(&mut self, statement: &CreatePolicy) -> Applied {
        let table = self.table_named(&statement.table)?;
        if self.schema.dialect.built_ins.is_some() {
            if matches!(statement.command.as_str(), "SELECT" | "DELETE") && statement.check.is_some() {
                return self.refuse("42601", "WITH CHECK cannot be applied to SELECT or DELETE");
            }
            if statement.command == "INSERT" && statement.using.is_some() {
                return self.refuse("42601", "only WITH CHECK expression allowed for INSERT");
            }
            self.grantees_exist(&statement.roles)?;
        }
        let using = self.condition(table, statement.using.as_ref())?;
        let check = self.condition(table, statement.check.as_ref())?;
        if self.hanging(table, &statement.name.name, |body| matches!(body, ObjectBody::Policy(_))).is_some() {
            let message = format!("policy \"{}\" for table \"{}\" already exists", statement.name, self.name_of(table));
            return self.refuse_at(statement.name.span, "42710", message);
        }
        let policy =
            Policy { table, permissive: statement.permissive, command: Arc::from(statement.command.as_str()), roles: roles(&statement.roles), using, check };
        let namespace = self.namespace_of(table);
        let id = self.schema.insert(statement.name.name.clone(), namespace, ObjectBody::Policy(policy));
        self.name_object(id);
        Ok(())
    }

    fn condition(&mut self, table: ObjectId, expression: Option<&Expr>) -> Applied<Option<Definition>> {
        match expression {
            Some(expression) => Ok(Some(self.bind_in(ExpressionPurpose::Policy, table, expression)?.definition)),
            None => Ok(None),
        }
    }

    /// `ALTER POLICY`: what is written replaces.
    pub(super) fn alter_policy(&mut self, id: ObjectId, new_roles: Option<&Vec<Grantee>>, using: Option<&Expr>, check: Option<&Expr>) -> Applied {
        self.name_object(id);
        let Some(ObjectBody::Policy(policy)) = self.schema.get(id).map(|object| object.body.clone()) else { return Ok(()) };
        if self.schema.dialect.built_ins.is_some() {
            if matches!(&*policy.command, "SELECT" | "DELETE") && check.is_some() {
                return self.refuse("42601", "only USING expression allowed for SELECT, DELETE");
            }
            if &*policy.command == "INSERT" && using.is_some() {
                return self.refuse("42601", "only WITH CHECK expression allowed for INSERT");
            }
            if let Some(roles) = new_roles {
                self.grantees_exist(roles)?;
            }
        }
        let using = self.condition(policy.table, using)?.or(policy.using.clone());
        let check = self.condition(policy.table, check)?.or(policy.check.clone());
        let roles = new_roles.map_or_else(|| policy.roles.clone(), |written| roles(written));
        self.schema.update(id, |object| object.body = ObjectBody::Policy(Policy { using, check, roles, ..policy }));
        Ok(())
    }
}

/// Roles by name; empty for `PUBLIC`.
fn roles(written: &[Grantee]) -> Vec<Name> {
    let mut all = Vec::new();
    for grantee in written {
        match grantee {
            Grantee::Public => return Vec::new(),
            Grantee::Role(role) => all.push(role.name.clone()),
        }
    }
    all.sort();
    all
}
