//! What a drop takes along, and what keeps it from happening.
//!
//! Source: PostgreSQL 15, dependency.c: findDependentObjects, reportDependentObjects, deleteOneObject.

use std::collections::BTreeMap;

use super::work::{Applied, Work};
use crate::schema::{Address, ColumnGeneration, ColumnNumber, Dependency, DependencyKind, ObjectBody, ObjectId, Part, Schema, TypeIdentity, UserType};
use crate::sql::tree::DropBehavior;

/// How a target came to be one.
#[derive(Clone, Copy, Debug, Default)]
struct Reasons {
    /// The statement names it.
    original: bool,
    /// It goes silently: automatic, internal, or member of an extension.
    silent: bool,
    /// A part of something that is a target too.
    covered: bool,
}

#[derive(Clone, Copy, Debug)]
struct Target {
    reasons: Reasons,
    dependee: Option<Address>,
}

struct Search<'s> {
    schema: &'s Schema,
    targets: BTreeMap<Address, Target>,
    /// Dependents before what they depend on.
    order: Vec<Address>,
    stack: Vec<(Address, Reasons)>,
    originals: Vec<Address>,
    /// An object that cannot go alone, and what it is a part of.
    owned: Option<(Address, Address)>,
}

/// Whether `other` is `address` or contains it.
fn covers(other: Address, address: Address) -> bool {
    other == address
        || (other.object == address.object
            && match (other.part, address.part) {
                (Part::Whole, _) => true,
                (Part::Column(column), Part::Default(default)) => column == default,
                _ => false,
            })
}

impl Search<'_> {
    fn find(&mut self, address: Address, reasons: Reasons) {
        if let Some((_, flags)) = self.stack.iter_mut().find(|(other, _)| covers(*other, address)) {
            flags.silent |= reasons.silent;
            return;
        }
        if self.is_target_already(address, reasons) {
            return;
        }
        if !self.owner_comes_first(address, reasons) {
            return;
        }
        self.stack.push((address, reasons));
        for dependency in self.dependents(address) {
            let silent = dependency.kind != DependencyKind::Normal;
            self.find(dependency.dependent, Reasons { silent, ..Reasons::default() });
        }
        let reasons = self.stack.pop().map_or(reasons, |(_, reasons)| reasons);
        let dependee = self.stack.last().map(|(dependee, _)| *dependee);
        // A column that was found before its whole table goes with the table.
        if address.part == Part::Whole {
            let parts: Vec<Address> = self.targets.keys().copied().filter(|other| other.object == address.object).collect();
            for part in parts {
                if let Some(target) = self.targets.get_mut(&part) {
                    target.reasons.covered = true;
                }
            }
        }
        if self.targets.insert(address, Target { reasons, dependee }).is_none() {
            self.order.push(address);
        }
    }

    fn is_target_already(&mut self, address: Address, reasons: Reasons) -> bool {
        if let Some(target) = self.targets.get_mut(&address) {
            target.reasons.silent |= reasons.silent;
            target.reasons.original |= reasons.original;
            return true;
        }
        let mut wider = vec![Address::whole(address.object)];
        if let Part::Default(column) = address.part {
            wider.push(Address::column(address.object, column));
        }
        wider.iter().any(|other| *other != address && self.targets.contains_key(other))
    }

    /// Looks at what the object is a part of. False when the search went on from the owner instead.
    fn owner_comes_first(&mut self, address: Address, reasons: Reasons) -> bool {
        let needs = match address.part {
            Part::Whole => self.schema.dependencies().of_object(address.object),
            Part::Column(_) | Part::Default(_) => self.schema.dependencies().of(address),
        };
        for Dependency { on: owner, kind, .. } in needs {
            let is_part = match kind {
                DependencyKind::Internal | DependencyKind::Extension => true,
                // A partition's counterpart may also go with its own table.
                DependencyKind::Partition => self.stack.is_empty(),
                DependencyKind::Normal | DependencyKind::Automatic => false,
            };
            if !is_part || (address.part == Part::Whole && owner.object == address.object) {
                continue;
            }
            if self.stack.iter().any(|(other, _)| covers(*other, owner)) {
                continue;
            }
            if self.stack.is_empty() {
                if self.originals.iter().any(|other| covers(*other, owner)) {
                    return false;
                }
                if self.owned.is_none() || kind == DependencyKind::Extension {
                    self.owned = Some((address, owner));
                }
                continue;
            }
            self.find(owner, Reasons { silent: reasons.silent, ..Reasons::default() });
            return false;
        }
        true
    }

    /// Foreign keys to a partitioned table lean on each of its partitions too (addFkRecurseReferenced).
    fn keys_to_partitioned(&self, table: ObjectId) -> Vec<Dependency> {
        let mut all = Vec::new();
        let mut below = table;
        while let Some(above) = self.schema.table(below).filter(|body| body.partition_bound.is_some()).and_then(|body| body.parents.first().copied()) {
            for dependency in self.schema.dependencies().on_object(above) {
                let constraint = dependency.dependent.object;
                let refers = self
                    .schema
                    .constraint(constraint)
                    .is_some_and(|body| matches!(&body.kind, crate::schema::ConstraintKind::ForeignKey(key) if key.references == above) && body.owner != table);
                let own = Dependency { dependent: Address::whole(constraint), on: Address::whole(table), kind: DependencyKind::Normal };
                if refers && !all.contains(&own) {
                    all.push(own);
                }
            }
            below = above;
        }
        all
    }

    fn dependents(&self, address: Address) -> Vec<Dependency> {
        let mut all = match address.part {
            Part::Whole => self.schema.dependencies().on_object(address.object),
            Part::Column(_) | Part::Default(_) => self.schema.dependencies().on(address),
        };
        if address.part == Part::Whole {
            all.extend(self.keys_to_partitioned(address.object));
        }
        all.retain(|dependency| match address.part {
            Part::Whole => dependency.dependent.object != address.object,
            Part::Column(_) | Part::Default(_) => !covers(address, dependency.dependent),
        });
        all.sort_by(|a, b| b.dependent.object.cmp(&a.dependent.object).then(a.dependent.part.cmp(&b.dependent.part)));
        all
    }
}

