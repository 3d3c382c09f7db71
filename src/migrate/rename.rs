//! `RENAME`, `SET SCHEMA` and `OWNER TO` of relations, columns and constraints.
//!
//! Source: PostgreSQL 15, renameatt_internal, rename_constraint_internal, RenameRelationInternal, AlterTableNamespaceInternal (tablecmds.c).

use super::reach::Reach;
use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{Address, Column, ColumnNumber, ConstraintKind, GrantEntry, NameSpace, ObjectBody, ObjectId, UserType};
use crate::sql::tree::Ident;

impl Work<'_> {
    /// `RENAME COLUMN`.
    pub(super) fn rename_column(&mut self, relation: ObjectId, reach: Reach, from: &Ident, to: &Ident) -> Applied {
        let can_have_columns = matches!(
            self.schema.get(relation).map(|object| &object.body),
            Some(ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Type(UserType::Composite { .. }))
        );
        if self.schema.index(relation).is_some() {
            return self.rename_index_column(relation, from);
        }
        if !can_have_columns {
            let detail = format!("This operation is not supported for {}s.", self.relation_word(relation));
            return self.refuse_with("42809", format!("cannot rename columns of relation \"{}\"", self.name_of(relation)), detail);
        }
        if self.schema.table(relation).is_some_and(|table| table.of_type.is_some()) {
            return self.refuse("42809", "cannot rename column of typed table");
        }
        self.is_no_system_column(from, "rename")?;
        let Some(column) = self.schema.columns(relation).iter().find(|column| column.name == from.name).cloned() else {
            return self.refuse_at(from.span, "42703", format!("column \"{from}\" does not exist"));
        };
        self.is_inherited_from_here_alone(relation, &from.name, "rename")?;
        let children = self.children(relation);
        if reach == Reach::Alone && !children.is_empty() {
            return self.refuse("42P16", format!("inherited column \"{from}\" must be renamed in child tables too"));
        }
        if column.inherited_from > 0 {
            return self.refuse("42P16", format!("cannot rename inherited column \"{from}\""));
        }
        self.name(Address::column(relation, column.number));
        self.rename_column_below(relation, from, to)
    }

    /// A key of an index has a name of its own, which nothing shows: a plain column's when the index was made.
    fn rename_index_column(&self, index: ObjectId, from: &Ident) -> Applied {
        let Some(body) = self.schema.index(index) else { return Ok(()) };
        let mut keys = body.keys.iter().filter_map(|key| self.schema.column(body.table, key.column?));
        if keys.any(|column| column.name == from.name) {
            return Ok(());
        }
        if self.is_system_column(&from.name) {
            return self.refuse_at(from.span, "42703", format!("column \"{from}\" does not exist"));
        }
        self.unknown(format!("whether a key of the index is called `{from}` is not known"), from.span, Vec::new())
    }

    /// A descendant that has the column from a parent elsewhere too keeps its name and type (renameatt_internal, ATPrepAlterColumnType).
    pub(super) fn is_inherited_from_here_alone(&self, relation: ObjectId, name: &Name, verb: &str) -> Applied {
        let below = self.descendants(relation);
        for child in below.iter().skip(1) {
            let Some(body) = self.schema.table(*child) else { continue };
            let Some(column) = body.column_named(name) else { continue };
            let parents = body.parents.iter().filter(|parent| below.contains(parent)).count();
            if usize::from(column.inherited_from) > parents {
                return self.refuse("42P16", format!("cannot {verb} inherited column \"{name}\""));
            }
        }
        Ok(())
    }

    fn rename_column_below(&mut self, relation: ObjectId, from: &Ident, to: &Ident) -> Applied {
        let Some(column) = self.schema.columns(relation).iter().find(|column| column.name == from.name).cloned() else { return Ok(()) };
        if self.schema.columns(relation).iter().any(|other| other.name == to.name) {
            let message = format!("column \"{to}\" of relation \"{}\" already exists", self.name_of(relation));
            return self.refuse_at(to.span, "42701", message);
        }
        if self.schema.table(relation).is_some() {
            self.column_name_is_allowed(&to.name)?;
        }
        self.change_column(relation, column.number, |column| column.name = to.name.clone());
        for child in self.children(relation) {
            self.rename_column_below(child, from, to)?;
        }
        Ok(())
    }

    /// `RENAME TO` of a table, view, index, sequence.
    pub(super) fn rename_relation(&mut self, relation: ObjectId, to: &Ident) -> Applied {
        self.name_object(relation);
        let namespace = self.namespace_of(relation);
        if self.schema.find(NameSpace::Relation, namespace, &to.name).is_some() {
            return self.refuse_at(to.span, "42P07", format!("relation \"{to}\" already exists"));
        }
        let is_type = matches!(self.schema.get(relation).map(|object| &object.body), Some(ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Type(_)));
        if is_type && self.schema.find(NameSpace::Type, namespace, &to.name).is_some() {
            return self.refuse_at(to.span, "42710", format!("type \"{to}\" already exists"));
        }
        if let Some(constraint) = self.constraint_of_index(relation) {
            self.rename_object(constraint, to.name.clone());
        }
        self.rename_object(relation, to.name.clone());
        Ok(())
    }

    /// Another name in the same namespace; the caller has made sure that it is free.
    pub(super) fn rename_object(&mut self, object: ObjectId, to: Name) {
        self.order_follows_index(object, Some(to.as_str()));
        let namespace = self.namespace_of(object);
        self.schema.rename(object, to, namespace);
    }

    /// `RENAME CONSTRAINT`.
    pub(super) fn rename_constraint(&mut self, owner: ObjectId, reach: Reach, from: &Ident, to: &Ident) -> Applied {
        let Some(id) = self.constraint_named(owner, &from.name) else {
            let message = format!("constraint \"{from}\" for table \"{}\" does not exist", self.name_of(owner));
            return self.refuse_at(from.span, "42704", message);
        };
        let Some(constraint) = self.schema.constraint(id).cloned() else { return Ok(()) };
        let is_inherited_check = matches!(constraint.kind, ConstraintKind::Check { no_inherit: false, .. });
        if is_inherited_check && reach == Reach::Alone && !self.children(owner).is_empty() {
            return self.refuse("42P16", format!("inherited constraint \"{from}\" must be renamed in child tables too"));
        }
        if is_inherited_check && constraint.inherited_from > 0 {
            return self.refuse("42P16", format!("cannot rename inherited constraint \"{from}\""));
        }
        self.name_object(id);
        self.rename_constraint_below(owner, id, from, to)
    }

    fn rename_constraint_below(&mut self, owner: ObjectId, id: ObjectId, from: &Ident, to: &Ident) -> Applied {
        let index = match self.schema.constraint(id).map(|constraint| &constraint.kind) {
            Some(ConstraintKind::PrimaryKey { index, .. } | ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index, .. }) => Some(*index),
            _ => None,
        };
        if let Some(index) = index
            && self.schema.find(NameSpace::Relation, self.namespace_of(index), &to.name).is_some()
        {
            return self.refuse_at(to.span, "42P07", format!("relation \"{to}\" already exists"));
        }
        if self.constraint_named(owner, &to.name).is_some() {
            let message = format!("constraint \"{to}\" for relation \"{}\" already exists", self.name_of(owner));
            return self.refuse_at(to.span, "42710", message);
        }
        let Some(kind) = self.schema.constraint(id).map(|constraint| constraint.kind.clone()) else { return Ok(()) };
        match kind {
            ConstraintKind::PrimaryKey { index, .. } | ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index, .. } => {
                self.rename_object(index, to.name.clone());
            }
            ConstraintKind::Check { no_inherit: false, .. } => {
                for child in self.children(owner) {
                    if let Some(own) = self.constraint_named(child, &from.name) {
                        self.rename_constraint_below(child, own, from, to)?;
                    }
                }
            }
            ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Trigger => {}
        }
        self.rename_object(id, to.name.clone());
        Ok(())
    }

    /// `SET SCHEMA` of a relation: indexes, constraints and owned sequences move along.
    pub(super) fn move_relation(&mut self, relation: ObjectId, schema: &Ident) -> Applied {
        self.name_object(relation);
        if let Some(ObjectBody::Sequence(sequence)) = self.schema.get(relation).map(|object| &object.body)
            && let Some(owner) = sequence.owned_by
        {
            let detail = format!("Sequence \"{}\" is linked to table \"{}\".", self.name_of(relation), self.name_of(owner.object));
            return self.refuse_with("0A000", "cannot move an owned sequence into another schema", detail);
        }
        let to = self.namespace_named(schema)?;
        if self.schema.table(relation).is_none() && self.schema.index(relation).is_some() {
            return self.refuse("42809", format!("\"{}\" is not a table, view, materialized view, sequence, or foreign table", self.name_of(relation)));
        }
        self.move_whole(relation, to)
    }

    fn move_whole(&mut self, relation: ObjectId, to: ObjectId) -> Applied {
        if self.namespace_of(relation) == Some(to) {
            return Ok(());
        }
        self.move_one(relation, to)?;
        for id in self.schema.on_table(relation) {
            match self.schema.get(id).map(|object| &object.body) {
                Some(ObjectBody::Index(_)) => self.move_one(id, to)?,
                Some(ObjectBody::Other(_)) | None => {}
                Some(_) => {
                    if let Some(name) = self.schema.get(id).map(|object| object.name.clone()) {
                        self.schema.rename(id, name, Some(to));
                    }
                }
            }
        }
        for sequence in self.sequences_of(relation) {
            self.move_one(sequence, to)?;
        }
        Ok(())
    }

    fn move_one(&mut self, object: ObjectId, to: ObjectId) -> Applied {
        let Some(name) = self.schema.get(object).map(|object| object.name.clone()) else { return Ok(()) };
        if self.schema.find(NameSpace::Relation, Some(to), &name).is_some() {
            return self.refuse("42P07", format!("relation \"{name}\" already exists in schema \"{}\"", self.name_of(to)));
        }
        let is_type = matches!(self.schema.get(object).map(|object| &object.body), Some(ObjectBody::Table(_) | ObjectBody::View(_)));
        if is_type && self.schema.find(NameSpace::Type, Some(to), &name).is_some() {
            return self.refuse("42710", format!("type \"{name}\" already exists in schema \"{}\"", self.name_of(to)));
        }
        self.schema.rename(object, name, Some(to));
        Ok(())
    }

    /// `OWNER TO`: indexes and owned sequences follow.
    pub(super) fn set_owner(&mut self, object: ObjectId, role: &Ident) -> Applied {
        self.role_exists(role)?;
        self.name_object(object);
        let owner = match role.name.as_str() {
            "current_user" | "session_user" | "current_role" => self.session.role.clone(),
            _ => Some(role.name.clone()),
        };
        if let Some(ObjectBody::Sequence(sequence)) = self.schema.get(object).map(|object| &object.body)
            && sequence.owned_by.is_some()
            && self.schema.get(object).is_some_and(|object| object.owner != owner)
        {
            return self.refuse("0A000", format!("cannot change owner of sequence \"{}\"", self.name_of(object)));
        }
        let indexes = self.schema.on_table(object).into_iter().filter(|id| self.schema.index(*id).is_some());
        let followers: Vec<ObjectId> = indexes.chain(self.sequences_of(object)).collect();
        for id in std::iter::once(object).chain(followers) {
            self.own(id, owner.clone());
        }
        Ok(())
    }

    /// Another owner, who has what the old one was granted (aclnewowner, acl.c), on columns too (change_owner_fix_column_acls, tablecmds.c).
    pub(super) fn own(&mut self, id: ObjectId, owner: Option<Name>) {
        let old = self.schema.get(id).and_then(|object| object.owner.clone());
        self.schema.update(id, |object| {
            if let (Some(grants), Some(old)) = (&mut object.grants, &old) {
                hand_over(grants, old, owner.as_ref());
            }
            object.owner.clone_from(&owner);
        });
        let Some(old) = old else { return };
        let granted = |column: &&Column| column.grants.iter().any(|grant| grant.grantee.as_ref() == Some(&old));
        let numbers: Vec<ColumnNumber> = self.schema.columns(id).iter().filter(granted).map(|column| column.number).collect();
        for number in numbers {
            self.change_column(id, number, |column| hand_over(&mut column.grants, &old, owner.as_ref()));
        }
    }
}

/// What the old owner held the new one holds; one whose name is not known holds it without an entry.
fn hand_over(grants: &mut Vec<GrantEntry>, old: &Name, owner: Option<&Name>) {
    let Some(owner) = owner else { return grants.retain(|grant| grant.grantee.as_ref() != Some(old)) };
    for grant in grants.iter_mut().filter(|grant| grant.grantee.as_ref() == Some(old)) {
        grant.grantee = Some(owner.clone());
    }
    // An owner may pass on whatever is there.
    for grant in grants.iter_mut().filter(|grant| grant.grantee.as_ref() == Some(owner)) {
        grant.grant_option = false;
    }
    grants.sort();
    grants.dedup();
}
