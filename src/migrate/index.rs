//! `CREATE INDEX`, and indexes of partitioned tables on their partitions.
//!
//! Source: PostgreSQL 15, DefineIndex and ComputeIndexAttrs (indexcmds.c).

use std::sync::Arc;

use super::access_method::Method;
use super::constraint::column_key;
use super::naming::{Meant, index_column_names, index_name_addition};
use super::rows::Nulls;
use super::storage_parameter::ParametersOf;
use super::storage_parameter::own_parameters;
use super::work::{Applied, Work};
use super::written::Written;
use crate::lineage::ExpressionPurpose;
use crate::schema::{Column, ColumnNumber, Constraint, ConstraintKind, Index, IndexKey, IndexState, NameSpace, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{CreateIndex, ExprKind, Ident, IndexElement, ViewKind};

/// INDEX_MAX_KEYS, as PostgreSQL is built.
const MOST_COLUMNS: usize = 32;

impl Work<'_> {
    /// Whether a partition, or one of its own, is a foreign table.
    pub(super) fn has_foreign_partition(&self, table: ObjectId) -> bool {
        self.schema.table(table).is_some_and(|body| body.kind == TableKind::Partitioned)
            && self
                .children(table)
                .into_iter()
                .any(|child| self.schema.table(child).is_some_and(|body| body.kind == TableKind::Foreign) || self.has_foreign_partition(child))
    }

    /// `CREATE INDEX`.
    pub(super) fn create_index(&mut self, statement: &CreateIndex) -> Applied {
        let table = self.relation(&statement.table)?;
        if statement.concurrently && self.in_transaction {
            return self.refuse("25001", "CREATE INDEX CONCURRENTLY cannot run inside a transaction block");
        }
        // Before anything is made of their names.
        if statement.elements.len() + statement.include.len() > MOST_COLUMNS {
            return self.refuse("54011", format!("cannot use more than {MOST_COLUMNS} columns in an index"));
        }
        self.can_be_indexed(table, statement)?;
        if statement.unique && self.has_foreign_partition(table) {
            let detail = "Table contains partitions that are foreign tables.";
            return self.refuse_with("42809", format!("cannot create unique index on partitioned table \"{}\"", self.name_of(table)), detail);
        }
        let Some(namespace) = self.namespace_of(table) else { return self.refuse("3F000", "no schema has been selected to create in") };
        let chosen = match &statement.name {
            Some(name) => name.name.clone(),
            None => {
                let mut columns = index_column_names(&statement.elements);
                columns.extend(statement.include.iter().map(|column| column.name.to_string()));
                let addition = index_name_addition(columns.iter().map(String::as_str));
                self.choose_relation_name(&self.name_of(table), Some(&addition), "idx", namespace, Meant::Relation)
            }
        };
        self.tablespace_of(statement.tablespace.as_ref())?;
        let known = self.index_method(statement.method.as_ref())?;
        let method = statement.method.as_ref().map_or("btree", |method| method.name.as_str());
        self.method_can(known, method, statement.unique, statement.elements.len(), !statement.include.is_empty())?;
        self.parameters_are_valid(ParametersOf::Index(method), &statement.parameters)?;
        let keys = self.index_keys(table, (known, method), &statement.elements)?;
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
        if self.schema.find(NameSpace::Relation, Some(namespace), &chosen).is_some() {
            if statement.if_not_exists {
                self.notice(format!("relation \"{chosen}\" already exists, skipping"));
                return Ok(());
            }
            return self.refuse("42P07", format!("relation \"{chosen}\" already exists"));
        }
        if statement.unique {
            self.covers_partition_key(table, keys.iter().map(|key| key.column), "UNIQUE")?;
        }
        let asks_for_more = keys.iter().any(|key| key.column.is_none()) || predicate.is_some();
        if statement.unique && !asks_for_more {
            let columns: Vec<Column> = keys.iter().filter_map(|key| self.schema.column(table, key.column?).cloned()).collect();
            self.rows_must_be_unique(table, &columns, if statement.nulls_not_distinct { Nulls::NotDistinct } else { Nulls::Distinct });
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
            parameters: own_parameters(&statement.parameters),
            tablespace: statement.tablespace.as_ref().map(|space| Arc::from(space.name.as_str())).filter(|space: &Arc<str>| &**space != "pg_default"),
            state: if statement.only && is_partitioned { IndexState::Invalid } else { IndexState::Valid },
            parent: None,
            only: statement.only && is_partitioned,
        };
        if statement.unique && asks_for_more {
            self.rows_must_have_unique_keys(&index, chosen.as_str());
        }
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
    pub(super) fn index_keys(&mut self, table: ObjectId, method: (Method, &str), elements: &[IndexElement]) -> Applied<Vec<IndexKey>> {
        elements.iter().map(|element| self.index_key(table, method, element)).collect()
    }

    fn index_key(&mut self, table: ObjectId, method: (Method, &str), element: &IndexElement) -> Applied<IndexKey> {
        let is_whole_row = |name: &Ident| {
            self.schema.get(table).is_some_and(|object| object.name == name.name) && !self.schema.columns(table).iter().any(|column| column.name == name.name)
        };
        let mut data_type = None;
        let mut key = match &*element.expr.kind {
            ExprKind::Column(parts) if parts.len() == 1 && !parts.iter().any(is_whole_row) => {
                let Some(name) = parts.first() else { return self.refuse("42601", "an index key is missing") };
                match self.schema.columns(table).iter().find(|column| column.name == name.name) {
                    Some(column) => {
                        data_type = Some(column.data_type.clone());
                        column_key(table, column.number)
                    }
                    None if self.is_system_column(&name.name) => {
                        return self.refuse_at(name.span, "0A000", "index creation on system columns is not supported");
                    }
                    None => return self.refuse_at(name.span, "42703", format!("column \"{name}\" does not exist")),
                }
            }
            _ => {
                let bound = self.bind_in(ExpressionPurpose::IndexKey, table, &element.expr)?;
                if self.is_mutable(&bound) {
                    return self.refuse_at(element.expr.span, "42P17", "functions in index expression must be marked IMMUTABLE");
                }
                data_type.clone_from(&bound.data_type);
                IndexKey { column: None, expression: bound.definition, collation: None, operator_class: None, descending: false, nulls_first: false }
            }
        };
        self.key_fits(method, element, data_type.as_ref())?;
        key.collation = element.collation.as_ref().map(super::column::shown_collation);
        let class = element.operator_class.as_ref().filter(|class| !self.is_default_class(method.1, class, data_type.as_ref()));
        key.operator_class = class.map(|name| Arc::from(name.to_string()));
        key.descending = element.descending;
        key.nulls_first = element.nulls_first.unwrap_or(element.descending);
        Ok(key)
    }

    fn included_columns(&self, table: ObjectId, names: &[Ident]) -> Applied<Vec<ColumnNumber>> {
        let find = |name: &Ident| match self.schema.columns(table).iter().find(|column| column.name == name.name) {
            Some(column) => Ok(column.number),
            None if self.is_system_column(&name.name) => self.refuse_at(name.span, "0A000", "index creation on system columns is not supported"),
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
        let translated = Index { state: IndexState::Valid, ..self.translated_index(&body, parent, index, child) };
        let constraint = self.constraint_of_index(index);
        let same = self.schema.on_table(child).into_iter().find(|id| {
            self.schema.index(*id).is_some_and(|own| own.parent.is_none() && is_same_index(own, &translated))
                && self.constraint_of_index(*id).is_some() == constraint.is_some()
        });
        if let Some(same) = same {
            self.attach_index(same, index, constraint);
            return Ok(());
        }
        if body.unique {
            let word = if constraint.is_some_and(|id| matches!(self.schema.constraint(id).map(|own| &own.kind), Some(ConstraintKind::PrimaryKey { .. }))) {
                "PRIMARY KEY"
            } else {
                "UNIQUE"
            };
            self.covers_partition_key(child, translated.keys.iter().map(|key| key.column), word)?;
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

    /// `ALTER INDEX … ATTACH PARTITION` (ATExecAttachPartitionIdx).
    pub(super) fn attach_written_index(&mut self, parent: ObjectId, child: ObjectId) -> Applied {
        let (parent_name, child_name) = (self.name_of(parent), self.name_of(child));
        let cannot = || format!("cannot attach index \"{child_name}\" as a partition of index \"{parent_name}\"");
        let Some(body) = self.schema.index(parent).cloned() else { return self.refuse("42809", format!("\"{parent_name}\" is not an index")) };
        if self.schema.table(body.table).is_none_or(|table| table.kind != TableKind::Partitioned) {
            let message = format!("ALTER action ATTACH PARTITION cannot be performed on relation \"{parent_name}\"");
            return self.refuse_with("42809", message, "This operation is not supported for indexes.");
        }
        let Some(own) = self.schema.index(child).cloned() else { return self.refuse("42809", format!("\"{child_name}\" is not an index")) };
        if own.parent == Some(parent) {
            return Ok(());
        }
        if own.parent.is_some() {
            return self.refuse_with("55000", cannot(), format!("Index \"{child_name}\" is already attached to another index."));
        }
        if !self.schema.table(own.table).is_some_and(|table| table.partition_bound.is_some() && table.parents.contains(&body.table)) {
            return self.refuse_with(
                "55000",
                cannot(),
                format!("Index \"{child_name}\" is not an index on any partition of table \"{}\".", self.name_of(body.table)),
            );
        }
        let taken = self.schema.on_table(own.table).into_iter().any(|id| self.schema.index(id).is_some_and(|other| other.parent == Some(parent)));
        if taken {
            return self.refuse_with("55000", cannot(), "Another index is already attached for this partition.");
        }
        if !is_same_index(&own, &self.translated_index(&body, body.table, parent, own.table)) {
            return self.refuse_with("42P17", cannot(), "The index definitions do not match.");
        }
        let constraint = self.constraint_of_index(parent);
        if constraint.is_some() && self.constraint_of_index(child).is_none() {
            return self.refuse_with(
                "42P17",
                cannot(),
                format!(
                    "The index \"{parent_name}\" belongs to a constraint in table \"{}\" but no constraint exists for index \"{child_name}\".",
                    self.name_of(body.table)
                ),
            );
        }
        self.name_object(child);
        self.attach_index(child, parent, constraint);
        self.validate_when_complete(parent);
        Ok(())
    }

    /// An index of a partitioned table is valid once every partition has its counterpart (validatePartitionedIndex).
    pub(super) fn validate_when_complete(&mut self, parent: ObjectId) {
        let Some(body) = self.schema.index(parent).cloned() else { return };
        let partitions = self.children(body.table);
        let is_complete = partitions.iter().all(|child| {
            self.schema
                .on_table(*child)
                .into_iter()
                .any(|id| self.schema.index(id).is_some_and(|own| own.parent == Some(parent) && own.state == IndexState::Valid))
        });
        if !is_complete || body.state == IndexState::Valid {
            return;
        }
        self.schema.update(parent, |object| {
            if let ObjectBody::Index(index) = &mut object.body {
                index.state = IndexState::Valid;
            }
        });
        if let Some(above) = body.parent {
            self.validate_when_complete(above);
        }
    }

    /// `SET TABLESPACE`, `ALTER COLUMN n SET STATISTICS`, `OWNER TO`, `DEPENDS ON EXTENSION` of an index.
    pub(super) fn alter_index_storage(&mut self, id: ObjectId, words: &str) -> Applied {
        let written = Written::of(words, self.schema.dialect);
        let name = self.name_of(id);
        if let Some(space) = written.name_after(&["set", "tablespace"]) {
            let space = Ident { name: space.name, span: self.span };
            let space = self.tablespace_of(Some(&space))?;
            self.set_option(id, "TABLESPACE", space.as_deref());
            return Ok(());
        }
        if let Some(extension) = written.name_after(&["depends", "on", "extension"]) {
            if self.schema.find(NameSpace::Extension, None, &extension.name).is_none() && extension.name.as_str() != "plpgsql" {
                return self.refuse("42704", format!("extension \"{}\" does not exist", extension.name));
            }
            return Ok(());
        }
        let Some(body) = self.schema.index(id) else { return self.refuse("42809", format!("\"{name}\" is not an index")) };
        let number = written.words().iter().find_map(|word| if let super::written::Word::Number(digits) = word { digits.parse::<usize>().ok() } else { None });
        if written.has(&["set", "statistics"])
            && let Some(number) = number
        {
            if number == 0 {
                return self.refuse("22023", "column number must be in range from 1 to 32767");
            }
            match body.keys.get(number.saturating_sub(1)) {
                None => return self.refuse("42703", format!("column number {number} of relation \"{name}\" does not exist")),
                Some(key) => {
                    if let Some(column) = key.column.and_then(|column| self.schema.column(body.table, column)) {
                        return self.refuse("0A000", format!("cannot alter statistics on non-expression column \"{}\" of index \"{name}\"", column.name));
                    }
                }
            }
        }
        Ok(())
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
