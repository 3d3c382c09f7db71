//! Constraints: keys and conditions first, references once all keys are there.

use std::sync::Arc;

use super::context::{Context, pairs};
use super::index::empty_index;
use crate::diagnostic::Problem;
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::name::Name;
use crate::schema::{ColumnNumber, Constraint, ConstraintKind, Definition, ForeignKey, IndexKey, IndexState, NameSpace, ObjectBody, ObjectId, Piece};
use crate::snapshot::file::{
    ActionWord, CheckEntry, DeferrableWord, ExclusionEntry, ForeignKeyEntry, KeyEntry, KeyPart, MatchWord, NotNullEntry, TableEntry, Text,
};
use crate::sql::tree::{Deferrability, ForeignKeyAction, ForeignKeyMatch};
use crate::yaml::{Brief, Entries};

impl Context<'_> {
    /// Keys, checks, not-nulls and exclusions of a table.
    pub(super) fn constraints(&mut self, table: ObjectId, name: &Text, entry: &TableEntry) {
        if let Some(Brief(key)) = &entry.primary_key {
            let chosen = Text { value: format!("{}_pkey", name.value), span: name.span };
            let own = key.name.clone().unwrap_or(chosen);
            self.key(table, &own, key, KeyKind::Primary);
        }
        for (name, Brief(key)) in &entry.unique.0 {
            if let Some(second) = &key.name {
                let problem = Problem::error("snapshot-name-twice", "a unique constraint has its name in front of it").at(second.span);
                self.problem(problem.help("take `name` out"));
            }
            self.key(table, name, key, KeyKind::Unique);
        }
        self.checks(table, &entry.checks, &ExpressionScope::of_relation(ExpressionPurpose::Check, table));
        for (name, Brief(not_null)) in &entry.not_nulls.0 {
            self.not_null(table, name, not_null);
        }
        for (name, exclusion) in &entry.exclusions.0 {
            self.exclusion(table, name, exclusion);
        }
    }

    /// Adds a constraint; its name must be free on its table or domain.
    fn add(&mut self, name: &Text, constraint: Constraint, comment: Option<&Text>) -> ObjectId {
        let stored = Self::name(name);
        let is_taken = self.constraint_named(constraint.owner, &stored).is_some();
        if is_taken {
            self.problem(Problem::error("snapshot-name-taken", format!("there is another constraint named `{stored}` here")).at(name.span));
        }
        let namespace = self.schema.get(constraint.owner).and_then(|object| object.namespace);
        let id = self.schema.insert(stored, namespace, ObjectBody::Constraint(constraint));
        self.comment(id, comment);
        id
    }

    fn constraint_named(&self, owner: ObjectId, name: &Name) -> Option<ObjectId> {
        let is_it = |id: &ObjectId| self.schema.get(*id).is_some_and(|object| object.name == *name && matches!(object.body, ObjectBody::Constraint(_)));
        self.schema.on_table(owner).into_iter().find(is_it)
    }

    fn key(&mut self, table: ObjectId, name: &Text, entry: &KeyEntry, kind: KeyKind) {
        let columns = self.columns(table, &entry.columns);
        let namespace = self.schema.get(table).and_then(|object| object.namespace);
        let mut index = empty_index(table, "btree");
        index.unique = true;
        index.keys = columns.iter().map(|column| plain_key(table, *column)).collect();
        index.include = self.columns(table, &entry.include);
        index.nulls_not_distinct = entry.nulls_not_distinct;
        index.parameters = pairs(&entry.parameters);
        index.tablespace = entry.tablespace.as_ref().map(|text| Arc::from(text.value.as_str()));
        index.state = if entry.invalid { IndexState::Invalid } else { IndexState::Valid };
        let Some(index) = self.insert(NameSpace::Relation, namespace, name, ObjectBody::Index(index)) else { return };
        self.comment(index, entry.index_comment.as_ref());
        if kind == KeyKind::Primary {
            self.schema.update_table(table, |table| {
                table.columns.iter_mut().filter(|column| columns.contains(&column.number)).for_each(|column| column.not_null = true);
            });
        }
        let kind = match kind {
            KeyKind::Primary => ConstraintKind::PrimaryKey { columns, index },
            KeyKind::Unique => ConstraintKind::Unique { columns, index },
        };
        let constraint = Constraint {
            deferrability: deferrability(entry.deferrable),
            inherited_from: entry.inherited,
            is_local: entry.local.unwrap_or(true),
            ..constraint(table, kind)
        };
        self.add(name, constraint, entry.comment.as_ref());
    }

    /// Checks of a table or a domain.
    pub(super) fn checks(&mut self, owner: ObjectId, entries: &Entries<Brief<CheckEntry>>, scope: &ExpressionScope) {
        let namespace = self.schema.get(owner).and_then(|object| object.namespace);
        for (name, Brief(entry)) in &entries.0 {
            let Some(text) = self.required(entry.expression.as_ref(), "expression", name) else { continue };
            let expression = self.expression(namespace, scope, text);
            let constraint = Constraint {
                validated: !entry.not_valid && !entry.not_enforced,
                enforced: !entry.not_enforced,
                inherited_from: entry.inherited,
                is_local: entry.local.unwrap_or(true),
                ..constraint(owner, ConstraintKind::Check { expression, no_inherit: entry.no_inherit })
            };
            self.add(name, constraint, entry.comment.as_ref());
        }
    }

    fn not_null(&mut self, table: ObjectId, name: &Text, entry: &NotNullEntry) {
        let Some(text) = self.required(entry.column.as_ref(), "column", name) else { return };
        let Some(column) = self.column(table, text) else { return };
        let constraint = Constraint {
            validated: !entry.not_valid,
            inherited_from: entry.inherited,
            is_local: entry.local.unwrap_or(true),
            ..constraint(table, ConstraintKind::NotNull { column })
        };
        self.add(name, constraint, entry.comment.as_ref());
    }

    fn exclusion(&mut self, table: ObjectId, name: &Text, entry: &ExclusionEntry) {
        let namespace = self.schema.get(table).and_then(|object| object.namespace);
        let mut index = empty_index(table, entry.method.as_ref().map_or("gist", |method| method.value.as_str()));
        let mut operators = Vec::new();
        for element in &entry.elements {
            let part = KeyPart {
                column: element.column.clone(),
                expression: element.expression.clone(),
                collation: element.collation.clone(),
                operator_class: element.operator_class.clone(),
                descending: element.descending,
                nulls: element.nulls,
            };
            let Some(operator) = self.required(element.operator.as_ref(), "with", name) else { continue };
            if let Some(key) = self.index_key(table, &part) {
                operators.push(Arc::from(operator.value.as_str()));
                index.keys.push(key);
            }
        }
        index.include = self.columns(table, &entry.include);
        index.predicate = entry.predicate.as_ref().map(|text| self.predicate(table, text));
        index.parameters = pairs(&entry.parameters);
        index.tablespace = entry.tablespace.as_ref().map(|text| Arc::from(text.value.as_str()));
        index.state = if entry.invalid { IndexState::Invalid } else { IndexState::Valid };
        let Some(index) = self.insert(NameSpace::Relation, namespace, name, ObjectBody::Index(index)) else { return };
        self.comment(index, entry.index_comment.as_ref());
        let constraint = Constraint {
            deferrability: deferrability(entry.deferrable),
            inherited_from: entry.inherited,
            is_local: entry.local.unwrap_or(true),
            ..constraint(table, ConstraintKind::Exclude { index, operators })
        };
        self.add(name, constraint, entry.comment.as_ref());
    }

    /// References of a table, once every table has its keys.
    pub(super) fn foreign_keys(&mut self, table: ObjectId, entries: &Entries<ForeignKeyEntry>) {
        for (name, entry) in &entries.0 {
            let Some(text) = self.required(entry.references.as_ref(), "references", name) else { continue };
            let Some(references) = self.relation(text) else { continue };
            let columns = self.columns(table, &entry.columns);
            let referenced_columns =
                if entry.referenced_columns.is_empty() { self.primary_key_of(references) } else { self.columns(references, &entry.referenced_columns) };
            if columns.is_empty() || columns.len() != referenced_columns.len() {
                let message = format!("{} columns refer to {}", columns.len(), referenced_columns.len());
                self.problem(Problem::error("snapshot-foreign-key-columns", message).at(name.span).help("`columns` and `referenced_columns` go in pairs"));
                continue;
            }
            let key = ForeignKey {
                referenced_index: self.unique_index(references, &referenced_columns),
                on_delete_columns: self.columns(table, &entry.on_delete_columns),
                columns,
                references,
                referenced_columns,
                matching: match entry.matching {
                    None | Some(MatchWord::Simple) => ForeignKeyMatch::Simple,
                    Some(MatchWord::Full) => ForeignKeyMatch::Full,
                },
                on_delete: action(entry.on_delete),
                on_update: action(entry.on_update),
            };
            let constraint = Constraint {
                deferrability: deferrability(entry.deferrable),
                validated: !entry.not_valid && !entry.not_enforced,
                enforced: !entry.not_enforced,
                inherited_from: entry.inherited,
                is_local: entry.local.unwrap_or(true),
                ..constraint(table, ConstraintKind::ForeignKey(key))
            };
            self.add(name, constraint, entry.comment.as_ref());
        }
    }

    /// Attaches keys and references of partitions to those of their tables.
    pub(super) fn attach_constraints(&mut self, table: ObjectId, name: &Text, entry: &TableEntry) {
        let chosen = Text { value: format!("{}_pkey", name.value), span: name.span };
        let primary = entry.primary_key.iter().map(|Brief(key)| (key.name.clone().unwrap_or_else(|| chosen.clone()), key));
        let unique = entry.unique.0.iter().map(|(name, Brief(key))| (name.clone(), key));
        let keys: Vec<(Text, Option<Text>)> = primary.chain(unique).map(|(name, key)| (name, key.parent.clone())).collect();
        for (name, parent) in keys {
            let Some(parent) = parent else { continue };
            let Some(own) = self.constraint_named(table, &Self::name(&name)) else { continue };
            let Some(parent) = self.index(&parent) else { continue };
            if let Some(index) = self.index_behind(own) {
                self.set_parent(index, parent);
            }
            let above = crate::schema::ddl::constraint_of(&self.schema, parent);
            self.set_constraint_parent(own, above);
        }
        let parents = self.schema.table(table).map(|table| table.parents.clone()).unwrap_or_default();
        for (name, key) in &entry.foreign_keys.0 {
            let Some(parent) = &key.parent else { continue };
            let above = parents.iter().find_map(|table| self.constraint_named(*table, &Self::name(parent)));
            if above.is_none() {
                let message = format!("the table it is a partition of has no constraint `{}`", parent.value);
                self.problem(Problem::error("snapshot-unknown-constraint", message).at(parent.span));
            }
            if let Some(own) = self.constraint_named(table, &Self::name(name)) {
                self.set_constraint_parent(own, above);
            }
        }
    }

    fn set_constraint_parent(&mut self, id: ObjectId, parent: Option<ObjectId>) {
        self.schema.update(id, |object| {
            if let ObjectBody::Constraint(constraint) = &mut object.body {
                constraint.parent = parent;
            }
        });
    }

    fn index_behind(&self, constraint: ObjectId) -> Option<ObjectId> {
        match &self.schema.constraint(constraint)?.kind {
            ConstraintKind::PrimaryKey { index, .. } | ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index, .. } => Some(*index),
            ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Trigger => None,
        }
    }

    fn primary_key_of(&self, table: ObjectId) -> Vec<ColumnNumber> {
        let keys = self.schema.on_table(table).into_iter().filter_map(|id| self.schema.constraint(id));
        let columns = keys.filter_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => Some(columns.clone()),
            _ => None,
        });
        columns.into_iter().next().unwrap_or_default()
    }

    /// The unique index over exactly these columns, in any order; a key's before another.
    fn unique_index(&self, table: ObjectId, columns: &[ColumnNumber]) -> Option<ObjectId> {
        let mut wanted = columns.to_vec();
        wanted.sort_unstable();
        let fits = |id: &ObjectId| {
            let Some(index) = self.schema.index(*id).filter(|index| index.unique && index.predicate.is_none()) else { return false };
            let keys: Option<Vec<ColumnNumber>> = index.keys.iter().map(|key| key.column).collect();
            keys.is_some_and(|mut keys| {
                keys.sort_unstable();
                keys == wanted
            })
        };
        let all: Vec<ObjectId> = self.schema.on_table(table).into_iter().filter(fits).collect();
        let is_key = |id: &&ObjectId| crate::schema::ddl::constraint_of(&self.schema, **id).is_some();
        all.iter().find(is_key).or_else(|| all.first()).copied()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Primary,
    Unique,
}

