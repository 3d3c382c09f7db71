//! Privileges: what an object has without any grant, what it has in the end, and the statements between the two.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::phrase::grant_phrase;
use crate::name::Name;
use crate::schema::{GrantEntry, Object, ObjectBody, ObjectId, Schema};
use crate::sql::tree::ObjectKind;

/// All privileges of a kind of object, as its owner has them (manual 5.7, table 5.2, 15). `MAINTAIN` is from 17 on.
fn owner_privileges(object: &Object, major_version: u32) -> Vec<&'static str> {
    match &object.body {
        ObjectBody::Table(_) | ObjectBody::View(_) => {
            let mut all = vec!["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"];
            if major_version >= 17 {
                all.push("MAINTAIN");
            }
            all
        }
        ObjectBody::Sequence(_) => vec!["SELECT", "UPDATE", "USAGE"],
        ObjectBody::Schema => vec!["CREATE", "USAGE"],
        ObjectBody::Type(_) => vec!["USAGE"],
        ObjectBody::Function(_) => vec!["EXECUTE"],
        ObjectBody::Other(other) => match other.kind {
            ObjectKind::Language | ObjectKind::Server | ObjectKind::ForeignDataWrapper => vec!["USAGE"],
            _ => Vec::new(),
        },
        ObjectBody::Index(_) | ObjectBody::Constraint(_) | ObjectBody::Trigger(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_) | ObjectBody::Extension(_) => {
            Vec::new()
        }
    }
}

/// What everybody may do without any grant: execute functions, use types and languages (manual 5.7, table 5.2, 15).
fn public_privileges(object: &Object) -> Vec<&'static str> {
    match &object.body {
        ObjectBody::Function(_) => vec!["EXECUTE"],
        ObjectBody::Type(_) => vec!["USAGE"],
        ObjectBody::Other(other) if other.kind == ObjectKind::Language => vec!["USAGE"],
        ObjectBody::Schema
        | ObjectBody::Table(_)
        | ObjectBody::View(_)
        | ObjectBody::Index(_)
        | ObjectBody::Sequence(_)
        | ObjectBody::Constraint(_)
        | ObjectBody::Trigger(_)
        | ObjectBody::Policy(_)
        | ObjectBody::Rule(_)
        | ObjectBody::Extension(_)
        | ObjectBody::Other(_) => Vec::new(),
    }
}

/// The privileges of an object on which nothing was ever granted or revoked, sorted: the owner's when the owner is known, and everybody's.
pub fn default_grants(object: &Object, major_version: u32) -> Vec<GrantEntry> {
    let entry = |grantee: Option<&Name>, privilege: &&str| GrantEntry { grantee: grantee.cloned(), privilege: (*privilege).into(), grant_option: false };
    let mut all: Vec<GrantEntry> = public_privileges(object).iter().map(|privilege| entry(None, privilege)).collect();
    if let Some(owner) = &object.owner {
        all.extend(owner_privileges(object, major_version).iter().map(|privilege| entry(Some(owner), privilege)));
    }
    all.sort();
    all
}

/// The privileges that count, sorted, whether granted or built in; the owner's are left out when they are all there, as nothing was taken from the owner.
pub fn effective_grants(schema: &Schema, object: &Object) -> BTreeSet<GrantEntry> {
    let version = schema.server.major_version.unwrap_or(15);
    let mut all: BTreeSet<GrantEntry> = object.grants.clone().unwrap_or_else(|| default_grants(object, version)).into_iter().collect();
    if let Some(owner) = &object.owner {
        let is_owners = |entry: &GrantEntry| entry.grantee.as_ref() == Some(owner);
        let held: BTreeSet<&str> = all.iter().filter(|entry| is_owners(entry)).map(|entry| &*entry.privilege).collect();
        // A dump of an older server does not know MAINTAIN; the seven others are then all there is.
        if owner_privileges(object, 15).iter().all(|privilege| held.contains(privilege)) {
            all.retain(|entry| !is_owners(entry));
        }
    }
    all
}

/// The statements that give a new object the privileges it has in this schema; none when they are the built-in ones.
pub fn grant_statements(schema: &Schema, id: ObjectId) -> Vec<String> {
    let Some(object) = schema.get(id) else { return Vec::new() };
    let mut statements = Vec::new();
    if let (Some(entries), Some(phrase)) = (&object.grants, grant_phrase(schema, id)) {
        let held: BTreeSet<(Option<&Name>, &str)> = entries.iter().map(|entry| (entry.grantee.as_ref(), &*entry.privilege)).collect();
        if public_privileges(object).iter().any(|privilege| !held.contains(&(None, privilege))) {
            statements.push(format!("REVOKE ALL ON {phrase} FROM PUBLIC"));
        }
        let effective = effective_grants(schema, object);
        if let Some(owner) = &object.owner {
            let lost = owner_privileges(object, 15).iter().any(|privilege| !held.contains(&(Some(owner), privilege)));
            if lost {
                statements.push(format!("REVOKE ALL ON {phrase} FROM {}", schema.dialect.quote(owner)));
            }
        }
        let built_in = public_privileges(object);
        let given = effective.iter().filter(|entry| entry.grantee.is_some() || entry.grant_option || !built_in.contains(&&*entry.privilege));
        statements.extend(grouped(schema, given, &phrase, None));
    }
    if let Some(phrase) = grant_phrase(schema, id) {
        for column in schema.columns(id) {
            statements.extend(grouped(schema, column.grants.iter(), &phrase, Some(&column.name)));
        }
    }
    statements
}

/// One `GRANT` for each grantee and grant option.
fn grouped<'e>(schema: &Schema, entries: impl Iterator<Item = &'e GrantEntry>, phrase: &str, column: Option<&Name>) -> Vec<String> {
    let mut by_grantee: BTreeMap<(Option<Name>, bool), Vec<String>> = BTreeMap::new();
    for entry in entries {
        let mut words = entry.privilege.to_string();
        if let Some(column) = column {
            let _ = write!(words, " ({})", schema.dialect.quote(column));
        }
        by_grantee.entry((entry.grantee.clone(), entry.grant_option)).or_default().push(words);
    }
    by_grantee
        .into_iter()
        .map(|((grantee, grant_option), mut privileges)| {
            privileges.sort();
            let grantee = grantee.map_or_else(|| String::from("PUBLIC"), |role| schema.dialect.quote(&role));
            let option = if grant_option { " WITH GRANT OPTION" } else { "" };
            format!("GRANT {} ON {phrase} TO {grantee}{option}", privileges.join(", "))
        })
        .collect()
}
