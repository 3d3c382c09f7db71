//! The schema itself: objects, the names that find them, and their dependencies.

use std::sync::Arc;

use imbl::ordmap::DiffItem;

use super::derived::derived_dependencies;
use super::roles::{DefaultGrant, Roles};
use super::{Address, Column, ColumnNumber, Constraint, Dependencies, Dependency, Index, Object, ObjectBody, ObjectId, Table, View};
use crate::dialect::Dialect;
use crate::name::{Name, QualifiedName};

/// Kinds of name that may not clash with one another inside one namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameSpace {
    /// Schemas.
    Schema,
    /// Tables, views, sequences, indexes, composite types (`pg_class`).
    Relation,
    /// Types, the row types of relations too (`pg_type`).
    Type,
    /// Extensions, publications, event triggers: no namespace, one name each kind.
    Extension,
    /// Objects kept by kind and name.
    Other(crate::sql::tree::ObjectKind),
}

/// What is known of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerFacts {
    /// Major version; `None` when unknown (15 is then assumed where a version decides).
    pub major_version: Option<u32>,
}

/// One moment of the warehouse.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The database it lives in.
    pub dialect: &'static Dialect,
    /// What is known of the server.
    pub server: ServerFacts,
    objects: imbl::OrdMap<ObjectId, Arc<Object>>,
    names: imbl::OrdMap<(NameSpace, Option<ObjectId>, Name), ObjectId>,
    functions: imbl::OrdSet<(Option<ObjectId>, Name, ObjectId)>,
    constraint_names: imbl::OrdSet<(Option<ObjectId>, Name, ObjectId)>,
    on_table: imbl::OrdSet<(ObjectId, ObjectId)>,
    dependencies: Dependencies,
    /// Names that a statement nobody understood may have changed, with the reason: what is asked about them is unknown.
    unknown: imbl::OrdMap<Name, Arc<str>>,
    roles: Roles,
    /// The same for all names with this beginning and this end.
    unknown_patterns: imbl::OrdMap<(Arc<str>, Arc<str>), Arc<str>>,
    next: u32,
}

