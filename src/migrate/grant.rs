//! `GRANT`, `REVOKE` and default privileges.
//!
//! Source: PostgreSQL 15, aclchk.c; the built-in defaults: manual 5.7, table 5.2.

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{GrantEntry, NameSpace, Object, ObjectBody, ObjectId};
use crate::sql::tree::{AlterDefaultPrivileges, Grant, GrantDirection, GrantTarget, Grantee, ObjectKind, ObjectName, Privilege};

impl Work<'_> {
    /// `GRANT`, `REVOKE`.
    pub(super) fn grant(&mut self, statement: &Grant) -> Applied {
        let objects = match &statement.target {
            GrantTarget::Relations(names) => names.iter().map(|name| self.relation(name)).collect::<Applied<Vec<_>>>()?,
            GrantTarget::Objects(kind, names) => self.granted_objects(*kind, names)?,
            GrantTarget::Functions(signatures) => signatures.iter().map(|signature| self.function_named(signature)).collect::<Applied<Vec<_>>>()?,
            GrantTarget::AllInSchema(kind, schemas) => {
                let mut all = Vec::new();
                for schema in schemas {
                    let namespace = self.namespace_named(schema)?;
                    all.extend(self.all_of_kind(namespace, *kind));
                }
                all
            }
            // Membership in roles is not in the model. Who lost a role may no longer read, and nobody here can say who that is;
            // who got one reads as before.
            GrantTarget::Roles(roles) => {
                let named: Vec<_> = match statement.direction {
                    GrantDirection::Grant => roles.iter().map(|role| role.name.as_str().into()).collect(),
                    GrantDirection::Revoke => Vec::new(),
                };
                return self.unknown("membership in roles is not modelled: who may read what can change", self.span, named);
            }
            GrantTarget::Other(words) => {
                return self.unknown(format!("privileges on {words} are not modelled"), self.span, Vec::new());
            }
        };
        for object in objects {
            self.name_object(object);
            self.grant_on(object, statement)?;
        }
        Ok(())
    }

    fn granted_objects(&self, kind: ObjectKind, names: &[ObjectName]) -> Applied<Vec<ObjectId>> {
        let mut all = Vec::new();
        for name in names {
            match kind {
                ObjectKind::Sequence | ObjectKind::Table | ObjectKind::View | ObjectKind::ForeignTable | ObjectKind::MaterializedView => {
                    all.push(self.relation(name)?);
                }
                ObjectKind::Schema => all.push(self.namespace_named(&name.name)?),
                ObjectKind::Type | ObjectKind::Domain => match self.type_named(name)? {
                    Some(id) => all.push(id),
                    None => return self.refuse_at(name.span(), "42704", format!("type \"{name}\" does not exist")),
                },
                // Databases, languages, servers, large objects, tablespaces: only what was made here is in the model.
                _ => all.extend(self.schema.find(NameSpace::Other(kind), None, &name.name.name)),
            }
        }
        Ok(all)
    }

    fn all_of_kind(&self, namespace: ObjectId, kind: ObjectKind) -> Vec<ObjectId> {
        let dependents = self.schema.dependencies().on_object(namespace).into_iter().map(|dependency| dependency.dependent.object);
        let fits = |id: &ObjectId| {
            matches!(
                (kind, self.schema.get(*id).map(|object| &object.body)),
                (ObjectKind::Table, Some(ObjectBody::Table(_) | ObjectBody::View(_)))
                    | (ObjectKind::Sequence, Some(ObjectBody::Sequence(_)))
                    | (ObjectKind::Function | ObjectKind::Routine | ObjectKind::Procedure, Some(ObjectBody::Function(_)))
            )
        };
        let mut all: Vec<ObjectId> = dependents.filter(fits).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn grant_on(&mut self, object: ObjectId, statement: &Grant) -> Applied {
        let Some(body) = self.schema.get(object).cloned() else { return Ok(()) };
        let grantees: Vec<Option<Name>> = statement.grantees.iter().map(|grantee| self.grantee(grantee, &body)).collect();
        let everything = [Privilege { name: String::from("ALL"), columns: Vec::new() }];
        let privileges = if statement.privileges.is_empty() { &everything[..] } else { &statement.privileges[..] };
        for privilege in privileges {
            let names = expanded(&privilege.name, &body);
            if let Some(wrong) = names.iter().find(|name| !is_valid_for(name, &body)) {
                let word = match &body.body {
                    ObjectBody::Table(_) | ObjectBody::View(_) => "relation",
                    _ => super::describe::other_word(body.kind()),
                };
                return self.refuse("0LP01", format!("invalid privilege type {wrong} for {word}"));
            }
            let entries: Vec<GrantEntry> = names
                .iter()
                .flat_map(|name| {
                    grantees.iter().map(|grantee| GrantEntry {
                        grantee: grantee.clone(),
                        privilege: Arc::from(*name),
                        grant_option: statement.grant_option && statement.direction == GrantDirection::Grant,
                    })
                })
                .collect();
            if privilege.columns.is_empty() {
                self.schema.update(object, |own| {
                    let mut grants = own.grants.clone().unwrap_or_else(|| default_grants(&body));
                    change(&mut grants, &entries, statement);
                    own.grants = Some(grants);
                });
                continue;
            }
            for column in &privilege.columns {
                let column = self.column_of(object, column)?;
                self.name(crate::schema::Address::column(object, column.number));
                self.change_column(object, column.number, |own| change(&mut own.grants, &entries, statement));
            }
        }
        Ok(())
    }

    fn grantee(&self, grantee: &Grantee, object: &Object) -> Option<Name> {
        match grantee {
            Grantee::Public => None,
            Grantee::Role(role) => match role.name.as_str() {
                "current_user" | "session_user" | "current_role" => self.session.role.clone().or_else(|| object.owner.clone()).or(Some(role.name.clone())),
                _ => Some(role.name.clone()),
            },
        }
    }

    /// `ALTER DEFAULT PRIVILEGES`: what later objects get is not in the model, and is said to be so.
    pub(super) fn alter_default_privileges(&mut self, statement: &AlterDefaultPrivileges) -> Applied {
        for schema in &statement.schemas {
            self.namespace_named(schema)?;
        }
        let span = self.span;
        self.leave_unjudged("privileges that later objects get by default are not modelled", span, &[]);
        Ok(())
    }
}

