//! Roles: made, dropped, their memberships, what they own and what they were given.
//!
//! Roles belong to the server and not to the schema, so one that was never heard of may be there. What is known is what this run made and dropped.
//!
//! Source: PostgreSQL 15, user.c (CreateRole, DropRole, AddRoleMems), pg_shdepend.c (shdepDropOwned, shdepReassignOwned).

use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{Address, NameSpace, Object, ObjectBody, ObjectId, OtherObject};
use crate::sql::tree::{DropBehavior, GrantDirection, Grantee, Ident, ObjectKind};

/// Words that stand for whoever is at work (gram.y, RoleSpec).
const SELF: &[&str] = &["current_user", "session_user", "current_role", "user"];

impl Work<'_> {
    /// Refuses a role that this run dropped.
    pub(super) fn role_exists(&self, role: &Ident) -> Applied {
        if self.schema.is_gone_role(&role.name) {
            return self.refuse_at(role.span, "42704", format!("role \"{role}\" does not exist"));
        }
        Ok(())
    }

    /// The same for everybody that a statement names.
    pub(super) fn grantees_exist(&self, grantees: &[Grantee]) -> Applied {
        for grantee in grantees {
            if let Grantee::Role(role) = grantee {
                self.role_exists(role)?;
            }
        }
        Ok(())
    }

    /// Whether this run made the role.
    pub(super) fn is_own_role(&self, name: &Name) -> bool {
        self.role_object(name).is_some()
    }

    pub(super) fn role_object(&self, name: &Name) -> Option<ObjectId> {
        self.schema.find(NameSpace::Other(ObjectKind::Role), None, name)
    }

    /// `CREATE ROLE`, `USER`, `GROUP`.
    pub(super) fn create_role(&mut self, name: &Ident, definition: OtherObject) -> Applied {
        let word = name.name.as_str();
        let is_bare = !self.sources.slice(name.span).starts_with('"');
        if is_bare && matches!(word, "current_user" | "session_user" | "current_role") {
            return self.refuse_at(name.span, "42939", format!("{} cannot be used as a role name here", word.to_ascii_uppercase()));
        }
        if word.starts_with("pg_") {
            return self.refuse_with("42939", format!("role name \"{word}\" is reserved"), "Role names starting with \"pg_\" are reserved.");
        }
        if matches!(word, "public" | "none") {
            return self.refuse_at(name.span, "42939", format!("role name \"{word}\" is reserved"));
        }
        if self.role_object(&name.name).is_some() {
            return self.refuse_at(name.span, "42710", format!("role \"{word}\" already exists"));
        }
        self.schema.remember_role(&name.name);
        let id = self.schema.insert(name.name.clone(), None, ObjectBody::Other(definition));
        self.name_object(id);
        Ok(())
    }

    /// `DROP ROLE`.
    pub(super) fn drop_role(&mut self, role: &Ident, if_exists: bool) -> Applied {
        if self.schema.is_gone_role(&role.name) {
            if if_exists {
                self.notice(format!("role \"{role}\" does not exist, skipping"));
                return Ok(());
            }
            return self.role_exists(role);
        }
        let needed = self.schema.objects().find(|object| uses_role(object, &role.name)).map(|object| object.id);
        if let Some(object) = needed {
            let detail = format!("{} depends on it", self.description(Address::whole(object)));
            return self.refuse_with("2BP01", format!("role \"{role}\" cannot be dropped because some objects depend on it"), detail);
        }
        if self.schema.has_default_grants_of(&role.name) {
            return self.refuse("2BP01", format!("role \"{role}\" cannot be dropped because some objects depend on it"));
        }
        if let Some(id) = self.role_object(&role.name) {
            self.name_object(id);
            self.schema.remove(id);
        }
        self.schema.forget_role(&role.name);
        Ok(())
    }

    /// `GRANT a TO b`, `REVOKE a FROM b`: who is a member of whom.
    pub(super) fn grant_roles(&mut self, direction: GrantDirection, roles: &[Ident], members: &[Grantee]) -> Applied {
        for role in roles {
            self.role_exists(role)?;
        }
        self.grantees_exist(members)?;
        for (role, member) in roles.iter().flat_map(|role| members.iter().map(move |member| (role, member))) {
            let Grantee::Role(member) = member else { continue };
            if direction == GrantDirection::Revoke {
                self.schema.leave_role(&role.name, &member.name);
                continue;
            }
            if self.schema.is_member_of(&role.name, &member.name) {
                return self.refuse_at(role.span, "0LP01", format!("role \"{}\" is a member of role \"{}\"", role.name, member.name));
            }
            self.schema.join_role(&role.name, &member.name);
        }
        if direction == GrantDirection::Revoke {
            // Who lost a role may no longer read, and nobody here can say who that is.
            let span = self.span;
            self.leave_unjudged("what somebody could do as a member of the role is not followed: who may read what can change", span, &[]);
        }
        Ok(())
    }

    /// `REASSIGN OWNED BY a TO b`.
    pub(super) fn reassign_owned(&mut self, roles: &[Ident], to: &Ident) -> Applied {
        for role in roles.iter().chain([to]) {
            self.role_exists(role)?;
        }
        let new = if SELF.contains(&to.name.as_str()) { self.session.role.clone() } else { Some(to.name.clone()) };
        for id in self.owned_by(roles) {
            self.name_object(id);
            self.own(id, new.clone());
        }
        Ok(())
    }

    /// `DROP OWNED BY a`: what the roles own goes, and what they were given is taken back.
    pub(super) fn drop_owned(&mut self, roles: &[&Ident], behavior: DropBehavior) -> Applied {
        let mut named = Vec::new();
        for role in roles {
            self.role_exists(role)?;
            named.push((*role).clone());
        }
        let mut addresses: Vec<Address> = self.owned_by(&named).into_iter().map(Address::whole).collect();
        // A policy for nobody else goes too (RemoveRoleFromObjectPolicy).
        let is_only_theirs = |object: &&Object| match &object.body {
            ObjectBody::Policy(policy) => !policy.roles.is_empty() && policy.roles.iter().all(|own| named.iter().any(|role| role.name == *own)),
            _ => false,
        };
        addresses.extend(self.schema.objects().filter(is_only_theirs).map(|object| Address::whole(object.id)));
        for address in &addresses {
            self.name(*address);
        }
        let all: Vec<ObjectId> = self.schema.objects().map(|object| object.id).collect();
        for id in all {
            for role in &named {
                self.take_back(id, &role.name);
            }
        }
        for role in &named {
            self.schema.drop_default_grants_of(&role.name);
        }
        self.perform_deletion(&addresses, behavior)
    }

    fn owned_by(&self, roles: &[Ident]) -> Vec<ObjectId> {
        let owns = |object: &Object| object.owner.as_ref().is_some_and(|owner| roles.iter().any(|role| role.name == *owner));
        self.schema.objects().filter(|object| owns(object)).map(|object| object.id).collect()
    }

    fn take_back(&mut self, id: ObjectId, role: &Name) {
        let has = self.schema.get(id).is_some_and(|object| uses_role(object, role));
        let columns: Vec<_> = self
            .schema
            .columns(id)
            .iter()
            .filter(|column| column.grants.iter().any(|grant| grant.grantee.as_ref() == Some(role)))
            .map(|column| column.number)
            .collect();
        if !has && columns.is_empty() {
            return;
        }
        self.schema.update(id, |object| {
            if let Some(grants) = &mut object.grants {
                grants.retain(|grant| grant.grantee.as_ref() != Some(role));
            }
            if let ObjectBody::Policy(policy) = &mut object.body {
                policy.roles.retain(|own| own != role);
            }
        });
        for number in columns {
            self.change_column(id, number, |column| column.grants.retain(|grant| grant.grantee.as_ref() != Some(role)));
        }
    }
}

fn uses_role(object: &Object, role: &Name) -> bool {
    object.owner.as_ref() == Some(role)
        || object.grants.iter().flatten().any(|grant| grant.grantee.as_ref() == Some(role))
        || matches!(&object.body, ObjectBody::Policy(policy) if policy.roles.contains(role))
}
