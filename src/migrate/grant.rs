//! `GRANT`, `REVOKE` and default privileges.
//!
//! Source: PostgreSQL 15, aclchk.c; the built-in defaults: manual 5.7, table 5.2.

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{DefaultGrant, GrantEntry, NameSpace, Object, ObjectBody, ObjectId};
use crate::sql::tree::{
    AlterDefaultPrivileges, FunctionKind, FunctionSignature, Grant, GrantDirection, GrantTarget, Grantee, ObjectKind, ObjectName, Privilege, ViewKind,
};

impl Work<'_> {
    /// `GRANT`, `REVOKE`.
    pub(super) fn grant(&mut self, statement: &Grant) -> Applied {
        self.grantor_is_at_work(statement)?;
        let objects = match &statement.target {
            GrantTarget::Relations(names) => {
                let mut all = Vec::new();
                for name in names {
                    match self.relation_or_catalog(name)? {
                        Some(id) => all.push(id),
                        None if statement.direction == GrantDirection::Grant => {}
                        None => return self.unknown(format!("privileges on {name} are not modelled"), name.span(), Vec::new()),
                    }
                }
                all
            }
            GrantTarget::Objects(kind, names) => {
                self.privileges_suit(*kind, &statement.privileges)?;
                self.granted_objects(*kind, names)?
            }
            GrantTarget::Functions(signatures) => signatures.iter().map(|signature| self.granted_routine(signature)).collect::<Applied<Vec<_>>>()?,
            GrantTarget::AllInSchema(kind, schemas) => {
                let mut all = Vec::new();
                for schema in schemas {
                    let namespace = self.namespace_named(schema)?;
                    all.extend(self.all_of_kind(namespace, *kind));
                }
                all
            }
            GrantTarget::Roles(roles) => return self.grant_roles(statement.direction, roles, &statement.grantees),
            GrantTarget::Other(words) => {
                if words.to_ascii_uppercase().starts_with("PARAMETER") && self.schema.dialect.built_ins.is_some() {
                    self.setting_privileges_suit(&statement.privileges)?;
                    // Who may set more than before hits nobody.
                    if statement.direction == GrantDirection::Grant {
                        return self.grantees_exist(&statement.grantees);
                    }
                }
                return self.unknown(format!("privileges on {words} are not modelled"), self.span, Vec::new());
            }
        };
        self.grantees_exist(&statement.grantees)?;
        if statement.grant_option
            && statement.direction == GrantDirection::Grant
            && statement.grantees.contains(&Grantee::Public)
            && self.schema.dialect.built_ins.is_some()
        {
            return self.refuse("0LP01", "grant options can only be granted to roles");
        }
        if matches!(statement.target, GrantTarget::Objects(ObjectKind::Database, _)) {
            self.remember_creators(statement);
        }
        for object in objects {
            self.name_object(object);
            self.grant_on(object, statement)?;
        }
        Ok(())
    }

    fn remember_creators(&mut self, statement: &Grant) {
        if !statement.privileges.is_empty() && !statement.privileges.iter().any(|privilege| privilege.name == "CREATE" || privilege.name.starts_with("ALL")) {
            return;
        }
        for grantee in &statement.grantees {
            let role = match grantee {
                Grantee::Public => None,
                Grantee::Role(role) => Some(role.name.clone()),
            };
            match statement.direction {
                GrantDirection::Grant => self.schema.add_database_creator(role),
                GrantDirection::Revoke => self.schema.remove_database_creator(&role),
            }
        }
    }

    /// `GRANTED BY` somebody else than the role at work (ExecuteGrantStmt).
    fn grantor_is_at_work(&self, statement: &Grant) -> Applied {
        let Some(role) = &statement.granted_by else { return Ok(()) };
        if matches!(statement.target, GrantTarget::Roles(_)) || matches!(role.name.as_str(), "current_user" | "current_role") {
            return Ok(());
        }
        self.role_exists(role)?;
        // A role that was made here is not the one that the connection began with.
        let is_another = match &self.session.role {
            Some(own) => *own != role.name,
            None => self.is_own_role(&role.name),
        };
        if is_another {
            return self.refuse_at(role.span, "0A000", "grantor must be current user");
        }
        Ok(())
    }

    /// A function or procedure; `FUNCTION` takes aggregates too (LookupFuncWithArgs).
    fn granted_routine(&self, signature: &FunctionSignature) -> Applied<ObjectId> {
        if signature.kind != Some(FunctionKind::Function) || self.schema.dialect.built_ins.is_none() {
            return self.function_named(signature);
        }
        let id = self.function_named(&FunctionSignature { kind: None, ..signature.clone() })?;
        if matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Function(function)) if function.kind == FunctionKind::Procedure) {
            return self.refuse_at(signature.name.span(), "42809", format!("{} is not a function", signature.name));
        }
        Ok(id)
    }

    /// Privileges of the kinds that are kept by text (restrict_and_check_grant).
    fn privileges_suit(&self, kind: ObjectKind, privileges: &[Privilege]) -> Applied {
        let (known, word): (&[&str], &str) = match kind {
            ObjectKind::Tablespace => (&["CREATE"], "tablespace"),
            ObjectKind::Database => (&["CREATE", "CONNECT", "TEMPORARY", "TEMP"], "database"),
            ObjectKind::Language => (&["USAGE"], "language"),
            ObjectKind::ForeignDataWrapper => (&["USAGE"], "foreign-data wrapper"),
            ObjectKind::Server => (&["USAGE"], "foreign server"),
            _ => return Ok(()),
        };
        self.privileges_are_among(privileges, known, word)
    }

    fn setting_privileges_suit(&self, privileges: &[Privilege]) -> Applied {
        self.privileges_are_among(privileges, &["SET", "ALTER SYSTEM"], "parameter")
    }

    fn privileges_are_among(&self, privileges: &[Privilege], known: &[&str], word: &str) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        if privileges.iter().any(|privilege| !privilege.columns.is_empty()) {
            return self.refuse("0LP01", "column privileges are only valid for relations");
        }
        let is_wrong = |privilege: &&Privilege| !known.contains(&privilege.name.as_str()) && !privilege.name.starts_with("ALL");
        match privileges.iter().find(is_wrong) {
            Some(wrong) => self.refuse("0LP01", format!("invalid privilege type {} for {word}", wrong.name)),
            None => Ok(()),
        }
    }

    /// The objects of a server that are no part of a schema: those that every server has, and those that were made here.
    fn global_exists(&self, kind: ObjectKind, name: &ObjectName) -> Applied {
        let word = name.name.name.as_str();
        if self.global_object(kind, &name.name.name).is_some() || self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let missing = |sqlstate| self.refuse_at(name.span(), sqlstate, format!("{} \"{word}\" does not exist", super::describe::other_word(kind)));
        match kind {
            ObjectKind::Language if matches!(word, "internal" | "c") => self.refuse_at(name.span(), "42809", format!("language \"{word}\" is not trusted")),
            ObjectKind::Language if matches!(word, "sql" | "plpgsql") || self.has_unknown_extension() => Ok(()),
            ObjectKind::Language | ObjectKind::Server | ObjectKind::ForeignDataWrapper => missing("42704"),
            ObjectKind::Tablespace if !matches!(word, "pg_default" | "pg_global") => missing("42704"),
            _ => Ok(()),
        }
    }

    fn granted_objects(&self, kind: ObjectKind, names: &[ObjectName]) -> Applied<Vec<ObjectId>> {
        let mut all = Vec::new();
        for name in names {
            match kind {
                ObjectKind::Sequence => {
                    let id = self.relation(name)?;
                    if !matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Sequence(_))) {
                        return self.refuse_at(name.span(), "42809", format!("\"{}\" is not a sequence", name.name));
                    }
                    all.push(id);
                }
                ObjectKind::Table | ObjectKind::View | ObjectKind::ForeignTable | ObjectKind::MaterializedView => {
                    all.push(self.relation(name)?);
                }
                ObjectKind::Schema => all.push(self.namespace_named(&name.name)?),
                ObjectKind::Type | ObjectKind::Domain => match self.type_named(name)? {
                    Some(id) if kind == ObjectKind::Domain && self.schema.get(id).is_none_or(|object| object.kind() != ObjectKind::Domain) => {
                        return self.refuse_at(name.span(), "42809", format!("\"{name}\" is not a domain"));
                    }
                    // What is granted on the row type of a table is read by nothing here, and in no snapshot.
                    Some(id) if self.schema.table(id).is_some() || self.schema.view(id).is_some() => {}
                    Some(id) => all.push(id),
                    // A type that the server brings along has its privileges, which are not in the model.
                    None if self.is_built_in_type(name) => {}
                    None => return self.refuse_at(name.span(), "42704", format!("type \"{name}\" does not exist")),
                },
                // Databases, languages, servers, large objects, tablespaces: only what was made here is in the model.
                _ => {
                    self.global_exists(kind, name)?;
                    all.extend(self.schema.find(NameSpace::Other(kind), None, &name.name.name));
                }
            }
        }
        Ok(all)
    }

    fn all_of_kind(&self, namespace: ObjectId, kind: ObjectKind) -> Vec<ObjectId> {
        let dependents = self.schema.dependencies().on_object(namespace).into_iter().map(|dependency| dependency.dependent.object);
        let fits = |id: &ObjectId| match (kind, self.schema.get(*id).map(|object| &object.body)) {
            (ObjectKind::Table, Some(ObjectBody::Table(_) | ObjectBody::View(_))) | (ObjectKind::Sequence, Some(ObjectBody::Sequence(_))) => true,
            // `FUNCTIONS` are aggregates too, and no procedures (manual, GRANT).
            (ObjectKind::Function, Some(ObjectBody::Function(function))) => function.kind != FunctionKind::Procedure,
            (ObjectKind::Procedure, Some(ObjectBody::Function(function))) => function.kind == FunctionKind::Procedure,
            (ObjectKind::Routine, Some(ObjectBody::Function(_))) => true,
            _ => false,
        };
        let mut all: Vec<ObjectId> = dependents.filter(fits).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn grant_on(&mut self, object: ObjectId, statement: &Grant) -> Applied {
        let Some(body) = self.schema.get(object).cloned() else { return Ok(()) };
        if self.schema.index(object).is_some() {
            return self.refuse("42809", format!("\"{}\" is an index", body.name));
        }
        // What the owner gives to nobody but the owner is not written down where the owner's name is not known.
        let is_owner = |grantee: &&Grantee| {
            let is_self = matches!(grantee, Grantee::Role(role) if matches!(role.name.as_str(), "current_user" | "session_user" | "current_role"));
            is_self && self.session.role.is_none() && body.owner.is_none()
        };
        let grantees: Vec<Option<Name>> = statement.grantees.iter().filter(|grantee| !is_owner(grantee)).map(|grantee| self.grantee(grantee, &body)).collect();
        let everything = [Privilege { name: String::from("ALL"), columns: Vec::new() }];
        let privileges = if statement.privileges.is_empty() { &everything[..] } else { &statement.privileges[..] };
        for privilege in privileges {
            let names = expanded(&privilege.name, &body);
            let as_sequence = matches!(&statement.target, GrantTarget::Objects(ObjectKind::Sequence, _) | GrantTarget::AllInSchema(ObjectKind::Sequence, _));
            let wrong_for_sequence = |name: &&&str| as_sequence && !all_of(&body).contains(name);
            let wrong_for_column = |name: &&&str| !privilege.columns.is_empty() && !COLUMN.contains(name);
            if let Some(wrong) = names.iter().find(wrong_for_sequence) {
                return self.refuse("0LP01", format!("invalid privilege type {wrong} for sequence"));
            }
            if let Some(wrong) = names.iter().find(wrong_for_column)
                && !privilege.name.eq_ignore_ascii_case("ALL")
            {
                return self.refuse("0LP01", format!("invalid privilege type {wrong} for column"));
            }
            // A table's privileges that a sequence has not are left out, with a warning (ExecGrant_Relation).
            let has = |name: &&str| !matches!(body.body, ObjectBody::Sequence(_)) || all_of(&body).contains(name) || !TABLE.contains(name);
            let names: Vec<&str> = names.into_iter().filter(has).collect();
            let names: Vec<&str> = if privilege.columns.is_empty() { names } else { names.into_iter().filter(|name| COLUMN.contains(name)).collect() };
            if let Some(wrong) = names.iter().find(|name| !is_valid_for(name, &body)) {
                let word = match &body.body {
                    ObjectBody::Table(_) | ObjectBody::View(_) => "relation",
                    _ => super::describe::other_word(body.kind()),
                };
                return self.refuse("0LP01", format!("invalid privilege type {wrong} for {word}"));
            }
            let entries: Vec<GrantEntry> = names
                .iter()
                .filter(|name| statement.direction == GrantDirection::Revoke || self.may_pass_on(object, name))
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
                self.revoke_on_columns(object, &entries, statement);
                continue;
            }
            for column in &privilege.columns {
                // Granted on the server, read by nothing here, and in no snapshot.
                let has_system_columns =
                    self.schema.table(object).is_some() || self.schema.view(object).is_some_and(|view| view.kind == ViewKind::Materialized);
                if has_system_columns && self.is_system_column(&column.name) {
                    continue;
                }
                let column = self.column_of(object, column)?;
                self.name(crate::schema::Address::column(object, column.number));
                self.change_column(object, column.number, |own| change(&mut own.grants, &entries, statement));
            }
        }
        Ok(())
    }

    /// What is taken on a whole table is taken on its columns too (manual, REVOKE).
    fn revoke_on_columns(&mut self, object: ObjectId, entries: &[GrantEntry], statement: &Grant) {
        let is_hit = |grant: &GrantEntry| entries.iter().any(|entry| entry.grantee == grant.grantee && entry.privilege == grant.privilege);
        if statement.direction == GrantDirection::Grant {
            return;
        }
        let columns: Vec<_> = self.schema.columns(object).iter().filter(|column| column.grants.iter().any(is_hit)).map(|column| column.number).collect();
        for number in columns {
            self.name(crate::schema::Address::column(object, number));
            self.change_column(object, number, |own| change(&mut own.grants, entries, statement));
        }
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
        let mut namespaces = Vec::new();
        for schema in &statement.schemas {
            namespaces.push(Some(self.namespace_named(schema)?));
        }
        for role in &statement.roles {
            self.role_exists(role)?;
        }
        self.grantees_exist(&statement.grantees)?;
        if statement.kind == ObjectKind::Schema && !statement.schemas.is_empty() {
            return self.refuse("0LP01", "cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS");
        }
        let valid = default_privileges(statement.kind);
        let mut names: Vec<&str> = statement.privileges.iter().map(|privilege| privilege.name.as_str()).collect();
        if names.is_empty() || names.contains(&"ALL") {
            names = valid.to_vec();
        }
        if let Some(wrong) = names.iter().find(|name| !valid.contains(name) && **name != "MAINTAIN") {
            let word = if statement.kind == ObjectKind::Table { "relation" } else { super::describe::other_word(statement.kind) };
            return self.refuse("0LP01", format!("invalid privilege type {wrong} for {word}"));
        }
        if namespaces.is_empty() {
            namespaces.push(None);
        }
        let roles: Vec<Option<Name>> =
            if statement.roles.is_empty() { vec![self.session.role.clone()] } else { statement.roles.iter().map(|role| Some(role.name.clone())).collect() };
        for role in &roles {
            for namespace in &namespaces {
                for grantee in &statement.grantees {
                    for privilege in &names {
                        let grantee = match grantee {
                            Grantee::Public => None,
                            Grantee::Role(role) => Some(role.name.clone()),
                        };
                        let entry = GrantEntry { grantee, privilege: Arc::from(*privilege), grant_option: false };
                        let is_revoked = statement.direction == GrantDirection::Revoke;
                        let kind = if statement.kind == ObjectKind::Routine { ObjectKind::Function } else { statement.kind };
                        self.schema.add_default_grant(DefaultGrant { role: role.clone(), namespace: *namespace, kind, entry, is_revoked });
                    }
                }
            }
        }
        Ok(())
    }

    /// What a new object is given by `ALTER DEFAULT PRIVILEGES`.
    pub(super) fn give_defaults(&mut self, id: ObjectId) {
        let Some(object) = self.schema.get(id).cloned() else { return };
        let kind = match &object.body {
            ObjectBody::Table(_) | ObjectBody::View(_) => ObjectKind::Table,
            ObjectBody::Sequence(_) => ObjectKind::Sequence,
            ObjectBody::Function(_) => ObjectKind::Function,
            ObjectBody::Type(_) => ObjectKind::Type,
            ObjectBody::Schema => ObjectKind::Schema,
            _ => return,
        };
        let role = self.session.role.clone();
        let fits = |grant: &&DefaultGrant| grant.kind == kind && grant.role == role && (grant.namespace.is_none() || grant.namespace == object.namespace);
        let defaults: Vec<DefaultGrant> = self.schema.default_grants().filter(fits).cloned().collect();
        if defaults.is_empty() {
            return;
        }
        let mut grants = default_grants(&object);
        for default in defaults {
            if default.is_revoked {
                grants.retain(|own| own.grantee != default.entry.grantee || own.privilege != default.entry.privilege);
            } else if !grants.contains(&default.entry) {
                grants.push(default.entry);
            }
        }
        grants.sort();
        self.schema.update(id, |object| object.grants = Some(grants));
    }
}

fn default_privileges(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Table => TABLE,
        ObjectKind::Sequence => &["SELECT", "UPDATE", "USAGE"],
        ObjectKind::Schema => &["CREATE", "USAGE"],
        ObjectKind::Function | ObjectKind::Routine | ObjectKind::Procedure => &["EXECUTE"],
        ObjectKind::Type => &["USAGE"],
        _ => &["SELECT", "UPDATE"],
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

/// What can be granted on a column.
const COLUMN: &[&str] = &["SELECT", "INSERT", "UPDATE", "REFERENCES"];

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
