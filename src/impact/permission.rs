//! What a consumer's database role may no longer do.
//!
//! In: an understanding whose statements run as a role that is declared or set. Out: a refusal (42501) for each relation on which the role had what it
//! needs, by its own grants, those of `PUBLIC` or as the owner, and has it no longer. Membership in other roles is not in the model: what a role has
//! through another is not seen here, and a change of it is said to be possible elsewhere (`values`).
//!
//! Source: manual 5.7 (15): reading needs SELECT on the relation or on each column read, adding rows INSERT, changing columns UPDATE; and a view is
//! checked itself, what it reads with the rights of its owner.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use crate::lineage::{Binding, Role};
use crate::name::Name;
use crate::schema::ddl::effective_grants;
use crate::schema::{Address, ColumnNumber, ObjectBody, ObjectId, Part, Schema};
use crate::sql::tree::ViewKind;
use crate::text::Span;

/// What a statement needs on one relation.
#[derive(Default)]
struct Need {
    privileges: BTreeMap<&'static str, BTreeSet<ColumnNumber>>,
    span: Option<Span>,
}

/// Refusals of what was allowed before.
pub(super) fn lost_permissions(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let statements = before.understanding.bindings.iter().zip(&after.understanding.bindings).zip(&before.understanding.roles);
    for ((old, new), role) in statements {
        let Some(role) = role else { continue };
        let had = needs(before.schema, old);
        for (object, need) in needs(after.schema, new) {
            let Some((was, _)) = had.iter().find(|(_, was)| was.span == need.span) else { continue };
            let lost = need.privileges.iter().find(|(privilege, columns)| {
                may(before.schema, role, *was, privilege, had.get(was).and_then(|own| own.privileges.get(*privilege)))
                    && !may(after.schema, role, object, privilege, Some(columns))
            });
            if let Some((privilege, _)) = lost {
                found.push(refused(after.schema, role, (*was, object), privilege, need.span));
            }
        }
    }
    found
}

/// Whether the role is known to have what the subject needs on a relation: then a change of other grants is nothing to it.
pub(super) fn is_known(side: Side<'_>, object: ObjectId) -> bool {
    let statements = side.understanding.bindings.iter().zip(&side.understanding.roles);
    let mut any = false;
    for (binding, role) in statements {
        let Some(need) = needs(side.schema, binding).remove(&object) else { continue };
        let Some(role) = role else { return false };
        any = true;
        if !need.privileges.iter().all(|(privilege, columns)| may(side.schema, role, object, privilege, Some(columns))) {
            return false;
        }
    }
    any
}

fn needs(schema: &Schema, binding: &Binding) -> BTreeMap<ObjectId, Need> {
    let mut needs: BTreeMap<ObjectId, Need> = BTreeMap::new();
    for (span, address) in &binding.references {
        let is_relation = matches!(schema.get(address.object).map(|object| &object.body), Some(ObjectBody::Table(_) | ObjectBody::View(_)));
        if address.part == Part::Whole && is_relation {
            let need = needs.entry(address.object).or_default();
            need.span = Some(need.span.map_or(*span, |own| own.min(*span)));
        }
    }
    let named: BTreeSet<ObjectId> = needs.keys().copied().collect();
    for read in binding.reads.iter().filter(|read| named.contains(&read.address.object)) {
        let Part::Column(number) = read.address.part else { continue };
        let inserts = binding.inserts.binary_search(&read.address.object).is_ok();
        let privilege = match read.role {
            Role::Write if inserts => "INSERT",
            Role::Write => "UPDATE",
            Role::Position if inserts => continue,
            _ => "SELECT",
        };
        needs.entry(read.address.object).or_default().privileges.entry(privilege).or_default().insert(number);
    }
    for need in needs.values_mut().filter(|need| need.privileges.is_empty()) {
        // Named without a column (`count(*)`): SELECT on anything of it.
        need.privileges.insert("SELECT", BTreeSet::new());
    }
    needs
}

fn may(schema: &Schema, role: &Name, object: ObjectId, privilege: &str, columns: Option<&BTreeSet<ColumnNumber>>) -> bool {
    let Some(found) = schema.get(object) else { return false };
    if found.owner.as_ref() == Some(role) {
        return true;
    }
    let gives = |grantee: &Option<Name>, granted: &str| granted == privilege && grantee.as_ref().is_none_or(|grantee| grantee == role);
    if effective_grants(schema, found).iter().any(|entry| gives(&entry.grantee, &entry.privilege)) {
        return true;
    }
    let on_column =
        |number: &ColumnNumber| schema.column(object, *number).is_some_and(|column| column.grants.iter().any(|entry| gives(&entry.grantee, &entry.privilege)));
    match columns {
        Some(columns) if !columns.is_empty() => columns.iter().all(on_column),
        _ => schema.columns(object).iter().any(|column| on_column(&column.number)),
    }
}

fn refused(schema: &Schema, role: &Name, (was, object): (ObjectId, ObjectId), privilege: &str, span: Option<Span>) -> Difference {
    let kind = match schema.get(object).map(|object| &object.body) {
        Some(ObjectBody::View(view)) if view.kind == ViewKind::Materialized => "materialized view",
        Some(ObjectBody::View(_)) => "view",
        _ => "table",
    };
    let name = schema.get(object).map_or_else(String::new, |object| object.name.to_string());
    let message = format!("permission denied for {kind} {name}");
    let evidence = Evidence { sqlstate: Some("42501"), message: format!("{message}: the role {role} no longer has {privilege}"), span, ..Evidence::default() };
    Difference { kind: EffectKind::Breaks, cause: Cause::Permission, message, about: vec![Address::whole(was)], evidence }
}
