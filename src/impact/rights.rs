//! The rights that a statement needs, and who has them.
//!
//! In: a binding, a schema. Out: for each thing that the statement names the privileges it needs, and whether a role has them by its own grants,
//! those of `PUBLIC`, of a role that it is known to be a member of, or as the owner. What else it is a member of is not in the model.

use std::collections::{BTreeMap, BTreeSet};

use crate::lineage::{Binding, Role, WriteKind};
use crate::name::Name;
use crate::schema::ddl::effective_grants;
use crate::schema::{Address, ColumnGeneration, ColumnNumber, Definition, ObjectBody, ObjectId, Part, Schema};
use crate::text::Span;

/// What a statement needs on one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    /// The privileges, each with the columns for which it is enough to have it.
    pub(super) privileges: BTreeMap<&'static str, BTreeSet<ColumnNumber>>,
    /// The first place that names it.
    pub(super) span: Option<Span>,
}

/// One thing in two schemas.
#[derive(Clone, Copy)]
pub(super) struct Rights<'a> {
    /// What it was.
    pub(super) before: (&'a Schema, ObjectId),
    /// What is found in its place.
    pub(super) after: (&'a Schema, ObjectId),
}

impl Rights<'_> {
    /// Whether a role (`PUBLIC` when `None`) had a privilege and has it no longer.
    pub(super) fn lost(&self, who: Option<&Name>, privilege: &str, columns: &BTreeSet<ColumnNumber>) -> bool {
        may(self.before, who, privilege, columns) && !may(self.after, who, privilege, columns) && !self.is_made_again_by_the_owner(who)
    }

    /// What is made again belongs to whoever runs the migration, mostly the one who owned it before.
    fn is_made_again_by_the_owner(&self, who: Option<&Name>) -> bool {
        let owner = |(schema, object): (&'_ Schema, ObjectId)| schema.get(object).and_then(|object| object.owner.clone());
        let was = owner(self.before);
        owner(self.after).is_none() && was.is_some_and(|was| who.is_some_and(|who| self.before.0.is_member_of(who, &was)))
    }

    /// The thing as it was.
    pub(super) fn address(&self) -> Address {
        Address::whole(self.before.1)
    }
}

/// What the names in a statement need of whoever runs it.
pub(super) fn named_needs(schema: &Schema, binding: &Binding, writes: &BTreeSet<(ObjectId, WriteKind)>) -> BTreeMap<ObjectId, Need> {
    let mut needs: BTreeMap<ObjectId, Need> = BTreeMap::new();
    let mut spaces: BTreeMap<ObjectId, Need> = BTreeMap::new();
    for (span, address) in binding.references.iter().filter(|(_, address)| address.part == Part::Whole) {
        let Some(object) = schema.get(address.object) else { continue };
        let need = match &object.body {
            ObjectBody::Table(_) | ObjectBody::View(_) => needs.entry(address.object).or_default(),
            ObjectBody::Function(_) => {
                let need = needs.entry(address.object).or_default();
                need.privileges.insert("EXECUTE", BTreeSet::new());
                need
            }
            _ => continue,
        };
        need.span = Some(need.span.map_or(*span, |own| own.min(*span)));
        if let Some(namespace) = object.namespace {
            let need = spaces.entry(namespace).or_default();
            need.privileges.insert("USAGE", BTreeSet::new());
            need.span = Some(need.span.map_or(*span, |own| own.min(*span)));
        }
    }
    columns_needed(schema, binding, &mut needs);
    for (table, kind) in writes {
        if *kind == WriteKind::Delete
            && let Some(need) = needs.get_mut(table)
        {
            need.privileges.insert("DELETE", BTreeSet::new());
        }
    }
    for need in needs.values_mut().filter(|need| need.privileges.is_empty()) {
        // Named without a column (`count(*)`): SELECT on anything of it.
        need.privileges.insert("SELECT", BTreeSet::new());
    }
    needs.extend(spaces);
    needs.extend(sequences(schema, binding));
    needs
}

fn columns_needed(schema: &Schema, binding: &Binding, needs: &mut BTreeMap<ObjectId, Need>) {
    for read in &binding.reads {
        let Part::Column(number) = read.address.part else { continue };
        let Some(need) = needs.get_mut(&read.address.object) else { continue };
        if schema.column(read.address.object, number).is_none() {
            continue;
        }
        let inserts = binding.inserts.binary_search(&read.address.object).is_ok();
        let privilege = match read.role {
            Role::Write if inserts => "INSERT",
            Role::Write => "UPDATE",
            Role::Position if inserts => continue,
            _ => "SELECT",
        };
        need.privileges.entry(privilege).or_default().insert(number);
    }
}

/// The sequences whose next number a default of the tables takes that rows are added to.
fn sequences(schema: &Schema, binding: &Binding) -> BTreeMap<ObjectId, Need> {
    let defaults = binding.inserts.iter().flat_map(|table| schema.columns(*table)).filter_map(|column| match &column.generation {
        ColumnGeneration::Default(default) => Some(default),
        ColumnGeneration::None | ColumnGeneration::Generated(..) | ColumnGeneration::Identity(..) => None,
    });
    let drawn = defaults.flat_map(Definition::needs).map(|need| need.object);
    let sequences = drawn.filter(|id| matches!(schema.get(*id).map(|object| &object.body), Some(ObjectBody::Sequence(_))));
    sequences.map(|id| (id, Need { privileges: BTreeMap::from([("USAGE", BTreeSet::new())]), span: None })).collect()
}

/// Everybody who has a privilege on a thing, or on a column of it, sorted; `PUBLIC` is `None`.
pub(super) fn holders((schema, object): (&Schema, ObjectId), privilege: &str) -> BTreeSet<Option<Name>> {
    let Some(found) = schema.get(object) else { return BTreeSet::new() };
    let whole = effective_grants(schema, found).into_iter().filter(|entry| &*entry.privilege == privilege).map(|entry| entry.grantee);
    let columns = schema.columns(object).iter().flat_map(|column| &column.grants).filter(|entry| &*entry.privilege == privilege);
    let mut all: BTreeSet<Option<Name>> = whole.chain(columns.map(|entry| entry.grantee.clone())).collect();
    all.extend(found.owner.clone().map(Some));
    all
}

/// Whether a role (`PUBLIC` when `None`) has a privilege: on the whole thing, or on each of the columns, on any of them when there are none.
pub(super) fn may((schema, object): (&Schema, ObjectId), role: Option<&Name>, privilege: &str, columns: &BTreeSet<ColumnNumber>) -> bool {
    let Some(found) = schema.get(object) else { return false };
    let is_in = |group: &Name| role.is_some_and(|role| schema.is_member_of(role, group));
    if found.owner.as_ref().is_some_and(is_in) {
        return true;
    }
    let serves = |granted: &str| granted == privilege || (privilege == "USAGE" && granted == "UPDATE" && matches!(found.body, ObjectBody::Sequence(_)));
    let gives = |grantee: &Option<Name>, granted: &str| serves(granted) && grantee.as_ref().is_none_or(is_in);
    if effective_grants(schema, found).iter().any(|entry| gives(&entry.grantee, &entry.privilege)) {
        return true;
    }
    let on_column =
        |number: &ColumnNumber| schema.column(object, *number).is_some_and(|column| column.grants.iter().any(|entry| gives(&entry.grantee, &entry.privilege)));
    if columns.is_empty() {
        return schema.columns(object).iter().any(|column| on_column(&column.number));
    }
    columns.iter().all(on_column)
}