impl Work<'_> {
    /// Drops what the statement names with everything that goes along.
    pub(super) fn perform_deletion(&mut self, originals: &[Address], behavior: DropBehavior) -> Applied {
        let mut search =
            Search { schema: &self.schema, targets: BTreeMap::new(), order: Vec::new(), stack: Vec::new(), originals: originals.to_vec(), owned: None };
        for original in originals {
            search.find(*original, Reasons { original: true, ..Reasons::default() });
            if let Some((part, owner)) = search.owned {
                let (part, owner) = (self.description(part), self.description(owner));
                return self.refuse_with("2BP01", format!("cannot drop {part} because {owner} requires it"), format!("You can drop {owner} instead."));
            }
        }
        let Search { targets, order, .. } = search;
        self.report(&targets, &order, originals, behavior)?;
        for address in order {
            self.delete_one(address);
        }
        if self.schema.dialect.built_ins.is_some() {
            self.publications_follow();
        }
        Ok(())
    }

    fn report(&mut self, targets: &BTreeMap<Address, Target>, order: &[Address], originals: &[Address], behavior: DropBehavior) -> Applied {
        let mut lines = Vec::new();
        for address in order.iter().rev() {
            let Some(target) = targets.get(address) else { continue };
            let Reasons { original, silent, covered } = target.reasons;
            if original || silent || covered {
                continue;
            }
            let description = self.description(*address);
            lines.push(match (behavior, target.dependee) {
                (DropBehavior::Restrict, Some(dependee)) => {
                    // A column of an array type depends on the array type, which goes with its element.
                    let array = if self.is_array_of(*address, dependee) { "[]" } else { "" };
                    format!("{description} depends on {}{array}", self.description(dependee))
                }
                _ => format!("drop cascades to {description}"),
            });
        }
        match (behavior, lines.as_slice()) {
            (_, []) => Ok(()),
            (DropBehavior::Restrict, lines) => {
                let message = match originals {
                    [original] => format!("cannot drop {} because other objects depend on it", self.description(*original)),
                    _ => String::from("cannot drop desired object(s) because other objects depend on them"),
                };
                self.refuse_with("2BP01", message, lines.join("\n"))
            }
            (DropBehavior::Cascade, [line]) => {
                let line = line.clone();
                self.notice(line);
                Ok(())
            }
            (DropBehavior::Cascade, lines) => {
                let text = format!("drop cascades to {} other objects\n{}", lines.len(), lines.join("\n"));
                self.notice(text);
                Ok(())
            }
        }
    }

    fn is_array_of(&self, column: Address, element: Address) -> bool {
        let Part::Column(number) = column.part else { return false };
        let data_type = self.schema.column(column.object, number).map(|column| &column.data_type);
        data_type.is_some_and(|data_type| data_type.array && data_type.identity == TypeIdentity::Object(element.object))
    }

    fn delete_one(&mut self, address: Address) {
        match address.part {
            Part::Whole => self.delete_object(address.object),
            Part::Column(number) => self.delete_column(address.object, number),
            Part::Default(number) => {
                self.schema.update_table(address.object, |table| {
                    if let Some(column) = table.column_mut(number) {
                        column.generation = ColumnGeneration::None;
                    }
                });
            }
        }
    }

    fn delete_object(&mut self, object: ObjectId) {
        self.order_follows_index(object, None);
        if let Some(index) = self.schema.index(object) {
            let (table, whole) = (index.table, Address::whole(object));
            if self.schema.table(table).is_some_and(|table| table.replica_identity == Some(whole)) {
                self.schema.update_table(table, |table| table.replica_identity = None);
            }
        }
        self.schema.remove(object);
    }

    fn delete_column(&mut self, relation: ObjectId, number: ColumnNumber) {
        self.schema.update(relation, |object| match &mut object.body {
            ObjectBody::Table(table) => table.columns.retain(|column| column.number != number),
            ObjectBody::View(view) => view.columns.retain(|column| column.number != number),
            ObjectBody::Type(UserType::Composite { attributes, .. }) => attributes.retain(|column| column.number != number),
            _ => {}
        });
    }
}
