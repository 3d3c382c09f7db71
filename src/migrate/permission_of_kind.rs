//! What a role may do with objects of each kind: alter, drop, comment, grant, and make those that are kept by text.
//!
//! In: what is named and the powers of the role at work. Out: the refusal of the server. Sources as in `permission.rs`.

use super::permission::Powers;
use super::work::{Applied, Work};
use super::written::{Word, Written};
use crate::schema::ObjectId;
use crate::sql::tree::{Ident, ObjectAction, ObjectKind, ObjectName, ObjectReference, TemporaryKind};
use crate::text::Span;

impl Work<'_> {
    fn object_of(&self, reference: &ObjectReference) -> Option<ObjectId> {
        self.referenced_object(reference).ok().flatten()
    }

    pub(super) fn may_alter(&self, powers: &Powers, reference: &ObjectReference, action: &ObjectAction, span: Span) -> Applied {
        if let ObjectAction::Reassign { from, to } = action {
            return from.iter().chain([to]).try_for_each(|role| self.may_become(powers, role));
        }
        if reference.kind == ObjectKind::Role {
            return self.may_alter_role(powers, reference);
        }
        if let Some(on) = &reference.on {
            return self.may_change(powers, on);
        }
        self.may_look_into(powers, &reference.name)?;
        let Some(id) = self.object_of(reference) else { return Ok(()) };
        self.must_own(powers, id, span)?;
        match action {
            ObjectAction::Owner(role) => {
                self.may_become(powers, role)?;
                if matches!(reference.kind, ObjectKind::ForeignDataWrapper | ObjectKind::EventTrigger | ObjectKind::Subscription) {
                    return Ok(());
                }
                self.new_owner_may_create(role, self.namespace_of(id))
            }
            ObjectAction::SetSchema(schema) => self.may_create_in(powers, schema),
            ObjectAction::Rename(_) => match self.namespace_of(id) {
                Some(namespace) => self.namespace_takes(powers, namespace, span),
                None if reference.kind == ObjectKind::Schema => self.may_create_in_database(powers, span),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn may_alter_role(&self, powers: &Powers, reference: &ObjectReference) -> Applied {
        let role = &reference.name.name;
        let is_superuser = self.role_is(&role.name, "superuser", false) == Some(true);
        if is_superuser {
            return self.denied(role.span, "must be superuser to alter superuser roles or change superuser attribute");
        }
        if powers.creates_roles || powers.has.contains(&role.name) || !self.is_own_role(&role.name) {
            return Ok(());
        }
        self.denied(role.span, "permission denied")
    }

    pub(super) fn may_drop(&self, powers: &Powers, reference: &ObjectReference) -> Applied {
        if reference.kind == ObjectKind::Role {
            return if powers.creates_roles { Ok(()) } else { self.denied(reference.span, "permission denied to drop role") };
        }
        if let Some(on) = &reference.on {
            return if reference.kind == ObjectKind::DomainConstraint { Ok(()) } else { self.may_change(powers, on) };
        }
        self.may_look_into(powers, &reference.name)?;
        let Some(id) = self.object_of(reference) else { return Ok(()) };
        // Whoever owns the schema can drop what is in it.
        if self.namespace_of(id).is_some_and(|namespace| self.owns(powers, namespace)) {
            return Ok(());
        }
        if self.is_kept_by_text(reference.kind) { self.must_own_text(powers, reference, id) } else { self.must_own(powers, id, reference.span) }
    }

    /// Casts, transforms and user mappings have no owner of their own.
    #[expect(clippy::unused_self, reason = "reads as the other questions")]
    fn is_kept_by_text(&self, kind: ObjectKind) -> bool {
        matches!(kind, ObjectKind::Cast | ObjectKind::Transform | ObjectKind::UserMapping | ObjectKind::AccessMethod)
    }

    fn must_own_text(&self, powers: &Powers, reference: &ObjectReference, id: ObjectId) -> Applied {
        if reference.kind != ObjectKind::UserMapping {
            return Ok(());
        }
        let words = Written::of(reference.name.name.name.as_str(), self.schema.dialect);
        let is_own = words.after(&["for"]).and_then(|place| words.at(place)).is_some_and(|who| {
            matches!(who.text(), "user" | "current_user" | "current_role") || self.session.role.as_ref().is_some_and(|role| role.as_str() == who.text())
        });
        let server = words.name_after(&["server"]).and_then(|name| self.global_object(ObjectKind::Server, &name.name));
        match server {
            Some(server) if !is_own => {
                if self.owns(powers, server) {
                    Ok(())
                } else {
                    self.denied(reference.span, format!("must be owner of foreign server {}", self.name_of(server)))
                }
            }
            Some(server) if self.has(powers, server, "USAGE") == Some(false) && !self.owns(powers, id) => {
                self.denied(reference.span, format!("permission denied for foreign server {}", self.name_of(server)))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn may_comment(&self, powers: &Powers, reference: &ObjectReference) -> Applied {
        if matches!(reference.kind, ObjectKind::Role | ObjectKind::Database | ObjectKind::LargeObject | ObjectKind::Cast | ObjectKind::Transform) {
            return Ok(());
        }
        if let Some(on) = &reference.on {
            return if reference.kind == ObjectKind::DomainConstraint { Ok(()) } else { self.may_change(powers, on) };
        }
        self.may_look_into(powers, &reference.name)?;
        match self.object_of(reference) {
            Some(id) => self.must_own(powers, id, reference.span),
            None => Ok(()),
        }
    }

    /// Somebody without any privilege on a table cannot give one.
    pub(super) fn may_grant_on(&self, powers: &Powers, name: &ObjectName) -> Applied {
        self.may_look_into(powers, name)?;
        let Ok(Some(id)) = self.relation_if_any(name) else { return Ok(()) };
        if self.owns(powers, id) {
            return Ok(());
        }
        let of = |grants: &[crate::schema::GrantEntry]| grants.iter().any(|grant| grant.grantee.as_ref().is_none_or(|grantee| powers.has.contains(grantee)));
        let has_any = self.schema.get(id).is_some_and(|object| object.grants.as_deref().is_some_and(of));
        if has_any || self.schema.columns(id).iter().any(|column| of(&column.grants)) {
            return Ok(());
        }
        let word = self.relation_word(id);
        self.denied(name.span(), format!("permission denied for {word} {}", name.name))
    }

    pub(super) fn may_grant_role(&self, powers: &Powers, role: &Ident) -> Applied {
        let is_superuser = self.role_is(&role.name, "superuser", false) == Some(true);
        if is_superuser {
            return self.denied(role.span, "must be superuser to alter superusers");
        }
        if powers.creates_roles || powers.member_of.contains(&role.name) || !self.is_own_role(&role.name) {
            return Ok(());
        }
        self.denied(role.span, format!("must have admin option on role \"{role}\""))
    }

    pub(super) fn may_create_other(
        &self,
        powers: &Powers,
        kind: ObjectKind,
        name: &ObjectName,
        or_replace: bool,
        mentions: &[ObjectName],
        span: Span,
    ) -> Applied {
        let written = Written::of(self.sources.slice(span), self.schema.dialect);
        match kind {
            ObjectKind::Rule => mentions.first().map_or(Ok(()), |table| self.may_change(powers, table)),
            ObjectKind::Statistics => mentions.first().map_or(Ok(()), |table| self.may_change(powers, table)),
            ObjectKind::Publication if written.has(&["for", "all", "tables"]) => {
                self.may_create_in_database(powers, span)?;
                self.denied(span, "must be superuser to create FOR ALL TABLES publication")
            }
            ObjectKind::Publication if written.has(&["tables", "in", "schema"]) => {
                self.may_create_in_database(powers, span)?;
                self.denied(span, "must be superuser to create FOR TABLES IN SCHEMA publication")
            }
            ObjectKind::Publication => {
                self.may_create_in_database(powers, span)?;
                mentions.iter().try_for_each(|table| self.may_change(powers, table))
            }
            ObjectKind::Subscription => self.denied(span, "must be superuser to create subscriptions"),
            ObjectKind::ForeignDataWrapper => self.denied(span, format!("permission denied to create foreign-data wrapper \"{name}\"")),
            ObjectKind::Server => {
                match written.name_after(&["foreign", "data", "wrapper"]).and_then(|name| self.global_object(ObjectKind::ForeignDataWrapper, &name.name)) {
                    Some(wrapper) if self.has(powers, wrapper, "USAGE") == Some(false) => {
                        self.denied(span, format!("permission denied for foreign-data wrapper {}", self.name_of(wrapper)))
                    }
                    _ => Ok(()),
                }
            }
            ObjectKind::UserMapping => self.may_map_user(powers, &written, span),
            ObjectKind::Language if !or_replace || self.global_object(kind, &name.name.name).is_none() => {
                self.denied(span, "must be superuser to create custom procedural language")
            }
            ObjectKind::OperatorClass => self.denied(span, "must be superuser to create an operator class"),
            ObjectKind::OperatorFamily => self.denied(span, "must be superuser to create an operator family"),
            ObjectKind::AccessMethod => self.denied(span, format!("permission denied to create access method \"{name}\"")),
            ObjectKind::Tablespace => self.denied(span, format!("permission denied to create tablespace \"{name}\"")),
            ObjectKind::TextSearchParser => self.denied(span, "must be superuser to create text search parsers"),
            ObjectKind::TextSearchTemplate => self.denied(span, "must be superuser to create text search templates"),
            ObjectKind::Role if !powers.creates_roles => self.denied(span, "permission denied to create role"),
            ObjectKind::Role if ["superuser", "replication", "bypassrls"].iter().any(|word| written.words().iter().any(|own| own.is(word))) => {
                self.denied(span, "must be superuser to create such a role")
            }
            ObjectKind::Database if !powers.creates_databases => self.denied(span, "permission denied to create database"),
            ObjectKind::Cast => {
                let text = name.name.name.as_str();
                let upper = text.to_ascii_uppercase();
                let (from, to) = upper.find(" AS ").map_or(("", ""), |place| (text.get(..place).unwrap_or(""), text.get(place + 4..).unwrap_or("")));
                let owns = [from, to].iter().any(|text| match self.type_spelled(text).map(|data_type| data_type.identity) {
                    Ok(crate::schema::TypeIdentity::Object(id)) => self.owns(powers, id),
                    Ok(_) => false,
                    Err(_) => true,
                });
                if owns { Ok(()) } else { self.denied(span, format!("must be owner of type {from} or type {to}")) }
            }
            ObjectKind::Operator | ObjectKind::Collation | ObjectKind::Conversion | ObjectKind::TextSearchConfiguration | ObjectKind::TextSearchDictionary => {
                self.may_create(powers, name, TemporaryKind::Permanent)
            }
            _ => Ok(()),
        }
    }

    fn may_map_user(&self, powers: &Powers, written: &Written, span: Span) -> Applied {
        let Some(server) = written.name_after(&["server"]).and_then(|name| self.global_object(ObjectKind::Server, &name.name)) else { return Ok(()) };
        if self.owns(powers, server) {
            return Ok(());
        }
        let who = written.after(&["for"]).and_then(|place| written.at(place)).map(Word::text).unwrap_or_default();
        let is_own = matches!(who, "user" | "current_user" | "current_role") || self.session.role.as_ref().is_some_and(|role| role.as_str() == who);
        if is_own && self.has(powers, server, "USAGE") != Some(false) {
            return Ok(());
        }
        let message = if is_own {
            format!("permission denied for foreign server {}", self.name_of(server))
        } else {
            format!("must be owner of foreign server {}", self.name_of(server))
        };
        self.denied(span, message)
    }
}
