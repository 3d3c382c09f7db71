//! Who depends on a column, or on anything of a relation, as things are: consumers with their roles and ways, and views.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::effect::PathStep;
use super::path::{label, path};
use super::subject::Subject;
use super::understanding::{Understanding, closure, needs_of};
use crate::lineage::Role;
use crate::schema::{Address, ObjectBody, ObjectId, Part, Schema};

/// One consumer that depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The consumer's id.
    pub consumer: Arc<str>,
    /// In which roles; what a view reads for it counts as a value.
    pub roles: BTreeSet<Role>,
    /// From the column to the consumer.
    pub path: Vec<PathStep>,
}

/// What is known of the uses of one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// In the order of consumers.
    pub consumers: Vec<Use>,
    /// Views that rest on it, by name.
    pub views: Vec<String>,
    /// Consumers that cannot be judged, and why: they may depend on it too.
    pub not_judged: Vec<(Arc<str>, String)>,
}

/// Looks every consumer and view through. An address of a whole relation stands for all its columns too.
pub fn uses(schema: &Schema, subjects: &[Subject], wanted: Address) -> Uses {
    let is_meant = |address: &Address| *address == wanted || (wanted.part == Part::Whole && address.object == wanted.object);
    let mut found = Uses::default();
    for subject in subjects {
        let understanding = Understanding::of(schema, subject);
        let by_column = understanding.deep.iter().filter(|(address, _)| is_meant(address)).flat_map(|(_, roles)| roles.iter().copied());
        let roles: BTreeSet<Role> = by_column.collect();
        let rests_on_it = wanted.part == Part::Whole && understanding.objects.contains(&wanted.object);
        if !roles.is_empty() || rests_on_it {
            let path = path(schema, wanted, &understanding, &subject.name);
            found.consumers.push(Use { consumer: subject.id.clone(), roles, path });
        } else if let Some(reason) = why_unjudged(&understanding) {
            found.not_judged.push((subject.id.clone(), reason));
        }
    }
    let views = schema.objects().filter(|object| matches!(object.body, ObjectBody::View(_)) && object.id != wanted.object);
    let rests = |id: ObjectId| closure(schema, BTreeSet::from([id])).into_iter().any(|below| needs_of(schema, below).iter().any(is_meant));
    found.views = views.filter(|view| rests(view.id)).map(|view| label(schema, Address::whole(view.id))).collect();
    found.views.sort();
    found
}

fn why_unjudged(understanding: &Understanding) -> Option<String> {
    let unresolved = understanding.bindings.iter().flat_map(|binding| &binding.unresolved).next();
    let refused = understanding.bindings.iter().flat_map(|binding| &binding.errors).next();
    let missing = understanding.declared.missing().next().map(|(label, _)| format!("{label} is declared and is not in the schema"));
    unresolved.map(|one| format!("{}: {}", one.reference, one.reason)).or_else(|| refused.map(|error| error.message.clone())).or(missing)
}
