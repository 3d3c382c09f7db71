//! What an object depends on, read off its body: the rows that PostgreSQL writes into `pg_depend` when it makes the object
//! (manual 53.18, 15; which code writes which kind is named at each place).
//!
//! In: an object. Out: the dependencies that it contributes, which may start from another object (the index of a primary key is
//! internal to the constraint). Membership in an extension is not in a body; it is recorded by hand.

use super::{
    Address, Column, ColumnGeneration, Constraint, ConstraintKind, DataType, Definition, Dependency, DependencyKind, Index, Object, ObjectBody, ObjectId,
};
use super::{Table, TypeIdentity, UserType};

use DependencyKind::{Automatic, Internal, Normal, Partition};

/// The dependencies that the object contributes, sorted.
pub(super) fn derived_dependencies(object: &Object) -> Vec<Dependency> {
    let mut list = List { own: object.id, all: Vec::new() };
    let whole = Address::whole(object.id);
    match &object.body {
        ObjectBody::Schema => {}
        ObjectBody::Table(table) => list.table(table),
        ObjectBody::View(view) => {
            list.columns(&view.columns);
            // Nothing protects what a late view reads: it is looked for at each query.
            if !view.late_binding {
                list.definition(whole, &view.query, None);
            }
        }
        ObjectBody::Index(index) => list.index(index),
        ObjectBody::Sequence(sequence) => list.extend(whole, sequence.owned_by, Automatic),
        ObjectBody::Constraint(constraint) => list.constraint(constraint),
        ObjectBody::Type(user_type) => list.user_type(user_type),
        ObjectBody::Function(function) => {
            for parameter in &function.parameters {
                list.data_type(whole, &parameter.data_type);
            }
            if let Some(returns) = &function.returns {
                list.data_type(whole, returns);
            }
            if let Some(body) = &function.bound_body {
                list.definition(whole, body, None);
            }
            list.extend(whole, function.support.iter().copied().map(Address::whole), Normal);
        }
        ObjectBody::Trigger(trigger) => {
            list.extend(whole, trigger.table.map(Address::whole), Automatic);
            list.definition(whole, &trigger.definition, None);
        }
        ObjectBody::Policy(policy) => {
            list.extend(whole, Some(Address::whole(policy.table)), Automatic);
            for definition in [&policy.using, &policy.check].into_iter().flatten() {
                list.definition(whole, definition, None);
            }
        }
        ObjectBody::Rule(rule) => {
            list.extend(whole, Some(Address::whole(rule.table)), Automatic);
            list.definition(whole, &rule.definition, None);
        }
        ObjectBody::Extension(extension) => list.extend(whole, extension.schema.map(Address::whole), Normal),
        ObjectBody::Other(other) => {
            // Extended statistics go with any of their columns (statscmds.c, CreateStatistics; 15).
            let own_columns = if other.kind == crate::sql::tree::ObjectKind::Statistics { other.table } else { None };
            list.extend(whole, other.table.map(Address::whole), Automatic);
            // A table leaves its publications when it is dropped, and they stay (publicationcmds.c).
            if other.kind != crate::sql::tree::ObjectKind::Publication {
                list.definition(whole, &other.definition, own_columns);
            }
        }
    }
    if lives_in_its_namespace(&object.body) {
        list.extend(whole, object.namespace.map(Address::whole), Normal);
    }
    list.all.sort_unstable();
    list.all.dedup();
    list.all
}

/// Whether the object itself depends on its namespace; what hangs on a table goes with the table.
fn lives_in_its_namespace(body: &ObjectBody) -> bool {
    match body {
        ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Sequence(_) | ObjectBody::Type(_) | ObjectBody::Function(_) => true,
        ObjectBody::Other(_) => true,
        ObjectBody::Schema
        | ObjectBody::Index(_)
        | ObjectBody::Constraint(_)
        | ObjectBody::Trigger(_)
        | ObjectBody::Policy(_)
        | ObjectBody::Rule(_)
        | ObjectBody::Extension(_) => false,
    }
}

struct List {
    own: ObjectId,
    all: Vec<Dependency>,
}

impl List {
    fn extend(&mut self, dependent: Address, on: impl IntoIterator<Item = Address>, kind: DependencyKind) {
        self.all.extend(on.into_iter().map(|on| Dependency { dependent, on, kind }));
    }