fn change(grants: &mut Vec<GrantEntry>, entries: &[GrantEntry], statement: &Grant) {
    for entry in entries {
        let is_same = |own: &GrantEntry| own.grantee == entry.grantee && own.privilege == entry.privilege;
        match statement.direction {
            GrantDirection::Grant => match grants.iter_mut().find(|own| is_same(own)) {
                Some(own) => own.grant_option |= entry.grant_option,
                None => grants.push(entry.clone()),
            },
            GrantDirection::Revoke if statement.grant_option => {
                for own in grants.iter_mut().filter(|own| is_same(own)) {
                    own.grant_option = false;
                }
            }
            GrantDirection::Revoke => grants.retain(|own| !is_same(own)),
        }
    }
    grants.sort();
}

const TABLE: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];

fn all_of(object: &Object) -> &'static [&'static str] {
    match &object.body {
        ObjectBody::Table(_) | ObjectBody::View(_) => TABLE,
        ObjectBody::Sequence(_) => &["SELECT", "UPDATE", "USAGE"],
        ObjectBody::Schema => &["CREATE", "USAGE"],
        ObjectBody::Function(_) => &["EXECUTE"],
        ObjectBody::Type(_) => &["USAGE"],
        _ => &[],
    }
}

fn expanded<'p>(privilege: &'p str, object: &Object) -> Vec<&'p str> {
    if privilege.eq_ignore_ascii_case("ALL") || privilege.eq_ignore_ascii_case("ALL PRIVILEGES") { all_of(object).to_vec() } else { vec![privilege] }
}

/// Whether the kind of object has the privilege; `MAINTAIN` is of PostgreSQL 17, sequences take a table's too when no kind is written.
fn is_valid_for(privilege: &str, object: &Object) -> bool {
    all_of(object).contains(&privilege) || privilege == "MAINTAIN" || all_of(object).is_empty() || matches!(object.body, ObjectBody::Sequence(_))
}

/// What the built-in defaults amount to: everything for the owner, and for everybody `EXECUTE` on routines and `USAGE` on types.
fn default_grants(object: &Object) -> Vec<GrantEntry> {
    let entry = |grantee: Option<Name>, privilege: &str| GrantEntry { grantee, privilege: Arc::from(privilege), grant_option: false };
    let mut grants: Vec<GrantEntry> = Vec::new();
    if let Some(owner) = &object.owner {
        grants.extend(all_of(object).iter().map(|privilege| entry(Some(owner.clone()), privilege)));
    }
    if matches!(object.body, ObjectBody::Function(_) | ObjectBody::Type(_)) {
        grants.extend(all_of(object).iter().map(|privilege| entry(None, privilege)));
    }
    grants.sort();
    grants
}
