//! `CREATE INDEX`, and indexes of partitioned tables on their partitions.
//!
//! Source: PostgreSQL 15, DefineIndex and ComputeIndexAttrs (indexcmds.c).

use std::sync::Arc;

use super::constraint::{column_key, sorted_parameters};
use super::naming::{Meant, index_column_names, index_name_addition};
use super::work::{Applied, Work};
use crate::lineage::ExpressionPurpose;
use crate::name::Name;
use crate::schema::{Column, ColumnNumber, Constraint, ConstraintKind, Index, IndexKey, IndexState, NameSpace, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{CreateIndex, ExprKind, Ident, IndexElement, ViewKind};

/// The access methods that PostgreSQL brings along, and Bloom filters of an extension in wide use (manual chapter 11 and F.7, 15).
const METHODS: &[&str] = &["btree", "hash", "gist", "gin", "spgist", "brin"];

impl Work<'_> {
    /// `CREATE INDEX`.
    pub(super) fn create_index(&mut self, statement: &CreateIndex) -> Applied {
        let table = self.relation(&statement.table)?;
        if statement.concurrently && self.in_transaction {
            return self.refuse("25001", "CREATE INDEX CONCURRENTLY cannot run inside a transaction block");
        }
        self.can_be_indexed(table, statement)?;
        let Some(namespace) = self.namespace_of(table) else { return self.refuse("3F000", "no schema has been selected to create in") };
        let chosen = match &statement.name {
            Some(name) => name.name.clone(),
            None => {
                let columns = index_column_names(&statement.elements);
                let addition = index_name_addition(columns.iter().map(String::as_str));
                self.choose_relation_name(&self.name_of(table), Some(&addition), "idx", namespace, Meant::Relation)
            }
        };
        if self.schema.find(NameSpace::Relation, Some(namespace), &chosen).is_some() {
            if statement.if_not_exists {
                self.notice(format!("relation \"{chosen}\" already exists, skipping"));
                return Ok(());
            }
            return self.refuse("42P07", format!("relation \"{chosen}\" already exists"));
        }
        let method = statement.method.as_ref().map_or("btree", |method| method.name.as_str());
        if !METHODS.contains(&method) && self.global_object(crate::sql::tree::ObjectKind::AccessMethod, &Name::stored(method)).is_none() {
            if !self.has_unknown_extension() {
                let span = statement.method.as_ref().map_or(self.span, |method| method.span);
                return self.refuse_at(span, "42704", format!("access method \"{method}\" does not exist"));
            }
            self.not_judged.push(super::NotJudged {
                reason: format!("the access method `{method}` is not one that PostgreSQL brings along"),
                span: self.span,
                touches: Vec::new(),
            });
        }
        let keys = self.index_keys(table, &statement.elements)?;
        let include = self.included_columns(table, &statement.include)?;
        let predicate = match &statement.predicate {
            Some(predicate) => {
                let bound = self.bind_in(ExpressionPurpose::IndexPredicate, table, predicate)?;
                if self.is_mutable(&bound) {
                    return self.refuse_at(predicate.span, "42P17", "functions in index predicate must be marked IMMUTABLE");
                }
                Some(bound.definition)
            }
            None => None,
        };
        if statement.unique {
            self.covers_partition_key(table, keys.iter().map(|key| key.column), "UNIQUE")?;
        }
        if statement.unique && keys.iter().all(|key| key.column.is_some()) && predicate.is_none() {
            let columns: Vec<Column> = keys.iter().filter_map(|key| self.schema.column(table, key.column?).cloned()).collect();
            self.rows_must_be_unique(table, &columns);
        } else if statement.unique {
            let condition = format!("no two rows of {} have the same key of the new unique index {chosen}", self.shown_name(table));
            if self.may_hold_rows(table) {
                self.may_fail("23505", condition, None);
            }
        }
        let is_partitioned = self.schema.table(table).is_some_and(|table| table.kind == TableKind::Partitioned);
        let index = Index {
            table,
            unique: statement.unique,
            method: Arc::from(method),
            keys,
            include,
            nulls_not_distinct: statement.nulls_not_distinct,
            predicate,
            parameters: sorted_parameters(&statement.parameters),
            tablespace: statement.tablespace.as_ref().map(|space| Arc::from(space.name.as_str())),
            state: if statement.only && is_partitioned { IndexState::Invalid } else { IndexState::Valid },
            parent: None,
            only: statement.only && is_partitioned,
        };
        let id = self.insert_object(chosen, namespace, ObjectBody::Index(index));
        self.name_object(id);
        if !statement.only {
            self.pass_index_on(table, id)?;
        }
        Ok(())
    }

    /// A unique key of a partitioned table holds all columns of the partition key (DefineIndex).
    pub(super) fn covers_partition_key(&self, table: ObjectId, keys: impl Iterator<Item = Option<ColumnNumber>>, word: &str) -> Applied {
        let Some(partitioning) = self.schema.table(table).and_then(|table| table.partitioning.as_ref()) else { return Ok(()) };
        let name = self.name_of(table);
        let keys: Vec<_> = keys.collect();
        for column in &partitioning.columns {
            let Some(column) = column else {
                let detail = format!("{word} constraints cannot be used when partition keys include expressions.");
                return self.refuse_with("0A000", format!("unsupported {word} constraint with partition key definition"), detail);
            };
            if !keys.contains(&Some(*column)) {
                let column = self.schema.column(table, *column).map_or_else(String::new, |column| column.name.to_string());
                let detail = format!("{word} constraint on table \"{name}\" lacks column \"{column}\" which is part of the partition key.");
                return self.refuse_with("0A000", "unique constraint on partitioned table must include all partitioning columns", detail);
            }
        }
        Ok(())
    }

    fn can_be_indexed(&self, table: ObjectId, statement: &CreateIndex) -> Applied {
        let name = self.name_of(table);
        match self.schema.get(table).map(|object| &object.body) {
            Some(ObjectBody::Table(body)) => match body.kind {
                TableKind::Ordinary => Ok(()),
                TableKind::Partitioned if statement.concurrently => {
                    self.refuse("0A000", format!("cannot create index on partitioned table \"{name}\" concurrently"))
                }
                TableKind::Partitioned => Ok(()),
                TableKind::Foreign => self.refuse("42809", format!("cannot create index on relation \"{name}\"")),
            },
            Some(ObjectBody::View(view)) if view.kind == ViewKind::Materialized => Ok(()),
            _ => self.refuse("42809", format!("cannot create index on relation \"{name}\"")),
        }
    }

    /// Keys of an index or an exclusion constraint.
    pub(super) fn index_keys(&mut self, table: ObjectId, elements: &[IndexElement]) -> Applied<Vec<IndexKey>> {
        elements.iter().map(|element| self.index_key(table, element)).collect()
    }

    fn index_key(&mut self, table: ObjectId, element: &IndexElement) -> Applied<IndexKey> {
        let mut key = match &*element.expr.kind {
            ExprKind::Column(parts) if parts.len() == 1 => {
                let Some(name) = parts.first() else { return self.refuse("42601", "an index key is missing") };
                match self.schema.columns(table).iter().find(|column| column.name == name.name) {
                    Some(column) => column_key(table, column.number),
                    None => return self.refuse_at(name.span, "42703", format!("column \"{name}\" does not exist")),
                }
            }
            _ => {
                let bound = self.bind_in(ExpressionPurpose::IndexKey, table, &element.expr)?;
                if self.is_mutable(&bound) {
                    return self.refuse_at(element.expr.span, "42P17", "functions in index expression must be marked IMMUTABLE");
                }
                IndexKey { column: None, expression: bound.definition, collation: None, operator_class: None, descending: false, nulls_first: false }
            }
        };
        key.collation = element.collation.as_ref().map(super::column::shown_collation);
        key.operator_class = element.operator_class.as_ref().map(|name| Arc::from(name.to_string()));
        key.descending = element.descending;
        key.nulls_first = element.nulls_first.unwrap_or(element.descending);
        Ok(key)
    }

    fn included_columns(&self, table: ObjectId, names: &[Ident]) -> Applied<Vec<ColumnNumber>> {
        let find = |name: &Ident| match self.schema.columns(table).iter().find(|column| column.name == name.name) {
            Some(column) => Ok(column.number),
            None => self.refuse_at(name.span, "42703", format!("column \"{name}\" does not exist")),
        };
        names.iter().map(find).collect()
    }

    /// Refuses key columns whose type has no order (`json`, `point`, `xml` …), as far as types are known.
    pub(super) fn must_be_sortable(&self, columns: &[Column]) -> Applied {
        for column in columns {
            if self.is_unsortable(&column.data_type) {
                return self.refuse(
                    "42704",
                    format!("data type {} has no default operator class for access method \"btree\"", self.shown_type(&column.data_type.without_modifiers())),
                );
            }
        }
        Ok(())
    }

    /// An index of a partitioned table, made on each partition or matched with one that is there.
    pub(super) fn pass_index_on(&mut self, table: ObjectId, index: ObjectId) -> Applied {
        if self.schema.table(table).is_none_or(|table| table.kind != TableKind::Partitioned) {
            return Ok(());
        }
        for child in self.children(table) {
            self.index_on_partition(table, index, child)?;
        }
        Ok(())
    }

    /// The counterpart of a partitioned table's index on one partition.
    pub(super) fn index_on_partition(&mut self, parent: ObjectId, index: ObjectId, child: ObjectId) -> Applied {
        let Some(body) = self.schema.index(index).cloned() else { return Ok(()) };
        let translated = self.translated_index(&body, parent, index, child);
        let constraint = self.constraint_of_index(index);
        let same = self.schema.on_table(child).into_iter().find(|id| {
            self.schema.index(*id).is_some_and(|own| own.parent.is_none() && is_same_index(own, &translated))
                && self.constraint_of_index(*id).is_some() == constraint.is_some()
        });
        if let Some(same) = same {
            self.attach_index(same, index, constraint);
            return Ok(());
        }
        let Some(namespace) = self.namespace_of(child) else { return Ok(()) };
        let names: Vec<String> = body
            .keys
            .iter()
            .map(|key| key.column.and_then(|number| self.schema.column(parent, number)).map_or_else(|| String::from("expr"), |column| column.name.to_string()))
            .collect();
        let addition = index_name_addition(names.iter().map(String::as_str));
        let child_name = self.name_of(child);
        let kind = constraint.and_then(|constraint| self.schema.constraint(constraint)).cloned();
        let name = match kind.as_ref().map(|constraint| &constraint.kind) {
            Some(ConstraintKind::PrimaryKey { .. }) => self.choose_relation_name(&child_name, None, "pkey", namespace, Meant::Constraint),
            Some(ConstraintKind::Exclude { .. }) => self.choose_relation_name(&child_name, Some(&addition), "excl", namespace, Meant::Constraint),
            Some(_) => self.choose_relation_name(&child_name, Some(&addition), "key", namespace, Meant::Constraint),
            None => self.choose_relation_name(&child_name, Some(&addition), "idx", namespace, Meant::Relation),
        };
        let keys: Vec<ColumnNumber> = translated.keys.iter().filter_map(|key| key.column).collect();
        let copy = self.insert_object(name.clone(), namespace, ObjectBody::Index(translated));
        if let (Some(constraint), Some(body)) = (constraint, kind) {
            let kind = match body.kind {
                ConstraintKind::PrimaryKey { .. } => ConstraintKind::PrimaryKey { columns: keys, index: copy },
                ConstraintKind::Unique { .. } => ConstraintKind::Unique { columns: keys, index: copy },
                ConstraintKind::Exclude { ref operators, .. } => ConstraintKind::Exclude { index: copy, operators: operators.clone() },
                other => other,
            };
            let body = Constraint { owner: child, kind, inherited_from: 1, is_local: false, parent: Some(constraint), ..body };
            self.schema.insert(name, Some(namespace), ObjectBody::Constraint(body));
        }
        self.pass_index_on(child, copy)
    }

    /// Makes an index of a partition the counterpart of its table's index.
    pub(super) fn attach_index(&mut self, index: ObjectId, parent: ObjectId, parent_constraint: Option<ObjectId>) {
        self.schema.update(index, |object| {
            if let ObjectBody::Index(index) = &mut object.body {
                index.parent = Some(parent);
            }
        });
        if let (Some(own), Some(parent)) = (self.constraint_of_index(index), parent_constraint) {
            self.schema.update(own, |object| {
                if let ObjectBody::Constraint(constraint) = &mut object.body {
                    constraint.parent = Some(parent);
                    constraint.inherited_from += 1;
                    constraint.is_local = false;
                }
            });
        }
    }

    fn translated_index(&self, body: &Index, parent: ObjectId, index: ObjectId, child: ObjectId) -> Index {
        let keys = body.keys.iter().map(|key| IndexKey {
            column: key.column.map(|number| self.same_column(parent, number, child)),
            expression: self.moved_to(&key.expression, parent, child),
            ..key.clone()
        });
        Index {
            table: child,
            keys: keys.collect(),
            include: body.include.iter().map(|number| self.same_column(parent, *number, child)).collect(),
            predicate: body.predicate.as_ref().map(|predicate| self.moved_to(predicate, parent, child)),
            parent: Some(index),
            only: false,
            ..body.clone()
        }
    }
}

fn is_same_index(own: &Index, wanted: &Index) -> bool {
    (own.unique, &own.method, &own.keys, &own.include, &own.predicate, own.nulls_not_distinct)
        == (wanted.unique, &wanted.method, &wanted.keys, &wanted.include, &wanted.predicate, wanted.nulls_not_distinct)
}