    /// Dependencies of a stored expression; those on columns of `automatic` go silently.
    fn definition(&mut self, dependent: Address, definition: &Definition, automatic: Option<ObjectId>) {
        for on in definition.needs() {
            let kind = if Some(on.object) == automatic { Automatic } else { Normal };
            if *on != Address::whole(self.own) {
                self.extend(dependent, [*on], kind);
            }
        }
    }

    fn data_type(&mut self, dependent: Address, data_type: &DataType) {
        if let TypeIdentity::Object(object) = data_type.identity
            && object != self.own
        {
            self.extend(dependent, [Address::whole(object)], Normal);
        }
    }

    fn columns(&mut self, columns: &[Column]) {
        for column in columns {
            let here = Address::column(self.own, column.number);
            let default = Address::default_of(self.own, column.number);
            self.data_type(here, &column.data_type);
            match &column.generation {
                ColumnGeneration::None => {}
                ColumnGeneration::Default(definition) => {
                    self.extend(default, [here], Automatic);
                    self.definition(default, definition, None);
                }
                // heap.c, StoreAttrDefault (15): the expression is internal to its column, so that losing what it reads takes the column.
                ColumnGeneration::Generated(definition, _) => {
                    self.extend(default, [here], Internal);
                    self.definition(default, definition, None);
                }
                ColumnGeneration::Identity(_, sequence) => self.extend(Address::whole(*sequence), [here], Internal),
            }
        }
    }

    /// tablecmds.c, StoreCatalogInheritance1 and DefineRelation (15): a child needs its parents, a partition goes with its table.
    fn table(&mut self, table: &Table) {
        let whole = Address::whole(self.own);
        self.columns(&table.columns);
        let kind = if table.partition_bound.is_some() { Automatic } else { Normal };
        self.extend(whole, table.parents.iter().copied().map(Address::whole), kind);
        self.extend(whole, table.of_type.map(Address::whole), Normal);
        if let Some(partitioning) = &table.partitioning {
            self.definition(whole, &partitioning.key, Some(self.own));
        }
    }

    /// index.c, index_create (15): automatic on the columns it uses, on the table when it uses none.
    fn index(&mut self, index: &Index) {
        let whole = Address::whole(self.own);
        let columns = index.keys.iter().filter_map(|key| key.column).chain(index.include.iter().copied());
        self.extend(whole, columns.map(|column| Address::column(index.table, column)), Automatic);
        for definition in index.keys.iter().map(|key| &key.expression).chain(&index.predicate) {
            self.definition(whole, definition, Some(index.table));
        }
        self.extend(whole, [Address::whole(index.table)], Automatic);
        self.extend(whole, index.parent.map(Address::whole), Partition);
    }

    /// pg_constraint.c, CreateConstraintEntry (15).
    fn constraint(&mut self, constraint: &Constraint) {
        let whole = Address::whole(self.own);
        let owner = constraint.owner;
        let own_columns = |columns: &[super::ColumnNumber]| columns.iter().map(|column| Address::column(owner, *column)).collect::<Vec<_>>();
        self.extend(whole, [Address::whole(owner)], Automatic);
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, index } | ConstraintKind::Unique { columns, index } => {
                self.extend(whole, own_columns(columns), Automatic);
                self.extend(Address::whole(*index), [whole], Internal);
            }
            ConstraintKind::Exclude { index, .. } => self.extend(Address::whole(*index), [whole], Internal),
            ConstraintKind::Check { expression, .. } => self.definition(whole, expression, Some(owner)),
            ConstraintKind::NotNull { column } => self.extend(whole, own_columns(&[*column]), Automatic),
            ConstraintKind::ForeignKey(key) => {
                self.extend(whole, own_columns(&key.columns), Automatic);
                self.extend(whole, key.referenced_columns.iter().map(|column| Address::column(key.references, *column)), Normal);
                self.extend(whole, [Address::whole(key.references)], Normal);
                self.extend(whole, key.referenced_index.map(Address::whole), Normal);
            }
            ConstraintKind::Trigger => {}
        }
        self.extend(whole, constraint.parent.map(Address::whole), Partition);
    }

    fn user_type(&mut self, user_type: &UserType) {
        let whole = Address::whole(self.own);
        match user_type {
            UserType::Domain(domain) => {
                self.data_type(whole, &domain.base);
                if let Some(default) = &domain.default {
                    self.definition(whole, default, None);
                }
            }
            UserType::Composite { attributes, .. } => self.columns(attributes),
            UserType::Range { subtype, .. } => self.data_type(whole, subtype),
            UserType::Enum { .. } | UserType::Base { .. } | UserType::Shell => {}
        }
    }
}
