//! Who depends on a column, or on anything of a relation, as things are: consumers with their roles and ways, and views.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::effect::PathStep;
use super::effects::words_of;
use super::needed::needed;
use super::path::{label, path};
use super::subject::Subject;
use super::understanding::{Understanding, closure, needs_of};
use crate::lineage::Role;
use crate::schema::{Address, ObjectBody, ObjectId, Part, Schema};
use crate::text::Sources;

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
/// A consumer that cannot be judged is told of only when its text could mean it: when it has the name, or no names that could be read.
pub fn uses(schema: &Schema, subjects: &[Subject], wanted: Address, sources: &Sources) -> Uses {
    let is_meant = |address: &Address| *address == wanted || (wanted.part == Part::Whole && address.object == wanted.object);
    let mut found = Uses::default();
    for subject in subjects {
        let understanding = Understanding::of(schema, subject);
        let mut by_column = understanding.deep.iter().filter(|(address, _)| is_meant(address)).peekable();
        // What a view only carries along is no use of it.
        let needed = if by_column.peek().is_some() { needed(schema, &understanding) } else { BTreeSet::new() };
        let roles: BTreeSet<Role> = by_column.filter(|(address, _)| needed.contains(address)).flat_map(|(_, roles)| roles.iter().copied()).collect();
        let rests_on_it = wanted.part == Part::Whole && understanding.objects.contains(&wanted.object);
        if !roles.is_empty() || rests_on_it {
            let path = path(schema, wanted, &understanding, &subject.name);
            found.consumers.push(Use { consumer: subject.id.clone(), roles, path });
        } else if let Some(reason) = why_unjudged(&understanding).filter(|_| may_touch(schema, subject, &understanding, wanted, sources)) {
            found.not_judged.push((subject.id.clone(), reason));
        }
    }
    let views = schema.objects().filter(|object| matches!(object.body, ObjectBody::View(_)) && object.id != wanted.object);
    let rests = |id: ObjectId| closure(schema, BTreeSet::from([id])).into_iter().any(|below| needs_of(schema, below).iter().any(is_meant));
    found.views = views.filter(|view| rests(view.id)).map(|view| label(schema, Address::whole(view.id))).collect();
    found.views.sort();
    found
}

/// Whether something that was not understood could mean it: the relation or a view over it is named, or dynamic SQL may name anything.
fn may_touch(schema: &Schema, subject: &Subject, understanding: &Understanding, wanted: Address, sources: &Sources) -> bool {
    if subject.statements.is_empty() {
        return false;
    }
    let words = words_of(schema, subject, sources);
    let is_dynamic = understanding.bindings.iter().flat_map(|binding| &binding.unresolved).any(|one| one.reference == "DO");
    let over = schema.objects().filter(|object| {
        object.id == wanted.object
            || schema.view(object.id).is_some_and(|view| view.late_binding)
            || matches!(object.body, ObjectBody::View(_) | ObjectBody::Function(_)) && closure(schema, BTreeSet::from([object.id])).contains(&wanted.object)
    });
    is_dynamic || over.map(|object| &object.name).any(|name| words.contains(name))
}

fn why_unjudged(understanding: &Understanding) -> Option<String> {
    let unresolved = understanding.bindings.iter().flat_map(|binding| &binding.unresolved).next();
    let refused = understanding.bindings.iter().flat_map(|binding| &binding.errors).next();
    let missing = understanding.declared.missing().next().map(|(label, _)| format!("{label} is declared and is not in the schema"));
    unresolved.map(|one| format!("{}: {}", one.reference, one.reason)).or_else(|| refused.map(|error| error.message.clone())).or(missing)
}
