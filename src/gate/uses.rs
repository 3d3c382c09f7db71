//! `uses`: everything that depends on a field, with the people behind it.

use std::collections::BTreeSet;

use super::subjects::subjects;
use crate::catalog::{Catalog, Reference};
use crate::impact::{self, Use, Uses};
use crate::lineage::{Role, Session};
use crate::name::Name;
use crate::schema::{Address, NameSpace, ObjectId, Schema};
use crate::text::Sources;

/// The uses of one field.
#[derive(Clone, Debug)]
pub struct FieldUses {
    /// The field or relation, by its full name.
    pub field: String,
    /// Who depends on it.
    pub uses: Uses,
}

impl FieldUses {
    /// Those who write it.
    pub fn writers(&self) -> impl Iterator<Item = &Use> {
        self.uses.consumers.iter().filter(|one| one.roles.contains(&Role::Write))
    }

    /// Those who read it.
    pub fn readers(&self) -> impl Iterator<Item = &Use> {
        let only_writes = |roles: &BTreeSet<Role>| roles.iter().all(|role| *role == Role::Write) && !roles.is_empty();
        self.uses.consumers.iter().filter(move |one| !only_writes(&one.roles))
    }
}

/// Finds what a name means and who depends on it; `Err` are names that are there instead, nearest first.
///
/// # Errors
/// When nothing has that name.
pub fn field_uses(reference: &Reference, catalog: &Catalog, schema: &Schema, session: &Session, sources: &Sources) -> Result<FieldUses, Vec<String>> {
    let Some(address) = find(schema, session, &reference.parts) else { return Err(candidates(schema, &reference.parts)) };
    let relation = schema.qualified_name(address.object).map_or_else(String::new, |name| name.to_string());
    let field = match address.part {
        crate::schema::Part::Column(number) => schema.column(address.object, number).map_or(relation.clone(), |column| format!("{relation}.{}", column.name)),
        crate::schema::Part::Whole | crate::schema::Part::Default(_) => relation,
    };
    let uses = impact::uses(schema, &subjects(catalog, schema, session, sources), address, sources);
    Ok(FieldUses { field, uses })
}

fn find(schema: &Schema, session: &Session, parts: &[Name]) -> Option<Address> {
    let relation = |parts: &[Name]| -> Option<ObjectId> {
        let (name, before) = parts.split_last()?;
        match before.last() {
            Some(namespace) => schema.find(NameSpace::Relation, Some(schema.namespace(namespace)?), name),
            None => session.namespaces(schema).into_iter().find_map(|namespace| schema.find(NameSpace::Relation, Some(namespace), name)),
        }
    };
    let column = || {
        let (column, before) = parts.split_last()?;
        let id = relation(before)?;
        schema.columns(id).iter().find(|own| own.name == *column).map(|own| Address::column(id, own.number))
    };
    column().or_else(|| relation(parts).map(Address::whole))
}

/// Columns of that name anywhere, or the columns of the relation that was meant.
fn candidates(schema: &Schema, parts: &[Name]) -> Vec<String> {
    let Some(last) = parts.last() else { return Vec::new() };
    let mut found = Vec::new();
    for object in schema.objects() {
        let Some(name) = schema.qualified_name(object.id) else { continue };
        let is_relation_meant = parts.iter().rev().nth(1) == Some(&object.name);
        for column in schema.columns(object.id).iter().filter(|column| is_relation_meant || column.name == *last) {
            found.push(format!("{name}.{}", column.name));
        }
    }
    found.sort();
    found
}