fn constraint(owner: ObjectId, kind: ConstraintKind) -> Constraint {
    let deferrability = Deferrability::NotDeferrable;
    Constraint { owner, kind, deferrability, validated: true, enforced: true, inherited_from: 0, is_local: true, parent: None }
}

fn plain_key(table: ObjectId, column: ColumnNumber) -> IndexKey {
    let expression = Definition::new(vec![Piece::Column { relation: table, column, output: None }]);
    IndexKey { column: Some(column), expression, collation: None, operator_class: None, descending: false, nulls_first: false }
}

fn deferrability(word: Option<DeferrableWord>) -> Deferrability {
    match word {
        None => Deferrability::NotDeferrable,
        Some(DeferrableWord::Immediate) => Deferrability::Deferrable,
        Some(DeferrableWord::Deferred) => Deferrability::InitiallyDeferred,
    }
}

fn action(word: Option<ActionWord>) -> ForeignKeyAction {
    match word {
        None | Some(ActionWord::NoAction) => ForeignKeyAction::NoAction,
        Some(ActionWord::Restrict) => ForeignKeyAction::Restrict,
        Some(ActionWord::Cascade) => ForeignKeyAction::Cascade,
        Some(ActionWord::SetNull) => ForeignKeyAction::SetNull,
        Some(ActionWord::SetDefault) => ForeignKeyAction::SetDefault,
    }
}
