//! The columns that decide what a subject gets: those it names, and of what its views read only what matters to the columns it takes.
//!
//! In: an understanding. Out: addresses. Where a view cannot be cut down, everything that it rests on is needed.

use std::collections::{BTreeMap, BTreeSet};

use super::understanding::{Understanding, closure, needs_of};
use super::view_meaning::needed_columns;
use crate::name::Name;
use crate::schema::{Address, ObjectBody, ObjectId, Part, Schema};

/// The columns.
pub(super) fn needed(schema: &Schema, understanding: &Understanding) -> BTreeSet<Address> {
    let mut search = Search { schema, found: BTreeSet::new(), taken: BTreeMap::new(), open: BTreeSet::new() };
    for address in understanding.direct.keys() {
        search.take(*address);
    }
    for address in understanding.bindings.iter().flat_map(|binding| &binding.depends_on) {
        search.take(*address);
    }
    // What a function asks for is not known so closely.
    let functions = understanding.objects.iter().filter(|id| matches!(schema.get(**id).map(|object| &object.body), Some(ObjectBody::Function(_))));
    for below in closure(schema, functions.copied().collect()) {
        search.found.extend(needs_of(schema, below).iter().copied());
    }
    while let Some(view) = search.open.pop_first() {
        search.look_into(view);
    }
    search.found
}

struct Search<'a> {
    schema: &'a Schema,
    found: BTreeSet<Address>,
    taken: BTreeMap<ObjectId, BTreeSet<Name>>,
    open: BTreeSet<ObjectId>,
}

impl Search<'_> {
    fn take(&mut self, address: Address) {
        self.found.insert(address);
        if self.schema.view(address.object).is_none() {
            return;
        }
        let is_new = !self.taken.contains_key(&address.object);
        let taken = self.taken.entry(address.object).or_default();
        let name = match address.part {
            Part::Column(number) => self.schema.column(address.object, number).map(|column| column.name.clone()),
            Part::Whole | Part::Default(_) => None,
        };
        if name.is_some_and(|name| taken.insert(name)) || is_new {
            self.open.insert(address.object);
        }
    }

    fn look_into(&mut self, id: ObjectId) {
        let (Some(view), Some(taken)) = (self.schema.view(id), self.taken.get(&id)) else { return };
        let needed = needed_columns(self.schema, view, taken).unwrap_or_else(|| view.query.needs().iter().copied().collect());
        for address in needed {
            self.take(address);
        }
    }
}