impl Schema {
    /// An empty schema, without even `public`.
    pub fn new(dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            server: ServerFacts::default(),
            objects: imbl::OrdMap::new(),
            names: imbl::OrdMap::new(),
            functions: imbl::OrdSet::new(),
            constraint_names: imbl::OrdSet::new(),
            on_table: imbl::OrdSet::new(),
            dependencies: Dependencies::default(),
            unknown: imbl::OrdMap::new(),
            roles: Roles::default(),
            unknown_patterns: imbl::OrdMap::new(),
            next: 1,
        }
    }

    /// The object of an identity.
    pub fn get(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(&id).map(|object| &**object)
    }

    /// What differs between this moment and a later one of the same history: each object as it was and as it is. Costs what changed, not what there is.
    pub fn changed_since<'s>(&'s self, earlier: &'s Schema) -> impl Iterator<Item = (Option<&'s Object>, Option<&'s Object>)> {
        earlier.objects.diff(&self.objects).map(|item| match item {
            DiffItem::Add(_, new) => (None, Some(&**new)),
            DiffItem::Update { old: (_, old), new: (_, new) } => (Some(&**old), Some(&**new)),
            DiffItem::Remove(_, old) => (Some(&**old), None),
        })
    }

    /// All objects in the order of creation.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.values().map(|object| &**object)
    }

    /// Finds by name in one namespace.
    pub fn find(&self, space: NameSpace, namespace: Option<ObjectId>, name: &Name) -> Option<ObjectId> {
        self.names.get(&(space, namespace, name.clone())).copied()
    }

    /// All objects with a name of that kind, by namespace and name.
    pub fn in_name_space(&self, space: NameSpace) -> impl Iterator<Item = ObjectId> {
        let from = (space, None, Name::stored(""));
        self.names.range(from..).take_while(move |((own, _, _), _)| *own == space).map(|(_, id)| *id)
    }

    /// The namespace of that name.
    pub fn namespace(&self, name: &Name) -> Option<ObjectId> {
        self.find(NameSpace::Schema, None, name)
    }

    /// Table, view, index, sequence or composite type by schema and name.
    pub fn relation(&self, name: &QualifiedName) -> Option<ObjectId> {
        self.find(NameSpace::Relation, Some(self.namespace(&name.schema)?), &name.name)
    }

    /// All routines of that name in a namespace, in the order of creation.
    pub fn functions(&self, namespace: Option<ObjectId>, name: &Name) -> Vec<ObjectId> {
        let from = (namespace, name.clone(), ObjectId(0));
        self.functions.range(from..).take_while(|(own, same, _)| *own == namespace && same == name).map(|(_, _, id)| *id).collect()
    }

    /// Whether any constraint of any table in the namespace has that name; names are chosen so that none has.
    pub fn has_constraint_named(&self, namespace: Option<ObjectId>, name: &Name) -> bool {
        let from = (namespace, name.clone(), ObjectId(0));
        self.constraint_names.range(from..).next().is_some_and(|(own, same, _)| *own == namespace && same == name)
    }

    /// Indexes, constraints, triggers, rules and policies of a table (or domain), in the order of creation.
    pub fn on_table(&self, table: ObjectId) -> Vec<ObjectId> {
        self.on_table.range((table, ObjectId(0))..).take_while(|(own, _)| *own == table).map(|(_, id)| *id).collect()
    }

    /// The body as a table, or `None`.
    pub fn table(&self, id: ObjectId) -> Option<&Table> {
        match &self.get(id)?.body {
            ObjectBody::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The body as a view, or `None`.
    pub fn view(&self, id: ObjectId) -> Option<&View> {
        match &self.get(id)?.body {
            ObjectBody::View(view) => Some(view),
            _ => None,
        }
    }

    /// The body as an index, or `None`.
    pub fn index(&self, id: ObjectId) -> Option<&Index> {
        match &self.get(id)?.body {
            ObjectBody::Index(index) => Some(index),
            _ => None,
        }
    }

    /// The body as a constraint, or `None`.
    pub fn constraint(&self, id: ObjectId) -> Option<&Constraint> {
        match &self.get(id)?.body {
            ObjectBody::Constraint(constraint) => Some(constraint),
            _ => None,
        }
    }

    /// Live columns of a table, view or composite type, in order; empty for everything else.
    pub fn columns(&self, id: ObjectId) -> &[Column] {
        match self.get(id).map(|object| &object.body) {
            Some(ObjectBody::Table(table)) => &table.columns,
            Some(ObjectBody::View(view)) => &view.columns,
            Some(ObjectBody::Type(super::UserType::Composite { attributes, .. })) => attributes,
            _ => &[],
        }
    }

    /// A column by its number.
    pub fn column(&self, relation: ObjectId, number: ColumnNumber) -> Option<&Column> {
        self.columns(relation).iter().find(|column| column.number == number)
    }

    /// `schema.name` of an object that lives in a namespace.
    pub fn qualified_name(&self, id: ObjectId) -> Option<QualifiedName> {
        let object = self.get(id)?;
        let namespace = self.get(object.namespace?)?;
        Some(QualifiedName::new(namespace.name.clone(), object.name.clone()))
    }

    /// Who needs whom.
    pub fn dependencies(&self) -> &Dependencies {
        &self.dependencies
    }

    /// The same, to change it.
    pub fn dependencies_mut(&mut self) -> &mut Dependencies {
        &mut self.dependencies
    }

    /// Adds an object and gives it its identity. The caller has made sure that the name is free.
    pub fn insert(&mut self, name: Name, namespace: Option<ObjectId>, body: ObjectBody) -> ObjectId {
        let id = ObjectId(self.next);
        self.next = self.next.saturating_add(1);
        let object = Object { id, name, namespace, owner: None, comment: None, grants: None, body };
        self.index_name(&object);
        if let Some(table) = hangs_on(&object.body) {
            self.on_table.insert((table, id));
        }
        for dependency in derived_dependencies(&object) {
            self.dependencies.add(dependency);
        }
        self.objects.insert(id, Arc::new(object));
        id
    }

    /// Changes an object in place; its name, namespace and table are changed by [`Schema::rename`] only.
    pub fn update(&mut self, id: ObjectId, change: impl FnOnce(&mut Object)) {
        let Some(object) = self.objects.get_mut(&id) else { return };
        let before = derived_dependencies(object);
        change(Arc::make_mut(object));
        let after = derived_dependencies(object);
        self.replace_dependencies(&before, &after);
    }

    fn replace_dependencies(&mut self, before: &[Dependency], after: &[Dependency]) {
        if before == after {
            return;
        }
        for dependency in before {
            self.dependencies.remove(*dependency);
        }
        for dependency in after {
            self.dependencies.add(*dependency);
        }
    }

    /// Changes a table in place; nothing happens when it is none.
    pub fn update_table(&mut self, id: ObjectId, change: impl FnOnce(&mut Table)) {
        self.update(id, |object| {
            if let ObjectBody::Table(table) = &mut object.body {
                change(table);
            }
        });
    }

    /// Gives an object another name or namespace. The caller has made sure that the name is free.
    pub fn rename(&mut self, id: ObjectId, name: Name, namespace: Option<ObjectId>) {
        let Some(object) = self.objects.get(&id).cloned() else { return };
        self.unindex_name(&object);
        let mut renamed = (*object).clone();
        renamed.name = name;
        renamed.namespace = namespace;
        self.index_name(&renamed);
        self.replace_dependencies(&derived_dependencies(&object), &derived_dependencies(&renamed));
        self.objects.insert(id, Arc::new(renamed));
    }

    /// Takes an object out, with its name and its dependencies. What hangs on it is the caller's to remove.
    pub fn remove(&mut self, id: ObjectId) {
        let Some(object) = self.objects.remove(&id) else { return };
        self.unindex_name(&object);
        if let Some(table) = hangs_on(&object.body) {
            self.on_table.remove(&(table, id));
        }
        self.dependencies.remove_object(id);
    }

    /// Takes the namespace of temporary objects out with everything in it, as the end of a session does.
    pub fn drop_temporary(&mut self, namespace: ObjectId) {
        let inside: Vec<ObjectId> = self.objects().filter(|object| object.namespace == Some(namespace)).map(|object| object.id).collect();
        for id in inside.into_iter().chain([namespace]) {
            self.remove(id);
        }
    }

    /// Says that everything of this name is unknown from here on, and why.
    pub fn mark_unknown(&mut self, name: Name, reason: impl Into<Arc<str>>) {
        self.unknown.insert(name, reason.into());
    }

    /// The same for every name that begins and ends so: a statement put it together from what only rows tell.
    pub fn mark_pattern_unknown(&mut self, start: impl Into<Arc<str>>, end: impl Into<Arc<str>>, reason: impl Into<Arc<str>>) {
        self.unknown_patterns.insert((start.into(), end.into()), reason.into());
    }

    /// Takes over from another moment of the same history what is unknown there.
    pub fn share_doubts(&mut self, other: &Schema) {
        for (name, reason) in &other.unknown {
            self.unknown.entry(name.clone()).or_insert_with(|| Arc::clone(reason));
        }
        for (pattern, reason) in &other.unknown_patterns {
            self.unknown_patterns.entry(pattern.clone()).or_insert_with(|| Arc::clone(reason));
        }
    }

    /// Takes back that a name is unknown.
    pub fn forget_unknown(&mut self, name: &Name) {
        self.unknown.remove(name);
    }

    /// All names that are unknown, with the reasons.
    pub fn unknown_names(&self) -> impl Iterator<Item = (&Name, &Arc<str>)> {
        self.unknown.iter()
    }

    /// Why an object of this name is unknown, when it is.
    pub fn why_unknown(&self, name: &Name) -> Option<&Arc<str>> {
        let fits = |(start, end): &(Arc<str>, Arc<str>)| {
            let name = name.as_str();
            name.len() >= start.len() + end.len() && name.starts_with(&**start) && name.ends_with(&**end)
        };
        self.unknown.get(name).or_else(|| self.unknown_patterns.iter().find(|(pattern, _)| fits(pattern)).map(|(_, reason)| reason))
    }

    /// A role was made.
    pub fn remember_role(&mut self, role: &Name) {
        self.roles.remember(role);
    }

    /// A role was dropped.
    pub fn forget_role(&mut self, role: &Name) {
        self.roles.forget(role);
    }

    /// Whether a role was dropped in this run. One that was never heard of may be on the server.
    pub fn is_gone_role(&self, role: &Name) -> bool {
        self.roles.is_gone(role)
    }

    /// A role was given a member.
    pub fn join_role(&mut self, role: &Name, member: &Name) {
        self.roles.join(role, member);
    }

    /// A role lost a member.
    pub fn leave_role(&mut self, role: &Name, member: &Name) {
        self.roles.leave(role, member);
    }

    /// The roles that a role is a member of by itself.
    pub fn groups_of(&self, member: &Name) -> Vec<Name> {
        self.roles.groups_of(member)
    }

    /// Who was given `CREATE` on the database; `None` among them is everybody.
    pub fn database_creators(&self) -> impl Iterator<Item = &Option<Name>> {
        self.roles.creators.iter()
    }

    /// Somebody may create in the database from here on.
    pub fn add_database_creator(&mut self, role: Option<Name>) {
        self.roles.creators.insert(role);
    }

    /// Somebody may no longer create in the database.
    pub fn remove_database_creator(&mut self, role: &Option<Name>) {
        self.roles.creators.remove(role);
    }

    /// Whether the one role is a member of the other as far as this run says, or is the same.
    pub fn is_member_of(&self, one: &Name, other: &Name) -> bool {
        self.roles.is_member_of(one, other)
    }

    /// What new objects get by default, beside what the server gives.
    pub fn default_grants(&self) -> impl Iterator<Item = &DefaultGrant> {
        self.roles.defaults.iter()
    }

    /// Adds what new objects get; the opposite is taken out.
    pub fn add_default_grant(&mut self, grant: DefaultGrant) {
        let opposite = DefaultGrant { is_revoked: !grant.is_revoked, ..grant.clone() };
        self.roles.defaults.remove(&opposite);
        self.roles.defaults.insert(grant);
    }

    /// Whether defaults are given to a role, or hold for its objects.
    pub fn has_default_grants_of(&self, role: &Name) -> bool {
        self.roles.defaults.iter().any(|grant| grant.role.as_ref() == Some(role) || grant.entry.grantee.as_ref() == Some(role))
    }

    /// Takes out what is given to a role and what holds for its objects.
    pub fn drop_default_grants_of(&mut self, role: &Name) {
        let kept = self.roles.defaults.iter().filter(|grant| grant.role.as_ref() != Some(role) && grant.entry.grantee.as_ref() != Some(role));
        self.roles.defaults = kept.cloned().collect();
    }

    fn index_name(&mut self, object: &Object) {
        match object.body {
            ObjectBody::Function(_) => {
                self.functions.insert((object.namespace, object.name.clone(), object.id));
            }
            ObjectBody::Constraint(_) => {
                self.constraint_names.insert((object.namespace, object.name.clone(), object.id));
            }
            _ => {}
        }
        for space in name_spaces(&object.body) {
            self.names.insert((space, object.namespace, object.name.clone()), object.id);
        }
    }

    fn unindex_name(&mut self, object: &Object) {
        match object.body {
            ObjectBody::Function(_) => {
                self.functions.remove(&(object.namespace, object.name.clone(), object.id));
            }
            ObjectBody::Constraint(_) => {
                self.constraint_names.remove(&(object.namespace, object.name.clone(), object.id));
            }
            _ => {}
        }
        for space in name_spaces(&object.body) {
            let key = (space, object.namespace, object.name.clone());
            if self.names.get(&key) == Some(&object.id) {
                self.names.remove(&key);
            }
        }
    }
}

/// Two schemas are the same moment when they hold the same objects; identities do not count. Compared by `schema::diff`.
impl Schema {
    /// The address of a column by names, for tests and messages.
    pub fn column_address(&self, relation: ObjectId, name: &Name) -> Option<Address> {
        self.columns(relation).iter().find(|column| column.name == *name).map(|column| Address::column(relation, column.number))
    }
}

fn name_spaces(body: &ObjectBody) -> Vec<NameSpace> {
    match body {
        ObjectBody::Schema => vec![NameSpace::Schema],
        ObjectBody::Table(_) | ObjectBody::View(_) => vec![NameSpace::Relation, NameSpace::Type],
        ObjectBody::Type(super::UserType::Composite { .. }) => vec![NameSpace::Relation, NameSpace::Type],
        ObjectBody::Index(_) | ObjectBody::Sequence(_) => vec![NameSpace::Relation],
        ObjectBody::Type(_) => vec![NameSpace::Type],
        ObjectBody::Extension(_) => vec![NameSpace::Extension],
        ObjectBody::Trigger(trigger) if trigger.table.is_none() => vec![NameSpace::Other(crate::sql::tree::ObjectKind::EventTrigger)],
        ObjectBody::Other(other) if other.table.is_none() => vec![NameSpace::Other(other.kind)],
        ObjectBody::Constraint(_) | ObjectBody::Function(_) | ObjectBody::Trigger(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_) | ObjectBody::Other(_) => {
            Vec::new()
        }
    }
}

fn hangs_on(body: &ObjectBody) -> Option<ObjectId> {
    match body {
        ObjectBody::Index(index) => Some(index.table),
        ObjectBody::Constraint(constraint) => Some(constraint.owner),
        ObjectBody::Trigger(trigger) => trigger.table,
        ObjectBody::Policy(policy) => Some(policy.table),
        ObjectBody::Rule(rule) => Some(rule.table),
        ObjectBody::Other(other) => other.table,
        ObjectBody::Schema
        | ObjectBody::Table(_)
        | ObjectBody::View(_)
        | ObjectBody::Sequence(_)
        | ObjectBody::Type(_)
        | ObjectBody::Function(_)
        | ObjectBody::Extension(_) => None,
    }
}
