//! Constraints added to a table: which name they get, what they need, what they bring along.
//!
//! Source: PostgreSQL 15, transformIndexConstraint (parse_utilcmd.c), AddRelationNewConstraints (heap.c), ATExecAddConstraint (tablecmds.c).

use std::sync::Arc;

use super::check_merging::CheckFlags;
use super::naming::{Meant, index_column_names, index_name_addition};
use super::occasion::Occasion;
use super::reach::Reach;
use super::rows::Nulls;
use super::storage_parameter::{ParametersOf, own_parameters};
use super::work::{Applied, Work};
use crate::lineage::ExpressionPurpose;
use crate::name::Name;
use crate::schema::{
    Column, ColumnNumber, Constraint, ConstraintKind, Definition, Index, IndexKey, IndexState, NameSpace, ObjectBody, ObjectId, Piece, TableKind,
};
use crate::sql::tree::{ConstraintFlags, Deferrability, Expr, Ident, IndexElement, StorageParameter, TableConstraint, TableConstraintKind};

/// The key of a constraint that an index stands behind.
pub(super) struct KeyParts<'a> {
    pub(super) primary: bool,
    pub(super) columns: &'a [Ident],
    pub(super) include: &'a [Ident],
    pub(super) nulls_not_distinct: bool,
    pub(super) parameters: &'a [StorageParameter],
}

