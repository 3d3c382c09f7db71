//! Who needs whom, in both directions, as `pg_depend` has it.

use super::{Address, ObjectId};

/// How strong a dependency is (PostgreSQL manual, 53.18 pg_depend, 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// The dependent blocks the drop, or goes with `CASCADE` (`n`).
    Normal,
    /// The dependent goes silently (`a`): a column's index, a table's trigger.
    Automatic,
    /// The dependent is a part of what it depends on and cannot go alone (`i`): the index of a primary key, an identity's sequence.
    Internal,
    /// The dependent belongs to an extension and cannot go alone (`e`).
    Extension,
    /// The dependent is a partition's counterpart of what it depends on: it cannot go alone, but goes with its table (`P`).
    Partition,
}

/// One dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dependency {
    /// Who needs.
    pub dependent: Address,
    /// What is needed.
    pub on: Address,
    /// How strongly.
    pub kind: DependencyKind,
}

/// All dependencies of a schema. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    by_dependent: imbl::OrdSet<(Address, Address, DependencyKind)>,
    by_referenced: imbl::OrdSet<(Address, Address, DependencyKind)>,
}

impl Dependencies {
    /// Records one; a second time changes nothing.
    pub fn add(&mut self, dependency: Dependency) {
        self.by_dependent.insert((dependency.dependent, dependency.on, dependency.kind));
        self.by_referenced.insert((dependency.on, dependency.dependent, dependency.kind));
    }

    /// Forgets one.
    pub fn remove(&mut self, dependency: Dependency) {
        self.by_dependent.remove(&(dependency.dependent, dependency.on, dependency.kind));
        self.by_referenced.remove(&(dependency.on, dependency.dependent, dependency.kind));
    }

    /// What any part of the object needs, in order.
    pub fn of_object(&self, object: ObjectId) -> Vec<Dependency> {
        range(&self.by_dependent, object).map(|(dependent, on, kind)| Dependency { dependent, on, kind }).collect()
    }

    /// Who needs any part of the object, in order.
    pub fn on_object(&self, object: ObjectId) -> Vec<Dependency> {
        range(&self.by_referenced, object).map(|(on, dependent, kind)| Dependency { dependent, on, kind }).collect()
    }

    /// What exactly this address needs.
    pub fn of(&self, dependent: Address) -> Vec<Dependency> {
        self.of_object(dependent.object).into_iter().filter(|dependency| dependency.dependent == dependent).collect()
    }

    /// Who needs exactly this address.
    pub fn on(&self, on: Address) -> Vec<Dependency> {
        self.on_object(on.object).into_iter().filter(|dependency| dependency.on == on).collect()
    }

    /// Forgets everything that starts from the object or points to it.
    pub fn remove_object(&mut self, object: ObjectId) {
        for dependency in self.of_object(object).into_iter().chain(self.on_object(object)) {
            self.remove(dependency);
        }
    }

    /// Forgets everything that starts from this address.
    pub fn remove_of(&mut self, dependent: Address) {
        for dependency in self.of(dependent) {
            self.remove(dependency);
        }
    }
}

fn range(set: &imbl::OrdSet<(Address, Address, DependencyKind)>, object: ObjectId) -> impl Iterator<Item = (Address, Address, DependencyKind)> + '_ {
    let lowest = (Address::whole(object), Address::whole(ObjectId(0)), DependencyKind::Normal);
    set.range(lowest..).copied().take_while(move |(first, _, _)| first.object == object)
}