impl Work<'_> {
    /// Adds one constraint to a table and, where it is inherited, to its children.
    pub(super) fn add_constraint(&mut self, table: ObjectId, constraint: &TableConstraint, occasion: Occasion) -> Applied<Option<ObjectId>> {
        let outer = self.span;
        self.span = constraint.span;
        let added = self.add_constraint_here(table, constraint, occasion);
        self.span = outer;
        if let Ok(Some(id)) = &added {
            self.name_object(*id);
        }
        added
    }

    fn add_constraint_here(&mut self, table: ObjectId, constraint: &TableConstraint, occasion: Occasion) -> Applied<Option<ObjectId>> {
        let TableConstraint { name, kind, flags, .. } = constraint;
        self.flags_suit(table, kind, *flags)?;
        match kind {
            TableConstraintKind::PrimaryKey { columns, include, parameters, without_overlaps } => {
                self.overlaps_can_be_found(table, columns, *without_overlaps)?;
                let key = KeyParts { primary: true, columns, include, nulls_not_distinct: false, parameters };
                self.add_key(table, name.as_ref(), &key, *flags, occasion).map(Some)
            }
            TableConstraintKind::Unique { columns, include, nulls_not_distinct, parameters, without_overlaps } => {
                self.overlaps_can_be_found(table, columns, *without_overlaps)?;
                let key = KeyParts { primary: false, columns, include, nulls_not_distinct: *nulls_not_distinct, parameters };
                self.add_key(table, name.as_ref(), &key, *flags, occasion).map(Some)
            }
            TableConstraintKind::UsingIndex { primary, index } => self.add_key_using_index(table, name.as_ref(), *primary, index, *flags).map(Some),
            TableConstraintKind::Check { expression, no_inherit } => self.add_check(table, name.as_ref(), expression, *no_inherit, *flags, occasion).map(Some),
            TableConstraintKind::NotNull { column, .. } => {
                let column = self.column_of(table, column)?;
                self.require_not_null(table, &column, occasion);
                Ok(None)
            }
            TableConstraintKind::ForeignKey { columns, references } => {
                self.add_foreign_key(table, name.as_ref(), columns, references, *flags, occasion).map(Some)
            }
            TableConstraintKind::Exclude { method, elements, include, predicate } => {
                self.add_exclusion(table, name.as_ref(), (method.as_ref(), elements, include, predicate.as_ref()), *flags).map(Some)
            }
        }
    }

    /// What a kind of constraint may say about itself (processCASbits, gram.y).
    pub(super) fn marks_suit(&self, kind: &TableConstraintKind, flags: ConstraintFlags) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let word = match kind {
            TableConstraintKind::PrimaryKey { .. } | TableConstraintKind::UsingIndex { primary: true, .. } => "PRIMARY KEY",
            TableConstraintKind::Unique { .. } | TableConstraintKind::UsingIndex { .. } => "UNIQUE",
            TableConstraintKind::Exclude { .. } => "EXCLUDE",
            TableConstraintKind::Check { .. } => "CHECK",
            TableConstraintKind::NotNull { .. } | TableConstraintKind::ForeignKey { .. } => "",
        };
        if word == "CHECK" && flags.deferrability.is_some_and(|deferrability| deferrability != Deferrability::NotDeferrable) {
            return self.refuse("0A000", "CHECK constraints cannot be marked DEFERRABLE");
        }
        if !matches!(word, "" | "CHECK") && flags.not_valid {
            return self.refuse("0A000", format!("{word} constraints cannot be marked NOT VALID"));
        }
        Ok(())
    }

    /// The same, and which a foreign table may have.
    fn flags_suit(&self, table: ObjectId, kind: &TableConstraintKind, flags: ConstraintFlags) -> Applied {
        self.marks_suit(kind, flags)?;
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        if self.schema.table(table).is_some_and(|body| body.kind == TableKind::Foreign) {
            let word = match kind {
                TableConstraintKind::PrimaryKey { .. } | TableConstraintKind::UsingIndex { primary: true, .. } => "primary key",
                TableConstraintKind::Unique { .. } | TableConstraintKind::UsingIndex { .. } => "unique",
                TableConstraintKind::ForeignKey { .. } => "foreign key",
                TableConstraintKind::Exclude { .. } => "exclusion",
                TableConstraintKind::Check { .. } | TableConstraintKind::NotNull { .. } => return Ok(()),
            };
            return self.refuse("0A000", format!("{word} constraints are not supported on foreign tables"));
        }
        Ok(())
    }

    /// Refuses a constraint name that the table has already.
    pub(super) fn constraint_name_is_free(&self, table: ObjectId, name: &Name) -> Applied {
        if self.constraint_named(table, name).is_some() {
            return self.refuse("42710", format!("constraint \"{name}\" for relation \"{}\" already exists", self.name_of(table)));
        }
        Ok(())
    }

    /// A key `WITHOUT OVERLAPS` is an index of `gist`, over all its columns (18).
    fn overlaps_can_be_found(&self, table: ObjectId, columns: &[Ident], without_overlaps: bool) -> Applied {
        for name in columns.iter().filter(|_| without_overlaps) {
            let column = self.column_of(table, name)?;
            self.operator_class_fits("gist", None, &column.data_type)?;
        }
        Ok(())
    }

    /// A new constraint object on a table.
    pub(super) fn insert_constraint(&mut self, table: ObjectId, name: Name, kind: ConstraintKind, flags: ConstraintFlags) -> ObjectId {
        let body = Constraint {
            owner: table,
            kind,
            deferrability: flags.deferrability.unwrap_or(Deferrability::NotDeferrable),
            // What is not enforced is not valid either (pg_constraint, 18).
            validated: !flags.not_valid && !flags.not_enforced,
            enforced: !flags.not_enforced,
            inherited_from: 0,
            is_local: true,
            parent: None,
        };
        let namespace = self.namespace_of(table);
        self.schema.insert(name, namespace, ObjectBody::Constraint(body))
    }

    fn add_check(
        &mut self,
        table: ObjectId,
        name: Option<&Ident>,
        expression: &Expr,
        no_inherit: bool,
        flags: ConstraintFlags,
        occasion: Occasion,
    ) -> Applied<ObjectId> {
        let bound = self.bind_in(ExpressionPurpose::Check, table, expression)?;
        let name = match name {
            Some(name) => {
                if let Some(own) = self.constraint_named(table, &name.name) {
                    return self.merge_with_inherited(table, own, &bound.definition, CheckFlags { no_inherit, not_valid: flags.not_valid });
                }
                name.name.clone()
            }
            None => {
                let columns = bound.columns_of(table);
                let only = match columns.as_slice() {
                    [column] => self.schema.column(table, *column).map(|column| column.name.to_string()),
                    _ => None,
                };
                match self.namespace_of(table) {
                    Some(namespace) => self.choose_constraint_name(&self.name_of(table), only.as_deref(), "check", namespace, &[]),
                    None => return self.refuse("3F000", "no schema has been selected to create in"),
                }
            }
        };
        if no_inherit && self.schema.table(table).is_some_and(|table| table.kind == TableKind::Partitioned) {
            return self.refuse("42P16", format!("cannot add NO INHERIT constraint to partitioned table \"{}\"", self.name_of(table)));
        }
        if occasion != Occasion::NewTable && !flags.not_valid {
            let condition = format!("every row of {} satisfies {}", self.shown_name(table), self.sources.slice(expression.span));
            let reach = if no_inherit { Reach::Alone } else { Reach::WithChildren };
            let query = format!("SELECT 1 FROM {} WHERE NOT ({}) LIMIT 1", self.rows_of(table, reach), self.sources.slice(expression.span));
            if self.may_hold_rows(table) || reach == Reach::WithChildren && self.may_hold_rows_below(table) {
                self.may_fail("23514", condition, Some(query));
            }
        }
        let kind = ConstraintKind::Check { expression: bound.definition, no_inherit };
        let id = self.insert_constraint(table, name, kind, flags);
        if !no_inherit {
            self.pass_check_on(table, id)?;
        }
        Ok(id)
    }

    /// Gives a check to all children, which may have it already.
    fn pass_check_on(&mut self, parent: ObjectId, check: ObjectId) -> Applied {
        for child in self.children(parent) {
            let Some(name) = self.schema.get(check).map(|object| object.name.clone()) else { continue };
            let copy = match self.constraint_named(child, &name) {
                Some(own) => {
                    self.check_can_be_merged(parent, check, child, own)?;
                    let is_partition = self.schema.table(child).is_some_and(|table| table.partition_bound.is_some());
                    self.schema.update(own, |object| {
                        if let ObjectBody::Constraint(constraint) = &mut object.body {
                            constraint.inherited_from = if is_partition { 1 } else { constraint.inherited_from + 1 };
                            constraint.is_local &= !is_partition;
                        }
                    });
                    continue;
                }
                None => self.copy_check(parent, check, child),
            };
            if let Some(copy) = copy {
                self.pass_check_on(child, copy)?;
            }
        }
        Ok(())
    }

    /// `PRIMARY KEY` or `UNIQUE`, with its index.
    fn add_key(&mut self, table: ObjectId, name: Option<&Ident>, key: &KeyParts<'_>, flags: ConstraintFlags, occasion: Occasion) -> Applied<ObjectId> {
        if key.primary {
            self.has_no_primary_key(table)?;
        }
        let columns = self.key_columns(table, key)?;
        let include = self.named_columns(table, key.include)?;
        let (parameters, tablespace) = self.index_storage(key.parameters)?;
        let Some(namespace) = self.namespace_of(table) else { return self.refuse("3F000", "no schema has been selected to create in") };
        let table_name = self.name_of(table);
        let name = match name {
            Some(name) => name.name.clone(),
            None if key.primary => self.choose_relation_name(&table_name, None, "pkey", namespace, Meant::Constraint),
            None => {
                let addition = index_name_addition(key.columns.iter().chain(key.include).map(|column| column.name.as_str()));
                self.choose_relation_name(&table_name, Some(&addition), "key", namespace, Meant::Constraint)
            }
        };
        if self.schema.find(NameSpace::Relation, Some(namespace), &name).is_some() {
            return self.refuse("42P07", format!("relation \"{name}\" already exists"));
        }
        self.constraint_name_is_free(table, &name)?;
        if key.primary {
            if self.reach == Reach::Alone && columns.iter().any(|column| !column.not_null) && !self.children(table).is_empty() {
                return self.refuse("42P16", "constraint must be added to child tables too");
            }
            for column in &columns {
                self.require_not_null(table, column, occasion);
            }
        }
        self.must_be_sortable(&columns)?;
        let word = if key.primary { "PRIMARY KEY" } else { "UNIQUE" };
        self.covers_partition_key(table, columns.iter().map(|column| Some(column.number)), word)?;
        if occasion == Occasion::OldTable || (occasion == Occasion::EmptyColumn && (key.primary || key.nulls_not_distinct)) {
            self.rows_must_be_unique(table, &columns, if key.nulls_not_distinct { Nulls::NotDistinct } else { Nulls::Distinct });
        }
        let numbers: Vec<ColumnNumber> = columns.iter().map(|column| column.number).collect();
        let index = Index {
            table,
            unique: true,
            method: Arc::from("btree"),
            keys: numbers.iter().map(|number| column_key(table, *number)).collect(),
            include: include.iter().map(|column| column.number).collect(),
            nulls_not_distinct: key.nulls_not_distinct,
            predicate: None,
            parameters,
            tablespace,
            state: IndexState::Valid,
            parent: None,
            only: false,
        };
        let alone = self.reach == Reach::Alone && self.schema.table(table).is_some_and(|table| table.kind == TableKind::Partitioned);
        let index = Index { state: if alone && !self.children(table).is_empty() { IndexState::Invalid } else { IndexState::Valid }, only: alone, ..index };
        let index = self.insert_object(name.clone(), namespace, ObjectBody::Index(index));
        let kind = if key.primary { ConstraintKind::PrimaryKey { columns: numbers, index } } else { ConstraintKind::Unique { columns: numbers, index } };
        let id = self.insert_constraint(table, name, kind, flags);
        if !alone {
            self.pass_index_on(table, index)?;
        }
        Ok(id)
    }

    /// `WITH (…)` and `USING INDEX TABLESPACE` behind a key.
    fn index_storage(&self, written: &[StorageParameter]) -> Applied<(Vec<(Arc<str>, Arc<str>)>, Option<Arc<str>>)> {
        let (spaces, parameters): (Vec<_>, Vec<_>) = written.iter().cloned().partition(|parameter| parameter.name == "tablespace");
        self.parameters_are_valid(ParametersOf::Index("btree"), &parameters)?;
        let space = spaces.first().and_then(|parameter| parameter.value.as_deref()).map(|name| Ident { name: Name::stored(name), span: self.span });
        Ok((own_parameters(&parameters), self.tablespace_of(space.as_ref())?))
    }

    /// Refuses a second primary key.
    pub(super) fn has_no_primary_key(&self, table: ObjectId) -> Applied {
        if self.primary_key(table).is_some() {
            return self.refuse("42P16", format!("multiple primary keys for table \"{}\" are not allowed", self.name_of(table)));
        }
        Ok(())
    }

    /// The primary key of a table: the constraint and its columns.
    pub(super) fn primary_key(&self, table: ObjectId) -> Option<(ObjectId, Vec<ColumnNumber>)> {
        self.schema.on_table(table).into_iter().find_map(|id| match &self.schema.constraint(id)?.kind {
            ConstraintKind::PrimaryKey { columns, .. } => Some((id, columns.clone())),
            _ => None,
        })
    }

    fn key_columns(&self, table: ObjectId, key: &KeyParts<'_>) -> Applied<Vec<Column>> {
        let columns = self.named_columns(table, key.columns)?;
        for (index, ident) in key.columns.iter().enumerate() {
            if key.columns.iter().take(index).any(|before| before.name == ident.name) {
                let word = if key.primary { "primary key" } else { "unique" };
                return self.refuse_at(ident.span, "42701", format!("column \"{ident}\" appears twice in {word} constraint"));
            }
        }
        Ok(columns)
    }

    fn named_columns(&self, table: ObjectId, names: &[Ident]) -> Applied<Vec<Column>> {
        let find = |name: &Ident| match self.schema.columns(table).iter().find(|column| column.name == name.name) {
            Some(column) => Ok(column.clone()),
            None => self.refuse_at(name.span, "42703", format!("column \"{name}\" named in key does not exist")),
        };
        names.iter().map(find).collect()
    }

    /// A column that a primary key makes `NOT NULL`, in children too.
    pub(super) fn require_not_null(&mut self, table: ObjectId, column: &Column, occasion: Occasion) {
        if !column.not_null {
            if occasion != Occasion::NewTable {
                self.rows_must_not_be_null(table, column);
            }
            self.change_column(table, column.number, |column| column.not_null = true);
        }
        for child in self.children(table) {
            if let Some(own) = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned() {
                self.require_not_null(child, &own, occasion);
            }
        }
    }

    fn add_key_using_index(&mut self, table: ObjectId, name: Option<&Ident>, primary: bool, index: &Ident, flags: ConstraintFlags) -> Applied<ObjectId> {
        let Some(id) = self.index_beside(table, &index.name) else {
            return self.refuse_at(index.span, "42704", format!("index \"{index}\" does not exist"));
        };
        let Some(body) = self.schema.index(id).cloned() else { return self.refuse_at(index.span, "42809", format!("\"{index}\" is not an index")) };
        self.index_can_be_a_key(table, index, id, &body)?;
        if primary {
            self.has_no_primary_key(table)?;
        }
        let numbers: Vec<ColumnNumber> = body.keys.iter().filter_map(|key| key.column).collect();
        let name = name.map_or_else(|| index.name.clone(), |name| name.name.clone());
        if name != index.name {
            let namespace = self.namespace_of(id);
            if self.schema.find(NameSpace::Relation, namespace, &name).is_some() {
                return self.refuse("42P07", format!("relation \"{name}\" already exists"));
            }
            self.notice(format!("ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \"{index}\" to \"{name}\""));
            self.schema.rename(id, name.clone(), namespace);
        }
        self.constraint_name_is_free(table, &name)?;
        if primary {
            for number in &numbers {
                if let Some(column) = self.schema.column(table, *number).cloned() {
                    self.require_not_null(table, &column, Occasion::OldTable);
                }
            }
        }
        let kind = if primary { ConstraintKind::PrimaryKey { columns: numbers, index: id } } else { ConstraintKind::Unique { columns: numbers, index: id } };
        Ok(self.insert_constraint(table, name, kind, flags))
    }

    fn index_can_be_a_key(&self, table: ObjectId, name: &Ident, id: ObjectId, index: &Index) -> Applied {
        let refuse = |sqlstate, message: String| self.refuse_at(name.span, sqlstate, message);
        if self.constraint_of_index(id).is_some() {
            return refuse("55000", format!("index \"{name}\" is already associated with a constraint"));
        }
        if index.table != table {
            return refuse("55000", format!("index \"{name}\" does not belong to table \"{}\"", self.name_of(table)));
        }
        if index.state != IndexState::Valid {
            return refuse("55000", format!("index \"{name}\" is not valid"));
        }
        if !index.unique {
            return refuse("42809", format!("\"{name}\" is not a unique index"));
        }
        if index.keys.iter().any(|key| key.column.is_none()) {
            return refuse("42809", format!("index \"{name}\" contains expressions"));
        }
        if index.predicate.is_some() {
            return refuse("42809", format!("\"{name}\" is a partial index"));
        }
        if index.keys.iter().any(|key| key.descending || key.nulls_first || key.operator_class.is_some() || key.collation.is_some()) {
            return refuse("42809", format!("index \"{name}\" column number 1 does not have default sorting behavior"));
        }
        Ok(())
    }

    /// The constraint that an index stands behind.
    pub(super) fn constraint_of_index(&self, index: ObjectId) -> Option<ObjectId> {
        let table = self.schema.index(index)?.table;
        self.schema.on_table(table).into_iter().find(|id| match self.schema.constraint(*id).map(|constraint| &constraint.kind) {
            Some(ConstraintKind::PrimaryKey { index: own, .. } | ConstraintKind::Unique { index: own, .. } | ConstraintKind::Exclude { index: own, .. }) => {
                *own == index
            }
            _ => false,
        })
    }

    fn add_exclusion(
        &mut self,
        table: ObjectId,
        name: Option<&Ident>,
        (method, elements, include, predicate): (Option<&Ident>, &[(IndexElement, String)], &[Ident], Option<&Expr>),
        flags: ConstraintFlags,
    ) -> Applied<ObjectId> {
        let written: Vec<IndexElement> = elements.iter().map(|(element, _)| element.clone()).collect();
        if self.schema.table(table).is_some_and(|body| body.kind == TableKind::Partitioned) && self.schema.dialect.built_ins.is_some() {
            return self.refuse("0A000", "exclusion constraints are not supported on partitioned tables");
        }
        let known = self.index_method(method)?;
        let word = method.map_or("btree", |method| method.name.as_str());
        self.method_can(known, word, false, elements.len(), !include.is_empty())?;
        if let super::access_method::Method::Known(can) = known
            && !can.exclusion
        {
            return self.refuse("0A000", format!("access method \"{word}\" does not support exclusion constraints"));
        }
        let keys = self.index_keys(table, (known, word), &written)?;
        let include = self.named_columns(table, include)?;
        let predicate = match predicate {
            Some(predicate) => Some(self.bind_in(ExpressionPurpose::IndexPredicate, table, predicate)?.definition),
            None => None,
        };
        let Some(namespace) = self.namespace_of(table) else { return self.refuse("3F000", "no schema has been selected to create in") };
        let name = match name {
            Some(name) => name.name.clone(),
            None => {
                let mut columns = index_column_names(&written);
                columns.extend(include.iter().map(|column| column.name.to_string()));
                let addition = index_name_addition(columns.iter().map(String::as_str));
                self.choose_relation_name(&self.name_of(table), Some(&addition), "excl", namespace, Meant::Constraint)
            }
        };
        if self.schema.find(NameSpace::Relation, Some(namespace), &name).is_some() {
            return self.refuse("42P07", format!("relation \"{name}\" already exists"));
        }
        self.constraint_name_is_free(table, &name)?;
        let index = Index {
            table,
            unique: false,
            method: method.map_or_else(|| Arc::from("btree"), |method| Arc::from(method.name.as_str())),
            keys,
            include: include.iter().map(|column| column.number).collect(),
            nulls_not_distinct: false,
            predicate,
            parameters: Vec::new(),
            tablespace: None,
            state: IndexState::Valid,
            parent: None,
            only: false,
        };
        let operators: Vec<Arc<str>> = elements.iter().map(|(_, operator)| Arc::from(operator.as_str())).collect();
        self.rows_must_exclude_each_other(&index, &operators, name.as_str());
        let index = self.insert_object(name.clone(), namespace, ObjectBody::Index(index));
        Ok(self.insert_constraint(table, name, ConstraintKind::Exclude { index, operators }, flags))
    }
}

/// A plain column as a key of an index.
pub(super) fn column_key(table: ObjectId, column: ColumnNumber) -> IndexKey {
    IndexKey {
        column: Some(column),
        expression: Definition::new(vec![Piece::Column { relation: table, column, output: None }]),
        collation: None,
        operator_class: None,
        descending: false,
        nulls_first: false,
    }
}
